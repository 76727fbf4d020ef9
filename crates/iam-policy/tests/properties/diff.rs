//! Differences: none exactly where documents are equal, and a verdict that every request bears out.

use iam_policy::{
    Caller, Condition, Context, Document, Effect, OneOrMany, Outcome, PolicySet, Request, Scope, Statement,
    diff, diff::Direction, equal, evaluate,
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select, subsequence},
};

use crate::document;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_024, ..ProptestConfig::default() })]

    #[test]
    fn no_difference_is_equality((_, before) in document::document(), (_, after) in document::document()) {
        prop_assert_eq!(diff(&before, &after).is_empty(), equal(&before, &after));
        prop_assert!(diff(&before, &before).is_empty());
    }

    #[test]
    fn the_other_way_round_is_the_opposite((before, after) in edited()) {
        prop_assert_eq!(diff(&before, &after).is_empty(), equal(&before, &after));
        prop_assert_eq!(diff(&after, &before).direction(), !diff(&before, &after).direction());
    }

    #[test]
    fn what_is_only_narrowed_allows_nothing_new((before, after) in edited()) {
        let found = diff(&before, &after);
        for request in requests() {
            let [was, is] = [&before, &after].map(|document| decide(document, &request));
            let holds = match found.direction() {
                Direction::Same => was == is,
                Direction::Narrowed => is <= was,
                Direction::Widened => is >= was,
                Direction::Unclear => true,
            };
            prop_assert!(holds, "{was} then {is}: {request:?}\n{}\n{}\n{found}", before.to_json(), after.to_json());
        }
    }
}

/// How much is allowed: no, perhaps, yes.
fn decide(document: &Document, request: &Request) -> u8 {
    match evaluate(&PolicySet::new().identity("inline", document), request).outcome {
        Outcome::Denied => 0,
        Outcome::Unknown => 1,
        Outcome::Allowed => 2,
    }
}

const ACTIONS: [&str; 8] =
    ["*", "s3:*", "s3:Get*", "s3:GetObject", "s3:Put*", "s3:PutObject", "s3:?etObject", "iam:PassRole"];

const RESOURCES: [&str; 8] = [
    "*",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::a/b",
    "arn:aws:s3:::a/?",
    "arn:aws:s3:::${aws:PrincipalTag/team}/*",
    "arn:aws:*:b",
    "arn:aws:s3",
    "arn:aws:iam::111122223333:role/app-*",
];

const OPERATORS: [&str; 10] = [
    "StringEquals",
    "StringLike",
    "StringNotEquals",
    "StringNotLike",
    "StringEqualsIfExists",
    "StringNotLikeIfExists",
    "ForAnyValue:StringLike",
    "ForAllValues:StringEquals",
    "ForAnyValue:StringNotEquals",
    "StringEqualsIgnoreCase",
];

const VALUES: [&str; 5] = ["a", "A", "a*", "b", "?"];

fn requests() -> Vec<Request> {
    let caller = Caller::Role { arn: "arn:aws:iam::111122223333:role/ci".to_owned(), session: None };
    let own = Context::complete().with("aws:ResourceAccount", ["111122223333"]);
    let contexts = [
        own.clone(),
        own.clone().with("aws:PrincipalTag/team", ["a"]),
        own.clone().with("aws:PrincipalTag/team", ["b", "a"]),
        own.with("aws:PrincipalTag/team", ["a*"]),
    ];
    let mut requests = Vec::new();
    for action in ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "iam:PassRole"] {
        for resource in [
            "*",
            "arn:aws:s3:::a/b",
            "arn:aws:s3:::a/bc",
            "arn:aws:s3:::b",
            "arn:aws:iam::111122223333:role/app-1",
        ] {
            for context in &contexts {
                requests.push(Request::new(caller.clone(), action, resource, context.clone()));
            }
        }
    }
    requests
}

/// A document and what a few edits make of it, so that both have much in common.
fn edited() -> impl Strategy<Value = (Document, Document)> {
    (vec(statement(), 1..4), vec((0..8_usize, any::<Index>(), statement()), 0..4)).prop_map(
        |(before, edits)| {
            let mut after = before.clone();
            for (edit, which, other) in edits {
                apply(edit, which, other, &mut after);
            }
            (numbered(before), numbered(after))
        },
    )
}

fn apply(edit: usize, which: Index, other: Statement, statements: &mut Vec<Statement>) {
    if edit == 0 || statements.is_empty() {
        statements.push(other);
        return;
    }
    let index = which.index(statements.len());
    if edit == 1 {
        statements.remove(index);
        return;
    }
    let Some(statement) = statements.get_mut(index) else { return };
    match edit {
        2 => statement.actions = other.actions,
        3 => statement.resources = other.resources,
        4 => statement.conditions = other.conditions,
        5 => statement.conditions.clear(),
        6 => statement.effect = other.effect,
        _ => statement.actions = shortened(statement.actions.clone()),
    }
}

fn shortened(actions: Scope<OneOrMany<String>>) -> Scope<OneOrMany<String>> {
    let but_last = |list: OneOrMany<String>| {
        let mut list = list.into_vec();
        if list.len() > 1 {
            list.pop();
        }
        OneOrMany::Many(list)
    };
    match actions {
        Scope::Only(list) => Scope::Only(but_last(list)),
        Scope::Except(list) => Scope::Except(but_last(list)),
    }
}

/// Every second statement has a `Sid`.
fn numbered(statements: Vec<Statement>) -> Document {
    let named = statements.into_iter().enumerate().map(|(index, mut statement)| {
        statement.sid = (index % 2 == 0).then(|| format!("S{index}"));
        statement
    });
    Document::new(named)
}

fn statement() -> impl Strategy<Value = Statement> {
    let conditions = vec((select(&OPERATORS[..]), subsequence(&VALUES[..], 1..3)), 0..3);
    (any::<bool>(), scope(&ACTIONS), scope(&RESOURCES), conditions).prop_map(
        |(allow, actions, resources, conditions)| {
            let mut statement = Statement::allow(["*"]);
            statement.effect = if allow { Effect::Allow } else { Effect::Deny };
            statement.actions = actions;
            statement.resources = Some(resources);
            for (operator, values) in conditions {
                if statement.conditions.iter().all(|known: &Condition| known.operator != operator) {
                    statement = statement.condition(operator, "aws:PrincipalTag/team", values);
                }
            }
            statement
        },
    )
}

fn scope(pool: &'static [&'static str]) -> impl Strategy<Value = Scope<OneOrMany<String>>> {
    (0..4, subsequence(pool, 1..4)).prop_map(|(not, values)| {
        let values = OneOrMany::Many(values.into_iter().map(str::to_owned).collect());
        if not == 0 { Scope::Except(values) } else { Scope::Only(values) }
    })
}
