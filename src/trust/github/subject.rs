//! The subject of GitHub's tokens: repository and what the job runs for, written and read.
//!
//! Source: GitHub Docs, "OpenID Connect reference" (default subjects) and "OpenID Connect" (subjects with IDs, which
//! repositories have that were made, renamed or transferred since July 15, 2026, or that chose them).

use crate::trust::git_ref;

/// A repository as subjects name it, with the IDs of owner and repository or without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    owner: String,
    name: String,
    /// Of owner and repository.
    ids: Option<(String, String)>,
}

impl Repository {
    /// Reads `owner/name` or `owner@id/name@id`.
    ///
    /// # Errors
    /// It is neither, or has what no name has; wildcards among it, for a name is compared as it stands.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |reason: &str| {
            Err(format!(
                "A repository is written as `acme/infra-live`, or with the IDs of owner and repository as \
                 `acme@1234/infra-live@5678`; {text:?} {reason}."
            ))
        };
        if text.contains(['*', '?']) {
            return wrong(
                "has a wildcard, which would let in repositories that nobody has named. Give each its entry",
            );
        }
        if text.contains(':') {
            return wrong("is a URL or has more than the name. Leave out what is not owner and name");
        }
        // GitHub takes `.git` off every name that it is given.
        if text.ends_with(".git") {
            return wrong("ends with `.git`, as the address of a clone does and no name. Leave it out");
        }
        let Some((owner, name)) = text.split_once('/') else { return wrong("has no owner") };
        let (Ok((owner, owner_id)), Ok((name, id))) = (part(owner, "_-"), part(name, "_-.")) else {
            return wrong("has a character or an ID that no repository has");
        };
        let ids = match (owner_id, id) {
            (None, None) => None,
            (Some(owner), Some(repository)) => Some((owner.to_owned(), repository.to_owned())),
            _ => return wrong("has one ID of two"),
        };
        Ok(Self { owner: owner.to_owned(), name: name.to_owned(), ids })
    }

    /// Whether this is the form with IDs.
    #[must_use]
    pub fn has_ids(&self) -> bool {
        self.ids.is_some()
    }

    /// The same repository with these IDs of owner and repository.
    #[must_use]
    pub fn with_ids(&self, owner_id: &str, repository_id: &str) -> Self {
        Self { ids: Some((owner_id.to_owned(), repository_id.to_owned())), ..self.clone() }
    }

    /// The subject of a job of this repository.
    #[must_use]
    pub fn subject(&self, trigger: &Trigger) -> String {
        format!("repo:{self}:{}", trigger.tail())
    }
}

impl std::fmt::Display for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { owner, name, ids } = self;
        match ids {
            None => write!(f, "{owner}/{name}"),
            Some((owner_id, id)) => write!(f, "{owner}@{owner_id}/{name}@{id}"),
        }
    }
}

/// One half of a repository: a name and its ID.
fn part<'a>(text: &'a str, also: &str) -> Result<(&'a str, Option<&'a str>), ()> {
    let (name, id) = match text.split_once('@') {
        Some((name, id)) => (name, Some(id)),
        None => (text, None),
    };
    let is_name =
        !name.is_empty() && name.chars().all(|one| one.is_ascii_alphanumeric() || also.contains(one));
    match is_name && id.is_none_or(|id| super::id(id).is_ok()) {
        true => Ok((name, id)),
        false => Err(()),
    }
}

/// What a job runs for, as its subject says; names may be patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A branch, without an environment.
    Branch(String),
    /// A tag, without an environment.
    Tag(String),
    /// An environment, whatever branch or pull request the job runs for.
    Environment(String),
    /// A pull request, without an environment.
    PullRequest,
}

