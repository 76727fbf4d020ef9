//! One service, and the file that its actions are read from.
//!
//! Owns the form of that file, which `cargo xtask catalog` writes:
//!
//! ```text
//! Amazon S3                                          the service's name
//! keys aws:ResourceTag/${TagKey}                     condition keys of all below, until the next such line
//! type bucket = arn:${Partition}:s3:::${BucketName}  a type of resources, and its ARNs
//! on bucket*, object                                 resource types of all below, until the next `on` or `keys`
//! W DeleteBucket > s3:ListBucket                     level, action, and the actions that it needs besides
//! ```
//!
//! An ARN without `arn:` has the usual beginning of the service. A file is read when its service is first asked for;
//! a line that is none of these is skipped, and a test holds that there is none.

use std::cmp::Ordering;
use std::fmt;
use std::sync::OnceLock;

use super::{AccessLevel, Action, ResourceType};

/// A service, such as `s3`, with its actions and resource types.
pub struct Service {
    prefix: &'static str,
    pub(super) text: &'static str,
    entries: OnceLock<Entries>,
}

struct Entries {
    actions: Vec<Action>,
    resource_types: Vec<ResourceType>,
}

impl Service {
    /// The service of that prefix, to be read from `text`.
    pub(super) const fn new(prefix: &'static str, text: &'static str) -> Self {
        Self { prefix, text, entries: OnceLock::new() }
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
        &self.entries().actions
    }

    /// The action of that name, in any case. The name has no prefix.
    #[must_use]
    pub fn action(&'static self, name: &str) -> Option<&'static Action> {
        let actions = self.actions();
        let at = actions.binary_search_by(|action| ignoring_case(action.name, name)).ok()?;
        actions.get(at)
    }

    /// Its types of resources, sorted by name without case.
    #[must_use]
    pub fn resource_types(&'static self) -> &'static [ResourceType] {
        &self.entries().resource_types
    }

    /// The type of resources of that name, as [`Action::resource_types`] gives it.
    #[must_use]
    pub fn resource_type(&'static self, name: &str) -> Option<&'static ResourceType> {
        let types = self.resource_types();
        let at = types.binary_search_by(|one| ignoring_case(one.name, name)).ok()?;
        types.get(at)
    }

    fn entries(&'static self) -> &'static Entries {
        self.entries.get_or_init(|| self.read())
    }

    fn read(&'static self) -> Entries {
        let mut entries = Entries { actions: Vec::new(), resource_types: Vec::new() };
        let (mut keys, mut on) = ("", "");
        for line in self.text.lines().skip(1) {
            let Some((word, rest)) = line.split_once(' ') else { continue };
            match word {
                "keys" => (keys, on) = (rest, ""),
                "on" => on = rest,
                "type" => {
                    let Some((name, arns)) = rest.split_once(" = ") else { continue };
                    entries.resource_types.push(ResourceType { service: self.prefix, name, arns, keys });
                }
                letter => {
                    let Some(level) = level(letter) else { continue };
                    let (name, needs) = rest.split_once(" > ").unwrap_or((rest, ""));
                    entries.actions.push(Action { service: self, name, level, on, keys, needs });
                }
            }
        }
        entries.actions.sort_by(|a, b| ignoring_case(a.name, b.name));
        entries.resource_types.sort_by(|a, b| ignoring_case(a.name, b.name));
        entries
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.prefix, self.name())
    }
}

/// The level that a letter of the data stands for.
fn level(letter: &str) -> Option<AccessLevel> {
    match letter {
        "L" => Some(AccessLevel::List),
        "R" => Some(AccessLevel::Read),
        "T" => Some(AccessLevel::Tagging),
        "W" => Some(AccessLevel::Write),
        "P" => Some(AccessLevel::PermissionsManagement),
        _ => None,
    }
}

/// The order of two names when case does not count.
pub(super) fn ignoring_case(a: &str, b: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(lower).cmp(b.bytes().map(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    static EXAMPLE: Service = Service::new(
        "example",
        "An Example\n\
         L ListAll\n\
         on thing*, other thing\n\
         W putThing > example:ListAll iam:PassRole\n\
         keys example:Key aws:ResourceTag/${TagKey}\n\
         type other thing = other/${Id}, arn:${Partition}:example:::${Id}\n\
         R AskAll\n",
    );

    #[test]
    fn actions_are_sorted_and_found_without_case() {
        let names: Vec<String> = EXAMPLE.actions().iter().map(Action::to_string).collect();
        assert_eq!(names, ["example:AskAll", "example:ListAll", "example:putThing"]);
        assert_eq!(EXAMPLE.action("PUTTHING").unwrap().name(), "putThing");
        assert!(EXAMPLE.action("put").is_none());
    }

    #[test]
    fn an_action_has_what_stands_above_it() {
        let put = EXAMPLE.action("PutThing").unwrap();
        assert_eq!(put.level(), AccessLevel::Write);
        assert_eq!(put.resource_types().collect::<Vec<_>>(), [("thing", true), ("other thing", false)]);
        assert_eq!(put.condition_keys().count(), 0);
        assert_eq!(put.dependents().collect::<Vec<_>>(), ["example:ListAll", "iam:PassRole"]);
        assert!(put.takes_resource() && put.passes_role());
        let ask = EXAMPLE.action("AskAll").unwrap();
        assert_eq!(ask.condition_keys().collect::<Vec<_>>(), ["example:Key", "aws:ResourceTag/${TagKey}"]);
        assert!(!ask.takes_resource(), "other keys, other resource types");
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
