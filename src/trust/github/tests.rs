//! Which jobs of GitHub a trust lets in, and which it must not.

use super::*;
use crate::trust::door::{Token, assert_read_back, faults, github, opens, set, statements, text};
use crate::trust::{Trust, document, summary, widened};
use serde_json::json;

fn main_branch() -> GithubTrust {
    GithubTrust { repository: text("acme/infra-live"), branches: set(&["main"]), ..GithubTrust::default() }
}

/// A token of GitHub with this subject; its other claims are those of `acme/infra-live`.
fn token(sub: &str) -> Token<'_> {
    let claims = vec![
        ("aud", "sts.amazonaws.com"),
        ("sub", sub),
        ("repository_id", "5678"),
        ("repository_owner_id", "1234"),
        ("job_workflow_ref", "acme/infra-live/.github/workflows/apply.yml@refs/heads/main"),
    ];
    Token { issuer: ISSUER, claims }
}

/// The same token with another value of a claim.
fn with<'a>(mut token: Token<'a>, claim: &str, value: &'a str) -> Token<'a> {
    token.claims.iter_mut().filter(|(name, _)| *name == claim).for_each(|(_, old)| *old = value);
    token
}

fn without<'a>(mut token: Token<'a>, claim: &str) -> Token<'a> {
    token.claims.retain(|(name, _)| *name != claim);
    token
}

const ON_MAIN: &str = "repo:acme/infra-live:ref:refs/heads/main";

#[test]
fn a_branch_is_compared_exactly_and_beside_the_audience() {
    assert_eq!(
        statements(&github(main_branch())),
        json!([{
            "Effect": "Allow",
            "Principal": { "Federated": "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": ON_MAIN,
            } },
        }])
    );
}

#[test]
fn a_branch_of_the_repository_gets_in_and_nothing_like_it_does() {
    let trust = github(main_branch());
    assert!(opens(&trust, &token(ON_MAIN)));
    for subject in [
        "repo:acme/infra-live-evil:ref:refs/heads/main",
        "repo:evil/infra-live:ref:refs/heads/main",
        "repo:acme/infra-live:ref:refs/heads/main2",
        "repo:acme/infra-live:ref:refs/heads/feature",
        "repo:acme/infra-live:ref:refs/tags/main",
        "repo:acme/infra-live:pull_request",
        "repo:acme/infra-live:environment:main",
        "repo:Acme/infra-live:ref:refs/heads/main",
        "repo:acme@1234/infra-live@5678:ref:refs/heads/main",
    ] {
        assert!(!opens(&trust, &token(subject)), "{subject}");
    }
    assert!(!opens(&trust, &with(token(ON_MAIN), "aud", "https://github.com/acme")), "another audience");
    assert!(!opens(&trust, &without(token(ON_MAIN), "aud")));
    let elsewhere = Token { issuer: "token.actions.evil.example", ..token(ON_MAIN) };
    assert!(!opens(&trust, &elsewhere), "another issuer");
}

#[test]
fn each_trigger_lets_in_its_own_jobs_only() {
    let entry = |change: fn(&mut GithubTrust)| {
        let mut entry = GithubTrust { repository: text("acme/infra-live"), ..GithubTrust::default() };
        change(&mut entry);
        github(entry)
    };
    let subjects = [
        ON_MAIN,
        "repo:acme/infra-live:ref:refs/tags/v1",
        "repo:acme/infra-live:environment:prod%3Aeu",
        "repo:acme/infra-live:pull_request",
    ];
    let trusts = [
        entry(|entry| entry.branches = set(&["ma?n"])),
        entry(|entry| entry.tags = set(&["v*"])),
        entry(|entry| entry.environments = set(&["prod:eu"])),
        entry(|entry| entry.pull_requests = Attr::Known(true)),
    ];
    for (index, trust) in trusts.iter().enumerate() {
        for (other, subject) in subjects.iter().enumerate() {
            assert_eq!(opens(trust, &token(subject)), index == other, "{subject}");
        }
    }
}

