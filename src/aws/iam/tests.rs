//! Claims about what is tried again, for how long, and what a person is told after it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::watch;

use super::*;
use crate::aws::canned::{Answer, Call, Canned, done, role_fields};
use crate::aws::{Aws, Secret, Settings};

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
    "Principal":{"AWS":["arn:aws:iam::222222222222:role/late","333333333333"]}}]}"#;

/// Fails the first `failures` calls, then succeeds.
fn after(failures: u32, error: (&'static str, &'static str)) -> impl Fn(&Call) -> Answer {
    let left = AtomicU32::new(failures);
    move |call| {
        let failing =
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
        match call.action() {
            _ if failing => Answer::Error(error.0, error.1),
            "CreateRole" => Answer::Result(format!("<Role>{}</Role>", role_fields("new", "AROANEW"))),
            _ => done(),
        }
    }
}

const PRINCIPAL: (&str, &str) = (
    "MalformedPolicyDocument",
    "Invalid principal in policy: \"AWS\":\"arn:aws:iam::222222222222:role/late\"",
);
const NO_ROLE: (&str, &str) = ("NoSuchEntity", "The role with name new cannot be found.");
const NO_POLICY: (&str, &str) =
    ("NoSuchEntity", "Policy arn:aws:iam::aws:policy/None does not exist or is not attachable.");

fn new_role(tags: &BTreeMap<String, String>) -> NewRole<'_> {
    NewRole {
        name: "new",
        path: "/",
        assume_role_policy: TRUST,
        description: None,
        max_session_duration: 3600,
        permissions_boundary: None,
        tags,
    }
}

#[tokio::test]
async fn a_principal_that_is_late_is_waited_for() {
    let server = Canned::serve(after(2, PRINCIPAL)).await;
    let (account, stop) = (server.account().await, Stop::never());
    let iam = account.iam(&stop).await.unwrap();
    let created = iam.create_role(&new_role(&BTreeMap::new())).await.unwrap();
    assert_eq!(
        (created.unique_id.as_str(), created.create_date.as_str()),
        ("AROANEW", "2026-01-02T03:04:05Z")
    );
    assert_eq!(server.calls(), ["CreateRole"; 3]);
}

#[tokio::test]
async fn a_principal_that_never_comes_is_named() {
    let server = Canned::serve(after(u32::MAX, PRINCIPAL)).await;
    let (account, stop) = (server.impatient_account().await, Stop::never());
    let error = account.iam(&stop).await.unwrap().update_assume_role_policy("new", TRUST).await.unwrap_err();
    assert_eq!(error.kind(), Kind::InvalidPrincipal);
    let text = error.to_string();
    assert!(text.contains("(arn:aws:iam::222222222222:role/late)") && text.contains("Tried again"), "{text}");
    assert!(server.calls().len() > 1);
}

#[tokio::test]
async fn another_fault_of_the_document_fails_at_once() {
    let server =
        Canned::serve(after(u32::MAX, ("MalformedPolicyDocument", "Syntax errors in policy."))).await;
    let (account, stop) = (server.account().await, Stop::never());
    let error = account.iam(&stop).await.unwrap().create_role(&new_role(&BTreeMap::new())).await.unwrap_err();
    assert_eq!((error.kind(), error.request_id()), (Kind::Malformed, Some("r-1")));
    assert_eq!(server.calls(), ["CreateRole"]);
}

#[tokio::test]
async fn a_new_role_is_waited_for_and_an_old_one_is_not() {
    let (stop, server) = (Stop::never(), Canned::serve(after(2, NO_ROLE)).await);
    let account = server.account().await;
    let error = account.iam(&stop).await.unwrap().put_role_policy("new", "p", "{}").await.unwrap_err();
    assert_eq!((error.kind(), server.calls().len()), (Kind::NotFound, 1));
    account.iam(&stop).await.unwrap().for_new_role().put_role_policy("new", "p", "{}").await.unwrap();
    assert_eq!(server.calls().len(), 3);
}

#[tokio::test]
async fn a_policy_that_does_not_exist_is_not_waited_for() {
    let server = Canned::serve(after(u32::MAX, NO_POLICY)).await;
    let (account, stop) = (server.account().await, Stop::never());
    let iam = account.iam(&stop).await.unwrap().for_new_role();
    assert_eq!(
        iam.attach_role_policy("new", "arn:aws:iam::aws:policy/None").await.unwrap_err().kind(),
        Kind::NotFound
    );
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn the_wish_to_stop_ends_the_waiting_but_not_the_call() {
    let server = Canned::serve(after(u32::MAX, ("ConcurrentModification", "busy"))).await;
    let (ask, flag) = watch::channel(false);
    let (account, stop) = (server.account().await, Stop::from(flag));
    ask.send(true).unwrap();
    let error = account.iam(&stop).await.unwrap().tag_role("new", &BTreeMap::new()).await.unwrap_err();
    assert!(error.to_string().contains("asked to stop"), "{error}");
    assert_eq!(server.calls(), ["TagRole"]);
}

#[tokio::test]
async fn a_session_token_without_mfa_is_recognized() {
    let refused = ("InvalidClientTokenId", "The security token included in the request is invalid");
    let server = Canned::serve(after(u32::MAX, refused)).await;
    let keys = Settings {
        access_key: Some("ASIAEXAMPLE".to_owned()),
        token: Some(Secret::new("token")),
        ..server.settings()
    };
    let (account, stop) = (Aws::new(keys).account(None).await.unwrap(), Stop::never());
    let error = account.iam(&stop).await.unwrap().get_role("x").await.unwrap_err();
    assert_eq!(error.kind(), Kind::Credentials);
    assert!(error.to_string().contains("sts:GetSessionToken"), "{error}");
    let (account, stop) = (server.account().await, Stop::never());
    let error = account.iam(&stop).await.unwrap().get_role("x").await.unwrap_err();
    assert!(!error.to_string().contains("sts:GetSessionToken"), "long-lived keys: {error}");
}

#[tokio::test]
async fn lists_go_to_their_last_page() {
    let server = Canned::serve(|call| {
        let page = if call.get("Marker").is_empty() {
            "<PolicyNames><member>a</member></PolicyNames><IsTruncated>true</IsTruncated><Marker>2</Marker>"
        } else {
            "<PolicyNames><member>b</member></PolicyNames><IsTruncated>false</IsTruncated>"
        };
        Answer::Result(page.to_owned())
    })
    .await;
    let (account, stop) = (server.account().await, Stop::never());
    assert_eq!(account.iam(&stop).await.unwrap().list_role_policies("x").await.unwrap(), ["a", "b"]);
}

#[tokio::test]
async fn a_dead_endpoint_is_unreachable_and_says_why() {
    let settings = Canned::serve(|_| done()).await.settings();
    let nowhere = Some("http://127.0.0.1:1".to_owned());
    let endpoints = crate::aws::Endpoints { sts: nowhere, ..settings.endpoints.clone() };
    let error = Aws::new(Settings { endpoints, ..settings }).account(None).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable);
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn no_error_shows_a_secret() {
    let server = Canned::serve(after(u32::MAX, ("AccessDenied", "no"))).await;
    let keys = Settings { secret_key: Some(Secret::new("hunter2")), ..server.settings() };
    let account: Arc<_> = Aws::new(keys).account(None).await.unwrap();
    let stop = Stop::never();
    let error = account.iam(&stop).await.unwrap().get_role("x").await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    let all = format!("{error} {error:?} {source} {source:?} {account:?}");
    assert!(!all.contains("hunter2"), "{all}");
}
