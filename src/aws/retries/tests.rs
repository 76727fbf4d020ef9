//! Claims about when the SDK's retries end.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_sdk_iam::config::retry::RetryPartition;
use tokio::sync::watch;

use super::*;
use crate::aws::canned::{Answer, Canned, single_read};
use crate::aws::chain::Chain;
use crate::aws::shared::Shared;
use crate::aws::{Aws, Endpoints, Kind, Settings};

const THROTTLED: Answer = Answer::Error("Throttling", "Rate exceeded");

/// A client with 25 attempts and pauses of at most `pause`.
async fn client(settings: Settings, pause: Duration) -> aws_sdk_iam::Client {
    let mut chain = Chain::load(&settings).await.unwrap();
    let retries =
        RetryConfig::standard().with_max_attempts(25).with_initial_backoff(pause).with_max_backoff(pause);
    chain.sdk = chain.sdk.into_builder().retry_config(retries).build();
    let keys = Credentials::new("id", "secret", None, None, "test");
    Shared::new(settings).iam_client(&chain, &keys, &RetryPartition::new("retries"))
}

/// A loopback URL on which nobody listens, and settings that lead to it.
async fn nowhere() -> (String, Settings) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let endpoints = Endpoints { iam: Some(url.clone()), sts: Some(url.clone()), access_analyzer: None };
    let settings = Canned::serve(|_| THROTTLED).await.settings();
    (url, Settings { endpoints, ..settings })
}

#[derive(Clone, Debug, Default)]
struct Counted(Arc<AtomicU32>);

#[dyn_dispatch_hint]
impl Intercept for Counted {
    fn name(&self) -> &'static str {
        "counted"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[tokio::test]
async fn a_refused_port_is_given_up_after_three_attempts() {
    let client = client(nowhere().await.1, Duration::from_millis(1)).await;
    let attempts = Counted::default();
    let call = client.get_role().role_name("x").customize().interceptor(attempts.clone()).send();
    let error = send("iam:GetRole", &Stop::never(), call).await.unwrap_err();
    assert_eq!((error.kind(), attempts.0.load(Ordering::Relaxed)), (Kind::Unreachable, 3), "{error}");
}

#[tokio::test]
async fn who_cannot_be_reached_is_named() {
    let (url, settings) = nowhere().await;
    let error = Aws::new(settings).account(None).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable);
    let told = format!("The endpoint is {url}, from `endpoints.sts`.");
    assert!(error.to_string().contains(&told), "{error}");

    let server = Canned::serve(|_| THROTTLED).await;
    let mut settings = server.settings();
    settings.endpoints.iam = Some(url.clone());
    let (account, stop) = (Aws::new(settings).account(None).await.unwrap(), Stop::never());
    let error = account.iam(&stop).await.unwrap().get_role("x").await.unwrap_err();
    assert!(error.to_string().contains(&format!("The endpoint is {url}, from `endpoints.iam`.")), "{error}");
}

#[tokio::test]
async fn throttling_keeps_the_attempts_of_the_settings() {
    let failures = AtomicU32::new(0);
    let server = Canned::serve(move |call| match failures.fetch_add(1, Ordering::Relaxed) {
        0..10 => THROTTLED,
        _ => single_read(call).unwrap(),
    })
    .await;
    let client = client(server.settings(), Duration::from_millis(1)).await;
    send("iam:GetRole", &Stop::never(), client.get_role().role_name("x").send()).await.unwrap();
    assert_eq!(server.calls().len(), 11);
}

#[tokio::test]
async fn asking_to_stop_while_an_attempt_is_under_way_makes_it_the_last() {
    let (ask, flag) = watch::channel(false);
    let server = Canned::serve(move |_| {
        ask.send(true).unwrap();
        THROTTLED
    })
    .await;
    let client = client(server.settings(), Duration::from_secs(3600)).await;
    let call = client.get_role().role_name("x").send();
    let error = send("iam:GetRole", &Stop::from(flag), call).await.unwrap_err();
    assert!(error.kind() == Kind::Throttled && error.to_string().ends_with(STOPPED), "{error}");
    assert_eq!(server.calls(), ["GetRole"]);
}

/// Asks to stop as soon as the pause after the first attempt has been decided on.
#[derive(Debug)]
struct AskInPause(watch::Sender<bool>);

impl ClassifyRetry for AskInPause {
    fn classify_retry(&self, _context: &InterceptorContext) -> RetryAction {
        self.0.send(true).unwrap();
        RetryAction::NoActionIndicated
    }

    fn name(&self) -> &'static str {
        "ask in pause"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(Retries.priority())
    }
}

#[tokio::test]
async fn asking_to_stop_ends_the_pause_and_tells_the_last_failure() {
    let (ask, flag) = watch::channel(false);
    let server = Canned::serve(|_| THROTTLED).await;
    let slow = client(server.settings(), Duration::from_secs(3600)).await;
    let config = slow.config().to_builder().retry_classifier(AskInPause(ask)).build();
    let client = aws_sdk_iam::Client::from_conf(config);
    let call = client.get_role().role_name("x").send();
    let error = send("iam:GetRole", &Stop::from(flag), call).await.unwrap_err();
    let told = format!("iam:GetRole failed: Throttling: Rate exceeded (request id r-1). {STOPPED}");
    assert_eq!((error.kind(), error.to_string()), (Kind::Throttled, told));
    assert_eq!(server.calls(), ["GetRole"]);
}

#[tokio::test]
async fn a_first_attempt_is_made_although_the_host_asked() {
    let (_ask, flag) = watch::channel(true);
    let server = Canned::serve(|call| single_read(call).unwrap()).await;
    let client = client(server.settings(), Duration::from_secs(3600)).await;
    let call = client.get_role().role_name("x").send();
    send("iam:GetRole", &Stop::from(flag), call).await.unwrap();
    assert_eq!(server.calls(), ["GetRole"]);
}
