//! What somebody changes behind Terraform's back shows in the plan, and is put right by the next apply.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{ROLE, allow, role};
use crate::support::{Account, Ground, Site, Workspace};

const NAME: &str = "runner-custom";

/// An attribute in which a change behind Terraform's back shows, and the change.
type Drift = (&'static str, fn(&Account));

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_emulator(every_kind_of_drift_is_seen_and_put_right)
        .on_each_emulator(a_rewritten_policy_of_the_same_meaning_is_no_drift)
        .on_each_terraform_since("1.0", a_role_deleted_outside_is_made_again)
        .on_ministack(unmanaged_policies_are_reported_and_stay_when_asked)
        .on_ministack(unmanaged_policies_are_not_seen_when_ignored)
        .on_ministack(guardrails_that_are_tolerated_are_no_drift)
        .on_ministack(what_we_put_there_goes_even_if_its_name_is_tolerated)
        .on_ministack(ended_sessions_and_elevations_are_never_touched)
        .on_ministack(ignored_tags_are_neither_seen_nor_removed)
        .on_ministack(a_boundary_that_was_taken_from_who_changes_roles_is_put_back)
        .on_ministack(a_refused_read_is_an_error_and_not_a_missing_role)
        .into_iter()
        .collect()
}

fn policy(action: &str) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": "*" }] })
}

fn configuration(more: &str) -> String {
    role(&format!(
        r#"
  description          = "as written"
  permissions_boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
  tags                 = {{ team = "platform" }}
  trust                = {{ aws = [{{ principals = ["222222222222"], external_id = "runner-1" }}] }}
  permissions = {{
    inline_policies     = {{ queues = {} }}
    managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  }}
{more}
"#,
        allow("sqs:ListQueues")
    ))
}

fn made(site: &Site, more: &str) -> Workspace {
    let workspace = site.workspace(&configuration(more));
    workspace.apply();
    workspace
}

fn every_kind_of_drift_is_seen_and_put_right(site: &Site) {
    let workspace = made(site, "");
    let changes: [Drift; 10] = [
        ("assume_role_policy", |account| {
            let anybody = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::333333333333:root" }, "Action": "sts:AssumeRole" }] });
            account.set_trust(NAME, &anybody);
        }),
        ("inline_policies", |account| account.put_inline_policy(NAME, "added", &policy("s3:*"))),
        ("inline_policies", |account| account.put_inline_policy(NAME, "queues", &policy("sqs:*"))),
        ("inline_policies", |account| account.delete_inline_policy(NAME, "queues")),
        ("managed_policies", |account| account.attach(NAME, "arn:aws:iam::aws:policy/AdministratorAccess")),
        ("managed_policies", |account| account.detach(NAME, "arn:aws:iam::aws:policy/ReadOnlyAccess")),
        ("permissions_boundary", |account| account.set_boundary(NAME, None)),
        ("tags", |account| account.tag(NAME, "team", "somebody")),
        ("tags", |account| account.tag(NAME, "added", "by hand")),
        ("description", |account| account.set_description_and_duration(NAME, "by hand", 7200)),
    ];
    for (attribute, change) in changes {
        change(site.account());
        let plan = workspace.plan();
        assert_eq!(plan.actions(ROLE), ["update"], "{attribute}");
        assert!(plan.changed(ROLE).contains(&attribute), "{attribute} is not among {:?}", plan.changed(ROLE));
        workspace.apply();
        workspace.plan().assert_empty();
    }
    let account = site.account();
    assert_eq!(account.inline_policies(NAME).len(), 1);
    assert_eq!(account.attached_policies(NAME).len(), 1);
    let role = account.role(NAME).expect("it is still there");
    assert_eq!((role.description(), role.max_session_duration()), (Some("as written"), Some(3600)));
    workspace.destroy();
}

fn a_rewritten_policy_of_the_same_meaning_is_no_drift(site: &Site) {
    let workspace = made(site, "");
    let account = site.account();
    let rewritten = json!({
        "Version": "2012-10-17",
        "Statement": { "Resource": ["*"], "Action": ["sqs:listqueues"], "Effect": "Allow", "Sid": "" },
    });
    account.put_inline_policy(NAME, "queues", &rewritten);
    let trust = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Principal": { "AWS": "222222222222" },
        "Action": ["sts:AssumeRole"], "Condition": { "StringEquals": { "STS:externalId": ["runner-1"] } } } });
    account.set_trust(NAME, &trust);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_role_deleted_outside_is_made_again(site: &Site) {
    let workspace = made(site, "");
    site.account().delete_role(NAME);
    assert_eq!(workspace.plan().actions(ROLE), ["create"]);
    workspace.apply();
    site.account().delete_role(NAME);
    workspace.destroy();
}

fn unmanaged_policies_are_reported_and_stay_when_asked(site: &Site) {
    let workspace = made(site, "  unmanaged_policies = \"report\"");
    let account = site.account();
    account.put_inline_policy(NAME, "added", &policy("s3:*"));
    account.attach(NAME, "arn:aws:iam::aws:policy/AdministratorAccess");
    let said = workspace.run(&["plan", "-no-color"]);
    said.assert_succeeded();
    said.assert_says(&["Unmanaged policies", "added", "arn:aws:iam::aws:policy/AdministratorAccess"]);
    workspace.apply();
    assert_eq!(account.inline_policies(NAME).len(), 2);
    assert_eq!(
        workspace.state().attribute(ROLE, "inline_policies").as_object().map(serde_json::Map::len),
        Some(2)
    );
    workspace.rewrite(&configuration(""));
    workspace.apply();
    assert_eq!((account.inline_policies(NAME).len(), account.attached_policies(NAME).len()), (1, 1));
    workspace.destroy();
}

