//! Trust in the jobs of GitHub Actions on github.com.
//!
//! Source: GitHub Docs, "OpenID Connect reference", "Configuring OpenID Connect in Amazon Web Services"; IAM user
//! guide, "Available keys for AWS web identity federation".

mod read_back;
mod subject;

pub(super) use read_back::read;
pub use subject::{Repository, Trigger};

use super::token::{AUDIENCE, Holders, SUBJECT, audience, is_pattern, no_variable};
use super::{git_ref, texts};
use crate::home::Home;
use iam_policy::Statement;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Set, optional, required};

/// Where GitHub's tokens come from.
const ISSUER: &str = "token.actions.githubusercontent.com";

const REPOSITORY_ID: &str = "repository_id";
const OWNER_ID: &str = "repository_owner_id";
const WORKFLOW_REF: &str = "job_workflow_ref";

object! {
    /// Jobs of one repository on github.com.
    pub struct GithubTrust {
        /// The repository, as `acme/infra-live`: exactly as GitHub spells it, upper and lower case included, and without wildcards. With the IDs of owner and repository, as `acme@1234/infra-live@5678`, only subjects of the form with IDs match; repositories have them that were created, renamed or transferred since July 15, 2026, or that opted in.
        pub repository: String = required().check(repository),
        /// ID of the repository, a number that is never given again, unlike a name. A token must carry it. With `owner_id`, subjects of both forms match, those without IDs and those with them, so that a repository can move from one to the other; still only with these IDs.
        pub repository_id: String = optional().check(id),
        /// ID of the organization or user that owns the repository. A token must carry it, so that whoever gets the name after the owner gave it up is not trusted.
        pub owner_id: String = optional().check(id),
        /// Branches, such as `main`; `*` and `?` are wildcards, and whoever can push may make a branch that matches a pattern. Workflows on `pull_request_target` and `workflow_run` run for a branch of the repository although a pull request may have caused them, so they must never run its code.
        pub branches: Set<String> = optional().check_each(git_ref::branch),
        /// Tags, such as `v*`; `*` and `?` are wildcards. Protect them by a ruleset, since otherwise whoever can push may create one on any commit.
        pub tags: Set<String> = optional().check_each(git_ref::tag),
        /// Environments of GitHub, such as `production`; `*` and `?` are wildcards. The subject says nothing of the branch, and a pull request may name the environment as well: limit the environment to protected branches, or require reviewers, in GitHub. An environment that does not exist is made by the job that names it, without protection.
        pub environments: Set<String> = optional().check_each(git_ref::environment),
        /// Whether jobs for pull requests may assume the role: code that nobody has reviewed. For a planner.
        pub pull_requests: bool = optional(),
        /// Workflow files of which the job must be, as `acme/infra-live/.github/workflows/apply.yml@refs/heads/main`, besides all else; `*` and `?` are wildcards after the name of the repository. For a reusable workflow it is the called file. The ref says which version of the file runs, and not which branch it was started for.
        pub workflow_refs: Set<String> = optional().check_each(workflow_ref),
        /// Audience of the token. Defaults to `sts.amazonaws.com`, and in China to `sts.amazonaws.com.cn`: what `aws-actions/configure-aws-credentials` asks for.
        pub audience: String = optional().check(audience),
    }
}

fn repository(text: &str) -> Result<(), String> {
    Repository::parse(text).map(drop)
}

/// An ID of GitHub.
fn id(text: &str) -> Result<(), String> {
    match !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(()),
        false => Err(format!(
            "An ID of GitHub is a number, as `gh api repos/acme/infra-live --jq '.id, .owner.id'` shows those of repository \
             and owner; found {text:?}."
        )),
    }
}

fn workflow_ref(text: &str) -> Result<(), String> {
    let wrong = |reason: &str| {
        Err(format!(
            "A workflow is written as `acme/infra-live/.github/workflows/apply.yml@refs/heads/main`; {text:?} {reason}."
        ))
    };
    no_variable("A workflow", text)?;
    let mut parts = text.splitn(3, '/');
    let (Some(owner), Some(name), Some(file)) = (parts.next(), parts.next(), parts.next()) else {
        return wrong("does not name repository and file");
    };
    match file.rsplit_once('@') {
        _ if Repository::parse(&format!("{owner}/{name}")).is_err() => {
            wrong("does not begin with a repository")
        }
        None => wrong("has no ref: any version of the file is `@*`"),
        Some((file, at)) if file.trim_matches(['*', '?']).is_empty() || at.is_empty() => {
            wrong("does not name a file and a ref")
        }
        Some(_) => Ok(()),
    }
}

/// What a job may run for.
fn triggers(entry: &GithubTrust) -> Vec<Trigger> {
    let branches = texts(&entry.branches).cloned().map(Trigger::Branch);
    let tags = texts(&entry.tags).cloned().map(Trigger::Tag);
    let environments = texts(&entry.environments).cloned().map(Trigger::Environment);
    let pull_requests = (entry.pull_requests.known() == Some(&true)).then_some(Trigger::PullRequest);
    branches.chain(tags).chain(environments).chain(pull_requests).collect()
}

