//! Findings as sentences.
//!
//! Owns the wording: each finding is one line for a reviewer, without its full stop.

use std::fmt::{Display, Formatter, Result};

use super::{
    Attachment, Chain, Escalation, Grant, How, IneffectiveScope, OpenName, QuotaUse, Secret, Source, Step,
    Takeover, UnknownName,
};
use crate::{Effect, Scope};

impl Display for Source {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match (self.statement, &self.sid) {
            (Some(index), Some(sid)) => write!(formatter, "`Statement[{index}]`, `{sid}`, of ")?,
            (Some(index), None) => write!(formatter, "`Statement[{index}]` of ")?,
            (None, _) => {}
        }
        write!(formatter, "the {} `{}`", self.layer.as_str(), self.policy)
    }
}

/// Such as ``allowed on `*` by `Statement[0]` of the identity-based policy `inline` ``.
impl Display for Grant {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str(if self.is_certain() { "allowed on " } else { "perhaps allowed on " })?;
        match &self.resources {
            Scope::Only(resources) => write!(formatter, "{}", ticked(resources))?,
            Scope::Except(resources) => write!(formatter, "all but {}", ticked(resources))?,
        }
        if self.unlisted > 0 {
            write!(formatter, " and perhaps {} more", self.unlisted)?;
        }
        match &self.source {
            Some(source) => write!(formatter, " by {source}"),
            None => Ok(()),
        }
    }
}

impl Display for Secret {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "`{}` reveals {}: {}", self.action, self.reveals, Grants(&self.grants))
    }
}

impl Display for Step {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "`{}` {}", self.action, Grants(&self.grants))
    }
}

impl Display for Escalation {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let steps: Vec<String> = self.steps.iter().map(ToString::to_string).collect();
        write!(formatter, "{}: {}", self.path.reason, steps.join("; "))
    }
}

impl Display for UnknownName {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let consequence = match self.effect {
            Effect::Allow => "what it allows is not known",
            Effect::Deny => "what it was meant to deny is not denied",
        };
        write!(formatter, "{}: {}, in {}", self.name, consequence, self.source)
    }
}

impl Display for OpenName {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match &self.pattern {
            Scope::Only(pattern) => {
                write!(formatter, "`{pattern}` allows what AWS may add later under such a name")?
            }
            Scope::Except(pattern) => {
                write!(formatter, "`NotAction` `{pattern}` allows whatever AWS may add later")?
            }
        }
        write!(formatter, ", in {}", self.source)
    }
}

impl Display for IneffectiveScope {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let (does, void) = match self.effect {
            Effect::Allow => ("allows", "allows nothing of it"),
            Effect::Deny => ("denies", "does not protect from it"),
        };
        let (source, action, resources) = (&self.source, &self.action, ticked(&self.resources));
        write!(formatter, "{source} {does} `{action}` on {resources}, but ")?;
        if self.takes.is_empty() {
            write!(formatter, "it takes no resource, so the statement {void}: write `*`")
        } else {
            let takes: Vec<String> = self.takes.iter().map(|one| (*one).to_owned()).collect();
            write!(formatter, "it is only done to {}, so the statement {void}", ticked(&takes))
        }
    }
}

impl Display for QuotaUse {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match (self.attachment, &self.policy) {
            (Attachment::Inline, _) => formatter.write_str("the inline policies take ")?,
            (Attachment::Trust, _) => formatter.write_str("the trust policy takes ")?,
            (Attachment::Managed, name) => {
                write!(formatter, "the managed policy `{}` takes ", name.as_deref().unwrap_or_default())?;
            }
        }
        write!(formatter, "{} of {} characters, {} %", self.used, self.limit, self.percent())
    }
}

impl Display for Takeover {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let Self { from, to, .. } = self;
        let can = if self.witness.is_some() { "can" } else { "can perhaps" };
        match &self.how {
            How::Assume => write!(formatter, "`{from}` {can} assume `{to}`")?,
            How::Retrust => {
                write!(formatter, "`{from}` {can} change who may assume `{to}`, and let itself in")?
            }
            How::Pass(paths) => {
                let actions = paths.first().map(|path| path.actions.as_slice()).unwrap_or_default();
                let actions: Vec<String> = actions.iter().map(|action| (*action).to_owned()).collect();
                write!(formatter, "`{from}` {can} run something as `{to}` with {}", ticked(&actions))?;
            }
            How::Edit(actions) => {
                let actions: Vec<String> = actions.iter().map(|action| (*action).to_owned()).collect();
                let what = if from == to {
                    "rewrite its own permissions".to_owned()
                } else {
                    format!("rewrite the permissions of `{to}`")
                };
                return write!(formatter, "`{from}` {can} {what} with {}", ticked(&actions));
            }
        }
        gains(&self.gains, formatter)
    }
}

impl Display for Chain {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let can = if self.is_certain { "can" } else { "can perhaps" };
        let (Some((first, rest)), Some(last)) = (self.roles.split_first(), self.roles.last()) else {
            return Ok(());
        };
        let over = rest.split_last().map(|(_, over)| over).unwrap_or_default();
        write!(formatter, "`{first}` {can} become `{last}` over {}", ticked(over))?;
        gains(&self.gains, formatter)
    }
}

fn gains(gains: &crate::ActionSet, formatter: &mut Formatter<'_>) -> Result {
    let Some(strongest) = gains.iter().max_by_key(|action| action.level()) else { return Ok(()) };
    match gains.len() {
        1 => write!(formatter, "; that role can do one more action, `{strongest}`"),
        count => write!(formatter, "; that role can do {count} more actions, `{strongest}` among them"),
    }
}

/// The first way in words, and how many there are besides.
struct Grants<'a>(&'a [Grant]);

impl Display for Grants<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let Some((first, others)) = self.0.split_first() else { return Ok(()) };
        write!(formatter, "{first}")?;
        match others.len() {
            0 => Ok(()),
            1 => formatter.write_str(", and by another statement"),
            count => write!(formatter, ", and by {count} other statements"),
        }
    }
}

/// A list of texts; of a long one only the beginning.
fn ticked(texts: &[String]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<String> = texts.iter().take(SHOWN).map(|text| format!("`{text}`")).collect();
    let more = texts.len().saturating_sub(SHOWN);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{rest}", shown.join(", "))
}
