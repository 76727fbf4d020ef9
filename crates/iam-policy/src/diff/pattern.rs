//! Whether one pattern of a policy covers another, policy variables included.
//!
//! Owns what a variable may stand for. A yes is certain; a no may be too cautious.

use crate::Pattern;

/// Stand for the variables of two patterns that are compared; no policy contains them.
const PLACEHOLDERS: std::ops::RangeInclusive<char> = '\u{f0000}'..='\u{ffffd}';

/// Whether every text that `narrow` matches, whatever its variables stand for, is matched by `wide`.
///
/// A variable is covered by itself and by a `*`, never by `?`: how long its value is, nobody knows. (Where the
/// document's version makes `${…}` plain text this is only too cautious.)
pub(super) fn covers(wide: &str, narrow: &str) -> bool {
    if wide == narrow {
        return true;
    }
    if !wide.contains("${") {
        return match replace_variables(narrow, |_| '*') {
            Some(narrow) => Pattern::new(wide).covers(&Pattern::new(&narrow)),
            None => false,
        };
    }
    let mut variables: Vec<String> = Vec::new();
    let mut placeholder = |variable: &str| {
        let known = variables.iter().position(|known| known == variable);
        let index = known.unwrap_or_else(|| {
            variables.push(variable.to_owned());
            variables.len() - 1
        });
        PLACEHOLDERS.clone().nth(index).unwrap_or('\u{ffffd}')
    };
    let replaced = (replace_variables(wide, &mut placeholder), replace_variables(narrow, &mut placeholder));
    let (Some(wide), Some(narrow)) = replaced else { return false };
    !wide.contains('?') && Pattern::new(&wide).covers(&Pattern::new(&narrow))
}

/// Whether every resource that `narrow` names is named by `wide`, in both readings that AWS's documentation gives of a
/// wildcard in an ARN: any run of characters, and any within one part. (IAM User Guide, "IAM JSON policy elements:
/// Resource" and "IAM identifiers".) An ARN with parts missing, which IAM completes, covers and is covered by nothing
/// but itself and `*`.
pub(super) fn resource_covers(wide: &str, narrow: &str) -> bool {
    let parts = |text: &str| -> Vec<String> { text.splitn(6, ':').map(str::to_owned).collect() };
    let by_parts = || {
        let (wide, narrow) = (parts(wide), parts(narrow));
        wide.len() == 6
            && narrow.len() == 6
            && wide.iter().zip(&narrow).all(|(wide, narrow)| covers(wide, narrow))
    };
    wide == "*" || wide == narrow || (covers(wide, narrow) && by_parts())
}

/// The text with each `${…}` replaced; `None` if one has no end or a placeholder stands there already.
fn replace_variables(text: &str, mut replacement: impl FnMut(&str) -> char) -> Option<String> {
    if text.chars().any(|character| PLACEHOLDERS.contains(&character)) {
        return None;
    }
    let mut replaced = String::new();
    let mut rest = text;
    while let Some((plain, from)) = rest.split_once("${") {
        let (variable, behind) = from.split_once('}')?;
        replaced.push_str(plain);
        replaced.push(replacement(variable));
        rest = behind;
    }
    replaced.push_str(rest);
    Some(replaced)
}

/// Whether no text can match both. A yes is certain.
pub(super) fn disjoint(a: &str, b: &str) -> bool {
    let widest = |text: &str| replace_variables(text, |_| '*').map(|text| Pattern::new(&text));
    let (Some(a), Some(b)) = (widest(a), widest(b)) else { return false };
    crate::pattern::find(&[&a, &b], &[]) == crate::pattern::Search::Empty
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_covered_by_itself_and_by_a_run_only() {
        let home = "arn:aws:s3:::home/${aws:username}";
        assert!(covers("arn:aws:s3:::home/*", &format!("{home}/*")));
        assert!(covers(&format!("{home}/*"), &format!("{home}/a")));
        assert!(!covers("arn:aws:s3:::home/???????????????", home));
        assert!(!covers("arn:aws:s3:::home/${aws:userid}", home));
        assert!(!covers(home, "arn:aws:s3:::home/*"));
        assert!(!covers("${a}?", "${a}${b}"));
    }

    #[test]
    fn a_resource_is_covered_in_both_readings() {
        let role = "arn:aws:iam::111122223333:role/ci";
        assert!(resource_covers("*", "arn:aws:s3"));
        assert!(resource_covers("arn:aws:iam::*:role/*", role));
        assert!(!resource_covers("arn:aws:*:role/*", role), "a wildcard may not cross a colon");
        assert!(!resource_covers("arn:*", role), "it may be completed to something else");
    }

    #[test]
    fn patterns_that_differ_in_a_fixed_letter_are_disjoint() {
        assert!(disjoint("s3:get*", "s3:put*"));
        assert!(!disjoint("s3:*object", "s3:get*"));
        assert!(!disjoint("arn:aws:s3:::${aws:username}", "arn:aws:s3:::a"));
    }
}
