//! What deployments may do, and what stays out of their reach.

use super::super::probe::{Probe, set};
use super::*;

const ROLE: &str = "arn:aws:iam::111122223333:role/api-task";

fn arn(resource: &str) -> String {
    format!("arn:aws:ecs:eu-west-1:111122223333:{resource}")
}

fn section(services: &[&str], clusters: &[&str]) -> EcsDeploy {
    let of = |kind: &str, names: &[&str]| {
        let arns: Vec<String> = names.iter().map(|name| arn(&format!("{kind}/{name}"))).collect();
        set(&arns.iter().map(String::as_str).collect::<Vec<_>>())
    };
    EcsDeploy {
        service_arns: of("service", services),
        task_definition_arns: of("task-definition", &["api"]),
        pass_role_arns: set(&[ROLE]),
        cluster_arns: if clusters.is_empty() { Attr::Null } else { of("cluster", clusters) },
    }
}

fn probe(services: &[&str], clusters: &[&str]) -> Probe {
    Probe::of(statements(&section(services, clusters)))
}

/// Whether a service of a cluster may be updated to a task definition.
fn updates(probe: &Probe, service: &str, cluster: &str, definition: &str) -> bool {
    let (cluster, definition) =
        (arn(&format!("cluster/{cluster}")), arn(&format!("task-definition/{definition}")));
    let keys = [("ecs:cluster", cluster.as_str()), ("ecs:task-definition", definition.as_str())];
    probe.allows_with("ecs:UpdateService", &arn(&format!("service/{service}")), &keys)
}

#[test]
fn a_new_revision_is_registered_in_the_named_family_alone() {
    let probe = probe(&["prod/api"], &[]);
    for name in ["api", "api:*", "api:8"] {
        assert!(
            probe.allows("ecs:RegisterTaskDefinition", &arn(&format!("task-definition/{name}"))),
            "{name}"
        );
    }
    for name in ["api2", "api2:1", "admin:1"] {
        assert!(
            !probe.allows("ecs:RegisterTaskDefinition", &arn(&format!("task-definition/{name}"))),
            "{name}"
        );
    }
}

#[test]
fn a_named_service_gets_a_revision_of_a_named_family() {
    let probe = probe(&["prod/api"], &[]);
    assert!(updates(&probe, "prod/api", "prod", "api:8"));
    assert!(updates(&probe, "prod/api", "prod", "api"));
    assert!(!updates(&probe, "prod/web", "prod", "api:8"));
    assert!(!updates(&probe, "dev/api", "dev", "api:8"));
    assert!(!updates(&probe, "prod/api", "prod", "admin:1"));
}

#[test]
fn a_deployment_of_what_runs_already_names_no_task_definition() {
    let probe = probe(&["prod/api"], &[]);
    let keys = [("ecs:cluster", arn("cluster/prod"))];
    let keys = keys.each_ref().map(|(key, value)| (*key, value.as_str()));
    assert!(probe.allows_with("ecs:UpdateService", &arn("service/prod/api"), &keys));
}

#[test]
fn a_wildcard_means_every_service_of_the_cluster() {
    let probe = probe(&["prod/*"], &[]);
    assert!(updates(&probe, "prod/api", "prod", "api:8"));
    assert!(updates(&probe, "prod/made-later", "prod", "api:8"));
    assert!(!updates(&probe, "prod2/api", "prod2", "api:8"));
}

#[test]
fn a_service_of_the_old_form_is_bound_to_the_named_cluster() {
    let probe = probe(&["api"], &["prod"]);
    assert!(updates(&probe, "api", "prod", "api:8"));
    assert!(!updates(&probe, "api", "dev", "api:8"));
}

