//! Can it ever: is there any resource and any context in which these policies allow an action?
//!
//! Owns the symbolic question. Never says no without a proof, nor yes without a request that `evaluate` allows.

mod circumstance;
mod region;
mod shape;

use crate::{
    Caller, Context, Effect, Layer, Outcome, Pattern, PolicySet, Request, Truth, Value, catalog, evaluate,
    pattern::Search,
    policy_set::{ActionBuffer, ActionName, CompiledStatement},
};

use region::{Alternatives, Bound, Demand, Resources};

/// How many requests are put to `evaluate` for one question.
const MOST_REQUESTS: usize = 8_192;

const RESOURCE_ACCOUNT: &str = "aws:ResourceAccount";

/// How many combinations of allowing statements, one of each layer, are looked at.
const MOST_COMBINATIONS: usize = 1_024;

/// Whether somebody could ever do something.
#[derive(Clone, Debug)]
pub struct Question {
    caller: Caller,
    action: String,
    within: Option<Pattern>,
    outside: Vec<Pattern>,
    context: Context,
}

impl Question {
    /// Whether `caller` could ever do `action`, on any resource and in any context.
    ///
    /// `action` is one action, such as `s3:GetObject`, and no pattern.
    pub fn new(caller: Caller, action: impl Into<String>) -> Self {
        Self { caller, action: action.into(), within: None, outside: Vec::new(), context: Context::partial() }
    }

    /// Asks only for resources that match.
    #[must_use]
    pub fn within(mut self, resources: Pattern) -> Self {
        self.within = Some(resources);
        self
    }

    /// Asks only for resources that do not match; may be said several times.
    #[must_use]
    pub fn outside(mut self, resources: Pattern) -> Self {
        self.outside.push(resources);
        self
    }

    /// Asks only for contexts that agree with this one: keys that it knows stay, all others are free.
    #[must_use]
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    fn request(&self, resource: &str, context: Context) -> Request {
        Request::new(self.caller.clone(), self.action.clone(), resource, context)
    }

    /// Whether a resource is one that is asked for.
    fn asks_for(&self, resource: &str) -> bool {
        self.within.as_ref().is_none_or(|within| within.matches(resource))
            && !self.outside.iter().any(|outside| outside.matches(resource))
    }
}

/// Whether something could ever be allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Possible {
    /// It is: this request is allowed.
    Yes(Request),
    /// No request was found that is allowed, and no proof that there is none.
    Maybe,
    /// It is never allowed. This is a proof.
    No,
}

/// Answers a question about what a set of policies could ever allow.
///
/// Looks for a resource that an allowing statement of each layer covers and no denying one does, then for condition
/// keys under which the allows hold and the denies do not, and asks [`evaluate()`] of what it found. Says
/// [`Possible::No`] when no statement can allow the action, or when denies that hold in any context cover every resource
/// of those that do; conditions that contradict each other give [`Possible::Maybe`].
///
/// Where the catalog knows what kinds of resources the action takes, the witness is of such a kind if one is allowed.
/// The resource `*` stands for no resource.
#[must_use]
pub fn possible(policies: &PolicySet, question: &Question) -> Possible {
    let situation = Situation::new(policies, question);
    let mut left = MOST_REQUESTS;
    for combination in &situation.combinations {
        if let Some(witness) = situation.witness(combination, &mut left) {
            return Possible::Yes(witness);
        }
    }
    if situation.is_impossible() { Possible::No } else { Possible::Maybe }
}

/// Statements that together would allow, one of each layer that has to.
type Combination<'a> = Vec<&'a CompiledStatement>;

/// The statements that bear on a question.
struct Situation<'a> {
    policies: &'a PolicySet,
    question: &'a Question,
    /// What is known of every request that is asked for.
    known: Context,
    combinations: Vec<Combination<'a>>,
    /// Denies whose conditions hold in every context.
    denies: Vec<&'a CompiledStatement>,
    /// Denies that hold in some contexts.
    conditional: Vec<&'a CompiledStatement>,
}

impl<'a> Situation<'a> {
    fn new(policies: &'a PolicySet, question: &'a Question) -> Self {
        let known = question.request("", question.context.clone()).context().clone();
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
        let limits = [(Layer::Boundary, boundary), (Layer::Session, session)].map(|(layer, allows)| {
            let layer = policies.layer(layer);
            // A limit whose content is not known could let anything through.
            (layer.exists() && layer.unknown().is_empty()).then_some(allows)
        });
        let granted: Vec<Combination<'a>> = [Layer::Identity, Layer::Resource]
            .into_iter()
            .filter(|layer| !policies.layer(*layer).unknown().is_empty())
            .map(|_| Vec::new())
            .chain(identity.iter().map(|one| vec![*one]))
            .collect();
        let both = resource
            .iter()
            .flat_map(|one| identity.iter().map(|other| vec![*other, *one]).chain([vec![*one]]));
        let limited = granted.into_iter().chain(both).flat_map(|start| extend(start, &limits));
        // A grant by the resource's policy may reach past limits.
        let past = resource.iter().filter(|_| limits.iter().any(Option::is_some)).map(|one| vec![*one]);
        situation.combinations = limited.chain(past).take(MOST_COMBINATIONS + 1).collect();
        situation
    }

