//! Decisions: what widens a policy never allows less, and what is not known is never guessed.

use iam_policy::{
    Caller, Condition, Context, Document, Effect, OneOrMany, Outcome, PolicySet, PrincipalKind, Request,
    ResourcePolicy, Scope, Statement, evaluate,
};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_allow_more_never_allows_less(case in case(), layer in 0..4_usize, more in statement(true)) {
        let mut wider = case.clone();
        let Some(document) = wider.layers[layer].last_mut() else { return Ok(()) };
        document.push(Statement { effect: Effect::Allow, ..more });
        prop_assert!(case.rank() <= wider.rank(), "{:?}", case);
    }

    #[test]
    fn one_deny_less_never_allows_less(case in case(), which in any::<Index>()) {
        let mut wider = case.clone();
        let mut denies: Vec<&mut Statement> =
            wider.statements().filter(|statement| statement.effect == Effect::Deny).collect();
        if denies.is_empty() {
            return Ok(());
        }
        let index = which.index(denies.len());
        // A deny of nothing is none.
        denies[index].actions = Scope::Only(OneOrMany::Many(Vec::new()));
        prop_assert!(case.rank() <= wider.rank(), "{:?}", case);
    }

    #[test]
    fn a_wildcard_for_a_name_never_allows_less(case in case(), which in any::<Index>(), part in 0..2) {
        let mut wider = case.clone();
        let Some(allow) = wider.an_allow(which) else { return Ok(()) };
        let everything = Scope::Only(OneOrMany::One("*".to_owned()));
        if part == 0 { allow.actions = everything } else { allow.resources = Some(everything) }
        prop_assert!(case.rank() <= wider.rank(), "{:?}", case);
    }

    #[test]
    fn a_condition_less_on_an_allow_never_allows_less(case in case(), which in any::<Index>()) {
        let mut wider = case.clone();
        let Some(allow) = wider.an_allow(which) else { return Ok(()) };
        allow.conditions.pop();
        prop_assert!(case.rank() <= wider.rank(), "{:?}", case);
    }

    #[test]
    fn what_an_unknown_key_turns_out_to_be_was_admitted(case in case(), key in select(KEYS), value in value()) {
        let mut unknown = case.clone();
        unknown.keys.retain(|(known, _)| known != key);
        let mut resolved = unknown.clone();
        unknown.keys.push((key.to_owned(), Known::Unknown));
        resolved.keys.push((key.to_owned(), value));
        let (before, after) = (unknown.outcome(), resolved.outcome());
        prop_assert!(before == Outcome::Unknown || before == after, "{:?} then {:?}: {:?}", before, after, resolved);
    }

    #[test]
    fn what_a_policy_of_unknown_content_turns_out_to_say_was_admitted(case in case(), layer in 0..4_usize) {
        if case.layers[layer].is_empty() {
            return Ok(());
        }
        let mut unknown = case.clone();
        unknown.layers[layer].pop();
        unknown.hidden = Some(layer);
        let (before, after) = (unknown.outcome(), case.outcome());
        prop_assert!(before == Outcome::Unknown || before == after, "{:?} then {:?}: {:?}", before, after, case);
    }

    #[test]
    fn the_order_of_statements_and_policies_decides_nothing(case in case(), turn in any::<Index>()) {
        let mut turned = case.clone();
        for documents in &mut turned.layers {
            documents.reverse();
            for document in documents {
                let by = turn.index(document.len().max(1));
                document.rotate_left(by);
            }
        }
        prop_assert_eq!(case.outcome(), turned.outcome());
    }

    #[test]
    fn an_unconditional_deny_denies(case in case(), at in any::<Index>()) {
        let mut denied = case.clone();
        let (kind, everybody) = (PrincipalKind::Aws, "*");
        // Whether a deny to everybody keeps a token from being exchanged is not documented.
        if matches!(case.caller, Caller::Federated { .. }) {
            return Ok(());
        }
        let has_identity = matches!(case.caller, Caller::Role { .. } | Caller::User { .. } | Caller::Unknown);
        let layer = if has_identity { at.index(4) } else { 3 };
        let deny = Statement::deny(["*"]).principal(kind, everybody).resource("*");
        match denied.layers[layer].last_mut() {
            Some(document) => document.insert(at.index(document.len() + 1), deny),
            None => denied.layers[layer].push(vec![deny]),
        }
        prop_assert_eq!(denied.outcome(), Outcome::Denied);
    }
}