#[test]
fn services_are_neither_made_nor_deleted_and_nothing_is_run_in_them() {
    let probe = probe(&["prod/*"], &[]);
    let keys = [("ecs:cluster", arn("cluster/prod"))];
    let keys = keys.each_ref().map(|(key, value)| (*key, value.as_str()));
    for action in ["ecs:CreateService", "ecs:DeleteService"] {
        assert!(!probe.allows_with(action, &arn("service/prod/api"), &keys), "{action}");
    }
    for (action, resource) in [
        ("ecs:RunTask", "task-definition/api:8"),
        ("ecs:DeregisterTaskDefinition", "task-definition/api:8"),
        ("ecs:ExecuteCommand", "task/prod/1"),
        ("ecs:StopTask", "task/prod/1"),
    ] {
        assert!(!probe.allows_with(action, &arn(resource), &keys), "{action}");
    }
}

#[test]
fn only_the_named_roles_are_handed_over_and_only_to_tasks() {
    let probe = probe(&["prod/api"], &[]);
    let pass = |role: &str, service: &str| {
        probe.allows_with("iam:PassRole", role, &[("iam:PassedToService", service)])
    };
    assert!(pass(ROLE, "ecs-tasks.amazonaws.com"));
    assert!(!pass(ROLE, "lambda.amazonaws.com"));
    assert!(!pass("arn:aws:iam::111122223333:role/api-task-admin", "ecs-tasks.amazonaws.com"));
    assert!(!probe.allows("iam:PassRole", ROLE), "without saying to which service");
}

#[test]
fn tags_are_set_while_a_revision_is_made_and_never_later() {
    let probe = probe(&["prod/api"], &[]);
    let tag =
        |keys: &[(&str, &str)]| probe.allows_with("ecs:TagResource", &arn("task-definition/api:8"), keys);
    assert!(tag(&[("ecs:CreateAction", "RegisterTaskDefinition")]));
    assert!(!tag(&[]));
    assert!(!tag(&[("ecs:CreateAction", "RunTask")]));
}

#[test]
fn a_deployment_is_watched_in_its_cluster_alone() {
    let probe = probe(&["prod/api"], &[]);
    let in_cluster = |action: &str, resource: &str, cluster: &str| {
        let resource = if resource == "*" { "*".to_owned() } else { arn(resource) };
        probe.allows_with(action, &resource, &[("ecs:cluster", &arn(&format!("cluster/{cluster}")))])
    };
    for cluster in ["prod", "dev"] {
        let is_own = cluster == "prod";
        assert_eq!(in_cluster("ecs:ListTasks", "*", cluster), is_own);
        assert_eq!(in_cluster("ecs:DescribeTasks", &format!("task/{cluster}/1"), cluster), is_own);
        assert_eq!(in_cluster("ecs:DescribeTasks", "task/1", cluster), is_own);
        assert_eq!(in_cluster("ecs:DescribeServices", &format!("service/{cluster}/api"), cluster), is_own);
        let deployment = format!("service-deployment/{cluster}/api/1");
        assert_eq!(in_cluster("ecs:DescribeServiceDeployments", &deployment, cluster), is_own);
    }
}

#[test]
fn every_action_is_known_and_can_be_limited_as_it_is() {
    probe(&["prod/api"], &[]).assert_scopes_have_effect();
    probe(&["api"], &["prod"]).assert_scopes_have_effect();
}

#[test]
fn what_could_never_work_is_refused_where_it_stands() {
    let judge = |section: &EcsDeploy| {
        let mut found = Diagnostics::new();
        validate(section, &Path::attribute("ecs_deploy"), &mut found);
        found.iter().map(|one| format!("{}: {}", one.path.clone().unwrap(), one.summary)).collect::<Vec<_>>()
    };
    assert!(judge(&section(&["prod/api"], &[])).is_empty());
    assert!(judge(&section(&["api"], &["prod"])).is_empty());
    assert_eq!(judge(&section(&["api"], &[])), ["ecs_deploy.service_arns: The cluster is not known"]);
    let elsewhere = set(&["arn:aws:iam::444455556666:role/api-task"]);
    let section = EcsDeploy { pass_role_arns: elsewhere, ..section(&["prod/api"], &[]) };
    assert_eq!(judge(&section), ["ecs_deploy.pass_role_arns: Not of one account"]);
}
