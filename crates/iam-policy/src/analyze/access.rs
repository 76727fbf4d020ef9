//! Which actions of the catalogue are possible.
//!
//! Owns the grouping that makes one question do for many actions. Never looks at what an action does beyond its level.

use std::collections::{BTreeMap, HashMap};

use crate::{
    ActionSet, Effect, Layer, PolicySet, Possible, Question, Scope,
    catalog::{self, AccessLevel, Action},
    policy_set::{ActionBuffer, ActionName, CompiledStatement, ResourcePattern},
    possible,
};

use super::{
    Subject,
    grant::{is_beyond_limits, may_be_granted_otherwise},
    reach::Reach,
};

/// The actions that a role's policies allow in some request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Those that are surely possible.
    pub possible: ActionSet,
    /// Those of which it could not be told.
    pub perhaps: ActionSet,
}

impl Access {
    /// All of them, by service and name.
    #[must_use]
    pub fn all(&self) -> ActionSet {
        self.possible.clone().union(&self.perhaps)
    }

    /// All of them by service and level; no service and no level is there without an action.
    #[must_use]
    pub fn by_service(&self) -> BTreeMap<&'static str, BTreeMap<AccessLevel, Vec<&'static Action>>> {
        self.all().by_service()
    }

    /// How many of each level there are; no level is there without an action.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<AccessLevel, usize> {
        self.all().counts()
    }
}

/// The actions of the catalogue that are possible, whatever the subject accepts.
///
/// INVARIANT: of two actions of one service that the same statements are about and that take the same types of
/// resources, one is possible exactly if the other is. The types do not matter where all of those statements are about
/// every resource, except for services whose resources must allow it themselves.
#[must_use]
pub fn access(policies: &PolicySet, subject: &Subject) -> Access {
    let mut access = Access::default();
    let grants = [Layer::Identity, Layer::Resource].map(|layer| policies.layer(layer));
    let may_hide_grants = grants.iter().any(|layer| !layer.unknown().is_empty());
    for service in catalog::services() {
        let mut answers: HashMap<(Vec<&'static str>, Vec<usize>), Option<bool>> = HashMap::new();
        let (mut sure, mut unsure) = (Vec::new(), Vec::new());
        for (place, action) in service.actions().iter().enumerate() {
            let name = action.to_string();
            let about = statements_about(policies, &name);
            if about.is_empty() && !may_hide_grants {
                continue;
            }
            let matters =
                matches!(service.prefix(), "kms" | "sts") || !about.iter().all(|one| is_everywhere(one));
            let types = action.resource_types().map(|(name, _)| name).filter(|_| matters).collect();
            let places = about.iter().map(|one| std::ptr::from_ref(*one).addr()).collect();
            let answer = answers.entry((types, places)).or_insert_with(|| {
                match possible_within_reach(policies, &subject.question(&name), (action, &about)) {
                    Possible::Yes(_) => Some(true),
                    Possible::Maybe => Some(false),
                    Possible::No => None,
                }
            });
            match answer {
                Some(true) => sure.push(place),
                Some(false) => unsure.push(place),
                None => {}
            }
        }
        access.possible.insert_places(service, sure.into_iter());
        access.perhaps.insert_places(service, unsure.into_iter());
    }
    access
}

/// Whether the action is possible on resources that it can be done to, which keeps the question short where a policy
/// lists many others.
fn possible_within_reach(
    policies: &PolicySet,
    question: &Question,
    (action, about): (&Action, &[&CompiledStatement]),
) -> Possible {
    let reach = Reach::of(action);
    let granting = about.iter().filter(|statement| {
        statement.effect == Effect::Allow
            && statement.place.layer == Layer::Identity
            && reach.meets(statement)
    });
    let allows: Vec<CompiledStatement> = granting.map(|statement| reach.part_of(statement)).collect();
    let name = action.to_string();
    let mut buffer: ActionBuffer = [0; 96];
    let asked = ActionName::new(&name, &mut buffer);
    let is_granted = !allows.is_empty() || may_be_granted_otherwise(policies, &asked);
    if !is_granted || is_beyond_limits(policies, &asked, &reach) {
        return Possible::No;
    }
    possible(&policies.narrowed(&name, allows.into_iter()), question)
}

/// The statements of all layers that are about an action.
fn statements_about<'a>(policies: &'a PolicySet, action: &str) -> Vec<&'a CompiledStatement> {
    let mut buffer: ActionBuffer = [0; 96];
    let name = ActionName::new(action, &mut buffer);
    let layers = Layer::ALL.into_iter().map(|layer| policies.layer(layer));
    layers.flat_map(|layer| layer.statements_for(&name)).collect()
}

/// Whether a statement names every resource.
fn is_everywhere(statement: &CompiledStatement) -> bool {
    let everything = |patterns: &[ResourcePattern]| patterns.iter().any(|one| one.widest().is_everything());
    matches!(&statement.resources, Some(Scope::Only(patterns)) if everything(patterns))
}
