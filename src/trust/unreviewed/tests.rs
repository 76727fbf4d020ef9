//! What counts as reviewed, by issuer.

use super::*;
use iam_policy::{PrincipalKind, Statement};

fn trust(subjects: &[&str]) -> Document {
    let statement = Statement::allow(["sts:AssumeRoleWithWebIdentity"])
        .principal(PrincipalKind::Federated, "arn:aws:iam::111111111111:oidc-provider/ci.example.com");
    Document::new([match subjects {
        [] => statement,
        _ => statement.condition("StringLike", "ci.example.com:sub", subjects.iter().copied()),
    }])
}

#[test]
fn pull_requests_any_branch_and_plan_phases_are_unreviewed() {
    for subject in [
        "repo:acme/infra:pull_request",
        "repo:acme/infra:*",
        "repo:acme/*",
        "repo:acme/infra:ref:refs/heads/*",
        "repo:acme/infra:ref:refs/heads/feature/*",
        "organization:acme:pipeline:infra:ref:refs/heads/*:commit:*",
        "project_path:acme/infra:ref_type:branch:ref:*",
        "organization:acme:project:p:workspace:w:run_phase:plan",
        "organization:acme:project:p:workspace:w:run_phase:*",
    ] {
        assert_eq!(unreviewed_subject(&trust(&[subject])).as_deref(), Some(subject));
    }
    assert_eq!(unreviewed_subject(&trust(&[])).as_deref(), Some("*"));
}

#[test]
fn a_named_branch_an_environment_and_the_apply_phase_are_reviewed() {
    let reviewed = [
        "repo:acme/infra:ref:refs/heads/main",
        "repo:acme/infra:environment:prod",
        "organization:acme:pipeline:infra:ref:refs/heads/main:*",
        "project_path:acme/infra:ref_type:branch:ref:main",
        "organization:acme:project:p:workspace:w:run_phase:apply",
    ];
    assert_eq!(unreviewed_subject(&trust(&reviewed)), None);
}

#[test]
fn an_operator_that_does_not_bind_the_subject_lets_in_everybody() {
    for operator in ["StringNotLike", "StringLikeIfExists", "ForAllValues:StringLike", "Null"] {
        let trust = trust(&["repo:acme/infra:ref:refs/heads/main"]);
        let renamed = trust.statements.into_vec().into_iter().map(|mut statement| {
            statement.conditions.iter_mut().for_each(|condition| condition.operator = operator.to_owned());
            statement
        });
        let trust = Document::new(renamed);
        assert_eq!(unreviewed_subject(&trust).as_deref(), Some("*"), "{operator}");
    }
}

#[test]
fn aws_principals_say_nothing_about_code() {
    let aws = Statement::allow(["sts:AssumeRole"]).principal(PrincipalKind::Aws, "111111111111");
    assert_eq!(unreviewed_subject(&Document::new([aws])), None);
}

/// A trust in an issuer, under conditions of operator, claim and value.
fn of(issuer: &str, conditions: &[(&str, &str, &str)]) -> Document {
    let statement = Statement::allow(["sts:AssumeRoleWithWebIdentity"])
        .principal(PrincipalKind::Federated, format!("arn:aws:iam::111111111111:oidc-provider/{issuer}"));
    Document::new([conditions.iter().fold(statement, |statement, (operator, claim, value)| {
        statement.condition(*operator, format!("{issuer}:{claim}"), [*value])
    })])
}

const GITHUB: &str = "token.actions.githubusercontent.com";
const CIRCLECI: &str = "oidc.circleci.com/org/7";
const BITBUCKET: &str = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";

