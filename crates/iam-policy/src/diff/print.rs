//! A change as one line for a reviewer.
//!
//! Owns the wording.

use std::fmt::{Display, Formatter, Result};

use super::{Change, Diff, Direction, Element, Place, What};
use crate::{Effect, OneOrMany, Scope, Statement};

impl Display for Diff {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        self.changes.iter().try_for_each(|change| writeln!(formatter, "{change}"))
    }
}

impl Display for Change {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{}: ", self.direction)?;
        let allows = self.effect.map_or("says", verb);
        if let Some(place) = &self.statement {
            write!(formatter, "{place} ")?;
        }
        match &self.what {
            What::Version => {
                formatter.write_str("another language version, which decides whether `${…}` is a variable")
            }
            What::Id => formatter.write_str("another `Id`"),
            What::Extra => formatter.write_str("other top-level elements that IAM gives no meaning"),
            What::StatementAdded { .. } if self.direction == Direction::Same => {
                write!(formatter, "is new and {allows} nothing that another statement did not")
            }
            What::StatementAdded { summary } => write!(formatter, "is new and {allows} {summary}"),
            What::StatementRemoved { .. } if self.direction == Direction::Same => {
                write!(formatter, "is gone, and another statement {allows} the same")
            }
            What::StatementRemoved { summary } => {
                write!(formatter, "is gone and no longer {allows} {summary}")
            }
            What::Effect => write!(formatter, "{allows} now what it {} before", opposite(self.effect)),
            What::Sid { before: Some(before) } => write!(formatter, "was named `{before}`"),
            What::Sid { before: None } => formatter.write_str("had no `Sid`"),
            What::Gained { element, values, instead_of } => {
                let instead_of =
                    (!instead_of.is_empty()).then(|| format!(", and no longer only {}", ticked(instead_of)));
                write!(
                    formatter,
                    "{}{}",
                    element.gains(allows, &ticked(values)),
                    instead_of.unwrap_or_default()
                )
            }
            What::Lost { element, values, left } => {
                let left = (!left.is_empty()).then(|| format!(", only {}", ticked(left)));
                write!(formatter, "{}{}", element.loses(allows, &ticked(values)), left.unwrap_or_default())
            }
            What::Rewritten { element } => write!(formatter, "writes {element} otherwise and means the same"),
            What::Form { before, after } => {
                let name = |element: &Option<Element>| {
                    element.as_ref().map_or("none".to_owned(), Element::to_string)
                };
                write!(formatter, "has {} where it had {}", name(after), name(before))
            }
            What::Incomparable { element } => {
                write!(formatter, "has values in its {element} that cannot be compared with the earlier ones")
            }
            What::ConditionAdded { condition } => {
                write!(formatter, "{allows} on one more condition, `{condition}`")
            }
            What::ConditionDropped { condition } => {
                write!(formatter, "{allows} without the condition `{condition}`")
            }
            What::ConditionOperator { before, after } => {
                write!(formatter, "has the condition `{after}` where it had `{before}`")
            }
        }
    }
}

impl Display for Direction {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str(match self {
            Self::Same => "same",
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Unclear => "unclear",
        })
    }
}

impl Display for Place {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match &self.sid {
            Some(sid) => write!(formatter, "`Statement[{}]` (`{sid}`)", self.index),
            None => write!(formatter, "`Statement[{}]`", self.index),
        }
    }
}

impl Display for Element {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str(match self {
            Self::Principal => "`Principal`",
            Self::NotPrincipal => "`NotPrincipal`",
            Self::Action => "`Action`",
            Self::NotAction => "`NotAction`",
            Self::Resource => "`Resource`",
            Self::NotResource => "`NotResource`",
            Self::Condition { operator, key } => return write!(formatter, "condition `{operator} {key}`"),
        })
    }
}

impl Element {
    fn gains(&self, allows: &str, values: &str) -> String {
        match self {
            Self::Principal | Self::Action | Self::Resource => {
                format!("also {allows} {} {values}", self.noun())
            }
            Self::NotPrincipal | Self::NotAction | Self::NotResource => {
                format!("also excepts {} {values}", self.noun())
            }
            Self::Condition { .. } => format!("also names {values} in its {self}"),
        }
    }

    fn loses(&self, allows: &str, values: &str) -> String {
        match self {
            Self::Principal | Self::Action | Self::Resource => {
                format!("no longer {allows} {} {values}", self.noun())
            }
            Self::NotPrincipal | Self::NotAction | Self::NotResource => {
                format!("no longer excepts {} {values}", self.noun())
            }
            Self::Condition { .. } => format!("no longer names {values} in its {self}"),
        }
    }

    fn noun(&self) -> &'static str {
        match self {
            Self::Principal | Self::NotPrincipal => "principal",
            Self::Action | Self::NotAction => "action",
            Self::Resource => "on resource",
            Self::NotResource => "resource",
            Self::Condition { .. } => "value",
        }
    }
}

fn verb(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allows",
        Effect::Deny => "denies",
    }
}

fn opposite(effect: Option<Effect>) -> &'static str {
    match effect {
        Some(Effect::Allow) => "denied",
        _ => "allowed",
    }
}

/// What a statement names, in short.
pub(super) fn summary(statement: &Statement) -> String {
    let listed = |texts: &OneOrMany<String>| match texts.as_slice() {
        [one, two, _, ..] => format!("`{one}`, `{two}` and {} more", texts.iter().count() - 2),
        few => ticked(few),
    };
    let actions = match &statement.actions {
        Scope::Only(actions) => listed(actions),
        Scope::Except(actions) => format!("all but {}", listed(actions)),
    };
    let resources = statement.resources.as_ref().map(|resources| match resources {
        Scope::Only(resources) => format!(" on {}", listed(resources)),
        Scope::Except(resources) => format!(" on all but {}", listed(resources)),
    });
    format!("{actions}{}", resources.unwrap_or_default())
}

fn ticked(values: &[String]) -> String {
    values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}
