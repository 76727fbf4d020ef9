//! What a task role will be, as far as it can be told before apply: nearly all of it.

use super::state::{State, known};
use super::{Surroundings, unprotected};
use crate::permissions::{Held, Managed, Owned};
use crate::provider::{Place, place};
use crate::role::{Unmanaged, owned_arn};
use crate::tags::attributes;
use crate::trust;
use crate::{permissions, policy_size, session_duration};
use iam_policy::Kind;
use std::collections::BTreeSet;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::resource::{Plan, Planned};
use tfplug::schema::Attr;

/// The role as it will be.
///
/// # Errors
/// The plan is one that AWS or the resource's own protection would refuse.
pub(crate) async fn plan(
    around: Surroundings<'_>,
    req: Plan<State>,
    warnings: &mut Diagnostics,
) -> Result<Planned<State>, Diagnostics> {
    let client = around.client;
    let Plan { config, prior, proposed } = req;
    let mut planned = proposed;
    let place = place(client, &config.account_id, &mut planned.account_id).await?;
    let renamed = prior.as_ref().is_some_and(|prior| renamed(prior, &config));
    arn(&mut planned, place.as_ref());
    if let Some(prior) = &prior
        && (renamed || replaces(prior, &planned))
    {
        unprotected(prior)?;
    }
    planned.tags_all = attributes::planned(
        &planned.tags,
        (client.default_tags(), &|key| client.ignore_tags().ignores(key)),
    )?;
    trust(&mut planned, prior.as_ref(), place.as_ref())?;
    planned.permissions = permissions::keep_spelling(
        config.permissions,
        prior.as_ref().and_then(|prior| prior.permissions.known()),
    );
    let managed =
        Policies { around, prior: prior.as_ref(), place: place.as_ref() }.plan(&mut planned, warnings)?;
    planned.policy_size =
        policy_size::measure(&planned.assume_role_policy, &planned.inline_policies, &managed);
    planned.effective_session_duration =
        session_duration::effective(&planned.trust, &planned.max_session_duration);
    if let Attr::Known(size) = &planned.policy_size {
        let heaviest = || match (&planned.trust, &place) {
            (Attr::Known(configured), Some(place)) => trust::heaviest(configured, place.home()),
            _ => String::new(),
        };
        let found = policy_size::check(size, heaviest);
        if found.has_errors() {
            return Err(found);
        }
        warnings.extend(found);
    }
    let replace = if renamed { vec![Path::attribute("name_prefix")] } else { Vec::new() };
    Ok(Planned { state: planned, replace })
}

/// Whether a prefix asks for another name than the role has. A name that begins so already will do.
fn renamed(prior: &State, config: &State) -> bool {
    match (&config.name, &config.name_prefix, &prior.name) {
        (Attr::Null, Attr::Known(prefix), Attr::Known(name)) => !name.starts_with(prefix.as_str()),
        (Attr::Null, Attr::Unknown, _) => true,
        _ => false,
    }
}

fn replaces(prior: &State, planned: &State) -> bool {
    prior.name != planned.name || prior.path != planned.path || prior.account_id != planned.account_id
}

fn arn(planned: &mut State, place: Option<&Place>) {
    let arn = match (place, &planned.path, &planned.name) {
        (Some(place), Attr::Known(path), Attr::Known(name)) => Attr::Known(place.home().role_arn(path, name)),
        _ => Attr::Unknown,
    };
    planned.id = arn.clone();
    planned.arn = arn;
}

/// The trust policy, in the prior spelling of whatever means the same.
fn trust(planned: &mut State, prior: Option<&State>, place: Option<&Place>) -> Result<(), Diagnostics> {
    let (Attr::Known(configured), Some(place)) = (&planned.trust, place) else {
        planned.assume_role_policy = Attr::Unknown;
        planned.trust_summary = planned.trust.known().map_or(Attr::Unknown, trust::summary);
        return Ok(());
    };
    let document = trust::document(configured, place.home());
    if let Attr::Known(document) = &document {
        trust::check(document, &Path::attribute("trust"))?;
        let before = prior.and_then(|prior| prior.trust.known());
        let before_means_the_same = before.is_some_and(|before| {
            let before = trust::document(before, place.home());
            matches!(before, Attr::Known(before) if trust::same(&before, document))
        });
        if let (true, Some(before)) = (before_means_the_same, before) {
            planned.trust = Attr::Known(before.clone());
        }
    }
    planned.trust_summary = planned.trust.known().map_or(Attr::Unknown, trust::summary);
    let live = prior.and_then(|prior| prior.assume_role_policy.known());
    planned.assume_role_policy = document.map(|document| {
        let same = |text: &&String| {
            iam_policy::parse(text, Kind::Trust).is_ok_and(|live| trust::same(&live, &document))
        };
        live.filter(same).cloned().unwrap_or_else(|| document.to_json())
    });
    Ok(())
}

