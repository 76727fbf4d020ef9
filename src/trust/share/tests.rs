//! That joined statements decide like the ones they were, for whoever asks; and which are never joined.

use super::share;
use crate::trust::door::{HOME, decide, request, set, text};
use crate::trust::{
    AwsTrust, GithubTrust, GitlabTrust, HcpTerraformTrust, OidcTrust, ServiceTrust, Trust, document, entries,
};
use iam_policy::{Caller, Context, Document, Outcome, PrincipalKind, Request, Statement};
use tfplug::schema::{Attr, Map};

fn role(name: &str) -> String {
    format!("arn:aws:iam::222222222222:role/{name}")
}

/// Every two and three of the items.
fn choices<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let mut all = Vec::new();
    for (first, a) in items.iter().enumerate() {
        for (second, b) in items.iter().enumerate().skip(first + 1) {
            all.push(vec![a.clone(), b.clone()]);
            all.extend(items.iter().skip(second + 1).map(|c| vec![a.clone(), b.clone(), c.clone()]));
        }
    }
    all
}

#[track_caller]
fn assert_decides_alike(statements: &[Statement], requests: &[Request]) {
    let apart = Document::new(statements.to_vec());
    let joined = Document::new(share(statements.to_vec()));
    let allowed = requests.iter().filter(|request| decide(&apart, request) == Outcome::Allowed).count();
    assert!(0 < allowed && allowed < requests.len(), "{allowed} of {} are let in", requests.len());
    for request in requests {
        let (before, after) = (decide(&apart, request), decide(&joined, request));
        assert_eq!(before, after, "{request:?}\n{}\n{}", apart.to_json(), joined.to_json());
    }
}

#[test]
fn whatever_statements_are_joined_each_request_is_decided_as_before() {
    let mut statements = Vec::new();
    for caller in ["a", "b"] {
        for (operator, name) in [("StringEquals", "x"), ("StringEquals", "y"), ("StringLike", "x*")] {
            for organization in ["o-1", "o-2"] {
                let statement = Statement::allow(["sts:AssumeRole"])
                    .principal(PrincipalKind::Aws, role(caller))
                    .condition(operator, "sts:ExternalId", [name])
                    .condition("StringEquals", "aws:PrincipalOrgID", [organization]);
                statements.push(statement);
            }
        }
    }
    let mut requests = Vec::new();
    for caller in ["a", "b", "c"] {
        for name in ["x", "xy", "y", "z"] {
            for organization in ["o-1", "o-2", "o-3"] {
                let caller = Caller::Role { arn: role(caller), session: None };
                let context = Context::complete()
                    .with("aws:PrincipalArn", [caller.arn().unwrap()])
                    .with("sts:ExternalId", [name])
                    .with("aws:PrincipalOrgID", [organization]);
                requests.push(request(caller, "sts:AssumeRole", context));
            }
        }
    }
    for statements in choices(&statements) {
        assert_decides_alike(&statements, &requests);
    }
    assert_decides_alike(&statements, &requests);
}

