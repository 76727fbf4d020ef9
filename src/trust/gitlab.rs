//! Trust in the jobs of GitLab, on gitlab.com and on hosts of one's own.
//!
//! Source: GitLab Docs, "OpenID Connect (OIDC) authentication using ID tokens", "Connect to cloud services", "Configure
//! OpenID Connect in AWS to retrieve temporary credentials", "Merge request pipelines".

use super::token::{AUDIENCE, Claims, Holders, SUBJECT, audience, is_pattern};
use super::{git_ref, issuer, set_of, texts};
use crate::home::Home;
use iam_policy::Statement;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Set, optional, required};

/// Where GitLab's own offering is.
const HOST: &str = "gitlab.com";

object! {
    /// Jobs of one project of GitLab.
    pub struct GitlabTrust {
        /// Host of the GitLab instance that issues the tokens, such as `gitlab.example.com`. Defaults to `gitlab.com`.
        pub host: String = optional().check(host),
        /// Path of the project with all its groups, such as `acme/platform/infra-live`: exactly as GitLab spells it, and without wildcards.
        pub project: String = required().check(project),
        /// Branches, such as `main`; `*` and `?` are wildcards, and whoever can push may make a branch that matches a pattern. A merge request's pipeline has its source branch in the subject, so protect the branches that are trusted.
        pub branches: Set<String> = optional().check_each(git_ref::branch),
        /// Tags, such as `v*`; `*` and `?` are wildcards. Protect them in GitLab, since otherwise whoever can push may create one on any commit.
        pub tags: Set<String> = optional().check_each(git_ref::tag),
        /// Environments, by subjects of the form `project_path:<project>:environment:<name>`; `*` and `?` are wildcards. GitLab's subjects name no environment unless the project's `ci_id_token_sub_claim_components` say so, and GitLab.com offers no such component: until it does, no token matches. Protected branches do what an environment would.
        pub environments: Set<String> = optional().check_each(git_ref::environment),
        /// Whether jobs for merge requests of the project's own branches may assume the role: code that nobody has reviewed. Their subject is that of the source branch, so this trusts every branch. Those of forks have the fork's project in the subject and are not trusted. For a planner.
        pub merge_requests: bool = optional(),
        /// Audience of the token, as the job asks for it under `id_tokens`. Defaults to the address of the instance, such as `https://gitlab.com`, as in GitLab's own instructions.
        pub audience: String = optional().check(audience),
    }
}

fn host(text: &str) -> Result<(), String> {
    match text.contains("://") {
        true => {
            Err(format!("A host is written without the scheme, as `gitlab.example.com`; found {text:?}."))
        }
        false => issuer::check(text),
    }
}

fn project(text: &str) -> Result<(), String> {
    let allowed = |one: char| one.is_ascii_alphanumeric() || "_-.".contains(one);
    let is_part = |part: &str| !part.is_empty() && part.chars().all(allowed);
    match text.contains('/') && text.split('/').all(is_part) {
        true => Ok(()),
        false => Err(format!(
            "A project is written with its groups, as `acme/infra-live`: letters, digits and `_-.` between slashes, and no \
             wildcards, which would let in projects that nobody has named. Found {text:?}."
        )),
    }
}

fn project_of(entry: &GitlabTrust) -> &str {
    entry.project.known().map(String::as_str).unwrap_or_default()
}

fn host_of(entry: &GitlabTrust) -> &str {
    entry.host.known().map_or(HOST, String::as_str)
}

fn takes_merge_requests(entry: &GitlabTrust) -> bool {
    entry.merge_requests.known() == Some(&true)
}

fn subjects(entry: &GitlabTrust) -> Vec<String> {
    let project = project_of(entry);
    let branches =
        texts(&entry.branches).map(String::as_str).chain(takes_merge_requests(entry).then_some("*"));
    let branches = branches.map(|name| format!("project_path:{project}:ref_type:branch:ref:{name}"));
    let tags = texts(&entry.tags).map(|name| format!("project_path:{project}:ref_type:tag:ref:{name}"));
    let environments =
        texts(&entry.environments).map(|name| format!("project_path:{project}:environment:{name}"));
    branches.chain(tags).chain(environments).collect()
}

