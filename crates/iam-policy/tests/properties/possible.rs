//! Can it ever agrees with trying everything, where everything is little enough to try.

use iam_policy::{
    Caller, Context, Document, Outcome, Pattern, PolicySet, Possible, Question, Request, Statement, evaluate,
    possible,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

const RESOURCES: [&str; 7] = [
    "*",
    "arn:aws:s3:::a",
    "arn:aws:s3:::a/x",
    "arn:aws:s3:::a/y",
    "arn:aws:s3:::b/x",
    "arn:aws:s3:::z:q",
    "arn:aws:sqs:eu-west-1:111122223333:a",
];
const ACTIONS: [&str; 3] = ["s3:GetObject", "s3:PutObject", "sqs:SendMessage"];

fn action() -> impl Strategy<Value = &'static str> {
    select(vec!["*", "s3:*", "s3:GetObject", "s3:?etObject", "S3:PUT*", "sqs:SendMessage", "*:*Object"])
}

fn resource() -> impl Strategy<Value = &'static str> {
    select(vec![
        "*",
        "arn:aws:s3:::a",
        "arn:aws:s3:::a/*",
        "arn:aws:s3:::?/x",
        "arn:aws:s3:::*",
        "arn:aws:s3",
        "arn:aws:s3:*:x",
        "arn:aws:sqs:*:*:a",
        "arn:aws:s3:::${aws:PrincipalTag/team}/*",
    ])
}

type Written = (&'static str, &'static str, Vec<&'static str>);

fn condition() -> impl Strategy<Value = Written> {
    let tag = select(vec![
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLikeIfExists",
        "ForAnyValue:StringLike",
        "ForAllValues:StringEquals",
    ]);
    let text = (
        tag,
        select(vec!["aws:PrincipalTag/team", "aws:TagKeys"]),
        vec(select(vec!["a", "b", "?", "a*"]), 1..3),
    );
    let others = select(vec![
        ("NumericLessThan", "s3:max-keys", vec!["2"]),
        ("NumericGreaterThanEquals", "s3:max-keys", vec!["2"]),
        ("Bool", "aws:SecureTransport", vec!["false"]),
        ("Null", "aws:PrincipalTag/team", vec!["true"]),
        ("Null", "aws:TagKeys", vec!["false"]),
    ]);
    prop_oneof![text.prop_map(|(operator, key, values)| (operator, key, values)), others]
}

prop_compose! {
    fn statement()(
        allow in prop::bool::weighted(0.6),
        actions in vec(action(), 1..3),
        except_actions in prop::bool::weighted(0.2),
        resources in vec(resource(), 1..3),
        except_resources in prop::bool::weighted(0.2),
        condition in option::weighted(0.5, condition()),
    ) -> Statement {
        let mut statement = if allow { Statement::allow(actions) } else { Statement::deny(actions) };
        statement = resources.iter().fold(statement, |statement, one| statement.resource(*one));
        if let Some((operator, key, values)) = condition {
            statement = statement.condition(operator, key, values);
        }
        if except_actions {
            statement.actions = iam_policy::Scope::Except(statement.actions.inner().clone());
        }
        if except_resources {
            statement.resources = statement.resources.map(|scope| iam_policy::Scope::Except(scope.inner().clone()));
        }
        statement
    }
}

/// The documents of each layer that there is.
#[derive(Clone)]
struct Layers {
    identity: Document,
    boundary: Option<Document>,
    session: Option<Document>,
}

impl Layers {
    fn has_variables(&self) -> bool {
        let all = [Some(&self.identity), self.boundary.as_ref(), self.session.as_ref()];
        all.into_iter().flatten().any(|document| document.to_json().contains("${"))
    }

    fn set(&self) -> PolicySet {
        let mut set = PolicySet::new().identity("identity", &self.identity);
        set = self.boundary.iter().fold(set, |set, document| set.boundary("boundary", document));
        self.session.iter().fold(set, |set, document| set.session("session", document))
    }
}

impl std::fmt::Debug for Layers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let print = |document: &Option<Document>| document.as_ref().map(Document::to_json);
        let (boundary, session) = (print(&self.boundary), print(&self.session));
        write!(formatter, "identity {} boundary {boundary:?} session {session:?}", self.identity.to_json())
    }
}

