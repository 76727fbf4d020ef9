//! Trust policies: whether two are the same, and how to get from one to the other without ever trusting too much.
//!
//! IAM stores a role or user principal as its unique id and shows the ARN while that principal lives. For a moment
//! after a change, and for ever after the principal is deleted, the id itself comes back (IAM User Guide, "AWS JSON
//! policy elements: Principal").

use std::collections::HashMap;

use iam_policy::{Document, Effect, Kind as Grammar, PrincipalKind, Statement, equal_with, parse};

use crate::aws::{Account, Error, Iam, Stop, named_principals};

/// Whether the trust policy that AWS returned means what is wanted.
///
/// Makes calls only when `live` holds unique ids: then each role and user of this account that `wanted` names is
/// asked for its id. An id that belongs to none of them is a principal that was deleted (or lives in another account,
/// where nobody here may look), so the policies are not the same.
///
/// # Errors
/// When AWS did not answer; neither absence nor a refusal to show a principal is an error.
pub async fn same_trust(account: &Account, live: &str, wanted: &str) -> Result<bool, Error> {
    Ok(Trust::compare(account, live, wanted, &Stop::never()).await?.is_same())
}

/// A live trust policy beside a wanted one.
pub(super) struct Trust {
    live: Option<Document>,
    wanted: Option<Document>,
    same_text: bool,
    /// ARN by unique id.
    ids: HashMap<String, String>,
}

impl Trust {
    pub(super) async fn compare(
        account: &Account,
        live: &str,
        wanted: &str,
        stop: &Stop,
    ) -> Result<Self, Error> {
        let same_text = live == wanted;
        let live = parse(live, Grammar::Trust).ok();
        let wanted = parse(wanted, Grammar::Trust).ok();
        let mut ids = HashMap::new();
        if let (false, Some(live), Some(wanted)) = (same_text, &live, &wanted)
            && !live.orphaned_principals().is_empty()
        {
            ids = unique_ids(&account.iam(stop).await?, wanted).await?;
        }
        Ok(Self { live, wanted, same_text, ids })
    }

    pub(super) fn is_same(&self) -> bool {
        match (&self.live, &self.wanted) {
            _ if self.same_text => true,
            (Some(live), Some(wanted)) => self.equal(live, wanted),
            _ => false,
        }
    }

    /// Whether the change takes trust away, and whether it gives any.
    pub(super) fn direction(&self) -> Direction {
        let (Some(live), Some(wanted)) = (&self.live, &self.wanted) else {
            return Direction { narrows: true, widens: true };
        };
        let lacks = |document: &Document, statement: &Statement| !self.has(document, statement);
        let gone = live.statements.iter().filter(|statement| lacks(wanted, statement));
        let new = wanted.statements.iter().filter(|statement| lacks(live, statement));
        let mut direction = Direction { narrows: false, widens: false };
        for (statement, is_gone) in gone.map(|gone| (gone, true)).chain(new.map(|new| (new, false))) {
            // A deny that goes is as good as an allow that comes.
            if (statement.effect == Effect::Allow) == is_gone {
                direction.narrows = true
            } else {
                direction.widens = true
            }
        }
        direction
    }

    /// A policy that trusts only whom both trust, and denies whomever either denies.
    pub(super) fn meet(&self) -> String {
        let (Some(live), Some(wanted)) = (&self.live, &self.wanted) else { return nobody().to_json() };
        let kept = wanted
            .statements
            .iter()
            .filter(|statement| statement.effect == Effect::Deny || self.has(live, statement));
        let denies = live
            .statements
            .iter()
            .filter(|statement| statement.effect == Effect::Deny && !self.has(wanted, statement));
        let statements: Vec<_> = kept.chain(denies).cloned().collect();
        if statements.is_empty() {
            return nobody().to_json();
        }
        Document { version: wanted.version, ..Document::new(statements) }.to_json()
    }

    fn has(&self, document: &Document, statement: &Statement) -> bool {
        let alone = |statement: &Statement| Document::new([statement.clone()]);
        document.statements.iter().any(|other| self.equal(&alone(other), &alone(statement)))
    }

    fn equal(&self, a: &Document, b: &Document) -> bool {
        equal_with(a, b, &|id| self.ids.get(id).cloned())
    }
}

/// What a change of trust does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Direction {
    pub(super) narrows: bool,
    pub(super) widens: bool,
}

/// A trust policy must have a statement, so "nobody" is a deny.
fn nobody() -> Document {
    Document::new([Statement::deny(["sts:AssumeRole"]).principal(PrincipalKind::Aws, "*")])
}

/// The ARN by unique id of those roles and users that `document` names and that can be looked at.
async fn unique_ids(iam: &Iam<'_>, document: &Document) -> Result<HashMap<String, String>, Error> {
    let mut ids = HashMap::new();
    for arn in named_principals(document) {
        if let Some(id) = iam.unique_id_of(arn).await? {
            ids.insert(id, arn.to_owned());
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests;