pub(super) fn validate(entry: &GitlabTrust, path: &Path, found: &mut Diagnostics) {
    let sets = [&entry.branches, &entry.tags, &entry.environments];
    let is_unknown = entry.merge_requests.is_unknown() || sets.into_iter().any(super::has_unknown);
    if !is_unknown && subjects(entry).is_empty() {
        let detail = format!(
            "The entry names the project {:?} and nothing of it. That is not taken for everything, since whoever can push a \
             branch would get the role. Add what may assume it: `branches = [\"main\"]`, `tags = [\"v*\"]`, or, for a planner, \
             `merge_requests = true`.",
            project_of(entry)
        );
        found.push(Diagnostic::error("Nothing of the project is trusted", detail).at(path.clone()));
    }
    if let Some(name) = texts(&entry.environments).next() {
        let detail = format!(
            "No token of GitLab.com matches the environment {name:?}: its subjects name project and ref only, and AWS looks at \
             no other claim. The entry lets nobody in too many, but perhaps nobody at all. Trust a protected branch instead: \
             `branches = [\"main\"]`."
        );
        found.push(
            Diagnostic::warning("GitLab's subjects name no environment", detail)
                .at(path.join("environments")),
        );
    }
}

pub(super) fn statement(entry: &GitlabTrust, home: Home<'_>) -> Statement {
    let issuer = host_of(entry);
    let audience = entry.audience.known().cloned().unwrap_or_else(|| default_audience(issuer));
    let claims = vec![(AUDIENCE, vec![audience]), (SUBJECT, subjects(entry))];
    Holders { issuer, claims }.statement(home)
}

fn default_audience(host: &str) -> String {
    format!("https://{host}")
}

pub(super) fn summary(entry: &GitlabTrust) -> String {
    let mut trusted = Vec::new();
    for (what, names) in
        [("branch", &entry.branches), ("tag", &entry.tags), ("environment", &entry.environments)]
    {
        trusted.extend(texts(names).map(|name| match is_pattern(name) {
            true => format!("every {what} {name}"),
            false => format!("{what} {name}"),
        }));
    }
    trusted.extend(takes_merge_requests(entry).then(|| "merge requests, which is every branch".to_owned()));
    format!("GitLab project {} on {}: {}", project_of(entry), host_of(entry), trusted.join(", "))
}

/// The same project for code that nobody has reviewed.
pub(super) fn widened(entry: &GitlabTrust) -> GitlabTrust {
    GitlabTrust { branches: set_of(["*".to_owned()]), merge_requests: Attr::Known(true), ..entry.clone() }
}

/// An entry for each project; nothing where the claims say what entries cannot.
pub(super) fn read(claims: &Claims) -> Option<Vec<GitlabTrust>> {
    if !claims.are_among(&[AUDIENCE, SUBJECT]) {
        return None;
    }
    let mut entries: Vec<GitlabTrust> = Vec::new();
    for subject in claims.values(SUBJECT) {
        let (path, tail) = subject.strip_prefix("project_path:")?.split_once(':')?;
        project(path).ok()?;
        let index = entries.iter().position(|entry| project_of(entry) == path);
        let index = index.unwrap_or_else(|| {
            let host = if claims.issuer == HOST { Attr::Null } else { Attr::Known(claims.issuer.clone()) };
            entries.push(GitlabTrust {
                host,
                project: Attr::Known(path.to_owned()),
                ..GitlabTrust::default()
            });
            entries.len() - 1
        });
        let entry = entries.get_mut(index)?;
        let (names, name) = if let Some(name) = tail.strip_prefix("ref_type:branch:ref:") {
            (&mut entry.branches, name)
        } else if let Some(name) = tail.strip_prefix("ref_type:tag:ref:") {
            (&mut entry.tags, name)
        } else {
            (&mut entry.environments, tail.strip_prefix("environment:")?)
        };
        *names = set_of(texts(names).cloned().chain([name.to_owned()]).collect::<Vec<_>>());
        entry.audience = claims.audience(&default_audience(&claims.issuer))?;
    }
    Some(entries)
}

#[cfg(test)]
mod tests;
