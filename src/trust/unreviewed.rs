//! Whether a trust policy lets in code that nobody has reviewed: pull requests, any branch or tag, the planning phase of
//! a run, whatever repository somebody makes next.
//!
//! Owns what counts as reviewed. A branch, a tag and an environment that are named count where the repository is named too:
//! its rules protect them, or nothing does. A workflow that is named does not: any branch can call it, and it runs on the code of that
//! branch. Nothing is said of AWS principals: what they run is not in the policy.
//!
//! Sources: GitHub Docs, "OpenID Connect reference"; GitLab Docs, "ID tokens"; HCP Terraform Docs, "Workload identity";
//! Buildkite Docs, "OpenID Connect in Buildkite Pipelines"; CircleCI Docs, "OpenID Connect tokens"; Spacelift Docs,
//! "OpenID Connect"; Bitbucket Support, "Integrate Pipelines with resource servers using OIDC".

mod source;

use super::entrance::{Compared, Entrance, Hold, Who, entrances, ways};
use super::issuers::Family;
use iam_policy::pattern::{Search, find};
use iam_policy::{Context, Document, Pattern};
use source::{NAME, NEW_REPOSITORY, SOURCES, Source, chosen_by_the_creator, chosen_by_the_pusher};

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
    if !matches!(entrance.who, Who::Issuer(_)) {
        return None;
    }
    let sub = entrance.claim("sub");
    let ways = ways(entrance, &sub);
    match entrance.hold(&sub, Family::Other.stranger()) {
        Hold::Bound => {
            let by_any = |way: &Vec<Compared>| {
                by_pusher(entrance, way)
                    .or_else(|| by_source(entrance, way))
                    .or_else(|| by_creator(entrance, way))
            };
            ways.iter().find_map(by_any)
        }
        // A condition that does not mind a missing subject is not relied on, though tokens have one.
        Hold::Skippable => unbound(entrance, |context| context.without(&sub)),
        Hold::None | Hold::Open => unbound(entrance, |context| context),
    }
}

/// Where any subject will do, only other claims can keep unreviewed code out.
fn unbound(entrance: &Entrance<'_>, sent: impl Fn(Context) -> Context) -> Option<Unreviewed> {
    let Who::Issuer(issuer) = entrance.who else { return None };
    let family = Family::of(issuer, "");
    let any = |subject: &str, holder| Unreviewed {
        statement: entrance.index,
        pattern: "*".to_owned(),
        subject: subject.to_owned(),
        holder,
    };
    let source = SOURCES.iter().filter(|source| source.is_of(family)).find(|source| {
        let context = sent(token(entrance, source.example, source.git_ref));
        entrance.admits(&entrance.token_holder(), &context)
    });
    let source = source.map(|source| any(source.example, source.holder));
    source.or_else(|| {
        let (subject, holder) = NEW_REPOSITORY;
        let context = sent(created(entrance, subject));
        let lets_in = family == Family::GitHub && entrance.admits(&entrance.token_holder(), &context);
        lets_in.then(|| any(subject, holder))
    })
}

/// Where the name of a branch or tag is a pattern, whoever can push chooses one that matches.
fn by_pusher(entrance: &Entrance<'_>, way: &[Compared]) -> Option<Unreviewed> {
    way.iter().find_map(|value| {
        let chosen = chosen_by_the_pusher(value)?;
        let matches = way.iter().all(|other| other.pattern.matches(&chosen.subject));
        let lets_in = matches && admits(entrance, &chosen.subject, &chosen.git_ref);
        lets_in.then(|| Unreviewed {
            statement: entrance.index,
            pattern: value.text.clone(),
            subject: chosen.subject,
            holder: chosen.holder,
        })
    })
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

fn by_source(entrance: &Entrance<'_>, way: &[Compared]) -> Option<Unreviewed> {
    let Who::Issuer(issuer) = entrance.who else { return None };
    let widest = way.first()?;
    let family = Family::of(issuer, &widest.text);
    if family == Family::Other && !widest.fixed().0.is_empty() {
        // Of what subjects of that beginning stand for nothing is known.
        return None;
    }
    SOURCES.iter().filter(|source| source.is_of(family)).find_map(|source| {
        let subject = subject(source, way)?;
        admits(entrance, &subject, source.git_ref).then(|| Unreviewed {
            statement: entrance.index,
            pattern: widest.text.clone(),
            subject,
            holder: source.holder,
        })
    })
}

/// A subject of the source that all patterns match.
fn subject(source: &Source, way: &[Compared]) -> Option<String> {
    let of_source = |texts: &[&str]| texts.iter().map(|text| Pattern::new(text)).collect::<Vec<_>>();
    let (is, is_not) = (of_source(source.is), of_source(source.is_not));
    if let Some(exact) = way.iter().find(|value| value.pattern.as_literal().is_some()) {
        let text = &exact.text;
        let fits = way.iter().map(|value| &value.pattern).chain(&is).all(|pattern| pattern.matches(text));
        return (fits && !is_not.iter().any(|pattern| pattern.matches(text))).then(|| text.clone());
    }
    let none: Vec<&Pattern> = is_not.iter().collect();
    let all: Vec<&Pattern> = way.iter().map(|value| &value.pattern).chain(&is).collect();
    let any = match find(&all, &none) {
        Search::Empty => return None,
        Search::Found(text) => text,
        Search::TooHard => source.example.to_owned(),
    };
    // Rather one that reads like a real subject.
    let reads = Pattern::new(&source.example.replace(NAME, "?*"));
    match find(&all.into_iter().chain([&reads]).collect::<Vec<_>>(), &none) {
        Search::Found(text) => Some(text),
        Search::Empty | Search::TooHard => Some(any),
    }
}

/// Whether the statement lets in a token with this subject that is made for this ref.
fn admits(entrance: &Entrance<'_>, subject: &str, git_ref: &str) -> bool {
    entrance.admits(&entrance.token_holder(), &token(entrance, subject, git_ref))
}

/// A token. Of the claims beside the subject, those that the ref decides are as it makes them, and the rest may be
/// anything, the workflow too: a reusable one is called from any ref.
fn token(entrance: &Entrance<'_>, subject: &str, git_ref: &str) -> Context {
    Context::partial()
        .with(&entrance.claim("sub"), [subject])
        .with(&entrance.claim("ref"), [git_ref])
        .without(&entrance.claim("environment"))
}

/// A token of a repository that did not exist when the policy was written. Its owner is the one that the policy has in
/// mind, and it has every branch and environment that its creator likes.
fn created(entrance: &Entrance<'_>, subject: &str) -> Context {
    let token = Context::partial()
        .with(&entrance.claim("sub"), [subject])
        .with(&entrance.claim("repository_id"), [NAME]);
    let repository = entrance.claim("repository");
    let is_named = |way: &Vec<Compared>| way.iter().any(|value| value.pattern.as_literal().is_some());
    let asked = ways(entrance, &repository);
    if !asked.is_empty() && asked.iter().all(is_named) { token.with(&repository, [NAME]) } else { token }
}

#[cfg(test)]
mod tests;
