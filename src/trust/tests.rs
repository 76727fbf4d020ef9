//! Each kind of trust as a document, with the rule of IAM that makes it so; and documents back as trust.

use super::door::HOME;
use super::*;
use serde_json::{Value as Json, json};
use tfplug::schema::{Map, Set};

fn texts(texts: &[&str]) -> Attr<Set<String>> {
    Attr::Known(Set(texts.iter().map(|text| Attr::Known((*text).to_owned())).collect()))
}

fn text(text: &str) -> Attr<String> {
    Attr::Known(text.to_owned())
}

fn aws(entry: AwsTrust) -> Trust {
    Trust { aws: Attr::Known(vec![Attr::Known(entry)]), ..Trust::default() }
}

fn service(entry: ServiceTrust) -> Trust {
    Trust { services: Attr::Known(vec![Attr::Known(entry)]), ..Trust::default() }
}

fn oidc(entry: OidcTrust) -> Trust {
    Trust { oidc: Attr::Known(vec![Attr::Known(entry)]), ..Trust::default() }
}

fn statements(trust: &Trust) -> Json {
    let document = document(trust, HOME).into_known().unwrap();
    check(&document, &Path::root()).unwrap();
    let json: Json = serde_json::from_str(&document.to_json()).unwrap();
    json["Statement"].clone()
}

#[test]
fn an_account_is_named_by_its_root_with_the_external_id_as_condition() {
    let trust = aws(AwsTrust {
        principals: texts(&["222222222222"]),
        external_id: text("runner-1"),
        org_id: text("o-a1b2c3d4e5"),
        ..AwsTrust::default()
    });
    assert_eq!(
        statements(&trust),
        json!([{
            "Effect": "Allow",
            "Principal": { "AWS": "arn:aws:iam::222222222222:root" },
            "Action": "sts:AssumeRole",
            "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5", "sts:ExternalId": "runner-1" } },
        }])
    );
}

#[test]
fn session_tags_and_source_identity_are_allowed_beside_and_never_without_the_callers_conditions() {
    let trust = aws(AwsTrust {
        principals: texts(&["arn:aws:iam::222222222222:role/ci"]),
        external_id: text("runner-1"),
        require_mfa: Attr::Known(true),
        require_source_identity: Attr::Known(true),
        allow_session_tags: Attr::Known(true),
        ..AwsTrust::default()
    });
    let statements = statements(&trust);
    assert_eq!(statements[0]["Action"], "sts:AssumeRole");
    assert_eq!(statements[0]["Condition"]["Null"], json!({ "sts:SourceIdentity": "false" }));
    assert_eq!(statements[1]["Action"], json!(["sts:SetSourceIdentity", "sts:TagSession"]));
    assert_eq!(statements[1]["Condition"], json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }));
    assert_eq!(statements[1]["Principal"], statements[0]["Principal"]);
}

#[test]
fn matching_by_condition_trusts_the_account_and_compares_the_principals_arn() {
    let trust = aws(AwsTrust {
        principals: texts(&["arn:aws:iam::222222222222:role/ci-*", "arn:aws:iam::222222222222:role/x"]),
        r#match: text("condition"),
        ..AwsTrust::default()
    });
    assert_eq!(
        statements(&trust),
        json!([{
            "Effect": "Allow",
            "Principal": { "AWS": "arn:aws:iam::222222222222:root" },
            "Action": "sts:AssumeRole",
            "Condition": { "ArnLike": { "aws:PrincipalArn": ["arn:aws:iam::222222222222:role/ci-*", "arn:aws:iam::222222222222:role/x"] } },
        }])
    );
}

#[test]
fn ecs_is_bound_to_the_account_and_to_its_own_arns() {
    let trust = service(ServiceTrust { service: text("ecs-tasks.amazonaws.com"), ..ServiceTrust::default() });
    assert_eq!(
        statements(&trust)[0]["Condition"],
        json!({
            "StringEquals": { "aws:SourceAccount": "111111111111" },
            "ArnLike": { "aws:SourceArn": "arn:aws:ecs:*:111111111111:*" },
        })
    );
}

