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
        let distance = strsim::levenshtein(&name, &candidate.to_ascii_lowercase());
        (distance <= candidate.len() / 3).then_some((distance, candidate))
    });
    measured.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_likely_slip_has_a_nearest_name() {
        assert_eq!(nearest("resorce", ["Resource", "Action"]).as_deref(), Some("Resource"));
        assert_eq!(nearest("aws", ["AWS"]).as_deref(), Some("AWS"));
        assert_eq!(nearest("It", ["Id"]), None);
        assert_eq!(nearest(&"x".repeat(1_000), ["x"]), None);
    }
}
