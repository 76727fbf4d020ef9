//! `trust-without-subject`: tokens are trusted whoever they are for.

use super::finding::Finding;
use super::judged::Judged;
use super::trusting::subject::{self, Subject};
use super::{Level, Rule, trusting};
use crate::trust::entrance::Who;
use crate::trust::issuers::Family;

pub(super) const RULE: Rule = Rule {
    name: "trust-without-subject",
    level: Level::Deny,
    summary: "A trust policy takes any token of an issuer, whoever it is for",
    title: "Trust without subject",
    prose: "\
A statement trusts the tokens of an OpenID Connect issuer and does not ask for their subject, `<issuer>:sub`; or it only \
says which subjects it does not want.

GitHub, GitLab, HCP Terraform, Buildkite and others sign the tokens of all their customers with the same keys, so the \
issuer proves nothing: any account there gets a token that fits. IAM refuses new roles of that kind for the issuers that \
it knows as shared (IAM User Guide, \"Identity-provider controls for shared OIDC providers\"); roles that exist go on.

An issuer that belongs to one tenant (CircleCI's of an organization, Bitbucket's of a workspace, a GitLab host or a \
cluster of your own) is less open, but without the subject any project, repository or pod of it will do. There another \
claim that AWS passes on is enough, such as CircleCI's `oidc.circleci.com/project-id`. Amazon Cognito's audience is the \
identity pool, so it needs no subject.

Excluding subjects (`StringNotLike`) is no substitute: what is left over is everybody else.

## What to write instead

```hcl
trust = {
  github = [{ repository = \"acme/infra-live\", branches = [\"main\"] }]
}
```

or, in a policy written by hand, `\"StringEquals\": { \"token.actions.githubusercontent.com:sub\": \
\"repo:acme/infra-live:ref:refs/heads/main\" }`.
",
    yields: false,
    find,
};

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    for entrance in trusting::passable(judged) {
        let Who::Issuer(issuer) = entrance.who else { continue };
        if subject::of(&entrance) != Subject::Missing {
            continue;
        }
        let sub = entrance.claim("sub");
        let says = match entrance.conditions(&sub).next() {
            None => format!("trusts tokens from `{issuer}` and does not ask for `{sub}`"),
            Some(_) => format!("trusts tokens from `{issuer}` with every `{sub}` but some"),
        };
        let why = if subject::is_shared(&entrance, issuer) {
            "The issuer signs for all of its customers alike, so any of them gets in."
        } else {
            "Any project, repository or workload that the issuer signs for gets in, not only the one that deploys."
        };
        let stranger = match subject::is_shared(&entrance, issuer) {
            true => format!("a token with `sub` = `{}`", Family::of(issuer, "").stranger()),
            false => format!("any token that `{issuer}` has signed for this audience"),
        };
        let instead = format!(
            "Add `StringEquals` on `{sub}` with the subject of your own repository, project or pipeline."
        );
        found.push(trusting::finding(judged, &entrance, (says, Some(stranger)), (why, instead)));
    }
}
