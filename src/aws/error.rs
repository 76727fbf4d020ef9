//! What AWS answered when it did not do what was asked: one type to match on, print and pass along.
//!
//! Owns the classification of AWS error codes and the sentence a person reads. Never holds a credential: the
//! raw HTTP exchange is dropped here, only the code, the message and the request id are kept.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

mod explain;
mod sdk;

pub(super) use explain::{denied_by, refused_hop};
pub(super) use sdk::story;

/// What kind of failure this is: the thing to match on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `NoSuchEntity`: AWS says that it is not there. The only answer that means "gone".
    NotFound,
    /// `EntityAlreadyExists`: the name is taken, by us or by somebody else.
    AlreadyExists,
    /// The caller is known and refused: `AccessDenied` and its spellings.
    Denied,
    /// The caller's credentials are missing, expired, or not valid for this call.
    Credentials,
    /// Too many requests, and still so after every retry.
    Throttled,
    /// `MalformedPolicyDocument` whose message is "Invalid principal in policy": a principal does not exist (yet).
    InvalidPrincipal,
    /// `MalformedPolicyDocument` for any other reason; sending it again cannot help.
    Malformed,
    /// `LimitExceeded`: a quota, never retried.
    LimitExceeded,
    /// `ConcurrentModification` or `EntityTemporarilyUnmodifiable`, and still so after the bounded retries.
    Conflict,
    /// `DeleteConflict`: something still hangs on what was to be deleted.
    DeleteConflict,
    /// `InvalidInput`, `ValidationError` and kin: the request itself is wrong.
    Invalid,
    /// No answer: name lookup, connection, TLS, proxy or timeout.
    Unreachable,
    /// The provider's own settings forbid or do not describe what was asked; nothing was sent.
    Configuration,
    /// The host asked to stop before the work began; nothing was sent.
    Stopped,
    /// Anything else; [`Error::code`] has AWS's word for it.
    Other,
}

/// A failure, cheap to clone, whose `Display` is the whole story: operation, account, code, message, request id
/// and, where there is something useful to say, what to do.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    operation: Cow<'static, str>,
    account_id: Option<String>,
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    advice: Vec<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// A failure of our own making, with no AWS answer behind it.
    pub(crate) fn new(
        kind: Kind,
        operation: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self(Arc::new(Inner {
            kind,
            operation: operation.into(),
            account_id: None,
            code: None,
            message: message.into(),
            request_id: None,
            advice: Vec::new(),
            source: None,
        }))
    }

    /// The kind to match on.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// What was tried, as IAM names it: `iam:CreateRole`, `sts:AssumeRole`.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.0.operation
    }

    /// The account in which it was tried, where that is known.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        self.0.account_id.as_deref()
    }

    /// AWS's error code, such as `EntityAlreadyExists`; none when AWS did not answer.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// AWS's message, without the code and without advice.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The id under which AWS can find the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// What a person can do about it, sentence by sentence; may be empty.
    #[must_use]
    pub fn advice(&self) -> &[String] {
        &self.0.advice
    }

    /// The same failure with one more sentence of advice.
    #[must_use]
    pub(crate) fn advise(self, sentence: impl Into<String>) -> Self {
        self.with(|inner| inner.advice.push(sentence.into()))
    }

    /// The same failure with the account in which it happened, unless that is known already.
    #[must_use]
    pub(crate) fn in_account(self, account_id: &str) -> Self {
        self.with(|inner| {
            inner.account_id.get_or_insert_with(|| account_id.to_owned());
        })
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "{}", inner.operation)?;
        if let Some(account_id) = &inner.account_id {
            write!(f, " in account {account_id}")?;
        }
        f.write_str(" failed: ")?;
        if let Some(code) = &inner.code {
            write!(f, "{code}: ")?;
        }
        f.write_str(inner.message.trim_end_matches('.'))?;
        if let Some(request_id) = &inner.request_id {
            write!(f, " (request id {request_id})")?;
        }
        f.write_str(".")?;
        for sentence in &inner.advice {
            write!(f, " {sentence}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    /// The sentence, not the fields: the source may print more than is good for a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sentence_carries_everything() {
        let error = Error::new(Kind::Denied, "iam:CreateRole", "not authorized.")
            .in_account("111111111111")
            .in_account("222222222222")
            .advise("Ask the owner of the policy.");
        assert_eq!(
            error.to_string(),
            "iam:CreateRole in account 111111111111 failed: not authorized. Ask the owner of the policy."
        );
        assert_eq!(error.account_id(), Some("111111111111"));
    }

    #[test]
    fn advice_to_a_clone_leaves_the_first_alone() {
        let first = Error::new(Kind::Other, "iam:GetRole", "x");
        let second = first.clone().advise("More.");
        assert!(first.advice().is_empty());
        assert_eq!(second.advice(), ["More."]);
    }
}
