//! An AWS account as a test sees it, beside Terraform: callers with keys, faults, and the record of calls.
//!
//! Owns identity and refusals. What is done to roles is in `role.rs`.

use std::future::Future;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use aws_credential_types::Credentials;
use aws_sdk_iam::config::retry::RetryConfig;
use aws_sdk_iam::config::{BehaviorVersion, Region};
use aws_sdk_iam::error::{ProvideErrorMetadata, SdkError};
use tokio::runtime::Runtime;

use super::emulator::{Fault, Server};

/// One runtime for every caller of every test: tests are threads, and each waits for its own calls.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime needs two threads"));

/// Somebody with a key: the root of an account, or a session of a role. Tries everything once.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    iam: aws_sdk_iam::Client,
    sts: aws_sdk_sts::Client,
    endpoint: String,
}

/// Why AWS said no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// AWS's code, such as `AccessDenied`.
    pub(crate) code: String,
    /// AWS's sentence.
    pub(crate) message: String,
}

impl Caller {
    fn new(endpoint: &str, credentials: &Credentials) -> Self {
        let iam = aws_sdk_iam::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .retry_config(RetryConfig::disabled())
            .endpoint_url(endpoint)
            .credentials_provider(credentials.clone())
            .build();
        let sts = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .retry_config(RetryConfig::disabled())
            .endpoint_url(endpoint)
            .credentials_provider(credentials.clone())
            .build();
        Self {
            iam: aws_sdk_iam::Client::from_conf(iam),
            sts: aws_sdk_sts::Client::from_conf(sts),
            endpoint: endpoint.to_owned(),
        }
    }

    /// IAM as this caller; for calls that have no word of their own here, with [`Caller::attempt`].
    pub(crate) fn iam(&self) -> &aws_sdk_iam::Client {
        &self.iam
    }

    /// Waits for one call of IAM or STS. An answer that is no answer of AWS (a broken connection) fails the test.
    pub(crate) fn attempt<Done, E, Response>(
        &self,
        call: impl Future<Output = Result<Done, SdkError<E, Response>>>,
    ) -> Result<Done, Refusal>
    where
        SdkError<E, Response>: std::error::Error,
        E: ProvideErrorMetadata,
    {
        RUNTIME.block_on(call).map_err(|error| match error.as_service_error() {
            Some(refused) => Refusal {
                code: refused.code().unwrap_or_default().to_owned(),
                message: refused.message().unwrap_or_default().to_owned(),
            },
            None => panic!("no answer from the emulator: {error:?}"),
        })
    }

    /// Waits for a call that the test needs done; fails the test when AWS says no.
    #[track_caller]
    pub(crate) fn must<Done, E, Response>(
        &self,
        call: impl Future<Output = Result<Done, SdkError<E, Response>>>,
    ) -> Done
    where
        SdkError<E, Response>: std::error::Error,
        E: ProvideErrorMetadata,
    {
        self.attempt(call).unwrap_or_else(|Refusal { code, message }| panic!("AWS said {code}: {message}"))
    }

    /// A session of the role, or why there is none.
    pub(crate) fn assume(&self, role_arn: &str, external_id: Option<&str>) -> Result<Self, Refusal> {
        let call = self.sts.assume_role().role_arn(role_arn).role_session_name("test");
        let assumed = self.attempt(call.set_external_id(external_id.map(str::to_owned)).send())?;
        Ok(self.session(assumed.credentials().expect("an answer carries credentials")))
    }

    /// A session of the role for whoever holds the token of a CI system, or why there is none.
    pub(crate) fn assume_with_token(&self, role_arn: &str, token: &str) -> Result<Self, Refusal> {
        let call = self.sts.assume_role_with_web_identity().role_arn(role_arn).role_session_name("test");
        let assumed = self.attempt(call.web_identity_token(token).send())?;
        Ok(self.session(assumed.credentials().expect("an answer carries credentials")))
    }

    fn session(&self, keys: &aws_sdk_sts::types::Credentials) -> Self {
        let token = Some(keys.session_token().to_owned());
        let credentials =
            Credentials::new(keys.access_key_id(), keys.secret_access_key(), token, None, "session");
        Self::new(&self.endpoint, &credentials)
    }

    /// The ARN that AWS knows this caller by.
    #[track_caller]
    pub(crate) fn arn(&self) -> String {
        self.must(self.sts.get_caller_identity().send()).arn().unwrap_or_default().to_owned()
    }
}

/// An account, and its root as a caller.
#[derive(Clone)]
pub(crate) struct Account {
    id: String,
    root: Caller,
    server: Arc<Server>,
    /// Roles that make the account reachable and are no test's product, with the policies they hold.
    fixtures: Vec<String>,
}

impl Deref for Account {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.root
    }
}

impl Account {
    pub(crate) fn new(id: String, server: Arc<Server>) -> Self {
        // On both emulators a key of twelve digits is the root of the account that it spells.
        let root = Caller::new(&server.endpoint(), &Credentials::new(&id, "test", None, None, "root"));
        Self { id, root, server, fixtures: Vec::new() }
    }

    /// Twelve digits.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// A user of this account who may do everything that others let them. Goes with the emulator.
    #[track_caller]
    pub(crate) fn user(&self, name: &str) -> Caller {
        let iam = self.root.iam();
        self.must(iam.create_user().user_name(name).send());
        let everything = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }],
        });
        let grant = iam.put_user_policy().user_name(name).policy_name("everything");
        self.must(grant.policy_document(everything.to_string()).send());
        let answer = self.must(iam.create_access_key().user_name(name).send());
        let key = answer.access_key().expect("an answer carries the key");
        let credentials = Credentials::new(key.access_key_id(), key.secret_access_key(), None, None, "user");
        Caller::new(&self.server.endpoint(), &credentials)
    }

    /// The actions called in this account so far, the test's own included, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.server.calls(&self.id)
    }

    /// The actions that `work` causes in this account.
    pub(crate) fn calls_during(&self, work: impl FnOnce()) -> Vec<String> {
        let before = self.calls().len();
        work();
        self.calls().split_off(before)
    }

    /// Says that the test's setting put `role` there, so that it is not taken for something left behind.
    pub(crate) fn expect_fixture(&mut self, role: &str) {
        self.fixtures.push(role.to_owned());
    }

    pub(crate) fn is_fixture(&self, role: &str) -> bool {
        self.fixtures.iter().any(|fixture| fixture == role)
    }

    /// Dates what this account answers as many seconds later than it is; earlier, if negative. ministack only.
    pub(crate) fn set_clock_ahead(&self, seconds: i64) {
        self.server.set_clock_ahead(&self.id, seconds);
    }

    /// A token with these claims, signed by the issuer of that URL. ministack only.
    pub(crate) fn token(&self, claims: &serde_json::Value, signed_by: &str) -> String {
        self.server.token(claims, signed_by)
    }

    /// Answers the next calls of `action` in this account with `fault` and not with the emulator's answer; a fault of
    /// no times ends an earlier one.
    pub(crate) fn answer_with(&self, action: &str, fault: Fault) {
        self.server.answer_with(&self.id, action, fault);
    }
}
