//! Roles with a typed trust, entered with signed tokens: who gets in, who does not, and at which check they fail.
//!
//! Everything is made by the provider: the identity provider of the issuer, and the roles. ministack evaluates the trust
//! policies; that tokens are signed, in time and for a known audience is checked in front of it
//! (`tests/ground/web_identity.py`).

use std::time::{SystemTime, UNIX_EPOCH};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Account, Ground, Site, Workspace};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_ministack(github_lets_main_into_the_applier_and_pull_requests_into_the_planner_only)
        .on_ministack(github_lets_in_no_repository_but_the_one_that_is_named)
        .on_ministack(github_with_ids_lets_in_both_forms_of_the_subject_and_no_successor_of_the_name)
        .on_ministack(github_environments_tags_and_workflows_are_told_apart)
        .on_ministack(gitlab_lets_the_protected_branch_into_the_applier_and_others_into_the_planner_only)
        .on_ministack(hcp_terraform_has_a_role_for_each_phase_of_a_run)
        .on_ministack(a_runner_lets_reviewed_code_into_every_role_and_other_code_into_its_planner_only)
        .on_ministack(a_runner_on_hcp_terraform_plans_and_applies_in_the_phases_of_a_run)
        .on_ministack(any_issuer_is_trusted_by_its_claims)
        .on_ministack(a_token_that_is_forged_over_or_for_somebody_else_lets_nobody_in)
        .on_ministack(a_token_is_of_no_use_where_the_account_does_not_know_the_issuer)
        .into_iter()
        .collect()
}

const GITHUB: &str = "https://token.actions.githubusercontent.com";
const AWS: &str = "sts.amazonaws.com";

/// Why AWS lets somebody not in: the trust policy does not match.
const UNTRUSTED: &str = "AccessDenied";
/// … or the token itself is not good.
const INVALID: &str = "InvalidIdentityToken";

/// The identity provider for an issuer.
fn provider(issuer: &str, audience: &str) -> String {
    format!(
        r#"
resource "deployrunner_oidc_provider" "ci" {{
  url        = "{issuer}"
  client_ids = ["{audience}"]
}}
"#
    )
}

/// A role of that name whose `trust` has this in it.
fn role(name: &str, trust: &str) -> String {
    format!(
        r#"
resource "deployrunner_task_role" "{name}" {{
  name  = "{name}"
  task  = "custom"
  trust = {{ {trust} }}
}}
"#
    )
}

fn applied(site: &Site, parts: &[String]) -> Workspace {
    let workspace = site.workspace(&parts.concat());
    workspace.apply();
    workspace
}

/// The claims of a token that is good for some minutes.
fn claims(issuer: &str, audience: &str, subject: &str) -> Value {
    json!({ "iss": issuer, "aud": audience, "sub": subject, "exp": now() + 300 })
}

/// The same with more claims.
fn with(mut claims: Value, more: &[(&str, &str)]) -> Value {
    for (name, value) in more {
        claims[*name] = json!(value);
    }
    claims
}

fn github(subject: &str) -> Value {
    claims(GITHUB, AWS, subject)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("1970 is over").as_secs()
}

/// What comes of entering `role` with a token of these claims, signed by whom it claims to be of: the session's ARN, or
/// AWS's code.
fn entering(account: &Account, role: &str, claims: &Value) -> Result<String, String> {
    entering_with(account, role, &account.token(claims, claims["iss"].as_str().unwrap_or_default()))
}

fn entering_with(account: &Account, role: &str, token: &str) -> Result<String, String> {
    let arn = format!("arn:aws:iam::{}:role/{role}", account.id());
    match account.assume_with_token(&arn, token) {
        Ok(session) => Ok(session.arn()),
        Err(refusal) => Err(refusal.code),
    }
}

#[track_caller]
fn enters(account: &Account, role: &str, claims: &Value) {
    let session = format!("arn:aws:sts::{}:assumed-role/{role}/test", account.id());
    assert_eq!(entering(account, role, claims), Ok(session), "{claims}");
}

#[track_caller]
fn is_refused(account: &Account, role: &str, claims: &Value) {
    assert_eq!(entering(account, role, claims), Err(UNTRUSTED.to_owned()), "{claims}");
}

