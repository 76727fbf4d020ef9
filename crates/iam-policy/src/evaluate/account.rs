//! Are caller and resource in the same account?
//!
//! Owns where a resource's account is read. Never asks who owns a bucket: a context may say.

use crate::{Request, Truth, Value};

/// Whether the resource belongs to the caller's account.
pub(super) fn is_shared(request: &Request) -> Truth {
    let of_context = || match request.context().get("aws:resourceaccount") {
        Value::Known([account]) => Some(account.as_str()),
        _ => None,
    };
    let of_resource = match request.resource_account() {
        None if is_everywhere(request.resource()) => return Truth::True,
        None => of_context(),
        known => known,
    };
    match (request.caller().account(), of_resource) {
        (Some(caller), Some(resource)) => Truth::from(caller == resource),
        _ => Truth::Unknown,
    }
}

/// An action done to no resource is done to the caller's account, and what AWS itself owns, such as the managed
/// policies, is there in every account.
fn is_everywhere(resource: &str) -> bool {
    resource == "*" || resource.split(':').nth(4) == Some("aws")
}
