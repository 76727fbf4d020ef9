//! Ways to write the same permission.

use iam_policy::{
    Caller, Document, Effect, PolicySet, Scope, Statement, Subject,
    analyze::{Grant, escalate, grants},
    catalog::{self, escalation},
};

/// What must be found together.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Secret(&'static str),
    Path(&'static str, &'static [&'static str]),
}

impl Target {
    pub(crate) fn all() -> Vec<Self> {
        let secrets = catalog::secrets::all().iter().map(|secret| Self::Secret(secret.action));
        let paths = catalog::escalation::paths().iter().map(|path| Self::Path(path.id, &path.actions));
        secrets.chain(paths).collect()
    }

    pub(crate) fn actions(&self) -> Vec<&'static str> {
        match self {
            Self::Secret(action) => vec![action],
            Self::Path(_, actions) => actions.to_vec(),
        }
    }

    /// Whether it is found in a set of policies, and surely so.
    pub(crate) fn found(&self, policies: &PolicySet) -> Option<bool> {
        match self {
            Self::Secret(action) => grants(policies, &planner(), action).first().map(Grant::is_certain),
            Self::Path(id, _) => {
                let path = escalation::paths().iter().find(|path| path.id == *id)?;
                escalate(policies, &planner(), path).map(|one| one.is_certain())
            }
        }
    }

    /// Whether a request for one of its actions needs the policy of a role or key as well, so that nothing about it is
    /// sure.
    pub(crate) fn needs_resource_policy(&self) -> bool {
        self.actions().iter().any(|action| {
            let types = catalog::action(action).unwrap().resource_types();
            let (prefix, _) = action.split_once(':').unwrap();
            types.into_iter().any(|(name, _)| matches!((prefix, name), ("sts", "role") | ("kms", "key")))
        })
    }
}

pub(crate) fn planner() -> Subject {
    Subject::new(Caller::Role { arn: "arn:aws:iam::111122223333:role/planner".to_owned(), session: None })
}

pub(crate) fn set(documents: impl IntoIterator<Item = Document>) -> PolicySet {
    let numbered = documents.into_iter().enumerate();
    numbered
        .fold(PolicySet::new(), |set, (index, document)| set.identity(format!("policy-{index}"), &document))
}

pub(crate) fn allow(actions: &[&str], resource: &str) -> Statement {
    Statement::allow(actions.iter().copied()).resource(resource)
}

pub(crate) fn all_but(effect: Effect, actions: &[&str]) -> Statement {
    let mut statement = Statement::allow(["*"]).resource("*");
    statement.effect = effect;
    statement.actions = Scope::Except(actions.iter().map(|action| (*action).to_owned()).collect());
    statement
}

/// Documents that all allow the actions, by what hides them.
pub(crate) fn disguises(actions: &[&'static str]) -> Vec<(String, Vec<Document>)> {
    let mut disguises = vec![
        ("alone".to_owned(), vec![Document::new([allow(actions, "*")])]),
        ("in another case".to_owned(), {
            let shouted: Vec<String> = actions.iter().map(|action| action.to_uppercase()).collect();
            vec![Document::new([Statement::allow(shouted).resource("*")])]
        }),
        (
            "behind NotAction".to_owned(),
            vec![Document::new([all_but(Effect::Allow, &["a4b:*", "sqs:Send*"])])],
        ),
        ("over statements".to_owned(), {
            let others = allow(&["ec2:DescribeRegions"], "*");
            let each = actions.iter().map(|action| allow(&[action], "*"));
            vec![Document::new([others].into_iter().chain(each))]
        }),
        ("over policies".to_owned(), {
            let each = actions.iter().map(|action| Document::new([allow(&[action], "*")]));
            each.chain([Document::new([allow(&["ec2:DescribeRegions"], "*")])]).collect()
        }),
        ("narrowed to resources".to_owned(), {
            vec![Document::new(actions.iter().map(|action| allow(&[action], &resource_of(action))))]
        }),
        ("all but a resource".to_owned(), {
            let mut statement = allow(actions, "*");
            statement.resources =
                Some(Scope::Except(["arn:aws:s3:::public/*".to_owned()].into_iter().collect()));
            vec![Document::new([statement])]
        }),
        ("on a condition".to_owned(), {
            let when = |action: &&str| {
                allow(&[action], "*").condition("StringEquals", "aws:PrincipalTag/team", ["platform"])
            };
            vec![Document::new(actions.iter().map(when))]
        }),
        ("but for a denied resource".to_owned(), {
            let deny = Statement::deny(actions.iter().copied()).resource("arn:aws:s3:::public/*");
            vec![Document::new([allow(actions, "*")]), Document::new([deny])]
        }),
        ("but for a denied condition".to_owned(), {
            let deny = Statement::deny(["*"]).resource("*").condition(
                "Bool",
                "aws:MultiFactorAuthPresent",
                ["false"],
            );
            vec![Document::new([allow(actions, "*"), deny])]
        }),
    ];
    disguises.extend(WILDCARDS.into_iter().map(|(name, wildcard)| {
        let patterns: Vec<String> = actions.iter().map(|action| wildcard(action)).collect();
        (format!("behind {name}"), vec![Document::new([Statement::allow(patterns).resource("*")])])
    }));
    disguises
}

type Wildcard = fn(&str) -> String;

const WILDCARDS: [(&str, Wildcard); 5] = [
    ("everything", |_| "*".to_owned()),
    ("the service", |action| format!("{}:*", action.split(':').next().unwrap())),
    ("a prefix", |action| format!("{}*", &action[..action.find(':').unwrap() + 4])),
    ("a question mark", |action| format!("{}?", &action[..action.len() - 1])),
    ("a service with a wildcard", |action| format!("*{}", &action[1..])),
];

/// An ARN of a type that the action takes; `*` for one that takes none.
pub(crate) fn resource_of(action: &str) -> String {
    let action = catalog::action(action).unwrap();
    let Some((name, _)) = action.resource_types().next() else { return "*".to_owned() };
    let kind = catalog::service(action.service()).unwrap().resource_type(name).unwrap();
    let mut arn = kind.arns().next().unwrap();
    for (variable, value) in [
        ("${Partition}", "aws"),
        ("${Region}", "eu-west-1"),
        ("${Account}", "111122223333"),
        ("${AccountId}", "111122223333"),
    ] {
        arn = arn.replace(variable, value);
    }
    while let Some((before, rest)) = arn.split_once("${") {
        arn = format!("{before}app-1{}", rest.split_once('}').unwrap().1);
    }
    arn
}
