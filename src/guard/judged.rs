//! A role under judgement, with what several rules ask of it, asked once.
//!
//! Owns the way from a role to the policy engine and back to a statement. Never decides what is wrong.

use super::finding::{Finding, Place};
use super::managed;
use super::role::{Content, Policy, Role};
use super::tags;
use crate::permissions::state::{self, Access, State};
use crate::task::Task;
use crate::trust::entrance::{is_exact, is_negated};
use iam_policy::analyze::{Grant, Source, grants};
use iam_policy::catalog::{self, Action};
use iam_policy::{
    ActionSet, Allowance, Caller, Condition, Context, Document, Effect, Pattern, PolicySet, Possible,
    Question, Request, Scalar, Scope, Statement, Subject, expand_scope, possible,
};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tfplug::schema::Shape;

/// After how many actions of a statement no more are asked for: it is wrong anyway.
const ENOUGH: usize = 50;

/// How many places of patterns are looked at for one role before what is left counts as possible. The roles that the tests
/// have take ten thousand at most; a hundred patterns with many wildcards each would take minutes.
const SEARCHED: usize = 4_000_000;

/// A name that nobody has in mind.
pub(super) const ANY_OTHER: &str = "any-other-51c0ffee";

/// The name of the boundary among the policies.
const BOUNDARY: &str = "boundary";

/// A role under judgement.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    /// The role.
    pub(super) role: &'a Role<'a>,
    runner: &'a [Role<'a>],
    allows: OnceCell<Vec<Allow<'a>>>,
    /// What no allow gives, whatever it is on: denied without conditions, or beyond the boundary.
    beyond: OnceCell<Beyond>,
    /// The statements that a rule has named.
    named: RefCell<BTreeSet<Place>>,
    /// What all questions about the role may spend.
    allowance: Allowance,
    /// Whether conditions on tags are left out that nearly any value meets.
    open_tags: bool,
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
    /// The actions that it surely allows, at most so many that there is no doubt.
    pub(super) actions: Vec<String>,
    /// Those of which it could not be told; they count.
    pub(super) doubtful: Vec<String>,
    /// One request that is allowed, if one is known.
    pub(super) witness: Option<Request>,
}

impl Allowed {
    fn by(place: Place) -> Self {
        Self { place, actions: Vec::new(), doubtful: Vec::new(), witness: None }
    }

    /// What the statement allows in one case or another.
    fn join(&mut self, other: Self) {
        self.actions.extend(other.actions);
        self.doubtful.extend(other.doubtful);
        for list in [&mut self.actions, &mut self.doubtful] {
            list.sort();
            list.dedup();
        }
        self.doubtful.retain(|action| !self.actions.contains(action));
        self.witness = self.witness.take().or(other.witness);
    }
}

