//! The account that a resource is in: told at plan, entered at apply.

use super::{Client, failure};
use crate::aws::{self, Account};
use crate::home::Home;
use std::sync::Arc;
use tfplug::diagnostics::Diagnostics;
use tfplug::path::Path;
use tfplug::schema::Attr;

/// Partition and account of a resource that is planned.
pub(crate) struct Place {
    pub(crate) partition: String,
    pub(crate) account_id: String,
}

impl Place {
    /// The place as policies need to know it.
    pub(crate) fn home(&self) -> Home<'_> {
        Home { partition: &self.partition, account_id: &self.account_id }
    }
}

/// Where the resource will be; `None` while its account is unknown. An account that is named costs no call; the caller's
/// own is asked for once a process, and written to `planned`.
///
/// # Errors
/// The provider may not work in that account, or AWS did not say who the caller is.
pub(crate) async fn place(
    client: &Client,
    configured: &Attr<String>,
    planned: &mut Attr<String>,
) -> Result<Option<Place>, Diagnostics> {
    let aws = client.aws()?;
    let unreachable = |error| failure("Cannot tell in which account the role will be", &error);
    if configured.is_null() && planned.is_unknown() {
        let account = aws.account(None).await.map_err(unreachable)?;
        *planned = Attr::Known(account.id().to_owned());
    }
    let Attr::Known(account_id) = planned else { return Ok(None) };
    let refused = |error| failure("The provider may not work in this account", &error);
    aws.check_allowed(account_id).map_err(|error| refused(error).at(Path::attribute("account_id")))?;
    let partition = aws.partition().await.map_err(unreachable)?.to_owned();
    Ok(Some(Place { partition, account_id: account_id.clone() }))
}

/// The account of that ID, or the provider's own.
///
/// # Errors
/// It cannot be entered.
pub(crate) async fn entered(aws: &aws::Aws, account_id: &Attr<String>) -> Result<Arc<Account>, Diagnostics> {
    let id = account_id.known().map(String::as_str);
    aws.account(id).await.map_err(|error| {
        let place = id.map_or_else(|| "the provider's own account".to_owned(), |id| format!("account {id}"));
        failure(format!("Cannot work in {place}"), &error).at(Path::attribute("account_id")).into()
    })
}
