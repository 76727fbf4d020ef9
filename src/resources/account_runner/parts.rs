//! What a runner's arguments come to for each of its roles.
//!
//! Owns what a task takes from the runner and what it says for itself. Never asks AWS.

use super::state::{Manages, Role, State, Task as Own};
use crate::home::Home;
use crate::permissions::Permissions;
use crate::task::Task;
use crate::task_role;
use crate::trust::{self, Trust};
use std::collections::BTreeMap;
use tfplug::path::{Path, Step};
use tfplug::schema::{Attr, Map};

/// What provisioners' roles begin with, after the runner's name.
pub(super) const PROVISIONER: &str = "provisioner-";

/// One role of the runner.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    /// By what `roles` names it, and the end of the role's own name unless it has another one.
    pub(super) key: String,
    /// What the role is for.
    pub(super) task: Task,
    /// Where its argument stands.
    pub(super) path: Path,
    own: &'a Own,
}

/// The roles that a runner has, by their key; `None` while that cannot be told.
pub(super) fn parts(runner: &State) -> Option<Vec<Part<'_>>> {
    let own = [
        ("planner", &runner.planner, Task::TerraformPlanner),
        ("applier", &runner.applier, Task::TerraformApplier),
        ("builder", &runner.builder, builds(&runner.builder)),
        ("state_role", &runner.state_role, Task::TerraformState),
        ("invoker", &runner.invoker, Task::Invoker),
    ];
    let mut parts = Vec::new();
    for (argument, own, task) in own {
        match own {
            Attr::Null => {}
            Attr::Unknown => return None,
            Attr::Known(own) => {
                let (key, path) = (task.name().to_owned(), Path::attribute(argument));
                parts.push(Part { key, task, path, own });
            }
        }
    }
    if runner.provisioners.is_unknown() {
        return None;
    }
    for (name, own) in runner.provisioners.known().into_iter().flatten() {
        let path = Path::attribute("provisioners").key(name);
        let key = format!("{PROVISIONER}{name}");
        parts.push(Part { key, task: Task::TerraformApplier, path, own: own.known()? });
    }
    Some(parts)
}

/// What the builder builds.
fn builds(builder: &Attr<Own>) -> Task {
    let permissions = builder.known().and_then(|own| own.permissions.known());
    match permissions.is_some_and(|permissions| !permissions.ami_build.is_null()) {
        true => Task::AmiBuilder,
        false => Task::DockerImageBuilder,
    }
}

