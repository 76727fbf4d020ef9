//! Importing a role: what names it, and what can be told of it without a configuration.

use super::observe::{self, Observation};
use super::state::{Identity, State};
use crate::checks;
use crate::home::Home;
use crate::provider::{Client, entered};
use crate::role::LiveRole;
use crate::task::Task;
use crate::trust::{self, Trust};
use crate::{permissions, session_duration};
use iam_policy::{Arn, Kind};
use std::collections::BTreeMap;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::resource::Import;
use tfplug::schema::{Attr, Map};

/// The state from which the role can be read.
///
/// # Errors
/// It names nothing, or something in another partition, or an account that cannot be entered.
pub(crate) async fn target(client: &Client, target: Import<Identity>) -> Result<State, Diagnostics> {
    let (account_id, name, arn, partition) = match target {
        Import::Id(id) => {
            let (account_id, name) = named(&id)?;
            (account_id, name, Arn::parse(&id).ok().map(|_| id), None)
        }
        Import::Identity(identity) => {
            let name = identity.name.into_known().unwrap_or_default();
            (identity.account_id.into_known(), name, None, identity.partition.into_known())
        }
    };
    checks::role_name(&name).map_err(|reason| invalid(&name, &reason))?;
    // An account that cannot be entered, or must not be, is said now rather than when the role is read.
    let state =
        State { name: Attr::Known(name), account_id: account_id.into(), arn: arn.into(), ..State::default() };
    let account = entered(client.aws()?, &state.account_id).await?;
    if let Some(partition) = partition.filter(|partition| partition != account.partition()) {
        let reason = format!("the account is in the partition `{}`.", account.partition());
        return Err(invalid(&partition, &reason));
    }
    Ok(state)
}

/// Refuses a role that has the name of the one asked for and is another one.
pub(crate) fn same_role(asked: &State, live: &LiveRole) -> Result<(), Diagnostics> {
    match asked.arn.known().filter(|arn| **arn != live.arn) {
        Some(arn) => Err(invalid(arn, &format!("the role of that name in the account is {}.", live.arn))),
        None => Ok(()),
    }
}

/// Account and name in an import ID: an ARN, a name, or `<account ID>/<name>`.
fn named(id: &str) -> Result<(Option<String>, String), Diagnostics> {
    if let Ok(arn) = Arn::parse(id) {
        let Some((_, name)) = arn.iam_role() else {
            return Err(invalid(id, "It is the ARN of something else."));
        };
        return Ok((Some(arn.account().to_owned()), name.to_owned()));
    }
    match id.split_once('/') {
        None => Ok((None, id.to_owned())),
        Some((account_id, name)) if checks::account_id(account_id).is_ok() => {
            Ok((Some(account_id.to_owned()), name.to_owned()))
        }
        Some(_) => Err(invalid(id, "What stands before the slash is not an account ID.")),
    }
}

fn invalid(id: &str, reason: &str) -> Diagnostics {
    let detail = format!(
        "{id:?} does not name a role: {reason} Write the role's ARN (`arn:aws:iam::111122223333:role/ci/deploy`), its \
         name (`deploy`) for a role of the provider's own account, or account and name (`111122223333/deploy`)."
    );
    Diagnostic::error("Invalid import ID", detail).into()
}

/// The state of an imported role: everything that AWS knows, trust and permissions as a user would have written
/// them, defaults for the rest.
pub(crate) fn observed(state: &State, live: &LiveRole, client: &Client) -> State {
    let home = Home { partition: &live.partition, account_id: &live.account_id };
    let rules = State::default().rules(client);
    let trust = iam_policy::parse(&live.spec.assume_role_policy, Kind::Trust)
        .ok()
        .and_then(|policy| trust::read_back(&policy, home))
        .filter(is_valid);
    let summary = trust.as_ref().map_or_else(|| Attr::Known(Vec::new()), trust::summary);
    // Without a configuration nothing is known to be ours; all that the rules do not spare is.
    let mut nothing = live.spec.clone();
    nothing.inline_policies = BTreeMap::new();
    nothing.managed_policy_arns = std::collections::BTreeSet::new();
    let seen = rules.visible(live, &nothing);
    let own_tags: Map<String> = client
        .default_tags()
        .without_defaults(&seen.tags)
        .into_iter()
        .map(|(key, value)| (key, Attr::Known(value)))
        .collect();
    let tags_all: Map<String> =
        seen.tags.iter().map(|(key, value)| (key.clone(), Attr::Known(value.clone()))).collect();
    let imported = State {
        // A configuration that says otherwise changes only the state.
        task: Attr::Known(Task::of_role_name(&live.spec.name).name().to_owned()),
        permissions_summary: Attr::Known(Vec::new()),
        assume_role_policy: Attr::Known(permissions::compact(&live.spec.assume_role_policy, Kind::Trust)),
        trust: trust.into(),
        permissions: permissions::read_back(&written(&seen.inline_policies), &seen.managed_policy_arns),
        unmanaged_policies: Attr::Known("remove".to_owned()),
        deletion_protection: Attr::Known(false),
        tags: if own_tags.is_empty() { Attr::Null } else { Attr::Known(own_tags) },
        tags_all: Attr::Known(tags_all),
        trust_summary: summary,
        ..state.clone()
    };
    let seen = Observation { live, rules: &rules, same_trust: true, siblings: &[] };
    let mut seen = observe::observed(imported, seen);
    seen.effective_session_duration =
        match session_duration::effective(&seen.trust, &seen.max_session_duration) {
            Attr::Known(durations) => Attr::Known(durations),
            _ => Attr::Known(Map::new()),
        };
    seen
}

/// The policies that a user may have written: what other arguments came to is not among them.
fn written(inline: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut written = inline.clone();
    written.remove(permissions::GENERATED);
    written
}

/// Whether a configuration could say this trust.
fn is_valid(trust: &Trust) -> bool {
    let mut found = Diagnostics::new();
    trust::validate(trust, &Path::attribute("trust"), &mut found);
    !found.has_errors()
}
