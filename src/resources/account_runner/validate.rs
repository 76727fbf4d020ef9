//! What in a runner contradicts itself, before anything is known of AWS.

use super::parts::{Part, parts};
use super::plan::placed;
use super::settled;
use super::state::State;
use crate::task::Task;
use crate::{checks, permissions, task_role};
use std::collections::BTreeMap;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::{Attr, Set};

pub(super) fn validate(config: &State, found: &mut Diagnostics) {
    let Some(parts) = parts(config) else { return };
    if parts.is_empty() {
        let detail = "A runner has at least one task. Add the tasks that it does, such as `planner = {}` and \
                      `applier = {}`.";
        found.push(Diagnostic::error("The runner has no task", detail));
    }
    found.extend(manages_nothing(config));
    unused(config, &parts, found);
    names(config, &parts, found);
    let mut of_roles = Diagnostics::new();
    for part in &parts {
        let role = part.role(config);
        if part.has_trust(config) {
            let mut of_role = Diagnostics::new();
            task_role::validate(&role, &mut of_role);
            of_roles.extend(placed(part, of_role));
        } else {
            of_roles.push(untrusted(part));
        }
        of_roles.extend(powerless(part, &role));
    }
    found.extend(settled(of_roles));
}

/// A `manages` that names neither services nor resource types: a planner would read everything then, as one does of which
/// nothing is said, and an argument that is misspelt is not there for Terraform.
fn manages_nothing(config: &State) -> Option<Diagnostic> {
    let manages = config.manages.known()?;
    let is_empty = |set: &Attr<Set<String>>| match set {
        Attr::Null => true,
        Attr::Unknown => false,
        Attr::Known(set) => set.0.is_empty(),
    };
    if !is_empty(&manages.services) || !is_empty(&manages.resource_types) {
        return None;
    }
    let detail = "`manages` names neither `services` nor `resource_types`. Name what the stacks contain; or leave `manages` out, \
                  and the planner reads what AWS's ReadOnlyAccess does, less secrets and stored content. Terraform drops \
                  arguments inside an object that it does not know, so check their spelling.";
    Some(Diagnostic::error("Nothing is managed", detail).at(Path::attribute("manages")))
}

/// What is said for tasks that are not there.
fn unused(config: &State, parts: &[Part<'_>], found: &mut Diagnostics) {
    let has = |tasks: &[Task]| parts.iter().any(|part| tasks.contains(&part.task) && !part.is_provisioner());
    let planning = [Task::TerraformPlanner, Task::TerraformApplier];
    if !config.manages.is_null() && !has(&planning) {
        let detail = "`manages` says what the planner reads and the applier changes, and the runner has neither. Add \
                      `planner = {}` or `applier = {}`, or remove it.";
        found.push(Diagnostic::error("Nobody manages this", detail).at(Path::attribute("manages")));
    }
    if !config.state.is_null() && !has(&planning) && !has(&[Task::TerraformState]) {
        let detail = "`state` is for the planner, the applier and the state role, and the runner has none of them. Add one \
                      of `planner = {}`, `applier = {}` and `state_role = {}`, or remove it.";
        found.push(Diagnostic::error("Nobody uses the state", detail).at(Path::attribute("state")));
    }
}

/// Names that no role can have, or that two would.
fn names(config: &State, parts: &[Part<'_>], found: &mut Diagnostics) {
    let mut taken: BTreeMap<String, &Part<'_>> = BTreeMap::new();
    for part in parts {
        let Attr::Known(name) = part.role(config).name else { continue };
        let path = part.place(&Path::attribute("name"));
        if let Err(reason) = checks::role_name(&name) {
            let detail = format!(
                "The role would be named {name:?}. {reason} Shorten `name`, or give this role a `name`."
            );
            found.push(Diagnostic::error("Invalid role name", detail).at(path.clone()));
        }
        if let Some(other) = taken.insert(name.to_lowercase(), part) {
            let detail = format!(
                "`{}` and `{}` would both have the role {name:?}; role names are unique in an account whatever their case. \
                 Give one of them another `name`.",
                other.path, part.path
            );
            found.push(Diagnostic::error("Two roles of one name", detail).at(path));
        }
    }
}

fn untrusted(part: &Part<'_>) -> Diagnostic {
    let detail = format!(
        "Nobody could assume the role. Say in the runner's `trust` who may start it, or in `{}.trust` who may start this \
         task.",
        part.path
    );
    Diagnostic::error("Nobody is trusted", detail).at(part.path.clone())
}

/// A role of which nothing says what it may do. A planner reads what AWS's `ReadOnlyAccess` does.
fn powerless(part: &Part<'_>, role: &task_role::State) -> Option<Diagnostic> {
    let says_something = !permissions::says_nothing(&role.permissions);
    if part.task == Task::TerraformPlanner || says_something {
        return None;
    }
    let what = match part.task {
        _ if part.is_provisioner() => {
            format!("`{}.permissions`, such as the `services` that it deploys", part.path)
        }
        Task::TerraformApplier => "`manages`, or `applier.permissions`".to_owned(),
        Task::TerraformState => "`state`".to_owned(),
        Task::Invoker => "`invoker.permissions.invoke`".to_owned(),
        _ => "`builder.permissions`: `ecr_push` for container images, `ami_build` for machine images"
            .to_owned(),
    };
    let detail = format!("Nothing says what the role may do. Say it in {what}.");
    Some(Diagnostic::error("The role may do nothing", detail).at(part.path.clone()))
}