/// What decides on the policies beside what is planned.
struct Policies<'a> {
    around: Surroundings<'a>,
    prior: Option<&'a State>,
    place: Option<&'a Place>,
}

impl Policies<'_> {
    /// The policies that the role will hold, in the prior spelling of those that mean the same, with what others
    /// put on it where that stays. Answers with the managed ones.
    fn plan(&self, planned: &mut State, warnings: &mut Diagnostics) -> Result<Attr<Managed>, Diagnostics> {
        let Self { around, prior, place } = *self;
        let before = prior.map(|prior| known(&prior.inline_policies)).unwrap_or_default();
        let managed_before = prior.map(State::managed).unwrap_or_default();
        let held = planned.held(place.map(Place::home), around.siblings)?;
        let mut managed = managed(&held, planned, place).map(|managed| managed.spelled_as(&managed_before));
        let mut inline = held.inline;
        planned.permissions_summary = held.summary;
        if let Attr::Known(inline) = &mut inline {
            for (name, text) in inline.iter_mut() {
                if let (Attr::Known(wanted), Some(live)) = (&*text, before.get(name))
                    && permissions::same(wanted, live)
                {
                    *text = Attr::Known(live.clone());
                }
            }
        }
        let stays = planned.rules(around.client).unmanaged == Unmanaged::Report;
        if let (true, Some(prior), Attr::Known(inline), Attr::Known(managed)) =
            (stays, prior, &mut inline, &mut managed)
        {
            let ours = if around.is_first_change { &*planned } else { prior };
            // What becomes the role's own is nobody else's any more.
            let mut attached = managed_before.attached;
            attached.retain(|arn| !managed.owned.contains_key(arn));
            let ours = ours.held_before(place.map(Place::home), around.siblings);
            let found = unmanaged(&ours, (&before, &attached));
            warnings.extend(report(&found, &planned.name));
            for (name, text) in &before {
                if found.contains(name) {
                    inline.entry(name.clone()).or_insert_with(|| Attr::Known(text.clone()));
                }
            }
            managed.attached.extend(attached.into_iter().filter(|arn| found.contains(arn)));
        }
        planned.managed_policies = managed.as_ref().map(Managed::show);
        planned.inline_policies = inline;
        Ok(managed)
    }
}

/// The managed policies that the role will hold. The ARNs of those that it owns follow from where it is.
fn managed(held: &Held, planned: &State, place: Option<&Place>) -> Attr<Managed> {
    let (Attr::Known(attached), Attr::Known(owned)) = (&held.attached, &held.owned) else {
        return Attr::Unknown;
    };
    let arn = |name: &String| {
        let Place { partition, account_id } = place?;
        Some(owned_arn((partition, account_id), planned.path.known()?, name))
    };
    let owned = owned
        .iter()
        .map(|(name, document)| Some((arn(name)?, Owned { document: document.clone(), is_attached: true })));
    match owned.collect::<Option<_>>() {
        Some(owned) => Attr::Known(Managed { attached: attached.clone(), owned }),
        None => Attr::Unknown,
    }
}

/// The names and ARNs of policies on the role that are not among ours.
fn unmanaged(
    ours: &Held,
    (inline, attached): (&std::collections::BTreeMap<String, String>, &BTreeSet<String>),
) -> BTreeSet<String> {
    let our_policies = ours.inline.clone().into_known().unwrap_or_default();
    let our_arns = ours.attached.clone().into_known().unwrap_or_default();
    let stray = inline.keys().filter(|name| !our_policies.contains_key(*name));
    stray.chain(attached.difference(&our_arns)).cloned().collect()
}

fn report(found: &BTreeSet<String>, name: &Attr<String>) -> Option<Diagnostic> {
    if found.is_empty() {
        return None;
    }
    let list: Vec<&str> = found.iter().map(String::as_str).collect();
    let detail = format!(
        "Somebody put on the role{} what this configuration does not name: {}. With `unmanaged_policies = \"report\"` \
         it stays. Add it to its `permissions`, remove it, or name it in `tolerate`.",
        name.known().map(|name| format!(" {name}")).unwrap_or_default(),
        list.join(", ")
    );
    Some(Diagnostic::warning("Unmanaged policies", detail).at(Path::attribute("unmanaged_policies")))
}
