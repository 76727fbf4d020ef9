//! What generated statements allow, asked of the policy engine. For tests.

use super::narrow::wildcards;
use crate::home::Home;
use iam_policy::pattern::{Search, find};
use iam_policy::{
    Caller, Context, Document, Kind, Outcome, Pattern, PolicySet, Request, Scope, Statement, catalog,
    evaluate_alone,
};
use tfplug::schema::{Attr, Set};

/// Statements under question.
pub(super) struct Probe {
    statements: Vec<Statement>,
    set: PolicySet,
}

impl Probe {
    /// Where the role with the statements lives.
    pub(super) const HOME: Home<'static> = Home { partition: "aws", account_id: "111122223333" };

    /// A role that holds these statements and nothing else. Fails the test if IAM would refuse them.
    pub(super) fn of(statements: Vec<Statement>) -> Self {
        let document = Document::new(statements.clone());
        assert_eq!(document.check(Kind::Identity), Ok(()), "{}", document.to_json());
        Self { set: PolicySet::new().identity("probe", &document), statements }
    }

    /// Whether a request without condition keys of its own is allowed.
    pub(super) fn allows(&self, action: &str, resource: &str) -> bool {
        self.allows_with(action, resource, &[])
    }

    /// Whether a request with these condition keys, and no others of its own, is allowed. Fails the test unless the
    /// catalogue knows the action.
    pub(super) fn allows_with(&self, action: &str, resource: &str, keys: &[(&str, &str)]) -> bool {
        assert!(catalog::action(action).is_ok(), "{action} is not in the catalogue");
        let caller = Caller::Role { arn: "arn:aws:iam::111122223333:role/ci".to_owned(), session: None };
        let context =
            keys.iter().fold(Context::complete(), |context, (key, value)| context.with(key, [*value]));
        let decision = evaluate_alone(&self.set, &Request::new(caller, action, resource, context));
        assert_ne!(decision.outcome, Outcome::Unknown, "{decision}");
        decision.outcome == Outcome::Allowed
    }

    /// Fails the test unless every action is in the catalogue and can be done to one of the statement's resources, every
    /// resource has an action and every condition a key that AWS has for each action, and `*` stands only where nothing
    /// narrower has an effect or a condition limits it.
    pub(super) fn assert_scopes_have_effect(&self) {
        for statement in &self.statements {
            let (Scope::Only(actions), Some(Scope::Only(resources))) =
                (&statement.actions, &statement.resources)
            else {
                panic!("{statement:?}");
            };
            let known =
                |action: &String| catalog::action(action).unwrap_or_else(|unknown| panic!("{unknown}"));
            for action in actions.iter().map(known) {
                let everything = resources.as_slice() == ["*"];
                let limited = !statement.conditions.is_empty();
                assert!(!everything || !action.takes_resource() || limited, "{action} on *");
                let meets = resources.iter().any(|resource| can_be_on(action, resource));
                assert!(everything || meets, "{action} on {resources:?}");
                for condition in &statement.conditions {
                    assert!(has_key(action, &condition.key), "{} for {action}", condition.key);
                }
            }
            for resource in resources.iter().filter(|resource| *resource != "*") {
                let meets = actions.iter().any(|action| can_be_on(known(action), resource));
                assert!(meets, "{resource} is of no action of {actions:?}");
            }
        }
    }
}

/// Whether requests for the action can carry the key. Every request says in which region it is made.
fn has_key(action: &catalog::Action, key: &str) -> bool {
    let first = |key: &str| key.split('/').next().unwrap_or_default().to_owned();
    let fits = |known: &str| match known.split_once("${") {
        Some((beginning, _)) if !beginning.contains('/') => key.starts_with(beginning),
        _ => first(known) == first(key),
    };
    key == "aws:RequestedRegion" || action.condition_keys().any(fits)
}

/// Whether the ARN has the form of one of the types that the action is on. IAM also compares task definitions without
/// the revision that their form has.
fn can_be_on(action: &catalog::Action, resource: &str) -> bool {
    let service = catalog::service(action.service()).unwrap();
    let types = action.resource_types().filter_map(|(name, _)| service.resource_type(name));
    let mut forms =
        types.flat_map(|one| one.arns().collect::<Vec<_>>()).map(|form| Pattern::new(&wildcards(&form)));
    let written = [Pattern::new(resource), Pattern::new(&format!("{resource}:*"))];
    forms.any(|form| written.iter().any(|one| find(&[&form, one], &[]) != Search::Empty))
}

/// A known set of known texts.
pub(super) fn set(texts: &[&str]) -> Attr<Set<String>> {
    Attr::Known(Set(texts.iter().map(|text| Attr::Known((*text).to_owned())).collect()))
}