prop_compose! {
    fn policies()(
        identity in vec(statement(), 1..4).prop_map(Document::new),
        boundary in option::weighted(0.3, vec(statement(), 1..3).prop_map(Document::new)),
        session in option::weighted(0.2, vec(statement(), 1..3).prop_map(Document::new)),
    ) -> Layers {
        Layers { identity, boundary, session }
    }
}

fn caller() -> Caller {
    Caller::Role { arn: "arn:aws:iam::111122223333:role/planner".to_owned(), session: None }
}

/// Whether the action can be done to such a resource.
fn is_lifelike(action: &str, resource: &str) -> bool {
    let object = Pattern::new("arn:aws:s3:::*/*");
    if action.starts_with("s3:") { object.matches(resource) } else { resource.starts_with("arn:aws:sqs:") }
}

/// Every context that the conditions above can tell apart, or nearly so.
fn contexts() -> Vec<Context> {
    let mut contexts = vec![Context::complete().with("aws:ResourceAccount", ["111122223333"])];
    let choices: [(&str, &[&[&str]]); 4] = [
        ("aws:PrincipalTag/team", &[&["a"], &["b"], &["ab"], &["zz"]]),
        ("aws:TagKeys", &[&["a"], &["b"], &["ac"], &["a", "b"], &["zz"]]),
        ("s3:max-keys", &[&["1"], &["2"]]),
        ("aws:SecureTransport", &[&["true"], &["false"]]),
    ];
    for (key, values) in choices {
        let with = |context: &Context| {
            let each = values.iter().map(|values| context.clone().with(key, values.iter().copied()));
            each.chain([context.clone()]).collect::<Vec<_>>()
        };
        contexts = contexts.iter().flat_map(with).collect();
    }
    contexts
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_means_that_nothing_is_allowed_and_yes_brings_what_is(
        layers in policies(),
        action in select(ACTIONS.to_vec()),
        within in option::weighted(0.2, resource()),
        outside in option::weighted(0.3, resource()),
    ) {
        let set = layers.set();
        let asked = |resource: &str| {
            within.is_none_or(|within| Pattern::new(within).matches(resource))
                && outside.is_none_or(|outside| !Pattern::new(outside).matches(resource))
        };
        let mut question = Question::new(caller(), action);
        question = within.into_iter().fold(question, |question, within| question.within(Pattern::new(within)));
        question = outside.into_iter().fold(question, |question, outside| question.outside(Pattern::new(outside)));
        match possible(&set, &question) {
            Possible::Yes(witness) => {
                prop_assert_eq!(evaluate(&set, &witness).outcome, Outcome::Allowed);
                prop_assert!(asked(witness.resource()), "{:?}", witness);
                prop_assert_eq!(witness.action(), action);
            }
            Possible::Maybe => {}
            Possible::No => {
                for resource in RESOURCES.into_iter().filter(|resource| asked(resource)) {
                    for context in contexts() {
                        let request = Request::new(caller(), action, resource, context);
                        let outcome = evaluate(&set, &request).outcome;
                        prop_assert!(outcome == Outcome::Denied, "{:?} {:?}", outcome, request);
                    }
                }
            }
        }
    }

    /// Variables aside: which value of one helps is not always found, and `Maybe` is the answer then.
    #[test]
    fn what_is_allowed_somewhere_is_found(layers in policies(), action in select(ACTIONS.to_vec())) {
        if layers.has_variables() {
            return Ok(());
        }
        let set = layers.set();
        let allowed = RESOURCES.into_iter().filter(|resource| is_lifelike(action, resource)).any(|resource| {
            contexts().into_iter().any(|context| {
                evaluate(&set, &Request::new(caller(), action, resource, context)).outcome == Outcome::Allowed
            })
        });
        if allowed {
            let answer = possible(&set, &Question::new(caller(), action));
            prop_assert!(matches!(answer, Possible::Yes(_)), "{:?}", answer);
        }
    }
}
