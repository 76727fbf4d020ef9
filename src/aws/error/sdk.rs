//! From the SDK's errors to ours. The one place that knows AWS's error codes.

use std::error::Error as StdError;
use std::sync::Arc;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::{Error, Kind};

impl Error {
    /// The SDK's answer to `operation`, without its raw response: an answer of STS may hold credentials.
    pub(in crate::aws) fn from_sdk<E>(operation: &'static str, error: SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        let request_id = error.request_id().map(str::to_owned);
        let (kind, code, message) = match &error {
            SdkError::ServiceError(answer) => {
                from_answer(answer.err().meta(), answer.raw().status().as_u16())
            }
            SdkError::TimeoutError(_) => (Kind::Unreachable, None, "no answer before the timeout".to_owned()),
            SdkError::DispatchFailure(failure) if failure.is_timeout() || failure.is_io() => {
                (Kind::Unreachable, None, cause(failure.as_connector_error()))
            }
            SdkError::DispatchFailure(failure) => (Kind::Other, None, cause(failure.as_connector_error())),
            SdkError::ResponseError(answer) => {
                let status = answer.raw().status().as_u16();
                (Kind::Other, None, format!("an answer with HTTP status {status} that is not AWS's"))
            }
            other => (Kind::Other, None, other.to_string()),
        };
        Self::new(kind, operation, message).with(|inner| {
            inner.code = code;
            inner.request_id = request_id;
            inner.source = error.into_source().ok().map(Arc::from);
        })
    }

    /// How one attempt failed that the SDK would repeat: the same as [`Error::from_sdk`] tells of the last one.
    pub(in crate::aws) fn from_attempt<E>(operation: &'static str, context: &InterceptorContext) -> Self
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        let error = context.output_or_error().and_then(|outcome| outcome.err());
        let answer = error.and_then(|error| error.as_operation_error()?.downcast_ref::<E>());
        if let Some(answer) = answer {
            let status = context.response().map_or(0, |response| response.status().as_u16());
            let (kind, code, message) = from_answer(answer.meta(), status);
            return Self::new(kind, operation, message).with(|inner| {
                inner.code = code;
                inner.request_id = answer.meta().request_id().map(str::to_owned);
            });
        }
        match error.and_then(|error| error.as_connector_error()) {
            Some(error) => Self::new(Kind::Unreachable, operation, story(error)),
            None => {
                Self::new(Kind::Other, operation, "the last attempt brought no answer that could be read")
            }
        }
    }
}

fn cause(error: Option<&(impl StdError + 'static)>) -> String {
    error.map_or_else(|| "the request could not be sent".to_owned(), |error| story(error))
}

/// An error and its causes in one line. Some say again what their cause says; that is left out.
pub(in crate::aws) fn story(error: &(dyn StdError + 'static)) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !told.contains(&text) {
            told.push_str(": ");
            told.push_str(&text);
        }
        cause = error.source();
    }
    told
}

fn from_answer(meta: &aws_smithy_types::error::ErrorMetadata, status: u16) -> (Kind, Option<String>, String) {
    let code = meta.code().unwrap_or_default();
    let message = meta.message().unwrap_or_default();
    let text = if message.is_empty() { format!("HTTP status {status}") } else { message.to_owned() };
    (classify(code, message), (!code.is_empty()).then(|| code.to_owned()), text)
}

/// The kind of an AWS error code. IAM's query protocol and newer services spell some codes with `Exception`.
fn classify(code: &str, message: &str) -> Kind {
    match code.strip_suffix("Exception").unwrap_or(code) {
        "NoSuchEntity" => Kind::NotFound,
        "EntityAlreadyExists" => Kind::AlreadyExists,
        "AccessDenied" | "UnauthorizedOperation" | "NotAuthorized" | "AuthorizationError" => Kind::Denied,
        "InvalidClientTokenId"
        | "UnrecognizedClient"
        | "ExpiredToken"
        | "SignatureDoesNotMatch"
        | "InvalidAccessKeyId"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "InvalidIdentityToken" => Kind::Credentials,
        "Throttling"
        | "Throttled"
        | "RequestLimitExceeded"
        | "TooManyRequests"
        | "SlowDown"
        | "RequestThrottled" => Kind::Throttled,
        "MalformedPolicyDocument" if message.contains("Invalid principal in policy") => {
            Kind::InvalidPrincipal
        }
        "MalformedPolicyDocument" | "MalformedPolicy" => Kind::Malformed,
        "LimitExceeded" => Kind::LimitExceeded,
        "ConcurrentModification" | "EntityTemporarilyUnmodifiable" => Kind::Conflict,
        "DeleteConflict" => Kind::DeleteConflict,
        "InvalidInput" | "Validation" | "ValidationError" | "InvalidParameterValue" => Kind::Invalid,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_tells_every_cause_once() {
        let inner = Error::new(Kind::Other, "a", "no route to host");
        let text = inner.to_string();
        let outer = Error::new(Kind::Other, "b", format!("failed because {text}"));
        let outer = outer.with(|outer| outer.source = Some(Arc::new(inner)));
        assert_eq!(story(&outer).matches("no route to host").count(), 1);
    }

    #[test]
    fn every_documented_code_has_its_kind() {
        for (code, message, kind) in [
            ("NoSuchEntity", "", Kind::NotFound),
            ("NoSuchEntityException", "", Kind::NotFound),
            ("EntityAlreadyExists", "", Kind::AlreadyExists),
            ("AccessDenied", "", Kind::Denied),
            ("AccessDeniedException", "", Kind::Denied),
            ("InvalidClientTokenId", "", Kind::Credentials),
            ("ThrottlingException", "", Kind::Throttled),
            (
                "MalformedPolicyDocument",
                "Invalid principal in policy: \"AWS\":\"arn\"",
                Kind::InvalidPrincipal,
            ),
            ("MalformedPolicyDocument", "Syntax errors in policy.", Kind::Malformed),
            ("LimitExceeded", "", Kind::LimitExceeded),
            ("ConcurrentModification", "", Kind::Conflict),
            ("EntityTemporarilyUnmodifiable", "", Kind::Conflict),
            ("DeleteConflict", "", Kind::DeleteConflict),
            ("ValidationError", "", Kind::Invalid),
            ("ServiceFailure", "", Kind::Other),
        ] {
            assert_eq!(classify(code, message), kind, "{code}");
        }
    }
}
