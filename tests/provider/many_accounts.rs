//! A thousand accounts behind one provider block.
//!
//! The largest thing here, so it has an emulator of its own, which nobody else has to wait for.

use std::sync::Arc;

use libtest_mimic::Trial;
use serde_json::json;

use crate::support::{Account, Api, Emulator, Ground, Server, Site, Workspace};

const ACCESS: &str = "OrganizationAccountAccessRole";
const ACCOUNTS: usize = 1_000;
const BUCKET: &str = "tfstate";
const ROLES: usize = 3;

/// Peak of the provider process, in KiB.
const MEMORY: u64 = 64 * 1024;

/// Seconds for one run of Terraform, of which most pass in Terraform itself and in the emulator.
const PATIENCE: &str = "600";

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_ministack(a_thousand_accounts_are_one_process_of_at_most_64_mebibytes)
        .into_iter()
        .collect()
}

fn a_thousand_accounts_are_one_process_of_at_most_64_mebibytes(site: &Site) {
    let server = Arc::new(Server::start(Emulator::Ministack));
    let base = Account::new("111111111111".to_owned(), Arc::clone(&server));
    let members: Vec<String> =
        (0..ACCOUNTS).map(|number| format!("{:012}", 300_000_000_000 + number)).collect();
    for id in &members {
        Account::new(id.clone(), Arc::clone(&server)).let_in(base.id(), ACCESS, None);
    }
    let workspace = workspace(site, &server, &base);
    workspace.configure(&format!("  account_role = {{ name = \"{ACCESS}\" }}"), &runners(&members));
    let before = count(&server, "CreateRole");
    run(&workspace, &base, &["apply", "-auto-approve"]);
    assert_eq!(count(&server, "CreateRole") - before, ACCOUNTS * ROLES);
    // It ends with 2 if there is something to do.
    run(&workspace, &base, &["plan", "-detailed-exitcode"]);
    // The plan has just read everything.
    run(&workspace, &base, &["destroy", "-auto-approve", "-refresh=false"]);
    assert_eq!(count(&server, "DeleteRole"), ACCOUNTS * ROLES);
}

/// A workspace whose state is in S3: a local state is written whole after each resource, which takes Terraform longer than
/// everything else here.
fn workspace(site: &Site, server: &Server, base: &Account) -> Workspace {
    let endpoint = server.endpoint();
    Api::of_root(&endpoint, base.id()).must("s3", "create_bucket", &json!({ "Bucket": BUCKET }));
    let workspace = Workspace::new(site.terraform(), base.id(), &endpoint);
    let backend = format!(
        r#"terraform {{
  backend "s3" {{
    bucket         = "{BUCKET}"
    key            = "organization"
    region         = "us-east-1"
    access_key     = "{}"
    secret_key     = "test"
    use_path_style = true
    endpoints      = {{ s3 = "{endpoint}", sts = "{endpoint}", iam = "{endpoint}" }}
  }}
}}
"#,
        base.id()
    );
    workspace.write("backend.tf", &backend);
    workspace.run(&["init", "-input=false", "-no-color"]).assert_succeeded();
    // Each resource makes garbage of all the others.
    workspace.set("GOGC", "800");
    workspace
}

/// A runner with three roles in each account.
fn runners(members: &[String]) -> String {
    format!(
        r#"locals {{
  accounts = toset({members:?})
}}

resource "deployrunner_account_runner" "infra_live" {{
  for_each   = local.accounts
  account_id = each.key
  name       = "infra-live"
  trust      = {{ github = [{{ repository = "acme/infra-live", branches = ["main"] }}] }}
  manages    = {{ resource_types = ["aws_sqs_queue"] }}
  state      = {{ bucket = "acme-tfstate", key_prefixes = ["${{each.key}}/"], lock = "s3" }}
  planner    = {{}}
  applier    = {{}}
  state_role = {{}}
}}
"#
    )
}

/// Runs Terraform once: it succeeds, in one provider process of bounded memory, which enters each account once.
fn run(workspace: &Workspace, base: &Account, arguments: &[&str]) {
    let options = ["-input=false", "-no-color"];
    let before = base.calls().len();
    let (output, peak) = workspace.run_watched(&[arguments, &options].concat(), PATIENCE);
    output.assert_succeeded();
    let calls = base.calls().split_off(before);
    assert_eq!(calls.iter().filter(|call| *call == "AssumeRole").count(), ACCOUNTS, "{arguments:?}");
    assert_eq!(peak.processes, 1, "{arguments:?}");
    assert!(peak.kibibytes <= MEMORY, "{arguments:?}: {} KiB", peak.kibibytes);
}

fn count(server: &Server, action: &str) -> usize {
    server.all_calls().iter().filter(|call| *call == action).count()
}
