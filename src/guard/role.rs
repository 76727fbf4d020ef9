//! A role as it will be: what the guard judges.
//!
//! Owns what is known of it and what is not. Never judges.

use super::managed;
use crate::home::Home;
use crate::permissions::Permissions;
use crate::task::Task;
use iam_policy::Document;
use iam_policy::catalog::MANAGED_POLICIES_DATE;
use std::sync::Arc;
use tfplug::path::Path;

/// One role as it will be.
#[derive(Clone, Debug)]
pub struct Role<'a> {
    /// What it is for.
    pub task: Task,
    /// Its name, or a pattern of it while the name is not known.
    pub name: &'a str,
    /// Its ARN, or a pattern of it while the name is not known.
    pub arn: String,
    /// Where it is.
    pub home: Home<'a>,
    /// Who may assume it. `None` while that is not known: rules about trust are skipped then.
    pub trust: Option<Document>,
    /// Where the user wrote the trust.
    pub trust_path: Path,
    /// Its inline and managed policies.
    pub policies: Vec<Policy>,
    /// Its permissions boundary.
    pub boundary: Option<Policy>,
    /// In seconds; `None` while that is not known.
    pub max_session_duration: Option<i64>,
    /// What was declared: `read_secrets`, `state` and the like. `None` if nothing was, or it is not known yet.
    pub permissions: Option<&'a Permissions>,
    /// Where that was.
    pub permissions_path: Path,
}

/// A policy of a role.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The name of an inline policy, the ARN of a managed one.
    pub name: String,
    /// Where the user wrote it.
    pub path: Path,
    /// What it says.
    pub content: Content,
}

/// What a policy says.
#[derive(Clone, Debug)]
pub enum Content {
    /// This.
    Known(Arc<Document>),
    /// What only apply will tell. Judged then.
    NotYetKnown,
    /// What nobody will tell; why, as a clause.
    Unreadable(String),
}

impl Role<'_> {
    /// The ARNs of the account's own policies that the role holds, its boundary among them.
    pub(super) fn own_policies(&self) -> impl Iterator<Item = &str> {
        let all = self.policies.iter().chain(&self.boundary);
        all.filter(|policy| policy.name.starts_with("arn:") && !policy.is_of_aws())
            .map(|policy| policy.name.as_str())
    }
}

impl Policy {
    /// A policy whose document is known.
    #[must_use]
    pub fn known(name: impl Into<String>, path: Path, document: Document) -> Self {
        Self { name: name.into(), path, content: Content::Known(Arc::new(document)) }
    }

    /// A managed policy of which only the ARN is known. What AWS manages is read from the catalogue; what else there is
    /// cannot be read.
    #[must_use]
    pub fn managed(arn: &str, path: Path) -> Self {
        Self { name: arn.to_owned(), path, content: of_aws(arn) }
    }

    /// Whether AWS wrote it, so that nobody else can mend it.
    pub(super) fn is_of_aws(&self) -> bool {
        is_of_aws(&self.name)
    }
}

fn is_of_aws(arn: &str) -> bool {
    arn.starts_with("arn:") && arn.contains(":iam::aws:policy/")
}

fn of_aws(arn: &str) -> Content {
    if !is_of_aws(arn) {
        return Content::Unreadable("it belongs to an account, and its document was not given".to_owned());
    }
    match managed::document(arn) {
        Some(document) => Content::Known(document),
        None => Content::Unreadable(format!(
            "it is not among the AWS-managed policies of {MANAGED_POLICIES_DATE}"
        )),
    }
}
