//! The statements that bear on a question, and the combinations that could allow what is asked.
//!
//! Owns the sorting of statements and the proof that nothing is possible. Never tries a request.

use crate::{
    Caller, Context, Effect, Layer, Pattern, PolicySet, Scope, Truth,
    pattern::Search,
    policy_set::{ActionBuffer, ActionName, CompiledStatement, ResourcePattern},
};

use super::{
    Question, RESOURCE_ACCOUNT,
    region::{self, Alternatives, Bound, Demand, Resources},
};

/// How many combinations of allowing statements, one of each layer, are looked at.
const MOST_COMBINATIONS: usize = 1_024;

/// Statements that together would allow, one of each layer that has to.
pub(super) type Combination<'a> = Vec<&'a CompiledStatement>;

/// The statements that bear on a question.
pub(super) struct Situation<'a> {
    pub(super) policies: &'a PolicySet,
    pub(super) question: &'a Question,
    /// What is known of every request that is asked for.
    pub(super) known: Context,
    pub(super) combinations: Vec<Combination<'a>>,
    /// Denies that hold in every context.
    pub(super) denies: Vec<&'a CompiledStatement>,
    /// Denies that hold in some contexts.
    pub(super) conditional: Vec<&'a CompiledStatement>,
}

impl<'a> Situation<'a> {
    pub(super) fn new(policies: &'a PolicySet, question: &'a Question) -> Self {
        let known = question.request("", question.context.clone()).context().clone();
        // It follows from the resource, which is yet to be found.
        let known =
            if question.context.mentions(RESOURCE_ACCOUNT) { known } else { known.unknown(RESOURCE_ACCOUNT) };
        let mut situation = Self {
            policies,
            question,
            known,
            combinations: Vec::new(),
            denies: Vec::new(),
            conditional: Vec::new(),
        };
        let [identity, boundary, session, resource] =
            [Layer::Identity, Layer::Boundary, Layer::Session, Layer::Resource]
                .map(|layer| situation.allows(layer));
        let is_limited = is_identity(&question.caller);
        let limits = [(Layer::Boundary, boundary), (Layer::Session, session)].map(|(layer, allows)| {
            let layer = policies.layer(layer);
            // A limit whose content is not known could let anything through.
            (is_limited && layer.exists() && layer.unknown().is_empty()).then_some(allows)
        });
        let granted: Vec<Combination<'a>> = [Layer::Identity, Layer::Resource]
            .into_iter()
            .filter(|layer| !policies.layer(*layer).unknown().is_empty())
            // A policy whose content is not known could allow anything.
            .map(|_| Vec::new())
            .chain(identity.iter().map(|one| vec![*one]))
            .collect();
        let both = resource
            .iter()
            .flat_map(|one| identity.iter().map(|other| vec![*other, *one]).chain([vec![*one]]));
        let limited = granted.into_iter().chain(both).flat_map(|start| extend(start, &limits));
        // A grant by the resource's policy may reach past limits.
        let past = resource.iter().filter(|_| limits.iter().any(Option::is_some)).map(|one| vec![*one]);
        let root = matches!(question.caller, Caller::Root { .. }).then(Vec::new);
        situation.combinations = limited.chain(past).chain(root).take(MOST_COMBINATIONS + 1).collect();
        situation
    }

