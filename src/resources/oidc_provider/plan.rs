//! What an identity provider will be: everything but the thumbprints that IAM finds out by itself.

use super::state::State;
use crate::provider::{Client, place};
use crate::tags::attributes;
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::resource::{Plan, Planned};
use tfplug::schema::Attr;

/// Private data that says: the thumbprints are those of the configuration.
const CONFIGURED: &str = "thumbprints_configured";

pub(super) async fn plan(ctx: &Context<Client>, req: Plan<State>) -> Result<Planned<State>, Diagnostics> {
    let client = ctx.client()?;
    let Plan { config, prior, proposed } = req;
    let mut planned = proposed;
    let place = place(client, &config.account_id, &mut planned.account_id).await?;
    (planned.arn, planned.id) = (Attr::Unknown, Attr::Unknown);
    if let Some(place) = &place {
        planned.place((&place.partition, &place.account_id));
    }
    planned.tags_all = attributes::planned(
        &planned.tags,
        (client.default_tags(), &|key| client.ignore_tags().ignores(key)),
    )?;
    if prior.is_some() && config.thumbprints.is_null() && ctx.private(CONFIGURED).is_some() {
        // Shown as a change, so that it is said once, and then forgotten.
        planned.thumbprints = Attr::Unknown;
        ctx.warn(kept());
    }
    Ok(planned.into())
}

/// Notes whether the thumbprints are those of the configuration.
pub(super) fn remember(ctx: &Context<Client>, config: &State) {
    ctx.set_private(CONFIGURED, config.thumbprints.known().map(|_| true.into()));
}

fn kept() -> Diagnostic {
    let detail = "`thumbprints` was taken out of the configuration, and IAM has no way to take thumbprints away from a \
                  provider: those that are there stay. Where a public authority signed the issuer's certificate, AWS \
                  does not look at them. Else have the provider made again (`-replace`), and IAM asks the issuer for \
                  its certificate.";
    Diagnostic::warning("Thumbprints stay", detail).at(Path::attribute("thumbprints"))
}
