//! `invoke`: start the runner, as a Lambda function that decides what may run or as an ECS task, and watch it. Never
//! gives a task a role that is not named.
//!
//! Sources: Service Authorization Reference, "AWS Lambda", "Amazon Elastic Container Service", "Amazon CloudWatch Logs";
//! Amazon CloudWatch Logs user guide, "CloudWatch Logs resources and operations".

use super::ecs;
use super::named::{arns, in_one_account, not_empty, on, pass_role};
use crate::checks;
use iam_policy::Statement;
use std::collections::BTreeSet;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Set, optional};

object! {
    /// Start the runner and watch the run. The runner is a Lambda function that checks what it is asked for and starts the task itself, or tasks of Amazon ECS that are started directly, or both.
    ///
    /// Who starts a task directly decides what runs in it: `ecs:RunTask` can replace commands and environment variables, and also the task role and the execution role. IAM has no condition on that. A replaced role has to be handed over, though, and so the roles of `pass_role_arns` are all that a task can be given. Where callers should not choose commands, let them start a function that does.
    pub struct Invoke {
        /// ARNs of the functions to start, such as `arn:aws:lambda:eu-west-1:111122223333:function:deploy-runner`. That is the function called without an alias or version; `function:deploy-runner:live` is the alias `live` alone.
        pub lambda_function_arns: Set<String> = optional().check_each(checks::arns::lambda_function),
        /// ARNs of the task definitions to start. Without a revision, as in `arn:aws:ecs:eu-west-1:111122223333:task-definition/runner`, every revision of the family; with one, as in `runner:7`, that one. Needs `cluster_arns`.
        pub task_definition_arns: Set<String> = optional().check_each(checks::arns::ecs_task_definition),
        /// ARNs of the clusters in which tasks are started, and in which their state can be read.
        pub cluster_arns: Set<String> = optional().check_each(checks::arns::ecs_cluster),
        /// ARNs of the roles that the tasks have, task roles and execution roles: those that the task definitions name. Each is named whole, and can be handed to ECS tasks and to no other service. The caller can give any of them to any of the tasks, so name no role that is stronger than what the caller may start.
        pub pass_role_arns: Set<String> = optional().check_each(checks::arns::passed_role),
        /// ARNs of the log groups in which the output of the run can be read, such as `arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/deploy-runner`.
        pub log_group_arns: Set<String> = optional().check_each(checks::arns::log_group),
    }
}

/// Adds what contradicts itself or could never work. Silent about unknown values.
pub fn validate(section: &Invoke, path: &Path, found: &mut Diagnostics) {
    let ecs = [
        (&section.task_definition_arns, "task_definition_arns"),
        (&section.cluster_arns, "cluster_arns"),
        (&section.pass_role_arns, "pass_role_arns"),
    ];
    not_empty(&ecs, path, found);
    let others = [
        (&section.lambda_function_arns, "lambda_function_arns"),
        (&section.log_group_arns, "log_group_arns"),
    ];
    not_empty(&others, path, found);
    in_one_account(&ecs, path, found);
    let mut refuse = |title: &str, detail: &str, name: &str| {
        found.push(Diagnostic::error(title, detail).at(path.join(name)));
    };
    if let (Attr::Null, Attr::Null) = (&section.lambda_function_arns, &section.task_definition_arns) {
        let detail = "Nothing could be started. Name a function in `lambda_function_arns` or a task definition in \
                      `task_definition_arns`.";
        found.push(Diagnostic::error("Nothing to invoke", detail).at(path.clone()));
        return;
    }
    match (&section.task_definition_arns, &section.cluster_arns, &section.pass_role_arns) {
        (Attr::Known(_), Attr::Null, _) => refuse(
            "The cluster is not known",
            "Tasks could be started in every cluster of the account. Name those that the runner's tasks belong in, in \
             `cluster_arns`.",
            "task_definition_arns",
        ),
        (Attr::Null, _, Attr::Known(_)) => refuse(
            "Roles for no task",
            "A function has its role already; roles are handed over when tasks are started. Name their task \
             definitions in `task_definition_arns`, or leave `pass_role_arns` out.",
            "pass_role_arns",
        ),
        _ => {}
    }
}

/// The statements, in stable order.
///
/// INVARIANT: `section` is wholly known.
pub fn statements(section: &Invoke) -> Vec<Statement> {
    let clusters = arns(&section.cluster_arns);
    let definitions = ecs::task_definitions(arns(&section.task_definition_arns));
    let tasks: BTreeSet<String> = clusters.iter().filter_map(|cluster| ecs::tasks_beside(cluster)).collect();
    let logs = arns(&section.log_group_arns).into_iter().flat_map(log_group).collect();
    let in_clusters =
        |statement: Statement| statement.condition("ArnLike", "ecs:cluster", clusters.iter().copied());
    let functions = arns(&section.lambda_function_arns).into_iter().map(str::to_owned).collect();
    [
        allow("InvokeFunction", &["lambda:InvokeFunction"], functions),
        allow("RunTask", &["ecs:RunTask"], definitions).map(in_clusters),
        pass_role(&arns(&section.pass_role_arns), &[ecs::TASKS]),
        allow("WatchTasks", &["ecs:DescribeTasks"], tasks).map(in_clusters),
        allow("ReadOutput", &["logs:FilterLogEvents", "logs:GetLogEvents"], logs),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A log group as IAM may compare it: by itself, or by what stands behind its name, streams among it.
fn log_group(arn: &str) -> [String; 2] {
    let group = arn.trim_end_matches(":*");
    [group.to_owned(), format!("{group}:*")]
}

/// A statement, if there is anything that it could be on.
fn allow(sid: &str, actions: &[&str], resources: BTreeSet<String>) -> Option<Statement> {
    let statement = Statement::allow(actions.iter().copied()).sid(sid);
    (!resources.is_empty()).then(|| on(statement, resources))
}

#[cfg(test)]
mod tests;
