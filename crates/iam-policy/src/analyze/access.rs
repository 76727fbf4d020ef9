//! Which actions of the catalogue are possible.
//!
//! Owns the grouping that makes one question do for many actions. Never looks at what an action does beyond its level.

use std::collections::{BTreeMap, HashMap};

use crate::{
    ActionSet, Layer, PolicySet, Possible,
    catalog::{self, AccessLevel, Action},
    policy_set::{ActionBuffer, ActionName},
    possible,
};

use super::Subject;

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
        let mut services: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
        for action in self.all().iter() {
            let levels = services.entry(action.service()).or_default();
            levels.entry(action.level()).or_default().push(action);
        }
        services
    }

    /// How many of each level there are; no level is there without an action.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<AccessLevel, usize> {
        let mut counts = BTreeMap::new();
        for action in self.all().iter() {
            *counts.entry(action.level()).or_default() += 1;
        }
        counts
    }
}

/// The actions of the catalogue that are possible, whatever the subject accepts.
///
/// INVARIANT: of two actions of one service that take the same types of resources and that the same statements are
/// about, one is possible exactly if the other is. Nothing else of an action bears on a decision.
#[must_use]
pub fn access(policies: &PolicySet, subject: &Subject) -> Access {
    let mut access = Access::default();
    for service in catalog::services() {
        let mut answers: HashMap<(Vec<&'static str>, Vec<usize>), Option<bool>> = HashMap::new();
        for action in service.actions() {
            let name = action.to_string();
            let about = statements_about(policies, &name);
            let types = action.resource_types().map(|(name, _)| name).collect();
            let answer = answers.entry((types, about)).or_insert_with(|| {
                match possible(policies, &subject.question(&name)) {
                    Possible::Yes(_) => Some(true),
                    Possible::Maybe => Some(false),
                    Possible::No => None,
                }
            });
            match answer {
                Some(true) => access.possible.insert(action),
                Some(false) => access.perhaps.insert(action),
                None => {}
            }
        }
    }
    access
}

/// The statements of all layers that are about an action, as numbers that tell them apart.
fn statements_about(policies: &PolicySet, action: &str) -> Vec<usize> {
    let mut buffer: ActionBuffer = [0; 96];
    let name = ActionName::new(action, &mut buffer);
    let layers = Layer::ALL.into_iter().map(|layer| policies.layer(layer));
    let places = layers.flat_map(|layer| layer.statements_for(&name));
    places.map(|statement| std::sync::Arc::as_ptr(&statement.place).addr()).collect()
}
