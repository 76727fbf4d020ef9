//! What a statement about tokens asks of their subject.
//!
//! Owns when a subject says whose token it is. Never reports it: rules do.

use crate::trust::entrance::{Compared, Entrance, Hold, Who, ways};
use crate::trust::issuers::{self, Family};
use iam_policy::pattern::{Search, find};
use iam_policy::{Context, Pattern};

/// What a statement asks of the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::guard) enum Subject {
    /// Nothing, or only what it must not be.
    Missing,
    /// Something that holds for every token, or for one without a subject.
    Void,
    /// A pattern that a stranger's tokens match: the pattern, and such a subject.
    Wide(String, String),
    /// Enough to know whose token it is.
    Bound,
}

/// How patterns begin that say less than a name, of issuers that have one tenant each.
const SAYS_NOTHING: &[&str] =
    &["repo:", "project_path:", "organization:", "org/", "space:", "system:serviceaccount:", "{"];

/// Whether the issuer signs for other tenants, and nothing but the subject keeps them out.
pub(in crate::guard) fn is_shared(entrance: &Entrance<'_>, issuer: &str) -> bool {
    let by_audience = issuers::names_tenant_by_audience(issuer)
        && entrance.hold(&entrance.claim("aud"), "somebody-else") == Hold::Bound;
    issuers::is_shared(issuer) && !by_audience
}

/// What this entrance asks of the subject of a token.
pub(in crate::guard) fn of(entrance: &Entrance<'_>) -> Subject {
    let Who::Issuer(issuer) = entrance.who else { return Subject::Bound };
    if issuers::is_bound_by_audience(issuer) {
        return Subject::Bound;
    }
    let sub = entrance.claim("sub");
    let only_null = entrance.conditions(&sub).all(|one| one.operator.to_ascii_lowercase().ends_with("null"));
    let ways = ways(entrance, &sub);
    match entrance.hold(&sub, Family::of(issuer, "").stranger()) {
        Hold::None => missing(entrance, issuer),
        Hold::Skippable => Subject::Void,
        Hold::Open if only_null => Subject::Void,
        Hold::Open if ways.is_empty() => missing(entrance, issuer),
        Hold::Open | Hold::Bound => {
            let wide = ways.iter().find_map(|way| wide(entrance, issuer, way));
            wide.map_or(Subject::Bound, |(pattern, subject)| Subject::Wide(pattern, subject))
        }
    }
}

/// Of a shared issuer IAM wants the subject itself; of one with a single tenant any claim will do that says who it is.
fn missing(entrance: &Entrance<'_>, issuer: &str) -> Subject {
    let unsaid = entrance.conditions(&entrance.claim("sub")).next().is_none();
    let shared = is_shared(entrance, issuer);
    if unsaid && shared {
        return Subject::Missing;
    }
    let prefix = entrance.claim("");
    let says_who = |claim: &str| !matches!(claim, "aud" | "oaud" | "iss" | "azp" | "amr");
    let bound = entrance.statement.conditions.iter().any(|condition| {
        let claim = condition.key.get(prefix.len()..).filter(|_| condition.key.len() > prefix.len());
        let own = condition.key.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(&prefix));
        own && claim.is_some_and(|claim| says_who(&claim.to_ascii_lowercase()))
            && entrance.hold(&condition.key, "somebody-else") == Hold::Bound
    });
    if bound && !shared {
        return Subject::Bound;
    }
    let subject = Family::of(issuer, "").stranger();
    if lets_in(entrance, subject) { Subject::Missing } else { Subject::Bound }
}

/// The widest of the patterns and a stranger's subject that matches all of them, if none of them says whose it is.
fn wide(entrance: &Entrance<'_>, issuer: &str, way: &[Compared]) -> Option<(String, String)> {
    let shared = is_shared(entrance, issuer);
    if way.iter().any(|value| says_whose((issuer, shared), value)) {
        return None;
    }
    let widest = way.first()?;
    let family = Family::of(issuer, &widest.text);
    let repository = strangers_claim(entrance, &entrance.claim("repository"));
    let of_repository = repository.map(|name| format!("repo:{name}:ref:refs/heads/main"));
    let of_repository = of_repository.filter(|text| way.iter().all(|value| value.pattern.matches(text)));
    let subject = of_repository.or_else(|| strangers(family, way))?;
    lets_in(entrance, &subject).then(|| (widest.text.clone(), subject))
}