impl<'a> Judged<'a> {
    /// One of the roles of a runner.
    pub(super) fn new(role: &'a Role<'a>, runner: &'a [Role<'a>]) -> Self {
        Self::within(role, runner, Allowance::new(SEARCHED))
    }

    /// The same, with what all questions about the role may spend.
    pub(super) fn within(role: &'a Role<'a>, runner: &'a [Role<'a>], allowance: Allowance) -> Self {
        let (allows, beyond) = (OnceCell::new(), OnceCell::new());
        Self { role, runner, allows, beyond, named: RefCell::default(), allowance, open_tags: false }
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

    /// Whether a rule for these tasks has something to say: not while something is not known yet, for that may deny as
    /// well as allow.
    pub(super) fn is_known_for(&self, tasks: &[Task]) -> bool {
        self.is_for(tasks) && self.is_known()
    }

    /// Whether all policies are known that ever will be.
    pub(super) fn is_known(&self) -> bool {
        let mut all = self.role.policies.iter().chain(&self.role.boundary);
        all.all(|policy| !matches!(policy.content, Content::NotYetKnown))
    }

    /// The role as the one who makes requests.
    pub(super) fn caller(&self) -> Caller {
        Caller::Role { arn: self.role.arn.clone(), session: None }
    }

    /// The role as the subject of an analysis. Nothing else is known of its requests.
    pub(super) fn subject(&self) -> Subject {
        Subject::new(self.caller()).allowance(self.allowance.clone())
    }

    /// The question whether the role can ever do something.
    pub(super) fn question(&self, action: &str) -> Question {
        Question::new(self.caller(), action).allowance(self.allowance.clone())
    }

    /// The state that the role declared, if all of it is known.
    pub(super) fn state(&self) -> Option<&'a State> {
        state_of(self.role)
    }

    /// The role, with what its state takes accepted where no condition limits it; and what the state takes under
    /// conditions, such as the items of a lock table, which [`is_granted_as`](Self::is_granted_as) compares.
    pub(super) fn with_state(&self, access: Access) -> (Subject, Vec<Statement>) {
        let section = self.state().map(|section| state::statements(section, access, self.role.home));
        let (whole, under_conditions): (Vec<Statement>, Vec<Statement>) =
            section.into_iter().flatten().partition(|statement| statement.conditions.is_empty());
        (accepting(self.subject(), &whole), under_conditions)
    }

    /// Every statement of a known policy that allows something.
    pub(super) fn allows(&self) -> &[Allow<'a>] {
        self.allows.get_or_init(|| {
            let mut allows = Vec::new();
            for (policy, document) in documents(self.role) {
                let actions = managed::actions(document);
                for (index, (statement, actions)) in
                    document.statements.iter().zip(actions.iter()).enumerate()
                {
                    if statement.effect == Effect::Allow {
                        let place = Place { policy, statement: index };
                        allows.push(Allow { place, statement, actions: actions.clone() });
                    }
                }
            }
            allows
        })
    }

    /// What bears on requests for these actions: the statements that allow them, reduced to them, and every deny and
    /// limit. A policy is named by the place of its one statement.
    pub(super) fn set_for(&self, actions: &[&Action]) -> PolicySet {
        let mut set = PolicySet::new();
        for allow in self.allows() {
            let named: Vec<String> = actions
                .iter()
                .filter(|action| allow.actions.contains(action))
                .map(ToString::to_string)
                .collect();
            if !named.is_empty() {
                let mut conditions = allow.statement.conditions.clone();
                conditions.retain(|condition| !(self.open_tags && tags::is_open(condition)));
                let statement = Statement {
                    sid: allow.statement.sid.clone(),
                    effect: Effect::Allow,
                    principals: None,
                    actions: Scope::Only(named.into_iter().collect()),
                    resources: allow.statement.resources.clone(),
                    conditions,
                };
                set = set.identity(allow.place.key(), &self.alone(allow.place, statement));
            }
        }
        for (policy, document) in documents(self.role) {
            for (statement, deny) in document.statements.iter().enumerate() {
                if deny.effect == Effect::Deny {
                    let place = Place { policy, statement };
                    set = set.identity(place.key(), &self.alone(place, deny.clone()));
                }
            }
        }
        match boundary(self.role) {
            Some(document) => set.boundary(BOUNDARY, document),
            None => set,
        }
    }

    /// What people wrote, each statement as a policy that is named by its place, and the boundary.
    pub(super) fn written(&self) -> PolicySet {
        let mut set = PolicySet::new();
        for (policy, document) in documents(self.role) {
            if self.role.policies.get(policy).is_some_and(Policy::is_of_aws) {
                continue;
            }
            for (statement, one) in document.statements.iter().enumerate() {
                let place = Place { policy, statement };
                set = set.identity(place.key(), &self.alone(place, one.clone()));
            }
        }
        let written = self.role.boundary.as_ref().filter(|policy| !policy.is_of_aws());
        match written.and_then(|_| boundary(self.role)) {
            Some(document) => set.boundary(BOUNDARY, document),
            None => set,
        }
    }

    /// A document of the one statement, in the language of the document that it comes from.
    fn alone(&self, place: Place, statement: Statement) -> Document {
        let whole = documents(self.role).find(|(policy, _)| *policy == place.policy);
        Document { version: whole.and_then(|(_, document)| document.version), ..Document::new([statement]) }
    }

    /// Of the actions that these statements name, those that are wanted and may be left under denies and boundary.
    fn candidates(&self, open: &[&Allow<'_>], wanted: impl Fn(&Action) -> bool) -> Vec<&'static Action> {
        let all = open.iter().fold(ActionSet::new(), |all, one| all.union(&one.actions));
        let beyond = self.beyond.get_or_init(|| Beyond::of(self.role));
        let left = all.difference(&beyond.denied);
        let within = |action: &&Action| beyond.limit.as_ref().is_none_or(|limit| limit.contains(action));
        left.iter().filter(|action| wanted(action)).filter(within).collect()
    }

    /// What bears on requests for one action, if any statement may allow it.
    pub(super) fn set_of(&self, action: &str) -> Option<PolicySet> {
        let open: Vec<&Allow<'_>> = self.allows().iter().collect();
        let known = catalog::action(action).ok()?;
        let found = self.candidates(&open, |one| one == known);
        (!found.is_empty()).then(|| self.set_for(&found))
    }

    /// Marks a statement as named by a rule.
    pub(super) fn name(&self, place: Place) {
        self.named.borrow_mut().insert(place);
    }

    /// Whether a rule has named the statement.
    pub(super) fn is_named(&self, place: Place) -> bool {
        self.named.borrow().contains(&place)
    }

    /// Which of the wanted actions the role can really do where the subject does not accept it, and in a way that
    /// counts, by the statement that allows them. Statements that a rule has named are left out.
    pub(super) fn allowed_if(
        &self,
        subject: &Subject,
        wanted: impl Fn(&Action) -> bool,
        counts: impl Fn(&Grant) -> bool,
    ) -> Vec<Allowed> {
        let mut found: BTreeMap<Place, Allowed> = BTreeMap::new();
        let open: Vec<&Allow<'_>> = self.allows().iter().filter(|one| !self.is_named(one.place)).collect();
        let candidates = self.candidates(&open, wanted);
        if candidates.is_empty() {
            return Vec::new();
        }
        let policies = self.set_for(&candidates);
        for action in candidates {
            let naming: Vec<Place> =
                open.iter().filter(|one| one.actions.contains(action)).map(|one| one.place).collect();
            let count = |one: &Allowed| one.actions.len() + one.doubtful.len();
            let enough = |place: &Place| found.get(place).is_some_and(|one| count(one) >= ENOUGH);
            if naming.iter().all(enough) {
                continue;
            }
            for grant in grants(&policies, subject, &action.to_string()).into_iter().filter(&counts) {
                let Some(place) = place_of(&grant).filter(|place| naming.contains(place)) else { continue };
                let allowed = found.entry(place).or_insert_with(|| Allowed::by(place));
                let actions = if grant.is_certain() { &mut allowed.actions } else { &mut allowed.doubtful };
                actions.push(action.to_string());
                allowed.witness = allowed.witness.take().or(grant.witness);
            }
        }
        found.into_values().collect()
    }

    /// The same role, as it is towards something that no statement has in mind: its tags limit nothing where nearly any
    /// value will do, and [`untagged`](Self::untagged) says that it has none of those that the policies look for.
    pub(super) fn towards_anything(&self) -> Self {
        let (role, runner, allowance) = (self.role, self.runner, self.allowance.clone());
        let named = RefCell::new(self.named.borrow().clone());
        Self { named, open_tags: true, ..Self::within(role, runner, allowance) }
    }

    /// What is known of a request about something that has none of the tags that the role's policies look for.
    pub(super) fn untagged(&self, context: Context) -> Context {
        let documents = documents(self.role).map(|(_, document)| &**document).chain(boundary(self.role));
        let statements = documents.flat_map(|document| document.statements.iter());
        let keys: BTreeSet<&str> = statements
            .flat_map(|statement| &statement.conditions)
            .map(|condition| condition.key.as_str())
            .filter(|key| tags::is_of_resource(key))
            .collect();
        keys.into_iter().fold(context, |context, key| context.without(key))
    }

    /// Whether the role can do something to one resource: with a witness, perhaps, or not.
    pub(super) fn can(&self, action: &str, context: Context, resource: &str) -> Option<Option<Request>> {
        let question = self.question(action).context(context);
        answer(&self.set_of(action)?, question.within(Pattern::literal(resource)))
    }

    /// The statement by which an action is granted on a resource, if one can be named.
    pub(super) fn granting(&self, action: &str, resource: &str) -> Option<Place> {
        let found = grants(&self.set_of(action)?, &self.subject(), action);
        let on = |grant: &&Grant| match &grant.resources {
            Scope::Only(all) => all.iter().any(|one| Pattern::new(one).matches(resource)),
            Scope::Except(_) => true,
        };
        found.iter().find(on).or(found.first()).and_then(place_of)
    }

    /// Where the statement stands that an analysis names; `None` if that is the boundary.
    pub(super) fn place(&self, source: &Source) -> Option<Place> {
        Place::of_key(&source.policy)
    }

    /// Whether a grant is what one of these statements allows, under that statement's conditions or stricter ones.
    pub(super) fn is_granted_as(&self, grant: &Grant, statements: &[Statement]) -> bool {
        let Some(place) = place_of(grant) else { return false };
        let Some(granting) = self.allows().iter().find(|allow| allow.place == place) else { return false };
        let Scope::Only(resources) = &grant.resources else { return false };
        let is_as = |model: &Statement| {
            let names = |action: &String| Pattern::new(action).matches_ignoring_case(&grant.action);
            let of_model: Vec<Pattern> =
                model.resources.iter().flat_map(Scope::inner).map(|one| Pattern::new(one)).collect();
            let covered = |one: &String| of_model.iter().any(|pattern| pattern.covers(&Pattern::new(one)));
            model.actions.inner().iter().any(names)
                && grant.unlisted == 0
                && resources.iter().all(covered)
                && model.conditions.iter().all(|asked| meets(asked, &granting.statement.conditions))
        };
        statements.iter().any(is_as)
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

/// What each statement allows in all.
pub(super) fn joined(all: impl IntoIterator<Item = Allowed>) -> Vec<Allowed> {
    let mut found: BTreeMap<Place, Allowed> = BTreeMap::new();
    for allowed in all {
        found.entry(allowed.place).or_insert_with(|| Allowed::by(allowed.place)).join(allowed);
    }
    found.into_values().collect()
}

/// What a question comes to: a witness, no witness, or a proof that there is none.
pub(super) fn answer(policies: &PolicySet, question: Question) -> Option<Option<Request>> {
    match possible(policies, &question) {
        Possible::Yes(witness) => Some(Some(witness)),
        Possible::Maybe => Some(None),
        Possible::No => None,
    }
}

/// Whether one of these conditions is met only where the first is: it compares the same key in the same way, its values
/// are among those asked for, and what is to be excluded it excludes.
fn meets(asked: &Condition, given: &[Condition]) -> bool {
    let comparison =
        |condition: &Condition| condition.operator.to_ascii_lowercase().replace("equals", "like");
    given.iter().any(|one| {
        let same = one.key.eq_ignore_ascii_case(&asked.key) && comparison(one) == comparison(asked);
        let (narrow, wide) = if is_negated(&asked.operator) { (asked, one) } else { (one, asked) };
        let wide = values(wide);
        same && values(narrow).iter().all(|value| wide.iter().any(|pattern| pattern.covers(value)))
    })
}

/// What a condition's values match; nothing but themselves where the operator knows no wildcards.
fn values(condition: &Condition) -> Vec<Pattern> {
    let exact = is_exact(&condition.operator);
    let pattern = |text: String| if exact { Pattern::literal(&text) } else { Pattern::new(&text) };
    condition.values.iter().map(Scalar::to_text).map(pattern).collect()
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
    Place::of_key(&grant.source.as_ref()?.policy)
}

/// The known policies of a role, by their position.
fn documents<'a>(role: &'a Role<'_>) -> impl Iterator<Item = (usize, &'a Arc<Document>)> {
    role.policies.iter().enumerate().filter_map(|(index, policy)| match &policy.content {
        Content::Known(document) => Some((index, document)),
        _ => None,
    })
}

/// The boundary, if it is known. One that nobody can read limits nothing here.
fn boundary<'a>(role: &'a Role<'_>) -> Option<&'a Document> {
    match role.boundary.as_ref().map(|policy| &policy.content) {
        Some(Content::Known(document)) => Some(document),
        _ => None,
    }
}

/// What no allow gives, whatever it is on.
#[derive(Debug)]
struct Beyond {
    /// Denied on everything, without a condition.
    denied: ActionSet,
    /// All that the boundary allows anywhere.
    limit: Option<ActionSet>,
}

impl Beyond {
    fn of(role: &Role<'_>) -> Self {
        let limits = boundary(role).into_iter();
        let all = documents(role).map(|(_, document)| &**document).chain(limits);
        let denies = all.flat_map(|document| document.statements.iter());
        let denies = denies.filter(|one| one.effect == Effect::Deny && one.conditions.is_empty());
        let blanket = denies.filter(
            |one| matches!(&one.resources, Some(Scope::Only(all)) if all.iter().any(|one| one == "*")),
        );
        let denied =
            blanket.fold(ActionSet::new(), |all, one| all.union(&expand_scope(&one.actions).actions));
        let limit = boundary(role).map(|document| {
            let allows = document.statements.iter().filter(|one| one.effect == Effect::Allow);
            allows.fold(ActionSet::new(), |all, one| all.union(&expand_scope(&one.actions).actions))
        });
        Self { denied, limit }
    }
}

/// The state that a role declared, if all of it is known.
pub(super) fn state_of<'a>(role: &'a Role<'_>) -> Option<&'a State> {
    role.permissions?.state.known().filter(|section| section.encode().is_wholly_known())
}
