//! Who may assume a role: what users write, turned into a trust policy; and back, for imported roles.
//! One home for every resource that makes roles. Never asks AWS.
//!
//! Each entry becomes a statement of its own, so that its conditions stay ANDed; statements are joined only where that
//! lets in nobody else.

mod aws;
pub mod entrance;
mod git_ref;
mod github;
mod gitlab;
mod hcp_terraform;
mod issuer;
pub mod issuers;
mod oidc;
mod read_back;
mod services;
mod share;
mod token;
pub mod unreviewed;
mod weight;
mod widened;

pub use aws::{AwsTrust, is_account, is_role};
pub use github::{GithubTrust, Repository, Trigger};
pub use gitlab::GitlabTrust;
pub use hcp_terraform::HcpTerraformTrust;
pub use oidc::OidcTrust;
pub use read_back::read_back;
pub use services::{ServiceTrust, acts_without_source};
pub use unreviewed::unreviewed_subject;
pub use weight::heaviest;
pub use widened::widened;

use crate::home::Home;
use iam_policy::{Document, Kind, Statement};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, List, Set, Shape, optional};

object! {
    /// Who may assume the role. At least one entry, of any kind.
    pub struct Trust {
        /// AWS principals: accounts, roles and users, also of other accounts.
        pub aws: List<AwsTrust> = optional(),
        /// AWS services, such as `ecs-tasks.amazonaws.com`.
        pub services: List<ServiceTrust> = optional(),
        /// Jobs of repositories on github.com. What a job runs for is any of an entry's `branches`, `tags`, `environments` and `pull_requests`, of which at least one must be given; `workflow_refs` and the IDs must hold besides. A job that names an environment has only that in its subject: it matches `environments`, whatever branch or pull request it runs for, and none of the others. The account needs an IAM identity provider for `https://token.actions.githubusercontent.com`. GitHub Enterprise Server, GitHub Enterprise Cloud with data residency, an enterprise with an issuer of its own, and repositories with customized subjects are entries of `oidc`.
        pub github: List<GithubTrust> = optional(),
        /// Jobs of projects on GitLab, on gitlab.com or a host of one's own. What a job runs for is any of an entry's `branches`, `tags`, `environments` and `merge_requests`, of which at least one must be given. AWS looks at nothing else in GitLab's tokens than audience and subject: for customized subjects, such as one with `environment_protected`, write an entry of `oidc`. The account needs an IAM identity provider for `https://gitlab.com`, or for the host.
        pub gitlab: List<GitlabTrust> = optional(),
        /// Runs of workspaces in HCP Terraform. The account needs an IAM identity provider for `https://app.terraform.io`. Terraform Enterprise, and Stacks, whose subjects have another form, are entries of `oidc`.
        pub hcp_terraform: List<HcpTerraformTrust> = optional(),
        /// Holders of a token from any other OpenID Connect issuer, such as Buildkite, CircleCI, Bitbucket or Spacelift. The account needs an IAM identity provider for the issuer.
        pub oidc: List<OidcTrust> = optional(),
    }
}

impl Trust {
    /// All AWS principals, as written.
    pub fn principals(&self) -> impl Iterator<Item = &String> {
        known(&self.aws).flat_map(aws::principals)
    }

    /// Whether holders of tokens from an OpenID Connect issuer are trusted, whatever issuer.
    pub fn has_token_holders(&self) -> bool {
        let kinds = [count(&self.github), count(&self.gitlab), count(&self.hcp_terraform), count(&self.oidc)];
        kinds.into_iter().flatten().any(|entries| entries > 0)
    }
}

/// Adds what in a trust contradicts itself or could never work. Silent about unknown values.
pub fn validate(trust: &Trust, path: &Path, found: &mut Diagnostics) {
    let Trust { aws, services, github, gitlab, hcp_terraform, oidc } = trust;
    let entries =
        [count(aws), count(services), count(github), count(gitlab), count(hcp_terraform), count(oidc)];
    if entries.iter().all(|entries| *entries == Some(0)) {
        let detail = "Nobody could assume the role. Add an entry to `aws`, `services`, `github`, `gitlab`, `hcp_terraform` \
                      or `oidc`.";
        found.push(Diagnostic::error("Nobody is trusted", detail).at(path.clone()));
    }
    each(aws, &path.join("aws"), found, aws::validate);
    each(services, &path.join("services"), found, services::validate);
    each(github, &path.join("github"), found, github::validate);
    each(gitlab, &path.join("gitlab"), found, gitlab::validate);
    each(hcp_terraform, &path.join("hcp_terraform"), found, hcp_terraform::validate);
    each(oidc, &path.join("oidc"), found, oidc::validate);
}

