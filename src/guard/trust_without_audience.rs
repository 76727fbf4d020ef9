//! `trust-without-audience`: tokens are trusted that were made for somebody else.

use super::finding::Finding;
use super::judged::Judged;
use super::{Level, Rule, trusting};
use crate::trust::entrance::{Entrance, Hold, Who};
use iam_policy::Context;

pub(super) const RULE: Rule = Rule {
    name: "trust-without-audience",
    level: Level::Deny,
    summary: "A trust policy takes tokens that were made for another service",
    title: "Trust without audience",
    prose: "\
A statement trusts the tokens of an OpenID Connect issuer and does not ask for their audience, `<issuer>:aud`, or takes \
any.

A job asks its CI system for a token for a certain audience and hands it to that service. Where the role does not look at \
the audience, a service that was given a token for itself can use it here, as far as the account's identity provider lists \
its audience; and the provider's list is shared by all roles of the account and changed by others.

## What to write instead

`\"StringEquals\": { \"<issuer>:aud\": \"…\" }`, with the audience that the CI system asks for: `sts.amazonaws.com` for \
GitHub's action and Buildkite, `aws.workload.identity` for HCP Terraform, the organization's ID for CircleCI, the host's \
URL for GitLab unless the job says otherwise. The typed entries of `trust` always ask for it.
",
    yields: false,
    find,
};

/// An audience that is somebody else.
const ANOTHER: &str = "https://another.example";

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    for entrance in trusting::passable(judged) {
        let Who::Issuer(issuer) = entrance.who else { continue };
        let aud = entrance.claim("aud");
        let asks = match entrance.hold(&aud, ANOTHER) {
            Hold::None => "does not ask for",
            Hold::Open if !only_asks_whether_there_is_one(&entrance, &aud) => "takes any",
            _ => continue,
        };
        let context = Context::partial().with(&aud, [ANOTHER]);
        if entrance.admits(&entrance.token_holder(), &context) {
            found.push(trusting::finding(
                judged,
                &entrance,
                (
                    format!("trusts tokens from `{issuer}` and {asks} `{aud}`"),
                    Some(format!("a token with `aud` = `{ANOTHER}`, if the account's identity provider lists it")),
                ),
                (
                    "Whoever is handed a token that was made for them can use it here.",
                    format!("Add `StringEquals` on `{aud}` with the audience that the job asks for, such as `sts.amazonaws.com`."),
                ),
            ));
        }
    }
}

/// That is `trust-void-condition`'s.
fn only_asks_whether_there_is_one(entrance: &Entrance<'_>, aud: &str) -> bool {
    entrance.conditions(aud).all(|condition| condition.operator.to_ascii_lowercase().ends_with("null"))
}
