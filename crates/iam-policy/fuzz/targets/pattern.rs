//! Any patterns and text: matching agrees with the plainest matcher, and what search and inclusion claim holds.

#![no_main]

use iam_policy::pattern::{Pattern, Search, find};
use libfuzzer_sys::fuzz_target;

/// Whether the letters match, by trying everything; the work grows quickly, so inputs are kept short.
fn plain(glob: &[char], text: &[char]) -> bool {
    match (glob, text) {
        ([], []) => true,
        (['*', rest @ ..], _) => plain(rest, text) || text.split_first().is_some_and(|(_, after)| plain(glob, after)),
        (['?', rest @ ..], [_, after @ ..]) => plain(rest, after),
        ([first, rest @ ..], [found, after @ ..]) => first == found && plain(rest, after),
        _ => false,
    }
}

fuzz_target!(|input: (String, String, String, String)| {
    let (first, second, third, text) = input;
    if [&first, &second, &third, &text].into_iter().any(|part| part.chars().count() > 12) {
        return;
    }
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    let [a, b, c] = [&first, &second, &third].map(|text| Pattern::new(text));
    assert_eq!(a.matches(&text), plain(&letters(&first), &letters(&text)));
    if a.covers(&b) {
        assert!(a.matches(&text) || !b.matches(&text));
        assert_eq!(find(&[&b], &[&a]), Search::Empty);
    }
    let fits = |text: &str| a.matches(text) && b.matches(text) && !c.matches(text);
    match find(&[&a, &b], &[&c]) {
        Search::Found(found) => assert!(fits(&found), "{found:?}"),
        Search::Empty => assert!(!fits(&text)),
        Search::TooHard => {}
    }
    let by_parts = Pattern::arn(&first);
    assert!(!by_parts.matches(&text) || text.matches(':').count() >= 5);
});
