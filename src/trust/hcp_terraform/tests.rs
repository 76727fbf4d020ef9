//! Which runs of HCP Terraform a trust lets in, and which it must not.

use super::*;
use crate::trust::door::{Token, assert_read_back, faults, hcp_terraform, opens, set, statements, text};
use crate::trust::widened;

fn prod() -> HcpTerraformTrust {
    HcpTerraformTrust {
        organization: text("acme"),
        project: text("Default Project"),
        workspace: text("prod"),
        ..HcpTerraformTrust::default()
    }
}

fn token(sub: &str) -> Token<'_> {
    Token { issuer: ISSUER, claims: vec![("aud", "aws.workload.identity"), ("sub", sub)] }
}

const APPLIES: &str = "organization:acme:project:Default Project:workspace:prod:run_phase:apply";
const PLANS: &str = "organization:acme:project:Default Project:workspace:prod:run_phase:plan";

#[test]
fn the_apply_phase_of_the_workspace_gets_in_and_nothing_like_it_does() {
    let trust = hcp_terraform(prod());
    assert!(opens(&trust, &token(APPLIES)));
    for subject in [
        PLANS,
        "organization:acme-evil:project:Default Project:workspace:prod:run_phase:apply",
        "organization:acme:project:Default Project:workspace:prod2:run_phase:apply",
        "organization:acme:project:other:workspace:prod:run_phase:apply",
        "organization:Acme:project:Default Project:workspace:prod:run_phase:apply",
        "organization:acme:workspace:prod:run_phase:apply",
    ] {
        assert!(!opens(&trust, &token(subject)), "{subject}");
    }
    let other = Token { issuer: ISSUER, claims: vec![("aud", "sts.amazonaws.com"), ("sub", APPLIES)] };
    assert!(!opens(&trust, &other), "another audience");
}

#[test]
fn an_exact_workspace_is_compared_exactly_and_any_project_is_a_pattern() {
    let exact = statements(&hcp_terraform(prod()));
    assert_eq!(exact[0]["Condition"]["StringEquals"]["app.terraform.io:sub"], APPLIES);
    let any = hcp_terraform(HcpTerraformTrust { project: Attr::Null, ..prod() });
    assert_eq!(
        statements(&any)[0]["Condition"]["StringLike"]["app.terraform.io:sub"],
        "organization:acme:project:*:workspace:prod:run_phase:apply"
    );
    assert!(opens(&any, &token("organization:acme:project:other:workspace:prod:run_phase:apply")));
    assert!(!opens(&any, &token("organization:acme:project:other:workspace:prod2:run_phase:apply")));
}

#[test]
fn both_phases_are_trusted_only_where_both_are_written() {
    let both = hcp_terraform(HcpTerraformTrust { run_phases: set(&["plan", "apply"]), ..prod() });
    assert!(opens(&both, &token(PLANS)) && opens(&both, &token(APPLIES)));
    let none = HcpTerraformTrust { run_phases: set(&[]), ..prod() };
    assert_eq!(faults(&hcp_terraform(none)), ["No run phase"]);
}

#[test]
fn an_organization_and_nothing_of_it_is_an_error() {
    for project in [Attr::Null, text("*")] {
        let entry = HcpTerraformTrust { project, workspace: text("*"), ..prod() };
        assert_eq!(faults(&hcp_terraform(entry)), ["Every workspace would be trusted"]);
    }
    for entry in [prod(), HcpTerraformTrust { workspace: text("*"), ..prod() }] {
        assert!(faults(&hcp_terraform(entry)).is_empty());
    }
}

#[test]
fn names_cannot_reach_beyond_their_place_in_the_subject() {
    assert!(organization("acme").is_ok() && organization("acme*").is_err() && organization("a:b").is_err());
    assert!(project("Default Project").is_ok() && project("x:workspace:*").is_err());
    assert!(workspace("app-*").is_ok() && workspace("x:run_phase:*").is_err() && workspace("").is_err());
    assert!(run_phase("plan").is_ok() && run_phase("*").is_err());
}

#[test]
fn the_widened_trust_takes_the_plan_phase_and_the_reviewed_one_does_not() {
    let reviewed = hcp_terraform(prod());
    let planner = widened(&reviewed);
    assert!(opens(&planner, &token(PLANS)) && !opens(&reviewed, &token(PLANS)));
    assert!(!opens(&planner, &token(APPLIES)) && opens(&reviewed, &token(APPLIES)));
}

#[test]
fn every_entry_is_read_back_as_it_was_written() {
    for entry in [
        prod(),
        HcpTerraformTrust { project: Attr::Null, ..prod() },
        HcpTerraformTrust { run_phases: set(&["plan", "apply"]), audience: text("acme"), ..prod() },
        HcpTerraformTrust { workspace: text("app-*"), run_phases: set(&["plan"]), ..prod() },
    ] {
        assert_read_back(&hcp_terraform(entry));
    }
}