fn says_whose((issuer, shared): (&str, bool), value: &Compared) -> bool {
    let (fixed, is_pattern) = value.fixed();
    let family = Family::of(issuer, fixed);
    if !is_pattern && (family == Family::Other || !shared) {
        return true;
    }
    if !shared {
        let organization =
            issuer.strip_prefix("oidc.circleci.com/org/").map(|id| format!("org/{id}/project/"));
        let own = organization.is_some_and(|organization| organization.starts_with(fixed));
        return !own && !SAYS_NOTHING.iter().any(|beginning| beginning.starts_with(fixed));
    }
    let parts = fixed.match_indices(':').map(|(place, _)| place + 1);
    let begins: Vec<usize> = std::iter::once(0).chain(parts).collect();
    issuers::tenants(issuer, family).iter().any(|before| {
        begins.iter().any(|place| {
            let rest = fixed.get(*place..).and_then(|rest| rest.strip_prefix(before));
            // The name has to end before the wildcard begins: `repo:acme*` is also `repo:acme-evil/…`.
            rest.and_then(|rest| rest.find(['/', ':'])).is_some_and(|end| end > 0)
        })
    })
}

/// How subjects read that begin like this.
fn shape(family: Family, fixed: &str) -> &'static str {
    match family {
        Family::GitHub => "repo:?*/?*:ref:refs/heads/main",
        Family::GitLab => "project_path:?*/?*:ref_type:branch:ref:main",
        Family::HcpTerraform => "organization:?*:project:?*:workspace:?*:run_phase:?*",
        Family::Buildkite => "organization:?*:pipeline:?*:ref:refs/heads/main:commit:?*:step:?*",
        Family::CircleCi => "org/?*/project/?*/user/?*",
        Family::Spacelift => "space:?*:stack:?*:run_type:?*:scope:?*",
        Family::Other if fixed.starts_with("system:") => "system:serviceaccount:?*:?*",
        Family::Bitbucket | Family::Other => "?*",
    }
}

/// A subject of a stranger that matches all patterns.
fn strangers(family: Family, way: &[Compared]) -> Option<String> {
    let candidate = family.stranger();
    if way.iter().all(|value| value.pattern.matches(candidate)) {
        return Some(candidate.to_owned());
    }
    // What goes on right behind the fixed part would be the writer's own: `repo:acme*` is meant to be `repo:acme/…`.
    let begins = way.first().map(|value| value.fixed().0).unwrap_or_default();
    let fixed = way.iter().map(|value| value.fixed().0);
    let own: Vec<Pattern> = fixed
        .flat_map(|fixed| [format!("{fixed}/*"), format!("{fixed}:*")])
        .map(|text| Pattern::new(&text))
        .collect();
    [shape(family, begins), "?*"].iter().find_map(|shape| {
        let shape = Pattern::new(shape);
        let all: Vec<&Pattern> = way.iter().map(|value| &value.pattern).chain([&shape]).collect();
        match find(&all, &own.iter().collect::<Vec<_>>()) {
            Search::Found(text) => Some(text),
            Search::Empty | Search::TooHard => None,
        }
    })
}

/// Claims that say whose a token is, beside the subject.
const WHOSE: [&str; 5] = ["repository", "repository_id", "repository_owner_id", "enterprise_id", "actor_id"];

/// Whether a token of a stranger with this subject gets in, where its other claims are a stranger's too.
pub(in crate::guard) fn lets_in(entrance: &Entrance<'_>, subject: &str) -> bool {
    let token = Context::partial().with(&entrance.claim("sub"), [subject]);
    let token = WHOSE.iter().fold(token, |token, name| {
        let claim = entrance.claim(name);
        let value = strangers_claim(entrance, &claim);
        token.with(&claim, [value.as_deref().unwrap_or("somebody-else")])
    });
    entrance.admits(&entrance.token_holder(), &token)
}

