//! The search for a request that one combination of statements allows.
//!
//! Owns the trying. Never answers without having asked `evaluate`.

use crate::{
    Context, Outcome, Request, catalog,
    condition::variable::Template,
    evaluate,
    pattern::Search,
    policy_set::{CompiledStatement, ResourcePattern},
};

use super::{
    Left, RESOURCE_ACCOUNT,
    circumstance::{self, Versioned},
    region::Bound,
    shape,
    situation::{Aim, Combination, Situation},
};

/// The search for a request that one combination allows.
pub(super) struct Attempt<'s, 'a> {
    situation: &'s Situation<'a>,
    combination: &'s Combination<'a>,
    /// Conditions of the combination.
    wanted: Vec<Versioned<'a>>,
    /// Conditions of denies.
    unwanted: Vec<Versioned<'a>>,
    /// A value for each variable.
    settled: Vec<(String, Vec<String>)>,
    /// What is known, and those values.
    known: Context,
}

impl<'s, 'a> Attempt<'s, 'a> {
    pub(super) fn new(situation: &'s Situation<'a>, combination: &'s Combination<'a>) -> Self {
        let (wanted, unwanted) = (conditions(combination), conditions(&situation.conditional));
        let named = combination.iter().chain(&situation.denies).chain(&situation.conditional);
        let of_resources = named
            .filter_map(|statement| statement.resources.as_ref())
            .flat_map(crate::Scope::inner)
            .flat_map(ResourcePattern::variables)
            .map(str::to_owned);
        let templates: Vec<Template> = wanted
            .iter()
            .chain(&unwanted)
            .flat_map(|(condition, version)| condition.values.iter().map(|value| (value.to_text(), *version)))
            .map(|(text, version)| Template::new(&text, version))
            .collect();
        let of_conditions = templates.iter().flat_map(|template| template.variables().map(str::to_owned));
        let settled = circumstance::settle(&situation.known, of_resources.chain(of_conditions), &wanted);
        let known = with(situation.known.clone(), &settled);
        Self { situation, combination, wanted, unwanted, settled, known }
    }

    /// A request that the combination allows, on a resource that the action could be done to as far as is known.
    pub(super) fn witness(&self, left: &mut Left) -> Option<Request> {
        let Situation { question, conditional, .. } = self.situation;
        let action = catalog::action(&question.action).ok();
        let takes_none = action.is_some_and(|action| !action.takes_resource());
        if takes_none {
            return self.witness_on("*", left);
        }
        let aim = Aim { bound: Bound::Least, known: &self.known };
        let demands = |avoids_all| self.situation.demands(self.combination, &aim, avoids_all);
        let ways =
            if conditional.is_empty() { vec![demands(false)] } else { vec![demands(true), demands(false)] };
        for shape in shape::shapes(question, action) {
            for demands in &ways {
                if let Search::Found(resource) =
                    self.situation.search(demands, Some(&shape), &mut left.effort)
                    && let Some(witness) = self.witness_on(&resource, left)
                {
                    return Some(witness);
                }
            }
        }
        if action.is_none() { self.witness_on("*", left) } else { None }
    }

    /// A request about this resource that is allowed, if one of the contexts worth trying makes it so.
    fn witness_on(&self, resource: &str, left: &mut Left) -> Option<Request> {
        let question = self.situation.question;
        if !question.asks_for(resource) {
            return None;
        }
        for context in circumstance::contexts(&self.known_of(resource), &self.wanted, &self.unwanted) {
            left.requests = left.requests.checked_sub(1)?;
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
        let start = with(question.context.clone(), &self.settled);
        let context = question.request(resource, start).context().clone();
        let mut conditions = self.wanted.iter().chain(&self.unwanted);
        let names_no_account = resource.split(':').nth(4).is_none_or(str::is_empty);
        let free = names_no_account
            && !question.context.mentions(RESOURCE_ACCOUNT)
            && conditions.all(|(condition, _)| !condition.key.eq_ignore_ascii_case(RESOURCE_ACCOUNT));
        match question.caller.account() {
            Some(account) if free => context.with(RESOURCE_ACCOUNT, [account]),
            _ => context,
        }
    }
}

/// The context with these keys.
fn with(context: Context, settled: &[(String, Vec<String>)]) -> Context {
    settled.iter().fold(context, |context, (key, values)| context.with(key, values.clone()))
}

fn conditions<'a>(statements: &[&'a CompiledStatement]) -> Vec<Versioned<'a>> {
    let of = |statement: &&'a CompiledStatement| {
        let version = statement.version;
        statement.conditions.iter().map(move |condition| (condition, version))
    };
    statements.iter().flat_map(of).collect()
}