/// The trust policy, or unknown while anything in the trust is.
pub fn document(trust: &Trust, home: Home<'_>) -> Attr<Document> {
    if !trust.encode().is_wholly_known() {
        return Attr::Unknown;
    }
    Attr::Known(joined(entries(trust, home).into_iter().map(|(_, statements)| statements)))
}

/// Whether two trust policies say the same, however their statements are joined.
#[must_use]
pub fn same(a: &Document, b: &Document) -> bool {
    let settled = |document: &Document| {
        let normal = iam_policy::normalize(document);
        Document { statements: share::share(normal.statements.into_vec()).into_iter().collect(), ..normal }
    };
    iam_policy::equal(a, b) || iam_policy::equal(&settled(a), &settled(b))
}

/// One sentence an entry: who is trusted, in which way, and what that means.
pub fn summary(trust: &Trust) -> Attr<List<String>> {
    if !trust.encode().is_wholly_known() {
        return Attr::Unknown;
    }
    let Trust { aws, services, github, gitlab, hcp_terraform, oidc } = trust;
    let aws = known(aws).map(aws::summary);
    let services = known(services).map(services::summary);
    let github = known(github).map(github::summary);
    let gitlab = known(gitlab).map(gitlab::summary);
    let hcp_terraform = known(hcp_terraform).map(hcp_terraform::summary);
    let oidc = known(oidc).map(oidc::summary);
    let all = aws.chain(services).chain(github).chain(gitlab).chain(hcp_terraform).chain(oidc);
    Attr::Known(all.map(Attr::Known).collect())
}

/// The statements of each entry, beside the entry's kind and index.
fn entries(trust: &Trust, home: Home<'_>) -> Vec<((&'static str, usize), Vec<Statement>)> {
    let Trust { aws, services, github, gitlab, hcp_terraform, oidc } = trust;
    let mut all = Vec::new();
    let mut add = |kind, index, statements| all.push(((kind, index), statements));
    known(aws).enumerate().for_each(|(index, entry)| add("aws", index, aws::statements(entry, home)));
    let one = |statement| vec![statement];
    known(services)
        .enumerate()
        .for_each(|(index, entry)| add("services", index, one(services::statement(entry, home))));
    known(github)
        .enumerate()
        .for_each(|(index, entry)| add("github", index, one(github::statement(entry, home))));
    known(gitlab)
        .enumerate()
        .for_each(|(index, entry)| add("gitlab", index, one(gitlab::statement(entry, home))));
    known(hcp_terraform)
        .enumerate()
        .for_each(|(index, entry)| add("hcp_terraform", index, one(hcp_terraform::statement(entry, home))));
    known(oidc).enumerate().for_each(|(index, entry)| add("oidc", index, one(oidc::statement(entry, home))));
    all
}

/// One document of the statements of all entries.
fn joined(entries: impl IntoIterator<Item = Vec<Statement>>) -> Document {
    Document::new(share::share(entries.into_iter().flatten().collect()))
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

/// The known texts of a set.
fn texts(set: &Attr<Set<String>>) -> impl Iterator<Item = &String> {
    set.known().into_iter().flat_map(|set| &set.0).filter_map(Attr::known)
}

/// Whether a set, or a text in it, is not known yet.
fn has_unknown(set: &Attr<Set<String>>) -> bool {
    set.is_unknown() || set.known().is_some_and(|set| set.0.iter().any(Attr::is_unknown))
}

fn set_of(texts: impl IntoIterator<Item = String>) -> Attr<Set<String>> {
    Attr::Known(Set(texts.into_iter().map(Attr::Known).collect()))
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
mod door;
#[cfg(test)]
mod tests;
