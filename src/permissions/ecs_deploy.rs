//! `ecs_deploy`: put new revisions of task definitions on ECS services that exist. Never makes or deletes a service, and
//! never hands over a role that is not named.
//!
//! Sources: Service Authorization Reference, "Amazon Elastic Container Service"; Amazon ECS developer guide,
//! "Identity-based policy examples for Amazon ECS", "Tagging Amazon ECS resources".

use super::ecs;
use super::named::{arns, in_one_account, not_empty, on, pass_role};
use crate::checks;
use iam_policy::Statement;
use std::collections::BTreeSet;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Set, optional, required};

object! {
    /// Register new revisions of task definitions, put them on Amazon ECS services that exist, and watch until the services are stable. Making and deleting services, deregistering old revisions and running commands in containers are not part of it. With Terraform, set `skip_destroy = true` on the `aws_ecs_task_definition`, since it deregisters the old revision otherwise.
    ///
    /// `ecs:DescribeTaskDefinition` and `ecs:ListTasks` cannot be limited to a resource: the first reads every task definition of the account, environment variables included; the second is bound to the clusters by a condition.
    pub struct EcsDeploy {
        /// ARNs of the services to deploy to, such as `arn:aws:ecs:eu-west-1:111122223333:service/prod/api`; with wildcards, as in `service/prod/*`, all such services, also those made later. Services that still have the old form of ARN, `service/api`, need `cluster_arns`.
        pub service_arns: Set<String> = required().check_each(checks::arns::ecs_service),
        /// ARNs of the families of task definitions, without a revision: `arn:aws:ecs:eu-west-1:111122223333:task-definition/api`. New revisions of these can be registered, and these alone can be put on the services.
        pub task_definition_arns: Set<String> = required().check_each(checks::arns::ecs_task_definition_family),
        /// ARNs of the roles that the task definitions name, task roles and task execution roles alike. Each is named whole, and can be handed to ECS tasks and to no other service. Whoever deploys can run code of theirs with these roles.
        pub pass_role_arns: Set<String> = optional().check_each(checks::arns::passed_role),
        /// ARNs of the clusters that the services are in. Without it, those that `service_arns` name.
        pub cluster_arns: Set<String> = optional().check_each(checks::arns::ecs_cluster),
    }
}

/// Adds what contradicts itself or could never work. Silent about unknown values.
pub fn validate(section: &EcsDeploy, path: &Path, found: &mut Diagnostics) {
    let arguments = [
        (&section.service_arns, "service_arns"),
        (&section.task_definition_arns, "task_definition_arns"),
        (&section.cluster_arns, "cluster_arns"),
        (&section.pass_role_arns, "pass_role_arns"),
    ];
    not_empty(&arguments, path, found);
    in_one_account(&arguments, path, found);
    let without_cluster = |service: &&str| ecs::cluster_of(service).is_none();
    if let (Attr::Null, Some(service)) =
        (&section.cluster_arns, arns(&section.service_arns).into_iter().find(without_cluster))
    {
        let detail = format!(
            "`{service}` has the old form of ARN, which does not say in which cluster the service is. Name the \
             cluster in `cluster_arns`, or write the service as `service/<cluster>/<service>` if ECS shows it like that."
        );
        found.push(Diagnostic::error("The cluster is not known", detail).at(path.join("service_arns")));
    }
}

/// The statements, in stable order.
///
/// INVARIANT: `section` is wholly known.
pub fn statements(section: &EcsDeploy) -> Vec<Statement> {
    let families = ecs::task_definitions(arns(&section.task_definition_arns));
    let pass = pass_role(&arns(&section.pass_role_arns), &[ecs::TASKS]);
    register(&families)
        .into_iter()
        .chain(update(section, &families))
        .chain(follow(section))
        .chain(pass)
        .collect()
}

/// Making revisions. They can be tagged while they are made, which ECS checks as an action of its own, and not later.
fn register(families: &BTreeSet<String>) -> [Statement; 3] {
    let register = Statement::allow(["ecs:RegisterTaskDefinition"]).sid("EcsRegister");
    let tag = Statement::allow(["ecs:TagResource"]).sid("EcsTagNew");
    let tag = tag.condition("StringEquals", "ecs:CreateAction", ["RegisterTaskDefinition"]);
    let read = Statement::allow(["ecs:DescribeTaskDefinition"]).sid("EcsReadDefinitions").resource("*");
    [on(register, families), on(tag, families), read]
}

/// Putting revisions on services. A call that only starts a new deployment names no task definition.
fn update(section: &EcsDeploy, families: &BTreeSet<String>) -> [Statement; 1] {
    let update = Statement::allow(["ecs:UpdateService"]).sid("EcsUpdateService");
    let update =
        update.condition("ArnLikeIfExists", "ecs:task-definition", families.iter().map(String::as_str));
    [in_clusters(on(update, arns(&section.service_arns)), &arns(&section.cluster_arns))]
}

/// Watching a deployment. ECS compares `ecs:ListTasks` on a whole cluster with `*` alone.
fn follow(section: &EcsDeploy) -> [Statement; 3] {
    let services = arns(&section.service_arns);
    let named = arns(&section.cluster_arns);
    let derived: BTreeSet<String> = services.iter().filter_map(|service| ecs::cluster_of(service)).collect();
    let clusters =
        if named.is_empty() { derived.iter().map(String::as_str).collect() } else { named.clone() };
    let watch = ["ecs:DescribeServiceDeployments", "ecs:DescribeServices", "ecs:ListServiceDeployments"];
    let deployments: Vec<String> =
        services.iter().filter_map(|service| ecs::deployments_of(service)).collect();
    let watch = on(on(Statement::allow(watch).sid("EcsWatchServices"), services), deployments);
    let list = Statement::allow(["ecs:ListTasks"]).sid("EcsListTasks").resource("*");
    let tasks: BTreeSet<String> = clusters.iter().filter_map(|cluster| ecs::tasks_beside(cluster)).collect();
    let describe = on(Statement::allow(["ecs:DescribeTasks"]).sid("EcsWatchTasks"), tasks);
    [in_clusters(watch, &named), in_clusters(list, &clusters), in_clusters(describe, &clusters)]
}

/// The statement, bound to these clusters if there are any.
fn in_clusters(statement: Statement, clusters: &BTreeSet<&str>) -> Statement {
    match clusters.is_empty() {
        true => statement,
        false => statement.condition("ArnLike", "ecs:cluster", clusters.iter().copied()),
    }
}

#[cfg(test)]
mod tests;
