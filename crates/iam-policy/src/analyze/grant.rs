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

use super::{Subject, reach::Reach};

/// How many resources one grant lists.
const MOST_LISTED: usize = 100;

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
    /// How many more resources the statement names, where it names so many that not all were looked at.
    pub unlisted: usize,
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
    let mut buffer: ActionBuffer = [0; 96];
    let name = ActionName::new(action, &mut buffer);
    let reach = Reach::of_name(action);
    if is_beyond_limits(policies, &name, &reach) {
        return Vec::new();
    }
    let asked = Asked {
        policies,
        question,
        action,
        reach,
        limits: limits(policies, &name),
        is_open: is_open(policies, question, &name),
    };
    let statements = policies.layer(Layer::Identity).statements_for(&name);
    let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
    let mut grants: Vec<Grant> = allowing.filter_map(|statement| asked.by_statement(statement)).collect();
    grants.sort_by_key(|grant| !grant.is_certain());
    let has_certain = grants.first().is_some_and(Grant::is_certain);
    if has_certain || !may_be_granted_otherwise(policies, &name) {
        return grants;
    }
    match possible(policies, question) {
        Possible::Yes(witness) => grants.insert(0, by_witness(policies, action, witness)),
        Possible::Maybe if grants.is_empty() => grants.push(by_what_is_not_known(policies, action)),
        Possible::Maybe | Possible::No => {}
    }
    grants
}

/// A question, to be asked of one statement and one resource after another.
struct Asked<'a> {
    policies: &'a PolicySet,
    question: &'a Question,
    action: &'a str,
    reach: Reach,
    /// For each limit, what it names for this action: see [`limits`].
    limits: Vec<Vec<&'a ResourcePattern>>,
    /// Whether nothing but the statement itself decides on which resources the action is possible.
    is_open: bool,
}

impl Asked<'_> {
    /// The resources of one statement on which the action is possible, if it is on any.
    fn by_statement(&self, statement: &CompiledStatement) -> Option<Grant> {
        let mut grant = Grant {
            action: self.action.to_owned(),
            source: Some(Source::of(&statement.place)),
            resources: Scope::Only(Vec::new()),
            unlisted: 0,
            witness: None,
        };
        match statement.resources.as_ref()? {
            Scope::Only(patterns) => self.only(statement, patterns, &mut grant)?,
            Scope::Except(patterns) => self.except(statement, patterns, &mut grant)?,
        }
        Some(grant)
    }

    fn only(
        &self,
        statement: &CompiledStatement,
        patterns: &[ResourcePattern],
        grant: &mut Grant,
    ) -> Option<()> {
        let mut reached = Vec::new();
        for pattern in patterns.iter().filter(|pattern| self.reach.includes(pattern)) {
            let narrowed = self.of(statement.on(Scope::Only(vec![pattern.clone()])));
            for part in self.narrowed(pattern).into_iter().filter(|part| self.reach.includes(part)) {
                if reached.len() == MOST_LISTED {
                    grant.unlisted += 1;
                    continue;
                }
                let needs_no_answer = self.is_open && grant.witness.is_some();
                if !needs_no_answer {
                    match possible(&narrowed, &self.question.clone().within(part.widest().clone())) {
                        Possible::No => continue,
                        Possible::Maybe => {}
                        Possible::Yes(request) => grant.witness = grant.witness.take().or(Some(request)),
                    }
                }
                reached.push(part.as_written().to_owned());
            }
        }
        let is_any = !reached.is_empty();
        grant.resources = Scope::Only(reached);
        is_any.then_some(())
    }

    /// The resource as the first limit names it that names nothing but parts of it; or the resource itself.
    fn narrowed<'p>(&'p self, pattern: &'p ResourcePattern) -> Vec<&'p ResourcePattern> {
        let covers = |part: &&ResourcePattern| pattern.widest().covers(part.widest());
        let parts = self.limits.iter().find(|parts| !parts.is_empty() && parts.iter().all(covers));
        parts.cloned().unwrap_or_else(|| vec![pattern])
    }

    fn except(
        &self,
        statement: &CompiledStatement,
        patterns: &[ResourcePattern],
        grant: &mut Grant,
    ) -> Option<()> {
        let fixed = patterns.iter().filter(|pattern| !pattern.has_variables());
        let rest = fixed.fold(self.question.clone(), |rest, pattern| rest.outside(pattern.widest().clone()));
        grant.witness = match possible(&self.of(statement.clone()), &rest) {
            Possible::No => return None,
            Possible::Maybe => None,
            Possible::Yes(witness) => Some(witness),
        };
        grant.resources = Scope::Except(patterns.iter().map(|one| one.as_written().to_owned()).collect());
        Some(())
    }

    /// The policies as if nothing else of the identity-based ones allowed the action: other statements make no
    /// difference to what this one allows, and would all be tried.
    fn of(&self, statement: CompiledStatement) -> PolicySet {
        self.policies.narrowed(self.action, std::iter::once(statement))
    }
}

