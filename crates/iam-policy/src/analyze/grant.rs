//! By which statement and on which resources an action is possible.
//!
//! Owns the way from an answer of `possible` to a place in a policy.

use crate::{
    Context, Effect, Layer, PolicySet, Possible, Question, Request, Scope,
    decision::Place,
    evaluate,
    policy_set::{ActionBuffer, ActionName, CompiledStatement, ResourcePattern},
    possible,
};

use super::Subject;

/// One way by which an action is possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// As the catalogue spells it.
    pub action: String,
    /// The statement that allows it; of a policy whose content is not known, the policy. `None` if it cannot be told.
    pub source: Option<Source>,
    /// The statement's resources, as written, on which the action is possible, or all but those of `NotResource`. Where a
    /// boundary or session policy leaves only parts of such a resource, those parts as it writes them.
    pub resources: Scope<Vec<String>>,
    /// A request that is allowed. `None` if it could not be told whether there is one: the action is possible, for all
    /// that is known.
    pub witness: Option<Request>,
}

impl Grant {
    /// Whether the action is surely possible.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.witness.is_some()
    }
}

/// A statement of a named policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name that the policy was given in the [`PolicySet`].
    pub policy: String,
    /// What kind of policy it is.
    pub layer: Layer,
    /// The statement, counted from 0. `None` if the policy's content is not known.
    pub statement: Option<usize>,
    /// The statement's `Sid`.
    pub sid: Option<String>,
}

impl Source {
    pub(super) fn of(place: &Place) -> Self {
        Self {
            policy: place.policy.clone(),
            layer: place.layer,
            statement: place.statement.as_ref().map(|(index, _)| *index),
            sid: place.statement.as_ref().and_then(|(_, sid)| sid.clone()),
        }
    }
}

/// Every way by which an action is possible where the subject does not accept it, surest first; none is a proof that it
/// is not.
#[must_use]
pub fn grants(policies: &PolicySet, subject: &Subject, action: &str) -> Vec<Grant> {
    grants_with(policies, &subject.open_question(action), action)
}

/// The same where one more condition key is fixed.
pub(super) fn grants_given(
    policies: &PolicySet,
    subject: &Subject,
    action: &str,
    (key, value): (&str, &str),
) -> Vec<Grant> {
    let context: Context = subject.context.clone().with(key, [value]);
    grants_with(policies, &subject.open_question(action).context(context), action)
}

fn grants_with(policies: &PolicySet, question: &Question, action: &str) -> Vec<Grant> {
    let overall = possible(policies, question);
    if matches!(overall, Possible::No) {
        return Vec::new();
    }
    let mut buffer: ActionBuffer = [0; 96];
    let name = ActionName::new(action, &mut buffer);
    let asked = Asked { policies, question, overall: &overall, limits: limits(policies, &name) };
    let statements = policies.layer(Layer::Identity).statements_for(&name);
    let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
    let mut grants: Vec<Grant> =
        allowing.filter_map(|statement| asked.by_statement(action, statement)).collect();
    grants.sort_by_key(|grant| !grant.is_certain());
    let has_certain = grants.first().is_some_and(Grant::is_certain);
    match overall {
        Possible::Yes(witness) if !has_certain => grants.insert(0, by_witness(policies, action, witness)),
        Possible::Maybe if grants.is_empty() => grants.push(by_what_is_not_known(policies, action)),
        _ => {}
    }
    grants
}

/// A question that has been answered for all resources, to be asked for some.
struct Asked<'a> {
    policies: &'a PolicySet,
    question: &'a Question,
    overall: &'a Possible,
    /// For each limit, what it names for this action: see [`limits`].
    limits: Vec<Vec<&'a ResourcePattern>>,
}

