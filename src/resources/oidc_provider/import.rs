//! What names an identity provider that is to be imported: its ARN, its URL, or its identity.

use super::state::{Identity, State, url};
use crate::checks;
use crate::provider::{Client, entered};
use iam_policy::Arn;
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::resource::Import;
use tfplug::schema::Attr;

/// The state from which the provider can be read.
pub(super) async fn target(ctx: &Context<Client>, target: Import<Identity>) -> Result<State, Diagnostics> {
    let (account_id, url, partition) = match target {
        Import::Id(id) => named(&id)?,
        Import::Identity(identity) => (
            identity.account_id.into_known(),
            identity.url.into_known().unwrap_or_default(),
            identity.partition.into_known(),
        ),
    };
    checks::oidc::url(&url).map_err(|reason| invalid(&url, &reason))?;
    let mut state = State { url: Attr::Known(url), account_id: account_id.into(), ..State::default() };
    // An account that cannot be entered, or must not be, is said now rather than when the provider is read.
    let account = entered(ctx.client()?.aws()?, &state.account_id).await?;
    if let Some(partition) = partition.filter(|partition| partition != account.partition()) {
        let reason = format!("The account is in the partition `{}`.", account.partition());
        return Err(invalid(&partition, &reason));
    }
    state.place((account.partition(), account.id()));
    Ok(state)
}

/// Account, URL and partition in an import ID.
fn named(id: &str) -> Result<(Option<String>, String, Option<String>), Diagnostics> {
    match Arn::parse(id) {
        Ok(arn) => match arn.oidc_provider() {
            Some(issuer) => {
                Ok((Some(arn.account().to_owned()), url(issuer), Some(arn.partition().to_owned())))
            }
            None => Err(invalid(id, "It is the ARN of something else.")),
        },
        Err(_) => Ok((None, id.to_owned(), None)),
    }
}

fn invalid(id: &str, reason: &str) -> Diagnostics {
    let detail = format!(
        "{id:?} does not name an identity provider: {reason} Write its ARN \
         (`arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com`), or its URL \
         (`https://token.actions.githubusercontent.com`) for a provider of the provider block's own account."
    );
    Diagnostic::error("Invalid import ID", detail).into()
}
