//! A thousand accounts behind one provider block.
//!
//! The largest thing here, so it has an emulator of its own, which nobody else has to wait for.

use std::sync::Arc;

use libtest_mimic::Trial;

use crate::support::{Account, Emulator, Ground, Server, Site, Workspace};

const ACCESS: &str = "OrganizationAccountAccessRole";
const ACCOUNTS: usize = 1_000;
const ROLES: [&str; 3] = ["planner", "applier", "builder"];

/// Peak of the provider process, in KiB.
const MEMORY: u64 = 64 * 1024;

/// Seconds for one run of Terraform, of which most pass in the emulator.
const PATIENCE: &str = "900";

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
    let workspace = Workspace::new(site.terraform(), base.id(), &server.endpoint());
    workspace.configure(&format!("  account_role = {{ name = \"{ACCESS}\" }}"), &roles(&members));
    let before = count(&server, "CreateRole");
    run(&workspace, &base, &["apply", "-auto-approve"]);
    assert_eq!(count(&server, "CreateRole") - before, ACCOUNTS * ROLES.len());
    // It ends with 2 if there is something to do.
    run(&workspace, &base, &["plan", "-detailed-exitcode"]);
    // The plan has just read everything.
    run(&workspace, &base, &["destroy", "-auto-approve", "-refresh=false"]);
    assert_eq!(count(&server, "DeleteRole"), ACCOUNTS * ROLES.len());
    assert_eq!(workspace.state().addresses(), [""; 0]);
}

fn roles(members: &[String]) -> String {
    format!(
        r#"resource "deployrunner_task_role" "this" {{
  for_each    = {{ for pair in setproduct({members:?}, {ROLES:?}) : join("-", pair) => pair }}
  account_id  = each.value[0]
  name        = each.value[1]
  task        = "custom"
  trust       = {{ services = [{{ service = "codebuild.amazonaws.com" }}] }}
  permissions = {{
    inline_policies = {{
      work = jsonencode({{
        Version   = "2012-10-17"
        Statement = [{{ Effect = "Allow", Action = "s3:ListAllMyBuckets", Resource = "*" }}]
      }})
    }}
  }}
}}
"#
    )
}

/// Runs Terraform once: it succeeds, in one provider process of bounded memory, which enters each account once.
fn run(workspace: &Workspace, base: &Account, arguments: &[&str]) {
    let options = ["-input=false", "-no-color", "-parallelism=64"];
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
