//! `github_subject`: repository and trigger become the subject as GitHub writes it; what GitHub has not is refused.

use libtest_mimic::Trial;

use crate::support::{Ground, Site, function};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.8", each_trigger_has_its_subject_with_ids_and_without)
        .on_each_terraform_since("1.8", what_no_subject_has_is_refused_at_its_argument)
        .into_iter()
        .collect()
}

fn each_trigger_has_its_subject_with_ids_and_without(site: &Site) {
    let results = function::results(
        site,
        &[
            r#"github_subject("acme/infra-live", "branch", "main")"#,
            r#"github_subject("acme/infra-live", "tag", "v*")"#,
            r#"github_subject("acme/infra-live", "environment", "prod:eu")"#,
            r#"github_subject("acme@1234/infra-live@5678", "pull_request")"#,
        ],
    );
    assert_eq!(
        results,
        [
            "repo:acme/infra-live:ref:refs/heads/main",
            "repo:acme/infra-live:ref:refs/tags/v*",
            "repo:acme/infra-live:environment:prod%3Aeu",
            "repo:acme@1234/infra-live@5678:pull_request",
        ]
    );
}

fn what_no_subject_has_is_refused_at_its_argument(site: &Site) {
    function::assert_refused(
        site,
        &[
            (r#"github_subject("acme/*", "pull_request")"#, "acme/*", &["has a wildcard"]),
            (r#"github_subject("acme@1/infra", "pull_request")"#, "acme@1/infra", &["one ID of two"]),
            (r#"github_subject("acme/infra", "push", "main")"#, "push", &["none of `branch`"]),
            (r#"github_subject("acme/infra", "branch")"#, "branch", &["Which branch?"]),
            (
                r#"github_subject("acme/infra", "branch", "refs/heads/main")"#,
                "refs/heads/main",
                &["leave `refs/heads/` out"],
            ),
            (r#"github_subject("acme/infra", "pull_request", "7")"#, "7", &["do not say which pull request"]),
            (r#"github_subject("acme/infra", "branch", "main", "x")"#, "x", &["no argument after"]),
        ],
    );
}
