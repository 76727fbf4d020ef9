//! A role with `permissions.invoke` starts the runner that it names, watches it, and can give it no other role. On the
//! emulator that enforces IAM.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Api, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground.trials().on_ministack(an_invoker_starts_what_is_named_with_the_named_roles).into_iter().collect()
}

/// The roles that tasks may be given, and one that they may not.
const ROLES: [&str; 2] = ["runner-task", "admin-task"];

fn role(site: &Site, name: &str) -> String {
    format!("arn:aws:iam::{}:role/{name}", site.account().id())
}

/// The runner and another thing of each kind.
fn prepare(site: &Site, root: &Api) {
    let tasks = json!({
        "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole",
    });
    for name in ROLES {
        site.account().create_role(name, &json!({ "Version": "2012-10-17", "Statement": [tasks] }));
    }
    for name in ["ci", "prod"] {
        root.must("ecs", "create_cluster", &json!({ "clusterName": name }));
    }
    for name in ["runner", "other"] {
        let task = json!({
            "family": name, "taskRoleArn": role(site, ROLES[0]),
            "containerDefinitions": [{ "name": "app", "image": "app", "memory": 128 }],
        });
        root.must("ecs", "register_task_definition", &task);
        let function = json!({
            "FunctionName": name, "Role": role(site, ROLES[0]), "PackageType": "Image",
            "Code": { "ImageUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/runner:v1" },
        });
        root.must("lambda", "create_function", &function);
        root.must("logs", "create_log_group", &json!({ "logGroupName": name }));
        root.must("logs", "create_log_stream", &json!({ "logGroupName": name, "logStreamName": "run" }));
    }
}

fn an_invoker_starts_what_is_named_with_the_named_roles(site: &Site) {
    let (root, caller) = (site.api(), site.another_account());
    prepare(site, &root);
    let arn = |service: &str, resource: &str| {
        format!("[\"arn:aws:{service}:us-east-1:{}:{resource}\"]", site.account().id())
    };
    let workspace = site.workspace(&format!(
        r#"
resource "deployrunner_task_role" "this" {{
  name  = "invoker"
  task  = "invoker"
  trust = {{ aws = [{{ principals = ["{}"] }}] }}
  permissions = {{
    invoke = {{
      lambda_function_arns = {}
      task_definition_arns = {}
      cluster_arns         = {}
      pass_role_arns       = ["{}"]
      log_group_arns       = {}
    }}
  }}
}}
"#,
        caller.id(),
        arn("lambda", "function:runner"),
        arn("ecs", "task-definition/runner"),
        arn("ecs", "cluster/ci"),
        role(site, ROLES[0]),
        arn("logs", "log-group:runner"),
    ));
    workspace.apply();
    workspace.plan().assert_empty();

    let invoker = site.api_as("invoker", &caller);
    let task = starts_the_runner(site, &invoker);
    is_refused_the_rest(site, &invoker);

    root.must("ecs", "stop_task", &json!({ "cluster": "ci", "task": task }));
    for name in ["runner", "other"] {
        root.must("lambda", "delete_function", &json!({ "FunctionName": name }));
        root.must("logs", "delete_log_group", &json!({ "logGroupName": name }));
    }
    for name in ROLES {
        site.account().delete_role(name);
    }
    workspace.destroy();
}

/// Starts it in each way, and looks at state and output. Gives the task.
fn starts_the_runner(site: &Site, invoker: &Api) -> Value {
    let dry = json!({ "FunctionName": "runner", "InvocationType": "DryRun" });
    invoker.must("lambda", "invoke", &dry);
    let overridden = json!({ "taskRoleArn": role(site, ROLES[0]) });
    let run = json!({ "cluster": "ci", "taskDefinition": "runner", "overrides": overridden });
    let task = invoker.must("ecs", "run_task", &run)["tasks"][0]["taskArn"].clone();
    invoker.must("ecs", "describe_tasks", &json!({ "cluster": "ci", "tasks": [task] }));
    invoker.must("logs", "get_log_events", &json!({ "logGroupName": "runner", "logStreamName": "run" }));
    task
}

fn is_refused_the_rest(site: &Site, invoker: &Api) {
    let refused = |service: &str, operation: &str, parameters: Value| {
        invoker.must_not(service, operation, &parameters);
    };
    refused("lambda", "invoke", json!({ "FunctionName": "other", "InvocationType": "DryRun" }));
    refused("ecs", "run_task", json!({ "cluster": "prod", "taskDefinition": "runner" }));
    refused("ecs", "run_task", json!({ "cluster": "ci", "taskDefinition": "other" }));
    let admin = json!({ "taskRoleArn": role(site, ROLES[1]) });
    refused("ecs", "run_task", json!({ "cluster": "ci", "taskDefinition": "runner", "overrides": admin }));
    refused("ecs", "stop_task", json!({ "cluster": "ci", "task": "1" }));
    refused("logs", "get_log_events", json!({ "logGroupName": "other", "logStreamName": "run" }));
}