#[test]
fn a_service_that_does_not_say_for_whom_it_acts_can_be_trusted_without_condition() {
    let trust = service(ServiceTrust {
        service: text("ec2.amazonaws.com"),
        source_account: text("*"),
        ..ServiceTrust::default()
    });
    assert_eq!(statements(&trust)[0].get("Condition"), None);
}

#[test]
fn a_token_is_bound_by_audience_and_subject_and_patterns_alone_are_compared_as_patterns() {
    let trust = oidc(OidcTrust {
        issuer: text("https://agent.buildkite.com"),
        audiences: texts(&["sts.amazonaws.com"]),
        claims: Attr::Known(Map::from([
            ("sub".to_owned(), texts(&["organization:acme:pipeline:x:*"])),
            ("organization_id".to_owned(), texts(&["7"])),
        ])),
    });
    assert_eq!(
        statements(&trust),
        json!([{
            "Effect": "Allow",
            "Principal": { "Federated": "arn:aws:iam::111111111111:oidc-provider/agent.buildkite.com" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": { "agent.buildkite.com:aud": "sts.amazonaws.com", "agent.buildkite.com:organization_id": "7" },
                "StringLike": { "agent.buildkite.com:sub": "organization:acme:pipeline:x:*" },
            },
        }])
    );
}

#[test]
fn each_entry_is_a_statement_of_its_own_so_that_its_conditions_stay_together() {
    let entry = |account: &str, id: &str| {
        let principals = texts(&[account]);
        Attr::Known(AwsTrust { principals, external_id: text(id), ..AwsTrust::default() })
    };
    let entries = vec![entry("222222222222", "for-2"), entry("333333333333", "for-3")];
    let trust = Trust { aws: Attr::Known(entries), ..Trust::default() };
    assert_eq!(statements(&trust).as_array().map(Vec::len), Some(2));
}

#[test]
fn other_partitions_have_their_own_arns() {
    let china = Home { partition: "aws-cn", account_id: "111111111111" };
    let trust = service(ServiceTrust { service: text("ecs-tasks.amazonaws.com"), ..ServiceTrust::default() });
    let document = document(&trust, china).into_known().unwrap();
    assert!(document.to_json().contains("arn:aws-cn:ecs:*:111111111111:*"));
}

#[test]
fn trust_with_anything_unknown_has_no_document_yet() {
    let trust = aws(AwsTrust { principals: Attr::Unknown, ..AwsTrust::default() });
    assert!(document(&trust, HOME).is_unknown() && summary(&trust).is_unknown());
}

#[test]
fn every_kind_of_trust_is_read_back_from_its_document() {
    let all = [
        aws(AwsTrust {
            principals: texts(&["222222222222", "arn:aws:iam::222222222222:user/x"]),
            external_id: text("runner-1"),
            org_id: text("o-a1b2c3d4e5"),
            require_mfa: Attr::Known(true),
            require_source_identity: Attr::Known(true),
            allow_session_tags: Attr::Known(true),
            ..AwsTrust::default()
        }),
        aws(AwsTrust {
            principals: texts(&["arn:aws:iam::222222222222:role/ci-*"]),
            r#match: text("condition"),
            ..AwsTrust::default()
        }),
        service(ServiceTrust { service: text("ecs-tasks.amazonaws.com"), ..ServiceTrust::default() }),
        service(ServiceTrust {
            service: text("ec2.amazonaws.com"),
            source_account: text("*"),
            ..ServiceTrust::default()
        }),
        oidc(OidcTrust {
            issuer: text("https://oidc.example.com/org/7"),
            audiences: texts(&["a", "b"]),
            claims: Attr::Known(Map::from([("sub".to_owned(), texts(&["x", "y*"]))])),
        }),
    ];
    for trust in all {
        let before = document(&trust, HOME).into_known().unwrap();
        let read = read_back(&before, HOME).unwrap_or_else(|| panic!("{}", before.to_json()));
        let again = document(&read, HOME).into_known().unwrap();
        assert!(iam_policy::equal(&before, &again));
    }
}

