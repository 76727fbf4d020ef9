//! `deployrunner_oidc_provider`: an account's provider for one issuer, through its whole life.

use libtest_mimic::Trial;
use serde_json::json;

use crate::support::{Account, Fault, Ground, Site, Workspace};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .everywhere(a_provider_is_made_changed_in_place_and_destroyed)
        .everywhere(an_import_by_arn_or_url_is_followed_by_an_empty_plan)
        .on_each_terraform_since("1.5", an_import_block_by_id_is_followed_by_an_empty_plan)
        .on_each_terraform_since("1.12", an_import_block_by_identity_is_followed_by_an_empty_plan)
        .on_each_emulator(every_kind_of_drift_is_seen_and_put_right)
        .on_each_emulator(a_provider_deleted_outside_is_made_again_and_its_destroy_succeeds)
        .on_each_emulator(another_issuer_is_another_provider)
        .on_each_emulator(a_provider_that_exists_prints_the_import_block)
        .on_each_emulator(thumbprints_of_ours_are_set_and_stay_when_they_are_no_longer_named)
        .on_each_emulator(default_tags_are_merged_and_ignored_tags_left_alone)
        .on_ministack(an_update_that_fails_half_way_shows_what_is_missing)
        .on_ministack(a_create_whose_answer_is_lost_is_not_taken_for_somebody_elses)
        .on_ministack(a_provider_whose_thumbprints_cannot_be_read_is_there_all_the_same)
        .on_ministack(a_new_provider_that_is_not_everywhere_yet_is_waited_for)
        .on_ministack(an_issuer_that_iam_cannot_reach_is_explained)
        .on_ministack(a_refused_read_is_an_error_and_not_a_missing_provider)
        .on_ministack(a_delete_that_fails_keeps_the_provider_in_state)
        .on_ministack(a_provider_lives_in_another_account_and_is_destroyed_there)
        .on_ministack(the_arn_is_known_before_anything_is_made)
        .on_ministack(what_iam_would_not_take_is_refused_at_plan)
        .on_ministack(what_does_not_name_a_provider_is_refused)
        .into_iter()
        .collect()
}

const PROVIDER: &str = "deployrunner_oidc_provider.this";
const ISSUER: &str = "token.actions.githubusercontent.com";
/// What the ground finds for every issuer.
const FOUND: &str = "ffffffffffffffffffffffffffffffffffffffff";
const OURS: &str = "6938fd4d98bab03faadb97b34396831e3780aea1";

fn provider(more: &str) -> String {
    provider_of(ISSUER, more)
}

fn provider_of(issuer: &str, more: &str) -> String {
    format!(
        "\nresource \"deployrunner_oidc_provider\" \"this\" {{\n  url = \"https://{issuer}\"\n  {more}\n}}\n"
    )
}