pub(super) fn validate(entry: &GithubTrust, path: &Path, found: &mut Diagnostics) {
    let repository = entry.repository.known().map(String::as_str).unwrap_or_default();
    let sets = [&entry.branches, &entry.tags, &entry.environments];
    let is_unknown = entry.pull_requests.is_unknown() || sets.into_iter().any(super::has_unknown);
    if !is_unknown && triggers(entry).is_empty() {
        let detail = format!(
            "The entry names the repository {repository:?} and nothing of it. That is not taken for everything, since whoever \
             can push a branch or open a pull request would get the role. Add what may assume it: `branches = [\"main\"]`, \
             `environments = [\"production\"]`, `tags = [\"v*\"]`, or, for a planner, `pull_requests = true`."
        );
        found.push(Diagnostic::error("Nothing of the repository is trusted", detail).at(path.clone()));
    }
    let has_ids = Repository::parse(repository).is_ok_and(|repository| repository.has_ids());
    for (argument, id) in [("repository_id", &entry.repository_id), ("owner_id", &entry.owner_id)] {
        if has_ids && !id.is_null() {
            let detail = format!(
                "`repository` has the IDs already: {repository:?} matches only subjects with them. Leave `{argument}` out; or \
                 write `repository` without IDs, for subjects with IDs and without."
            );
            found.push(Diagnostic::error("IDs are given twice", detail).at(path.join(argument)));
        }
    }
    let (given, missing) = match (entry.repository_id.is_null(), entry.owner_id.is_null()) {
        (false, true) => ("repository_id", "owner_id"),
        (true, false) => ("owner_id", "repository_id"),
        _ => return,
    };
    if !has_ids {
        let detail = format!(
            "`{given}` is given and `{missing}` is not, so that only subjects without IDs match. Repositories that were \
             created, renamed or transferred since July 15, 2026, or that opted in, have both IDs in their subjects, and \
             their jobs would be refused. Give `{missing}` too, and subjects of both forms match."
        );
        found.push(Diagnostic::warning("Subjects with IDs do not match", detail).at(path.join(given)));
    }
}

pub(super) fn statement(entry: &GithubTrust, home: Home<'_>) -> Statement {
    let audience = entry.audience.known().map_or_else(|| default_audience(home), String::as_str);
    let mut claims = vec![(AUDIENCE, vec![audience.to_owned()]), (SUBJECT, subjects(entry))];
    for (claim, id) in [(REPOSITORY_ID, &entry.repository_id), (OWNER_ID, &entry.owner_id)] {
        claims.extend(id.known().map(|id| (claim, vec![id.clone()])));
    }
    let workflows: Vec<String> = texts(&entry.workflow_refs).cloned().collect();
    if !workflows.is_empty() {
        claims.push((WORKFLOW_REF, workflows));
    }
    Holders { issuer: ISSUER, claims }.statement(home)
}

/// The subjects of every form that the repository may have.
fn subjects(entry: &GithubTrust) -> Vec<String> {
    let written = entry.repository.known().and_then(|text| Repository::parse(text).ok());
    let with_ids = match (&written, &entry.owner_id, &entry.repository_id) {
        (Some(repository), Attr::Known(owner), Attr::Known(id)) => Some(repository.with_ids(owner, id)),
        _ => None,
    };
    let triggers = triggers(entry);
    let forms = written.into_iter().chain(with_ids);
    forms.flat_map(|form| triggers.iter().map(|trigger| form.subject(trigger)).collect::<Vec<_>>()).collect()
}

/// What the action that signs in to AWS asks for.
fn default_audience(home: Home<'_>) -> &'static str {
    if home.partition == "aws-cn" { "sts.amazonaws.com.cn" } else { "sts.amazonaws.com" }
}

pub(super) fn summary(entry: &GithubTrust) -> String {
    let repository = entry.repository.known().map(String::as_str).unwrap_or_default();
    let mut trusted = Vec::new();
    for (what, names) in
        [("branch", &entry.branches), ("tag", &entry.tags), ("environment", &entry.environments)]
    {
        trusted.extend(texts(names).map(|name| match is_pattern(name) {
            true => format!("every {what} {name}"),
            false => format!("{what} {name}"),
        }));
    }
    trusted.extend((entry.pull_requests.known() == Some(&true)).then(|| "pull requests".to_owned()));
    let ids = [("repository", &entry.repository_id), ("owner", &entry.owner_id)];
    let ids = ids.into_iter().filter_map(|(what, id)| id.known().map(|id| format!("{what} ID {id}")));
    let needed: Vec<String> =
        ids.chain(texts(&entry.workflow_refs).map(|file| format!("workflow {file}"))).collect();
    let needed = if needed.is_empty() { String::new() } else { format!("; needs {}", needed.join(", ")) };
    format!("GitHub repository {repository}: {}{needed}", trusted.join(", "))
}

/// Changes every known text of a set.
fn each_text(set: &Attr<Set<String>>, change: impl Fn(&String) -> String) -> Attr<Set<String>> {
    let changed = |set: &Set<String>| {
        let mut all: Vec<Attr<String>> = Vec::new();
        for text in set.0.iter().map(|text| text.as_ref().map(&change)) {
            if !all.contains(&text) {
                all.push(text);
            }
        }
        Set(all)
    };
    set.as_ref().map(changed)
}

/// The same repository for code that nobody has reviewed.
pub(super) fn widened(entry: &GithubTrust) -> GithubTrust {
    let any_ref = |file: &String| match file.rsplit_once('@') {
        Some((file, _)) => format!("{file}@*"),
        None => file.clone(),
    };
    GithubTrust {
        branches: super::set_of(["*".to_owned()]),
        pull_requests: Attr::Known(true),
        workflow_refs: each_text(&entry.workflow_refs, any_ref),
        ..entry.clone()
    }
}

#[cfg(test)]
mod tests;
