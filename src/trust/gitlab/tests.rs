//! Which jobs of GitLab a trust lets in, and which it must not.

use super::*;
use crate::trust::door::{Token, assert_read_back, faults, gitlab, opens, set, statements, text};
use crate::trust::widened;

fn main_branch() -> GitlabTrust {
    GitlabTrust { project: text("acme/ops/infra-live"), branches: set(&["main"]), ..GitlabTrust::default() }
}

fn token(sub: &str) -> Token<'_> {
    Token { issuer: HOST, claims: vec![("aud", "https://gitlab.com"), ("sub", sub)] }
}

const ON_MAIN: &str = "project_path:acme/ops/infra-live:ref_type:branch:ref:main";

#[test]
fn a_branch_of_the_project_gets_in_and_nothing_like_it_does() {
    let trust = gitlab(main_branch());
    assert!(opens(&trust, &token(ON_MAIN)));
    for subject in [
        "project_path:acme/ops/infra-live-evil:ref_type:branch:ref:main",
        "project_path:evil/infra-live:ref_type:branch:ref:main",
        "project_path:acme/ops/infra-live:ref_type:tag:ref:main",
        "project_path:acme/ops/infra-live:ref_type:branch:ref:feature",
        "project_path:Acme/ops/infra-live:ref_type:branch:ref:main",
        "project_path:acme/ops/infra-live",
    ] {
        assert!(!opens(&trust, &token(subject)), "{subject}");
    }
    let other = Token { issuer: HOST, claims: vec![("aud", "sts.amazonaws.com"), ("sub", ON_MAIN)] };
    assert!(!opens(&trust, &other), "another audience");
}

#[test]
fn audience_and_subject_are_compared_exactly_where_nothing_is_a_pattern() {
    let statements = statements(&gitlab(main_branch()));
    let condition = &statements[0]["Condition"];
    assert_eq!(condition["StringEquals"]["gitlab.com:aud"], "https://gitlab.com");
    assert_eq!(condition["StringEquals"]["gitlab.com:sub"], ON_MAIN);
    assert_eq!(condition.get("StringLike"), None);
}

#[test]
fn a_host_of_ones_own_is_issuer_and_default_audience() {
    let trust = gitlab(GitlabTrust { host: text("gitlab.example.com"), ..main_branch() });
    let own = vec![("aud", "https://gitlab.example.com"), ("sub", ON_MAIN)];
    assert!(opens(&trust, &Token { issuer: "gitlab.example.com", claims: own }));
    assert!(!opens(&trust, &token(ON_MAIN)), "the same project on gitlab.com");
    assert!(host("https://gitlab.example.com").is_err() && host("gitlab.example.com:8443").is_err());
}

#[test]
fn merge_requests_are_every_branch_of_the_project_and_no_fork() {
    let entry = GitlabTrust { branches: Attr::Null, merge_requests: Attr::Known(true), ..main_branch() };
    let trust = gitlab(entry);
    assert!(opens(&trust, &token("project_path:acme/ops/infra-live:ref_type:branch:ref:feature")));
    assert!(!opens(&trust, &token("project_path:someone/infra-live:ref_type:branch:ref:feature")));
    assert!(!opens(&trust, &token("project_path:acme/ops/infra-live:ref_type:tag:ref:v1")));
}

#[test]
fn a_project_and_nothing_of_it_is_an_error_and_never_everything() {
    let nothing = GitlabTrust { project: text("acme/infra-live"), ..GitlabTrust::default() };
    assert_eq!(faults(&gitlab(nothing)), ["Nothing of the project is trusted"]);
    assert!(faults(&gitlab(main_branch())).is_empty());
}

#[test]
fn an_environment_is_told_to_match_no_token_of_gitlab_com() {
    let entry = GitlabTrust { environments: set(&["prod"]), ..main_branch() };
    assert_eq!(faults(&gitlab(entry)), ["GitLab's subjects name no environment"]);
}

#[test]
fn a_project_is_one_and_never_a_pattern() {
    assert_eq!(project("acme/ops/infra-live"), Ok(()));
    for text in ["acme", "acme/*", "acme/", "/x", "acme/x:ref", "acme//x", "acme/${aws:username}"] {
        assert!(project(text).is_err(), "{text}");
    }
}

#[test]
fn the_widened_trust_takes_merge_requests_and_the_reviewed_one_does_not() {
    let reviewed = gitlab(GitlabTrust { tags: set(&["v*"]), ..main_branch() });
    let planner = widened(&reviewed);
    let feature = "project_path:acme/ops/infra-live:ref_type:branch:ref:feature";
    assert!(opens(&planner, &token(feature)) && !opens(&reviewed, &token(feature)));
    for subject in [ON_MAIN, "project_path:acme/ops/infra-live:ref_type:tag:ref:v1"] {
        assert!(opens(&planner, &token(subject)) && opens(&reviewed, &token(subject)), "{subject}");
    }
    assert!(!opens(&planner, &token("project_path:acme/other:ref_type:branch:ref:feature")));
}

#[test]
fn every_entry_is_read_back_as_it_was_written() {
    for entry in [
        main_branch(),
        GitlabTrust {
            host: text("gitlab.example.com"),
            audience: text("sts.amazonaws.com"),
            ..main_branch()
        },
        GitlabTrust {
            branches: set(&["main", "release/*"]),
            tags: set(&["v*"]),
            environments: set(&["prod"]),
            ..main_branch()
        },
    ] {
        assert_read_back(&gitlab(entry));
    }
}