impl Part<'_> {
    /// The role that the arguments ask for; what only AWS tells is unknown.
    pub(super) fn role(&self, runner: &State) -> task_role::State {
        let own = self.own;
        task_role::State {
            name: self.name(runner),
            task: Attr::Known(self.task.name().to_owned()),
            description: own.description.clone(),
            trust: self.trust(runner),
            permissions: self.permissions(runner),
            max_session_duration: own.max_session_duration,
            tags: merged(&runner.tags, &own.tags),
            ..common(runner)
        }
    }

    fn name(&self, runner: &State) -> Attr<String> {
        match &self.own.name {
            Attr::Null => runner.name.as_ref().map(|name| format!("{name}-{}", self.key)),
            name => name.clone(),
        }
    }

    /// Its own trust, else the runner's; a planner's is wider.
    fn trust(&self, runner: &State) -> Attr<Trust> {
        match (&self.own.trust, self.task) {
            (Attr::Null, Task::TerraformPlanner) => runner.trust.as_ref().map(trust::widened),
            (Attr::Null, _) => runner.trust.clone(),
            (own, _) => own.clone(),
        }
    }

    /// Its own permissions, and what the runner says of its task where they say nothing.
    fn permissions(&self, runner: &State) -> Attr<Permissions> {
        let mut permissions = match &self.own.permissions {
            Attr::Unknown => return Attr::Unknown,
            own => own.known().cloned().unwrap_or_default(),
        };
        if self.takes_manages() {
            match &runner.manages {
                Attr::Unknown => return Attr::Unknown,
                Attr::Known(Manages { services, resource_types, resources, regions }) => {
                    permissions.services = services.clone();
                    permissions.resource_types = resource_types.clone();
                    permissions.resources = resources.clone();
                    permissions.regions = regions.clone();
                }
                Attr::Null => {}
            }
        }
        if self.takes_state() {
            permissions.state = runner.state.clone();
        }
        match self.own.permissions.is_null() && permissions == Permissions::default() {
            true => Attr::Null,
            false => Attr::Known(permissions),
        }
    }

    /// Whether the runner's `manages` is this role's.
    fn takes_manages(&self) -> bool {
        let is_silent = self.own.permissions.known().is_none_or(|own| {
            own.services.is_null()
                && own.resource_types.is_null()
                && own.resources.is_null()
                && own.regions.is_null()
        });
        is_silent
            && matches!(self.task, Task::TerraformPlanner | Task::TerraformApplier)
            && !self.is_provisioner()
    }

    /// Whether the runner's `state` is this role's.
    fn takes_state(&self) -> bool {
        let is_silent = self.own.permissions.known().is_none_or(|own| own.state.is_null());
        let reads =
            matches!(self.task, Task::TerraformPlanner | Task::TerraformApplier | Task::TerraformState);
        is_silent && reads && !self.is_provisioner()
    }

    pub(super) fn is_provisioner(&self) -> bool {
        self.key.starts_with(PROVISIONER)
    }

    /// Whether somebody is trusted with this role.
    pub(super) fn has_trust(&self, runner: &State) -> bool {
        !self.own.trust.is_null() || !runner.trust.is_null()
    }

    /// Where in the runner's arguments stands what a path of the role's arguments is about.
    pub(super) fn place(&self, path: &Path) -> Path {
        let [first, rest @ ..] = path.steps() else { return self.path.clone() };
        let Step::Attribute(name) = first else { return self.path.clone() };
        let second = match rest.first() {
            Some(Step::Attribute(second)) => second.as_str(),
            _ => "",
        };
        let (root, rest) = match (name.as_str(), second) {
            ("trust", _) if self.own.trust.is_null() => (Path::attribute("trust"), rest),
            ("permissions", "services" | "resource_types" | "resources" | "regions")
                if self.takes_manages() =>
            {
                (Path::attribute("manages"), rest)
            }
            ("permissions", "state") if self.takes_state() => (Path::root(), rest),
            ("permissions", _) if self.own.permissions.is_null() => (self.path.clone(), [].as_slice()),
            ("name", _) if self.own.name.is_null() => (Path::attribute("name"), rest),
            ("name" | "description" | "trust" | "permissions" | "max_session_duration", _) => {
                (self.path.join(name), rest)
            }
            ("tags", _) if self.own.tags.is_null() => (Path::attribute("tags"), rest),
            ("tags", _) => (self.path.join("tags"), rest),
            (name, _) => (Path::attribute(name), rest),
        };
        rest.iter().fold(root, |path, step| match step {
            Step::Attribute(name) => path.join(name),
            Step::Key(key) => path.key(key),
            Step::Index(index) => path.index(*index),
        })
    }
}

/// What all roles of a runner have in common.
fn common(runner: &State) -> task_role::State {
    task_role::State {
        account_id: runner.account_id.clone(),
        path: runner.path.clone(),
        permissions_boundary: runner.permissions_boundary.clone(),
        unmanaged_policies: runner.unmanaged_policies.clone(),
        tolerate: runner.tolerate.clone(),
        deletion_protection: runner.deletion_protection,
        id: Attr::Unknown,
        arn: Attr::Unknown,
        unique_id: Attr::Unknown,
        create_date: Attr::Unknown,
        assume_role_policy: Attr::Unknown,
        trust_summary: Attr::Unknown,
        permissions_summary: Attr::Unknown,
        inline_policies: Attr::Unknown,
        managed_policies: Attr::Unknown,
        policy_size: Attr::Unknown,
        effective_session_duration: Attr::Unknown,
        tags_all: Attr::Unknown,
        ..task_role::State::default()
    }
}

