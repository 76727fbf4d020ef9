//! Each kind of trust, on a role: made as planned, planned again, imported as it was written.

use libtest_mimic::Trial;
use serde_json::json;

use super::{ROLE, role};
use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .everywhere(jobs_and_runs_are_trusted_as_planned_and_imported_as_written)
        .on_each_terraform_since("1.0", statements_that_could_be_one_are_the_same_trust)
        .on_ministack(a_source_without_anything_of_it_is_refused)
        .on_ministack(a_trust_policy_that_is_too_long_names_what_takes_the_most)
        .into_iter()
        .collect()
}

const JOBS: &str = r#"
  trust = {
    github = [
      {
        repository    = "acme/infra-live"
        branches      = ["main", "release/*"]
        environments  = ["prod:eu"]
        pull_requests = true
      },
      {
        repository    = "acme/apps"
        repository_id = "5678"
        owner_id      = "1234"
        tags          = ["v*"]
        workflow_refs = ["acme/apps/.github/workflows/deploy.yml@refs/heads/main"]
      },
    ]
    gitlab        = [{ host = "gitlab.example.com", project = "acme/ops/infra", branches = ["main"] }]
    hcp_terraform = [{ organization = "acme", project = "Default Project", workspace = "prod" }]
  }
"#;

fn jobs_and_runs_are_trusted_as_planned_and_imported_as_written(site: &Site) {
    let workspace = site.workspace(&role(JOBS));
    let planned = workspace.plan().after(ROLE).clone();
    assert_eq!(planned["effective_session_duration"], json!({ "oidc": 3600 }));
    workspace.apply();
    let account = site.account();
    let trust = account.trust("runner-custom");
    let statements = trust["Statement"].as_array().expect("a list");
    assert_eq!(statements.len(), 4, "{trust:#}");
    let github = "token.actions.githubusercontent.com";
    assert_eq!(statements[0]["Condition"]["StringEquals"][format!("{github}:aud")], "sts.amazonaws.com");
    assert_eq!(
        statements[0]["Condition"]["StringLike"][format!("{github}:sub")],
        json!([
            "repo:acme/infra-live:ref:refs/heads/main",
            "repo:acme/infra-live:ref:refs/heads/release/*",
            "repo:acme/infra-live:environment:prod%3Aeu",
            "repo:acme/infra-live:pull_request",
        ])
    );
    assert_eq!(
        statements[1]["Condition"]["StringLike"][format!("{github}:sub")],
        json!(["repo:acme/apps:ref:refs/tags/v*", "repo:acme@1234/apps@5678:ref:refs/tags/v*"])
    );
    workspace.plan().assert_empty();

    let written = workspace.state().attribute(ROLE, "trust").clone();
    workspace.run(&["state", "rm", ROLE]).assert_succeeded();
    workspace.import(ROLE, "runner-custom");
    assert_eq!(workspace.state().attribute(ROLE, "trust"), &written);
    workspace.plan().assert_empty();
    workspace.destroy();
}

/// Two statements that are one to the provider, as another tool may have written them.
fn statements_that_could_be_one_are_the_same_trust(site: &Site) {
    let account = site.account();
    let issuer = "token.actions.githubusercontent.com";
    let provider = format!("arn:aws:iam::{}:oidc-provider/{issuer}", account.id());
    let statement = |branch: &str| {
        json!({
            "Effect": "Allow",
            "Principal": { "Federated": provider },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": {
                format!("{issuer}:aud"): "sts.amazonaws.com",
                format!("{issuer}:sub"): format!("repo:acme/infra-live:ref:refs/heads/{branch}"),
            } },
        })
    };
    let trust = json!({ "Version": "2012-10-17", "Statement": [statement("main"), statement("hotfix")] });
    account.create_role("runner-custom", &trust);
    let entry = |branches: &str| {
        role(&format!(
            "  trust = {{ github = [{{ repository = \"acme/infra-live\", branches = {branches} }}] }}"
        ))
    };
    let workspace = site.workspace(&entry(r#"["main", "hotfix"]"#));
    workspace.import(ROLE, "runner-custom");
    let calls = account.calls_during(|| {
        workspace.apply();
    });
    assert!(!calls.iter().any(|call| call == "UpdateAssumeRolePolicy"), "{calls:?}");
    workspace.plan().assert_empty();
    workspace.rewrite(&entry(r#"["main"]"#));
    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(account.trust("runner-custom")["Statement"].as_array().map(Vec::len), Some(1));
    workspace.destroy();
}

fn a_source_without_anything_of_it_is_refused(site: &Site) {
    let cases = [
        (r#"github = [{ repository = "acme/infra-live" }]"#, "Nothing of the repository is trusted"),
        (r#"github = [{ repository = "acme/*", branches = ["main"] }]"#, "has a wildcard"),
        (r#"gitlab = [{ project = "acme/infra-live" }]"#, "Nothing of the project is trusted"),
        (
            r#"hcp_terraform = [{ organization = "acme", workspace = "*" }]"#,
            "Every workspace would be trusted",
        ),
    ];
    for (entry, reason) in cases {
        let workspace = site.workspace(&role(&format!("  trust = {{ {entry} }}")));
        workspace.plan_error(&[reason]);
    }
}

fn a_trust_policy_that_is_too_long_names_what_takes_the_most(site: &Site) {
    let branches: Vec<String> = (0..200).map(|number| format!("\"branch-{number:03}\"")).collect();
    let trust = format!(
        "  trust = {{ github = [\n    {{ repository = \"acme/small\", branches = [\"main\"] }},\n    {{ repository = \
         \"acme/large\", branches = [{}] }},\n  ] }}",
        branches.join(", ")
    );
    let workspace = site.workspace(&role(&trust));
    workspace.plan_error(&["A quota of IAM is exceeded", "over the 8192", "`github[1]`"]);
}
