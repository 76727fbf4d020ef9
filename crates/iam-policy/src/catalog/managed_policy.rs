//! The policies that AWS manages: what is behind an ARN such as `arn:aws:iam::aws:policy/ReadOnlyAccess`.
//!
//! Owns their index and their text, both part of the program. The texts are compressed in chunks, and a chunk is read
//! when one of its policies is first asked for. Never judges a policy.
//!
//! A policy has the content of one version, and AWS sets others as the default without notice: whoever judges a policy
//! says which version that was. ARNs of other partitions are unknown, for their policies have other contents.

use std::io::Read as _;
use std::sync::OnceLock;

use lzma_rust2::LzmaReader;
use thiserror::Error;

use super::MANAGED_POLICIES_DATE;
use super::generated::managed_policies::CHUNKS;
use crate::parse::nearest;

/// A line a policy, sorted by name: name, version, day, number of its chunk, and the path if it has one.
const INDEX: &str = include_str!("data/managed_policies/index.txt");

/// What every ARN of the policies begins with.
const ARN: &str = "arn:aws:iam::aws:policy/";

/// An AWS-managed policy in the version that was the default on the data's day.
#[derive(Debug)]
pub struct ManagedPolicy {
    name: &'static str,
    path: &'static str,
    version: &'static str,
    date: &'static str,
    chunk: usize,
    /// Its place in the chunk.
    place: usize,
}

impl ManagedPolicy {
    /// Its name: `ReadOnlyAccess`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its ARN, with the path.
    #[must_use]
    pub fn arn(&self) -> String {
        format!("{ARN}{}{}{}", self.path, if self.path.is_empty() { "" } else { "/" }, self.name)
    }

    /// Its path, which begins and ends with a slash: `/`, `/service-role/`.
    #[must_use]
    pub fn path(&self) -> String {
        if self.path.is_empty() { "/".to_owned() } else { format!("/{}/", self.path) }
    }

    /// The version: `v190`.
    #[must_use]
    pub fn version(&self) -> &'static str {
        self.version
    }

    /// The day on which AWS made that version the default, as `YYYY-MM-DD`.
    #[must_use]
    pub fn date(&self) -> &'static str {
        self.date
    }

    /// The document as JSON. What AWS writes is kept in meaning, not in white space and order of fields.
    #[must_use]
    pub fn document(&self) -> &'static str {
        let documents = CHUNKS.get(self.chunk).map(Chunk::documents).unwrap_or_default();
        documents.get(self.place).map_or("", String::as_str)
    }
}

/// An AWS-managed policy that the data does not have. That data has a date: the policy may be newer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown AWS-managed policy `{name}`, the catalogue's newest is of {MANAGED_POLICIES_DATE}{}", self.hint())]
pub struct UnknownManagedPolicy {
    /// The name or ARN, as it was asked for.
    pub name: String,
    /// The name that was probably meant, or the ARN if one was asked for.
    pub nearest: Option<String>,
}

impl UnknownManagedPolicy {
    fn new(name: &str) -> Self {
        let short = name.rsplit('/').next().unwrap_or(name);
        let meant = nearest(short, index().iter().map(|policy| policy.name)).and_then(|name| find(&name));
        let whole = |policy: &ManagedPolicy| {
            if name.starts_with("arn:") { policy.arn() } else { policy.name.to_owned() }
        };
        Self { name: name.to_owned(), nearest: meant.map(whole) }
    }

    fn hint(&self) -> String {
        self.nearest.as_ref().map(|name| format!(", did you mean `{name}`")).unwrap_or_default()
    }
}

/// Every policy, sorted by name. Reads none of their texts.
pub fn managed_policies() -> impl ExactSizeIterator<Item = &'static ManagedPolicy> {
    index().iter()
}

/// The policy of that ARN or name, in exactly this case.
///
/// # Errors
///
/// The data has no such policy: it is newer, gone, of another partition, or there is none.
pub fn managed_policy(arn_or_name: &str) -> Result<&'static ManagedPolicy, UnknownManagedPolicy> {
    let found = match arn_or_name.rsplit_once('/') {
        None => find(arn_or_name),
        Some((_, name)) => find(name).filter(|policy| policy.arn() == arn_or_name),
    };
    found.ok_or_else(|| UnknownManagedPolicy::new(arn_or_name))
}

fn find(name: &str) -> Option<&'static ManagedPolicy> {
    let index = index();
    index.get(index.binary_search_by(|policy| policy.name.cmp(name)).ok()?)
}

