//! Each rule, decided by the policy engine on the statements as they are.

use super::*;
use crate::permissions::tests::allows;

const BOUNDARY_ARN: &str = "arn:aws:iam::111111111111:policy/ci-boundary";
const OWN: &str = "arn:aws:iam::111111111111:role/ci-terraform-applier";

fn holder(boundary: Option<&'static str>) -> Holder<'static> {
    Holder { permissions_boundary: boundary, ..super::super::tests::holder("ci-terraform-applier") }
}

/// Everything that IAM and STS have, within these resources.
fn all(boundary: Option<&'static str>, resources: Option<&[&str]>) -> IamChanges {
    let services = ["iam", "sts"].into_iter().filter_map(catalog::service);
    let actions = services.flat_map(|service| service.actions()).collect();
    let resources = resources.map(|these| these.iter().map(|&one| one.to_owned()).collect());
    iam_changes(&actions, &Limits { resources, regions: None }, &holder(boundary))
}

fn may(changes: &IamChanges, action: &str, resource: &str) -> bool {
    allows(&changes.statements, (action, resource), &[])
}

fn may_bounded(changes: &IamChanges, action: &str, resource: &str, boundary: &str) -> bool {
    allows(&changes.statements, (action, resource), &[(BOUNDARY, boundary)])
}

const OTHER: &str = "arn:aws:iam::111111111111:role/app";
const OTHER_BOUNDARY: &str = "arn:aws:iam::111111111111:policy/wider";

#[test]
fn permissions_of_roles_change_only_under_the_boundary_of_the_applier_itself() {
    let changes = all(Some(BOUNDARY_ARN), None);
    for action in
        ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"]
    {
        assert!(may_bounded(&changes, action, OTHER, BOUNDARY_ARN), "{action}");
        assert!(!may_bounded(&changes, action, OTHER, OTHER_BOUNDARY), "{action}");
        assert!(!may(&changes, action, OTHER), "{action}");
    }
}

#[test]
fn without_a_boundary_no_permissions_change() {
    let changes = all(None, None);
    for action in ["iam:CreateRole", "iam:PutRolePolicy", "iam:CreateUser", "iam:UpdateAssumeRolePolicy"] {
        assert!(!may(&changes, action, OTHER), "{action}");
    }
    assert!(changes.without_boundary.iter().any(|action| action.name() == "PutRolePolicy"));
}

#[test]
fn nobody_frees_a_role_from_its_boundary_or_changes_the_boundary() {
    let policies = ["arn:aws:iam::111111111111:policy/app*", "arn:aws:iam::111111111111:policy/ci-*"];
    let changes = all(Some(BOUNDARY_ARN), Some(&policies));
    assert!(!may_bounded(&changes, "iam:DeleteRolePermissionsBoundary", OTHER, BOUNDARY_ARN));
    for action in ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicy"] {
        assert!(!may(&changes, action, BOUNDARY_ARN), "{action}");
        assert!(may(&changes, action, "arn:aws:iam::111111111111:policy/app"), "{action}");
    }
}

#[test]
fn the_runners_own_roles_and_policies_stay_as_they_are() {
    let named =
        ["role/app*", "role/ci-*", "policy/ci-*"].map(|name| format!("arn:aws:iam::111111111111:{name}"));
    let changes = all(Some(BOUNDARY_ARN), Some(&named.each_ref().map(String::as_str)));
    for action in ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:TagRole", "iam:AttachRolePolicy"] {
        assert!(may_bounded(&changes, action, OTHER, BOUNDARY_ARN), "{action}");
        assert!(!may_bounded(&changes, action, OWN, BOUNDARY_ARN), "{action}");
    }
    let own_policy = "arn:aws:iam::111111111111:policy/ci-terraform-applier-ec2";
    assert!(!may(&changes, "iam:CreatePolicyVersion", own_policy));
}

#[test]
fn what_has_no_boundary_key_takes_a_resource_that_was_named() {
    let changes = all(Some(BOUNDARY_ARN), None);
    let user = "arn:aws:iam::111111111111:user/ci";
    for (action, resource) in [
        ("iam:CreateAccessKey", user),
        ("iam:CreatePolicyVersion", "arn:aws:iam::111111111111:policy/app"),
        ("iam:AddUserToGroup", "arn:aws:iam::111111111111:group/admins"),
        ("sts:AssumeRole", OTHER),
        ("iam:TagRole", OTHER),
        ("iam:PutRolePermissionsBoundary", OTHER),
    ] {
        assert!(!may(&changes, action, resource), "{action}");
        assert!(changes.undeclared.iter().any(|left| left.to_string() == action), "{action}");
    }
    let changes = all(Some(BOUNDARY_ARN), Some(&["arn:aws:iam::111111111111:policy/app"]));
    assert!(may(&changes, "iam:CreatePolicyVersion", "arn:aws:iam::111111111111:policy/app"));
    assert!(!may(&changes, "iam:CreatePolicyVersion", "arn:aws:iam::111111111111:policy/other"));
}

#[test]
fn a_wildcard_for_every_name_names_nothing() {
    for everything in
        ["arn:aws:*:*:111111111111:*", "arn:aws:iam::111111111111:*", "arn:aws:iam::*:policy/app"]
    {
        let changes = all(Some(BOUNDARY_ARN), Some(&[everything]));
        assert!(
            !may(&changes, "iam:CreatePolicyVersion", "arn:aws:iam::111111111111:policy/app"),
            "{everything}"
        );
        assert!(
            !may(&changes, "iam:CreateAccessKey", "arn:aws:iam::111111111111:user/admin"),
            "{everything}"
        );
    }
}

#[test]
fn a_policy_that_the_role_holds_stays_as_it_is() {
    let own = "arn:aws:iam::111111111111:policy/app-extra";
    let holder = Holder { attached: vec![own.to_owned()], ..holder(Some(BOUNDARY_ARN)) };
    let actions = catalog::service("iam").unwrap().actions().iter().collect();
    let resources = Some(vec!["arn:aws:iam::111111111111:policy/app-*".to_owned()]);
    let changes = iam_changes(&actions, &Limits { resources, regions: None }, &holder);
    assert!(may(&changes, "iam:CreatePolicyVersion", "arn:aws:iam::111111111111:policy/app-logs"));
    assert!(!may(&changes, "iam:CreatePolicyVersion", own));
}

#[test]
fn service_linked_roles_are_those_of_services_only() {
    let changes = all(None, None);
    let linked = "arn:aws:iam::111111111111:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
    assert!(may(&changes, "iam:CreateServiceLinkedRole", linked));
    assert!(!may(&changes, "iam:CreateServiceLinkedRole", OTHER));
}

#[test]
fn without_a_change_of_iam_nothing_is_denied_either() {
    let actions = catalog::service("s3").unwrap().actions().iter().collect();
    let changes = iam_changes(&actions, &Limits { resources: None, regions: None }, &holder(None));
    assert!(changes.statements.is_empty());
}
