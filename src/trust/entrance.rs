//! The ways into a role: each principal that a statement of its trust policy lets in, and what it has to show.
//!
//! Owns how a trust policy is read, whoever wrote it. Never judges: `unreviewed` and the guard do.
//!
//! Sources: IAM user guide, "AWS JSON policy elements: Principal", "IAM JSON policy elements: Condition operators"
//! and "Policy evaluation logic".

mod comparison;

pub use comparison::{Compared, is_exact, is_negated, is_wildcard, ways};

use iam_policy::condition::holds;
use iam_policy::{
    Arn, Caller, Condition, Context, Document, Effect, OneOrMany, Outcome, Pattern, PolicySet, PrincipalKind,
    Principals, Request, ResourcePolicy, Scope, Statement, Truth, Version, evaluate_alone,
};

/// One principal of one statement that allows somebody to assume the role.
#[derive(Clone, Copy, Debug)]
pub struct Entrance<'a> {
    document: &'a Document,
    /// The statement.
    pub statement: &'a Statement,
    /// Its place in the document, from 0.
    pub index: usize,
    /// The principal.
    pub who: Who<'a>,
}

/// Whom an entrance is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who<'a> {
    /// Everybody: `*`, or all but some.
    Anyone,
    /// An account, a role, a user or a session, as written.
    Aws(&'a str),
    /// An AWS service, as written.
    Service(&'a str),
    /// Holders of a token from this issuer, without `https://`.
    Issuer(&'a str),
    /// Users of this SAML provider, as written.
    Saml(&'a str),
}

/// What the conditions on one key come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// There is no condition on it.
    None,
    /// They hold for a stranger's value too.
    Open,
    /// They hold when the request does not carry the key.
    Skippable,
    /// Whoever does not show one of the values is not let in.
    Bound,
}

/// Every way into the role, in the order of the document. A statement that only lets session tags or a source identity
/// be passed along lets nobody in.
#[must_use]
pub fn entrances(document: &Document) -> Vec<Entrance<'_>> {
    let allows = document.statements.iter().enumerate().filter(|(_, one)| one.effect == Effect::Allow);
    let all = allows.flat_map(|(index, statement)| {
        let principals = principals(statement).into_iter();
        principals.map(move |who| Entrance { document, statement, index, who })
    });
    all.filter(|entrance| entrance.actions().any(|action| entrance.names(action))).collect()
}

fn principals<'a>(statement: &'a Statement) -> Vec<Who<'a>> {
    match &statement.principals {
        None => Vec::new(),
        Some(Scope::Except(_) | Scope::Only(Principals::Anyone)) => vec![Who::Anyone],
        Some(Scope::Only(Principals::Listed(listed))) => {
            let of_kind = |(kind, values): &'a (PrincipalKind, OneOrMany<String>)| {
                let kind = *kind;
                values.iter().filter_map(move |value| who(kind, value))
            };
            listed.iter().flat_map(of_kind).collect()
        }
    }
}

fn who(kind: PrincipalKind, value: &str) -> Option<Who<'_>> {
    match kind {
        PrincipalKind::Aws if value == "*" => Some(Who::Anyone),
        PrincipalKind::Aws => Some(Who::Aws(value)),
        PrincipalKind::Service => Some(Who::Service(value)),
        PrincipalKind::Federated if value.contains(":saml-provider/") => Some(Who::Saml(value)),
        PrincipalKind::Federated => {
            Some(Who::Issuer(value.split_once(":oidc-provider/").map_or(value, |(_, issuer)| issuer)))
        }
        PrincipalKind::CanonicalUser => None,
    }
}

/// Every action that assumes a role.
const ACTIONS: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"];

