//! What the names of buckets and parts of keys look like, and that ARNs are of one partition. Each check says what to
//! write.
//!
//! Source: Amazon S3 user guide, "General purpose bucket naming rules".

use iam_policy::Arn;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::Attr;

type Checked = Result<(), String>;

/// Endings of names that are no general purpose bucket's: aliases of access points, and directory buckets.
const NOT_BUCKETS: &[&str] = &["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/// The name of a general purpose bucket.
pub(crate) fn bucket_name(name: &str) -> Checked {
    let wrong = |reason: &str| {
        Err(format!(
            "A bucket name has 3 to 63 lower-case letters, digits, dots and hyphens, and begins and ends with a letter \
             or digit; found {name:?}{reason}."
        ))
    };
    if name.starts_with("arn:") {
        return wrong(", which is an ARN: write what is behind its last colon");
    }
    if let Some(ending) = NOT_BUCKETS.iter().find(|ending| name.ends_with(**ending)) {
        return wrong(&format!(
            ": what ends in `{ending}` is no general purpose bucket, and IAM has other actions or ARNs for it"
        ));
    }
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let at_the_ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let is_address =
        name.split('.').count() == 4 && name.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit());
    let is_name = (3..=63).contains(&name.len())
        && name.bytes().all(allowed)
        && at_the_ends(name.bytes().next())
        && at_the_ends(name.bytes().last())
        && !name.contains("..")
        && !is_address;
    if is_name { Ok(()) } else { wrong("") }
}

/// A backend's `workspace_key_prefix`: Terraform allows no slash at either end.
pub(crate) fn workspace_key_prefix(prefix: &str) -> Checked {
    if prefix.is_empty() {
        return Err("With an empty prefix the states of workspaces lie beside all others, where no policy can tell \
                    them apart. Give the backend a `workspace_key_prefix`, such as Terraform's default `env:`."
            .to_owned());
    }
    if prefix.starts_with('/') || prefix.ends_with('/') {
        return Err(format!(
            "Terraform puts the slash behind the prefix itself, and allows none at its ends. Write `{}`.",
            prefix.trim_matches('/')
        ));
    }
    literal("A workspace key prefix", prefix)
}

/// A part of a key that a policy can take as it is: no wildcards and no policy variables.
pub(super) fn literal(what: &str, text: &str) -> Checked {
    let stray = text.chars().find(|character| "*?$".contains(*character) || !matches!(character, ' '..='~'));
    match stray {
        Some(stray) => Err(format!(
            "{what} is taken as it is written, and consists of printable ASCII without `*`, `?` and `$`, which policies \
             read in their own way; {text:?} has {stray:?}."
        )),
        None => Ok(()),
    }
}

/// The partition that an ARN is of.
pub(crate) fn partition(arn: &Attr<String>) -> Option<String> {
    Arn::parse(arn.known()?).ok().map(|arn| arn.partition().to_owned())
}

/// Adds that ARNs are of several partitions: nobody has credentials for two.
pub(crate) fn validate_one_partition(arns: &[(&Attr<String>, &str)], path: &Path, found: &mut Diagnostics) {
    let mut known = arns.iter().filter_map(|(arn, name)| Some((partition(arn)?, *name)));
    let Some((first, first_name)) = known.next() else { return };
    for (other, name) in known.filter(|(other, _)| *other != first) {
        let detail = format!(
            "`{first_name}` is in the partition `{first}` and `{name}` in `{other}`. Credentials are of one partition, \
             so one of the two could never be used."
        );
        found.push(Diagnostic::error("ARNs of two partitions", detail).at(path.join(name)));
    }
}
