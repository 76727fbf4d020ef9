//! `deployrunner_account_runner`: the whole life of the roles of one account, together.

mod failure;
mod import;
mod input;
mod lifecycle;

use libtest_mimic::Trial;

use crate::support::Ground;

/// The runner of most tests.
const RUNNER: &str = "deployrunner_account_runner.this";

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    [lifecycle::trials(ground), failure::trials(ground), import::trials(ground), input::trials(ground)]
        .into_iter()
        .flatten()
        .collect()
}

/// A runner named `runner` that trusts `codebuild`, with these arguments beside.
fn runner(arguments: &str) -> String {
    format!(
        r#"
resource "deployrunner_account_runner" "this" {{
  name  = "runner"
  trust = {{ services = [{{ service = "codebuild.amazonaws.com" }}] }}
{arguments}
}}
"#
    )
}

/// A runner with a planner, an applier, and what is said beside.
fn planner_and_applier(arguments: &str) -> String {
    runner(&format!(
        r#"
  manages = {{ services = ["sqs"] }}
  planner = {{}}
  applier = {{}}
{arguments}
"#
    ))
}
