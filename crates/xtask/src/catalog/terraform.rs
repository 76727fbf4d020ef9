//! The part `terraform`: the resource types of the AWS provider, and the CloudFormation types that they stand for.
//!
//! Owns the files `types.txt` and, packed, `calls.packed`, which the program carries.
//! Which type stands for which is in `rules`; what the provider calls is kept by hand in `data/terraform-calls.txt`.

mod rules;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;

use self::rules::Rules;
use super::known::KnownActions;
use super::packages::{BINDINGS, Wheel};
use super::{CATALOG, Files, cloudformation, operations};
use crate::workspace;

/// The release of the AWS provider that the package binds.
const RELEASE: &str = "6.62.0";

/// Makes the files of `data/terraform/` and the constant that says what they are made of.
pub(crate) fn generate() -> Result<Files, Box<dyn Error>> {
    let types = types(&mut BINDINGS.open()?)?;
    let exceptions = hand_kept("terraform-exceptions.txt")?;
    let rules = Rules::new(cloudformation::names()?, &exceptions, &types)?;
    let mut text = String::new();
    for name in &types {
        let words: Vec<&str> = [name.as_str()].into_iter().chain(rules.cloudformation(name)).collect();
        text.push_str(&words.join(" "));
        text.push('\n');
    }
    let calls = hand_kept("terraform-calls.txt")?;
    check_calls(&calls, &types)?;
    Ok(Files::from([
        ("data/terraform/types.txt".to_owned(), text.into_bytes()),
        ("data/terraform/calls.packed".to_owned(), operations::pack(&calls)?),
        ("generated/terraform.rs".to_owned(), constant().into_bytes()),
    ]))
}

fn hand_kept(name: &str) -> Result<String, Box<dyn Error>> {
    let path = workspace().join(CATALOG).join("data").join(name);
    Ok(fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// The resource types, without `aws_`: each is documented in the bindings by the address of the provider's page on it.
fn types(wheel: &mut Wheel) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let page = format!("providers/hashicorp/aws/{RELEASE}/docs/resources/");
    let mut types = BTreeSet::new();
    for member in wheel.members()?.iter().filter(|member| member.ends_with("/__init__.py")) {
        let text = wheel.text(member)?;
        types.extend(text.split(&page).skip(1).map(|rest| name_at_start(rest).to_owned()));
    }
    if types.is_empty() {
        Err(format!("no resource type of {RELEASE} in {}", BINDINGS.label()).into())
    } else {
        Ok(types)
    }
}

fn name_at_start(text: &str) -> &str {
    let end = text.find(|one: char| !one.is_ascii_lowercase() && !one.is_ascii_digit() && one != '_');
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Refuses calls of types that the provider does not have, actions that IAM does not know, and another order than the
/// one in which the lines would be written.
fn check_calls(text: &str, types: &BTreeSet<String>) -> Result<(), Box<dyn Error>> {
    let calls = operations::read(text)?;
    if let Some(stray) = calls.keys().find(|name| !types.contains(*name)) {
        return Err(format!("terraform-calls.txt: the AWS provider {RELEASE} has no aws_{stray}").into());
    }
    let known = KnownActions::read()?;
    for action in calls.values().flat_map(|operations| operations.values().flatten()) {
        if known.spelling(action).as_deref() != Some(action) {
            return Err(format!("terraform-calls.txt: IAM knows no {action}").into());
        }
    }
    let written: String =
        calls.iter().map(|(name, operations)| operations::write(name, operations)).collect();
    let body = text.lines().filter(|line| !line.starts_with('#'));
    match body.zip(written.lines()).find(|(found, wanted)| found != wanted) {
        Some((found, wanted)) => Err(format!("terraform-calls.txt: write `{wanted}`, not `{found}`").into()),
        None => Ok(()),
    }
}

fn constant() -> String {
    format!(
        "//! What `data/terraform` is made of, made by `cargo xtask catalog`. Never edited by hand.\n\n\
         pub(crate) const AWS_PROVIDER: &str = \"{RELEASE}\";\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_where_the_address_ends() {
        assert_eq!(name_at_start("s3_bucket aws_s3_bucket}"), "s3_bucket");
        assert_eq!(name_at_start("s3_bucket#acl"), "s3_bucket");
        assert_eq!(name_at_start("s3_bucket"), "s3_bucket");
    }
}
