//! What is done to a resource, as CloudFormation names its handlers and Terraform its operations.

use std::fmt;

/// One of the things that are done to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// The resource is made.
    Create,
    /// What there is is looked at: a refresh, a plan, an import.
    Read,
    /// The resource is changed and stays the same one.
    Update,
    /// The resource is removed.
    Delete,
    /// All resources of the type are looked for. Terraform's plan and apply never do it.
    List,
}

impl Operation {
    /// All operations, in the order in which a resource lives through them.
    pub const ALL: [Self; 5] = [Self::Create, Self::Read, Self::Update, Self::Delete, Self::List];

    /// Its name: `create`, `read`, `update`, `delete` or `list`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::List => "list",
        }
    }

    /// What stands for it in the data.
    pub(super) fn letter(self) -> char {
        match self {
            Self::Create => 'c',
            Self::Read => 'r',
            Self::Update => 'u',
            Self::Delete => 'd',
            Self::List => 'l',
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