/// A stranger's value of a claim that patterns let in which do not say a whole name, as `acme*` and `*/infra` do.
fn strangers_claim(entrance: &Entrance<'_>, claim: &str) -> Option<String> {
    if !matches!(entrance.who, Who::Issuer(issuer) if issuers::is_shared(issuer)) {
        return None;
    }
    ways(entrance, claim).iter().find_map(|way| {
        let fixed: Vec<&str> = way.iter().map(|value| value.fixed().0).collect();
        if fixed.iter().any(|fixed| fixed.contains('/')) {
            return None;
        }
        let own =
            fixed.iter().flat_map(|fixed| [Pattern::literal(fixed), Pattern::new(&format!("{fixed}/*"))]);
        let own: Vec<Pattern> = own.collect();
        let all: Vec<&Pattern> = way.iter().map(|value| &value.pattern).collect();
        match find(&all, &own.iter().collect::<Vec<_>>()) {
            Search::Found(value) => Some(value),
            Search::Empty | Search::TooHard => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::entrance::entrances;
    use iam_policy::{Document, PrincipalKind, Statement};

    fn subject(issuer: &str, conditions: &[(&str, &str, &str)]) -> Subject {
        let provider = format!("arn:aws:iam::111122223333:oidc-provider/{issuer}");
        let statement =
            Statement::allow(["sts:AssumeRoleWithWebIdentity"]).principal(PrincipalKind::Federated, provider);
        let document =
            Document::new([conditions.iter().fold(statement, |statement, (operator, claim, value)| {
                statement.condition(*operator, format!("{issuer}:{claim}"), [*value])
            })]);
        of(&entrances(&document)[0])
    }

    const GITHUB: &str = "token.actions.githubusercontent.com";

    #[test]
    fn a_name_that_goes_on_behind_the_wildcard_is_a_strangers_too() {
        let wide = |pattern: &str| match subject(GITHUB, &[("StringLike", "sub", pattern)]) {
            Subject::Wide(_, subject) => subject,
            other => panic!("{pattern}: {other:?}"),
        };
        assert_eq!(wide("repo:*"), "repo:somebody-else/repository:ref:refs/heads/main");
        assert_eq!(wide("repo:acme*"), "repo:acmex/x:ref:refs/heads/main");
        assert!(wide("repo:acme*/infra:*").starts_with("repo:acme"));
        assert!(wide("repo:acme@*/infra@*:*").starts_with("repo:acme@"));
    }

    #[test]
    fn an_issuer_of_one_tenant_needs_less() {
        assert_eq!(
            subject("git.acme.example", &[("StringLike", "sub", "project_path:plat*")]),
            Subject::Bound
        );
        assert_eq!(
            subject("oidc.circleci.com/org/1", &[("StringLike", "sub", "org/1/project/2/*")]),
            Subject::Bound
        );
        let project = ("StringEquals", "oidc.circleci.com/project-id", "2");
        assert_eq!(subject("oidc.circleci.com/org/1", &[project]), Subject::Bound);
        assert_eq!(subject("git.acme.example", &[]), Subject::Missing);
    }

    #[test]
    fn an_excluded_subject_binds_nobody_unless_another_claim_does() {
        let no_pull_requests = ("StringNotLike", "sub", "*:pull_request");
        assert_eq!(subject(GITHUB, &[no_pull_requests]), Subject::Missing);
        assert_eq!(
            subject(GITHUB, &[no_pull_requests, ("StringEquals", "repository_owner_id", "1")]),
            Subject::Bound
        );
    }

    #[test]
    fn the_subject_of_a_shared_issuer_says_whose_it_is_by_a_whole_name() {
        for (issuer, operator, subject_of) in [
            ("accounts.google.com", "StringEquals", "112233445566778899001"),
            ("oidc.vercel.com", "StringLike", "owner:acme:project:*:environment:production"),
            ("api.pulumi.com/oidc", "StringLike", "pulumi:deploy:org:acme:project:live:*"),
            ("proidc.upbound.io", "StringLike", "mcp:acme/prod:*"),
        ] {
            assert_eq!(subject(issuer, &[(operator, "sub", subject_of)]), Subject::Bound, "{issuer}");
            assert_eq!(subject(issuer, &[("StringEquals", "aud", "acme")]), Subject::Missing, "{issuer}");
        }
        for (issuer, pattern) in [
            ("accounts.google.com", "1122*"),
            ("oidc.vercel.com", "owner:acme*"),
            ("api.pulumi.com/oidc", "pulumi:deploy:org:acme*"),
            ("proidc.upbound.io", "mcp:acme*"),
        ] {
            let wide = subject(issuer, &[("StringLike", "sub", pattern)]);
            assert!(matches!(wide, Subject::Wide(..)), "{issuer}: {wide:?}");
        }
    }

    #[test]
    fn an_audience_that_names_the_tenant_leaves_the_project_to_the_subject() {
        let aud = ("StringEquals", "aud", "https://vercel.com/acme");
        let wide = ("StringLike", "sub", "owner:acme*");
        assert_eq!(subject("oidc.vercel.com", &[aud, wide]), Subject::Bound);
        assert_eq!(subject("oidc.vercel.com", &[aud]), Subject::Missing);
    }

    #[test]
    fn cognito_is_bound_by_its_audience() {
        assert_eq!(subject("cognito-identity.amazonaws.com", &[]), Subject::Bound);
    }
}
