//! Claims about how the settings of the provider block reach AWS.

use std::io::Write as _;
use std::sync::Mutex;

use super::canned::{ACCOUNT, Answer, Call, Canned, done, session};
use super::*;

const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/deploy/run";
const LATER: &str = "2099-01-01T00:00:00Z";

/// A server that answers every AssumeRole, and what the last call held.
async fn remembering(names: &'static [&'static str]) -> (Canned, Arc<Mutex<Vec<String>>>) {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let record = Arc::clone(&seen);
    let server = Canned::serve(move |call: &Call| {
        *record.lock().unwrap() = names.iter().map(|name| call.get(name).to_owned()).collect();
        if call.action().starts_with("AssumeRole") { session(SESSION, LATER) } else { done() }
    })
    .await;
    (server, seen)
}

fn hop() -> Hop {
    Hop { role_arn: format!("arn:aws:iam::{ACCOUNT}:role/deploy"), ..Hop::default() }
}

#[tokio::test]
async fn every_argument_of_a_hop_is_sent() {
    let (server, seen) = remembering(&[
        "RoleArn",
        "RoleSessionName",
        "ExternalId",
        "DurationSeconds",
        "Policy",
        "PolicyArns.member.1.arn",
        "SourceIdentity",
        "Tags.member.1.Key",
        "TransitiveTagKeys.member.1",
    ])
    .await;
    let full = Hop {
        session_name: Some("run-7".to_owned()),
        external_id: Some("e".to_owned()),
        duration: Some(900),
        policy: Some("{}".to_owned()),
        policy_arns: vec!["arn:p".to_owned()],
        source_identity: Some("alice".to_owned()),
        tags: [("team".to_owned(), "x".to_owned())].into(),
        transitive_tag_keys: vec!["team".to_owned()],
        ..hop()
    };
    let aws = Aws::new(Settings { assume_role: vec![full], ..server.settings() });
    assert_eq!(aws.account(None).await.unwrap().identity().arn, SESSION);
    let arn = hop().role_arn;
    assert_eq!(
        *seen.lock().unwrap(),
        [arn.as_str(), "run-7", "e", "900", "{}", "arn:p", "alice", "team", "team"]
    );
    let aws = Aws::new(Settings { assume_role: vec![hop()], ..server.settings() });
    aws.account(None).await.unwrap();
    let nothing = [arn.as_str(), "terraform-provider-deployrunner", "", "", "", "", "", "", ""];
    assert_eq!(*seen.lock().unwrap(), nothing);
}

#[tokio::test]
async fn a_web_identity_token_is_read_from_its_file_and_the_call_is_not_signed() {
    let (server, seen) = remembering(&["Action", "WebIdentityToken", ":authorization"]).await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "token-of-the-run").unwrap();
    let web = WebIdentity {
        role_arn: hop().role_arn,
        session_name: None,
        duration: None,
        token: WebIdentityToken::File(file.path().to_owned()),
    };
    let aws = Aws::new(Settings { assume_role_with_web_identity: Some(web), ..server.settings() });
    assert_eq!(aws.account(None).await.unwrap().identity().role_name(), Some("deploy"));
    assert_eq!(*seen.lock().unwrap(), ["AssumeRoleWithWebIdentity", "token-of-the-run", ""]);
}

#[tokio::test]
async fn a_profile_of_the_named_files_is_used() {
    let (server, seen) = remembering(&[":authorization", ":x-amz-user-agent"]).await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "[ci]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s").unwrap();
    let aws = Aws::new(Settings {
        access_key: None,
        secret_key: None,
        profile: Some("ci".to_owned()),
        shared_credentials_files: vec![file.path().to_owned()],
        user_agent: Some("terraform-provider-deployrunner/9.9.9".to_owned()),
        assume_role: vec![hop()],
        ..server.settings()
    });
    aws.account(None).await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen[0].contains("Credential=AKIAPROFILE/"), "{}", seen[0]);
    assert!(seen[1].contains("app/terraform-provider-deployrunner-9.9.9"), "{}", seen[1]);
}

#[tokio::test]
async fn a_profile_that_is_not_there_says_where_to_look() {
    let server = Canned::serve(|_| done()).await;
    let empty = tempfile::NamedTempFile::new().unwrap();
    let settings = Settings {
        access_key: None,
        secret_key: None,
        profile: Some("no-such-profile".to_owned()),
        shared_config_files: vec![empty.path().to_owned()],
        shared_credentials_files: vec![empty.path().to_owned()],
        ..server.settings()
    };
    let error = Aws::new(settings).account(None).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Credentials);
    assert!(error.to_string().contains("no-such-profile"), "{error}");
}

#[tokio::test]
async fn a_proxy_gets_every_request() {
    let proxy = Canned::serve(|_| session(SESSION, LATER)).await;
    let settings = proxy.settings();
    let endpoint = settings.endpoints.sts.clone();
    let aws = Aws::new(Settings {
        http_proxy: endpoint,
        endpoints: Endpoints { sts: Some("http://sts.example.invalid".to_owned()), ..Endpoints::default() },
        assume_role: vec![hop()],
        ..settings
    });
    aws.account(None).await.unwrap();
    assert_eq!(proxy.calls(), ["AssumeRole"]);
}

#[tokio::test]
async fn a_session_that_is_about_to_end_is_renewed() {
    let server = Canned::serve(|call| match call.action() {
        "AssumeRole" => session(SESSION, "2020-01-01T00:00:00Z"),
        _ => Answer::Error("NoSuchEntity", "no such role"),
    })
    .await;
    let aws = Aws::new(Settings { assume_role: vec![hop()], ..server.settings() });
    let (account, stop) = (aws.account(None).await.unwrap(), Stop::never());
    for _ in 0..2 {
        account.iam(&stop).await.unwrap();
    }
    assert_eq!(server.calls(), ["AssumeRole"; 3]);
}

#[tokio::test]
async fn making_it_touches_nothing_and_the_partition_asks_nobody() {
    let server = Canned::serve(|_| done()).await;
    let missing = Settings { custom_ca_bundle: Some("/no/such/ca.pem".into()), ..server.settings() };
    let aws = Aws::new(missing);
    assert_eq!(aws.partition().await.unwrap_err().kind(), Kind::Configuration);
    let gov = Settings { region: Some("us-gov-west-1".to_owned()), ..server.settings() };
    assert_eq!(Aws::new(gov).partition().await.unwrap(), "aws-us-gov");
    assert!(server.calls().is_empty());
}
