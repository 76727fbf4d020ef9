//! Locks as items of a DynamoDB table.
//!
//! Terraform's lock of a state is the item whose key `LockID` is `<bucket>/<key>`; beside it, at
//! `<bucket>/<key>-md5`, whoever writes the state keeps its checksum, without which Terraform refuses the state.
//! Owns the statements about the table. It is never created, described or scanned: Terraform does not.

use super::Access;
use super::encryption::{self, Through};
use iam_policy::Statement;

/// What the IDs of checksums end in.
const CHECKSUMS: &str = "*-md5";

/// The key of the items that a request is about.
const LEADING_KEYS: &str = "dynamodb:LeadingKeys";

/// A table of locks.
pub(crate) struct LockTable<'a> {
    pub(crate) arn: &'a str,
    /// The key that encrypts it, where that is one of the customer's.
    pub(crate) kms_key_arn: Option<&'a str>,
}

/// The items of a table that are meant, as patterns of their keys.
pub(crate) struct Locks {
    /// Those to take and release.
    pub(crate) own: Vec<String>,
    /// Those to look at, the own among them.
    pub(crate) readable: Vec<String>,
}

impl LockTable<'_> {
    /// Reads locks and checksums; takes and releases locks; and, for whoever writes the state, its checksum.
    pub(crate) fn statements(&self, locks: &Locks, access: Access) -> Vec<Statement> {
        let read = Statement::allow(["dynamodb:GetItem"]).sid("StateLockRead").resource(self.arn);
        let lock = Statement::allow(["dynamodb:DeleteItem", "dynamodb:PutItem"]);
        let lock = about(lock.sid("StateLockTable").resource(self.arn), &locks.own);
        let lock = match access {
            Access::Read => lock.condition("ForAllValues:StringNotLike", LEADING_KEYS, [CHECKSUMS]),
            Access::Write => lock,
        };
        let name = self.arn.rsplit_once('/').map_or("", |(_, name)| name);
        let key = self
            .kms_key_arn
            .map(|key| encryption::statement("StateLockTableKey", key, Through::DynamoDb { table: name }));
        [about(read, &locks.readable), lock].into_iter().chain(key).collect()
    }
}

/// Only for items with such keys. A request without any would satisfy `ForAllValues`, so the key must be there (IAM
/// user guide, "Set operators for multivalued context keys").
fn about(statement: Statement, ids: &[String]) -> Statement {
    let statement = match ids.is_empty() {
        true => statement,
        false => statement.condition("ForAllValues:StringLike", LEADING_KEYS, ids.iter().cloned()),
    };
    statement.condition("Null", LEADING_KEYS, ["false"])
}