#[test]
fn every_issuer_has_its_own_unreviewed_subjects() {
    for (issuer, subject) in [
        (GITHUB, "repo:acme@1/infra@2:pull_request"),
        (GITHUB, "repo:acme@1/infra@2:*"),
        (GITHUB, "repo:acme/infra:ref:refs/tags/*"),
        (GITHUB, "repo:acme/infra:ref:refs/tags/v*"),
        (GITHUB, "repo:acme/infra:ref:*"),
        (GITHUB, "repository_id:2:job_workflow_ref:acme/infra/.github/workflows/x.yml@refs/heads/*"),
        (GITHUB, "*:pull_request"),
        ("ghes.example.com/_services/token", "repo:acme/infra:*"),
        ("gitlab.com", "project_path:acme/*"),
        ("gitlab.com", "project_path:acme/infra:ref_type:branch:ref:feature/*"),
        ("git.example.com", "project_path:acme/infra:ref_type:tag:ref:*"),
        ("app.terraform.io", "organization:acme:*"),
        ("agent.buildkite.com", "organization:acme:pipeline:infra:*"),
        ("agent.buildkite.com", "organization:acme:pipeline:infra:ref:refs/heads/*:commit:*:step:*"),
        (GITHUB, "repo:acme/infra:environment:*"),
        (GITHUB, "repo:acme/infra:environment:prod-*"),
        (GITHUB, "repo:acme/infra:ref:*/main"),
        (GITHUB, "repo:acme/infra:ref:refs/*/main"),
        (GITHUB, "repo:acme/infra:*/main"),
        (GITHUB, "repo:acme/infra:*main"),
        (GITHUB, "repo:acme/infra:*-prod"),
        (GITHUB, "repo:acme/infra:environment*prod"),
        (GITHUB, "repo:acme/infra:*:job_workflow_ref:acme/flows/.github/workflows/x.yml@refs/heads/main"),
        (
            GITHUB,
            "repo:acme/infra:pull_request:job_workflow_ref:acme/flows/.github/workflows/x.yml@refs/heads/main",
        ),
        (GITHUB, "repo:acme/infra:job_workflow_ref:acme/flows/.github/workflows/x.yml@refs/heads/main"),
        (GITHUB, "repo:acme/infra:actor:alice"),
        (GITHUB, "repo:acme/infra:ref:refs/heads/*:environment:*"),
        ("gitlab.com", "project_path:acme/infra:ref_type:*:ref:main"),
        ("gitlab.com", "project_path:acme/infra:*:ref:main"),
        ("gitlab.com", "project_path:acme/infra:*main"),
        (CIRCLECI, "org/7/project/8/user/*/vcs-origin/*/vcs-ref/*main"),
        ("gitlab.com", "project_path:acme/infra:ref_type:branch:ref:*main"),
        (CIRCLECI, "org/7/project/8/user/*"),
        (CIRCLECI, "org/7/project/8/*"),
        (CIRCLECI, "org/7/project/8/user/*/vcs-origin/github.com/acme/infra/vcs-ref/refs/heads/*"),
        (BITBUCKET, "{repo}:*"),
        ("acme.app.spacelift.io", "space:prod:stack:infra:*"),
        ("acme.app.spacelift.io", "space:prod:stack:infra:run_type:*:scope:read"),
    ] {
        let found = unreviewed_subject(&of(issuer, &[("StringLike", "sub", subject)]));
        assert_eq!(found.as_deref(), Some(subject), "{issuer}");
    }
}