fn index() -> &'static [ManagedPolicy] {
    static READ: OnceLock<Vec<ManagedPolicy>> = OnceLock::new();
    READ.get_or_init(|| {
        let mut places = [0; CHUNKS.len()];
        INDEX.lines().filter_map(|line| entry(line, &mut places)).collect()
    })
}

/// The policy of a line. In a chunk, policies are in the order of the index.
fn entry(line: &'static str, places: &mut [usize]) -> Option<ManagedPolicy> {
    let mut fields = line.split(' ');
    let (name, version, date) = (fields.next()?, fields.next()?, fields.next()?);
    let chunk = fields.next()?.parse().ok()?;
    let next = places.get_mut(chunk)?;
    let place = *next;
    *next += 1;
    Some(ManagedPolicy { name, path: fields.next().unwrap_or_default(), version, date, chunk, place })
}

/// Several documents, compressed together: an `.lzma` file with a document a line.
pub(super) struct Chunk {
    compressed: &'static [u8],
    documents: OnceLock<Vec<String>>,
}

impl Chunk {
    pub(super) const fn new(compressed: &'static [u8]) -> Self {
        Self { compressed, documents: OnceLock::new() }
    }

    /// INVARIANT: every chunk can be read; a test does. If one could not, its policies would be empty texts, which no
    /// reader takes for a policy.
    fn documents(&self) -> &[String] {
        self.documents.get_or_init(|| {
            let mut text = String::new();
            let reader = LzmaReader::new_mem_limit(self.compressed, u32::MAX, None);
            match reader.and_then(|mut reader| reader.read_to_string(&mut text)) {
                Ok(_) => text.lines().map(str::to_owned).collect(),
                Err(_) => Vec::new(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Scope, parse};

    #[test]
    fn every_policy_parses_as_an_identity_policy() {
        for policy in managed_policies() {
            let document = parse(policy.document(), Kind::Identity);
            assert!(document.is_ok_and(|document| !document.statements.as_slice().is_empty()), "{policy:?}");
        }
    }

    #[test]
    fn the_counts_are_those_of_the_pinned_edition() {
        assert_eq!(super::super::MANAGED_POLICIES_SOURCE, "moto 5.2.5");
        assert_eq!(MANAGED_POLICIES_DATE, "2026-09-30");
        assert_eq!(managed_policies().len(), 1_582);
        assert_eq!(INDEX.lines().count(), 1_582, "every line was read");
        assert!(managed_policies().map(ManagedPolicy::name).is_sorted_by(|a, b| a < b));
        assert!(managed_policies().all(|policy| policy.date() <= MANAGED_POLICIES_DATE));
        assert!(managed_policies().all(|policy| managed_policy(&policy.arn()).is_ok()));
    }

    #[test]
    fn a_policy_has_the_text_of_its_name() {
        let policy = managed_policy("arn:aws:iam::aws:policy/ReadOnlyAccess").unwrap();
        assert_eq!((policy.version(), policy.date(), policy.path().as_str()), ("v190", "2026-09-24", "/"));
        assert_eq!(policy.document().len(), 94_907);
        let admin = parse(managed_policy("AdministratorAccess").unwrap().document(), Kind::Identity).unwrap();
        let actions = &admin.statements.as_slice()[0].actions;
        assert!(matches!(actions, Scope::Only(names) if names.as_slice() == ["*"]));
        let service_role = managed_policy("AWSLambdaBasicExecutionRole").unwrap();
        assert_eq!(service_role.path(), "/service-role/");
        assert_eq!(service_role.arn(), "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
        assert!(service_role.document().contains("logs:CreateLogStream"));
    }

    #[test]
    fn an_arn_is_known_only_whole_and_in_its_partition() {
        for unknown in [
            "readonlyaccess",
            "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
            "arn:aws-cn:iam::aws:policy/ReadOnlyAccess",
            "arn:aws:iam::111122223333:policy/ReadOnlyAccess",
            "",
        ] {
            assert!(managed_policy(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn an_unknown_policy_is_said_with_the_date_and_the_nearest() {
        let message = |name: &str| managed_policy(name).unwrap_err().to_string();
        assert_eq!(
            message("ReadOnlyAcces"),
            "unknown AWS-managed policy `ReadOnlyAcces`, the catalogue's newest is of 2026-09-30, \
             did you mean `ReadOnlyAccess`"
        );
        let without_path = "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole";
        assert!(
            message(without_path)
                .ends_with("`arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`")
        );
    }
}
