//! `state`: what Terraform needs of an S3 bucket that holds its state, and of the lock beside it.
//!
//! Owns the arguments and which statement is for whom. Which keys are meant is in `keys`, the table of locks in
//! `lock_table`, encryption in `encryption`, what a name may look like in `names`.
//!
//! Sources: Terraform's S3 backend, as documented and as its code (1.0 to 1.15) and OpenTofu's call AWS: every run
//! lists the workspaces (`ListObjectsV2` with the prefix `<workspace_key_prefix>/`, a refusal of which is tolerated
//! for the default prefix), reads a state by `HeadObject` and `GetObject`, and writes it by `PutObject`. Only
//! `workspace delete` deletes a state: that of the default workspace is never deleted, `destroy` writes it empty.

mod encryption;
mod keys;
mod lock_table;
mod names;

pub(crate) use keys::{key_prefix, lock_ids};
pub(crate) use lock_table::{LockTable, Locks};
pub(crate) use names::{bucket_name, partition, validate_one_partition, workspace_key_prefix};

use crate::checks::arns;
use crate::home::Home;
use encryption::Through;
use iam_policy::Statement;
use keys::{Keys, texts};
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Set, optional, required};

/// The values of `lock`.
pub(crate) const LOCKS: &[&str] = &["s3", "dynamodb", "none"];

object! {
    /// Where Terraform keeps its state: the bucket, the keys in it, and how runs lock each other out.
    ///
    /// A planner may read these states and take their lock, and can write nothing else; an applier may also write them. Neither may delete a state, except that of a workspace.
    pub struct State {
        /// Name of the bucket. Access goes to its objects alone: it is neither created nor changed.
        pub bucket: String = required().check(bucket_name),
        /// What the keys of the states begin with, such as `prod/`. A prefix is taken as it is written: `prod` also covers `production/terraform.tfstate`, and a whole key, such as `prod/network/terraform.tfstate`, also those that go on behind it, such as backups. `["*"]` is every state in the bucket.
        pub key_prefixes: Set<String> = required().check_each(key_prefix),
        /// What the keys of other units' states begin with that this one depends on, such as `shared/`: they can be read, by `terraform_remote_state` or by Terragrunt's `dependency`, and neither written nor locked, whatever the task.
        pub read_key_prefixes: Set<String> = optional().check_each(key_prefix),
        /// Under which prefix Terraform keeps the states of workspaces; give the `workspace_key_prefix` of the backend, or `env:`, which is Terraform's default. Then the states of all workspaces whose keys begin as the prefixes above can be used as well, workspaces can be listed (the names of all workspaces and of their keys show), and an applier can create and delete them. Without it there is only the default workspace. IAM's wildcards do not stop at slashes: with the prefix `prod/`, the key `env:/qa/other/prod/x` is covered too. Terraform 1.6.0 to 1.7.1 and OpenTofu 1.6 list workspaces in every run and do not bear a refusal: they need this even without workspaces.
        pub workspace_key_prefix: String = optional().check(workspace_key_prefix),
        /// ARN of the KMS key that encrypts the states, when it is not S3's own. The key can only be used by way of S3 and for this bucket.
        pub kms_key_arn: String = optional().check(arns::kms_key),
        /// How runs lock each other out: `s3`, a lock file beside the state (`use_lockfile`), which is the default; `dynamodb`, an item in the table `lock_table_arn`; or `none`.
        pub lock: String = optional().one_of(LOCKS),
        /// ARN of the DynamoDB table that holds the locks, for `lock = "dynamodb"`. Only the items of these states can be read or written; the state's checksum, which Terraform keeps in the same table, only by who may write the state.
        pub lock_table_arn: String = optional().check(arns::dynamodb_table),
        /// ARN of the KMS key that encrypts the table, when it is one of your own. It can only be used by way of DynamoDB and for this table.
        pub lock_table_kms_key_arn: String = optional().check(arns::kms_key),
    }
}

/// What a role does with the states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It reads them and takes their locks: a planner.
    Read,
    /// It writes them, too: an applier, a state role.
    Write,
}

impl Access {
    /// As configurations write them.
    pub(crate) const NAMES: &[&str] = &["read", "write"];

    /// The access of that name. What is no name is the lesser access.
    pub(crate) fn of(name: &str) -> Self {
        if name == "write" { Self::Write } else { Self::Read }
    }
}

