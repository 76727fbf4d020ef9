//! `deployrunner_elevation`: it allows until it ends, ends by itself, and never reaches unreviewed code.

use std::sync::LazyLock;

use libtest_mimic::Trial;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::support::{Account, Ground, Site, Workspace};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", an_elevation_lives_beside_the_role_that_it_elevates)
        .on_each_emulator(an_elevation_is_made_changed_and_removed)
        .on_ministack(an_elevation_allows_until_it_is_destroyed)
        .on_ministack(an_elevation_that_is_over_allows_nothing_and_is_seen_to_be_over)
        .on_ministack(the_clock_that_counts_is_that_of_aws)
        .on_ministack(a_length_of_time_begins_once_and_again_only_when_it_changes)
        .on_ministack(what_somebody_changes_or_removes_is_put_back)
        .on_ministack(a_planner_is_not_elevated_by_its_name_or_by_whom_it_trusts)
        .on_ministack(a_planner_of_the_same_run_is_refused_before_anything_is_granted)
        .on_ministack(a_role_is_not_opened_while_it_is_elevated)
        .on_ministack(what_is_elevated_already_can_be_removed_whoever_holds_it)
        .on_ministack(the_guard_judges_what_is_granted)
        .on_ministack(deletes_are_granted_when_they_are_asked_for)
        .on_ministack(what_cannot_end_or_makes_no_sense_is_refused_at_plan)
        .on_ministack(a_grant_that_does_not_fit_is_refused_at_plan_with_the_numbers)
        .into_iter()
        .collect()
}

const ELEVATION: &str = "deployrunner_elevation.this";
const ROLE: &str = "deployrunner_task_role.this";
const PREFIX: &str = "deployrunner-elevation-";

/// An end in some days, an hour ahead of UTC.
static LATER: LazyLock<String> = LazyLock::new(|| format!(r#"expires_at = "{}+01:00""#, in_days(20)));

/// The time of day is left out, so that all trials of a run mean the same moment.
fn in_days(days: i64) -> String {
    let day = (OffsetDateTime::now_utc() + Duration::days(days)).date();
    format!("{day}T00:00:00")
}

/// An elevation of the role `name`, which may then list users.
fn elevation(role: &str, end: &str) -> String {
    elevation_with(
        role,
        end,
        r#"inline_policies = { users = jsonencode({ Version = "2012-10-17", Statement = [
      { Effect = "Allow", Action = "iam:ListUsers", Resource = "*" }
    ] }) }"#,
    )
}

fn elevation_with(role: &str, end: &str, permissions: &str) -> String {
    format!(
        r#"
resource "deployrunner_elevation" "this" {{
  role_name = {role}
  {end}
  permissions = {{
    {permissions}
  }}
}}
"#
    )
}

/// A role of ours that somebody of `account` may assume.
fn role(account: &str) -> String {
    format!(
        r#"
resource "deployrunner_task_role" "this" {{
  name  = "applier"
  task  = "custom"
  trust = {{ aws = [{{ principals = ["{account}"] }}] }}
}}
"#
    )
}

fn both(site: &Site, end: &str) -> Workspace {
    let account = site.account().id();
    site.workspace(&format!("{}{}", role(account), elevation(&format!("{ROLE}.name"), end)))
}

fn elevations(account: &Account, role: &str) -> Vec<String> {
    let names = account.inline_policies(role).into_keys();
    names.filter(|name| name.starts_with(PREFIX)).collect()
}

fn stranger(site: &Site, name: &str, trust: &serde_json::Value) {
    site.account().create_role(name, trust);
}

fn trust_in(account: &str) -> serde_json::Value {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": format!("arn:aws:iam::{account}:root") }
    }] })
}

/// The trust of a role that pull requests hold.
fn pull_requests(account: &str) -> serde_json::Value {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": { "Federated": format!("arn:aws:iam::{}:oidc-provider/token.actions.githubusercontent.com", account) },
        "Condition": {
            "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
            "StringLike": { "token.actions.githubusercontent.com:sub": "repo:acme/infra:*" }
        }
    }] })
}