/// A planner for everything of the repository, an applier for its main branch.
fn github_roles() -> [String; 3] {
    [
        provider(GITHUB, AWS),
        role(
            "planner",
            r#"github = [{ repository = "acme/infra-live", branches = ["*"], pull_requests = true }]"#,
        ),
        role("applier", r#"github = [{ repository = "acme/infra-live", branches = ["main"] }]"#),
    ]
}

fn github_lets_main_into_the_applier_and_pull_requests_into_the_planner_only(site: &Site) {
    let workspace = applied(site, &github_roles());
    let account = site.account();
    enters(account, "applier", &github("repo:acme/infra-live:ref:refs/heads/main"));
    enters(account, "planner", &github("repo:acme/infra-live:ref:refs/heads/main"));
    for unreviewed in ["repo:acme/infra-live:pull_request", "repo:acme/infra-live:ref:refs/heads/feature/x"] {
        enters(account, "planner", &github(unreviewed));
        is_refused(account, "applier", &github(unreviewed));
    }
    for neither in ["repo:acme/infra-live:ref:refs/tags/v1", "repo:acme/infra-live:environment:main"] {
        is_refused(account, "planner", &github(neither));
        is_refused(account, "applier", &github(neither));
    }
    for almost in
        ["refs/heads/main2", "refs/heads/feature/main", "refs/heads/MAIN", "refs/heads/main:pull_request"]
    {
        is_refused(account, "applier", &github(&format!("repo:acme/infra-live:ref:{almost}")));
    }
    workspace.destroy();
}

fn github_lets_in_no_repository_but_the_one_that_is_named(site: &Site) {
    let workspace = applied(site, &github_roles());
    for stranger in
        ["mallory/infra-live", "acme/infra-live-2", "acme2/infra-live", "acme/x", "Acme/infra-live"]
    {
        for rest in ["ref:refs/heads/main", "pull_request"] {
            let claims = github(&format!("repo:{stranger}:{rest}"));
            is_refused(site.account(), "planner", &claims);
            is_refused(site.account(), "applier", &claims);
        }
    }
    workspace.destroy();
}

fn github_with_ids_lets_in_both_forms_of_the_subject_and_no_successor_of_the_name(site: &Site) {
    let trust = r#"github = [{
    repository = "acme/infra-live", repository_id = "5678", owner_id = "1234", branches = ["main"]
  }]"#;
    let workspace = applied(site, &[provider(GITHUB, AWS), role("applier", trust)]);
    let account = site.account();
    let (old, new) =
        ("repo:acme/infra-live:ref:refs/heads/main", "repo:acme@1234/infra-live@5678:ref:refs/heads/main");
    let ids = [("repository_id", "5678"), ("repository_owner_id", "1234")];
    enters(account, "applier", &with(github(old), &ids));
    enters(account, "applier", &with(github(new), &ids));
    // Whoever takes the name after its owner gave it up has other IDs.
    for (id, successor) in [("repository_id", "9999"), ("repository_owner_id", "9999")] {
        is_refused(account, "applier", &with(with(github(old), &ids), &[(id, successor)]));
    }
    is_refused(account, "applier", &github(old));
    is_refused(account, "applier", &with(github("repo:acme@9999/infra-live@5678:ref:refs/heads/main"), &ids));
    workspace.destroy();
}

