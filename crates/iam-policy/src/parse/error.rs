//! Why a document was refused, and where.
//!
//! Owns the wording. Never decides what is wrong.

use thiserror::Error;

use super::{json::Node, place};

/// A document that IAM would refuse: the place, the reason, and what IAM wants.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("at {}line {line}, column {column}: {reason}", path_prefix(path))]
pub struct ParseError {
    path: String,
    line: usize,
    column: usize,
    reason: Reason,
}

impl ParseError {
    /// The place in the document, such as `Statement[1].Sid`; empty for the document itself and for text that is not
    /// JSON.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line in the text, from one.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in its line, from one, in characters.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// What is wrong there.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }
}

/// What is wrong at a place of a document.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The text is not JSON.
    #[error("not JSON: {detail}")]
    NotJson {
        /// What a JSON reader stumbled over.
        detail: String,
    },
    /// A character that IAM takes in no document.
    #[error(
        "character `{found}` (U+{:04X}), IAM wants only tab, line feed, carriage return and U+0020 to U+00FF",
        u32::from(*found)
    )]
    ForbiddenCharacter {
        /// The character.
        found: char,
    },
    /// Another type of JSON value than the element takes.
    #[error("found {found}, IAM wants {wanted}")]
    WrongShape {
        /// What the element takes.
        wanted: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// A key that its object already has.
    #[error(
        "second `{found}` in one object, IAM wants each key once: readers differ in which of the two counts"
    )]
    DuplicateKey {
        /// The key.
        found: String,
    },
    /// A condition operator or key that differs from an earlier one in case only.
    #[error(
        "second `{found}` in one object, IAM wants each once and ignores case here: join their values in one list"
    )]
    DuplicateCondition {
        /// The operator or key.
        found: String,
    },
    /// An element that is none of IAM's.
    #[error("unknown element `{found}`{}", hint(nearest.as_ref()))]
    UnknownElement {
        /// The element's name.
        found: String,
        /// The name that was probably meant.
        nearest: Option<String>,
    },
    /// A version of the policy language that does not exist.
    #[error("unknown version `{found}`, IAM wants `2012-10-17` or the older `2008-10-17`")]
    UnknownVersion {
        /// The version.
        found: String,
    },
    /// An element that must be there.
    #[error("missing {element}, IAM wants it in {owner}")]
    Missing {
        /// The element, in backticks.
        element: &'static str,
        /// What must have it.
        owner: &'static str,
    },
    /// An element together with its opposite.
    #[error("both `{element}` and `Not{element}`, IAM wants one of them")]
    BothForms {
        /// The element's plain form.
        element: &'static str,
    },
    /// `Principal` or `NotPrincipal` in an identity policy.
    #[error(
        "`{element}` in an identity policy, IAM wants none there: whoever holds the policy is the principal"
    )]
    PrincipalInIdentity {
        /// The form that was found.
        element: &'static str,
    },
    /// `NotPrincipal` in a trust policy.
    #[error(
        "`NotPrincipal` in a trust policy, IAM wants `Principal` there: to leave somebody out, deny with a condition on \
         `aws:PrincipalArn`"
    )]
    NotPrincipalInTrust,
    /// `Resource` or `NotResource` in a trust policy.
    #[error("`{element}` in a trust policy, IAM wants none there: the role itself is the resource")]
    ResourceInTrust {
        /// The form that was found.
        element: &'static str,
    },
    /// An effect that is neither of the two.
    #[error("unknown effect `{found}`, IAM wants `Allow` or `Deny` in exactly this case")]
    UnknownEffect {
        /// The effect.
        found: String,
    },
    /// A `Sid` with other characters than letters and digits.
    #[error("`Sid` `{found}` is not made of A-Z, a-z and 0-9 alone, IAM wants no other character")]
    BadSid {
        /// The `Sid`.
        found: String,
    },
    /// A `Sid` that an earlier statement has.
    #[error("second statement with the `Sid` `{found}`, IAM wants each `Sid` once in a document")]
    DuplicateSid {
        /// The `Sid`.
        found: String,
    },
    /// A list without members.
    #[error("empty list, IAM wants at least one member")]
    EmptyList,
    /// An action in no form that IAM knows.
    #[error("action `{found}` is not `*` or of the form `service:Name`, such as `s3:GetObject` or `s3:Get*`")]
    BadAction {
        /// The action.
        found: String,
    },
    /// An action of another service in a trust policy.
    #[error(
        "action `{found}` in a trust policy, IAM wants only actions of `sts` there, such as `sts:AssumeRole`"
    )]
    NotSts {
        /// The action.
        found: String,
    },
    /// A resource in no form that IAM knows.
    #[error("resource `{found}` is neither `*` nor an ARN that starts with `arn:`")]
    BadResource {
        /// The resource.
        found: String,
    },
    /// A kind of principal that does not exist.
    #[error(
        "unknown kind of principal `{found}`{}, IAM wants `AWS`, `Federated`, `Service` or `CanonicalUser`",
        hint(nearest.as_ref())
    )]
    UnknownPrincipalKind {
        /// The kind.
        found: String,
        /// The kind that was probably meant.
        nearest: Option<String>,
    },
    /// A principal that IAM does not take.
    #[error("principal `{found}` {fault}")]
    BadPrincipal {
        /// The principal.
        found: String,
        /// What is wrong with it.
        fault: PrincipalFault,
    },
    /// A condition operator that does not exist.
    #[error("unknown condition operator `{found}`{}", hint(nearest.as_ref()))]
    UnknownOperator {
        /// The operator.
        found: String,
        /// The operator that was probably meant.
        nearest: Option<String>,
    },
    /// A condition key without the prefix that every key has.
    #[error(
        "condition key `{found}` has no prefix, IAM wants the form `prefix:name`, such as `aws:SourceIp`"
    )]
    BadConditionKey {
        /// The key.
        found: String,
    },
}

