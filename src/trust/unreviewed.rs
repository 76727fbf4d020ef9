//! Whether a trust policy lets in code that nobody has reviewed: pull requests, any branch or tag, the planning phase of
//! a run, whatever repository somebody makes next.
//!
//! Owns what counts as reviewed. A branch, a tag and an environment that are named count where the repository is named
//! too: its rules protect them, or nothing does. A workflow that is named does not: any branch can call it, and it runs on
//! the code of that branch. Nothing is said of AWS principals: what they run is not in the policy.
//!
//! Sources: GitHub Docs, "OpenID Connect reference"; GitLab Docs, "ID tokens"; HCP Terraform Docs, "Workload identity";
//! Buildkite Docs, "OpenID Connect in Buildkite Pipelines"; CircleCI Docs, "OpenID Connect tokens"; Spacelift Docs,
//! "OpenID Connect"; Bitbucket Support, "Integrate Pipelines with resource servers using OIDC".

mod source;

use super::entrance::{Compared, Entrance, Hold, Who, entrances, ways};
use super::issuers::Family;
use iam_policy::pattern::{Search, find};
use iam_policy::{Context, Document, Pattern};
use source::{BRANCH, EITHER, MadeFor, NAME, NEW_REPOSITORY, SOURCES, chosen_by_the_creator};

/// A way in for code that nobody has reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreviewed {
    /// The statement's place in the document, from 0.
    pub statement: usize,
    /// The pattern of subjects that lets it in, `*` if the statement looks at no subject.
    pub pattern: String,
    /// The subject of a token that gets in.
    pub subject: String,
    /// What has such a token, such as `a pull request`.
    pub holder: &'static str,
}

/// The pattern of subjects by which the policy lets in such code, `*` if it looks at no subject at all.
#[must_use]
pub fn unreviewed_subject(trust: &Document) -> Option<String> {
    entrances(trust).iter().find_map(through).map(|found| found.pattern)
}

/// How such code comes in by this entrance, if it does.
#[must_use]
pub fn through(entrance: &Entrance<'_>) -> Option<Unreviewed> {
    let Who::Issuer(issuer) = entrance.who else { return None };
    let sub = entrance.claim("sub");
    let ways = ways(entrance, &sub);
    match entrance.hold(&sub, Family::Other.stranger()) {
        Hold::Bound => {
            let by_any = |way: &Vec<Compared>| {
                let asked = Asked { entrance, issuer, way, has_subject: true };
                asked.by_source().or_else(|| asked.by_either()).or_else(|| by_creator(entrance, way))
            };
            ways.iter().find_map(by_any)
        }
        // Where any subject will do, only other claims can keep unreviewed code out. A condition that does not mind a
        // missing subject is not relied on, though tokens have one.
        hold => {
            let asked = Asked { entrance, issuer, way: &[], has_subject: hold != Hold::Skippable };
            asked.by_source().or_else(|| asked.by_either()).or_else(|| asked.by_new_repository())
        }
    }
}

/// One way to meet the conditions on the subject.
struct Asked<'a> {
    entrance: &'a Entrance<'a>,
    issuer: &'a str,
    way: &'a [Compared],
    /// Whether the tokens that are tried have a subject.
    has_subject: bool,
}

