//! `deployrunner_task_role`: the whole life of a role, and everything that can go wrong in it.

mod drift;
mod failure;
mod import;
mod input;
mod invoker;
mod lifecycle;
mod owned;
mod session;
mod trust;
mod unknown;

use libtest_mimic::Trial;

use crate::support::Ground;

/// The role of most tests.
const ROLE: &str = "deployrunner_task_role.this";

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    [
        lifecycle::trials(ground),
        drift::trials(ground),
        import::trials(ground),
        input::trials(ground),
        unknown::trials(ground),
        failure::trials(ground),
        owned::trials(ground),
        session::trials(ground),
        invoker::trials(ground),
        trust::trials(ground),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A role named `runner-custom` with these arguments beside name and task.
fn role(arguments: &str) -> String {
    format!(
        r#"
resource "deployrunner_task_role" "this" {{
  name = "runner-custom"
  task = "custom"
{arguments}
}}
"#
    )
}

/// Trust in one service, for tests in which trust does not matter.
const TRUST: &str = r#"  trust = { services = [{ service = "codebuild.amazonaws.com" }] }"#;

/// A policy document that allows one action, as an HCL expression.
fn allow(action: &str) -> String {
    format!(
        r#"jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Action = "{action}", Resource = "*" }}] }})"#
    )
}
