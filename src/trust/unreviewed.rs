//! Whether a trust policy lets in code that nobody has reviewed: pull requests, any branch, the planning phase of a run.
//!
//! Sources: GitHub Docs, "OpenID Connect reference"; GitLab Docs, "ID tokens"; HCP Terraform Docs, "Workload identity".

use iam_policy::pattern::{Search, find};
use iam_policy::{Document, Effect, OneOrMany, Pattern, Statement};

/// Subjects that only code gets which was not reviewed; the branch is one that nobody has named in a policy.
const UNREVIEWED: &[&str] = &[
    "repo:*:pull_request",
    "repo:*:ref:refs/heads/any-unreviewed-branch",
    "project_path:*:ref_type:branch:ref:any-unreviewed-branch",
    "organization:*:run_phase:plan",
];

/// The pattern of subjects by which the policy lets in such code, `*` if it looks at no subject at all. Nothing is said of
/// AWS principals: what they run is not in the policy.
#[must_use]
pub fn unreviewed_subject(trust: &Document) -> Option<String> {
    let statements = trust.statements.iter().filter(|statement| statement.effect == Effect::Allow);
    statements.filter(|statement| is_federated(statement)).find_map(subject)
}

fn is_federated(statement: &Statement) -> bool {
    let actions = statement.actions.inner().as_slice();
    actions.iter().any(|action| {
        Pattern::new(action).to_lowercase().matches_ignoring_case("sts:AssumeRoleWithWebIdentity")
    })
}

fn subject(statement: &Statement) -> Option<String> {
    let mut subjects = statement
        .conditions
        .iter()
        .filter(|condition| {
            binds(&condition.operator) && condition.key.to_ascii_lowercase().ends_with(":sub")
        })
        .flat_map(|condition| OneOrMany::as_slice(&condition.values))
        .map(iam_policy::Scalar::to_text)
        .peekable();
    if subjects.peek().is_none() {
        return Some("*".to_owned());
    }
    subjects.find(|subject| {
        let pattern = Pattern::new(subject);
        has_open_branch(subject)
            || UNREVIEWED
                .iter()
                // Buildkite's subjects begin like HCP Terraform's and go on otherwise; they name a branch.
                .filter(|known| !(known.ends_with(":run_phase:plan") && subject.contains(":pipeline:")))
                .any(|known| find(&[&pattern, &Pattern::new(known)], &[]) != Search::Empty)
    })
}

/// Whether an operator lets in only subjects that it names: a negated one, one that does not mind a missing subject, and
/// one that only asks whether there is one do not.
fn binds(operator: &str) -> bool {
    ["StringEquals", "StringEqualsIgnoreCase", "StringLike"]
        .iter()
        .any(|one| one.eq_ignore_ascii_case(operator))
}

/// Whether the name of the branch is a pattern: whoever can push may choose one that matches.
fn has_open_branch(subject: &str) -> bool {
    let branch = subject.split_once("refs/heads/").and_then(|(_, branch)| branch.split(':').next());
    branch.is_some_and(|branch| branch.contains(['*', '?']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_policy::PrincipalKind;

    fn trust(subjects: &[&str]) -> Document {
        let statement = Statement::allow(["sts:AssumeRoleWithWebIdentity"])
            .principal(PrincipalKind::Federated, "arn:aws:iam::111111111111:oidc-provider/ci.example.com");
        Document::new([match subjects {
            [] => statement,
            _ => statement.condition("StringLike", "ci.example.com:sub", subjects.iter().copied()),
        }])
    }

    #[test]
    fn pull_requests_any_branch_and_plan_phases_are_unreviewed() {
        for subject in [
            "repo:acme/infra:pull_request",
            "repo:acme/infra:*",
            "repo:acme/*",
            "repo:acme/infra:ref:refs/heads/*",
            "repo:acme/infra:ref:refs/heads/feature/*",
            "organization:acme:pipeline:infra:ref:refs/heads/*:commit:*",
            "project_path:acme/infra:ref_type:branch:ref:*",
            "organization:acme:project:p:workspace:w:run_phase:plan",
            "organization:acme:project:p:workspace:w:run_phase:*",
        ] {
            assert_eq!(unreviewed_subject(&trust(&[subject])).as_deref(), Some(subject));
        }
        assert_eq!(unreviewed_subject(&trust(&[])).as_deref(), Some("*"));
    }

    #[test]
    fn a_named_branch_an_environment_and_the_apply_phase_are_reviewed() {
        let reviewed = [
            "repo:acme/infra:ref:refs/heads/main",
            "repo:acme/infra:environment:prod",
            "organization:acme:pipeline:infra:ref:refs/heads/main:*",
            "project_path:acme/infra:ref_type:branch:ref:main",
            "organization:acme:project:p:workspace:w:run_phase:apply",
        ];
        assert_eq!(unreviewed_subject(&trust(&reviewed)), None);
    }

    #[test]
    fn an_operator_that_does_not_bind_the_subject_lets_in_everybody() {
        for operator in ["StringNotLike", "StringLikeIfExists", "ForAllValues:StringLike", "Null"] {
            let trust = trust(&["repo:acme/infra:ref:refs/heads/main"]);
            let renamed = trust.statements.into_vec().into_iter().map(|mut statement| {
                statement
                    .conditions
                    .iter_mut()
                    .for_each(|condition| condition.operator = operator.to_owned());
                statement
            });
            let trust = Document::new(renamed);
            assert_eq!(unreviewed_subject(&trust).as_deref(), Some("*"), "{operator}");
        }
    }

    #[test]
    fn aws_principals_say_nothing_about_code() {
        let aws = Statement::allow(["sts:AssumeRole"]).principal(PrincipalKind::Aws, "111111111111");
        assert_eq!(unreviewed_subject(&Document::new([aws])), None);
    }
}