#[test]
fn what_is_named_is_reviewed_whatever_follows_it() {
    for (issuer, subject) in [
        (GITHUB, "repo:acme@1/infra@2:ref:refs/heads/main"),
        (GITHUB, "repo:acme/infra:ref:refs/tags/v1.0.0"),
        (GITHUB, "repo:acme/infra:ref:refs/heads/main:*"),
        (
            GITHUB,
            "repo:acme/infra:ref:refs/heads/main:job_workflow_ref:acme/flows/.github/workflows/x.yml@refs/tags/v*",
        ),
        (GITHUB, "repo:acme/infra:environment:prod:job_workflow_ref:acme/flows/.github/workflows/x.yml@*"),
        (GITHUB, "repo:acme@1/infra@*:ref:refs/heads/main"),
        (GITHUB, "repository_owner_id:1:repository_id:2:environment:production:*"),
        (GITHUB, "workflow_ref:acme/infra/.github/workflows/apply.yml@refs/heads/main"),
        ("app.terraform.io", "organization:acme:project:live:workspace:*:run_phase:apply"),
        ("app.terraform.io", "organization:acme:project:*:workspace:network:run_phase:apply"),
        ("acme.app.spacelift.io", "space:prod:stack:*:run_type:*:scope:write"),
        ("agent.buildkite.com", "organization:acme:pipeline:infra:ref:refs/heads/main:commit:*:step:*"),
        (CIRCLECI, "org/7/project/8/user/*/vcs-origin/github.com/acme/infra/vcs-ref/refs/heads/main"),
        (BITBUCKET, "{repo}:{environment}:*"),
        ("acme.app.spacelift.io", "space:prod:stack:infra:run_type:*:scope:write"),
        ("oidc.eks.eu-west-1.amazonaws.com/id/1", "system:serviceaccount:ci:runner-*"),
    ] {
        assert_eq!(
            unreviewed_subject(&of(issuer, &[("StringLike", "sub", subject)])),
            None,
            "{issuer} {subject}"
        );
    }
}

#[test]
fn a_pattern_of_repositories_takes_the_one_that_somebody_makes_next() {
    for (issuer, subject) in [
        (GITHUB, "repo:acme/*:ref:refs/heads/main"),
        (GITHUB, "repo:acme/*:environment:production"),
        (GITHUB, "repo:acme/infra-*:environment:production"),
        (GITHUB, "repo:acme@1/infra-*@*:ref:refs/heads/main"),
        (GITHUB, "*:environment:production"),
        (GITHUB, "repo:acme/*:job_workflow_ref:acme/flows/.github/workflows/apply.yml@refs/heads/main"),
        ("ghes.example.com/_services/token", "repo:*/infra:ref:refs/heads/main"),
        ("gitlab.com", "project_path:acme/*:ref_type:branch:ref:main"),
        ("git.example.com", "project_path:*/infra:ref_type:branch:ref:main"),
        ("app.terraform.io", "organization:acme:project:*:workspace:*:run_phase:apply"),
        ("app.terraform.io", "organization:acme:project:*:workspace:prod-*:run_phase:apply"),
        ("app.terraform.io", "organization:acme:*:run_phase:apply"),
        ("agent.buildkite.com", "organization:acme:pipeline:*:ref:refs/heads/main:commit:*:step:*"),
        (CIRCLECI, "org/7/project/*/user/*/vcs-origin/*/vcs-ref/refs/heads/main"),
        ("acme.app.spacelift.io", "space:*:stack:*:run_type:*:scope:write"),
    ] {
        let found = unreviewed_subject(&of(issuer, &[("StringLike", "sub", subject)]));
        assert_eq!(found.as_deref(), Some(subject), "{issuer}");
    }
}

#[test]
fn a_repository_can_be_named_by_its_own_claims() {
    let any = ("StringLike", "sub", "repo:acme/*:environment:production");
    let owner = ("StringEquals", "repository_owner_id", "1");
    let main = ("StringEquals", "ref", "refs/heads/main");
    for named in [("StringEquals", "repository", "acme/infra"), ("StringEquals", "repository_id", "2")] {
        assert_eq!(unreviewed_subject(&of(GITHUB, &[any, named])), None, "{named:?}");
        assert_eq!(unreviewed_subject(&of(GITHUB, &[owner, main, named])), None, "{named:?}");
    }
    let circleci = ("StringLike", "sub", "org/7/project/*/user/*/vcs-origin/*/vcs-ref/refs/heads/main");
    let project = ("StringEquals", "oidc.circleci.com/project-id", "8");
    assert_eq!(unreviewed_subject(&of(CIRCLECI, &[circleci, project])), None);
    for unnamed in
        [owner, main, ("StringLike", "repository", "acme/infra-*"), ("StringLike", "repository_id", "1*")]
    {
        assert!(unreviewed_subject(&of(GITHUB, &[any, unnamed])).is_some(), "{unnamed:?}");
        assert!(unreviewed_subject(&of(GITHUB, &[main, unnamed])).is_some(), "{unnamed:?}");
    }
}