    /// The allows of a layer that can hold for this question; denies are put aside.
    fn allows(&mut self, layer: Layer) -> Vec<&'a CompiledStatement> {
        let mut allows = Vec::new();
        // Others have no policies of their own; the root user needs none.
        if layer != Layer::Resource && !is_identity(&self.question.caller) {
            return allows;
        }
        let mut buffer: ActionBuffer = [0; 96];
        let action = ActionName::new(&self.question.action, &mut buffer);
        for statement in self.policies.layer(layer).statements_for(&action) {
            let hold = Truth::all(statement.tests.iter().map(|test| test.holds(&self.known)));
            match (statement.effect, hold) {
                (_, Truth::False) => {}
                (Effect::Allow, _) => allows.push(statement),
                (Effect::Deny, Truth::True) if is_certain(statement) => self.denies.push(statement),
                (Effect::Deny, _) => self.conditional.push(statement),
            }
        }
        allows
    }

    /// What a resource must be for the combination to cover it and for no deny that holds in any context to do so;
    /// `avoids_all` keeps away from denies that hold in some contexts only, too.
    pub(super) fn demands(
        &self,
        combination: &Combination<'a>,
        aim: &Aim<'_>,
        avoids_all: bool,
    ) -> Vec<Alternatives> {
        let resources = |statement| resources(statement, aim.known);
        let covered = combination.iter().map(|allow| resources(allow).included(aim.bound));
        let conditional = self.conditional.iter().filter(|_| avoids_all);
        let denies = self.denies.iter().chain(conditional);
        let open = denies.map(|deny| resources(deny).excluded(aim.bound));
        covered.chain(open).collect()
    }

    /// A resource that is asked for, has this shape, and meets the demands.
    pub(super) fn search(
        &self,
        demands: &[Alternatives],
        shape: Option<&Pattern>,
        effort: &mut usize,
    ) -> Search {
        let asked = vec![Demand {
            all: self.question.within.iter().chain(shape).cloned().collect(),
            none: self.question.outside.clone(),
        }];
        // First, for it rules out most of the others.
        let all: Vec<&Alternatives> = std::iter::once(&asked).chain(demands).collect();
        region::search(&all, effort)
    }

    /// Whether every combination is void: nothing is left of its resources, nor is it about requests without one.
    pub(super) fn is_impossible(&self, effort: &mut usize) -> bool {
        let none_is_open = |combination: &Combination<'a>| {
            let included = |statement, bound| resources(statement, &self.known).includes_none(bound);
            self.question.asks_for("*")
                && combination.iter().all(|allow| included(allow, Bound::Most))
                && !self.denies.iter().any(|deny| included(deny, Bound::Least))
        };
        let aim = Aim { bound: Bound::Most, known: &self.known };
        self.combinations.len() <= MOST_COMBINATIONS
            && self.combinations.iter().all(|combination| {
                let demands = self.demands(combination, &aim, false);
                !none_is_open(combination) && self.search(&demands, None, effort) == Search::Empty
            })
    }
}

/// How statements are read for a search.
pub(super) struct Aim<'a> {
    pub(super) bound: Bound,
    /// What is known, and the values of variables.
    pub(super) known: &'a Context,
}

fn resources<'a>(statement: &'a CompiledStatement, known: &'a Context) -> Resources<'a> {
    Resources { scope: statement.resources.as_ref(), known }
}

/// Whether identity-based policies, boundaries and session policies bear on the caller. (The root user needs none.)
fn is_identity(caller: &Caller) -> bool {
    matches!(caller, Caller::Role { .. } | Caller::User { .. } | Caller::Unknown)
}

/// Whether a statement whose conditions hold is about this caller and about resources that do not vary.
fn is_certain(statement: &CompiledStatement) -> bool {
    let vary = |scope: &Scope<Vec<ResourcePattern>>| scope.inner().iter().any(ResourcePattern::has_variables);
    statement.principals.is_none() && !statement.resources.as_ref().is_some_and(vary)
}

/// The combination with an allow of each limit that there is.
fn extend<'a>(start: Combination<'a>, limits: &[Option<Vec<&'a CompiledStatement>>]) -> Vec<Combination<'a>> {
    limits.iter().flatten().fold(vec![start], |combinations, allows| {
        let with = |combination: Combination<'a>| {
            allows.iter().map(move |allow| combination.iter().copied().chain([*allow]).collect())
        };
        combinations.into_iter().flat_map(with).take(MOST_COMBINATIONS + 1).collect()
    })
}
