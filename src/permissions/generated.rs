//! The statements of what users said without writing a policy: services, resource types, secrets, roles to hand over.
//!
//! Owns what each task gets. Never packs: `held` does.

use super::iam_changes::{IamChanges, iam_changes, is_change};
use super::keeps::{is_kept, without_deletes};
use super::named::in_partition;
use super::narrow::narrow;
use super::place::{Limits, Placed, place};
use super::select::{self, Selected, is_secret};
use super::state::Access;
use super::summary;
use super::{
    Holder, Permissions, ami_build, api_gateway, base, ecr_push, ecs_deploy, entries, invoke, state, texts,
};
use crate::task::Task;
use iam_policy::catalog::{self, Action, secrets};
use iam_policy::{ActionSet, Pattern, Statement};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::schema::Attr;

/// What a key decrypts is content like any other, although AWS counts it as a write.
const DECRYPT: &str = "kms:Decrypt";

/// For what a service needs a key of its caller's: only then is a grant no way to hand the key on. (AWS Key Management
/// Service Developer Guide, "kms:GrantIsForAWSResource".)
const CREATE_GRANT: &str = "kms:CreateGrant";

/// What the permissions come to.
#[derive(Debug, Default)]
pub(super) struct Generated {
    /// Statements that grow with what the stacks contain. They may be spread over policies.
    pub(super) stacks: Vec<Statement>,
    /// Everything else, denials among it.
    pub(super) rest: Vec<Statement>,
    /// ARNs of AWS's policies to attach.
    pub(super) attached: Vec<String>,
    /// What a reader of the plan should know.
    pub(super) summary: Vec<String>,
}

/// The statements for a holder.
///
/// INVARIANT: `permissions` is wholly known, but for policies that the user wrote.
///
/// # Errors
/// Something that was named comes to nothing, or cannot be given.
pub(super) fn generated(
    permissions: &Permissions,
    task: Task,
    holder: &Holder<'_>,
    path: &Path,
) -> Result<Generated, Diagnostics> {
    let mut elsewhere = Diagnostics::new();
    let Permissions { resources, read_secrets, .. } = permissions;
    let own = [(resources, "resources"), (read_secrets, "read_secrets")];
    in_partition(&own, holder.home.partition, path, &mut elsewhere);
    for (index, entry) in entries(&permissions.pass_roles).enumerate() {
        let path = path.join("pass_roles").index(index);
        in_partition(&[(&entry.role_arns, "role_arns")], holder.home.partition, &path, &mut elsewhere);
    }
    elsewhere.into_result()?;
    let mut generated = Generated { rest: sections(permissions, task, holder), ..Generated::default() };
    match task {
        Task::TerraformPlanner => generated.planner(permissions, holder, path)?,
        Task::TerraformApplier => generated.applier(permissions, holder, path)?,
        _ => {}
    }
    Ok(generated)
}

/// What the arguments that are one job each come to.
fn sections(permissions: &Permissions, task: Task, holder: &Holder<'_>) -> Vec<Statement> {
    let access = if task == Task::TerraformPlanner { Access::Read } else { Access::Write };
    let Permissions { state, ecr_push, ecs_deploy, ami_build, invoke, .. } = permissions;
    let statements = [
        state.known().map(|section| state::statements(section, access, holder.home)),
        ecr_push.known().map(ecr_push::statements),
        ecs_deploy.known().map(ecs_deploy::statements),
        ami_build.known().map(|section| ami_build::statements(section, holder.home)),
        invoke.known().map(invoke::statements),
    ];
    statements.into_iter().flatten().flatten().collect()
}

