//! What the schemas call permissions, and what IAM calls them: `data/cloudformation-corrections.txt`.
//!
//! Owns the form of that file. A correction that is not needed is refused, so that the file only ever says what is.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;

use crate::catalog::known::KnownActions;
use crate::{Outcome, workspace};

const FILE: &str = "crates/iam-policy/src/catalog/data/cloudformation-corrections.txt";

/// What a permission should have been called, by its lower case, and which corrections were of use.
pub(super) struct Corrections {
    actions: BTreeMap<String, Vec<String>>,
    used: BTreeSet<String>,
}

impl Corrections {
    /// The corrections of the committed file.
    pub(super) fn read() -> Result<Self, Box<dyn Error>> {
        Ok(Self::parse(&fs::read_to_string(workspace().join(FILE))?)?)
    }

    /// A correction a line: the permission, `is`, the actions, a colon and a space, the reason.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut actions = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let parts =
                line.split_once(" is ").and_then(|(wrong, rest)| Some((wrong, rest.split_once(": ")?)));
            let Some((wrong, (right, _))) = parts else {
                return Err(format!("{FILE}: not `PERMISSION is ACTION ...: REASON`: {line}"));
            };
            actions.insert(wrong.to_ascii_lowercase(), right.split(' ').map(str::to_owned).collect());
        }
        Ok(Self { actions, used: BTreeSet::new() })
    }

    /// Refuses corrections that nothing needed.
    pub(super) fn finish(self) -> Outcome {
        let needless: Vec<&String> =
            self.actions.keys().filter(|wrong| !self.used.contains(*wrong)).collect();
        if needless.is_empty() { Ok(()) } else { Err(format!("{FILE}: needless: {needless:?}").into()) }
    }
}

/// The actions that a permission stands for, as IAM writes them; `None` if IAM does not know it.
pub(super) fn cleaned(
    permission: &str,
    known: &KnownActions,
    corrections: &mut Corrections,
) -> Option<Vec<String>> {
    let permission = permission.trim();
    if let Some(spelled) = known.spelling(permission) {
        return Some(vec![spelled]);
    }
    let wrong = permission.to_ascii_lowercase();
    let right = corrections.actions.get(&wrong)?.iter().map(|action| known.spelling(action)).collect();
    corrections.used.insert(wrong);
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_is_replaced_and_a_needless_correction_refused() {
        let known = KnownActions::of(&["kms:ReEncryptFrom", "kms:ReEncryptTo"]);
        let text = "# comment\nkms:ReEncrypt is kms:ReEncryptFrom kms:ReEncryptTo: IAM checks both\n";
        let mut corrections = Corrections::parse(text).unwrap();
        assert_eq!(cleaned("kms:Encrypt", &known, &mut corrections), None);
        assert!(Corrections::parse(text).unwrap().finish().is_err());
        let actions = cleaned(" kms:reEncrypt", &known, &mut corrections).unwrap();
        assert_eq!(actions, ["kms:ReEncryptFrom", "kms:ReEncryptTo"]);
        assert!(corrections.finish().is_ok());
    }
}