/// Whether no deny, limit or acceptance could take a part of what is allowed.
fn is_open(policies: &PolicySet, question: &Question, action: &ActionName<'_>) -> bool {
    let has_limits =
        [Layer::Boundary, Layer::Session].into_iter().any(|layer| policies.layer(layer).exists());
    let has_denies = Layer::ALL.into_iter().any(|layer| {
        policies.layer(layer).statements_for(action).any(|statement| statement.effect == Effect::Deny)
    });
    !has_limits && !has_denies && question.is_about_all()
}

/// Whether anything but a statement of an identity-based policy may allow the action.
pub(super) fn may_be_granted_otherwise(policies: &PolicySet, action: &ActionName<'_>) -> bool {
    let [identity, resource] = [Layer::Identity, Layer::Resource].map(|layer| policies.layer(layer));
    let is_unknown = !identity.unknown().is_empty() || !resource.unknown().is_empty();
    is_unknown || resource.statements_for(action).any(|statement| statement.effect == Effect::Allow)
}

/// Whether the boundary, or the session policies, allow the action on nothing that it can be done to.
pub(super) fn is_beyond_limits(policies: &PolicySet, action: &ActionName<'_>, reach: &Reach) -> bool {
    let mut limits = [Layer::Boundary, Layer::Session].into_iter().map(|layer| policies.layer(layer));
    // A grant by the resource's policy may reach past limits.
    !may_be_granted_otherwise(policies, action)
        && limits.any(|limit| {
            let mut allowing =
                limit.statements_for(action).filter(|statement| statement.effect == Effect::Allow);
            limit.exists() && limit.unknown().is_empty() && !allowing.any(|one| reach.meets(one))
        })
}

/// Whether this resource may be one that the action is allowed on: a quick look before the question is asked.
pub(super) fn may_be_granted_on(policies: &PolicySet, action: &str, arn: &str) -> bool {
    let mut buffer: ActionBuffer = [0; 96];
    let name = ActionName::new(action, &mut buffer);
    let statements = policies.layer(Layer::Identity).statements_for(&name);
    let mut allowing = statements.filter(|statement| statement.effect == Effect::Allow);
    // IAM completes a shortened ARN, which may then stand for much.
    let may_match = |pattern: &ResourcePattern| {
        pattern.widest().matches(arn) || pattern.as_written().matches(':').count() < 5
    };
    may_be_granted_otherwise(policies, &name)
        || allowing.any(|statement| match &statement.resources {
            Some(Scope::Only(patterns)) => patterns.iter().any(may_match),
            Some(Scope::Except(_)) | None => true,
        })
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
    Grant { action: action.to_owned(), source, resources, unlisted: 0, witness: Some(witness) }
}

fn by_what_is_not_known(policies: &PolicySet, action: &str) -> Grant {
    let unknown =
        [Layer::Identity, Layer::Resource].into_iter().flat_map(|layer| policies.layer(layer).unknown());
    let source = unknown.map(|place| Source::of(place)).next();
    let resources = Scope::Only(vec!["*".to_owned()]);
    Grant { action: action.to_owned(), source, resources, unlisted: 0, witness: None }
}