impl Generated {
    fn planner(
        &mut self,
        permissions: &Permissions,
        holder: &Holder<'_>,
        path: &Path,
    ) -> Result<(), Diagnostics> {
        let mut selected = select::for_planner(permissions);
        let limits = Limits::of(permissions);
        let mut placed = place(selected.actions.iter().collect(), &limits, "Read");
        if selected.secrets.iter().any(|action| action.to_string() == api_gateway::GET)
            && let Some(without_keys) = api_gateway::read(&limits, holder.home.partition)
        {
            selected.reads_without_keys();
            placed.add(without_keys);
        }
        self.summary = summary::of_planner(&selected, &placed);
        refuse_unused(&placed.unused, permissions, path)?;
        refuse_empty_services(permissions, &placed, path)?;
        self.stacks = placed.statements;
        self.rest.extend(read_secrets(&texts(&permissions.read_secrets), path)?);
        if base::is_read_only(permissions) {
            self.attached.push(base::read_only_arn(holder.home.partition));
            let denied = base::denied(&self.rest, holder.home.partition);
            self.rest.extend(denied);
        }
        Ok(())
    }

    fn applier(
        &mut self,
        permissions: &Permissions,
        holder: &Holder<'_>,
        path: &Path,
    ) -> Result<(), Diagnostics> {
        let selected = select::for_applier(permissions);
        let limits = Limits::of(permissions);
        let changes = iam_changes(&selected.actions, &limits, holder);
        let (grants, others) = grants(&selected, permissions);
        let may_delete = permissions.allow_destroy == Attr::Known(true);
        let (kept, others): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|action| !may_delete && is_kept(action));
        let placed = place(others, &limits, "Manage");
        self.summary = summary::of_applier(&selected, &placed, &changes, permissions);
        refuse_unused(&unused(&placed, &changes), permissions, path)?;
        refuse_empty_services(permissions, &placed, path)?;
        refuse_unbounded(permissions, &changes, path)?;
        self.stacks = placed.statements;
        // Of a name that the catalogue does not know, nothing can be limited.
        if !selected.unknown.is_empty() && limits.is_open() {
            self.stacks.push(Statement::allow(&selected.unknown).sid("ManageNewer").resource("*"));
        }
        self.rest.extend(without_deletes(&kept, &limits, holder.home.partition));
        for grant in place(grants, &limits, "Grants").statements {
            self.rest.push(grant.condition("Bool", "kms:GrantIsForAWSResource", ["true"]));
        }
        self.rest.extend(entries(&permissions.pass_roles).map(pass_roles));
        self.rest.extend(changes.statements);
        Ok(())
    }
}

/// The creation of grants on keys, unless grants are what the stacks contain; and everything that is no change of IAM.
fn grants(selected: &Selected, permissions: &Permissions) -> (Vec<&'static Action>, Vec<&'static Action>) {
    let manages_grants =
        texts(&permissions.resource_types).iter().any(|name| name.to_lowercase().ends_with("kms_grant"));
    let is_grant = |action: &&Action| !manages_grants && action.to_string() == CREATE_GRANT;
    selected.actions.iter().filter(|action| !is_change(action)).partition(is_grant)
}

fn pass_roles(entry: &super::PassRoles) -> Statement {
    let statement = Statement::allow([select::PASS_ROLE]);
    let statement = texts(&entry.role_arns).iter().fold(statement, Statement::resource);
    statement.condition("StringEquals", "iam:PassedToService", texts(&entry.services))
}

/// Whether an ARN, or a pattern of ARNs, is of image repositories.
pub fn is_repository(arn: &str) -> bool {
    Pattern::new("arn:*:ecr:*:*:repository/*").covers(&Pattern::new(arn))
}

/// What a planner may read of the content of these ARNs: everything that the catalogue knows to give it away at the
/// levels list and read, and decryption. With an image repository comes the password to pull, which opens no more than
/// its holder may do there.
fn read_secrets(arns: &[String], path: &Path) -> Result<Vec<Statement>, Diagnostics> {
    let named = secrets::all().iter().filter_map(|secret| catalog::action(secret.action).ok());
    let reads = |action: &&'static Action| action.level().is_read_only() || action.to_string() == DECRYPT;
    let actions = named.filter(|action| is_secret(action)).filter(reads).collect();
    let narrowed = narrow(actions, arns);
    let unused = narrowed.unused.iter().map(|arn| {
        let detail = format!(
            "No action is known that reads a secret or stored content of `{arn}`. Name the ARNs of secrets, parameters, \
             objects, tables, keys, or check the form of this one."
        );
        Diagnostic::error("Nothing to read", detail).at(path.join("read_secrets"))
    });
    unused.collect::<Diagnostics>().into_result()?;
    let pulls = arns.iter().any(|arn| is_repository(arn));
    let login = pulls.then(|| Statement::allow([ecr_push::LOGIN]).resource("*"));
    let statement = |(on, actions): (Vec<String>, Vec<&'static Action>)| {
        on.iter().fold(super::place::allow(&actions), Statement::resource)
    };
    Ok(narrowed.groups.into_iter().map(statement).chain(login).collect())
}

