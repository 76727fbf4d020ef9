//! The name that somebody probably meant.
//!
//! Owns the measure of likeness. Never knows what the names stand for.

/// Longer names are no slip of the pen, and would cost time.
const LONGEST: usize = 64;

/// The candidate closest to `name`, case aside, if at most a third of its letters would have to change.
pub(crate) fn nearest<S: Into<String>>(
    name: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Option<String> {
    if name.len() > LONGEST {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let measured = candidates.into_iter().filter_map(|candidate| {
        let candidate: String = candidate.into();
        let distance = distance(&name, &candidate.to_ascii_lowercase());
        (distance <= candidate.len() / 3).then_some((distance, candidate))
    });
    measured.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// How many letters to insert, delete or replace to turn one text into the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (line, from) in a.chars().enumerate() {
        let mut left = line + 1;
        let mut next = vec![left];
        for (pair, to) in row.windows(2).zip(b.chars()) {
            let [diagonal, above] = pair else { continue };
            left = (diagonal + usize::from(from != to)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters_to_change() {
        for (a, b, expected) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("same", "same", 0)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn only_a_likely_slip_has_a_nearest_name() {
        assert_eq!(nearest("resorce", ["Resource", "Action"]).as_deref(), Some("Resource"));
        assert_eq!(nearest("aws", ["AWS"]).as_deref(), Some("AWS"));
        assert_eq!(nearest("It", ["Id"]), None);
        assert_eq!(nearest(&"x".repeat(1_000), ["x"]), None);
    }
}
