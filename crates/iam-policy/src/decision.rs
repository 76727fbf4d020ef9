//! The answer to a request, and what it rests on.
//!
//! Owns the nouns and how they read to a person. Never decides.

use std::{fmt, sync::Arc};

/// Whether a request is allowed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the request is allowed.
    pub outcome: Outcome,
    /// What that rests on.
    pub reason: Reason,
}

/// Whether a request is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Allowed, whatever is not known.
    Allowed,
    /// Denied, whatever is not known.
    Denied,
    /// It depends on what is not known.
    Unknown,
}

/// The kinds of policy that bear on a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// What the caller's role or user may do: inline and attached policies.
    Identity,
    /// The most that the identity's own policies can allow.
    Boundary,
    /// The most that one session can do: the policies passed when the role was assumed.
    Session,
    /// What the resource lets others do: trust policies, key policies, bucket policies.
    Resource,
}

impl Layer {
    /// Every layer.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Boundary, Self::Session, Self::Resource];

    /// The layer as AWS calls its policies.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity-based policy",
            Self::Boundary => "permissions boundary",
            Self::Session => "session policy",
            Self::Resource => "resource-based policy",
        }
    }
}

/// What a decision rests on. Prints as a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub(crate) cause: Cause,
    pub(crate) place: Option<Arc<Place>>,
}

/// The kind of a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// A statement allows it.
    Allow,
    /// A statement denies it.
    Deny,
    /// No statement of this layer allows it.
    NoAllow(Layer),
    /// The root user needs no policy in its own account.
    Root,
    /// Whether a condition of a statement holds is not known; by its index in the statement.
    Condition(usize),
    /// Whether a statement is about the resource is not known.
    Resource,
    /// Whether a statement is about the caller is not known.
    Principal,
    /// The content of a policy is not known.
    Content,
    /// A role's trust policy or a key's policy must allow it as well, and is not in the set.
    NoResourcePolicy,
    /// Whether the caller and the resource are in the same account is not known, and it matters.
    Account,
}

/// One statement of one policy; of a policy whose content is not known, the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) layer: Layer,
    pub(crate) policy: String,
    /// The index and the `Sid`.
    pub(crate) statement: Option<(usize, Option<String>)>,
    /// Operators and keys as written.
    pub(crate) conditions: Vec<(String, String)>,
}

impl Reason {
    /// What kind of reason this is.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// The layer that decided.
    #[must_use]
    pub fn layer(&self) -> Option<Layer> {
        match (self.cause, &self.place) {
            (Cause::NoAllow(layer), _) => Some(layer),
            (Cause::NoResourcePolicy, _) => Some(Layer::Resource),
            (_, place) => place.as_ref().map(|place| place.layer),
        }
    }

    /// The name of the policy that decided.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        self.place.as_ref().map(|place| place.policy.as_str())
    }

    /// The index of the statement in its document.
    #[must_use]
    pub fn statement(&self) -> Option<usize> {
        Some(self.place.as_ref()?.statement.as_ref()?.0)
    }

    /// The statement's `Sid`.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.place.as_ref()?.statement.as_ref()?.1.as_deref()
    }

    /// Operator and key of the condition, as written.
    #[must_use]
    pub fn condition(&self) -> Option<(&str, &str)> {
        let Cause::Condition(index) = self.cause else { return None };
        let (operator, key) = self.place.as_ref()?.conditions.get(index)?;
        Some((operator, key))
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.outcome {
            Outcome::Allowed => "allowed",
            Outcome::Denied => "denied",
            Outcome::Unknown => "not known",
        };
        write!(formatter, "{outcome}: {}", self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.as_deref();
        match self.cause {
            Cause::Allow => write!(formatter, "{} allows it", Shown(place)),
            Cause::Deny => write!(formatter, "{} denies it", Shown(place)),
            Cause::NoAllow(layer) => write!(formatter, "no statement of {} allows it", article(layer)),
            Cause::Root => formatter.write_str("the root user needs no policy in its own account"),
            Cause::Condition(_) => {
                let (operator, key) = self.condition().unwrap_or_default();
                let place = Shown(place);
                write!(
                    formatter,
                    "whether the condition `{operator}` on `{key}` of {place} holds is not known"
                )
            }
            Cause::Resource => {
                write!(formatter, "whether {} is about the resource is not known", Shown(place))
            }
            Cause::Principal => {
                write!(formatter, "whether {} is about the caller is not known", Shown(place))
            }
            Cause::Content => write!(formatter, "the content of {} is not known", Shown(place)),
            Cause::NoResourcePolicy => formatter
                .write_str("the policy of the role or key itself must allow it too, and is not given"),
            Cause::Account => {
                formatter.write_str("it depends on the account that the resource is in, which is not known")
            }
        }
    }
}

fn article(layer: Layer) -> &'static str {
    match layer {
        Layer::Identity => "the identity-based policies",
        Layer::Boundary => "the permissions boundary",
        Layer::Session => "the session policies",
        Layer::Resource => "the resource-based policies",
    }
}

/// A place in words, such as `Statement[2]` of a policy.
struct Shown<'a>(Option<&'a Place>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(place) = self.0 else { return formatter.write_str("a policy") };
        match &place.statement {
            Some((index, Some(sid))) => write!(formatter, "`Statement[{index}]`, `{sid}`, of ")?,
            Some((index, None)) => write!(formatter, "`Statement[{index}]` of ")?,
            None => {}
        }
        write!(formatter, "the {} `{}`", place.layer.as_str(), place.policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cause: Cause, statement: Option<(usize, Option<&str>)>) -> String {
        let place = Place {
            layer: Layer::Identity,
            policy: "planner".to_owned(),
            statement: statement.map(|(index, sid)| (index, sid.map(str::to_owned))),
            conditions: vec![("Bool".to_owned(), "aws:SecureTransport".to_owned())],
        };
        Reason { cause, place: Some(Arc::new(place)) }.to_string()
    }

    #[test]
    fn a_reason_reads_as_a_sentence_and_names_its_place() {
        assert_eq!(
            shown(Cause::Deny, Some((2, Some("NoSecrets")))),
            "`Statement[2]`, `NoSecrets`, of the identity-based policy `planner` denies it"
        );
        assert_eq!(
            shown(Cause::Condition(0), Some((0, None))),
            concat!(
                "whether the condition `Bool` on `aws:SecureTransport` of `Statement[0]` of the identity-based ",
                "policy `planner` holds is not known"
            )
        );
        assert_eq!(
            shown(Cause::Content, None),
            "the content of the identity-based policy `planner` is not known"
        );
        let nothing = Reason { cause: Cause::NoAllow(Layer::Boundary), place: None };
        assert_eq!(nothing.to_string(), "no statement of the permissions boundary allows it");
        assert_eq!(nothing.layer(), Some(Layer::Boundary));
    }
}