const KEYS: &[&str] = &["aws:k", "aws:SourceIp", "aws:username", "aws:ResourceAccount", "aws:userid"];

/// The policies of the four layers and a request.
#[derive(Clone, Debug)]
struct Case {
    layers: [Vec<Vec<Statement>>; 4],
    kind: ResourcePolicy,
    hidden: Option<usize>,
    caller: Caller,
    action: String,
    resource: String,
    keys: Vec<(String, Known)>,
}

#[derive(Clone, Debug)]
enum Known {
    Absent,
    Unknown,
    Values(Vec<String>),
}

impl Case {
    fn outcome(&self) -> Outcome {
        let mut set = PolicySet::new();
        let [identity, boundary, session, resource] = &self.layers;
        let document = |statements: &Vec<Statement>| Document::new(statements.clone());
        set = identity.iter().fold(set, |set, one| set.identity("identity", &document(one)));
        set = boundary.iter().fold(set, |set, one| set.boundary("boundary", &document(one)));
        set = session.iter().fold(set, |set, one| set.session("session", &document(one)));
        set = resource.iter().fold(set, |set, one| set.resource("resource", &document(one), self.kind));
        set = match self.hidden {
            Some(0) => set.identity_unknown("hidden"),
            Some(1) => set.boundary_unknown("hidden"),
            Some(2) => set.session_unknown("hidden"),
            Some(_) => set.resource_unknown("hidden", self.kind),
            None => set,
        };
        let context = self.keys.iter().fold(Context::complete(), |context, (key, known)| match known {
            Known::Absent => context.without(key),
            Known::Unknown => context.unknown(key),
            Known::Values(values) => context.with(key, values),
        });
        evaluate(&set, &Request::new(self.caller.clone(), &self.action, &self.resource, context)).outcome
    }

    fn rank(&self) -> usize {
        match self.outcome() {
            Outcome::Denied => 0,
            Outcome::Unknown => 1,
            Outcome::Allowed => 2,
        }
    }

    fn statements(&mut self) -> impl Iterator<Item = &mut Statement> {
        self.layers.iter_mut().flatten().flatten()
    }

    fn an_allow(&mut self, which: Index) -> Option<&mut Statement> {
        let mut allows: Vec<&mut Statement> =
            self.statements().filter(|statement| statement.effect == Effect::Allow).collect();
        if allows.is_empty() { None } else { Some(allows.swap_remove(which.index(allows.len()))) }
    }
}

fn case() -> impl Strategy<Value = Case> {
    let own = || vec(vec(statement(false), 1..4), 0..3);
    let limit =
        || option::weighted(0.4, vec(statement(false), 1..4)).prop_map(|one| one.into_iter().collect());
    let resource = vec(vec(statement(true), 1..4), 0..2);
    let kind = select(vec![ResourcePolicy::Other, ResourcePolicy::Other, ResourcePolicy::Trust]);
    let layers = (own(), limit(), limit(), resource)
        .prop_map(|(identity, boundary, session, resource)| [identity, boundary, session, resource]);
    let request = (caller(), select(ACTIONS), select(RESOURCES));
    let keys = vec((select(KEYS).prop_map(str::to_owned), value()), 0..4);
    (layers, kind, request, keys).prop_map(|(layers, kind, (caller, action, resource), keys)| Case {
        layers,
        kind,
        hidden: None,
        caller,
        action: action.to_owned(),
        resource: resource.to_owned(),
        keys,
    })
}

const ACTIONS: &[&str] = &["s3:GetObject", "S3:putobject", "sts:AssumeRole"];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::b/alice",
    "arn:aws:sqs:eu-west-1:111122223333:alice",
    "arn:aws:iam::111122223333:role/alice",
    "arn:aws:iam::444455556666:role/alice",
];
const ROLE: &str = "arn:aws:iam::111122223333:role/ci/planner";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/planner/run";

fn caller() -> impl Strategy<Value = Caller> {
    let role =
        |session: Option<&str>| Caller::Role { arn: ROLE.to_owned(), session: session.map(str::to_owned) };
    select(vec![
        role(Some("run")),
        role(Some("run")),
        role(None),
        Caller::User { arn: "arn:aws:iam::111122223333:user/alice".to_owned() },
        Caller::Root { arn: "arn:aws:iam::111122223333:root".to_owned() },
        Caller::Service { name: "ecs-tasks.amazonaws.com".to_owned() },
        Caller::Federated { provider: "accounts.google.com".to_owned() },
        Caller::Anonymous,
        Caller::Unknown,
    ])
}

