//! What in permissions contradicts itself or the task, or would be refused by IAM.

use super::named::not_empty;
use super::{GENERATED, PassRoles, Permissions, ami_build, ecr_push, ecs_deploy, invoke, state};
use crate::task::Task;
use iam_policy::Kind;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::{Attr, Shape};
use tfplug::value::Value;

/// Adds what is wrong. Silent about unknown values.
pub fn validate(permissions: &Attr<Permissions>, task: Option<Task>, path: &Path, found: &mut Diagnostics) {
    let Attr::Known(permissions) = permissions else { return };
    not_empty(&[(&permissions.regions, "regions")], path, found);
    policies(permissions, path, found);
    section(&permissions.state, &path.join("state"), found, state::validate);
    section(&permissions.ecr_push, &path.join("ecr_push"), found, ecr_push::validate);
    section(&permissions.ecs_deploy, &path.join("ecs_deploy"), found, ecs_deploy::validate);
    section(&permissions.ami_build, &path.join("ami_build"), found, ami_build::validate);
    section(&permissions.invoke, &path.join("invoke"), found, invoke::validate);
    for (index, entry) in permissions.pass_roles.known().into_iter().flatten().enumerate() {
        let Attr::Known(PassRoles { role_arns, services }) = entry else { continue };
        let path = path.join("pass_roles").index(index);
        not_empty(&[(role_arns, "role_arns"), (services, "services")], &path, found);
    }
    if let Some(task) = task {
        of_task(permissions, task, path, found);
    }
    let stacks = !(permissions.services.is_null() && permissions.resource_types.is_null());
    for (name, given) in [
        ("resources", !permissions.resources.is_null()),
        ("regions", !permissions.regions.is_null()),
        ("allow_destroy", permissions.allow_destroy == Attr::Known(true)),
    ] {
        if given && !stacks {
            let detail =
                format!("`{name}` is about what `services` and `resource_types` allow; neither is given.");
            found.push(Diagnostic::error("An argument without effect", detail).at(path.join(name)));
        }
    }
}

fn section<T>(
    section: &Attr<T>,
    path: &Path,
    found: &mut Diagnostics,
    validate: fn(&T, &Path, &mut Diagnostics),
) {
    if let Attr::Known(section) = section {
        validate(section, path, found);
    }
}

/// What is wrong with an applier's permissions that say nothing.
pub fn applier_without(permissions: &Attr<Permissions>, path: &Path) -> Option<Diagnostic> {
    let detail = "Nothing is allowed unless it is said. Name the `services` or `resource_types` of the stacks, or give \
                  policies.";
    let wrong = || Diagnostic::error("Permissions that allow nothing", detail).at(path.clone());
    says_nothing(permissions).then(wrong)
}

/// Whether every argument is null, or an empty list. Unknown permissions may say something.
pub fn says_nothing(permissions: &Attr<Permissions>) -> bool {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::List(all) | Value::Set(all) => all.is_empty(),
        Value::Map(all) => all.is_empty(),
        _ => false,
    };
    match permissions {
        Attr::Null => true,
        Attr::Unknown => false,
        Attr::Known(permissions) => match permissions.encode() {
            Value::Object(arguments) => arguments.values().all(is_empty),
            _ => false,
        },
    }
}

fn policies(permissions: &Permissions, path: &Path, found: &mut Diagnostics) {
    let at = path.join("inline_policies");
    for (name, text) in permissions.inline_policies.known().into_iter().flatten() {
        if name == GENERATED {
            let detail = format!(
                "The policy {GENERATED:?} holds what the other arguments of `permissions` come to. Choose another name."
            );
            found.push(Diagnostic::error("Reserved policy name", detail).at(at.key(name)));
        }
        let Attr::Known(text) = text else { continue };
        if let Err(error) = iam_policy::parse(text, Kind::Identity) {
            let detail = format!("IAM would refuse the policy {name:?}: {error}.");
            found.push(Diagnostic::error("Invalid policy document", detail).at(at.key(name)));
        }
    }
}

/// Arguments that other tasks have.
fn of_task(permissions: &Permissions, task: Task, path: &Path, found: &mut Diagnostics) {
    use Task::{
        AmiBuilder, Custom, DockerImageBuilder, Invoker, TerraformApplier, TerraformPlanner, TerraformState,
    };
    let stacks: &[Task] = &[TerraformPlanner, TerraformApplier];
    let arguments: [(&str, bool, &[Task]); 13] = [
        ("base", !permissions.base.is_null(), &[TerraformPlanner]),
        ("services", !permissions.services.is_null(), stacks),
        ("resource_types", !permissions.resource_types.is_null(), stacks),
        ("resources", !permissions.resources.is_null(), stacks),
        ("regions", !permissions.regions.is_null(), stacks),
        ("allow_destroy", !permissions.allow_destroy.is_null(), &[TerraformApplier]),
        ("read_secrets", !permissions.read_secrets.is_null(), &[TerraformPlanner]),
        ("pass_roles", !permissions.pass_roles.is_null(), &[TerraformApplier]),
        ("state", !permissions.state.is_null(), &[TerraformPlanner, TerraformApplier, TerraformState]),
        ("ecr_push", !permissions.ecr_push.is_null(), &[DockerImageBuilder, TerraformApplier, Custom]),
        ("ecs_deploy", !permissions.ecs_deploy.is_null(), &[TerraformApplier, Custom]),
        ("ami_build", !permissions.ami_build.is_null(), &[AmiBuilder, Custom]),
        ("invoke", !permissions.invoke.is_null(), &[Invoker, Custom]),
    ];
    for (name, _, tasks) in arguments.into_iter().filter(|(_, given, tasks)| *given && !tasks.contains(&task))
    {
        let tasks: Vec<String> = tasks.iter().map(|task| format!("`{}`", task.name())).collect();
        let detail = format!(
            "`{name}` is for {}; this role's task is `{}`. Leave it out, or write what the role may do as \
             `inline_policies`.",
            tasks.join(" and "),
            task.name()
        );
        found.push(Diagnostic::error("An argument of another task", detail).at(path.join(name)));
    }
}