/// An attribute in which a change behind Terraform's back shows, and the change.
type Drift = (&'static str, fn(&Account));

const CLIENT: &str = "client_ids = [\"sts.amazonaws.com\"]";

fn made(site: &Site, more: &str) -> Workspace {
    let workspace = site.workspace(&provider(more));
    workspace.apply();
    workspace
}

fn clients(account: &Account) -> Vec<String> {
    account.oidc_provider(ISSUER).client_ids.into_iter().collect()
}

fn a_provider_is_made_changed_in_place_and_destroyed(site: &Site) {
    let account = site.account();
    let workspace = made(site, &format!("{CLIENT}\n  tags = {{ team = \"platform\", old = \"x\" }}"));
    workspace.plan().assert_empty();
    let state = workspace.state();
    assert_eq!(state.text(PROVIDER, "arn"), account.oidc_provider_arn(ISSUER));
    assert_eq!(state.text(PROVIDER, "id"), account.oidc_provider_arn(ISSUER));
    assert_eq!(state.text(PROVIDER, "account_id"), account.id());
    assert_eq!(state.attribute(PROVIDER, "thumbprints"), &json!([FOUND]));
    let tags = account.oidc_provider(ISSUER).tags;
    assert_eq!(json!(tags), json!({ "team": "platform", "old": "x" }));

    workspace.rewrite(&provider(
        "client_ids = [\"sts.amazonaws.com\", \"mine\"]\n  tags = { team = \"payments\", new = \"y\" }",
    ));
    let plan = workspace.plan();
    assert_eq!(plan.actions(PROVIDER), ["update"]);
    assert_eq!(plan.changed(PROVIDER), ["client_ids", "tags", "tags_all"]);
    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(clients(account), ["mine", "sts.amazonaws.com"]);
    let tags = account.oidc_provider(ISSUER).tags;
    assert_eq!(json!(tags), json!({ "team": "payments", "new": "y" }));

    workspace.rewrite(&provider("client_ids = [\"mine\"]"));
    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(clients(account), ["mine"]);
    assert!(account.oidc_provider(ISSUER).tags.is_empty());
    workspace.destroy();
}

fn an_import_by_arn_or_url_is_followed_by_an_empty_plan(site: &Site) {
    let workspace = made(site, &format!("{CLIENT}\n  tags = {{ team = \"platform\" }}"));
    for id in [site.account().oidc_provider_arn(ISSUER), format!("https://{ISSUER}")] {
        workspace.run(&["state", "rm", PROVIDER]).assert_succeeded();
        workspace.import(PROVIDER, &id);
        workspace.plan().assert_empty();
    }
    workspace.destroy();
}

fn an_import_block_by_id_is_followed_by_an_empty_plan(site: &Site) {
    imports(site, &format!("id = \"https://{ISSUER}\""));
}

fn an_import_block_by_identity_is_followed_by_an_empty_plan(site: &Site) {
    let account = site.account().id();
    imports(site, &format!("identity = {{ account_id = \"{account}\", url = \"https://{ISSUER}\" }}"));
}

fn imports(site: &Site, target: &str) {
    let workspace = made(site, CLIENT);
    workspace.run(&["state", "rm", PROVIDER]).assert_succeeded();
    workspace.rewrite(&format!("{}\nimport {{\n  to = {PROVIDER}\n  {target}\n}}\n", provider(CLIENT)));
    assert_eq!(workspace.plan().actions(PROVIDER), ["no-op"], "the import itself changes nothing");
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn every_kind_of_drift_is_seen_and_put_right(site: &Site) {
    let workspace =
        made(site, &format!("{CLIENT}\n  thumbprints = [\"{OURS}\"]\n  tags = {{ team = \"platform\" }}"));
    let changes: [Drift; 5] = [
        ("client_ids", |account| account.add_client_id(ISSUER, "somebody")),
        ("client_ids", |account| account.remove_client_id(ISSUER, "sts.amazonaws.com")),
        ("thumbprints", |account| account.set_thumbprint(ISSUER, FOUND)),
        ("tags", |account| account.tag_oidc_provider(ISSUER, "team", "somebody")),
        ("tags", |account| account.tag_oidc_provider(ISSUER, "added", "by hand")),
    ];
    for (attribute, change) in changes {
        change(site.account());
        let plan = workspace.plan();
        assert_eq!(plan.actions(PROVIDER), ["update"], "{attribute}");
        assert!(plan.changed(PROVIDER).contains(&attribute), "{attribute}: {:?}", plan.changed(PROVIDER));
        workspace.apply();
        workspace.plan().assert_empty();
    }
    let found = site.account().oidc_provider(ISSUER);
    assert_eq!(json!(found.client_ids), json!(["sts.amazonaws.com"]));
    assert_eq!(json!(found.thumbprints), json!([OURS]));
    assert_eq!(json!(found.tags), json!({ "team": "platform" }));
    workspace.destroy();
}

fn a_provider_deleted_outside_is_made_again_and_its_destroy_succeeds(site: &Site) {
    let workspace = made(site, CLIENT);
    site.account().delete_oidc_provider(ISSUER);
    assert_eq!(workspace.plan().actions(PROVIDER), ["create"]);
    workspace.apply();
    site.account().delete_oidc_provider(ISSUER);
    workspace.run(&["destroy", "-auto-approve", "-refresh=false", "-no-color"]).assert_succeeded();
    assert_eq!(workspace.state().addresses(), Vec::<&str>::new());
}

fn another_issuer_is_another_provider(site: &Site) {
    let workspace = made(site, CLIENT);
    workspace.rewrite(&provider_of("gitlab.example.com/oidc", CLIENT));
    let plan = workspace.plan();
    assert_eq!(plan.actions(PROVIDER), ["delete", "create"]);
    let arn = site.account().oidc_provider_arn("gitlab.example.com/oidc");
    assert_eq!(plan.after(PROVIDER)["arn"], json!(arn));
    workspace.apply();
    assert_eq!(site.account().oidc_providers(), [arn]);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_provider_that_exists_prints_the_import_block(site: &Site) {
    let account = site.account();
    account.create_oidc_provider(ISSUER, "theirs");
    let workspace = site.workspace(&provider(CLIENT));
    let id = format!("id = \"{}\"", account.oidc_provider_arn(ISSUER));
    workspace.apply_error(&["exists already", "import {", &id, "EntityAlreadyExists"]);
    assert_eq!(workspace.state().addresses(), Vec::<&str>::new());
    assert_eq!(clients(account), ["theirs"], "it was left as it was");
    workspace.import(PROVIDER, &format!("https://{ISSUER}"));
    workspace.apply();
    assert_eq!(clients(account), ["sts.amazonaws.com"]);
    workspace.destroy();
}

fn thumbprints_of_ours_are_set_and_stay_when_they_are_no_longer_named(site: &Site) {
    let account = site.account();
    let workspace = made(site, &format!("{CLIENT}\n  thumbprints = [\"{OURS}\"]"));
    assert_eq!(json!(account.oidc_provider(ISSUER).thumbprints), json!([OURS]));
    workspace.plan().assert_empty();
    workspace.rewrite(&provider(CLIENT));
    let said = workspace.apply();
    said.assert_says(&["Thumbprints stay", "IAM has no way to take thumbprints away"]);
    assert_eq!(json!(account.oidc_provider(ISSUER).thumbprints), json!([OURS]));
    assert_eq!(workspace.state().attribute(PROVIDER, "thumbprints"), &json!([OURS]));
    workspace.plan().assert_empty();
    let again = workspace.run(&["plan", "-no-color"]);
    assert!(!again.says("Thumbprints stay"), "it is said once\n{again}");
    workspace.destroy();
}

fn default_tags_are_merged_and_ignored_tags_left_alone(site: &Site) {
    let block = "  default_tags = { team = \"platform\" }\n  ignore_tags = { key_prefixes = [\"cost:\"] }";
    let workspace = site.workspace_with(block, &provider(&format!("{CLIENT}\n  tags = {{ app = \"ci\" }}")));
    workspace.apply();
    let account = site.account();
    assert_eq!(json!(account.oidc_provider(ISSUER).tags), json!({ "team": "platform", "app": "ci" }));
    account.tag_oidc_provider(ISSUER, "cost:center", "7");
    workspace.plan().assert_empty();
    workspace.run(&["state", "rm", PROVIDER]).assert_succeeded();
    workspace.import(PROVIDER, &format!("https://{ISSUER}"));
    assert_eq!(workspace.state().attribute(PROVIDER, "tags"), &json!({ "app": "ci" }));
    workspace.plan().assert_empty();
    workspace.configure(block, &provider(CLIENT));
    workspace.apply();
    assert_eq!(json!(account.oidc_provider(ISSUER).tags), json!({ "team": "platform", "cost:center": "7" }));
    workspace.destroy();
}

fn an_update_that_fails_half_way_shows_what_is_missing(site: &Site) {
    let workspace = made(site, CLIENT);
    let account = site.account();
    let wanted = "client_ids = [\"sts.amazonaws.com\", \"new\"]\n  tags = { team = \"platform\" }";
    workspace.rewrite(&provider(wanted));
    account.answer_with("TagOpenIDConnectProvider", Fault::error("AccessDenied"));
    workspace.apply_error(&["Cannot update the identity provider", "iam:TagOpenIDConnectProvider"]);
    assert_eq!(clients(account), ["new", "sts.amazonaws.com"], "this half was done");
    let plan = workspace.plan_with(&["-refresh=false"]);
    assert_eq!(plan.changed(PROVIDER), ["tags", "tags_all"]);
    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(json!(account.oidc_provider(ISSUER).tags), json!({ "team": "platform" }));
    workspace.destroy();
}

fn a_create_whose_answer_is_lost_is_not_taken_for_somebody_elses(site: &Site) {
    let workspace = site.workspace(&provider(CLIENT));
    site.account().answer_with("CreateOpenIDConnectProvider", Fault::internal().after_the_work());
    workspace.apply();
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_provider_whose_thumbprints_cannot_be_read_is_there_all_the_same(site: &Site) {
    let workspace = site.workspace(&provider(CLIENT));
    site.account().answer_with("GetOpenIDConnectProvider", Fault::error("AccessDenied"));
    let applied = workspace.apply();
    applied.assert_says(&["Thumbprints are not known yet", "AccessDenied"]);
    workspace.plan().assert_empty();
    workspace.apply_with(&["-refresh-only"]);
    assert_eq!(workspace.state().attribute(PROVIDER, "thumbprints"), &json!([FOUND]));
    workspace.destroy();
}

fn a_new_provider_that_is_not_everywhere_yet_is_waited_for(site: &Site) {
    let workspace = site.workspace(&provider(CLIENT));
    site.account().answer_with("GetOpenIDConnectProvider", Fault::error("NoSuchEntity"));
    let applied = workspace.apply();
    assert!(!applied.says("not known yet"), "{applied}");
    assert_eq!(workspace.state().attribute(PROVIDER, "thumbprints"), &json!([FOUND]));
    workspace.destroy();
}

fn an_issuer_that_iam_cannot_reach_is_explained(site: &Site) {
    let workspace = site.workspace(&provider(CLIENT));
    let fault = Fault::error("OpenIdIdpCommunicationError");
    site.account().answer_with("CreateOpenIDConnectProvider", fault);
    workspace.apply_error(&["OpenIdIdpCommunicationError", "could not reach it", "set `thumbprints`"]);
    assert_eq!(workspace.state().addresses(), Vec::<&str>::new());
}

fn a_refused_read_is_an_error_and_not_a_missing_provider(site: &Site) {
    let workspace = made(site, CLIENT);
    site.account().answer_with("GetOpenIDConnectProvider", Fault::error("AccessDenied"));
    let texts = ["Cannot read the identity provider", "AccessDenied", "iam:GetOpenIDConnectProvider"];
    workspace.plan_error(&texts);
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn a_delete_that_fails_keeps_the_provider_in_state(site: &Site) {
    let workspace = made(site, CLIENT);
    site.account().answer_with("DeleteOpenIDConnectProvider", Fault::error("AccessDenied"));
    let refused = workspace.run(&["destroy", "-auto-approve", "-no-color"]);
    refused.assert_failed();
    refused.assert_says(&["Cannot delete the identity provider", "AccessDenied"]);
    assert_eq!(workspace.state().addresses(), [PROVIDER]);
    workspace.destroy();
}

fn a_provider_lives_in_another_account_and_is_destroyed_there(site: &Site) {
    let member = site.member_account("Access", None);
    let block = "  account_role = { name = \"Access\" }";
    let workspace =
        site.workspace_with(block, &provider(&format!("account_id = \"{}\"\n  {CLIENT}", member.id())));
    workspace.apply();
    workspace.plan().assert_empty();
    assert_eq!(member.oidc_providers(), [member.oidc_provider_arn(ISSUER)]);
    workspace.run(&["state", "rm", PROVIDER]).assert_succeeded();
    workspace.import(PROVIDER, &member.oidc_provider_arn(ISSUER));
    // It stays where it is when the configuration no longer says where that is.
    workspace.configure(block, &provider(CLIENT));
    workspace.plan().assert_empty();
    workspace.configure(block, "");
    workspace.apply();
    assert!(member.oidc_providers().is_empty());
}

fn the_arn_is_known_before_anything_is_made(site: &Site) {
    let plan = site.workspace(&provider(CLIENT)).plan();
    assert_eq!(plan.after(PROVIDER)["arn"], json!(site.account().oidc_provider_arn(ISSUER)));
    assert_eq!(plan.after_unknown(PROVIDER)["thumbprints"], json!(true), "IAM finds them");
}

fn what_iam_would_not_take_is_refused_at_plan(site: &Site) {
    let workspace = site.workspace("");
    let many =
        |count: usize| (0..count).map(|number| format!("\"{number:040}\"")).collect::<Vec<_>>().join(", ");
    let cases: [(String, &[&str]); 9] = [
        (provider("client_ids = []"), &["No client ID", "sts.amazonaws.com"]),
        (provider(""), &["client_ids"]),
        (provider(&format!("client_ids = [{}]", many(101))), &["at most 100 client IDs", "101"]),
        (provider("client_ids = [\"two words\"]"), &["compared as it stands"]),
        (provider(&format!("{CLIENT}\n  thumbprints = []")), &["No thumbprint", "Leave the argument out"]),
        (provider(&format!("{CLIENT}\n  thumbprints = [{}]", many(6))), &["at most 5 thumbprints"]),
        (
            provider(&format!("{CLIENT}\n  thumbprints = [\"{}\"]", OURS.to_uppercase())),
            &["40 hexadecimal digits", OURS],
        ),
        (provider_of("gitlab.com/", CLIENT), &["ends with a slash"]),
        (provider_of("gitlab.com:8443", CLIENT), &["a port"]),
    ];
    for (body, texts) in cases {
        workspace.rewrite(&body);
        workspace.plan_error(texts);
    }
}

fn what_does_not_name_a_provider_is_refused(site: &Site) {
    let workspace = site.workspace(&provider(CLIENT));
    let cases = [
        ("arn:aws:iam::111111111111:role/deploy", "It is the ARN of something else"),
        (ISSUER, "does not begin with `https://`"),
        ("https://token.actions.githubusercontent.com", "non-existent remote object"),
    ];
    for (id, reason) in cases {
        workspace.import_error(PROVIDER, id, &[reason]);
    }
}
