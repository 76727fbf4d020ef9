//! Principals: who a statement is about.
//!
//! Owns the noun and the forms of an AWS principal (account id, root ARN, unique id). Never resolves a name.

use crate::{Arn, OneOrMany};

/// The principals that one `Principal` or `NotPrincipal` element names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principals {
    /// The bare string `"*"`: everybody, signed in or not. A role's trust policy may not say it.
    Anyone,
    /// Principals by kind, as written: `{"AWS": …, "Service": …}`.
    Listed(Vec<(PrincipalKind, OneOrMany<String>)>),
}

impl Principals {
    pub(crate) fn of(kind: PrincipalKind, value: String) -> Self {
        Self::Listed(vec![(kind, OneOrMany::One(value))])
    }

    /// One more principal. Everybody and one more is still everybody.
    pub(crate) fn and(self, kind: PrincipalKind, value: String) -> Self {
        let Self::Listed(listed) = self else { return Self::Anyone };
        let (mut same, mut others): (Vec<_>, Vec<_>) =
            listed.into_iter().partition(|(known, _)| *known == kind);
        let values = match same.pop() {
            Some((_, values)) => values.and(value),
            None => OneOrMany::One(value),
        };
        others.push((kind, values));
        Self::Listed(others)
    }

    /// The AWS principals that are written as unique ids.
    pub(crate) fn unique_ids(&self) -> impl Iterator<Item = &str> {
        let listed = match self {
            Self::Anyone => &[],
            Self::Listed(listed) => listed.as_slice(),
        };
        let aws = listed.iter().filter(|(kind, _)| *kind == PrincipalKind::Aws);
        aws.flat_map(|(_, values)| values).map(String::as_str).filter(|value| is_unique_id(value))
    }
}

/// The kinds of principal that a policy can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrincipalKind {
    /// `AWS`: an account, user, role or session, or `*`.
    Aws,
    /// `Service`: an AWS service, such as `ecs-tasks.amazonaws.com`.
    Service,
    /// `Federated`: an identity provider, OIDC or SAML.
    Federated,
    /// `CanonicalUser`: an account by its canonical user id, as Amazon S3 knows it.
    CanonicalUser,
}

impl PrincipalKind {
    /// Every kind, in the order of IAM's grammar.
    pub const ALL: [Self; 4] = [Self::Aws, Self::Federated, Self::Service, Self::CanonicalUser];

    /// The kind as documents write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::Service => "Service",
            Self::Federated => "Federated",
            Self::CanonicalUser => "CanonicalUser",
        }
    }
}

/// Whether `text` is an AWS account id: twelve digits.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `text` is the unique id of a role, user, group, managed policy or session key.
///
/// (IAM User Guide, "IAM identifiers", lists the prefixes; ids have been 17 to 21 characters so far.)
pub(crate) fn is_unique_id(text: &str) -> bool {
    let Some((prefix, rest)) = text.split_at_checked(4) else { return false };
    matches!(prefix, "AROA" | "AIDA" | "AGPA" | "ANPA" | "ASIA")
        && rest.len() >= 12
        && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The account that an AWS principal names as a whole: by its id or, the same to IAM, by its root ARN.
pub(crate) fn whole_account(principal: &str) -> Option<String> {
    if is_account_id(principal) {
        return Some(principal.to_owned());
    }
    let arn = Arn::parse(principal).ok()?;
    arn.is_account_root().then(|| arn.account().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_id_has_a_known_prefix_and_capitals() {
        for id in ["AROAEXAMPLEEXAMPLE123", "AIDA123456789012", "AGPAEXAMPLEEXAMPLE123"] {
            assert!(is_unique_id(id), "{id}");
        }
        for text in ["AROA", "AROA12345678901", "aroaexampleexample123", "AKIAEXAMPLEEXAMPLE123", "ARÖA"] {
            assert!(!is_unique_id(text), "{text}");
        }
    }

    #[test]
    fn a_whole_account_is_its_id_or_its_root() {
        for text in ["111122223333", "arn:aws:iam::111122223333:root", "arn:aws-cn:iam::111122223333:root"] {
            assert_eq!(whole_account(text).as_deref(), Some("111122223333"), "{text}");
        }
        for text in
            ["*", "11112222333", "arn:aws:iam::111122223333:role/root", "arn:aws:sts::111122223333:root"]
        {
            assert_eq!(whole_account(text), None, "{text}");
        }
    }
}