impl Trigger {
    /// The words for the kinds.
    pub const KINDS: [&'static str; 4] = ["branch", "tag", "environment", "pull_request"];

    /// A trigger from the word for its kind and a name, which a pull request does not have.
    ///
    /// # Errors
    /// There is no such kind, the name is missing or too much, or it is no name of that kind.
    pub fn new(kind: &str, name: Option<&str>) -> Result<Self, String> {
        let named = |check: fn(&str) -> Result<(), String>, trigger: fn(String) -> Self| match name {
            Some(name) => check(name).map(|()| trigger(name.to_owned())),
            None => Err(format!("Which {kind}? Give its name after `\"{kind}\"`.")),
        };
        match (kind, name) {
            ("branch", _) => named(git_ref::branch, Self::Branch),
            ("tag", _) => named(git_ref::tag, Self::Tag),
            ("environment", _) => named(git_ref::environment, Self::Environment),
            ("pull_request", None) => Ok(Self::PullRequest),
            ("pull_request", Some(_)) => {
                Err("GitHub's subjects do not say which pull request. Leave the name out.".to_owned())
            }
            _ => Err(format!("{kind:?} is none of `branch`, `tag`, `environment` and `pull_request`.")),
        }
    }

    fn tail(&self) -> String {
        match self {
            Self::Branch(name) => format!("ref:refs/heads/{name}"),
            Self::Tag(name) => format!("ref:refs/tags/{name}"),
            // A colon parts the claims of a subject, so GitHub writes those of a name otherwise.
            Self::Environment(name) => format!("environment:{}", name.replace(':', "%3A")),
            Self::PullRequest => "pull_request".to_owned(),
        }
    }

    fn of_tail(tail: &str) -> Option<Self> {
        let is = |prefix| tail.strip_prefix(prefix).map(str::to_owned);
        let environment = || is("environment:").map(|name| Self::Environment(name.replace("%3A", ":")));
        is("ref:refs/heads/")
            .map(Self::Branch)
            .or_else(|| is("ref:refs/tags/").map(Self::Tag))
            .or_else(environment)
            .or_else(|| (tail == "pull_request").then_some(Self::PullRequest))
            .filter(|trigger| trigger.tail() == tail)
    }
}

/// The repository and the trigger of a subject, if it has the form of GitHub's default ones.
pub(super) fn parse(subject: &str) -> Option<(Repository, Trigger)> {
    let (repository, tail) = subject.strip_prefix("repo:")?.split_once(':')?;
    Some((Repository::parse(repository).ok()?, Trigger::of_tail(tail)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_says_the_repository_and_what_the_job_runs_for() {
        let repository = Repository::parse("acme/infra-live").unwrap();
        for (kind, name, subject) in [
            ("branch", Some("main"), "repo:acme/infra-live:ref:refs/heads/main"),
            ("tag", Some("v*"), "repo:acme/infra-live:ref:refs/tags/v*"),
            ("environment", Some("prod"), "repo:acme/infra-live:environment:prod"),
            ("pull_request", None, "repo:acme/infra-live:pull_request"),
        ] {
            let trigger = Trigger::new(kind, name).unwrap();
            assert_eq!(repository.subject(&trigger), subject);
            assert_eq!(parse(subject), Some((repository.clone(), trigger)));
        }
    }

    #[test]
    fn the_colons_of_an_environments_name_are_percent_encoded() {
        let trigger = Trigger::new("environment", Some("prod:eu")).unwrap();
        let subject = Repository::parse("acme/infra").unwrap().subject(&trigger);
        assert_eq!(subject, "repo:acme/infra:environment:prod%3Aeu");
        assert_eq!(parse(&subject).unwrap().1, trigger);
    }

    #[test]
    fn ids_stand_behind_the_names_that_they_belong_to() {
        let repository = Repository::parse("acme/infra").unwrap().with_ids("12", "34");
        assert_eq!(repository.subject(&Trigger::PullRequest), "repo:acme@12/infra@34:pull_request");
        assert_eq!(Repository::parse("acme@12/infra@34"), Ok(repository));
    }

    #[test]
    fn a_repository_is_one_and_never_a_pattern() {
        let wrong = [
            "acme",
            "acme/infra.git",
            "acme/*",
            "*/infra",
            "acme/in?ra",
            "acme/",
            "/infra",
            "acme/infra/x",
            "acme@1/infra",
            "acme@x/infra@y",
            "https://github.com/acme/infra",
            "acme/infra:ref",
            "acme/${aws:username}",
            "",
        ];
        for text in wrong {
            assert!(Repository::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_default_subject_is_not_read() {
        for subject in [
            "repo:acme/infra:*",
            "repo:acme/*:pull_request",
            "repo:acme/infra:ref:refs/pull/1/merge",
            "repo:acme/infra:environment:a:b",
            "project_path:acme/infra:pull_request",
        ] {
            assert_eq!(parse(subject), None, "{subject}");
        }
    }
}
