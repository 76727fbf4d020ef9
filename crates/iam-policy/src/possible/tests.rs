//! The questions that scenarios cannot ask: what witnesses look like, and what is known beforehand.

use super::*;
use crate::{Document, ResourcePolicy, Statement, Value};

fn planner() -> Caller {
    Caller::Role { arn: "arn:aws:iam::111122223333:role/planner".to_owned(), session: None }
}

fn holding(statements: impl IntoIterator<Item = Statement>) -> PolicySet {
    PolicySet::new().identity("inline", &Document::new(statements))
}

fn witness(policies: &PolicySet, question: &Question) -> Request {
    match possible(policies, question) {
        Possible::Yes(request) => request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn questions_that_share_an_allowance_spend_no_more_than_it_has_and_then_cannot_be_told() {
    let policies = holding([Statement::allow(["s3:GetObject"]).resource("*")]);
    let alone = Question::new(planner(), "s3:GetObject");
    let sharing = alone.clone().allowance(Allowance::new(EFFORT + 100 * PLACES_OF_A_REQUEST));
    let is_told = |_: &usize| matches!(possible(&policies, &sharing), Possible::Yes(_));
    let told = (0..=100).take_while(is_told).count();
    assert!((2..=100).contains(&told), "{told}");
    assert_eq!(possible(&policies, &sharing), Possible::Maybe);
    assert!(matches!(possible(&policies, &alone), Possible::Yes(_)));
    let nothing = alone.clone().allowance(Allowance::new(0));
    assert_eq!(possible(&holding([]), &nothing), Possible::Maybe);
}

#[test]
fn a_question_gives_back_what_it_did_not_spend() {
    let allowance = Allowance::new(1_000_000);
    let question = Question::new(planner(), "s3:GetObject").allowance(allowance.clone());
    let policies = holding([Statement::allow(["s3:GetObject"]).resource("*")]);
    assert!(matches!(possible(&policies, &question), Possible::Yes(_)));
    assert!(allowance.left() > 999_000, "{}", allowance.left());
    let odd = Allowance::new(1_017);
    let question = Question::new(planner(), "s3:GetObject").allowance(odd.clone());
    let nothing = holding([Statement::allow(["s3:PutObject"]).resource("*")]);
    assert_eq!(possible(&nothing, &question), Possible::No);
    assert_eq!(odd.left(), 1_017);
}

#[test]
fn a_witness_is_of_a_kind_that_the_action_takes_in_the_callers_account() {
    let everything = holding([Statement::allow(["*"]).resource("*")]);
    let of = |action: &str| witness(&everything, &Question::new(planner(), action)).resource().to_owned();
    assert!(of("sqs:SendMessage").starts_with("arn:aws:sqs:us-east-1:111122223333:"));
    assert!(of("iam:PassRole").starts_with("arn:aws:iam::111122223333:role/"));
    assert_eq!(of("ec2:DescribeInstances"), "*");
}

#[test]
fn a_witness_lies_within_what_is_asked_and_outside_of_what_is_excepted() {
    let objects = holding([Statement::allow(["s3:PutObject"]).resource("arn:aws:s3:::state/*")]);
    let put = Question::new(planner(), "s3:PutObject");
    let lock = Pattern::new("arn:aws:s3:::state/*.tflock");
    let request = witness(&objects, &put.clone().outside(lock.clone()));
    assert!(!lock.matches(request.resource()), "{request:?}");
    assert!(lock.matches(witness(&objects, &put.clone().within(lock.clone())).resource()));
    let all = Pattern::new("arn:aws:s3:::state/*");
    assert_eq!(possible(&objects, &put.outside(all)), Possible::No);
}

#[test]
fn a_witness_carries_the_keys_that_conditions_ask_for() {
    let conditional = holding([Statement::allow(["iam:PassRole"])
        .resource("arn:aws:iam::*:role/app-*")
        .condition("StringEquals", "iam:PassedToService", ["ecs-tasks.amazonaws.com"])]);
    let request = witness(&conditional, &Question::new(planner(), "iam:PassRole"));
    let passed = ["ecs-tasks.amazonaws.com".to_owned()];
    assert_eq!(request.context().get("iam:PassedToService"), Value::Known(&passed));
}

#[test]
fn what_is_known_of_the_context_rules_statements_out() {
    let from_office = holding([Statement::allow(["s3:ListAllMyBuckets"]).resource("*").condition(
        "IpAddress",
        "aws:SourceIp",
        ["203.0.113.0/24"],
    )]);
    let question = Question::new(planner(), "s3:ListAllMyBuckets");
    assert!(matches!(possible(&from_office, &question), Possible::Yes(_)));
    let elsewhere = question.context(Context::partial().with("aws:SourceIp", ["198.51.100.7"]));
    assert_eq!(possible(&from_office, &elsewhere), Possible::No);
}

#[test]
fn content_that_is_not_known_is_never_a_yes_and_hides_a_no_only_where_it_could_allow() {
    let question = Question::new(planner(), "s3:GetObject");
    let nothing = PolicySet::new();
    assert_eq!(possible(&nothing, &question), Possible::No);
    assert_eq!(possible(&nothing.clone().identity_unknown("custom"), &question), Possible::Maybe);
    assert_eq!(possible(&nothing.boundary_unknown("custom"), &question), Possible::No);
    let everything = holding([Statement::allow(["*"]).resource("*")]);
    assert_eq!(possible(&everything.clone().boundary_unknown("custom"), &question), Possible::Maybe);
    let denied = everything.identity("deny", &Document::new([Statement::deny(["s3:*"]).resource("*")]));
    assert_eq!(possible(&denied.identity_unknown("custom"), &question), Possible::No);
}

#[test]
fn a_trust_policy_lets_in_whom_it_names() {
    let trust = Document::new([Statement::allow(["sts:AssumeRole"])
        .principal(crate::PrincipalKind::Aws, "arn:aws:iam::111122223333:role/planner")
        .condition("StringEquals", "sts:ExternalId", ["runner-7"])]);
    let set = PolicySet::new().resource("trust", &trust, ResourcePolicy::Trust);
    let applier = Pattern::literal("arn:aws:iam::111122223333:role/applier");
    let question = Question::new(planner(), "sts:AssumeRole").within(applier.clone());
    let request = witness(&set, &question);
    assert_eq!(request.context().get("sts:ExternalId"), Value::Known(&["runner-7".to_owned()]));
    let other = Caller::Role { arn: "arn:aws:iam::111122223333:role/builder".to_owned(), session: None };
    assert!(!matches!(
        possible(&set, &Question::new(other, "sts:AssumeRole").within(applier)),
        Possible::Yes(_)
    ));
}

#[test]
fn a_variable_in_a_resource_gets_a_value() {
    let own = holding([Statement::allow(["s3:*"]).resource("arn:aws:s3:::${aws:PrincipalTag/team}/*")]);
    let question = Question::new(planner(), "s3:GetObject");
    let request = witness(&own, &question);
    assert!(matches!(request.context().get("aws:PrincipalTag/team"), Value::Known(_)), "{request:?}");
    let pinned = holding([Statement::allow(["s3:*"])
        .resource("arn:aws:s3:::${aws:PrincipalTag/team}/*")
        .condition("StringLike", "aws:PrincipalTag/team", ["web-*"])]);
    assert!(witness(&pinned, &question).resource().starts_with("arn:aws:s3:::web-"));
}
