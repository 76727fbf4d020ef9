//! What fits where, and what stays as it is.

use super::*;
use crate::permissions::probe::set;
use crate::permissions::tests::holder;

fn of(permissions: Permissions, task: Task) -> Held {
    held(
        &Attr::Known(permissions),
        Some(task),
        Some(&holder("ci-terraform-planner")),
        &Path::attribute("permissions"),
    )
    .unwrap()
}

fn services(names: &[&str]) -> Permissions {
    Permissions { services: set(names), ..Permissions::default() }
}

/// Names and sizes of the owned policies.
fn owned(held: &Held) -> Vec<(&str, usize)> {
    held.owned.known().unwrap().iter().map(|(name, text)| (name.as_str(), size(text))).collect()
}

fn inline_size(held: &Held) -> usize {
    held.inline.known().unwrap().values().map(|text| size(text.known().unwrap())).sum()
}

#[test]
fn what_fits_is_one_inline_policy() {
    let held = of(services(&["s3"]), Task::TerraformPlanner);
    assert_eq!(held.inline.known().unwrap().keys().collect::<Vec<_>>(), [GENERATED]);
    assert!(owned(&held).is_empty());
}

#[test]
fn what_does_not_fit_inline_goes_to_policies_of_the_role_in_full_names() {
    let held = of(services(&["ec2", "rds", "s3"]), Task::TerraformPlanner);
    assert_eq!(inline_size(&held), 0);
    assert!(owned(&held).len() <= 10 && owned(&held).iter().all(|(_, size)| *size <= 6144));
    let names: Vec<&str> = owned(&held).into_iter().map(|(name, _)| name).collect();
    assert!(
        names.contains(&"ci-terraform-planner-ec2") && names.contains(&"ci-terraform-planner-s3"),
        "{names:?}"
    );
    assert!(held.owned.known().unwrap().values().all(|text| !text.contains(":Describe*")));
}

#[test]
fn another_service_leaves_the_policies_of_the_others_as_they_are() {
    let before = of(services(&["ec2", "rds", "s3"]), Task::TerraformPlanner).owned.into_known().unwrap();
    let after =
        of(services(&["ec2", "rds", "s3", "sqs"]), Task::TerraformPlanner).owned.into_known().unwrap();
    let changed = after.iter().filter(|(name, text)| before.get(*name) != Some(*text)).count();
    assert!(changed <= 1 && before.keys().all(|name| after.contains_key(name)), "{:?}", after.keys());
}

#[test]
fn names_that_do_not_fit_anywhere_are_shortened_and_that_is_said() {
    let many =
        ["ec2", "sagemaker", "glue", "connect", "iot", "rds", "redshift", "ssm", "chime", "quicksight"];
    let held = of(services(&many), Task::TerraformApplier);
    for text in held.owned.known().unwrap().values() {
        assert!(!text.contains(":*"), "the verb is never a wildcard: {text}");
    }
    let summary = held.summary.known().unwrap();
    assert!(summary.iter().any(|said| said.known().unwrap().contains("wildcards stand for whole words")));
}

#[test]
fn what_does_not_fit_at_all_is_an_error_that_says_by_how_much() {
    let long: Vec<String> = (0..150).map(|n| format!("arn:aws:sqs:*:111111111111:{n:0>64}")).collect();
    let resources = set(&long.iter().map(String::as_str).collect::<Vec<_>>());
    let permissions = Attr::Known(Permissions { resources, ..services(&["sqs"]) });
    let refused = held(
        &permissions,
        Some(Task::TerraformApplier),
        Some(&holder("ci-terraform-planner")),
        &Path::attribute("permissions"),
    );
    let detail = refused.unwrap_err().iter().next().unwrap().detail.clone();
    assert!(detail.contains("alone exceeds a policy's 6144 characters by"), "{detail}");
}
