//! A role that holds more for a while.
//!
//! Owns that it does not come into the hands of unreviewed code meanwhile. Never takes an elevation off: that is the
//! elevation's own business.

use super::state::State;
use crate::provider::{Client, entered, failure};
use crate::role::{self, ELEVATION_PREFIX};
use crate::task::Task;
use crate::trust;
use iam_policy::Kind;
use std::collections::BTreeSet;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;

/// Refuses a change that lets unreviewed code hold a role which is elevated: it becomes a planner's, or its trust is
/// widened. AWS is asked only then.
///
/// # Errors
/// The role is elevated, or cannot be read.
pub(crate) async fn refuse_opening(
    client: &Client,
    prior: Option<&State>,
    planned: &State,
) -> Result<(), Diagnostics> {
    let stays = |prior: &&State| prior.name == planned.name && prior.account_id == planned.account_id;
    let Some(prior) = prior.filter(stays) else { return Ok(()) };
    let (Some(argument), None) = (open(planned), open(prior)) else { return Ok(()) };
    let Some(name) = planned.name.known() else { return Ok(()) };
    let account = entered(client.aws()?, &planned.account_id).await?;
    let live = role::read(&account, name, &BTreeSet::new()).await;
    let live = live.map_err(|error| failure(format!("Cannot read the role {name}"), &error))?;
    let policies = live.map(|live| live.spec.inline_policies).unwrap_or_default();
    let Some(elevation) = policies.into_keys().find(|policy| policy.starts_with(ELEVATION_PREFIX)) else {
        return Ok(());
    };
    let detail = format!(
        "The role {name} holds more for a while, in its inline policy `{elevation}`, and with this change code that nobody has \
         reviewed would hold that. Remove the elevation in a run of its own, and change the role then."
    );
    Err(Diagnostic::error("The role is elevated", detail).at(Path::attribute(argument)).into())
}

/// The argument by which unreviewed code holds a role.
fn open(role: &State) -> Option<&'static str> {
    if role.task() == Some(Task::TerraformPlanner) {
        return Some("task");
    }
    let trust = iam_policy::parse(role.assume_role_policy.known()?, Kind::Trust).ok()?;
    trust::unreviewed_subject(&trust).map(|_| "trust")
}
