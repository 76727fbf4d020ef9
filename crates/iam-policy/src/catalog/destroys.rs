//! Which names of actions say that something ends.
//!
//! Owns the words. Never looks at an action's level.

/// First words of the names of actions that end what somebody made.
const VERBS: &[&str] = &[
    "Close",
    "Delete",
    "Deprovision",
    "Deregister",
    "Destroy",
    "Drop",
    "Erase",
    "Leave",
    "Purge",
    "Release",
    "Terminate",
];

/// Names that do not say it. API Gateway's actions are HTTP methods, DynamoDB's batches of writes may hold deletes.
const NAMES: &[&str] = &["BatchWriteItem", "DELETE", "RemoveAccountFromOrganization"];

/// Words that say so wherever they stand: `BatchDeleteImage`, `ScheduleKeyDeletion`.
const WORDS: &[&str] = &["Delete", "Deletion", "Purge", "Terminate"];

/// Whether the name of an action, without its prefix, says that something ends.
pub(super) fn destroys(name: &str) -> bool {
    let mut words = words(name);
    let Some(first) = words.next() else { return false };
    if NAMES.contains(&name) {
        return true;
    }
    // `CancelKeyDeletion` keeps what was to go.
    VERBS.contains(&first) || (first != "Cancel" && words.any(|word| WORDS.contains(&word)))
}

/// The words of a name in camel case. The last of a run of capitals begins the next word: `PartiQLDelete` is `Parti`,
/// `QL`, `Delete`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let bytes = name.as_bytes();
    let is = |place: usize, kind: fn(&u8) -> bool| bytes.get(place).is_some_and(kind);
    let begins = move |place: &usize| {
        let after_small = place.checked_sub(1).is_some_and(|before| !is(before, u8::is_ascii_uppercase));
        is(*place, u8::is_ascii_uppercase)
            && (after_small || is(place + 1, u8::is_ascii_lowercase) || *place == 0)
    };
    let starts: Vec<usize> = (0..name.len()).filter(begins).collect();
    let ends = starts.iter().skip(1).copied().chain([name.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).filter_map(|(start, end)| name.get(start..end))
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
        assert!(
            destroys("apigateway:DELETE") && destroys("s3:DeleteBucket") && destroys("iam:DeleteRolePolicy")
        );
        assert!(!destroys("ec2:DeleteTags") && !destroys("codepipeline:ListRuleTypes"));
    }
}