    /// The allows of a layer that can hold for this question; denies are put aside.
    fn allows(&mut self, layer: Layer) -> Vec<&'a CompiledStatement> {
        let mut allows = Vec::new();
        let mut buffer: ActionBuffer = [0; 96];
        let action = ActionName::new(&self.question.action, &mut buffer);
        for statement in self.policies.layer(layer).statements_for(&action) {
            let hold = Truth::all(statement.tests.iter().map(|test| test.holds(&self.known)));
            match (statement.effect, hold) {
                (_, Truth::False) => {}
                (Effect::Allow, _) => allows.push(statement),
                (Effect::Deny, Truth::True) if statement.principals.is_none() => self.denies.push(statement),
                (Effect::Deny, _) => self.conditional.push(statement),
            }
        }
        allows
    }

    fn resources(&self, statement: &'a CompiledStatement) -> Resources<'_> {
        Resources { scope: statement.resources.as_ref(), known: &self.known }
    }

    fn witness(&self, combination: &Combination<'a>, left: &mut usize) -> Option<Request> {
        let action = catalog::action(&self.question.action).ok();
        let takes_none = action.is_some_and(|action| !action.takes_resource());
        if takes_none && let Some(witness) = self.witness_on("*", combination, left) {
            return Some(witness);
        }
        let account = self.question.caller.account();
        for shape in shape::shapes(action, account) {
            for avoids_all in [true, false] {
                let aim = Aim { bound: Bound::Least, shape: shape.as_ref(), avoids_all };
                if let Search::Found(resource) = self.search(combination, &aim)
                    && let Some(witness) = self.witness_on(&resource, combination, left)
                {
                    return Some(witness);
                }
                if self.conditional.is_empty() {
                    break;
                }
            }
        }
        if takes_none { None } else { self.witness_on("*", combination, left) }
    }

    /// A request about this resource that is allowed, if one of the contexts worth trying makes it so.
    fn witness_on(&self, resource: &str, combination: &Combination<'a>, left: &mut usize) -> Option<Request> {
        if !self.question.asks_for(resource) {
            return None;
        }
        let conditions = |statements: &[&'a CompiledStatement]| -> Vec<circumstance::Versioned<'a>> {
            let of = |statement: &&'a CompiledStatement| {
                let version = statement.version;
                statement.conditions.iter().map(move |condition| (condition, version))
            };
            statements.iter().flat_map(of).collect()
        };
        let (wanted, unwanted) = (conditions(combination), conditions(&self.conditional));
        let known = self.known_of(resource, wanted.iter().chain(&unwanted));
        let named = combination.iter().chain(&self.denies).chain(&self.conditional);
        let variables: Vec<String> = named
            .filter_map(|statement| statement.resources.as_ref())
            .flat_map(crate::Scope::inner)
            .filter(|pattern| pattern.has_variables())
            .flat_map(|pattern| circumstance::names(pattern.as_written()))
            .collect();
        for context in circumstance::contexts(&known, &wanted, &unwanted, &variables) {
            *left = left.checked_sub(1)?;
            let request = self.question.request(resource, context);
            if evaluate(self.policies, &request).outcome == Outcome::Allowed {
                return Some(request);
            }
        }
        None
    }

    /// What is known of requests about this resource. One whose ARN has no account, such as a bucket, is taken to be in
    /// the caller's, where the caller needs nobody else's permission, unless the question or a condition is about it.
    fn known_of<'c>(
        &self,
        resource: &str,
        mut conditions: impl Iterator<Item = &'c circumstance::Versioned<'c>>,
    ) -> Context {
        let request = self.question.request(resource, self.question.context.clone());
        let context = request.context().clone();
        let free = context.get(RESOURCE_ACCOUNT) == Value::Unknown
            && conditions.all(|(condition, _)| !condition.key.eq_ignore_ascii_case(RESOURCE_ACCOUNT));
        match self.question.caller.account() {
            Some(account) if free => context.with(RESOURCE_ACCOUNT, [account]),
            _ => context,
        }
    }

    /// A resource that the combination covers and no deny that holds in any context does.
    fn search(&self, combination: &Combination<'a>, aim: &Aim<'_>) -> Search {
        let covered = combination.iter().map(|allow| self.resources(allow).included(aim.bound));
        let conditional = self.conditional.iter().filter(|_| aim.avoids_all);
        let denies = self.denies.iter().chain(conditional);
        let open = denies.map(|deny| self.resources(deny).excluded(aim.bound));
        let asked = Demand {
            all: self.question.within.iter().chain(aim.shape).cloned().collect(),
            none: self.question.outside.clone(),
        };
        let demands: Vec<Alternatives> = covered.chain(open).chain([vec![asked]]).collect();
        region::search(&demands)
    }

    /// Whether every combination is void: nothing is left of its resources, nor is it about requests without one.
    fn is_impossible(&self) -> bool {
        let without_resource = |combination: &Combination<'a>| {
            self.question.asks_for("*")
                && combination.iter().all(|allow| self.resources(allow).includes_none())
                && !self.denies.iter().any(|deny| self.resources(deny).includes_none())
        };
        let aim = Aim { bound: Bound::Most, shape: None, avoids_all: false };
        self.combinations.len() <= MOST_COMBINATIONS
            && self.combinations.iter().all(|combination| {
                !without_resource(combination) && self.search(combination, &aim) == Search::Empty
            })
    }
}

/// What kind of resource is searched for.
struct Aim<'a> {
    bound: Bound,
    shape: Option<&'a Pattern>,
    /// Whether to keep away from denies that hold in some contexts only.
    avoids_all: bool,
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

#[cfg(test)]
mod tests;
