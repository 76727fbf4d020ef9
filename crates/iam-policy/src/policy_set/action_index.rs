//! Which statements are about an action.
//!
//! Owns the index by service and name. Never looks at anything but `Action` and `NotAction`.
//! Source: IAM User Guide, "IAM JSON policy elements: Action": names compare without case, wildcards may stand in both
//! the service and the name.

use std::{borrow::Cow, collections::HashMap};

use crate::{OneOrMany, Pattern, Scope};

/// The numbers of statements by what their actions look like. INVARIANT: every list is in ascending order.
#[derive(Clone, Debug, Default)]
pub(super) struct ActionIndex {
    /// Patterns without wildcard before the colon, by what stands there, in lower case.
    services: HashMap<Box<str>, Service>,
    /// All others.
    wide: Vec<(Wide, usize)>,
}

#[derive(Clone, Debug, Default)]
struct Service {
    names: HashMap<Box<str>, Vec<usize>>,
    patterns: Vec<(Name, usize)>,
}

/// A name with wildcards, in lower case.
#[derive(Clone, Debug)]
enum Name {
    /// `describe*`: by far the most frequent.
    Prefix(Box<str>),
    Pattern(Pattern),
}

#[derive(Clone, Debug)]
enum Wide {
    Everything,
    Pattern(Pattern),
    /// `NotAction`
    Except(Vec<Pattern>),
}

impl ActionIndex {
    /// Adds a statement, which must have the highest number so far.
    pub(super) fn add(&mut self, statement: usize, actions: &Scope<OneOrMany<String>>) {
        match actions {
            Scope::Except(names) => {
                let patterns = names.iter().map(|name| Pattern::new(&name.to_ascii_lowercase())).collect();
                self.wide.push((Wide::Except(patterns), statement));
            }
            Scope::Only(names) => {
                for name in names {
                    self.add_pattern(statement, &name.to_ascii_lowercase());
                }
            }
        }
    }

    fn add_pattern(&mut self, statement: usize, pattern: &str) {
        match pattern.split_once(':') {
            Some((service, name)) if !service.contains(['*', '?']) => {
                self.services.entry(service.into()).or_default().add(statement, name);
            }
            _ => {
                let pattern = Pattern::new(pattern);
                let wide = if pattern.is_everything() { Wide::Everything } else { Wide::Pattern(pattern) };
                self.wide.push((wide, statement));
            }
        }
    }

    /// The statements about this action, each once, in ascending order.
    pub(super) fn find(&self, action: &ActionName<'_>) -> impl Iterator<Item = usize> {
        let action = action.0.as_ref();
        let (service, name) = action.split_once(':').unwrap_or((action, ""));
        let service = self.services.get(service);
        let names = service.and_then(|service| service.names.get(name));
        let patterns: &[(Name, usize)] = service.map_or(&[], |service| &service.patterns);

        let mut names = names.into_iter().flatten().copied().peekable();
        let mut patterns =
            patterns.iter().filter(|(it, _)| it.matches(name)).map(|(_, statement)| *statement).peekable();
        let mut wide =
            self.wide.iter().filter(|(it, _)| it.matches(action)).map(|(_, statement)| *statement).peekable();
        std::iter::from_fn(move || {
            let heads = [names.peek(), patterns.peek(), wide.peek()];
            let next = *heads.into_iter().flatten().min()?;
            while names.next_if_eq(&next).is_some() {}
            while patterns.next_if_eq(&next).is_some() {}
            while wide.next_if_eq(&next).is_some() {}
            Some(next)
        })
    }
}

impl Service {
    fn add(&mut self, statement: usize, name: &str) {
        if !name.contains(['*', '?']) {
            let statements = self.names.entry(name.into()).or_default();
            if statements.last() != Some(&statement) {
                statements.push(statement);
            }
            return;
        }
        let name = match name.strip_suffix('*') {
            Some(prefix) if !prefix.contains(['*', '?']) => Name::Prefix(prefix.into()),
            _ => Name::Pattern(Pattern::new(name)),
        };
        self.patterns.push((name, statement));
    }
}

impl Name {
    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Prefix(prefix) => name.starts_with(&**prefix),
            Self::Pattern(pattern) => pattern.matches(name),
        }
    }
}

impl Wide {
    fn matches(&self, action: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Pattern(pattern) => pattern.matches(action),
            Self::Except(patterns) => !patterns.iter().any(|pattern| pattern.matches(action)),
        }
    }
}

/// The name of an action in lower case, as the index has it.
pub(crate) struct ActionName<'a>(Cow<'a, str>);

/// Room for the name of any action that AWS has, so that asking for one takes no memory.
pub(crate) type ActionBuffer = [u8; 96];

impl<'a> ActionName<'a> {
    pub(crate) fn new(action: &str, buffer: &'a mut ActionBuffer) -> Self {
        let short = buffer.get_mut(..action.len()).and_then(|room| {
            room.copy_from_slice(action.as_bytes());
            room.make_ascii_lowercase();
            std::str::from_utf8(room).ok()
        });
        Self(short.map_or_else(|| Cow::Owned(action.to_ascii_lowercase()), Cow::Borrowed))
    }

    /// What stands before the colon, in lower case.
    pub(crate) fn service(&self) -> &str {
        self.0.split_once(':').map_or("", |(service, _)| service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(statements: &[Scope<OneOrMany<String>>], action: &str) -> Vec<usize> {
        let mut index = ActionIndex::default();
        for (number, actions) in statements.iter().enumerate() {
            index.add(number, actions);
        }
        index.find(&ActionName::new(action, &mut [0; 96])).collect()
    }

    fn names(names: &[&str]) -> OneOrMany<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn each_statement_about_an_action_is_found_once_and_in_order() {
        let statements = [
            Scope::Only(names(&["s3:Get*", "S3:getobject", "*", "s3:*Object"])),
            Scope::Only(names(&["ec2:*"])),
            Scope::Except(names(&["iam:*", "s3:Put*"])),
            Scope::Only(names(&["s3:GETOBJECT", "s?:Get*"])),
            Scope::Only(names(&["s3:PutObject"])),
            Scope::Only(names(&["s3:*"])),
        ];
        assert_eq!(found(&statements, "s3:GetObject"), [0, 2, 3, 5]);
        assert_eq!(found(&statements, "S3:PUTOBJECT"), [0, 4, 5]);
        assert_eq!(found(&statements, "iam:GetRole"), [0]);
        assert_eq!(found(&statements, "nothing"), [0, 2]);
        assert_eq!(found(&statements, &format!("ec2:{}", "A".repeat(200))), [0, 1, 2]);
    }
}
