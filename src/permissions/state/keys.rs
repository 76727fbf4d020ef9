//! Which keys of a bucket are states, states of workspaces and lock files, as patterns of IAM.
//!
//! Owns the statements about objects. Terraform keeps the state of the default workspace at the backend's `key`, that
//! of another at `<workspace_key_prefix>/<workspace>/<key>`, and a lock file at the state's key and `.tflock`.

use super::{Locks, State};
use iam_policy::Statement;
use std::collections::BTreeSet;
use tfplug::schema::{Attr, Set};

/// The prefix that stands for every key.
pub(super) const EVERYTHING: &str = "*";

/// What a lock file's key ends in.
const LOCK_FILE: &str = ".tflock";

/// The beginning of a key: neither a wildcard nor a slash at its start, or `*` for every key.
pub(crate) fn key_prefix(prefix: &str) -> Result<(), String> {
    if prefix == EVERYTHING {
        return Ok(());
    }
    if prefix.is_empty() {
        return Err("The empty prefix is the beginning of every key. Write what the keys begin with, such as `prod/`, \
                    or `*` for every state in the bucket."
            .to_owned());
    }
    if prefix.starts_with('/') {
        return Err(format!(
            "Terraform's keys do not begin with a slash, so {prefix:?} is the beginning of none. Write `{}`.",
            prefix.trim_start_matches('/')
        ));
    }
    super::names::literal("A key prefix", prefix)
}

/// The known members of a set, sorted.
pub(super) fn texts(set: &Attr<Set<String>>) -> BTreeSet<String> {
    set.known().into_iter().flat_map(|set| set.0.iter().filter_map(Attr::known).cloned()).collect()
}

/// The keys that a section is about.
pub(super) struct Keys {
    bucket: String,
    bucket_arn: String,
    /// Patterns of the unit's own keys.
    own: Vec<String>,
    /// Patterns of the keys that it may read: its own and other units'.
    readable: Vec<String>,
    /// Patterns of its own keys that are states of workspaces.
    in_workspaces: Vec<String>,
    /// What Terraform lists the workspaces by.
    workspaces: Option<String>,
}

impl Keys {
    pub(super) fn of(section: &State, partition: &str) -> Self {
        let bucket = section.bucket.known().cloned().unwrap_or_default();
        let workspaces = section.workspace_key_prefix.known().map(|prefix| format!("{prefix}/"));
        let own = texts(&section.key_prefixes);
        let readable = own.union(&texts(&section.read_key_prefixes)).cloned().collect();
        Self {
            bucket_arn: format!("arn:{partition}:s3:::{bucket}"),
            bucket,
            own: patterns(&own, workspaces.as_deref()),
            readable: patterns(&readable, workspaces.as_deref()),
            in_workspaces: workspaces.iter().flat_map(|workspaces| of_workspaces(&own, workspaces)).collect(),
            workspaces,
        }
    }

    pub(super) fn bucket_arn(&self) -> &str {
        &self.bucket_arn
    }

    /// Lists workspaces, and the keys that can be read.
    ///
    /// Without `s3:ListBucket` S3 answers 403 and not 404 about an object that is not there ("GetObject", Amazon S3
    /// API reference), so that Terraform's first run, which finds no state, would fail. It decides that as if the key
    /// were listed: with `s3:prefix` being the key.
    pub(super) fn list(&self) -> Statement {
        let statement = Statement::allow(["s3:ListBucket"]).sid("StateList").resource(&self.bucket_arn);
        if self.readable.iter().any(|pattern| pattern == EVERYTHING) {
            return statement;
        }
        statement.condition("StringLike", "s3:prefix", self.readable.iter().chain(&self.workspaces).cloned())
    }

    /// Reads states, and lock files, which tell who holds the lock.
    pub(super) fn read(&self) -> Statement {
        self.on(Statement::allow(["s3:GetObject"]).sid("StateRead"), &self.readable, "")
    }

    /// Writes states.
    pub(super) fn write(&self) -> Statement {
        self.on(Statement::allow(["s3:PutObject"]).sid("StateWrite"), &self.own, "")
    }

    /// Does what is said to lock files.
    pub(super) fn lock(&self, actions: &[&str]) -> Statement {
        self.on(Statement::allow(actions.iter().copied()).sid("StateLock"), &self.own, LOCK_FILE)
    }

    /// Deletes states of workspaces; none where there are no workspaces.
    pub(super) fn delete_workspaces(&self) -> Option<Statement> {
        let statement = || Statement::allow(["s3:DeleteObject"]).sid("StateWorkspaceDelete");
        (!self.in_workspaces.is_empty()).then(|| self.on(statement(), &self.in_workspaces, ""))
    }

    /// The same keys as IDs of locks in a table.
    pub(super) fn locks(&self) -> Locks {
        Locks { own: ids(&self.bucket, &self.own), readable: ids(&self.bucket, &self.readable) }
    }

    fn on(&self, statement: Statement, patterns: &[String], ending: &str) -> Statement {
        patterns.iter().fold(statement, |statement, pattern| {
            statement.resource(format!("{}/{pattern}{ending}", self.bucket_arn))
        })
    }
}

/// Patterns of the IDs that locks of a bucket's states have in a table; of all states without prefixes.
pub(crate) fn lock_ids(bucket: &str, key_prefixes: &Attr<Set<String>>) -> Vec<String> {
    let patterns = match key_prefixes {
        Attr::Known(_) => patterns(&texts(key_prefixes), None),
        Attr::Null | Attr::Unknown => vec![EVERYTHING.to_owned()],
    };
    ids(bucket, &patterns)
}

/// The ID of a lock is `<bucket>/<key>`.
fn ids(bucket: &str, patterns: &[String]) -> Vec<String> {
    patterns.iter().map(|pattern| format!("{bucket}/{pattern}")).collect()
}

/// Patterns of the keys that begin with one of `prefixes`, in the default workspace and in others.
fn patterns(prefixes: &BTreeSet<String>, workspaces: Option<&str>) -> Vec<String> {
    if prefixes.contains(EVERYTHING) {
        return vec![EVERYTHING.to_owned()];
    }
    let default = prefixes.iter().map(|prefix| format!("{prefix}*"));
    default.chain(workspaces.into_iter().flat_map(|workspaces| of_workspaces(prefixes, workspaces))).collect()
}

fn of_workspaces(prefixes: &BTreeSet<String>, workspaces: &str) -> Vec<String> {
    let pattern = |prefix: &String| match prefix.as_str() {
        EVERYTHING => format!("{workspaces}*"),
        prefix => format!("{workspaces}*/{prefix}*"),
    };
    prefixes.iter().map(pattern).collect()
}
