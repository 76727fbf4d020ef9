//! Generated policies and requests, half of known words and half of any text: deciding never panics, an unknown key is
//! never guessed, a wider policy never allows less, and a witness of `possible` is allowed.

#![no_main]

use iam_policy::{
    Caller, Context, Document, Outcome, PolicySet, Possible, Question, Request, ResourcePolicy, Scope, Statement,
    Value, evaluate, possible,
};
use libfuzzer_sys::{
    arbitrary::{Result, Unstructured},
    fuzz_target,
};

const ACTIONS: [&str; 6] = ["*", "s3:*", "s3:GetObject", "S3:Get*", "iam:PassRole", "sts:AssumeRole"];
const RESOURCES: [&str; 7] = [
    "*",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::${aws:PrincipalTag/team}/x",
    "arn:aws:s3",
    "arn:aws:iam::111122223333:role/?pp-*",
    "arn:aws:s3:*:x",
    "arn:aws:s3:::${*}",
];
const OPERATORS: [&str; 12] = [
    "StringEquals",
    "StringNotLike",
    "ForAnyValue:StringLike",
    "ForAllValues:StringEqualsIgnoreCase",
    "NumericLessThanEquals",
    "DateGreaterThan",
    "Bool",
    "IpAddress",
    "NotIpAddress",
    "ArnLike",
    "ArnNotEqualsIfExists",
    "Null",
];
const KEYS: [&str; 5] =
    ["aws:PrincipalTag/team", "aws:SourceIp", "aws:CurrentTime", "s3:max-keys", "aws:SecureTransport"];
const VALUES: [&str; 10] = [
    "a",
    "a*",
    "true",
    "7",
    "2026-07-15T00:00:00Z",
    "10.0.0.0/8",
    "2001:db8::/32",
    "arn:aws:iam::111122223333:role/*",
    "${aws:PrincipalTag/team, 'a'}",
    "${aws:username}",
];

fn word(from: &[&str], input: &mut Unstructured<'_>) -> Result<String> {
    if input.ratio(3, 4)? { Ok((*input.choose(from)?).to_owned()) } else { input.arbitrary() }
}

fn statement(input: &mut Unstructured<'_>) -> Result<Statement> {
    let actions = [word(&ACTIONS, input)?, word(&ACTIONS, input)?];
    let mut statement = if input.ratio(2, 3)? { Statement::allow(actions) } else { Statement::deny(actions) };
    statement = statement.resource(word(&RESOURCES, input)?);
    if input.ratio(1, 5)? {
        statement.actions = Scope::Except(statement.actions.inner().clone());
    }
    if input.ratio(1, 5)? {
        statement.resources = statement.resources.map(|scope| Scope::Except(scope.inner().clone()));
    }
    for _ in 0..input.int_in_range(0..=2)? {
        let values = [word(&VALUES, input)?, word(&VALUES, input)?];
        statement = statement.condition(word(&OPERATORS, input)?, word(&KEYS, input)?, values);
    }
    Ok(statement)
}

fn statements(input: &mut Unstructured<'_>) -> Result<Vec<Statement>> {
    (0..input.int_in_range(1..=3)?).map(|_| statement(input)).collect()
}

fn check(input: &mut Unstructured<'_>) -> Result<()> {
    let identity = statements(input)?;
    let boundary = if input.ratio(1, 3)? { Some(Document::new(statements(input)?)) } else { None };
    let resource = if input.ratio(1, 4)? { Some(Document::new(statements(input)?)) } else { None };
    let set = |identity: &[Statement]| {
        let mut set = PolicySet::new().identity("identity", &Document::new(identity.iter().cloned()));
        set = boundary.iter().fold(set, |set, document| set.boundary("boundary", document));
        resource.iter().fold(set, |set, document| set.resource("resource", document, ResourcePolicy::Other))
    };
    let caller = Caller::Role { arn: "arn:aws:iam::111122223333:role/app-x".to_owned(), session: None };
    let (action, resource) = (word(&ACTIONS, input)?, word(&RESOURCES, input)?);
    let mut context = if input.arbitrary()? { Context::partial() } else { Context::complete() };
    for _ in 0..input.int_in_range(0..=2)? {
        context = context.with(&word(&KEYS, input)?, [word(&VALUES, input)?]);
    }
    let policies = set(&identity);
    let request = Request::new(caller.clone(), action.clone(), resource.clone(), context.clone());
    let decided = evaluate(&policies, &request);
    assert!(!decided.reason.to_string().is_empty());

    let settled = context.with(input.choose(&KEYS)?, [word(&VALUES, input)?]);
    let settled = evaluate(&policies, &Request::new(caller.clone(), action.clone(), resource.clone(), settled));
    // A key that was unknown is known now; had one been known it may have changed, and then anything may follow.
    let was_open = KEYS.iter().all(|key| request.context().get(key) == Value::Unknown);
    let may_change = decided.outcome == Outcome::Unknown || !was_open;
    assert!(may_change || settled.outcome == decided.outcome, "{request:?}");

    let mut wider = identity.clone();
    wider.push(Statement::allow([action.clone()]).resource("*"));
    let wider = evaluate(&set(&wider), &request);
    assert!(decided.outcome != Outcome::Allowed || wider.outcome == Outcome::Allowed, "{request:?}");

    if let Possible::Yes(witness) = possible(&policies, &Question::new(caller, action)) {
        assert_eq!(evaluate(&policies, &witness).outcome, Outcome::Allowed, "{witness:?}");
    }
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    // Too few bytes for a whole case are no case.
    let _ = check(&mut Unstructured::new(bytes));
});
