//! Claims about which steps a difference takes, and in which order.

use super::*;
use crate::role::Tolerate;

const ENDING: &str = r#"{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}}]}"#;
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

/// The role in account 111111111111.
fn live(spec: &RoleSpec) -> LiveRole {
    LiveRole {
        account_id: "111111111111".to_owned(),
        partition: "aws".to_owned(),
        spec: spec.clone(),
        ..LiveRole::default()
    }
}

fn between(current: &RoleSpec, wanted: &RoleSpec) -> Difference {
    Difference::between(&live(current), Goal { wanted, prior: None, rules: &Rules::default() })
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
fn a_deny_is_dropped_after_what_it_kept_in_check_is_gone() {
    let base = role(&[("deployrunner", DENY), ("other", READ), ("second", DENY)], &["arn:read-only"]);
    let wanted = role(&[("deployrunner", READ)], &[]);
    let difference = between(&base, &wanted);
    assert!(difference.additions.iter().all(Vec::is_empty));
    assert_eq!(
        difference.removals,
        [
            vec![Step::DeleteInline("other".to_owned()), Step::Detach("arn:read-only".to_owned())],
            vec![Step::DeleteInline("second".to_owned())]
        ]
    );
    assert_eq!(difference.relaxations, [Step::PutInline("deployrunner".to_owned(), READ.to_owned())]);
    assert!(difference.widens());
    let owned = between(&owning(&[("a", DENY)]), &owning(&[("a", READ)]));
    assert_eq!(owned.relaxations, [Step::ChangeOwned(arn("a"), READ.to_owned())]);
    assert_eq!(Difference { relaxations: Vec::new(), ..owned }, Difference::default());
}

#[test]
fn a_deny_that_comes_does_not_wait_for_one_that_goes() {
    let other = DENY.replace("s3:*", "sqs:*");
    let difference = between(&role(&[("a", DENY)], &["arn:x"]), &role(&[("a", &other)], &[]));
    let [denying, allowing] = difference.additions;
    let [Step::PutInline(name, both)] = denying.as_slice() else { panic!("{denying:?}") };
    assert_eq!((name.as_str(), allowing.len()), ("a", 0));
    assert!(both.contains("s3:*") && both.contains("sqs:*"), "{both}");
    assert_eq!(difference.relaxations, [Step::PutInline("a".to_owned(), other)]);
}

#[test]
fn what_others_added_stays_when_asked_and_what_we_gave_up_goes_nevertheless() {
    let current = role(&[("own", READ), ("theirs", READ)], &["arn:own", "arn:theirs"]);
    let prior = role(&[("own", READ)], &["arn:own"]);
    let rules = Rules { unmanaged: Unmanaged::Report, ..Rules::default() };
    let difference = Difference::between(
        &live(&current),
        Goal { wanted: &role(&[], &[]), prior: Some(&prior), rules: &rules },
    );
    assert_eq!(
        difference.removals[0],
        [Step::DeleteInline("own".to_owned()), Step::Detach("arn:own".to_owned())]
    );
}

#[test]
fn spared_policies_are_never_removed() {
    let current = role(
        &[("AWSRevokeOlderSessions", DENY), ("deployrunner-elevation-x", ENDING), ("CompanyX", READ)],
        &["arn:aws:iam::aws:policy/CompanyY"],
    );
    let tolerate = Tolerate { policy_names: vec!["Company*".to_owned()], ..Tolerate::default() };
    let rules = Rules { tolerate, ..Rules::default() };
    assert_eq!(
        Difference::between(&live(&current), Goal { wanted: &role(&[], &[]), prior: None, rules: &rules }),
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

/// The ARN of an owned policy of the role `deploy`.
fn arn(name: &str) -> String {
    format!("arn:aws:iam::111111111111:policy/{name}")
}

fn owning(owned: &[(&str, &str)]) -> RoleSpec {
    RoleSpec { owned_policies: pairs(owned), tags: pairs(&[("team", "a")]), ..role(&[], &[]) }
}

#[test]
fn an_owned_policy_is_made_before_anything_is_attached_and_deleted_after_it_is_detached() {
    let wanted = owning(&[("allow", READ), ("deny", DENY)]);
    let made = between(&owning(&[]), &wanted);
    let new = |name: &str, document: &str| {
        Step::CreateOwned(NewOwned {
            arn: arn(name),
            document: document.to_owned(),
            tags: pairs(&[("team", "a")]),
        })
    };
    assert_eq!(made.preparations, [new("allow", READ), new("deny", DENY)]);
    assert_eq!(made.additions, [vec![Step::AttachNew(arn("deny"))], vec![Step::AttachNew(arn("allow"))]]);
    assert!(made.widens());
    let gone = between(&wanted, &owning(&[]));
    assert_eq!(gone.removals, [vec![Step::Detach(arn("allow"))], vec![Step::Detach(arn("deny"))]]);
    assert_eq!(gone.disposals, [Step::DeleteOwned(arn("allow")), Step::DeleteOwned(arn("deny"))]);
    assert!(!gone.widens());
}

#[test]
fn an_owned_policy_changes_where_it_is_attached_among_the_additions() {
    let changed = between(&owning(&[("a", READ), ("b", READ)]), &owning(&[("a", READ_AGAIN), ("b", DENY)]));
    assert_eq!(changed.additions, [vec![Step::ChangeOwned(arn("b"), DENY.to_owned())], vec![]]);
    assert_eq!(Difference { additions: <[_; 2]>::default(), ..changed }, Difference::default());
}

#[test]
fn a_detached_policy_is_changed_before_it_is_attached_again_and_goes_when_it_is_not_wanted() {
    let detached = LiveRole { detached_policies: pairs(&[("a", READ), ("b", READ)]), ..live(&owning(&[])) };
    // Ours goes whatever happens to what others put there.
    let rules = Rules { unmanaged: Unmanaged::Ignore, ..Rules::default() };
    let wanted = owning(&[("a", DENY)]);
    let difference = Difference::between(&detached, Goal { wanted: &wanted, prior: None, rules: &rules });
    assert_eq!(difference.preparations, [Step::ChangeOwned(arn("a"), DENY.to_owned())]);
    assert_eq!(difference.additions, [vec![Step::Attach(arn("a"))], vec![]]);
    assert_eq!(difference.disposals, [Step::DeleteOwned(arn("b"))]);
}

#[test]
fn a_policy_that_is_attached_and_not_known_as_ours_is_not_taken_off_while_it_becomes_ours() {
    let imported = RoleSpec { managed_policy_arns: [arn("a")].into(), ..owning(&[]) };
    let difference = between(&imported, &owning(&[("a", READ)]));
    assert!(matches!(difference.additions[1].as_slice(), [Step::CreateOwned(new)] if new.arn == arn("a")));
    assert_eq!((difference.preparations.len(), difference.removals), (0, <[_; 2]>::default()));
}

#[test]
fn owned_policies_that_stay_get_the_roles_tags_before_the_role() {
    let wanted = RoleSpec { tags: pairs(&[("stage", "b")]), ..owning(&[("a", READ), ("new", READ)]) };
    let labels = between(&owning(&[("a", READ), ("old", READ)]), &wanted).labels;
    let (team, stage) = (vec!["team".to_owned()], pairs(&[("stage", "b")]));
    assert_eq!(
        labels,
        [
            Step::UntagOwned(arn("a"), team.clone()),
            Step::Untag(team),
            Step::TagOwned(arn("a"), stage.clone()),
            Step::Tag(stage)
        ]
    );
}
