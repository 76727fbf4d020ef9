//! Actions on resources and in regions, as statements.
//!
//! Owns what `resources` and `regions` do. Never widens: an action that is done to none of the resources is left out.

use super::narrow::{Narrowed, narrow};
use super::{Permissions, texts};
use iam_policy::Statement;
use iam_policy::catalog::Action;
use tfplug::schema::Attr;

/// The condition key that tells to which region's endpoint a request went.
const REGION: &str = "aws:RequestedRegion";

/// What `resources` and `regions` say.
#[derive(Debug)]
pub(super) struct Limits {
    pub(super) resources: Option<Vec<String>>,
    pub(super) regions: Option<Vec<String>>,
}

impl Limits {
    pub(super) fn of(permissions: &Permissions) -> Self {
        let given = |set: &Attr<_>| set.known().map(|_| texts(set));
        Self { resources: given(&permissions.resources), regions: given(&permissions.regions) }
    }

    /// Whether nothing is limited.
    pub(super) fn is_open(&self) -> bool {
        self.resources.is_none() && self.regions.is_none()
    }
}

/// Statements, and what could not be limited.
#[derive(Debug, Default)]
pub(super) struct Placed {
    pub(super) statements: Vec<Statement>,
    /// Actions on every resource although `resources` is given.
    pub(super) unscoped: Vec<&'static Action>,
    /// Actions that are left out, since they are done to none of the resources.
    pub(super) out_of_scope: Vec<&'static Action>,
    /// Actions in every region although `regions` is given.
    pub(super) global: Vec<&'static Action>,
    /// Resources that none of the actions is done to.
    pub(super) unused: Vec<String>,
}

impl Placed {
    /// Adds what was placed on some of the resources by itself.
    pub(super) fn add(&mut self, other: Self) {
        self.unused.retain(|resource| other.unused.contains(resource) || !other.names(resource));
        self.statements.extend(other.statements);
        self.global.extend(other.global);
    }

    fn names(&self, resource: &String) -> bool {
        let mut resources = self.statements.iter().filter_map(|statement| statement.resources.as_ref());
        resources.any(|scope| scope.inner().as_slice().contains(resource))
    }
}

/// Puts the actions where the limits allow. `sid` names the statement on every resource.
pub(super) fn place(actions: Vec<&'static Action>, limits: &Limits, sid: &str) -> Placed {
    let narrowed = match &limits.resources {
        None => Narrowed::on_everything(actions),
        Some(resources) => narrow(actions, resources),
    };
    let Narrowed { mut groups, unscoped, out_of_scope, unused } = narrowed;
    if !unscoped.is_empty() {
        groups.entry(vec!["*".to_owned()]).or_default().extend(&unscoped);
    }
    let mut placed = Placed { unscoped, out_of_scope, unused, ..Placed::default() };
    for (resources, actions) in groups {
        let named = resources.iter().any(|resource| resource != "*");
        let (global, regional): (Vec<_>, Vec<_>) =
            actions.into_iter().partition(|action| limits.regions.is_some() && action.is_global());
        let on = |actions: &[&'static Action], suffix: &str| {
            let statement = resources.iter().fold(allow(actions), Statement::resource);
            if named { statement } else { statement.sid(format!("{sid}{suffix}")) }
        };
        if !global.is_empty() {
            placed.statements.push(on(&global, "Global"));
        }
        if !regional.is_empty() {
            let statement = on(&regional, "");
            placed.statements.push(match &limits.regions {
                Some(regions) => statement.condition("StringEquals", REGION, regions),
                None => statement,
            });
        }
        placed.global.extend(global);
    }
    placed
}

/// A statement that allows these, each by its name.
pub(super) fn allow(actions: &[&'static Action]) -> Statement {
    Statement::allow(actions.iter().map(ToString::to_string))
}
