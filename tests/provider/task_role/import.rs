//! A role that exists is taken over as it is, however it is named.

use libtest_mimic::Trial;
use serde_json::json;

use super::{ROLE, TRUST, allow, role};
use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .everywhere(an_import_by_arn_or_name_is_followed_by_an_empty_plan)
        .on_each_terraform_since("1.5", an_import_block_by_id_is_followed_by_an_empty_plan)
        .on_each_terraform_since("1.12", an_import_block_by_identity_is_followed_by_an_empty_plan)
        .on_ministack(a_role_made_elsewhere_is_imported_and_brought_to_its_configuration)
        .on_ministack(what_others_put_on_an_imported_role_stays_when_asked)
        .on_ministack(another_role_of_the_same_name_is_not_imported)
        .on_ministack(what_does_not_name_a_role_is_refused)
        .on_ministack(a_name_that_is_taken_prints_the_import_block)
        .into_iter()
        .collect()
}

fn configuration() -> String {
    role(&format!(
        r#"
  path        = "/ci/"
  description = "Plans the stacks."
  tags        = {{ team = "platform" }}
  trust = {{
    aws      = [{{ principals = ["222222222222"], external_id = "runner-1", allow_session_tags = true }}]
    services = [{{ service = "ecs-tasks.amazonaws.com" }}]
    oidc = [{{
      issuer    = "https://agent.buildkite.com"
      audiences = ["sts.amazonaws.com"]
      claims    = {{ sub = ["organization:acme:pipeline:*", "organization:acme:x"] }}
    }}]
  }}
  permissions = {{
    inline_policies     = {{ queues = {} }}
    managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  }}
"#,
        allow("sqs:ListQueues")
    ))
}

fn an_import_by_arn_or_name_is_followed_by_an_empty_plan(site: &Site) {
    let workspace = site.workspace(&configuration());
    workspace.apply();
    let account = site.account().id();
    let ids = [
        format!("arn:aws:iam::{account}:role/ci/runner-custom"),
        "runner-custom".to_owned(),
        format!("{account}/runner-custom"),
    ];
    for id in ids {
        let forgotten = workspace.run(&["state", "rm", ROLE]);
        forgotten.assert_succeeded();
        workspace.import(ROLE, &id);
        workspace.plan().assert_empty();
    }
    workspace.destroy();
}

fn with_import_block(target: &str) -> String {
    format!("{}\nimport {{\n  to = {ROLE}\n  {target}\n}}\n", configuration())
}

fn an_import_block_by_id_is_followed_by_an_empty_plan(site: &Site) {
    imports(site, |account| format!("id = \"arn:aws:iam::{account}:role/ci/runner-custom\""));
}

fn an_import_block_by_identity_is_followed_by_an_empty_plan(site: &Site) {
    imports(site, |account| format!("identity = {{ account_id = \"{account}\", name = \"runner-custom\" }}"));
}

fn imports(site: &Site, target: fn(&str) -> String) {
    let workspace = site.workspace(&configuration());
    workspace.apply();
    workspace.run(&["state", "rm", ROLE]).assert_succeeded();
    workspace.rewrite(&with_import_block(&target(site.account().id())));
    assert_eq!(workspace.plan().actions(ROLE), ["no-op"], "the import itself changes nothing");
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_role_made_elsewhere_is_imported_and_brought_to_its_configuration(site: &Site) {
    let account = site.account();
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": "222222222222", "Service": "ec2.amazonaws.com" },
        "Action": "sts:AssumeRole",
    }]});
    account.create_role("runner-custom", &trust);
    let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }] });
    account.put_inline_policy("runner-custom", "old", &policy);
    let workspace = site.workspace(&role(TRUST));
    workspace.import(ROLE, "runner-custom");
    let state = workspace.state();
    assert_eq!(state.attribute(ROLE, "trust"), &json!(null), "it says more than one entry can");
    let plan = workspace.plan();
    assert_eq!(plan.actions(ROLE), ["update"]);
    assert!(
        plan.changed(ROLE).contains(&"assume_role_policy") && plan.changed(ROLE).contains(&"inline_policies")
    );
    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(account.inline_policies("runner-custom").len(), 0);
    workspace.destroy();
}

fn what_others_put_on_an_imported_role_stays_when_asked(site: &Site) {
    let account = site.account();
    let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }] });
    for unmanaged in ["ignore", "report"] {
        let workspace = site.workspace(&role(&format!("{TRUST}\n  unmanaged_policies = \"{unmanaged}\"")));
        let service = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": { "Service": "codebuild.amazonaws.com" }, "Action": "sts:AssumeRole",
        }]});
        account.create_role("runner-custom", &service);
        account.put_inline_policy("runner-custom", "foreign", &policy);
        workspace.import(ROLE, "runner-custom");
        workspace.apply();
        assert_eq!(account.inline_policies("runner-custom").len(), 1, "{unmanaged}");
        workspace.plan().assert_empty();
        workspace.destroy();
    }
}

fn another_role_of_the_same_name_is_not_imported(site: &Site) {
    let workspace = site.workspace(&role(TRUST));
    workspace.apply();
    workspace.run(&["state", "rm", ROLE]).assert_succeeded();
    let account = site.account().id();
    let elsewhere = format!("arn:aws:iam::{account}:role/other/path/runner-custom");
    let is = format!("the role of that name in the account is arn:aws:iam::{account}:role/runner-custom");
    workspace.import_error(ROLE, &elsewhere, &[&is]);
    workspace.import(ROLE, "runner-custom");
    workspace.destroy();
}

fn what_does_not_name_a_role_is_refused(site: &Site) {
    let workspace = site.workspace(&role(TRUST));
    let cases = [
        ("arn:aws:iam::111111111111:user/alice", "It is the ARN of something else"),
        ("ci/deploy", "What stands before the slash is not an account ID"),
        ("no such name", "has ' '"),
        ("runner-custom", "non-existent remote object"),
    ];
    for (id, reason) in cases {
        workspace.import_error(ROLE, id, &[reason]);
    }
}

fn a_name_that_is_taken_prints_the_import_block(site: &Site) {
    let account = site.account();
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole",
    }]});
    account.create_role("runner-custom", &trust);
    let workspace = site.workspace(&role(TRUST));
    let arn = format!("id = \"arn:aws:iam::{}:role/runner-custom\"", account.id());
    workspace.apply_error(&[
        "The role runner-custom exists already",
        "import {",
        &arn,
        "EntityAlreadyExists",
    ]);
    assert_eq!(account.trust("runner-custom"), trust, "it was left as it was");
    account.delete_role("runner-custom");
}
