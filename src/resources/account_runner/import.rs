//! Importing a runner: which roles are its own.

use super::parts::PROVISIONER;
use super::state::{Identity, Role, State};
use crate::provider::{Client, entered, failure};
use crate::task::Task;
use crate::{aws, checks};
use iam_policy::Arn;
use std::collections::BTreeMap;
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::resource::Import;
use tfplug::schema::{Attr, Map};

/// The tasks that a runner may have.
const TASKS: [Task; 6] = [
    Task::TerraformPlanner,
    Task::TerraformApplier,
    Task::TerraformState,
    Task::AmiBuilder,
    Task::DockerImageBuilder,
    Task::Invoker,
];

/// The identity, once account and partition are known.
pub(super) fn identity(state: &State) -> Option<Identity> {
    let role = state.roles.known()?.values().find_map(Attr::known)?;
    let arn = Arn::parse(role.arn.known()?).ok()?;
    Some(Identity {
        account_id: Attr::Known(arn.account().to_owned()),
        partition: Attr::Known(arn.partition().to_owned()),
        name: state.name.clone(),
    })
}

/// Whether only what names the roles is known, as after an import.
pub(super) fn is_imported(state: &State) -> bool {
    let mut roles = state.roles.known().into_iter().flatten().filter_map(|(_, role)| role.known());
    roles.any(|role| role.unique_id.is_null())
}

/// What an import ID says.
struct Target {
    account_id: Option<String>,
    partition: Option<String>,
    name: String,
    /// Names of roles by their key, of those that are not named after the runner.
    renamed: BTreeMap<String, String>,
}

/// The state from which the runner can be read: the names of its roles.
pub(super) async fn target(ctx: &Context<Client>, target: Import<Identity>) -> Result<State, Diagnostics> {
    let target = match target {
        Import::Id(id) => named(&id)?,
        Import::Identity(identity) => Target {
            account_id: identity.account_id.into_known(),
            partition: identity.partition.into_known(),
            name: identity.name.into_known().unwrap_or_default(),
            renamed: BTreeMap::new(),
        },
    };
    checks::runner_name(&target.name).map_err(|reason| invalid(&target.name, &reason))?;
    let account = entered(ctx.client()?.aws()?, &target.account_id.clone().into()).await?;
    if let Some(partition) = target.partition.filter(|partition| partition != account.partition()) {
        let reason = format!("the account is in the partition `{}`.", account.partition());
        return Err(invalid(&partition, &reason));
    }
    let stop = aws::Stop::from(ctx.stop().receiver());
    let tried =
        |error: aws::Error| failure(format!("Cannot list the roles of account {}", account.id()), &error);
    let iam = account.iam(&stop).await.map_err(tried)?;
    let all = iam.list_roles().await.map_err(tried)?;
    let found = of_runner(&target.name, &target.renamed, &all)?;
    let path = one_path(&target.name, &found)?;
    let role = |(key, arn): (String, &String)| {
        let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
        (key, Attr::Known(Role { name: Attr::Known(name), arn: Attr::Known(arn.clone()), ..Role::default() }))
    };
    Ok(State {
        id: Attr::Known(format!("{}/{}", account.id(), target.name)),
        name: Attr::Known(target.name),
        account_id: Attr::Known(account.id().to_owned()),
        path: Attr::Known(path),
        unmanaged_policies: Attr::Known("remove".to_owned()),
        deletion_protection: Attr::Known(false),
        roles: Attr::Known(found.into_iter().map(role).collect::<Map<Role>>()),
        ..State::default()
    })
}