fn unmanaged_policies_are_not_seen_when_ignored(site: &Site) {
    let workspace = made(site, "  unmanaged_policies = \"ignore\"");
    site.account().put_inline_policy(NAME, "added", &policy("s3:*"));
    workspace.plan().assert_empty();
    workspace.apply();
    assert_eq!(site.account().inline_policies(NAME).len(), 2);
    workspace.destroy();
}

fn guardrails_that_are_tolerated_are_no_drift(site: &Site) {
    let workspace =
        made(site, "  tolerate = [\"Guardrail*\", \"arn:aws:iam::aws:policy/Admin*\", \"audit:*\"]");
    let account = site.account();
    account.put_inline_policy(NAME, "GuardrailDeny", &policy("s3:*"));
    account.attach(NAME, "arn:aws:iam::aws:policy/AdministratorAccess");
    account.tag(NAME, "audit:owner", "security");
    workspace.plan().assert_empty();
    workspace.rewrite(&configuration("  tolerate = [\"Guardrail*\", \"arn:aws:iam::aws:policy/Admin*\", \"audit:*\"]\n  max_session_duration = 7200"));
    workspace.apply();
    assert_eq!(
        (
            account.inline_policies(NAME).len(),
            account.attached_policies(NAME).len(),
            account.tags(NAME).len()
        ),
        (2, 2, 2)
    );
    workspace.destroy();
}

fn what_we_put_there_goes_even_if_its_name_is_tolerated(site: &Site) {
    let tolerant = |policies: &str| {
        role(&format!(
            "{}\n  tolerate = [\"guard*\"]\n  permissions = {{ inline_policies = {{ {policies} }} }}",
            super::TRUST
        ))
    };
    let workspace = site.workspace(&tolerant(&format!("guard-x = {}", allow("s3:*"))));
    workspace.apply();
    workspace.rewrite(&tolerant(""));
    workspace.apply();
    assert_eq!(site.account().inline_policies(NAME).len(), 0);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn ended_sessions_and_elevations_are_never_touched(site: &Site) {
    let workspace = made(site, "");
    let account = site.account();
    account.revoke_sessions(NAME);
    account.elevate(NAME);
    workspace.plan().assert_empty();
    account.delete_inline_policy(NAME, "queues");
    workspace.apply();
    assert_eq!(account.inline_policies(NAME).len(), 3);
    // The names alone spare nothing.
    account.put_inline_policy(NAME, "AWSRevokeOlderSessions", &policy("s3:*"));
    account.put_inline_policy(NAME, "deployrunner-elevation-y", &policy("s3:*"));
    workspace.apply();
    assert_eq!(account.inline_policies(NAME).len(), 2);
    workspace.destroy();
}

fn ignored_tags_are_neither_seen_nor_removed(site: &Site) {
    let provider = "  ignore_tags = { keys = [\"owner\"], key_prefixes = [\"cost:\"] }";
    let workspace = site.workspace_with(provider, &configuration(""));
    workspace.apply();
    let account = site.account();
    account.tag(NAME, "owner", "x");
    account.tag(NAME, "cost:center", "7");
    workspace.plan().assert_empty();
    account.tag(NAME, "team", "other");
    workspace.apply();
    assert_eq!(account.tags(NAME).len(), 3);
    workspace.destroy();
}

/// Without its boundary, the permissions that such a role had can no longer be generated.
fn a_boundary_that_was_taken_from_who_changes_roles_is_put_back(site: &Site) {
    let (account, boundary) = (site.account(), "arn:aws:iam::aws:policy/PowerUserAccess");
    for unmanaged in ["remove", "report", "ignore"] {
        let workspace = site.workspace(&format!(
            r#"
resource "deployrunner_task_role" "this" {{
  name                 = "{NAME}"
  task                 = "terraform-applier"
  permissions_boundary = "{boundary}"
  permissions          = {{ resource_types = ["aws_iam_role"] }}
  unmanaged_policies   = "{unmanaged}"
{}
}}
"#,
            super::TRUST
        ));
        workspace.apply();
        let before = account.inline_policies(NAME);
        account.set_boundary(NAME, None);
        account.put_inline_policy(NAME, "theirs", &policy("s3:*"));
        // What a refresh remembers is what the next plan begins with.
        workspace.run(&["apply", "-refresh-only", "-auto-approve"]).assert_succeeded();
        let plan = workspace.plan();
        assert_eq!(plan.actions(ROLE), ["update"], "{unmanaged}");
        assert!(
            plan.changed(ROLE).contains(&"permissions_boundary"),
            "{unmanaged}: {:?}",
            plan.changed(ROLE)
        );
        workspace.apply();
        workspace.plan().assert_empty();
        assert_eq!(account.boundary(NAME).as_deref(), Some(boundary), "{unmanaged}");
        let mut after = account.inline_policies(NAME);
        assert_eq!(after.remove("theirs").is_some(), unmanaged != "remove", "{unmanaged}");
        assert_eq!(after, before, "{unmanaged}");
        workspace.destroy();
    }
}

fn a_refused_read_is_an_error_and_not_a_missing_role(site: &Site) {
    let workspace = made(site, "");
    site.account().answer_with("GetRole", crate::support::Fault::error("AccessDenied"));
    workspace.plan_error(&["Cannot read the role runner-custom", "AccessDenied", "iam:GetRole"]);
    workspace.plan().assert_empty();
    workspace.destroy();
}
