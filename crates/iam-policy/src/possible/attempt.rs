//! The search for a request that one combination of statements allows.
//!
//! Owns the trying. Never answers without having asked `evaluate`.

use crate::{
    Context, Outcome, Request, Value, Version, catalog, evaluate, pattern::Search,
    policy_set::CompiledStatement,
};

use super::{
    circumstance::{self, Versioned},
    region::Bound,
    shape,
    situation::{Aim, Combination, Situation},
};

const RESOURCE_ACCOUNT: &str = "aws:ResourceAccount";

/// The search for a request that one combination allows.
pub(super) struct Attempt<'s, 'a> {
    situation: &'s Situation<'a>,
    combination: &'s Combination<'a>,
    /// Conditions of the combination.
    wanted: Vec<Versioned<'a>>,
    /// Conditions of denies.
    unwanted: Vec<Versioned<'a>>,
    /// What is known, and a value for each variable.
    known: Context,
}

impl<'s, 'a> Attempt<'s, 'a> {
    pub(super) fn new(situation: &'s Situation<'a>, combination: &'s Combination<'a>) -> Self {
        let (wanted, unwanted) = (conditions(combination), conditions(&situation.conditional));
        let named = combination.iter().chain(&situation.denies).chain(&situation.conditional);
        let of_resources = named
            .filter_map(|statement| statement.resources.as_ref())
            .flat_map(crate::Scope::inner)
            .filter(|pattern| pattern.has_variables())
            .flat_map(|pattern| circumstance::variables(pattern.as_written()));
        let of_conditions = wanted
            .iter()
            .chain(&unwanted)
            .filter(|(_, version)| *version == Version::V2012)
            .flat_map(|(condition, _)| &condition.values)
            .flat_map(|value| circumstance::variables(&value.to_text()));
        let known = circumstance::settle(&situation.known, of_resources.chain(of_conditions), &wanted);
        Self { situation, combination, wanted, unwanted, known }
    }

    /// A request that the combination allows, on a resource as lifelike as can be had.
    pub(super) fn witness(&self, left: &mut usize) -> Option<Request> {
        let Situation { question, conditional, .. } = self.situation;
        let action = catalog::action(&question.action).ok();
        let takes_none = action.is_some_and(|action| !action.takes_resource());
        if takes_none && let Some(witness) = self.witness_on("*", left) {
            return Some(witness);
        }
        for shape in shape::shapes(action, question.caller.account()) {
            for avoids_all in [true, false] {
                let aim = Aim { bound: Bound::Least, shape: shape.as_ref(), avoids_all };
                if let Search::Found(resource) = self.situation.search(self.combination, &self.known, &aim)
                    && let Some(witness) = self.witness_on(&resource, left)
                {
                    return Some(witness);
                }
                if conditional.is_empty() {
                    break;
                }
            }
        }
        if takes_none { None } else { self.witness_on("*", left) }
    }

    /// A request about this resource that is allowed, if one of the contexts worth trying makes it so.
    fn witness_on(&self, resource: &str, left: &mut usize) -> Option<Request> {
        let question = self.situation.question;
        if !question.asks_for(resource) {
            return None;
        }
        for context in circumstance::contexts(&self.known_of(resource), &self.wanted, &self.unwanted) {
            *left = left.checked_sub(1)?;
            let request = question.request(resource, context);
            if evaluate(self.situation.policies, &request).outcome == Outcome::Allowed {
                return Some(request);
            }
        }
        None
    }

    /// What is known of requests about this resource. One whose ARN has no account, such as a bucket, is taken to be in
    /// the caller's, where the caller needs nobody else's permission, unless the question or a condition is about it.
    fn known_of(&self, resource: &str) -> Context {
        let question = self.situation.question;
        let context = question.request(resource, self.known.clone()).context().clone();
        let mut conditions = self.wanted.iter().chain(&self.unwanted);
        let free = context.get(RESOURCE_ACCOUNT) == Value::Unknown
            && conditions.all(|(condition, _)| !condition.key.eq_ignore_ascii_case(RESOURCE_ACCOUNT));
        match question.caller.account() {
            Some(account) if free => context.with(RESOURCE_ACCOUNT, [account]),
            _ => context,
        }
    }
}

fn conditions<'a>(statements: &[&'a CompiledStatement]) -> Vec<Versioned<'a>> {
    let of = |statement: &&'a CompiledStatement| {
        let version = statement.version;
        statement.conditions.iter().map(move |condition| (condition, version))
    };
    statements.iter().flat_map(of).collect()
}
