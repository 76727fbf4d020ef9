//! A value of the `Principal` element, and how it names a caller.
//!
//! Owns the forms that principals take. Never decides what being named is worth.
//! Source: IAM User Guide, "AWS JSON policy elements: Principal".

use crate::{
    Arn, Caller, Context, PrincipalKind, Principals, Truth, Value,
    principal::{is_unique_id, whole_account},
};

/// Whom a policy names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Anyone,
    Account(String),
    /// A role or a user by its ARN.
    Arn(String),
    /// One session of a role.
    Session {
        account: String,
        role: String,
        name: String,
    },
    /// A role or a user by its unique id.
    UniqueId(String),
    Service(String),
    Federated(String),
    /// An account by an id that only Amazon S3 can resolve.
    Canonical,
    /// Anything else, which IAM would refuse.
    Other,
}

/// How a caller is named, which decides what else must allow a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grant {
    /// The session, the service, the holder of a token, or everybody.
    Direct,
    User,
    Role,
    Account,
}

/// For each way to be named, whether the caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grants {
    pub(crate) direct: Truth,
    pub(crate) user: Truth,
    pub(crate) role: Truth,
    pub(crate) account: Truth,
}

impl Who {
    pub(super) fn all(principals: &Principals) -> Vec<Self> {
        match principals {
            Principals::Anyone => vec![Self::Anyone],
            Principals::Listed(listed) => {
                let of_kind = |(kind, values): &(PrincipalKind, crate::OneOrMany<String>)| {
                    let kind = *kind;
                    values.iter().map(|value| Self::new(kind, value)).collect::<Vec<_>>()
                };
                listed.iter().flat_map(of_kind).collect()
            }
        }
    }

    fn new(kind: PrincipalKind, value: &str) -> Self {
        match kind {
            PrincipalKind::Service => Self::Service(value.to_ascii_lowercase()),
            PrincipalKind::Federated => Self::Federated(value.to_owned()),
            PrincipalKind::CanonicalUser => Self::Canonical,
            PrincipalKind::Aws if value == "*" => Self::Anyone,
            PrincipalKind::Aws if is_unique_id(value) => Self::UniqueId(value.to_owned()),
            PrincipalKind::Aws => match whole_account(value) {
                Some(account) => Self::Account(account),
                None => Self::of_arn(value),
            },
        }
    }

    fn of_arn(value: &str) -> Self {
        let Ok(arn) = Arn::parse(value) else { return Self::Other };
        if value.contains(['*', '?']) {
            return Self::Other;
        }
        if arn.iam_role().is_some() || arn.iam_user().is_some() {
            return Self::Arn(value.to_owned());
        }
        match (arn.service(), arn.resource().split('/').collect::<Vec<_>>().as_slice()) {
            ("sts", ["assumed-role", role, name]) => Self::Session {
                account: arn.account().to_owned(),
                role: (*role).to_owned(),
                name: (*name).to_owned(),
            },
            _ => Self::Other,
        }
    }

    /// Whether this names the caller, and how.
    pub(crate) fn names(&self, caller: &Caller, context: &Context) -> (Grant, Truth) {
        if *caller == Caller::Unknown {
            return (Grant::Direct, if *self == Self::Anyone { Truth::True } else { Truth::Unknown });
        }
        match self {
            Self::Anyone => (Grant::Direct, Truth::True),
            Self::Account(account) => {
                (Grant::Account, Truth::from(caller.account() == Some(account.as_str())))
            }
            Self::Arn(named) => match caller {
                Caller::Role { arn, .. } => (Grant::Role, Truth::from(arn == named)),
                Caller::User { arn } => (Grant::User, Truth::from(arn == named)),
                _ => (Grant::Direct, Truth::False),
            },
            Self::Session { account, role, name } => {
                (Grant::Direct, is_session(caller, (account, role), name))
            }
            Self::UniqueId(id) => is_identity(id, caller, context),
            Self::Service(service) => {
                let is_it = matches!(caller, Caller::Service { name } if name.eq_ignore_ascii_case(service));
                (Grant::Direct, is_it.into())
            }
            Self::Federated(named) => (Grant::Direct, is_federated(named, caller, context)),
            Self::Canonical | Self::Other => {
                let may_be = caller.account().is_some();
                (Grant::Direct, if may_be { Truth::Unknown } else { Truth::False })
            }
        }
    }
}

fn is_session(caller: &Caller, role: (&str, &str), name: &str) -> Truth {
    let Caller::Role { arn, session } = caller else { return Truth::False };
    let of_caller = arn.rsplit('/').next().zip(caller.account());
    if of_caller != Some((role.1, role.0)) {
        return Truth::False;
    }
    session.as_ref().map_or(Truth::Unknown, |session| Truth::from(session == name))
}

/// A unique id is known from `aws:userid`: the id itself for a user, the id and the session for a role.
fn is_identity(id: &str, caller: &Caller, context: &Context) -> (Grant, Truth) {
    let grant = match caller {
        Caller::Role { .. } if id.starts_with("AROA") => Grant::Role,
        Caller::User { .. } if id.starts_with("AIDA") => Grant::User,
        _ => return (Grant::Direct, Truth::False),
    };
    let truth = match context.get("aws:userid") {
        Value::Known([of_caller]) => Truth::from(of_caller.split(':').next() == Some(id)),
        _ => Truth::Unknown,
    };
    (grant, truth)
}

/// Who holds a token is named by its provider; so is, outside of trust policies, the session that came of it.
fn is_federated(named: &str, caller: &Caller, context: &Context) -> Truth {
    match caller {
        Caller::Federated { provider } => Truth::from(provider == named),
        Caller::Role { .. } => match context.get("aws:FederatedProvider") {
            Value::Known([provider]) => Truth::from(provider == named),
            Value::Absent => Truth::False,
            Value::Known(_) | Value::Unknown => Truth::Unknown,
        },
        _ => Truth::False,
    }
}

impl Grants {
    pub(crate) const NONE: Self =
        Self { direct: Truth::False, user: Truth::False, role: Truth::False, account: Truth::False };

    /// One more way to be named.
    pub(crate) fn with(mut self, (grant, truth): (Grant, Truth)) -> Self {
        let side = match grant {
            Grant::Direct => &mut self.direct,
            Grant::User => &mut self.user,
            Grant::Role => &mut self.role,
            Grant::Account => &mut self.account,
        };
        *side = side.or(truth);
        self
    }

    /// Whether the caller is named at all.
    pub(crate) fn any(self) -> Truth {
        self.direct.or(self.user).or(self.role).or(self.account)
    }
}
