//! A role under judgement, with what several rules ask of it, asked once.
//!
//! Owns the way from a role to the policy engine and back to a statement. Never decides what is wrong.

use super::finding::{Finding, Place};
use super::role::{Content, Policy, Role};
use crate::permissions::state::State;
use crate::task::Task;
use iam_policy::analyze::{Grant, Source, grants};
use iam_policy::catalog::Action;
use iam_policy::{
    ActionSet, Caller, Effect, Pattern, PolicySet, Possible, Question, Request, Scope, Statement, Subject,
    expand_scope, possible,
};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use tfplug::schema::Shape;

/// After how many actions of a statement no more are asked for: it is wrong anyway.
const ENOUGH: usize = 50;

/// A role under judgement.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    /// The role.
    pub(super) role: &'a Role<'a>,
    runner: &'a [Role<'a>],
    policies: OnceCell<Option<PolicySet>>,
    allows: OnceCell<Vec<Allow<'a>>>,
    /// The statements that a rule has named.
    named: RefCell<BTreeSet<Place>>,
}

/// A statement that allows something.
#[derive(Debug)]
pub(super) struct Allow<'a> {
    pub(super) place: Place,
    pub(super) statement: &'a Statement,
    /// The actions that it names, whether or not a deny or the boundary takes them away.
    pub(super) actions: ActionSet,
}

/// What one statement really allows of what was asked for.
#[derive(Debug)]
pub(super) struct Allowed {
    pub(super) place: Place,
    /// The actions, at most so many that there is no doubt.
    pub(super) actions: Vec<String>,
    /// One request that is allowed; `None` if it could not be told whether there is one.
    pub(super) witness: Option<Request>,
}

impl<'a> Judged<'a> {
    /// One of the roles of a runner.
    pub(super) fn new(role: &'a Role<'a>, runner: &'a [Role<'a>]) -> Self {
        Self { role, runner, policies: OnceCell::new(), allows: OnceCell::new(), named: RefCell::default() }
    }

    /// Whether it is for one of these tasks.
    pub(super) fn is_for(&self, tasks: &[Task]) -> bool {
        tasks.contains(&self.role.task)
    }

    /// The runner's other roles.
    pub(super) fn siblings(&self) -> impl Iterator<Item = &'a Role<'a>> {
        let own = self.role;
        self.runner.iter().filter(move |other| !std::ptr::eq(*other, own))
    }

    /// What bears on the role; a policy is named by its position. `None` while something is not known yet, for that may
    /// deny as well as allow. What will never be known is left out.
    pub(super) fn policies(&self) -> Option<&PolicySet> {
        self.policies.get_or_init(|| policies(self.role)).as_ref()
    }

    /// The same, if the role is for one of these tasks.
    pub(super) fn policies_of(&self, tasks: &[Task]) -> Option<&PolicySet> {
        self.is_for(tasks).then(|| self.policies()).flatten()
    }

    /// The role as the one who makes requests.
    pub(super) fn caller(&self) -> Caller {
        Caller::Role { arn: self.role.arn.clone(), session: None }
    }

    /// The role as the subject of an analysis. Nothing else is known of its requests.
    pub(super) fn subject(&self) -> Subject {
        Subject::new(self.caller())
    }

    /// The state that the role declared, if all of it is known.
    pub(super) fn state(&self) -> Option<&'a State> {
        state_of(self.role)
    }

    /// Every statement of a known policy that allows something.
    pub(super) fn allows(&self) -> &[Allow<'a>] {
        self.allows.get_or_init(|| {
            let statements = statements(self.role);
            let allowing = statements.filter(|(_, statement)| statement.effect == Effect::Allow);
            let of = |(place, statement): (Place, &'a Statement)| Allow {
                place,
                statement,
                actions: expand_scope(&statement.actions).actions,
            };
            allowing.map(of).collect()
        })
    }

    /// Marks a statement as named by a rule.
    pub(super) fn name(&self, place: Place) {
        self.named.borrow_mut().insert(place);
    }

    /// Whether a rule has named the statement.
    pub(super) fn is_named(&self, place: Place) -> bool {
        self.named.borrow().contains(&place)
    }

    /// Which of the wanted actions the role can really do where the subject does not accept it, by the statement that
    /// allows them. Statements that a rule has named are left out.
    pub(super) fn allowed(&self, subject: &Subject, wanted: impl Fn(&Action) -> bool) -> Vec<Allowed> {
        self.allowed_if(subject, wanted, |_| true)
    }

    /// The same, of what is granted in a way that counts.
    pub(super) fn allowed_if(
        &self,
        subject: &Subject,
        wanted: impl Fn(&Action) -> bool,
        counts: impl Fn(&Grant) -> bool,
    ) -> Vec<Allowed> {
        let Some(policies) = self.policies() else { return Vec::new() };
        let mut found: BTreeMap<Place, Allowed> = BTreeMap::new();
        let open: Vec<&Allow<'_>> = self.allows().iter().filter(|one| !self.is_named(one.place)).collect();
        let all = open.iter().fold(ActionSet::new(), |all, one| all.union(&one.actions));
        for action in all.iter().filter(|action| wanted(action)) {
            let naming: Vec<Place> =
                open.iter().filter(|one| one.actions.contains(action)).map(|one| one.place).collect();
            let enough = |place: &Place| found.get(place).is_some_and(|one| one.actions.len() >= ENOUGH);
            if naming.iter().all(enough) {
                continue;
            }
            for grant in grants(policies, subject, &action.to_string()).into_iter().filter(&counts) {
                let Some(place) = place_of(&grant).filter(|place| naming.contains(place)) else { continue };
                let allowed =
                    found.entry(place).or_insert(Allowed { place, actions: Vec::new(), witness: None });
                allowed.actions.push(action.to_string());
                allowed.witness = allowed.witness.take().or(grant.witness);
            }
        }
        found.into_values().collect()
    }

    /// Whether the role can do something to one resource: with a witness, perhaps, or not.
    pub(super) fn can(&self, question: Question, resource: &str) -> Option<Option<Request>> {
        answer(self.policies()?, question.within(Pattern::literal(resource)))
    }

    /// The statement by which an action is granted on a resource, if one can be named.
    pub(super) fn granting(&self, action: &str, resource: &str) -> Option<Place> {
        let found = grants(self.policies()?, &self.subject(), action);
        let on = |grant: &&Grant| match &grant.resources {
            Scope::Only(all) => all.iter().any(|one| Pattern::new(one).matches(resource)),
            Scope::Except(_) => true,
        };
        found.iter().find(on).or(found.first()).and_then(place_of)
    }

    /// Where the statement stands that an analysis names; `None` if that is the boundary.
    pub(super) fn place(&self, source: &Source) -> Option<Place> {
        Some(Place { policy: source.policy.parse().ok()?, statement: source.statement? })
    }

    /// A finding about a statement, or about the boundary.
    pub(super) fn finding(&self, place: Option<Place>, says: &str, advice: [&str; 2]) -> Finding {
        if let Some(place) = place {
            return Finding::about(self, place, says, advice);
        }
        let boundary = self.role.boundary.as_ref();
        Finding {
            path: boundary.map_or_else(|| self.role.permissions_path.clone(), |policy| policy.path.clone()),
            statement: None,
            level: None,
            what: format!("The permissions boundary {says}."),
            witness: None,
            why: advice[0].to_owned(),
            instead: advice[1].to_owned(),
        }
    }

    /// The policy of a place.
    pub(super) fn policy(&self, place: Place) -> Option<&'a Policy> {
        self.role.policies.get(place.policy)
    }

    /// The statement of a place, as a sentence begins with it.
    pub(super) fn spoken(&self, place: Place) -> String {
        let Some(policy) = self.policy(place) else { return "A statement".to_owned() };
        let statement = match &policy.content {
            Content::Known(document) => document.statements.as_slice().get(place.statement),
            _ => None,
        };
        match statement.and_then(|statement| statement.sid.as_deref()) {
            Some(sid) => format!("Statement `{sid}` of the policy `{}`", policy.name),
            None => format!("Statement {} of the policy `{}`", place.statement + 1, policy.name),
        }
    }
}

