//! What is added to the SDK's retries: an endpoint that cannot be reached is given up early, and the host's wish to
//! stop ends the pause between two attempts.
//!
//! Throttling and errors of the server keep the attempts of the settings. An attempt under way is always heard out.

use std::cell::{Cell, RefCell};
use std::error::Error as StdError;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use aws_sdk_iam::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_iam::config::retry::{RetryPartition, TokenBucket};
use aws_sdk_iam::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::{Error, Stop};

/// In a row and without any answer: enough for a lost packet, and a wrong URL is reported within seconds.
const UNREACHED_ATTEMPTS: u32 = 3;

const STOPPED: &str = "Not tried again, since the run was asked to stop.";

tokio::task_local! {
    /// The SDK polls its hooks within the future of the call, so this is how they know which call they serve.
    static CALL: Call;
}

struct Call {
    operation: &'static str,
    stop: Stop,
    describe: fn(&'static str, &InterceptorContext) -> Error,
    /// Attempts in a row that reached nobody.
    unreached: Cell<u32>,
    /// How the last attempt failed; none while one is under way.
    failure: RefCell<Option<Error>>,
    /// Whether there would be another attempt, had the host not asked to stop.
    cut_short: Cell<bool>,
}

/// A pace of their own for the calls that AWS throttles together.
///
/// Without the SDK's quota of retries: it is meant for a service that is down, and hundreds of accounts that are entered
/// at the same time, each throttled once, would use it up and fail.
pub(super) fn partition(name: &'static str) -> RetryPartition {
    RetryPartition::custom(name).token_bucket(TokenBucket::unlimited()).build()
}

/// Sends one call of a client that has [`Retries`], with all its attempts.
///
/// # Errors
/// What the last attempt failed with; when the host asked to stop, the error says that it was the last for that.
pub(super) async fn send<T, E>(
    operation: &'static str,
    stop: &Stop,
    call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
) -> Result<T, Error>
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    // The SDK's futures are large and deep; erased, they stay out of those that await this one.
    let mut call: Pin<Box<dyn Future<Output = _> + Send + '_>> = Box::pin(call);
    let local = Call {
        operation,
        stop: stop.clone(),
        describe: Error::from_attempt::<E>,
        unreached: Cell::new(0),
        failure: RefCell::new(None),
        cut_short: Cell::new(false),
    };
    let heard = CALL.scope(local, async {
        let mut asked = pin!(stop.asked());
        let mut stopping = false;
        poll_fn(|context| {
            if let Poll::Ready(answer) = call.as_mut().poll(context) {
                let cut_short = CALL.with(|call| call.cut_short.get());
                return Poll::Ready(answer.map_err(|error| match Error::from_sdk(operation, error) {
                    error if cut_short => error.advise(STOPPED),
                    error => error,
                }));
            }
            stopping = stopping || asked.as_mut().poll(context).is_ready();
            match CALL.with(|call| call.failure.borrow().clone()) {
                Some(failure) if stopping => Poll::Ready(Err(failure.advise(STOPPED))),
                _ => Poll::Pending,
            }
        })
        .await
    });
    heard.await
}

/// The SDK's hooks of [`send`]: the one that decides about the next attempt, and the one that sees it begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retries;

impl ClassifyRetry for Retries {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        self.classify_retry_v2(context, &RetryAction::NoActionIndicated)
    }

    fn classify_retry_v2(&self, context: &InterceptorContext, previous: &RetryAction) -> RetryAction {
        CALL.try_with(|call| call.classify(context, previous)).unwrap_or_default()
    }

    fn name(&self) -> &'static str {
        "deployrunner"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

impl Call {
    fn classify(&self, context: &InterceptorContext, previous: &RetryAction) -> RetryAction {
        let reached =
            !matches!(context.output_or_error(), Some(Err(error)) if error.as_connector_error().is_some());
        self.unreached.set(if reached { 0 } else { self.unreached.get() + 1 });
        if self.unreached.get() >= UNREACHED_ATTEMPTS {
            return RetryAction::RetryForbidden;
        }
        if previous.should_retry() {
            if self.stop.is_asked() {
                self.cut_short.set(true);
                return RetryAction::RetryForbidden;
            }
            self.failure.replace(Some((self.describe)(self.operation, context)));
        }
        RetryAction::NoActionIndicated
    }
}

#[dyn_dispatch_hint]
impl Intercept for Retries {
    fn name(&self) -> &'static str {
        "deployrunner"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Outside `send` there is nobody to tell.
        let _ = CALL.try_with(|call| call.failure.take());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
