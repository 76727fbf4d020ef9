//! Which names of actions say that something ends.
//!
//! Owns the words. Never looks at an action's level.

/// First words of the names of actions that end what somebody made.
const VERBS: &[&str] =
    &["Delete", "Deprovision", "Deregister", "Destroy", "Drop", "Erase", "Purge", "Release", "Terminate"];

/// Words that say so wherever they stand: `BatchDeleteImage`, `ScheduleKeyDeletion`.
const WORDS: &[&str] = &["Delete", "Deletion", "Purge", "Terminate"];

/// Whether the name of an action, without its prefix, says that something ends.
pub(super) fn destroys(name: &str) -> bool {
    let mut words = words(name);
    let Some(first) = words.next() else { return false };
    // `CancelKeyDeletion` keeps what was to go.
    VERBS.contains(&first) || (first != "Cancel" && words.any(|word| WORDS.contains(&word)))
}

/// The words of a name in camel case; a run of capitals counts with the word behind it.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let begin = rest.find(|character: char| !character.is_ascii_uppercase())?;
        let end = rest.get(begin..)?.find(|character: char| character.is_ascii_uppercase());
        let (word, behind) = rest.split_at_checked(end.map_or(rest.len(), |end| begin + end))?;
        rest = behind;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::destroys;
    use crate::catalog;

    #[test]
    fn a_word_tells_and_not_a_part_of_one() {
        for name in
            ["DeleteBucket", "BatchDeleteImage", "ScheduleKeyDeletion", "PartiQLDelete", "TerminateInstances"]
        {
            assert!(destroys(name), "{name}");
        }
        for name in
            ["CancelKeyDeletion", "DetachVolume", "UpdateTerminationProtection", "CreateDeletedThing", ""]
        {
            assert!(!destroys(name), "{name}");
        }
    }

    #[test]
    fn tags_and_reads_do_not_destroy() {
        let destroys = |name| catalog::action(name).is_ok_and(catalog::Action::destroys);
        assert!(destroys("s3:DeleteBucket") && destroys("iam:DeleteRolePolicy"));
        assert!(!destroys("ec2:DeleteTags") && !destroys("codepipeline:ListRuleTypes"));
    }
}