#[test]
fn both_forms_of_the_subject_match_when_both_ids_are_known_and_only_with_these_ids() {
    let trust = github(GithubTrust { repository_id: text("5678"), owner_id: text("1234"), ..main_branch() });
    let with_ids = "repo:acme@1234/infra-live@5678:ref:refs/heads/main";
    assert!(opens(&trust, &token(ON_MAIN)) && opens(&trust, &token(with_ids)));
    for claim in ["repository_id", "repository_owner_id"] {
        assert!(!opens(&trust, &with(token(ON_MAIN), claim, "9")), "somebody else got the name: {claim}");
        assert!(!opens(&trust, &without(token(ON_MAIN), claim)), "a missing {claim} is no match");
    }
    assert!(!opens(&trust, &token("repo:acme@1234/infra-live@9:ref:refs/heads/main")));
    assert!(!opens(&trust, &token("repo:acme@9/infra-live@5678:ref:refs/heads/main")));
}

#[test]
fn a_repository_written_with_ids_matches_only_subjects_with_them() {
    let trust = github(GithubTrust { repository: text("acme@1234/infra-live@5678"), ..main_branch() });
    assert!(opens(&trust, &token("repo:acme@1234/infra-live@5678:ref:refs/heads/main")));
    assert!(!opens(&trust, &token(ON_MAIN)));
    assert!(!opens(&trust, &token("repo:acme@9/infra-live@5678:ref:refs/heads/main")));
}

#[test]
fn one_id_alone_is_a_condition_and_no_second_form() {
    let trust = github(GithubTrust { owner_id: text("1234"), ..main_branch() });
    assert!(opens(&trust, &token(ON_MAIN)));
    assert!(!opens(&trust, &with(token(ON_MAIN), "repository_owner_id", "9")));
    assert!(!opens(&trust, &token("repo:acme@1234/infra-live@5678:ref:refs/heads/main")));
}

#[test]
fn a_workflow_must_hold_besides_the_subject() {
    let file = "acme/infra-live/.github/workflows/apply.yml@refs/heads/main";
    let trust = github(GithubTrust { workflow_refs: set(&[file]), ..main_branch() });
    assert!(opens(&trust, &token(ON_MAIN)));
    assert!(!opens(&trust, &token("repo:acme/infra-live:ref:refs/heads/feature")));
    let other = "acme/infra-live/.github/workflows/apply.yml@refs/heads/feature";
    assert!(!opens(&trust, &with(token(ON_MAIN), "job_workflow_ref", other)));
    assert!(!opens(&trust, &without(token(ON_MAIN), "job_workflow_ref")));
}

#[test]
fn exact_names_beside_a_pattern_stay_exact() {
    let trust = github(GithubTrust { branches: set(&["main", "release/*"]), ..main_branch() });
    assert_eq!(statements(&trust).as_array().map(Vec::len), Some(1));
    for (branch, is_trusted) in
        [("main", true), ("release/1", true), ("mainline", false), ("release", false), ("xmain", false)]
    {
        let subject = format!("repo:acme/infra-live:ref:refs/heads/{branch}");
        assert_eq!(opens(&trust, &token(&subject)), is_trusted, "{branch}");
    }
}