fn github_environments_tags_and_workflows_are_told_apart(site: &Site) {
    let of = |more: &str| format!(r#"github = [{{ repository = "acme/infra-live", {more} }}]"#);
    let workflow = "acme/infra-live/.github/workflows/apply.yml@refs/heads/main";
    let workspace = applied(
        site,
        &[
            provider(GITHUB, AWS),
            role("production", &of(r#"environments = ["production"]"#)),
            role("release", &of(r#"tags = ["v*"]"#)),
            role("workflow", &of(&format!(r#"branches = ["main"], workflow_refs = ["{workflow}"]"#))),
        ],
    );
    let account = site.account();
    enters(account, "production", &github("repo:acme/infra-live:environment:production"));
    is_refused(account, "production", &github("repo:acme/infra-live:environment:staging"));
    is_refused(account, "production", &github("repo:acme/infra-live:ref:refs/heads/production"));
    enters(account, "release", &github("repo:acme/infra-live:ref:refs/tags/v1.2"));
    is_refused(account, "release", &github("repo:acme/infra-live:ref:refs/heads/v1.2"));
    let main = github("repo:acme/infra-live:ref:refs/heads/main");
    enters(account, "workflow", &with(main.clone(), &[("job_workflow_ref", workflow)]));
    let other = workflow.replace("apply", "other");
    is_refused(account, "workflow", &with(main.clone(), &[("job_workflow_ref", &other)]));
    is_refused(account, "workflow", &main);
    workspace.destroy();
}

fn gitlab_lets_the_protected_branch_into_the_applier_and_others_into_the_planner_only(site: &Site) {
    let issuer = "https://gitlab.example.com";
    let of = |more: &str| {
        format!(
            r#"gitlab = [{{
    host = "gitlab.example.com", project = "acme/platform/infra-live", audience = "{issuer}", {more}
  }}]"#
        )
    };
    let workspace = applied(
        site,
        &[
            provider(issuer, issuer),
            role("planner", &of(r#"branches = ["*"], merge_requests = true"#)),
            role("applier", &of(r#"branches = ["main"]"#)),
        ],
    );
    let account = site.account();
    let of = |rest: &str| claims(issuer, issuer, &format!("project_path:acme/platform/infra-live:{rest}"));
    enters(account, "applier", &of("ref_type:branch:ref:main"));
    enters(account, "planner", &of("ref_type:branch:ref:some-change"));
    is_refused(account, "applier", &of("ref_type:branch:ref:some-change"));
    is_refused(account, "applier", &of("ref_type:tag:ref:main"));
    for stranger in ["acme/platform", "acme/platform/infra-live/fork", "mallory/infra-live"] {
        let claims = claims(issuer, issuer, &format!("project_path:{stranger}:ref_type:branch:ref:main"));
        is_refused(account, "planner", &claims);
        is_refused(account, "applier", &claims);
    }
    workspace.destroy();
}

fn hcp_terraform_has_a_role_for_each_phase_of_a_run(site: &Site) {
    let (issuer, audience) = ("https://app.terraform.io", "aws.workload.identity");
    let of = |more: &str| {
        format!(
            r#"hcp_terraform = [{{ organization = "acme", project = "Live", workspace = "prod-*"{more} }}]"#
        )
    };
    let workspace = applied(
        site,
        &[
            provider(issuer, audience),
            role("planner", &of(r#", run_phases = ["plan"]"#)),
            role("applier", &of("")),
        ],
    );
    let account = site.account();
    let run = |workspace: &str, phase: &str| {
        let subject = format!("organization:acme:project:Live:workspace:{workspace}:run_phase:{phase}");
        claims(issuer, audience, &subject)
    };
    enters(account, "planner", &run("prod-network", "plan"));
    enters(account, "applier", &run("prod-network", "apply"));
    is_refused(account, "applier", &run("prod-network", "plan"));
    is_refused(account, "planner", &run("prod-network", "apply"));
    is_refused(account, "planner", &run("dev-network", "plan"));
    let other =
        claims(issuer, audience, "organization:mallory:project:Live:workspace:prod-x:run_phase:apply");
    is_refused(account, "applier", &other);
    workspace.destroy();
}

/// A runner whose trust has this in it, with all of its roles.
fn runner(trust: &str) -> String {
    format!(
        r#"
resource "deployrunner_account_runner" "live" {{
  name       = "live"
  trust      = {{ {trust} }}
  manages    = {{ resource_types = ["aws_sqs_queue"] }}
  state      = {{ bucket = "acme-tfstate", key_prefixes = ["live/"], lock = "s3" }}
  planner    = {{}}
  applier    = {{}}
  state_role = {{}}
  builder = {{
    permissions = {{ ecr_push = {{ repository_arns = ["arn:aws:ecr:us-east-1:111111111111:repository/app"] }} }}
  }}
}}
"#
    )
}

const REVIEWED: [&str; 3] = ["live-terraform-applier", "live-terraform-state", "live-docker-image-builder"];

fn a_runner_lets_reviewed_code_into_every_role_and_other_code_into_its_planner_only(site: &Site) {
    let trust = r#"github = [{ repository = "acme/infra-live", branches = ["main"] }]"#;
    let workspace = applied(site, &[provider(GITHUB, AWS), runner(trust)]);
    let account = site.account();
    let main = github("repo:acme/infra-live:ref:refs/heads/main");
    enters(account, "live-terraform-planner", &main);
    for role in REVIEWED {
        enters(account, role, &main);
        for unreviewed in ["pull_request", "ref:refs/heads/feature/x"] {
            let unreviewed = github(&format!("repo:acme/infra-live:{unreviewed}"));
            is_refused(account, role, &unreviewed);
            enters(account, "live-terraform-planner", &unreviewed);
        }
        is_refused(account, role, &github("repo:mallory/infra-live:ref:refs/heads/main"));
    }
    is_refused(account, "live-terraform-planner", &github("repo:mallory/infra-live:pull_request"));
    workspace.destroy();
}

fn a_runner_on_hcp_terraform_plans_and_applies_in_the_phases_of_a_run(site: &Site) {
    let (issuer, audience) = ("https://app.terraform.io", "aws.workload.identity");
    let trust = r#"hcp_terraform = [{ organization = "acme", project = "Live", workspace = "prod-*" }]"#;
    let workspace = applied(site, &[provider(issuer, audience), runner(trust)]);
    let account = site.account();
    let run = |phase: &str| {
        let subject = format!("organization:acme:project:Live:workspace:prod-dns:run_phase:{phase}");
        claims(issuer, audience, &subject)
    };
    enters(account, "live-terraform-planner", &run("plan"));
    is_refused(account, "live-terraform-planner", &run("apply"));
    for role in REVIEWED {
        enters(account, role, &run("apply"));
        is_refused(account, role, &run("plan"));
    }
    workspace.destroy();
}

/// An issuer with a path, whose roles are trusted by `oidc`.
const BITBUCKET: &str = "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";
const WORKSPACE: &str = "ari:cloud:bitbucket::workspace/11111111-2222-3333-4444-555555555555";

fn bitbucket_roles() -> [String; 2] {
    let trust = format!(
        r#"oidc = [{{ issuer = "{BITBUCKET}", audiences = ["{WORKSPACE}"], claims = {{ sub = ["{{repo}}:{{prod}}:*"] }} }}]"#
    );
    [provider(BITBUCKET, WORKSPACE), role("applier", &trust)]
}

fn any_issuer_is_trusted_by_its_claims(site: &Site) {
    let workspace = applied(site, &bitbucket_roles());
    let account = site.account();
    enters(account, "applier", &claims(BITBUCKET, WORKSPACE, "{repo}:{prod}:{step}"));
    is_refused(account, "applier", &claims(BITBUCKET, WORKSPACE, "{repo}:{step}"));
    is_refused(account, "applier", &claims(BITBUCKET, WORKSPACE, "{other}:{prod}:{step}"));
    workspace.destroy();
}

fn a_token_that_is_forged_over_or_for_somebody_else_lets_nobody_in(site: &Site) {
    let workspace = applied(site, &github_roles());
    let account = site.account();
    let main = github("repo:acme/infra-live:ref:refs/heads/main");
    let entering_with = |token: &str| entering_with(account, "applier", token);
    let good = account.token(&main, GITHUB);
    assert!(entering_with(&good).is_ok());

    let forged = account.token(&main, "https://mallory.example.com");
    assert_eq!(entering_with(&forged), Err(INVALID.to_owned()), "signed by somebody else");
    let pull_request = account.token(&github("repo:acme/infra-live:pull_request"), GITHUB);
    let [head, _, _] = parts(&good);
    let [_, _, signature] = parts(&pull_request);
    let [_, claims, _] = parts(&good);
    let patched = format!("{head}.{claims}.{signature}");
    assert_eq!(entering_with(&patched), Err(INVALID.to_owned()), "a signature of other claims");
    assert_eq!(entering_with(&format!("{head}.{claims}.")), Err(INVALID.to_owned()), "no signature");

    let mut over = main.clone();
    over["exp"] = json!(now() - 1);
    assert_eq!(entering(account, "applier", &over), Err("ExpiredTokenException".to_owned()));

    let elsewhere = with(main.clone(), &[("aud", "https://github.com/acme")]);
    assert_eq!(entering(account, "applier", &elsewhere), Err(INVALID.to_owned()), "not among `client_ids`");
    // The provider takes it, as somebody else's roles may need; ours names its own audience.
    account.add_client_id("token.actions.githubusercontent.com", "https://github.com/acme");
    is_refused(account, "applier", &elsewhere);
    workspace.destroy();
}

fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().expect("a token has three parts")
}

fn a_token_is_of_no_use_where_the_account_does_not_know_the_issuer(site: &Site) {
    let [_, planner, applier] = github_roles();
    let workspace = applied(site, &[planner.clone(), applier.clone()]);
    let account = site.account();
    let main = github("repo:acme/infra-live:ref:refs/heads/main");
    assert_eq!(entering(account, "applier", &main), Err(INVALID.to_owned()));
    workspace.rewrite(&github_roles().concat());
    workspace.apply();
    enters(account, "applier", &main);
    workspace.rewrite(&[planner, applier].concat());
    workspace.apply();
    assert_eq!(entering(account, "applier", &main), Err(INVALID.to_owned()), "it was destroyed");
    workspace.destroy();
}