impl Asked<'_> {
    /// As the policy has it, `*` if it looks at no subject.
    fn pattern(&self) -> &str {
        self.way.first().map_or("*", |widest| &widest.text)
    }

    fn family(&self) -> Family {
        Family::of(self.issuer, if self.way.is_empty() { "" } else { self.pattern() })
    }

    fn found(&self, subject: String, holder: &'static str) -> Unreviewed {
        Unreviewed { statement: self.entrance.index, pattern: self.pattern().to_owned(), subject, holder }
    }

    /// By one of the kinds of unreviewed code that there are.
    fn by_source(&self) -> Option<Unreviewed> {
        let family = self.family();
        if family == Family::Other && self.way.first().is_some_and(|widest| !widest.fixed().0.is_empty()) {
            // Of what subjects of that beginning stand for nothing is known.
            return None;
        }
        SOURCES.iter().filter(|source| source.is_of(family)).find_map(|source| {
            let claims = match source.made_for {
                MadeFor::Ref(_) | MadeFor::AnyBranch => vec![Vec::new()],
                MadeFor::RefOfSubject => self.as_subjects("ref"),
                MadeFor::EnvironmentOfSubject => self.as_subjects("environment"),
            };
            claims.iter().find_map(|claim| {
                let is =
                    source.is.iter().map(|text| Pattern::new(text)).chain(claim.iter().cloned()).collect();
                match self.subject(is, source.is_not, source.reads) {
                    Search::Found(subject) => {
                        let token = self.token(&subject, source.made_for);
                        self.lets_in(&token).then(|| self.found(subject, source.holder))
                    }
                    // What takes too long to tell is nothing to rely on.
                    Search::TooHard => Some(self.found(source.reads.replace("?*", NAME), source.holder)),
                    Search::Empty => None,
                }
            })
        })
    }

    /// By a tag, where a pattern takes branches and tags of a name alike.
    fn by_either(&self) -> Option<Unreviewed> {
        let family = self.family();
        let (_, [branch, tag], holder) = EITHER.iter().find(|(of, ..)| *of == family)?;
        self.as_subjects("ref").iter().find_map(|claim| {
            let is = |kind: &str| std::iter::once(Pattern::new(kind)).chain(claim.iter().cloned()).collect();
            let none = &["*:ref:*:ref:*", "*:environment:*"];
            let Search::Found(_) = self.subject(is(branch), none, branch) else { return None };
            let Search::Found(subject) = self.subject(is(tag), none, tag) else { return None };
            let token = self.token(&subject, MadeFor::RefOfSubject);
            self.lets_in(&token).then(|| self.found(subject, holder))
        })
    }

    /// By a repository that nobody has named, where no subject is asked for.
    fn by_new_repository(&self) -> Option<Unreviewed> {
        let (subject, holder) = NEW_REPOSITORY;
        let token = created(self.entrance, subject);
        let lets_in = self.family() == Family::GitHub && self.lets_in(&token);
        lets_in.then(|| self.found(subject.to_owned(), holder))
    }

    /// What the conditions on a claim ask for, as patterns of the subjects that have its value; each way to meet them.
    fn as_subjects(&self, claim: &str) -> Vec<Vec<Pattern>> {
        let asked = ways(self.entrance, &self.entrance.claim(claim));
        if asked.is_empty() {
            return vec![Vec::new()];
        }
        let of_subject = |value: &Compared| Pattern::new(&format!("*:{claim}:{}", value.text));
        asked.iter().map(|way| way.iter().map(of_subject).collect()).collect()
    }

    /// A subject that all patterns match and none of the others, rather one that reads like a real one.
    fn subject(&self, is: Vec<Pattern>, is_not: &[&str], reads: &str) -> Search {
        let is_not: Vec<Pattern> = is_not.iter().map(|text| Pattern::new(text)).collect();
        let none: Vec<&Pattern> = is_not.iter().collect();
        let all: Vec<&Pattern> = self.way.iter().map(|value| &value.pattern).chain(&is).collect();
        let reads = Pattern::new(reads);
        match find(&all.iter().copied().chain([&reads]).collect::<Vec<_>>(), &none) {
            Search::Found(text) => Search::Found(text),
            Search::Empty | Search::TooHard => find(&all, &none),
        }
    }

    /// A token. Of the claims beside the subject, those that it is made for are as that makes them, and the rest may be
    /// anything, the workflow too: a reusable one is called from any ref.
    fn token(&self, subject: &str, made_for: MadeFor) -> Context {
        let behind = |mark: &str| {
            let rest = subject.split_once(mark).map_or("", |(_, rest)| rest);
            rest.split(':').next().unwrap_or_default().to_owned()
        };
        let (git_ref, environment) = match made_for {
            MadeFor::Ref(git_ref) => (git_ref.to_owned(), None),
            MadeFor::AnyBranch => (self.any_branch(), None),
            MadeFor::RefOfSubject => (behind(":ref:"), None),
            MadeFor::EnvironmentOfSubject => {
                let git_ref = Some(behind(":ref:")).filter(|git_ref| !git_ref.is_empty());
                (git_ref.unwrap_or_else(|| self.any_branch()), Some(behind(":environment:")))
            }
        };
        let claim = |name: &str| self.entrance.claim(name);
        let token = Context::partial().with(&claim("sub"), [subject]).with(&claim("ref"), [git_ref]);
        match environment {
            Some(environment) => token.with(&claim("environment"), [environment]),
            None => token.without(&claim("environment")),
        }
    }

    /// A branch that nobody has named and that the conditions on the ref take, if there is one.
    fn any_branch(&self) -> String {
        let named_by_the_pusher = Pattern::new(&format!("refs/heads/*{NAME}*"));
        let fitting = |way: &Vec<Compared>| {
            let all = way.iter().map(|value| &value.pattern).chain([&named_by_the_pusher]);
            match find(&all.collect::<Vec<_>>(), &[]) {
                Search::Found(git_ref) => Some(git_ref),
                Search::Empty | Search::TooHard => None,
            }
        };
        let asked = ways(self.entrance, &self.entrance.claim("ref"));
        asked.iter().find_map(fitting).unwrap_or_else(|| BRANCH.to_owned())
    }

    /// Whether the statement lets in a token.
    fn lets_in(&self, token: &Context) -> bool {
        let sub = self.entrance.claim("sub");
        let token = if self.has_subject { token.clone() } else { token.clone().without(&sub) };
        self.entrance.admits(&self.entrance.token_holder(), &token)
    }
}

/// Where the name of the repository or workspace is a pattern, whoever may create one chooses a name that matches.
fn by_creator(entrance: &Entrance<'_>, way: &[Compared]) -> Option<Unreviewed> {
    let Who::Issuer(issuer) = entrance.who else { return None };
    way.iter().find_map(|value| {
        let chosen = chosen_by_the_creator(Family::of(issuer, &value.text), value)?;
        let matches = way.iter().all(|other| other.pattern.matches(&chosen.subject));
        let token = created(entrance, &chosen.subject);
        let lets_in = matches && entrance.admits(&entrance.token_holder(), &token);
        lets_in.then(|| Unreviewed {
            statement: entrance.index,
            pattern: value.text.clone(),
            subject: chosen.subject,
            holder: chosen.holder,
        })
    })
}

/// Claims that say which code it is.
const NAMES_CODE: &[&str] = &["repository", "repository_id", "oidc.circleci.com/project-id"];

/// A token of a repository that did not exist when the policy was written. Its owner is the one that the policy has in
/// mind, and it has every branch and environment that its creator likes.
fn created(entrance: &Entrance<'_>, subject: &str) -> Context {
    let token = Context::partial().with(&entrance.claim("sub"), [subject]);
    // A claim that a pattern asks for may be one of those that match.
    let is_named = |way: &Vec<Compared>| way.iter().any(|value| value.pattern.as_literal().is_some());
    NAMES_CODE.iter().map(|name| entrance.claim(name)).fold(token, |token, claim| {
        let is_bound = ways(entrance, &claim).iter().all(is_named);
        if is_bound { token.with(&claim, [NAME]) } else { token }
    })
}

#[cfg(test)]
mod tests;
