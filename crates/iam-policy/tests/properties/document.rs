//! Generated documents: everything that the grammar allows, in spellings that are easily confused.

use iam_policy::{Condition, Document, Effect, Kind, OneOrMany, PrincipalKind, Scalar, Scope, Statement};
use proptest::{collection::vec, option, prelude::*, sample::select};

pub(crate) fn document() -> impl Strategy<Value = (Kind, Document)> {
    let kind = prop_oneof![Just(Kind::Identity), Just(Kind::Trust)];
    kind.prop_flat_map(|kind| {
        let parts = (vec(statement(kind), 1..4), any::<bool>(), option::of("[a-z0-9-]{0,8}"), any::<bool>());
        parts.prop_map(move |(mut statements, alone, id, unknown)| {
            for (index, statement) in statements.iter_mut().enumerate() {
                // A Sid must be unique, except the empty one.
                statement.sid = statement
                    .sid
                    .take()
                    .map(|sid| if sid.is_empty() { sid } else { format!("{sid}{index}") });
            }
            let mut document = Document::new(statements);
            if alone {
                document.statements = document.statements.into_vec().into_iter().collect();
            }
            document.id = id;
            if unknown {
                document.version = None;
                document.extra.insert("Unlisted".to_owned(), serde_json::json!({"b": 1.5, "a": [null]}));
            }
            (kind, document)
        })
    })
}

fn statement(kind: Kind) -> impl Strategy<Value = Statement> {
    let actions = match kind {
        Kind::Identity | Kind::Resource => {
            select(&["*", "s3:GetObject", "S3:getobject", "s3:Put*", "iam:?assRole"][..])
        }
        Kind::Trust => select(&["sts:AssumeRole", "STS:assumerole", "sts:TagSession", "sts:*"][..]),
    };
    let resources = select(
        &["*", "arn:aws:s3:::a", "arn:aws:s3:::A/${aws:username}", "arn:aws:s3:::\u{e9}\"\\", "arn:*"][..],
    );
    let parts = (
        option::of("[A-Za-z0-9]{0,4}"),
        any::<bool>(),
        scope(actions),
        scope(resources),
        principals(),
        conditions(),
    );
    parts.prop_map(move |(sid, allow, actions, resources, principals, conditions)| {
        let mut statement = Statement::allow(["*"]);
        statement.conditions = conditions;
        statement.sid = sid;
        statement.effect = if allow { Effect::Allow } else { Effect::Deny };
        statement.actions = actions;
        match kind {
            Kind::Identity | Kind::Resource => statement.resources = Some(resources),
            Kind::Trust => {
                statement = principals
                    .iter()
                    .fold(statement, |statement, (kind, value)| statement.principal(*kind, *value));
            }
        }
        statement
    })
}

fn scope(
    values: impl Strategy<Value = &'static str> + Clone,
) -> impl Strategy<Value = Scope<OneOrMany<String>>> {
    let one = values.clone().prop_map(|value| OneOrMany::One(value.to_owned()));
    let many = vec(values.prop_map(str::to_owned), 1..4).prop_map(OneOrMany::Many);
    (any::<bool>(), prop_oneof![one, many])
        .prop_map(|(only, values)| if only { Scope::Only(values) } else { Scope::Except(values) })
}

fn principals() -> impl Strategy<Value = Vec<(PrincipalKind, &'static str)>> {
    let known = [
        (PrincipalKind::Aws, "111122223333"),
        (PrincipalKind::Aws, "arn:aws-cn:iam::111122223333:root"),
        (PrincipalKind::Aws, "arn:aws:iam::444455556666:role/ci/planner"),
        (PrincipalKind::Aws, "AROAEXAMPLEEXAMPLE123"),
        (PrincipalKind::Aws, "*"),
        (PrincipalKind::Service, "ecs-tasks.amazonaws.com"),
        (PrincipalKind::Federated, "arn:aws:iam::111122223333:oidc-provider/gitlab.com"),
    ];
    vec(select(known.to_vec()), 1..5)
}

/// Conditions grouped as JSON groups them: each operator once, its keys once and together.
fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let scalar = prop_oneof![
        select(&["", "x", "true", "3", "\u{e9}", "\u{1f600}", "<&>\u{7f}"][..]).prop_map(Scalar::from),
        any::<bool>().prop_map(Scalar::from),
        any::<i64>().prop_map(Scalar::from),
    ];
    let values = || {
        prop_oneof![
            scalar.clone().prop_map(OneOrMany::One),
            vec(scalar.clone(), 0..3).prop_map(OneOrMany::Many)
        ]
    };
    let at = |operator: &'static str, key: &'static str| {
        option::of(values()).prop_map(move |values| {
            values.map(|values| Condition { operator: operator.to_owned(), key: key.to_owned(), values })
        })
    };
    let all = (
        at("StringEquals", "sts:ExternalId"),
        at("StringEquals", "aws:PrincipalOrgID"),
        at("boolIfExists", "aws:SecureTransport"),
        at("ForAnyValue:StringLike", "AWS:TagKeys"),
    );
    all.prop_map(|(a, b, c, d)| [a, b, c, d].into_iter().flatten().collect())
}