#[test]
fn entries_that_share_a_statement_are_read_back_as_entries() {
    let entry = |id: &str, tags| AwsTrust {
        principals: texts(&["222222222222"]),
        external_id: text(id),
        allow_session_tags: if tags { Attr::Known(true) } else { Attr::Null },
        ..AwsTrust::default()
    };
    let service = |name: &str| ServiceTrust { service: text(name), ..ServiceTrust::default() };
    let all = Trust {
        aws: Attr::Known([entry("id-1", false), entry("id-2", true)].map(Attr::Known).to_vec()),
        services: Attr::Known(
            [service("codebuild.amazonaws.com"), service("lambda.amazonaws.com")].map(Attr::Known).to_vec(),
        ),
        ..Trust::default()
    };
    let before = document(&all, HOME).into_known().unwrap();
    assert_eq!(before.statements.as_slice().len(), 3, "{}", before.to_json());
    let read = read_back(&before, HOME).unwrap();
    assert_eq!(read.aws.known().map(Vec::len), Some(2));
    assert_eq!(read.services.known().map(Vec::len), Some(2));
}

#[test]
fn a_policy_whose_statements_could_be_one_says_the_same_as_the_one() {
    let statement = |branch: &str| {
        json!({
            "Effect": "Allow",
            "Principal": { "Federated": "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
                "StringLike": { "token.actions.githubusercontent.com:sub": [format!("repo:acme/a:ref:refs/heads/{branch}")] },
            },
        })
    };
    let policy = |statements: Json| {
        let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        iam_policy::parse(&text, Kind::Trust).unwrap()
    };
    let two = policy(json!([statement("release/*"), statement("hotfix/*")]));
    let read = read_back(&two, HOME).unwrap();
    let again = document(&read, HOME).into_known().unwrap();
    assert!(same(&two, &again) && again.statements.as_slice().len() == 1);
    assert_eq!(read.github.known().map(Vec::len), Some(2));
    assert!(!same(&two, &policy(json!([statement("release/*"), statement("*")]))));
}

#[test]
fn subjects_that_github_entries_cannot_say_are_read_as_claims() {
    let claims = Map::from([("sub".to_owned(), texts(&["repo:acme/*:ref:refs/heads/main"]))]);
    let trust = oidc(OidcTrust {
        issuer: text("https://token.actions.githubusercontent.com"),
        audiences: texts(&["sts.amazonaws.com"]),
        claims: Attr::Known(claims),
    });
    let read = read_back(&document(&trust, HOME).into_known().unwrap(), HOME).unwrap();
    assert_eq!(read.encode(), trust.encode());
}

#[test]
fn a_policy_that_says_more_than_a_trust_can_is_not_read_back() {
    let policies = [
        json!([{ "Effect": "Deny", "Principal": { "AWS": "222222222222" }, "Action": "sts:AssumeRole" }]),
        json!([{ "Effect": "Allow", "Principal": { "AWS": "222222222222", "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }]),
        json!([{ "Effect": "Allow", "Principal": { "AWS": "222222222222" }, "Action": "sts:AssumeRole",
            "Condition": { "IpAddress": { "aws:SourceIp": "192.0.2.0/24" } } }]),
        json!([{ "Effect": "Allow", "Principal": { "AWS": "222222222222" }, "Action": "sts:*" }]),
    ];
    for statements in policies {
        let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        let policy = iam_policy::parse(&text, Kind::Trust).unwrap();
        assert!(read_back(&policy, HOME).is_none(), "{text}");
    }
}