#[test]
fn china_has_an_audience_of_its_own() {
    let china = Home { partition: "aws-cn", account_id: "111111111111" };
    let json = document(&github(main_branch()), china).into_known().unwrap().to_json();
    assert!(json.contains(r#"githubusercontent.com:aud":"sts.amazonaws.com.cn""#), "{json}");
    assert!(json.contains("arn:aws-cn:iam::111111111111:oidc-provider/"), "{json}");
}

#[test]
fn a_repository_and_nothing_of_it_is_an_error_and_never_everything() {
    let nothing = GithubTrust { repository: text("acme/infra-live"), ..GithubTrust::default() };
    let workflow = set(&["acme/infra-live/.github/workflows/apply.yml@refs/heads/main"]);
    for entry in [
        nothing.clone(),
        GithubTrust { branches: set(&[]), pull_requests: Attr::Known(false), ..nothing.clone() },
        GithubTrust { workflow_refs: workflow, ..nothing.clone() },
    ] {
        assert_eq!(faults(&github(entry)), ["Nothing of the repository is trusted"]);
    }
    let unknown = GithubTrust { branches: Attr::Unknown, ..nothing };
    assert!(faults(&github(unknown)).is_empty());
    assert!(faults(&github(main_branch())).is_empty());
}

#[test]
fn ids_are_given_in_one_place() {
    let entry = GithubTrust {
        repository: text("acme@1/infra-live@2"),
        repository_id: text("2"),
        owner_id: text("1"),
        ..main_branch()
    };
    assert_eq!(faults(&github(entry)), ["IDs are given twice", "IDs are given twice"]);
}

#[test]
fn a_workflow_names_repository_file_and_ref() {
    for file in ["acme/x/.github/workflows/a.yml@refs/heads/main", "acme/x/.github/workflows/*@*"] {
        assert_eq!(workflow_ref(file), Ok(()), "{file}");
    }
    for file in [
        "*",
        "apply.yml",
        "acme/*/.github/workflows/a.yml@x",
        "acme/x/.github/workflows/a.yml",
        "acme/x/*@*",
        "acme/x/.github/a.yml@",
        "acme/x/a.yml@${aws:x}",
    ] {
        assert!(workflow_ref(file).is_err(), "{file}");
    }
}

#[test]
fn the_widened_trust_takes_pull_requests_and_every_branch_and_the_reviewed_one_does_not() {
    let file = "acme/infra-live/.github/workflows/apply.yml@refs/heads/main";
    let reviewed = github(GithubTrust {
        environments: set(&["prod"]),
        repository_id: text("5678"),
        workflow_refs: set(&[file]),
        ..main_branch()
    });
    let planner = widened(&reviewed);
    let other_ref = "acme/infra-live/.github/workflows/apply.yml@refs/pull/1/merge";
    for subject in ["repo:acme/infra-live:pull_request", "repo:acme/infra-live:ref:refs/heads/feature"] {
        assert!(opens(&planner, &with(token(subject), "job_workflow_ref", other_ref)), "{subject}");
        assert!(!opens(&reviewed, &token(subject)), "{subject}");
    }
    for subject in [ON_MAIN, "repo:acme/infra-live:environment:prod"] {
        assert!(opens(&planner, &token(subject)) && opens(&reviewed, &token(subject)), "{subject}");
    }
    for subject in ["repo:acme/other:pull_request", "repo:acme/infra-live:ref:refs/tags/v1"] {
        assert!(!opens(&planner, &token(subject)), "{subject}");
    }
    assert!(!opens(&planner, &with(token(ON_MAIN), "repository_id", "9")), "the ID still binds");
}

#[test]
fn what_is_unknown_stays_so_when_widened() {
    let unknown =
        github(GithubTrust { repository: Attr::Unknown, workflow_refs: Attr::Unknown, ..main_branch() });
    let widened_unknown = widened(&unknown);
    let entry = widened_unknown.github.known().unwrap()[0].known().unwrap();
    assert!(entry.repository.is_unknown() && entry.workflow_refs.is_unknown());
    assert!(widened(&Trust { github: Attr::Unknown, ..Trust::default() }).github.is_unknown());
}

#[test]
fn every_entry_is_read_back_as_it_was_written() {
    for entry in [
        main_branch(),
        GithubTrust { repository: text("acme@1234/infra-live@5678"), ..main_branch() },
        GithubTrust { repository_id: text("5678"), owner_id: text("1234"), ..main_branch() },
        GithubTrust { owner_id: text("1234"), audience: text("acme"), ..main_branch() },
        GithubTrust {
            branches: set(&["main", "release/*"]),
            tags: set(&["v*"]),
            environments: set(&["prod:eu", "staging"]),
            pull_requests: Attr::Known(true),
            workflow_refs: set(&["acme/infra-live/.github/workflows/apply.yml@*"]),
            ..main_branch()
        },
    ] {
        assert_read_back(&github(entry));
    }
    let other = GithubTrust { repository: text("acme/other"), ..main_branch() };
    let two = Trust {
        github: Attr::Known(vec![Attr::Known(main_branch()), Attr::Known(other)]),
        ..Trust::default()
    };
    assert_read_back(&two);
}

#[test]
fn the_summary_says_what_is_trusted_and_what_is_needed_besides() {
    let entry = GithubTrust {
        environments: set(&["prod-*"]),
        pull_requests: Attr::Known(true),
        owner_id: text("1234"),
        ..main_branch()
    };
    let summary = summary(&github(entry)).into_known().unwrap();
    let expected = "GitHub repository acme/infra-live: branch main, every environment prod-*, pull requests; needs owner \
                    ID 1234";
    assert_eq!(summary, [text(expected)]);
}