fn an_elevation_lives_beside_the_role_that_it_elevates(site: &Site) {
    let workspace = both(site, &LATER);
    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(workspace.state().attribute(ROLE, "inline_policies"), &json!({}));
    assert_eq!(elevations(site.account(), "applier").len(), 1);
    workspace.destroy();
}

fn an_elevation_is_made_changed_and_removed(site: &Site) {
    let account = site.account();
    stranger(site, "theirs", &trust_in(account.id()));
    let workspace = site.workspace(&elevation("\"theirs\"", &LATER));
    let plan = workspace.plan();
    let end = in_days(19).replace("T00", "T23") + "Z";
    assert!(plan.after(ELEVATION)["policy"].as_str().unwrap().contains(&end), "{plan}");
    workspace.apply();
    let name = workspace.state().text(ELEVATION, "policy_name").to_owned();
    let id = format!("{}/theirs/{name}", account.id());
    assert_eq!(workspace.state().text(ELEVATION, "id"), id);
    let document = account.inline_policies("theirs")[&name].clone();
    assert_eq!(
        document["Statement"]["Condition"].as_object().or(document["Statement"][0]["Condition"].as_object()),
        json!({ "DateLessThan": { "aws:CurrentTime": end } }).as_object()
    );
    let sooner = in_days(10) + "Z";
    workspace.rewrite(&elevation("\"theirs\"", &format!(r#"expires_at = "{sooner}""#)));
    assert_eq!(workspace.plan().actions(ELEVATION), ["update"]);
    workspace.apply();
    assert!(account.inline_policies("theirs")[&name].to_string().contains(&sooner));
    workspace.plan().assert_empty();
    workspace.destroy();
    assert!(elevations(account, "theirs").is_empty());
    account.delete_role("theirs");
}

fn an_elevation_allows_until_it_is_destroyed(site: &Site) {
    let workspace = both(site, &LATER);
    let account = site.account();
    workspace.apply();
    let caller = account.user("caller");
    let session = caller.assume(&format!("arn:aws:iam::{}:role/applier", account.id()), None).unwrap();
    session.must(session.iam().list_users().send());
    workspace.rewrite(&role(account.id()));
    workspace.apply();
    let refused = session.attempt(session.iam().list_users().send());
    assert_eq!(refused.err().map(|refusal| refusal.code).as_deref(), Some("AccessDenied"));
    workspace.destroy();
}

fn an_elevation_that_is_over_allows_nothing_and_is_seen_to_be_over(site: &Site) {
    let account = site.account();
    // By AWS's clock two hours behind, an hour is over an hour ago.
    account.set_clock_ahead(-7200);
    let workspace = both(site, r#"valid_for = "1h""#);
    workspace.apply();
    assert_eq!(workspace.state().attribute(ELEVATION, "expired"), false);
    account.set_clock_ahead(0);
    let caller = account.user("caller");
    let session = caller.assume(&format!("arn:aws:iam::{}:role/applier", account.id()), None).unwrap();
    assert!(session.attempt(session.iam().list_users().send()).is_err(), "the condition is in the grant");
    let plan = workspace.plan_with(&["-refresh-only"]);
    assert_eq!(plan.drifted(), [ELEVATION]);
    let applied = workspace.apply();
    applied.assert_says(&["An elevation is over"]);
    assert_eq!(workspace.state().attribute(ELEVATION, "expired"), true);
    workspace.plan().assert_empty();
    let name = elevations(account, "applier").remove(0);
    account.delete_inline_policy("applier", &name);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn the_clock_that_counts_is_that_of_aws(site: &Site) {
    site.account().set_clock_ahead(40 * 365 * 24 * 3600);
    stranger(site, "theirs", &trust_in(site.account().id()));
    let workspace = site.workspace(&elevation("\"theirs\"", r#"expires_at = "2050-01-01T00:00:00Z""#));
    workspace.plan_error(&["The elevation is over already", "expires_at", "by AWS's clock"]);
    site.account().delete_role("theirs");
}

fn a_length_of_time_begins_once_and_again_only_when_it_changes(site: &Site) {
    let workspace = both(site, r#"valid_for = "1h""#);
    workspace.apply();
    let first = workspace.state().text(ELEVATION, "expires_at").to_owned();
    workspace.plan().assert_empty();
    workspace.rewrite(&format!(
        "{}{}",
        role(site.account().id()),
        elevation(&format!("{ROLE}.name"), r#"valid_for = "2h""#)
    ));
    let plan = workspace.plan();
    assert_eq!(plan.actions(ELEVATION), ["update"]);
    workspace.apply();
    assert!(workspace.state().text(ELEVATION, "expires_at") > first.as_str());
    assert_eq!(elevations(site.account(), "applier").len(), 1);
    workspace.destroy();
}

fn what_somebody_changes_or_removes_is_put_back(site: &Site) {
    let workspace = both(site, &LATER);
    workspace.apply();
    let account = site.account();
    let name = elevations(account, "applier").remove(0);
    let wanted = account.inline_policies("applier")[&name].clone();
    let forever = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
    account.put_inline_policy("applier", &name, &forever);
    assert_eq!(workspace.plan().changed(ELEVATION), ["policy"]);
    workspace.apply();
    assert_eq!(account.inline_policies("applier")[&name], wanted);
    account.delete_inline_policy("applier", &name);
    assert_eq!(workspace.plan().actions(ELEVATION), ["create"]);
    workspace.apply();
    assert_eq!(elevations(account, "applier").len(), 1);
    workspace.destroy();
}

fn a_planner_is_not_elevated_by_its_name_or_by_whom_it_trusts(site: &Site) {
    let account = site.account();
    stranger(site, "ci", &pull_requests(account.id()));
    site.workspace(&elevation("\"ci\"", &LATER))
        .plan_error(&["A planner is not elevated", "repo:acme/infra:*"]);
    stranger(site, "infra-terraform-planner", &trust_in(account.id()));
    let named = site.workspace(&elevation("\"infra-terraform-planner\"", &LATER));
    named.plan_error(&["A planner is not elevated", "its name is that of a planner"]);
    account.delete_role("ci");
    account.delete_role("infra-terraform-planner");
}

fn a_planner_of_the_same_run_is_refused_before_anything_is_granted(site: &Site) {
    let oidc = r#"
resource "deployrunner_task_role" "this" {
  name  = "applier"
  task  = "custom"
  trust = { oidc = [{ issuer = "https://token.actions.githubusercontent.com", audiences = ["sts.amazonaws.com"],
    claims = { sub = ["repo:acme/infra:pull_request"] } }] }
}
"#;
    let workspace = site.workspace(&format!("{oidc}{}", elevation(&format!("{ROLE}.name"), &LATER)));
    workspace.apply_error(&["A planner is not elevated", "repo:acme/infra:pull_request"]);
    assert!(elevations(site.account(), "applier").is_empty());
    workspace.rewrite(oidc);
    workspace.destroy();
}

fn opened(account: &str) -> String {
    role(account).replace("custom", "terraform-planner")
}

fn a_role_is_not_opened_while_it_is_elevated(site: &Site) {
    let account = site.account().id();
    let granted = elevation(&format!("{ROLE}.name"), &LATER);
    let workspace = both(site, &LATER);
    workspace.apply();
    workspace.rewrite(&format!("{}{granted}", opened(account)));
    workspace.plan_error(&["The role is elevated", PREFIX, "in a run of its own"]);
    workspace.rewrite(&role(account));
    workspace.apply();
    workspace.rewrite(&opened(account));
    workspace.apply();
    workspace.destroy();
}

fn what_is_elevated_already_can_be_removed_whoever_holds_it(site: &Site) {
    let account = site.account();
    stranger(site, "theirs", &trust_in(account.id()));
    let workspace = site.workspace(&elevation("\"theirs\"", &LATER));
    workspace.apply();
    account.set_trust("theirs", &pull_requests(account.id()));
    workspace.apply().assert_says(&["A planner is elevated", "Remove this elevation"]);
    workspace.destroy();
    assert!(elevations(account, "theirs").is_empty());
    account.delete_role("theirs");
}

fn the_guard_judges_what_is_granted(site: &Site) {
    let account = site.account();
    stranger(site, "theirs", &trust_in(account.id()));
    let all = r#"inline_policies = { p = jsonencode({ Version = "2012-10-17", Statement = [
      { Effect = "Allow", Action = "*", Resource = "*" }
    ] }) }"#;
    let workspace = site.workspace(&elevation_with("\"theirs\"", &LATER, all));
    workspace.plan_error(&["`admin-access`", "theirs"]);
    account.delete_role("theirs");
    let with_role = format!("{}{}", role(account.id()), elevation_with(&format!("{ROLE}.name"), &LATER, all));
    workspace.rewrite(&with_role);
    workspace.apply_error(&["`admin-access`"]);
    assert!(elevations(account, "applier").is_empty());
    workspace.rewrite(&role(account.id()));
    workspace.destroy();
}

fn deletes_are_granted_when_they_are_asked_for(site: &Site) {
    let account = site.account().id();
    let permissions = r#"resource_types = ["aws_sqs_queue"]
    allow_destroy  = true"#;
    let body = format!("{}{}", role(account), elevation_with(&format!("{ROLE}.name"), &LATER, permissions));
    let workspace = site.workspace(&role(account));
    workspace.apply();
    workspace.rewrite(&body);
    let plan = workspace.plan();
    let policy = plan.after(ELEVATION)["policy"].as_str().unwrap().to_owned();
    assert!(policy.contains("sqs:DeleteQueue") && !policy.contains("sqs:*"), "{policy}");
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn what_cannot_end_or_makes_no_sense_is_refused_at_plan(site: &Site) {
    stranger(site, "theirs", &trust_in(site.account().id()));
    let role = "\"theirs\"";
    let workspace = site.workspace("");
    for (end, texts) in [
        ("", ["An elevation without an end", "valid_for"]),
        (
            r#"valid_for = "2h"
  expires_at = "2999-01-01T00:00:00Z""#,
            ["An elevation with two ends", "Keep one"],
        ),
        (r#"expires_at = "2999-01-01 00:00""#, ["with its offset from UTC", "2999-01-01 00:00"]),
        (r#"expires_at = "2020-01-01T00:00:00Z""#, ["The elevation is over already", "was"]),
        (r#"expires_at = "2999-01-01T00:00:00Z""#, ["The elevation has no near end", "30 days at most"]),
        (r#"valid_for = "90d""#, ["An elevation lasts a minute to 30 days", "7776000 seconds"]),
    ] {
        workspace.rewrite(&elevation(role, end));
        workspace.plan_error(&texts);
    }
    let attached = r#"managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]"#;
    workspace.rewrite(&elevation_with(role, &LATER, attached));
    workspace.plan_error(&["A managed policy has no end", "An attachment cannot end"]);
    workspace.rewrite(&elevation_with(role, &LATER, ""));
    workspace.plan_error(&["Permissions that allow nothing"]);
    let own_end = r#"inline_policies = { p = jsonencode({ Version = "2012-10-17", Statement = [{
      Effect = "Allow", Action = "iam:ListUsers", Resource = "*",
      Condition = { DateLessThan = { "aws:CurrentTime" = "2030-01-01T00:00:00Z" } }
    }] }) }"#;
    workspace.rewrite(&elevation_with(role, &LATER, own_end));
    workspace.plan_error(&["The end cannot be added to a policy", "leave the end to"]);
    site.account().delete_role("theirs");
}

fn a_grant_that_does_not_fit_is_refused_at_plan_with_the_numbers(site: &Site) {
    let account = site.account();
    stranger(site, "theirs", &trust_in(account.id()));
    let resources: Vec<String> =
        (0..180).map(|n| format!("arn:aws:s3:::a-rather-long-name-of-a-bucket-{n:0>12}")).collect();
    let large = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "s3:ListBucket", "Resource": resources
    }] });
    account.put_inline_policy("theirs", "large", &large);
    let workspace = site.workspace(&elevation_with(
        "\"theirs\"",
        &LATER,
        r#"inline_policies = { p = jsonencode({ Version = "2012-10-17", Statement = [{
      Effect = "Allow", Action = "s3:GetObject", Resource = [for n in range(60) : "arn:aws:s3:::another-bucket-${n}/*"]
    }] }) }"#,
    ));
    workspace.plan_error(&["The elevation does not fit", "10240 characters", "too many"]);
    account.delete_role("theirs");
}
