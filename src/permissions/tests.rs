//! What is written, what is held, what is shown.

use super::*;
use crate::task::Task;
use iam_policy::Statement;
use std::collections::{BTreeMap, BTreeSet};
use tfplug::diagnostics::Diagnostics;
use tfplug::path::Path;

/// Whether a role that holds these statements and nothing else is allowed an action; keys that are not given are absent.
pub(super) fn allows(
    statements: &[Statement],
    (action, resource): (&str, &str),
    keys: &[(&str, &str)],
) -> bool {
    probe::Probe::of(statements.to_vec()).allows_with(action, resource, keys)
}

/// A role without a boundary, of account 111111111111.
pub(super) fn holder(name: &str) -> Holder<'_> {
    Holder {
        home: Home { partition: "aws", account_id: "111111111111" },
        path: "/",
        name: Some(name),
        name_pattern: name.to_owned(),
        permissions_boundary: None,
        attached: Vec::new(),
        siblings: &[],
    }
}

const LIST: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket"],"Resource":"*"}]}"#;
const SAME: &str = r#"{ "Statement": { "Resource": ["*"], "Action": "s3:listbucket", "Effect": "Allow" }, "Version": "2012-10-17" }"#;
const OTHER: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["s3:ListBucket"],"Resource":"*"}]}"#;

fn with(text: &str) -> Permissions {
    let policies = Map::from([("p".to_owned(), Attr::Known(text.to_owned()))]);
    Permissions { inline_policies: Attr::Known(policies), ..Permissions::default() }
}

fn held_as_written(permissions: &Attr<Permissions>) -> Held {
    held(permissions, Some(Task::Custom), None, &Path::attribute("permissions")).unwrap()
}

fn spelling(permissions: &Attr<Permissions>) -> Option<&String> {
    permissions.known()?.inline_policies.known()?.get("p")?.known()
}

#[test]
fn a_policy_that_means_the_same_keeps_its_prior_spelling() {
    let kept = keep_spelling(Attr::Known(with(SAME)), Some(&with(LIST)));
    assert_eq!(spelling(&kept).map(String::as_str), Some(LIST));
    let changed = keep_spelling(Attr::Known(with(OTHER)), Some(&with(LIST)));
    assert_eq!(spelling(&changed).map(String::as_str), Some(OTHER));
}

#[test]
fn policies_are_sent_without_layout() {
    let held = held_as_written(&Attr::Known(with(SAME)));
    let sent = held.inline.known().and_then(|held| held["p"].known()).cloned();
    assert_eq!(sent.map(|sent| sent.contains(' ')), Some(false));
}

#[test]
fn what_is_unknown_stays_unknown_and_nothing_else_does() {
    let mut permissions = with(LIST);
    if let Attr::Known(policies) = &mut permissions.inline_policies {
        policies.insert("later".to_owned(), Attr::Unknown);
    }
    let held = held_as_written(&Attr::Known(permissions)).inline.into_known().unwrap();
    assert!(held["later"].is_unknown() && !held["p"].is_unknown());
    let arns = Set(vec![Attr::Known("arn:aws:iam::aws:policy/A".to_owned()), Attr::Unknown]);
    let permissions = Permissions { managed_policy_arns: Attr::Known(arns), ..Permissions::default() };
    assert!(held_as_written(&Attr::Known(permissions)).attached.is_unknown());
    assert!(held_as_written(&Attr::Unknown).inline.is_unknown());
    assert_eq!(held_as_written(&Attr::Null).inline, Attr::Known(Map::new()));
}

#[test]
fn attached_policies_go_by_name_and_those_of_one_name_by_arn() {
    let arns: BTreeSet<String> = [
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::111111111111:policy/ReadOnlyAccess",
        "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
    ]
    .map(str::to_owned)
    .into();
    let managed = Managed { attached: arns, ..Managed::default() };
    let shown = managed.show();
    let keys: Vec<&str> = shown.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "ViewOnlyAccess",
            "arn:aws:iam::111111111111:policy/ReadOnlyAccess",
            "arn:aws:iam::aws:policy/ReadOnlyAccess"
        ]
    );
    assert_eq!(Managed::shown(&Attr::Known(shown)), managed);
}

#[test]
fn a_bad_document_is_an_error_on_its_own_key() {
    let mut found = Diagnostics::new();
    validate(&Attr::Known(with("{")), Some(Task::Custom), &Path::attribute("permissions"), &mut found);
    let paths: Vec<String> =
        found.iter().filter_map(|found| found.path.as_ref()).map(Path::to_string).collect();
    assert_eq!(paths, ["permissions.inline_policies[\"p\"]"]);
}

#[test]
fn permissions_are_read_back_as_they_would_be_written() {
    let inline = BTreeMap::from([("p".to_owned(), LIST.to_owned())]);
    let read = read_back(&inline, &BTreeSet::new());
    assert_eq!(spelling(&read).map(String::as_str), Some(LIST));
    assert_eq!(read_back(&BTreeMap::new(), &BTreeSet::new()), Attr::Null);
}
