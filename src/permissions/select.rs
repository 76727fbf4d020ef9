//! Which actions a task takes.
//!
//! Owns what a planner and an applier may do to services and resource types, and what of that is left out. Never looks at
//! resources.

use super::api_gateway::GET;
use super::keeps::is_kept;
use super::{Permissions, texts};
use iam_policy::catalog::secrets::{self, Tier};
use iam_policy::catalog::{self, AccessLevel, Action, Operation, ResourceActions, escalation};
use iam_policy::{ActionSet, Scope, expand_scope};
use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;
use tfplug::schema::Attr;

/// What hands over a role. It is never selected: `pass_roles` says which.
pub(super) const PASS_ROLE: &str = "iam:PassRole";

/// The actions of `services` and `resource_types`.
#[derive(Debug, Default)]
pub(super) struct Selected {
    /// Allowed, as far as resources and IAM's rules permit.
    pub(super) actions: ActionSet,
    /// Names that the catalogue does not know; only an applier gets them.
    pub(super) unknown: BTreeSet<String>,
    /// Left out, because the answer holds secrets or stored content.
    pub(super) secrets: ActionSet,
    /// Left out, because they only delete.
    pub(super) deletes: ActionSet,
    /// Left out, because they run code or open a session in what exists, and no resource type takes them.
    pub(super) runs: ActionSet,
    /// Left out, because they change permissions and no resource type takes them.
    pub(super) permission_changes: ActionSet,
    /// Whether API Gateway is read where it holds no keys.
    pub(super) without_keys: bool,
    /// Whether resources of these types are given roles.
    pub(super) passes_role: bool,
    /// Types of which it is not known what reading, creating or updating them takes.
    pub(super) unknown_types: Vec<String>,
}

/// What a planner lists and reads.
pub(super) fn for_planner(permissions: &Permissions) -> Selected {
    let mut selected = Selected::default();
    let mut read = services(permissions).filter(|action| looks(action)).collect::<ActionSet>();
    for one in types(permissions) {
        match one.calls(Operation::Read).or_else(|| one.handlers(Operation::Read)) {
            Some(names) => read = read.union(&named(names).0),
            None => selected.unknown_types.push(one.name().to_owned()),
        }
    }
    for action in read.iter().filter(|action| action.level().is_read_only()) {
        if is_secret(action) {
            selected.secrets.insert(action);
        } else {
            selected.actions.insert(action);
        }
    }
    selected
}

/// How the names of actions begin that tell about resources. AWS counts far more as reading: running queries, invoking
/// models, opening sessions.
const LOOKS: &[&str] = &["BatchDescribe", "BatchGet", "Describe", "Get", "List"];

/// What a refresh calls besides.
const LOOKS_TOO: &[&str] = &[
    GET,
    "budgets:ViewBudget",
    "ec2:SearchLocalGatewayRoutes",
    "ec2:SearchTransitGatewayMulticastGroups",
    "ec2:SearchTransitGatewayRoutes",
];

/// Whether an action tells about resources and does nothing else.
fn looks(action: &Action) -> bool {
    let begins = |beginning: &&str| action.name().starts_with(*beginning);
    action.level().is_read_only()
        && (LOOKS.iter().any(begins) || LOOKS_TOO.contains(&action.to_string().as_str()))
}

/// Deletes of a part of a resource, which its update calls and its own delete too.
const PARTS: &[&str] = &[
    "autoscaling:DeleteNotificationConfiguration",
    "autoscaling:DeleteWarmPool",
    "codestar-notifications:DeleteTarget",
    "elasticloadbalancing:DeleteLoadBalancerPolicy",
    "iam:DeletePolicyVersion",
    "iam:DeleteRolePolicy",
    "iot:DeletePolicyVersion",
];

/// Whether an action is a way to more permissions, by AWS's level or by the list of such ways.
fn changes_permissions(action: &Action) -> bool {
    action.level() == AccessLevel::PermissionsManagement || WAYS.contains(action.to_string().as_str())
}

/// The actions that grant permissions, take limits away, or change who is trusted.
static WAYS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    use escalation::Kind::{ChangesTrust, GrantsPermissions, RemovesLimit};
    let leads =
        |path: &&escalation::Path| matches!(path.kind, ChangesTrust | GrantsPermissions | RemovesLimit);
    escalation::paths().iter().filter(leads).flat_map(|path| path.actions.iter().copied()).collect()
});

/// What runs the caller's code with another's role, or opens a session where one is: it uses what a service has, and managing
/// that takes none of it. The types that take one of them all the same are of other services. (The ways are those of the
/// catalogue's list that take over what exists.)
const RUNS: &[&str] = &[
    "airflow:CreateCliToken",
    "airflow:CreateWebLoginToken",
    "batch:SubmitJob",
    "bedrock-agentcore:InvokeAgentRuntime",
    "bedrock-agentcore:InvokeCodeInterpreter",
    "bedrock-agentcore:StartCodeInterpreterSession",
    "codebuild:RetryBuild",
    "codebuild:RetryBuildBatch",
    "codebuild:StartBuild",
    "codebuild:StartBuildBatch",
    "ec2-instance-connect:OpenTunnel",
    "ec2-instance-connect:SendSSHPublicKey",
    "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
    "ecs:ExecuteCommand",
    "ecs:RunTask",
    "ecs:StartTask",
    "emr-containers:StartJobRun",
    "emr-serverless:StartJobRun",
    "emr-serverless:StartSession",
    "glue:GetSessionEndpoint",
    "glue:RunStatement",
    "glue:StartJobRun",
    "lightsail:DownloadDefaultKeyPair",
    "lightsail:GetInstanceAccessDetails",
    "sagemaker:CreatePresignedDomainUrl",
    "sagemaker:CreatePresignedNotebookInstanceUrl",
    "sagemaker:StartSession",
    "ssm-guiconnect:StartConnection",
    "ssm:ResumeSession",
    "ssm:SendCommand",
    "ssm:StartAutomationExecution",
    "ssm:StartSession",
];