/// What a question comes to: a witness, no witness, or a proof that there is none.
pub(super) fn answer(policies: &PolicySet, question: Question) -> Option<Option<Request>> {
    match possible(policies, &question) {
        Possible::Yes(witness) => Some(Some(witness)),
        Possible::Maybe => Some(None),
        Possible::No => None,
    }
}

/// The subject, with what these statements allow accepted, whatever their conditions say.
pub(super) fn accepting(subject: Subject, statements: &[Statement]) -> Subject {
    statements.iter().fold(subject, |subject, statement| {
        let (actions, resources) = (statement.actions.inner(), statement.resources.as_ref());
        let resources = resources.map(|scope| scope.inner().as_slice()).unwrap_or_default();
        let pairs =
            actions.iter().flat_map(|action| resources.iter().map(move |resource| (action, resource)));
        pairs.fold(subject, |subject, (action, resource)| subject.accept(action, resource))
    })
}

/// Where the statement stands that a grant comes from.
pub(super) fn place_of(grant: &Grant) -> Option<Place> {
    let source = grant.source.as_ref()?;
    Some(Place { policy: source.policy.parse().ok()?, statement: source.statement? })
}

fn statements<'a>(role: &'a Role<'a>) -> impl Iterator<Item = (Place, &'a Statement)> {
    role.policies.iter().enumerate().flat_map(|(policy, one)| {
        let statements = match &one.content {
            Content::Known(document) => document.statements.as_slice(),
            _ => &[],
        };
        statements.iter().enumerate().map(move |(statement, one)| (Place { policy, statement }, one))
    })
}

fn policies(role: &Role<'_>) -> Option<PolicySet> {
    let mut set = PolicySet::new();
    for (index, policy) in role.policies.iter().enumerate() {
        set = match &policy.content {
            Content::Known(document) => set.identity(index.to_string(), document),
            Content::NotYetKnown => return None,
            Content::Unreadable(_) => set,
        };
    }
    match role.boundary.as_ref().map(|policy| &policy.content) {
        Some(Content::Known(document)) => Some(set.boundary("boundary", document)),
        Some(Content::NotYetKnown) => None,
        Some(Content::Unreadable(_)) | None => Some(set),
    }
}

/// The state that a role declared, if all of it is known.
pub(super) fn state_of<'a>(role: &'a Role<'_>) -> Option<&'a State> {
    role.permissions?.state.known().filter(|section| section.encode().is_wholly_known())
}