/// What is wrong with a principal; each reads on from the principal's name.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrincipalFault {
    /// The bare string `"*"`.
    #[error(
        "alone is refused in a role's trust policy, IAM wants `{{\"AWS\": \"*\"}}`, best under a condition"
    )]
    Bare,
    /// A string other than `"*"` where kinds of principal are wanted.
    #[error("stands alone, IAM wants it under its kind, as in `{{\"AWS\": \"111122223333\"}}`")]
    Untagged,
    /// Part of a name left open.
    #[error(
        "has a wildcard, IAM wants each principal named in full: name the account and put the pattern in a condition on `aws:PrincipalArn`"
    )]
    Wildcard,
    /// A user group.
    #[error("is a group and groups cannot be principals, IAM wants users, roles or accounts")]
    Group,
    /// An account id of other than twelve digits.
    #[error("has no account id of 12 digits, IAM wants one, leading zeros included")]
    Account,
    /// A role session without its name.
    #[error(
        "names no one session, IAM wants `arn:aws:sts::111122223333:assumed-role/role/session` or the role's ARN"
    )]
    Session,
    /// A service under `AWS`.
    #[error("is a service, IAM wants it under `Service`")]
    ServiceUnderAws,
    /// Nothing that `AWS` takes.
    #[error(
        "is no AWS principal, IAM wants an account id, `*`, or the ARN of an account's root, a user, a role or a session"
    )]
    NotAws,
    /// Nothing that `Service` takes.
    #[error("is no service principal, IAM wants a name such as `ecs-tasks.amazonaws.com`")]
    NotService,
    /// Nothing that `Federated` takes.
    #[error(
        "is no identity provider, IAM wants the ARN of an OIDC or SAML provider, or a domain such as `accounts.google.com`"
    )]
    NotProvider,
    /// Nothing that `CanonicalUser` takes.
    #[error("is no canonical user id, IAM wants letters and digits")]
    NotCanonical,
}

/// A reason and the byte it concerns, before lines and paths are counted.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) offset: usize,
    pub(super) reason: Reason,
}

impl Fault {
    pub(super) fn at(self, text: &str, root: Option<&Node>) -> ParseError {
        let (line, column) = place::line_and_column(text, self.offset);
        let path = root.map(|root| place::path(root, self.offset)).unwrap_or_default();
        ParseError { path, line, column, reason: self.reason }
    }
}

fn path_prefix(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("`{path}`, ") }
}

fn hint(nearest: Option<&String>) -> String {
    nearest.map(|name| format!(", did you mean `{name}`")).unwrap_or_default()
}