/// Whether the answer is a secret, or what a data store holds. Configuration that may hold secrets is no secret here:
/// no plan can do without.
pub(super) fn is_secret(action: &Action) -> bool {
    matches!(secrets::tier(&action.to_string()), Some(Tier::Credential | Tier::Content))
}

/// What an applier does.
pub(super) fn for_applier(permissions: &Permissions) -> Selected {
    let mut selected = Selected::default();
    let may_delete = permissions.allow_destroy == Attr::Known(true);
    for action in services(permissions) {
        // IAM's changes of permissions have rules of their own, see `iam_changes`.
        if action.service() != "iam" && changes_permissions(action) {
            selected.permission_changes.insert(action);
        } else if RUNS.contains(&action.to_string().as_str()) {
            selected.runs.insert(action);
        } else if action.destroys() && !may_delete && !is_kept(action) {
            selected.deletes.insert(action);
        } else {
            selected.actions.insert(action);
        }
    }
    for one in types(permissions) {
        selected.add_type(&one, may_delete);
    }
    selected.permission_changes = selected.permission_changes.difference(&selected.actions);
    selected.deletes = selected.deletes.difference(&selected.actions);
    selected.runs = selected.runs.difference(&selected.actions);
    selected.passes_role |= contains(&selected.actions, PASS_ROLE);
    selected.actions = selected.actions.difference(&named([PASS_ROLE]).0);
    selected.unknown.retain(|name| is_harmless_name(name));
    selected
}

/// Whether a name that the catalogue does not know is none of IAM's or STS's, and does not say that something ends.
fn is_harmless_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !["iam:", "sts:"].iter().any(|prefix| lower.starts_with(prefix))
        && !lower.contains("delete")
        && !lower.contains('*')
}

impl Selected {
    /// Takes the reading of API Gateway from what is left out: it is allowed where there are no keys.
    pub(super) fn reads_without_keys(&mut self) {
        self.secrets = std::mem::take(&mut self.secrets).difference(&named([GET]).0);
        self.without_keys = true;
    }

    /// Adds what creating, reading and updating a type takes, and deleting if that is allowed.
    fn add_type(&mut self, one: &ResourceActions, may_delete: bool) {
        let operations = [Operation::Create, Operation::Read, Operation::Update];
        let known: Vec<Names> =
            operations.into_iter().filter_map(|operation| Names::of(one, operation)).collect();
        if known.is_empty() {
            self.unknown_types.push(one.name().to_owned());
            return;
        }
        let delete = Names::of(one, Operation::Delete);
        let delete = delete.map(|names| named(names.all()).0).unwrap_or_default();
        for Names { called, handled } in known {
            // What the provider calls to update is needed, unless it deletes the resource. A handler's deletes are for
            // rolling back.
            let (called, unknown) = named(called);
            self.unknown.extend(unknown);
            let ends = |action: &Action| {
                action.destroys()
                    && delete.contains(action)
                    && !is_kept(action)
                    && !PARTS.contains(&action.to_string().as_str())
            };
            let called: ActionSet = called.iter().filter(|action| may_delete || !ends(action)).collect();
            let (handled, unknown) = named(handled);
            self.unknown.extend(unknown);
            let kept: ActionSet = handled.iter().filter(|action| may_delete || !action.destroys()).collect();
            self.actions = std::mem::take(&mut self.actions).union(&called).union(&kept);
        }
        if may_delete {
            self.actions = std::mem::take(&mut self.actions).union(&delete);
        } else {
            self.deletes = std::mem::take(&mut self.deletes).union(&delete);
        }
    }
}

/// The names of what an operation takes.
struct Names {
    /// What Terraform's AWS provider calls.
    called: BTreeSet<String>,
    /// What CloudFormation's handlers take.
    handled: BTreeSet<String>,
}

impl Names {
    /// `None` if nothing is known of the operation.
    fn of(one: &ResourceActions, operation: Operation) -> Option<Self> {
        let all: BTreeSet<String> = one.actions(operation)?.into_iter().collect();
        let called = match operation {
            // Creating something that fails half-way may delete it again, which nobody allowed.
            Operation::Create => BTreeSet::new(),
            _ => one.calls(operation).unwrap_or_default(),
        };
        let handled = all.difference(&called).cloned().collect();
        Some(Self { called, handled })
    }

    fn all(self) -> impl Iterator<Item = String> {
        self.called.into_iter().chain(self.handled)
    }
}

fn services(permissions: &Permissions) -> impl Iterator<Item = &'static Action> {
    let services = texts(&permissions.services);
    services.into_iter().filter_map(|prefix| catalog::service(&prefix)).flat_map(|service| service.actions())
}

/// INVARIANT: the names have passed their checks, so that each is found.
fn types(permissions: &Permissions) -> impl Iterator<Item = ResourceActions> {
    texts(&permissions.resource_types).into_iter().filter_map(|name| catalog::resource_type(&name).ok())
}

/// The actions of these names and patterns, and the names that the catalogue does not know.
pub(super) fn named(names: impl IntoIterator<Item = impl Into<String>>) -> (ActionSet, Vec<String>) {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    let expansion = expand_scope(&Scope::Only(names.into_iter().collect()));
    (expansion.actions, expansion.unknown)
}

fn contains(actions: &ActionSet, name: &str) -> bool {
    catalog::action(name).is_ok_and(|action| actions.contains(action))
}

#[cfg(test)]
mod tests;