/// `infra-live`, `111122223333/infra-live`, or either with the roles that are named otherwise.
fn named(id: &str) -> Result<Target, Diagnostics> {
    let mut words = id.split(',');
    let first = words.next().unwrap_or_default();
    let (account_id, name) = match first.split_once('/') {
        None => (None, first),
        Some((account_id, name)) if checks::account_id(account_id).is_ok() => {
            (Some(account_id.to_owned()), name)
        }
        Some(_) => return Err(invalid(id, "what stands before the slash is not an account ID.")),
    };
    let mut renamed = BTreeMap::new();
    for word in words {
        let Some((key, role)) = word.split_once('=') else {
            return Err(invalid(id, &format!("{word:?} is not a task and the name of its role.")));
        };
        if !is_key(key) {
            let tasks: Vec<&str> = TASKS.iter().map(|task| task.name()).collect();
            let reason = format!("{key:?} is none of {} and `{PROVISIONER}<name>`.", tasks.join(", "));
            return Err(invalid(id, &reason));
        }
        checks::role_name(role).map_err(|reason| invalid(id, &reason))?;
        if renamed.insert(key.to_owned(), role.to_owned()).is_some() {
            return Err(invalid(id, &format!("{key:?} stands there twice.")));
        }
    }
    Ok(Target { account_id, partition: None, name: name.to_owned(), renamed })
}

/// Whether `roles` may have such a key.
fn is_key(key: &str) -> bool {
    let is_provisioner = |name| checks::provisioner_name(name).is_ok();
    TASKS.iter().any(|task| task.name() == key) || key.strip_prefix(PROVISIONER).is_some_and(is_provisioner)
}

/// The ARNs of the runner's roles, by key.
fn of_runner<'a>(
    runner: &str,
    renamed: &BTreeMap<String, String>,
    all: &'a [String],
) -> Result<BTreeMap<String, &'a String>, Diagnostics> {
    let name = |arn: &'a String| arn.rsplit('/').next().unwrap_or_default();
    let mut found = BTreeMap::new();
    for arn in all {
        let Some(key) = name(arn).strip_prefix(runner).and_then(|rest| rest.strip_prefix('-')) else {
            continue;
        };
        if is_key(key) && !renamed.contains_key(key) {
            found.insert(key.to_owned(), arn);
        }
    }
    for (key, role) in renamed {
        let Some(arn) = all.iter().find(|arn| name(arn) == role) else {
            return Err(invalid(role, "the account has no role of that name."));
        };
        if let Some((other, _)) = found.iter().find(|(other, taken)| *other != key && **taken == arn) {
            return Err(invalid(role, &format!("it would be both {other} and {key}.")));
        }
        found.insert(key.clone(), arn);
    }
    let builders = [Task::AmiBuilder, Task::DockerImageBuilder].map(Task::name);
    if builders.iter().all(|builder| found.contains_key(*builder)) {
        let reason = format!(
            "the account has both {runner}-{} and {runner}-{}, and a runner has one builder.",
            builders.first().unwrap_or(&""),
            builders.last().unwrap_or(&"")
        );
        return Err(invalid(runner, &reason));
    }
    match found.is_empty() {
        true => Err(invalid(
            runner,
            &format!("the account has no role that begins with {runner:?} and ends with a task."),
        )),
        false => Ok(found),
    }
}

/// The path that all of the roles have.
fn one_path(runner: &str, found: &BTreeMap<String, &String>) -> Result<String, Diagnostics> {
    let path = |arn: &String| {
        let resource = Arn::parse(arn).ok().and_then(|arn| arn.iam_role().map(|(path, _)| path.to_owned()));
        resource.unwrap_or_else(|| "/".to_owned())
    };
    let mut paths = found.values().map(|arn| path(arn));
    let first = paths.next().unwrap_or_else(|| "/".to_owned());
    match paths.find(|path| *path != first) {
        Some(other) => {
            let reason = format!("its roles have the paths {first} and {other}, and a runner has one.");
            Err(invalid(runner, &reason))
        }
        None => Ok(first),
    }
}

fn invalid(id: &str, reason: &str) -> Diagnostics {
    let detail = format!(
        "{id:?} does not name a runner: {reason} Write its name (`infra-live`) for a runner in the provider's own account, or \
         account and name (`111122223333/infra-live`). Roles that are not named after the runner follow, each with its task: \
         `111122223333/infra-live,terraform-planner=ci-plan,terraform-applier=ci-apply`."
    );
    Diagnostic::error("Invalid import ID", detail).into()
}
