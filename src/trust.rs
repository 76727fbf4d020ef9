//! Who may assume a role: what users write, turned into a trust policy; and back, for imported roles.
//! One home for every resource that makes roles. Never asks AWS.
//!
//! Each entry becomes a statement of its own, so that its conditions stay ANDed.

mod aws;
mod issuer;
mod oidc;
mod read_back;
mod services;
mod unreviewed;

pub use aws::{AwsTrust, is_account, is_role};
pub use oidc::OidcTrust;
pub use read_back::read_back;
pub use services::ServiceTrust;
pub use unreviewed::unreviewed_subject;

use crate::home::Home;
use iam_policy::{Document, Kind};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, List, Shape, optional};

object! {
    /// Who may assume the role. At least one entry, of any kind.
    pub struct Trust {
        /// AWS principals: accounts, roles and users, also of other accounts.
        pub aws: List<AwsTrust> = optional(),
        /// AWS services, such as `ecs-tasks.amazonaws.com`.
        pub services: List<ServiceTrust> = optional(),
        /// Holders of a token from an OpenID Connect issuer, such as a CI system. The account needs an IAM identity provider for the issuer.
        pub oidc: List<OidcTrust> = optional(),
    }
}

impl Trust {
    /// All AWS principals, as written.
    pub fn principals(&self) -> impl Iterator<Item = &String> {
        known(&self.aws).flat_map(aws::principals)
    }
}

/// Adds what in a trust contradicts itself or could never work. Silent about unknown values.
pub fn validate(trust: &Trust, path: &Path, found: &mut Diagnostics) {
    let entries = [count(&trust.aws), count(&trust.services), count(&trust.oidc)];
    if entries.iter().all(|entries| *entries == Some(0)) {
        let detail = "Nobody could assume the role. Add an entry to `aws`, `services` or `oidc`.";
        found.push(Diagnostic::error("Nobody is trusted", detail).at(path.clone()));
    }
    each(&trust.aws, &path.join("aws"), found, aws::validate);
    each(&trust.services, &path.join("services"), found, services::validate);
    each(&trust.oidc, &path.join("oidc"), found, oidc::validate);
}

/// The trust policy, or unknown while anything in the trust is.
pub fn document(trust: &Trust, home: Home<'_>) -> Attr<Document> {
    if !trust.encode().is_wholly_known() {
        return Attr::Unknown;
    }
    let aws = known(&trust.aws).flat_map(|entry| aws::statements(entry, home));
    let services = known(&trust.services).map(|entry| services::statement(entry, home));
    let oidc = known(&trust.oidc).map(|entry| oidc::statement(entry, home));
    Attr::Known(Document::new(aws.chain(services).chain(oidc)))
}

/// One sentence an entry: who is trusted, in which way, and what that means.
pub fn summary(trust: &Trust) -> Attr<List<String>> {
    if !trust.encode().is_wholly_known() {
        return Attr::Unknown;
    }
    let aws = known(&trust.aws).map(aws::summary);
    let services = known(&trust.services).map(services::summary);
    let oidc = known(&trust.oidc).map(oidc::summary);
    Attr::Known(aws.chain(services).chain(oidc).map(Attr::Known).collect())
}

/// What IAM's grammar says about the trust policy that this trust amounts to.
///
/// # Errors
/// The document would be refused; the checks of single arguments should have said so before.
pub fn check(document: &Document, path: &Path) -> Result<(), Diagnostic> {
    document.check(Kind::Trust).map_err(|error| {
        let detail = format!("IAM would refuse the trust policy that this amounts to: {error}.");
        Diagnostic::error("Invalid trust", detail).at(path.clone())
    })
}

fn count<T>(entries: &Attr<List<T>>) -> Option<usize> {
    match entries {
        Attr::Null => Some(0),
        Attr::Unknown => None,
        Attr::Known(entries) => Some(entries.len()),
    }
}

fn known<T>(entries: &Attr<List<T>>) -> impl Iterator<Item = &T> {
    entries.known().into_iter().flatten().filter_map(Attr::known)
}

fn each<T>(
    entries: &Attr<List<T>>,
    path: &Path,
    found: &mut Diagnostics,
    validate: fn(&T, &Path, &mut Diagnostics),
) {
    for (index, entry) in entries.known().into_iter().flatten().enumerate() {
        if let Attr::Known(entry) = entry {
            validate(entry, &path.index(index), found);
        }
    }
}

#[cfg(test)]
mod tests;