fn statement(has_principal: bool) -> impl Strategy<Value = Statement> {
    let actions = vec(select(vec!["*", "s3:GetObject", "s3:Get*", "S3:*", "sts:AssumeRole", "s*:*"]), 1..3);
    let resources = vec(
        select(vec![
            "*",
            "arn:aws:s3:::b/*",
            "arn:aws:s3:::b/${aws:username}",
            "arn:aws:sqs:*:alice",
            "arn:aws:sqs",
            "arn:aws:*:*:111122223333:${aws:k, 'alice'}",
            "arn:aws:iam::*:role/*",
        ]),
        1..3,
    );
    let shape =
        (any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.2), prop::bool::weighted(0.2));
    (shape, actions, resources, principals(), vec(condition(), 0..3)).prop_map(
        move |(
            (is_allow, not_action, not_resource, not_principal),
            actions,
            resources,
            principals,
            conditions,
        )| {
            let mut statement = if is_allow { Statement::allow(actions) } else { Statement::deny(actions) };
            if not_action {
                statement.actions = Scope::Except(statement.actions.inner().clone());
            }
            let resources = resources.into_iter().map(str::to_owned).collect();
            statement.resources =
                Some(if not_resource { Scope::Except(resources) } else { Scope::Only(resources) });
            if has_principal {
                for (kind, value) in principals {
                    statement = statement.principal(kind, value);
                }
                if not_principal {
                    statement.principals =
                        statement.principals.map(|principals| Scope::Except(principals.inner().clone()));
                }
            }
            statement.conditions = conditions;
            statement
        },
    )
}

fn principals() -> impl Strategy<Value = Vec<(PrincipalKind, &'static str)>> {
    let one = select(vec![
        (PrincipalKind::Aws, "*"),
        (PrincipalKind::Aws, "111122223333"),
        (PrincipalKind::Aws, ROLE),
        (PrincipalKind::Aws, SESSION),
        (PrincipalKind::Aws, "arn:aws:iam::111122223333:user/alice"),
        (PrincipalKind::Aws, "AROAEXAMPLEEXAMPLE123"),
        (PrincipalKind::Service, "ecs-tasks.amazonaws.com"),
        (PrincipalKind::Federated, "accounts.google.com"),
    ]);
    vec(one, 1..4)
}

fn condition() -> impl Strategy<Value = Condition> {
    let comparison = select(vec![
        ("StringEquals", "a"),
        ("StringNotEquals", "a"),
        ("StringEqualsIgnoreCase", "${aws:username}"),
        ("StringLike", "*"),
        ("StringLike", "a*"),
        ("StringNotLike", "*"),
        ("StringNotLike", "${aws:username}*"),
        ("NumericLessThan", "10"),
        ("NumericNotEquals", "ten"),
        ("DateGreaterThan", "2024-01-01"),
        ("Bool", "true"),
        ("IpAddress", "203.0.113.0/24"),
        ("NotIpAddress", "203.0.113.7/24"),
        ("ArnLike", "arn:aws:iam::*:role/${aws:username}"),
        ("ArnNotLike", "arn:aws:*"),
        ("BinaryEquals", "Zm9v"),
        ("Null", "true"),
        ("Null", "false"),
    ]);
    let set = select(vec!["", "", "ForAnyValue:", "ForAllValues:"]);
    let parts = (set, comparison, any::<bool>(), select(KEYS), any::<bool>());
    parts.prop_map(|(set, (comparison, value), if_exists, key, alone)| {
        let suffix = if if_exists && comparison != "Null" { "IfExists" } else { "" };
        let values = if alone { vec![value] } else { vec![value, "111122223333"] };
        Condition {
            operator: format!("{set}{comparison}{suffix}"),
            key: key.to_owned(),
            values: values.into_iter().map(Into::into).collect(),
        }
    })
}

fn value() -> impl Strategy<Value = Known> {
    let text = select(vec![
        "a",
        "alice",
        "",
        "*",
        "true",
        "9",
        "111122223333",
        "444455556666",
        "203.0.113.7",
        "2024-07-01T00:00:00Z",
        "arn:aws:iam::111122223333:role/alice",
        "AROAEXAMPLEEXAMPLE123:run",
        "Zm9v",
    ]);
    prop_oneof![
        1 => Just(Known::Absent),
        1 => Just(Known::Unknown),
        4 => text.clone().prop_map(|one| Known::Values(vec![one.to_owned()])),
        1 => vec(text.prop_map(str::to_owned), 0..3).prop_map(Known::Values),
    ]
}
