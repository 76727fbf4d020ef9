//! Claims about which steps a difference takes, and in which order.

use super::*;
use crate::role::Tolerate;

const READ: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
const READ_AGAIN: &str =
    r#"{"Statement":{"Resource":["*"],"Action":["s3:GetObject"],"Effect":"Allow"},"Version":"2012-10-17"}"#;
const DENY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;

fn pairs(items: &[(&str, &str)]) -> BTreeMap<String, String> {
    items.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn role(inline: &[(&str, &str)], attached: &[&str]) -> RoleSpec {
    RoleSpec {
        name: "deploy".to_owned(),
        path: "/".to_owned(),
        max_session_duration: 3600,
        inline_policies: pairs(inline),
        managed_policy_arns: attached.iter().map(|arn| (*arn).to_owned()).collect(),
        ..RoleSpec::default()
    }
}

fn between(live: &RoleSpec, wanted: &RoleSpec) -> Difference {
    Difference::between(live, Goal { wanted, prior: None, rules: &Rules::default() })
}

#[test]
fn equal_meaning_takes_no_step() {
    let wanted = RoleSpec { description: Some(String::new()), ..role(&[("a", READ)], &["arn:x"]) };
    assert_eq!(between(&role(&[("a", READ_AGAIN)], &["arn:x"]), &wanted), Difference::default());
}

#[test]
fn denies_come_first_and_go_last() {
    let difference = between(&role(&[], &[]), &role(&[("allow", READ), ("deny", DENY)], &["arn:x"]));
    assert_eq!(difference.additions[0], [Step::PutInline("deny".to_owned(), DENY.to_owned())]);
    assert_eq!(difference.additions[1].len(), 2);
    let difference = between(&role(&[("allow", READ), ("deny", DENY)], &["arn:x"]), &role(&[], &[]));
    assert_eq!(difference.removals[1], [Step::DeleteInline("deny".to_owned())]);
    assert_eq!(
        difference.removals[0],
        [Step::DeleteInline("allow".to_owned()), Step::Detach("arn:x".to_owned())]
    );
}

#[test]
fn what_others_added_stays_when_asked_and_what_we_gave_up_goes_nevertheless() {
    let live = role(&[("own", READ), ("theirs", READ)], &["arn:own", "arn:theirs"]);
    let prior = role(&[("own", READ)], &["arn:own"]);
    let rules = Rules { unmanaged: Unmanaged::Report, ..Rules::default() };
    let difference =
        Difference::between(&live, Goal { wanted: &role(&[], &[]), prior: Some(&prior), rules: &rules });
    assert_eq!(
        difference.removals[0],
        [Step::DeleteInline("own".to_owned()), Step::Detach("arn:own".to_owned())]
    );
}

#[test]
fn spared_policies_are_never_removed() {
    let live = role(
        &[("AWSRevokeOlderSessions", DENY), ("deployrunner-elevation-x", READ), ("CompanyX", READ)],
        &["arn:aws:iam::aws:policy/CompanyY"],
    );
    let tolerate = Tolerate { policy_names: vec!["Company*".to_owned()], ..Tolerate::default() };
    let rules = Rules { tolerate, ..Rules::default() };
    assert_eq!(
        Difference::between(&live, Goal { wanted: &role(&[], &[]), prior: None, rules: &rules }),
        Difference::default()
    );
}

#[test]
fn a_boundary_is_set_early_and_lifted_late() {
    let bounded = RoleSpec { permissions_boundary: Some("arn:b".to_owned()), ..role(&[], &[]) };
    let set = between(&role(&[], &[]), &bounded);
    assert_eq!(
        (set.boundary.as_slice(), set.widens()),
        ([Step::SetBoundary("arn:b".to_owned())].as_slice(), true)
    );
    assert_eq!(between(&bounded, &role(&[], &[])).unbound, [Step::ClearBoundary]);
}

#[test]
fn tag_keys_that_differ_in_case_are_renamed_and_never_removed() {
    let with = |items: &[(&str, &str)]| RoleSpec { tags: pairs(items), ..role(&[], &[]) };
    let live = with(&[("Team", "a"), ("old", "b"), ("aws:x", "c"), ("same", "d")]);
    let wanted = with(&[("team", "a"), ("new", "e"), ("same", "d")]);
    assert_eq!(
        between(&live, &wanted).labels,
        [Step::Untag(vec!["old".to_owned()]), Step::Tag(pairs(&[("team", "a"), ("new", "e")]))]
    );
}

#[test]
fn the_duration_is_sent_with_every_description() {
    let wanted = RoleSpec { description: Some("x".to_owned()), max_session_duration: 7200, ..role(&[], &[]) };
    let live = RoleSpec { max_session_duration: 7200, ..role(&[], &[]) };
    assert_eq!(between(&live, &wanted).labels, [Step::Describe(Some("x".to_owned()), 7200)]);
}