/// The tags of the runner under those of the task.
fn merged(runner: &Attr<Map<String>>, own: &Attr<Map<String>>) -> Attr<Map<String>> {
    match (runner, own) {
        (Attr::Unknown, _) | (_, Attr::Unknown) => Attr::Unknown,
        (Attr::Null, tags) | (tags, Attr::Null) => tags.clone(),
        (Attr::Known(runner), Attr::Known(own)) => {
            let mut tags = runner.clone();
            tags.extend(own.clone());
            Attr::Known(tags)
        }
    }
}

/// The roles that the state of a runner has, by their key, as they were last seen.
pub(super) fn seen(runner: &State) -> BTreeMap<String, task_role::State> {
    let parts = parts(runner).unwrap_or_default();
    let roles = runner.roles.known().into_iter().flatten();
    let known = roles.filter_map(|(key, role)| Some((key, role.known()?)));
    let seen = known.map(|(key, role)| {
        let part = parts.iter().find(|part| part.key == *key);
        let asked = part.map_or_else(|| common(runner), |part| part.role(runner));
        (key.clone(), role.over(asked))
    });
    seen.collect()
}

impl Role {
    /// What is shown of a role.
    pub(super) fn of(role: &task_role::State) -> Self {
        Self {
            arn: role.arn.clone(),
            name: role.name.clone(),
            task: role.task.clone(),
            description: role.description.clone(),
            unique_id: role.unique_id.clone(),
            create_date: role.create_date.clone(),
            max_session_duration: role.max_session_duration,
            effective_session_duration: role.effective_session_duration.clone(),
            permissions_boundary: role.permissions_boundary.clone(),
            assume_role_policy: role.assume_role_policy.clone(),
            trust_summary: role.trust_summary.clone(),
            permissions_summary: role.permissions_summary.clone(),
            inline_policies: role.inline_policies.clone(),
            managed_policies: role.managed_policies.clone(),
            policy_size: role.policy_size.clone(),
            tags_all: role.tags_all.clone(),
        }
    }

    /// The role that the arguments asked for, as it was last seen.
    pub(super) fn over(&self, asked: task_role::State) -> task_role::State {
        task_role::State {
            id: self.arn.clone(),
            arn: self.arn.clone(),
            name: self.name.clone(),
            task: self.task.clone(),
            description: self.description.clone(),
            unique_id: self.unique_id.clone(),
            create_date: self.create_date.clone(),
            max_session_duration: self.max_session_duration,
            effective_session_duration: self.effective_session_duration.clone(),
            permissions_boundary: self.permissions_boundary.clone(),
            assume_role_policy: self.assume_role_policy.clone(),
            trust_summary: self.trust_summary.clone(),
            permissions_summary: self.permissions_summary.clone(),
            inline_policies: self.inline_policies.clone(),
            managed_policies: self.managed_policies.clone(),
            policy_size: self.policy_size.clone(),
            tags_all: self.tags_all.clone(),
            ..asked
        }
    }
}

/// What imports the runner: account and name, and the roles that are not named after it.
pub(super) fn import_id(runner: &State) -> String {
    let parts = parts(runner).unwrap_or_default();
    let renamed = parts.iter().filter_map(|part| Some(format!(",{}={}", part.key, part.own.name.known()?)));
    let id = runner.id.known().cloned().unwrap_or_default();
    std::iter::once(id).chain(renamed).collect()
}

/// Patterns of the ARNs of all roles of the runner: those that it has and those that it may get, so that a new task changes
/// no other role's policies.
pub(super) fn siblings(runner: &State, home: Home<'_>) -> Vec<String> {
    let (Some(name), Some(path)) = (runner.name.known(), runner.path.known()) else { return Vec::new() };
    let arn = |name: &str| home.role_arn(path, name);
    let beginning = format!("{name}-");
    let parts = parts(runner).unwrap_or_default();
    let others = parts.iter().filter_map(|part| part.own.name.known());
    let others = others.filter(|other| !other.starts_with(&beginning)).map(|other| arn(other));
    std::iter::once(arn(&format!("{beginning}*"))).chain(others).collect()
}