/// Trusts of one entry each, many of which can share a statement with another.
fn trusts() -> Vec<Trust> {
    let main =
        || GithubTrust { repository: text("acme/a"), branches: set(&["main"]), ..GithubTrust::default() };
    let github = [
        main(),
        GithubTrust { branches: set(&["*"]), ..main() },
        GithubTrust { repository: text("acme/b"), ..main() },
        GithubTrust { repository_id: text("5"), ..main() },
        GithubTrust { repository: text("acme/b"), repository_id: text("6"), ..main() },
        GithubTrust { workflow_refs: set(&["acme/a/.github/workflows/x.yml@*"]), ..main() },
        GithubTrust { audience: text("acme"), ..main() },
    ];
    let x = || AwsTrust { principals: set(&[&role("x")]), ..AwsTrust::default() };
    let aws = [
        x(),
        AwsTrust { principals: set(&[&role("y")]), ..AwsTrust::default() },
        AwsTrust { external_id: text("id-1"), ..x() },
        AwsTrust { external_id: text("id-2"), allow_session_tags: Attr::Known(true), ..x() },
        AwsTrust {
            principals: set(&[&role("y")]),
            allow_session_tags: Attr::Known(true),
            ..AwsTrust::default()
        },
        AwsTrust { principals: set(&[&role("ci-*")]), r#match: text("condition"), ..AwsTrust::default() },
        AwsTrust { principals: set(&[&role("x")]), r#match: text("condition"), ..AwsTrust::default() },
    ];
    let service = |service: &str| ServiceTrust { service: text(service), ..ServiceTrust::default() };
    let services = [service("codebuild.amazonaws.com"), service("lambda.amazonaws.com")];
    let list = |entry| Attr::Known(vec![Attr::Known(entry)]);
    let github = github.into_iter().map(|entry| Trust { github: list(entry), ..Trust::default() });
    let aws =
        aws.into_iter().map(|entry| Trust { aws: Attr::Known(vec![Attr::Known(entry)]), ..Trust::default() });
    let services = services
        .into_iter()
        .map(|entry| Trust { services: Attr::Known(vec![Attr::Known(entry)]), ..Trust::default() });
    github.chain(aws).chain(services).collect()
}

fn requests() -> Vec<Request> {
    let mut all = Vec::new();
    let issuer = "token.actions.githubusercontent.com";
    for repository in ["acme/a", "acme/b", "acme/c"] {
        for tail in ["ref:refs/heads/main", "ref:refs/heads/x", "pull_request"] {
            for (id, workflow, audience) in [
                ("5", "acme/a/.github/workflows/x.yml@refs/heads/main", "sts.amazonaws.com"),
                ("6", "acme/a/.github/workflows/y.yml@refs/heads/main", "sts.amazonaws.com"),
                ("5", "acme/a/.github/workflows/y.yml@refs/heads/main", "acme"),
            ] {
                let context = Context::complete()
                    .with(&format!("{issuer}:aud"), [audience])
                    .with(&format!("{issuer}:sub"), [format!("repo:{repository}:{tail}")])
                    .with(&format!("{issuer}:repository_id"), [id])
                    .with(&format!("{issuer}:job_workflow_ref"), [workflow]);
                let provider = format!("arn:aws:iam::111111111111:oidc-provider/{issuer}");
                all.push(request(Caller::Federated { provider }, "sts:AssumeRoleWithWebIdentity", context));
            }
        }
    }
    for name in ["x", "y", "ci-1", "z"] {
        for id in [None, Some("id-1"), Some("id-2")] {
            for action in ["sts:AssumeRole", "sts:TagSession"] {
                let context = Context::complete()
                    .with("aws:PrincipalArn", [role(name)])
                    .with("aws:PrincipalAccount", ["222222222222"]);
                let context =
                    id.into_iter().fold(context, |context, id| context.with("sts:ExternalId", [id]));
                all.push(request(Caller::Role { arn: role(name), session: None }, action, context));
            }
        }
    }
    for name in ["codebuild.amazonaws.com", "lambda.amazonaws.com", "ec2.amazonaws.com"] {
        for account in ["111111111111", "222222222222"] {
            let context = Context::complete().with("aws:SourceAccount", [account]);
            all.push(request(Caller::Service { name: name.to_owned() }, "sts:AssumeRole", context));
        }
    }
    all
}

#[test]
fn whatever_entries_share_a_statement_nobody_else_gets_in() {
    let each: Vec<Vec<Statement>> =
        trusts().iter().flat_map(|trust| entries(trust, HOME)).map(|(_, statements)| statements).collect();
    let requests = requests();
    for chosen in choices(&each) {
        assert_decides_alike(&chosen.concat(), &requests);
    }
    assert_decides_alike(&each.concat(), &requests);
    let all = share(each.concat());
    assert!(all.len() < each.concat().len() / 2 + 3, "{} of {} statements", all.len(), each.concat().len());
}

fn aws(principal: &str, conditions: &[(&str, &str, &str)]) -> Statement {
    let statement = Statement::allow(["sts:AssumeRole"]).principal(PrincipalKind::Aws, role(principal));
    conditions
        .iter()
        .fold(statement, |statement, (operator, key, value)| statement.condition(*operator, *key, [*value]))
}

#[test]
fn statements_that_differ_in_two_places_stay_two() {
    let apart = [
        aws("a", &[("StringEquals", "sts:ExternalId", "1")]),
        aws("b", &[("StringEquals", "sts:ExternalId", "2")]),
    ];
    assert_eq!(share(apart.to_vec()).len(), 2);
    let apart = [
        aws("a", &[("StringEquals", "sts:ExternalId", "1"), ("StringEquals", "aws:PrincipalOrgID", "o-1")]),
        aws("a", &[("StringEquals", "sts:ExternalId", "2"), ("StringEquals", "aws:PrincipalOrgID", "o-2")]),
    ];
    assert_eq!(share(apart.to_vec()).len(), 2);
}

#[test]
fn a_condition_that_only_one_has_is_never_dropped() {
    let apart = [aws("a", &[]), aws("a", &[("StringEquals", "sts:ExternalId", "1")])];
    assert_eq!(share(apart.to_vec()).len(), 2);
}

#[test]
fn values_that_must_all_hold_are_never_joined() {
    for operator in
        ["StringNotEquals", "StringNotLike", "ArnNotLike", "StringEqualsIfExists", "ForAllValues:StringLike"]
    {
        let apart = [
            aws("a", &[(operator, "aws:PrincipalOrgID", "o-1")]),
            aws("a", &[(operator, "aws:PrincipalOrgID", "o-2")]),
        ];
        assert_eq!(share(apart.to_vec()).len(), 2, "{operator}");
    }
}

#[test]
fn an_exact_value_with_a_wildcard_character_does_not_become_a_pattern() {
    let apart = [
        aws("a", &[("StringEquals", "sts:ExternalId", "a*")]),
        aws("a", &[("StringLike", "sts:ExternalId", "b*")]),
    ];
    assert_eq!(share(apart.to_vec()).len(), 2);
}

#[test]
fn entries_of_one_issuer_and_audience_are_one_statement() {
    let entry = |repository: &str, branches: &[&str]| {
        let branches = set(branches);
        Attr::Known(GithubTrust { repository: text(repository), branches, ..GithubTrust::default() })
    };
    let entries =
        vec![entry("acme/a", &["main"]), entry("acme/b", &["release/*"]), entry("acme/c", &["main"])];
    let trust = Trust { github: Attr::Known(entries), ..Trust::default() };
    let document = document(&trust, HOME).into_known().unwrap();
    assert_eq!(document.statements.as_slice().len(), 1);
    assert!(document.to_json().chars().count() < 500, "{}", document.to_json());
}

#[test]
fn issuers_never_share_a_statement() {
    let claims = Map::from([("sub".to_owned(), set(&["x"]))]);
    let trust = Trust {
        github: Attr::Known(vec![Attr::Known(GithubTrust {
            repository: text("acme/a"),
            branches: set(&["main"]),
            ..GithubTrust::default()
        })]),
        gitlab: Attr::Known(vec![Attr::Known(GitlabTrust {
            project: text("acme/a"),
            branches: set(&["main"]),
            ..GitlabTrust::default()
        })]),
        hcp_terraform: Attr::Known(vec![Attr::Known(HcpTerraformTrust {
            organization: text("acme"),
            workspace: text("a"),
            ..HcpTerraformTrust::default()
        })]),
        oidc: Attr::Known(vec![Attr::Known(OidcTrust {
            issuer: text("https://agent.buildkite.com"),
            audiences: set(&["sts.amazonaws.com"]),
            claims: Attr::Known(claims),
        })]),
        ..Trust::default()
    };
    assert_eq!(document(&trust, HOME).into_known().unwrap().statements.as_slice().len(), 4);
}