/// Adds what contradicts itself or could never work. Silent about unknown values.
pub fn validate(section: &State, path: &Path, found: &mut Diagnostics) {
    validate_prefixes(&section.key_prefixes, &path.join("key_prefixes"), found);
    validate_everything_alone(&section.read_key_prefixes, &path.join("read_key_prefixes"), found);
    validate_lock(section, path, found);
    validate_one_partition(
        &[
            (&section.kms_key_arn, "kms_key_arn"),
            (&section.lock_table_arn, "lock_table_arn"),
            (&section.lock_table_kms_key_arn, "lock_table_kms_key_arn"),
        ],
        path,
        found,
    );
}

/// Adds that a set of prefixes is empty, or names everything and more.
pub(crate) fn validate_prefixes(prefixes: &Attr<Set<String>>, path: &Path, found: &mut Diagnostics) {
    if prefixes.known().is_some_and(|prefixes| prefixes.0.is_empty()) {
        let detail = "`key_prefixes` is empty, so there would be no state to use. Name what the keys begin with, such \
                      as `[\"prod/\"]`, or write `[\"*\"]` for every state in the bucket.";
        found.push(Diagnostic::error("No state is named", detail).at(path.clone()));
    }
    validate_everything_alone(prefixes, path, found);
}

fn validate_everything_alone(prefixes: &Attr<Set<String>>, path: &Path, found: &mut Diagnostics) {
    let prefixes = texts(prefixes);
    if prefixes.contains(keys::EVERYTHING) && prefixes.len() > 1 {
        let detail = "`*` is every state in the bucket, so the other prefixes limit nothing. Leave out `*`, or all the \
                      others.";
        found.push(Diagnostic::error("A prefix beside every key", detail).at(path.clone()));
    }
}

fn validate_lock(section: &State, path: &Path, found: &mut Diagnostics) {
    let lock = match &section.lock {
        Attr::Unknown => return,
        Attr::Null => "s3",
        Attr::Known(lock) => lock,
    };
    if lock == "dynamodb" && section.lock_table_arn.is_null() {
        let detail = "With `lock = \"dynamodb\"` locks are items of a table. Name it in `lock_table_arn`, such as \
                      `arn:aws:dynamodb:eu-west-1:111122223333:table/terraform-locks`.";
        found.push(Diagnostic::error("The table of the locks is missing", detail).at(path.join("lock")));
    }
    let tables = [
        (&section.lock_table_arn, "lock_table_arn"),
        (&section.lock_table_kms_key_arn, "lock_table_kms_key_arn"),
    ];
    for (_, name) in tables.iter().filter(|(arn, _)| lock != "dynamodb" && !arn.is_null()) {
        let detail = format!(
            "`{name}` is about a table of locks, and `lock` is {lock:?}, so nothing would lock there. Write `lock = \
             \"dynamodb\"`, or leave `{name}` out."
        );
        found.push(Diagnostic::error("A table that locks nothing", detail).at(path.join(*name)));
    }
}

/// The statements, in stable order.
///
/// INVARIANT: `section` is wholly known, and has passed its checks.
pub fn statements(section: &State, access: Access, home: Home<'_>) -> Vec<Statement> {
    let keys = Keys::of(section, home.partition);
    let lock_file = section.lock.known().is_none_or(|lock| lock == "s3");
    let mut statements = vec![keys.list(), keys.read()];
    match access {
        Access::Read if lock_file => statements.push(keys.lock(&["s3:PutObject", "s3:DeleteObject"])),
        Access::Read => {}
        Access::Write => {
            statements.push(keys.write());
            // Putting the lock file there is a case of writing.
            statements.extend(lock_file.then(|| keys.lock(&["s3:DeleteObject"])));
            statements.extend(keys.delete_workspaces());
        }
    }
    if let Some(table) = section.lock_table_arn.known() {
        let key = section.lock_table_kms_key_arn.known();
        let table = LockTable { arn: table, kms_key_arn: key.map(String::as_str) };
        statements.extend(table.statements(&keys.locks(), access));
    }
    if let Some(key) = section.kms_key_arn.known() {
        let writes = access == Access::Write || lock_file;
        statements.push(encryption::statement(
            "StateKey",
            key,
            Through::S3 { bucket: keys.bucket_arn(), writes },
        ));
    }
    statements
}

#[cfg(test)]
mod tests;