#[test]
fn a_pattern_that_takes_too_long_to_tell_is_nothing_to_rely_on() {
    let entangled = format!("repo:acme/infra:{}", "*e*a*".repeat(60));
    let found = unreviewed_subject(&of(GITHUB, &[("StringLike", "sub", &entangled)]));
    assert_eq!(found, Some(entangled));
}

#[test]
fn other_claims_of_the_token_can_keep_unreviewed_code_out() {
    let any = ("StringLike", "sub", "repo:acme/infra:*");
    for guard in [("StringEquals", "ref", "refs/heads/main"), ("StringEquals", "environment", "production")] {
        assert_eq!(unreviewed_subject(&of(GITHUB, &[any, guard])), None, "{guard:?}");
        let named = ("StringEquals", "repository_id", "2");
        assert_eq!(unreviewed_subject(&of(GITHUB, &[guard, named])), None, "{guard:?}");
    }
    for no_guard in [
        // A reusable workflow is called from any branch, and runs on the code of that branch.
        ("StringLike", "job_workflow_ref", "acme/infra/.github/workflows/*@refs/heads/main"),
        ("StringEquals", "repository", "acme/infra"),
        ("StringEquals", "actor", "acme-bot"),
        ("StringLike", "ref", "refs/heads/*"),
        ("StringLike", "ref", "refs/heads/release-*"),
        ("StringLike", "ref", "refs/*/main"),
        ("StringLike", "environment", "prod*"),
        ("StringLike", "environment", "*p*"),
        ("StringEqualsIfExists", "environment", "production"),
        ("StringLike", "job_workflow_ref", "acme/infra/.github/workflows/apply.yml@*"),
    ] {
        assert!(unreviewed_subject(&of(GITHUB, &[any, no_guard])).is_some(), "{no_guard:?}");
    }
}

#[test]
fn patterns_of_ref_and_environment_are_met_together() {
    let any = ("StringLike", "sub", "repo:acme/infra:*");
    let (release, prod) =
        (("StringLike", "ref", "refs/heads/release-*"), ("StringLike", "environment", "prod*"));
    let (main, production) =
        (("StringEquals", "ref", "refs/heads/main"), ("StringEquals", "environment", "production"));
    assert!(unreviewed_subject(&of(GITHUB, &[any, release, prod])).is_some());
    for named in [[main, prod], [release, production], [main, production]] {
        assert_eq!(unreviewed_subject(&of(GITHUB, &[any, named[0], named[1]])), None, "{named:?}");
    }
    let workflow =
        ("StringEquals", "sub", "repo:acme/infra:job_workflow_ref:acme/w/.github/workflows/x.yml@v1");
    assert!(unreviewed_subject(&of(GITHUB, &[workflow, release])).is_some());
    assert_eq!(unreviewed_subject(&of(GITHUB, &[workflow, main])), None);
}

#[test]
fn all_conditions_on_the_subject_count_and_so_do_denies() {
    let main = ("StringEquals", "sub", "repo:acme/infra:ref:refs/heads/main");
    let any = ("StringLike", "sub", "repo:acme/infra:*");
    assert_eq!(unreviewed_subject(&of(GITHUB, &[any, main])), None);
    let deny = Statement::deny(["sts:AssumeRoleWithWebIdentity"])
        .principal(PrincipalKind::Federated, format!("arn:aws:iam::111111111111:oidc-provider/{GITHUB}"))
        .condition("StringNotLike", format!("{GITHUB}:sub"), ["repo:acme/infra:ref:refs/heads/main"]);
    let both = of(GITHUB, &[any]).statements.into_vec().into_iter().chain([deny]);
    assert_eq!(unreviewed_subject(&Document::new(both)), None);
}
