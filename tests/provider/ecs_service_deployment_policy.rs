//! `deployrunner_ecs_service_deployment_policy`: a role that holds just it deploys new revisions to the services that it
//! names, makes no service, and hands over no other role.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Api, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_ministack(a_role_with_the_policy_deploys_and_makes_no_service)
        .on_ministack(a_slip_is_refused_at_its_argument)
        .into_iter()
        .collect()
}

const ADDRESS: &str = "data.deployrunner_ecs_service_deployment_policy.this";

fn with(arguments: &str) -> String {
    format!("data \"deployrunner_ecs_service_deployment_policy\" \"this\" {{\n{arguments}\n}}\n")
}

fn role(site: &Site, name: &str) -> String {
    format!("arn:aws:iam::{}:role/{name}", site.account().id())
}

/// A revision of a family, whose tasks have that role.
fn definition(site: &Site, family: &str, task_role: &str) -> Value {
    json!({
        "family": family,
        "taskRoleArn": role(site, task_role),
        "executionRoleArn": role(site, "api-execution"),
        "containerDefinitions": [{ "name": "app", "image": "app:v2", "memory": 128 }],
    })
}

fn service(name: &str, family: &str) -> Value {
    json!({ "cluster": "prod", "serviceName": name, "taskDefinition": family, "desiredCount": 0 })
}

/// What a deployment finds: two services in a cluster, and roles for them.
fn prepare(site: &Site, root: &Api) {
    let tasks = json!({ "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" });
    for name in ["api-task", "api-execution", "admin-task"] {
        site.account().create_role(name, &json!({ "Version": "2012-10-17", "Statement": [tasks] }));
    }
    root.must("ecs", "create_cluster", &json!({ "clusterName": "prod" }));
    for (family, task_role) in [("api", "api-task"), ("admin", "admin-task")] {
        root.must("ecs", "register_task_definition", &definition(site, family, task_role));
    }
    for name in ["api", "web"] {
        root.must("ecs", "create_service", &service(name, "api"));
    }
}

fn a_role_with_the_policy_deploys_and_makes_no_service(site: &Site) {
    let (root, caller) = (site.api(), site.another_account());
    prepare(site, &root);
    let arn = |resource: &str| format!("arn:aws:ecs:us-east-1:{}:{resource}", site.account().id());
    let policy = with(&format!(
        "  service_arns         = [\"{}\"]\n  task_definition_arns = [\"{}\"]\n  pass_role_arns       = [\"{}\", \"{}\"]",
        arn("service/prod/api"),
        arn("task-definition/api"),
        role(site, "api-task"),
        role(site, "api-execution")
    ));
    let holder = format!(
        "resource \"deployrunner_task_role\" \"this\" {{\n  name = \"deployer\"\n  task = \"custom\"\n  \
         trust = {{ aws = [{{ principals = [\"{}\"] }}] }}\n  \
         permissions = {{ inline_policies = {{ deploy = {ADDRESS}.minified_json }} }}\n}}\n",
        caller.id()
    );
    let workspace = site.workspace(&(policy + &holder));
    workspace.apply();
    workspace.plan().assert_empty();

    let deployer = site.api_as("deployer", &caller);
    deploys(site, &deployer);
    is_refused_the_rest(site, &deployer);

    for name in ["api", "web"] {
        root.must("ecs", "delete_service", &json!({ "cluster": "prod", "service": name, "force": true }));
    }
    root.must("ecs", "delete_cluster", &json!({ "cluster": "prod" }));
    for name in ["api-task", "api-execution", "admin-task"] {
        site.account().delete_role(name);
    }
    workspace.destroy();
}

/// Looks at what runs, registers the next revision, puts it on the service, and watches.
fn deploys(site: &Site, deployer: &Api) {
    let ecs = |operation: &str, parameters: Value| deployer.must("ecs", operation, &parameters);
    let before = ecs("describe_services", json!({ "cluster": "prod", "services": ["api"] }));
    ecs("describe_task_definition", json!({ "taskDefinition": before["services"][0]["taskDefinition"] }));
    let registered = ecs("register_task_definition", definition(site, "api", "api-task"));
    let revision = registered["taskDefinition"]["taskDefinitionArn"].clone();
    ecs("update_service", json!({ "cluster": "prod", "service": "api", "taskDefinition": revision }));
    ecs("list_tasks", json!({ "cluster": "prod", "serviceName": "api" }));
    let after = ecs("describe_services", json!({ "cluster": "prod", "services": ["api"] }));
    assert_eq!(after["services"][0]["taskDefinition"], revision);
    ecs("update_service", json!({ "cluster": "prod", "service": "api", "forceNewDeployment": true }));
}

fn is_refused_the_rest(site: &Site, deployer: &Api) {
    let refused = |operation: &str, parameters: Value| deployer.must_not("ecs", operation, &parameters);
    refused("create_service", service("new", "api"));
    refused("delete_service", json!({ "cluster": "prod", "service": "api" }));
    refused("update_service", json!({ "cluster": "prod", "service": "web", "taskDefinition": "api" }));
    refused("update_service", json!({ "cluster": "prod", "service": "api", "taskDefinition": "admin:1" }));
    refused("register_task_definition", definition(site, "api", "admin-task"));
    refused("register_task_definition", definition(site, "admin", "api-task"));
    refused("run_task", json!({ "cluster": "prod", "taskDefinition": "api" }));
    refused("list_tasks", json!({ "cluster": "dev" }));
}

fn a_slip_is_refused_at_its_argument(site: &Site) {
    let workspace = site.workspace("");
    let (service, family) = (
        "arn:aws:ecs:eu-west-1:111122223333:service/prod/api",
        "arn:aws:ecs:eu-west-1:111122223333:task-definition/api",
    );
    let with_family =
        |service: &str| format!("service_arns = [\"{service}\"]\ntask_definition_arns = [\"{family}\"]");
    for (arguments, texts) in [
        (
            with_family("arn:aws:ecs:eu-west-1:111122223333:service/api"),
            ["service_arns = ", "does not say in which cluster the service is"],
        ),
        (
            with_family("arn:aws:ecs:eu-west-1:111122223333:service/*"),
            ["service_arns = ", "Name the cluster"],
        ),
        (
            with_family(service)
                .replace("/api\"]\n", "/api\"]\npass_role_arns = [\"arn:aws:iam::111122223333:role/*\"]\n"),
            ["pass_role_arns = ", "each is named without wildcards"],
        ),
        (
            with_family(service).replace("task-definition/api", "task-definition/api:7"),
            ["task_definition_arns = ", "end with `task-definition/api`"],
        ),
    ] {
        workspace.rewrite(&with(&arguments));
        workspace.plan_error(&texts);
    }
}