impl<'a> Entrance<'a> {
    /// The action by which this kind of principal assumes a role; everybody may use any of them.
    fn actions(&self) -> impl Iterator<Item = &'static str> + use<> {
        let actions: &'static [&'static str] = match self.who {
            Who::Anyone => &ACTIONS,
            Who::Aws(_) | Who::Service(_) => &["sts:AssumeRole"],
            Who::Issuer(_) => &["sts:AssumeRoleWithWebIdentity"],
            Who::Saml(_) => &["sts:AssumeRoleWithSAML"],
        };
        actions.iter().copied()
    }

    fn names(&self, action: &str) -> bool {
        let named = |list: &OneOrMany<String>| {
            list.iter().any(|pattern| Pattern::new(pattern).matches_ignoring_case(action))
        };
        match &self.statement.actions {
            Scope::Only(list) => named(list),
            Scope::Except(list) => !named(list),
        }
    }

    /// The statement, as a sentence begins with it.
    #[must_use]
    pub fn spoken(&self) -> String {
        match &self.statement.sid {
            Some(sid) if !sid.is_empty() => format!("Statement `{sid}` of the trust policy"),
            _ => format!("Statement {} of the trust policy", self.index + 1),
        }
    }

    /// The account of an AWS principal; `None` for others, and for one that is written as a unique ID.
    #[must_use]
    pub fn account(&self) -> Option<String> {
        let Who::Aws(written) = self.who else { return None };
        if written.len() == 12 && written.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(written.to_owned());
        }
        Arn::parse(written).ok().map(|arn| arn.account().to_owned())
    }

    /// The name of a claim of the issuer's tokens as a condition key.
    #[must_use]
    pub fn claim(&self, name: &str) -> String {
        let Who::Issuer(issuer) = self.who else { return name.to_owned() };
        format!("{issuer}:{name}")
    }

    /// The conditions on a key. Names of keys compare without case.
    pub fn conditions(&self, key: &str) -> impl Iterator<Item = &'a Condition> + use<'a> {
        let key = key.to_owned();
        self.statement.conditions.iter().filter(move |condition| condition.key.eq_ignore_ascii_case(&key))
    }

    /// What the conditions on a key come to; `stranger` is a value of the key that nobody has in mind.
    #[must_use]
    pub fn hold(&self, key: &str, stranger: &str) -> Hold {
        let all = |context: &Context| {
            Truth::all(self.conditions(key).map(|condition| holds(condition, context, self.version())))
        };
        if self.conditions(key).next().is_none() {
            Hold::None
        } else if all(&Context::complete().with(key, [stranger])) != Truth::False {
            Hold::Open
        } else if all(&Context::complete()) != Truth::False {
            Hold::Skippable
        } else {
            Hold::Bound
        }
    }

    /// Whether a condition holds for a request that does not carry its key.
    #[must_use]
    pub fn holds_without_key(&self, condition: &Condition) -> bool {
        holds(condition, &Context::complete(), self.version()) == Truth::True
    }

    /// Whether this statement lets a caller in, whatever else the document allows, but not against what it denies. What
    /// the context does not say may be anything, so only a certain no counts.
    #[must_use]
    pub fn admits(&self, caller: &Caller, context: &Context) -> bool {
        let denies = self.document.statements.iter().filter(|one| one.effect == Effect::Deny);
        let alone = Document {
            version: self.document.version,
            ..Document::new(std::iter::once(self.statement).chain(denies).cloned())
        };
        let set = PolicySet::new().resource("trust", &alone, ResourcePolicy::Trust);
        let context = context.clone().unknown("aws:ResourceAccount");
        let action = self.actions().find(|action| self.names(action)).unwrap_or_default();
        let role = "arn:aws:iam::000000000000:role/role";
        evaluate_alone(&set, &Request::new(caller.clone(), action, role, context)).outcome != Outcome::Denied
    }

    /// The holder of a token from the issuer.
    #[must_use]
    pub fn token_holder(&self) -> Caller {
        let named = self.statement.principals.iter().flat_map(|scope| match scope.inner() {
            Principals::Listed(listed) => listed.as_slice(),
            Principals::Anyone => &[],
        });
        let mut written = named.flat_map(|(kind, values)| values.iter().map(move |value| (*kind, value)));
        let provider = written.find(|(kind, value)| who(*kind, value) == Some(self.who));
        Caller::Federated { provider: provider.map(|(_, value)| value.clone()).unwrap_or_default() }
    }

    fn version(&self) -> Version {
        // The version of a document that names none.
        self.document.version.unwrap_or(Version::V2008)
    }
}

#[cfg(test)]
mod tests;
