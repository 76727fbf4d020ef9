//! How much each entry adds to the size of the trust policy. Never judges it: `policy_size` knows the quotas.

use super::{Trust, entries, joined};
use crate::home::Home;

/// The entries that take the most characters of the trust policy, as a text such as ``"`github[2]` (412)"``: at most
/// three, the largest first. An entry that shares a statement takes only what would go with it.
#[must_use]
pub fn heaviest(trust: &Trust, home: Home<'_>) -> String {
    let entries = entries(trust, home);
    let size_without = |left_out: Option<usize>| {
        let rest = entries.iter().enumerate().filter(|(index, _)| Some(*index) != left_out);
        joined(rest.map(|(_, (_, statements))| statements.clone())).to_json().chars().count()
    };
    let all = size_without(None);
    let mut weights: Vec<(usize, String)> = entries
        .iter()
        .enumerate()
        .map(|(index, ((kind, at), _))| {
            (all.saturating_sub(size_without(Some(index))), format!("`{kind}[{at}]`"))
        })
        .collect();
    weights.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let most: Vec<String> =
        weights.into_iter().take(3).map(|(weight, entry)| format!("{entry} ({weight})")).collect();
    most.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::GithubTrust;
    use crate::trust::door::{HOME, set, text};
    use tfplug::schema::Attr;

    #[test]
    fn the_entries_that_take_the_most_are_named_with_what_goes_with_them() {
        let entry = |repository: &str, branches: &[&str]| {
            let branches = set(branches);
            Attr::Known(GithubTrust { repository: text(repository), branches, ..GithubTrust::default() })
        };
        let entries = vec![
            entry("acme/a", &["main"]),
            entry("acme/b", &["main", "release/2025", "release/2026"]),
            entry("acme/c", &["main"]),
            entry("acme/longer-name", &["main"]),
        ];
        let trust = Trust { github: Attr::Known(entries), ..Trust::default() };
        assert_eq!(heaviest(&trust, HOME), "`github[1]` (118), `github[3]` (44), `github[0]` (34)");
    }
}
