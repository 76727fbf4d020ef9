//! What may be started, by whom it is limited, and with which roles.

use super::super::probe::{Probe, set};
use super::*;

const RUNNER: &str = "arn:aws:iam::111122223333:role/runner-terraform-planner";
const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:deploy-runner";
const GROUP: &str = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/deploy-runner";

fn arn(resource: &str) -> String {
    format!("arn:aws:ecs:eu-west-1:111122223333:{resource}")
}

fn tasks(definition: &str) -> Invoke {
    Invoke {
        task_definition_arns: set(&[&arn(&format!("task-definition/{definition}"))]),
        cluster_arns: set(&[&arn("cluster/ci")]),
        pass_role_arns: set(&[RUNNER]),
        ..Invoke::default()
    }
}

fn probe(section: &Invoke) -> Probe {
    Probe::of(statements(section))
}

fn runs(probe: &Probe, definition: &str, cluster: &str) -> bool {
    let cluster = arn(&format!("cluster/{cluster}"));
    probe.allows_with(
        "ecs:RunTask",
        &arn(&format!("task-definition/{definition}")),
        &[("ecs:cluster", &cluster)],
    )
}

#[test]
fn the_named_function_is_started_and_nothing_else_of_it() {
    let probe = probe(&Invoke { lambda_function_arns: set(&[FUNCTION]), ..Invoke::default() });
    assert!(probe.allows("lambda:InvokeFunction", FUNCTION));
    assert!(!probe.allows("lambda:InvokeFunction", &format!("{FUNCTION}:live")));
    assert!(!probe.allows("lambda:InvokeFunction", &format!("{FUNCTION}-admin")));
    for action in ["lambda:UpdateFunctionCode", "lambda:GetFunction", "lambda:AddPermission"] {
        assert!(!probe.allows(action, FUNCTION), "{action}");
    }
}

#[test]
fn a_family_is_started_with_and_without_a_revision() {
    let probe = probe(&tasks("runner"));
    assert!(runs(&probe, "runner", "ci"), "as the newest revision");
    assert!(runs(&probe, "runner:7", "ci"));
    assert!(!runs(&probe, "runner-admin:7", "ci"));
}

#[test]
fn a_revision_is_started_alone() {
    let probe = probe(&tasks("runner:7"));
    assert!(runs(&probe, "runner:7", "ci"));
    assert!(!runs(&probe, "runner:8", "ci"));
    assert!(!runs(&probe, "runner", "ci"));
}

#[test]
fn tasks_are_started_in_the_named_clusters_alone() {
    let probe = probe(&tasks("runner"));
    assert!(!runs(&probe, "runner:7", "prod"));
    assert!(!probe.allows("ecs:RunTask", &arn("task-definition/runner:7")), "in a cluster that is not told");
}

#[test]
fn an_override_can_name_no_role_but_those_that_may_be_handed_over() {
    let probe = probe(&tasks("runner"));
    let pass = |role: &str, service: &str| {
        probe.allows_with("iam:PassRole", role, &[("iam:PassedToService", service)])
    };
    assert!(pass(RUNNER, "ecs-tasks.amazonaws.com"));
    assert!(!pass("arn:aws:iam::111122223333:role/runner-terraform-applier", "ecs-tasks.amazonaws.com"));
    assert!(!pass(RUNNER, "ec2.amazonaws.com"));
}

#[test]
fn task_definitions_are_not_made_and_running_tasks_not_entered() {
    let probe = probe(&tasks("runner"));
    let cluster = arn("cluster/ci");
    for (action, resource) in [
        ("ecs:RegisterTaskDefinition", "task-definition/runner:8"),
        ("ecs:StartTask", "task-definition/runner:7"),
        ("ecs:CreateService", "service/ci/runner"),
        ("ecs:ExecuteCommand", "task/ci/1"),
        ("ecs:StopTask", "task/ci/1"),
    ] {
        assert!(!probe.allows_with(action, &arn(resource), &[("ecs:cluster", &cluster)]), "{action}");
    }
}

#[test]
fn state_and_output_of_a_run_are_read_where_they_are_named() {
    let probe = probe(&Invoke { log_group_arns: set(&[GROUP]), ..tasks("runner") });
    let watches = |cluster: &str| {
        let key = arn(&format!("cluster/{cluster}"));
        probe.allows_with("ecs:DescribeTasks", &arn(&format!("task/{cluster}/1")), &[("ecs:cluster", &key)])
    };
    assert!(watches("ci") && !watches("prod"));
    assert!(probe.allows("logs:GetLogEvents", &format!("{GROUP}:log-stream:runner/1")));
    assert!(probe.allows("logs:FilterLogEvents", &format!("{GROUP}:*")));
    assert!(probe.allows("logs:FilterLogEvents", GROUP));
    assert!(!probe.allows("logs:GetLogEvents", &format!("{GROUP}-other:log-stream:runner/1")));
    assert!(!probe.allows("logs:DeleteLogGroup", &format!("{GROUP}:*")));
}

#[test]
fn every_action_is_known_and_can_be_limited_as_it_is() {
    let all =
        Invoke { lambda_function_arns: set(&[FUNCTION]), log_group_arns: set(&[GROUP]), ..tasks("runner") };
    probe(&all).assert_scopes_have_effect();
}

#[test]
fn what_could_start_nothing_or_too_much_is_refused_where_it_stands() {
    let judge = |section: &Invoke| {
        let mut found = Diagnostics::new();
        validate(section, &Path::attribute("invoke"), &mut found);
        found.iter().map(|one| format!("{}: {}", one.path.clone().unwrap(), one.summary)).collect::<Vec<_>>()
    };
    assert_eq!(judge(&Invoke::default()), ["invoke: Nothing to invoke"]);
    assert!(judge(&tasks("runner")).is_empty());
    assert!(judge(&Invoke { lambda_function_arns: Attr::Unknown, ..Invoke::default() }).is_empty());
    let everywhere = Invoke { cluster_arns: Attr::Null, ..tasks("runner") };
    assert_eq!(judge(&everywhere), ["invoke.task_definition_arns: The cluster is not known"]);
    let function = Invoke { lambda_function_arns: set(&[FUNCTION]), ..Invoke::default() };
    assert!(judge(&function).is_empty());
    let role = Invoke { pass_role_arns: set(&[RUNNER]), ..function };
    assert_eq!(judge(&role), ["invoke.pass_role_arns: Roles for no task"]);
    let elsewhere =
        Invoke { cluster_arns: set(&["arn:aws:ecs:eu-west-1:444455556666:cluster/ci"]), ..tasks("runner") };
    assert!(judge(&elsewhere).contains(&"invoke.cluster_arns: Not of one account".to_owned()));
}
