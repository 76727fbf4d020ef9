//! One service, and the file that its actions are read from.
//!
//! Owns the form of that file, which `cargo xtask catalog` writes:
//!
//! ```text
//! Amazon S3                                          the service's name
//! W0 DeleteBucket > s3:ListBucket                    level, number, action, and the actions that it needs besides
//!                                                    behind an empty line, what the numbers stand for:
//! keys aws:ResourceTag/${TagKey}                     condition keys of what is below, until the next such line
//! type bucket = arn:${Partition}:s3:::${BucketName}  a type of resources, and its ARNs
//! on 0 bucket*, object                               a number, and what the actions of that number are on
//! ```
//!
//! An ARN without `arn:` has the usual beginning of the service. Actions are in the order of their names without
//! case. Each half is read when first asked for; a line that is none of these is skipped, and a test holds that there
//! is none.

use std::cmp::Ordering;
use std::fmt;
use std::sync::OnceLock;

use super::{Action, ResourceType};

/// A service, such as `s3`, with its actions and resource types.
pub struct Service {
    prefix: &'static str,
    pub(super) text: &'static str,
    actions: OnceLock<Actions>,
    bearings: OnceLock<Bearings>,
}

/// The first half of the text, read.
struct Actions {
    list: Vec<Action>,
    /// The second half.
    below: &'static str,
}

/// The second half of the text, read.
pub(super) struct Bearings {
    pub(super) by_number: Vec<Bearing>,
    resource_types: Vec<ResourceType>,
}

/// What several actions have in common: the texts of an `on` line and of the `keys` line above it.
#[derive(Clone, Copy, Default)]
pub(super) struct Bearing {
    pub(super) on: &'static str,
    pub(super) keys: &'static str,
}

impl Service {
    /// The service of that prefix, to be read from `text`.
    pub(super) const fn new(prefix: &'static str, text: &'static str) -> Self {
        Self { prefix, text, actions: OnceLock::new(), bearings: OnceLock::new() }
    }

    /// What stands before the colon in its actions: `s3`. Always lower case.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// Its name, as AWS writes it: `Amazon S3`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default()
    }

    /// Its actions, sorted by name without case.
    #[must_use]
    pub fn actions(&'static self) -> &'static [Action] {
        &self.halves().list
    }

    /// The action of that name, in any case. The name has no prefix.
    #[must_use]
    pub fn action(&'static self, name: &str) -> Option<&'static Action> {
        self.actions().get(self.place(name)?)
    }

    /// The place among its actions of the one of that name, in any case.
    pub(crate) fn place(&'static self, name: &str) -> Option<usize> {
        self.actions().binary_search_by(|action| ignoring_case(action.name(), name)).ok()
    }

    /// Its types of resources, sorted by name without case.
    #[must_use]
    pub fn resource_types(&'static self) -> &'static [ResourceType] {
        &self.bearings().resource_types
    }

    /// The type of resources of that name, as [`Action::resource_types`] gives it.
    #[must_use]
    pub fn resource_type(&'static self, name: &str) -> Option<&'static ResourceType> {
        let types = self.resource_types();
        let at = types.binary_search_by(|one| ignoring_case(one.name, name)).ok()?;
        types.get(at)
    }

    /// What the actions of that number are on, and their condition keys.
    pub(super) fn bearing(&'static self, number: u16) -> Bearing {
        self.bearings().by_number.get(usize::from(number)).copied().unwrap_or_default()
    }

    fn halves(&'static self) -> &'static Actions {
        self.actions.get_or_init(|| {
            let (_, mut below) = self.text.split_once('\n').unwrap_or_default();
            let mut list = Vec::new();
            while let Some((line, rest)) = below.split_once('\n') {
                below = rest;
                let Some((level, line)) = line.split_once(' ') else { break };
                list.extend(Action::read(self, list.len(), level, line));
            }
            Actions { list, below }
        })
    }

    pub(super) fn bearings(&'static self) -> &'static Bearings {
        self.bearings.get_or_init(|| {
            let mut read = Bearings { by_number: Vec::new(), resource_types: Vec::new() };
            let mut keys = "";
            for line in self.halves().below.lines() {
                let Some((word, rest)) = line.split_once(' ') else { continue };
                match word {
                    "keys" => keys = rest,
                    "on" => {
                        let (_, on) = rest.split_once(' ').unwrap_or((rest, ""));
                        read.by_number.push(Bearing { on, keys });
                    }
                    "type" => {
                        let Some((name, arns)) = rest.split_once(" = ") else { continue };
                        let service = self.prefix;
                        read.resource_types.push(ResourceType { service, name, arns, keys });
                    }
                    _ => {}
                }
            }
            read.resource_types.sort_by(|a, b| ignoring_case(a.name, b.name));
            read
        })
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.prefix, self.name())
    }
}

/// The order of two names when case does not count.
pub(super) fn ignoring_case(a: &str, b: &str) -> Ordering {
    for (a, b) in a.bytes().zip(b.bytes()) {
        // Most letters are alike in case too, and names are compared very often.
        if a != b {
            let order = a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase());
            if order != Ordering::Equal {
                return order;
            }
        }
    }
    a.len().cmp(&b.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::AccessLevel;

    static EXAMPLE: Service = Service::new(
        "example",
        "An Example\n\
         R2 AskAll\n\
         L0 ListAll\n\
         W1 putThing > example:ListAll iam:PassRole\n\
         \n\
         on 0\n\
         on 1 thing*, other thing\n\
         keys example:Key aws:ResourceTag/${TagKey}\n\
         type other thing = other/${Id}, arn:${Partition}:example:::${Id}\n\
         on 2\n",
    );

    #[test]
    fn actions_are_found_without_case() {
        let names: Vec<String> = EXAMPLE.actions().iter().map(Action::to_string).collect();
        assert_eq!(names, ["example:AskAll", "example:ListAll", "example:putThing"]);
        assert_eq!(EXAMPLE.action("PUTTHING").unwrap().name(), "putThing");
        assert!(EXAMPLE.action("put").is_none());
    }

    #[test]
    fn an_action_has_what_its_number_stands_for() {
        let put = EXAMPLE.action("PutThing").unwrap();
        assert_eq!(put.level(), AccessLevel::Write);
        assert_eq!(put.resource_types().collect::<Vec<_>>(), [("thing", true), ("other thing", false)]);
        assert_eq!(put.condition_keys().count(), 0);
        assert_eq!(put.dependents().collect::<Vec<_>>(), ["example:ListAll", "iam:PassRole"]);
        assert!(put.takes_resource() && put.passes_role());
        let ask = EXAMPLE.action("AskAll").unwrap();
        assert_eq!(ask.condition_keys().collect::<Vec<_>>(), ["example:Key", "aws:ResourceTag/${TagKey}"]);
        assert!(!ask.takes_resource());
    }

    #[test]
    fn an_arn_gets_its_usual_beginning_back() {
        let other = EXAMPLE.resource_type("other thing").unwrap();
        let arns: Vec<String> = other.arns().collect();
        assert_eq!(
            arns,
            ["arn:${Partition}:example:${Region}:${Account}:other/${Id}", "arn:${Partition}:example:::${Id}"]
        );
    }
}