impl Asked<'_> {
    /// The resources of one statement on which the action is possible, if it is on any.
    fn by_statement(&self, action: &str, statement: &CompiledStatement) -> Option<Grant> {
        let (resources, witness) = match statement.resources.as_ref()? {
            Scope::Only(patterns) => self.only(patterns)?,
            Scope::Except(patterns) => self.except(patterns)?,
        };
        let source = Some(Source::of(&statement.place));
        Some(Grant { action: action.to_owned(), source, resources, witness })
    }

    fn only(&self, patterns: &[ResourcePattern]) -> Option<(Scope<Vec<String>>, Option<Request>)> {
        let mut witness = None;
        let mut reached = Vec::new();
        for pattern in patterns.iter().flat_map(|pattern| self.narrowed(pattern)) {
            let within = match pattern.widest() {
                everything if everything.is_everything() => self.overall.clone(),
                some => possible(self.policies, &self.question.clone().within(some.clone())),
            };
            match within {
                Possible::No => continue,
                Possible::Maybe => {}
                Possible::Yes(request) => witness = witness.or(Some(request)),
            }
            reached.push(pattern.as_written().to_owned());
        }
        (!reached.is_empty()).then_some((Scope::Only(reached), witness))
    }

    /// The resource as the first limit names it that names nothing but parts of it; or the resource itself.
    fn narrowed<'p>(&'p self, pattern: &'p ResourcePattern) -> Vec<&'p ResourcePattern> {
        let covers = |part: &&ResourcePattern| pattern.widest().covers(part.widest());
        let parts = self.limits.iter().find(|parts| !parts.is_empty() && parts.iter().all(covers));
        parts.cloned().unwrap_or_else(|| vec![pattern])
    }

    fn except(&self, patterns: &[ResourcePattern]) -> Option<(Scope<Vec<String>>, Option<Request>)> {
        let fixed = patterns.iter().filter(|pattern| !pattern.has_variables());
        let rest = fixed.fold(self.question.clone(), |rest, pattern| rest.outside(pattern.widest().clone()));
        let witness = match possible(self.policies, &rest) {
            Possible::No => return None,
            Possible::Maybe => None,
            Possible::Yes(witness) => Some(witness),
        };
        let excepted = patterns.iter().map(|pattern| pattern.as_written().to_owned()).collect();
        Some((Scope::Except(excepted), witness))
    }
}

/// The resources that the boundary, and the session policies, allow the action on, if they are listed; none for a limit
/// that allows it on everything, on all but some, or whose content is not known.
fn limits<'a>(policies: &'a PolicySet, action: &ActionName<'_>) -> Vec<Vec<&'a ResourcePattern>> {
    let of = |layer: Layer| {
        let policies = policies.layer(layer);
        let statements = policies.statements_for(action);
        let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
        let mut listed = Vec::new();
        for statement in allowing {
            let Some(Scope::Only(patterns)) = &statement.resources else { return Vec::new() };
            listed.extend(patterns);
        }
        let open = listed.iter().any(|pattern| pattern.widest().is_everything());
        if open || !policies.unknown().is_empty() { Vec::new() } else { listed }
    };
    [Layer::Boundary, Layer::Session].into_iter().map(of).collect()
}

/// What `evaluate` says of the witness, where no single statement was found: a policy of the resource, perhaps.
fn by_witness(policies: &PolicySet, action: &str, witness: Request) -> Grant {
    let reason = evaluate(policies, &witness).reason;
    let source = reason.policy().zip(reason.layer()).map(|(policy, layer)| Source {
        policy: policy.to_owned(),
        layer,
        statement: reason.statement(),
        sid: reason.sid().map(str::to_owned),
    });
    let resources = Scope::Only(vec![witness.resource().to_owned()]);
    Grant { action: action.to_owned(), source, resources, witness: Some(witness) }
}

fn by_what_is_not_known(policies: &PolicySet, action: &str) -> Grant {
    let unknown =
        [Layer::Identity, Layer::Resource].into_iter().flat_map(|layer| policies.layer(layer).unknown());
    let source = unknown.map(|place| Source::of(place)).next();
    Grant { action: action.to_owned(), source, resources: Scope::Only(vec!["*".to_owned()]), witness: None }
}