/// The resources that no action of the stacks is done to, IAM's changes among them.
fn unused(placed: &Placed, changes: &IamChanges) -> Vec<String> {
    let named = |resource: &&String| {
        let is_in = |statement: &Statement| {
            let listed = statement.resources.as_ref().map(|scope| scope.inner().as_slice());
            listed.is_some_and(|listed| listed.contains(*resource))
        };
        changes.statements.iter().any(is_in)
    };
    placed.unused.iter().filter(|resource| !named(resource)).cloned().collect()
}

fn refuse_unused(unused: &[String], permissions: &Permissions, path: &Path) -> Result<(), Diagnostics> {
    if permissions.services.is_null() && permissions.resource_types.is_null() {
        return Ok(());
    }
    let refused = unused.iter().map(|resource| {
        let detail = format!(
            "None of the actions of `services` and `resource_types` is done to `{resource}`. Check its form, or add the \
             service or type that it is meant for."
        );
        Diagnostic::error("A resource without an action", detail).at(path.join("resources"))
    });
    refused.collect::<Diagnostics>().into_result()
}

/// A service of which `resources` leaves nothing but what cannot be limited was surely not meant so.
fn refuse_empty_services(permissions: &Permissions, placed: &Placed, path: &Path) -> Result<(), Diagnostics> {
    if placed.out_of_scope.is_empty() {
        return Ok(());
    }
    let left_out: ActionSet = placed.out_of_scope.iter().copied().collect();
    let names = placed.statements.iter().flat_map(|statement| statement.actions.inner().as_slice());
    let limited = |action: &Action| action.takes_resource();
    let kept: ActionSet =
        names.filter_map(|name| catalog::action(name).ok()).filter(|a| limited(a)).collect();
    let (left_out, kept) = (left_out.by_service(), kept.by_service());
    let services = texts(&permissions.services);
    let refused = services.iter().map(String::as_str).filter(|prefix| left_out.contains_key(prefix));
    let refused = refused.filter(|prefix| !kept.contains_key(prefix)).map(|prefix| {
        let detail = format!(
            "`resources` names nothing of the service `{prefix}`, so that hardly any of its actions would be allowed. Name \
             its resources too (`arn:aws:{prefix}:*:*:*` is all of them, in services that have no other form of ARN), \
             or take it out of `services`."
        );
        Diagnostic::error("A service without a resource", detail).at(path.join("resources"))
    });
    refused.collect::<Diagnostics>().into_result()
}

/// Types that are roles or users cannot be managed without a boundary to pass on.
fn refuse_unbounded(permissions: &Permissions, changes: &IamChanges, path: &Path) -> Result<(), Diagnostics> {
    let types = texts(&permissions.resource_types);
    let is_iam =
        |name: &&String| ["aws_iam_", "awscc_iam_", "AWS::IAM::"].iter().any(|own| name.starts_with(own));
    let Some(name) = types.iter().find(is_iam) else { return Ok(()) };
    let Some(action) = changes.without_boundary.first() else { return Ok(()) };
    let detail = format!(
        "Managing `{name}` takes {action}, and whoever may change a role's permissions without a limit can give himself \
         any. Give this role a `permissions_boundary`: then it may do so for roles and users under the same boundary, and \
         only for them."
    );
    Err(Diagnostic::error("Changes in IAM need a permissions boundary", detail)
        .at(path.join("resource_types"))
        .into())
}

#[cfg(test)]
mod tests;
