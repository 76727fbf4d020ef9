//! What AWS's own data has wrong, put right by hand: `data/corrections.txt`, read here and by nobody else.
//!
//! Owns the form of that file. A correction that changes nothing any more is refused, so that the file only ever says
//! what is needed. Never lowers a level: a wrong "read" is dangerous, a wrong "write" is a nuisance.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;

use crate::{Outcome, workspace};

const FILE: &str = "crates/iam-policy/src/catalog/data/corrections.txt";

/// The levels' letters, from harmless to powerful.
const LEVELS: [&str; 5] = ["L", "R", "T", "W", "P"];

/// The corrections that have not been applied yet, by the action that they are about.
pub(super) struct Corrections(BTreeMap<String, Vec<Correction>>);

enum Correction {
    Level(&'static str),
    Needs(String),
}

impl Corrections {
    /// The corrections of the committed file.
    pub(super) fn read() -> Result<Self, Box<dyn Error>> {
        Ok(Self::parse(&fs::read_to_string(workspace().join(FILE))?)?)
    }

    /// A correction a line: the action, `level` with a letter or `needs` with an action, a colon, and the reason.
    fn parse(text: &str) -> Result<Self, String> {
        let mut corrections: BTreeMap<String, Vec<Correction>> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let wrong = || {
                format!("{FILE}: not `ACTION level LETTER: REASON` or `ACTION needs ACTION: REASON`: {line}")
            };
            let (head, reason) = line.split_once(": ").ok_or_else(wrong)?;
            let mut words = head.split(' ');
            let (Some(action), Some(what), Some(value), None, false) =
                (words.next(), words.next(), words.next(), words.next(), reason.is_empty())
            else {
                return Err(wrong());
            };
            let level = LEVELS.into_iter().find(|level| *level == value);
            let correction = match (what, level) {
                ("level", Some(level)) => Correction::Level(level),
                ("needs", _) => Correction::Needs(value.to_owned()),
                _ => return Err(wrong()),
            };
            corrections.entry(action.to_owned()).or_default().push(correction);
        }
        Ok(Self(corrections))
    }

    /// Corrects the level and the needs of one action.
    pub(super) fn apply(
        &mut self,
        action: &str,
        level: &mut &'static str,
        needs: &mut BTreeSet<String>,
    ) -> Result<(), String> {
        let rank = |level: &str| LEVELS.iter().position(|known| *known == level);
        for correction in self.0.remove(action).unwrap_or_default() {
            let changed = match correction {
                Correction::Level(higher) if rank(higher) > rank(level) => {
                    *level = higher;
                    true
                }
                Correction::Level(_) => false,
                Correction::Needs(other) => needs.insert(other),
            };
            if !changed {
                return Err(format!("{FILE}: the data has {action} right by now; remove its line"));
            }
        }
        Ok(())
    }

    /// Refuses corrections of actions that do not exist.
    pub(super) fn finish(self) -> Outcome {
        let left: Vec<String> = self.0.into_keys().collect();
        if left.is_empty() { Ok(()) } else { Err(format!("{FILE}: there is no {}", left.join(", ")).into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(text: &str, level: &'static str) -> Result<(&'static str, Vec<String>), String> {
        let (mut level, mut needs) = (level, BTreeSet::new());
        Corrections::parse(text)?.apply("a:B", &mut level, &mut needs)?;
        Ok((level, needs.into_iter().collect()))
    }

    #[test]
    fn levels_are_raised_and_never_lowered() {
        assert_eq!(apply("a:B level W: it writes", "R").unwrap().0, "W");
        assert!(apply("a:B level R: it only reads", "W").unwrap_err().contains("remove its line"));
    }

    #[test]
    fn a_correction_that_changes_nothing_is_refused() {
        assert!(apply("a:B level W: it writes", "W").is_err());
        assert_eq!(apply("a:B needs c:D: it calls it", "R").unwrap().1, ["c:D"]);
        assert!(apply("a:B needs c:D: it calls it\na:B needs c:D: again", "R").is_err());
    }

    #[test]
    fn a_correction_has_a_reason_and_an_action_that_exists() {
        for text in
            ["a:B level W", "a:B level W: ", "a:B level X: why", "a:B W: why", "a:B level W more: why"]
        {
            assert!(Corrections::parse(text).is_err(), "{text}");
        }
        assert!(Corrections::parse("a:C level W: why").unwrap().finish().is_err());
        assert!(Corrections::parse("# note\n\n").unwrap().finish().is_ok());
    }
}
