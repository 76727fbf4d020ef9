//! What patterns match, cover and exclude.

use proptest::{collection::vec, prelude::*, sample::select};

use super::{Pattern, Search, find};

fn pattern(text: &str) -> Pattern {
    Pattern::new(text)
}

#[test]
fn a_star_is_any_run_and_a_question_mark_one_character() {
    for (glob, text) in [
        ("*", ""),
        ("*", "a/b:c"),
        ("a*", "a"),
        ("a*c", "abcbc"),
        ("?b?", "abc"),
        ("arn:aws:s3:::*/state", "arn:aws:s3:::bucket/a/b/state"),
        ("a*b*c*d", "a-b-c-b-c-d"),
        ("é?", "éü"),
        ("*?", "x"),
    ] {
        assert!(pattern(glob).matches(text), "{glob} {text}");
    }
    for (glob, text) in
        [("", "a"), ("?", ""), ("?", "ab"), ("a*c", "ab"), ("a.c", "abc"), ("[ab]", "a"), ("*?", "")]
    {
        assert!(!pattern(glob).matches(text), "{glob} {text}");
    }
}

#[test]
fn case_matters_unless_it_is_said_not_to() {
    assert!(!pattern("s3:get*").matches("s3:GetObject"));
    assert!(pattern("S3:get*").matches_ignoring_case("s3:GetObject"));
}

#[test]
fn wildcards_in_a_literal_are_letters() {
    assert!(!Pattern::literal("a*").matches("ab"));
    assert!(Pattern::literal("a*").matches("a*"));
}

#[test]
fn in_the_parts_of_an_arn_a_wildcard_takes_no_colon() {
    for (glob, text) in [
        ("arn:aws:s3:::*", "arn:aws:s3:::bucket/a:b"),
        ("arn:*:iam::*:role/*", "arn:aws-cn:iam::111122223333:role/a/b"),
        ("arn:aws:ecs:*:*:task/?:*", "arn:aws:ecs:eu-west-1:111122223333:task/a:1"),
        ("arn:aws:sqs", "arn:aws:sqs:eu-west-1:111122223333:jobs"),
        ("*", "arn:aws:s3:::b"),
        ("a*b*:*:*:*:*:*", "axbxb:::::"),
    ] {
        assert!(Pattern::arn(glob).matches(text), "{glob} {text}");
    }
    for (glob, text) in [
        ("arn:aws:s3:*:*:b", "arn:aws:s3:::x:b"),
        ("arn:*:role/a", "arn:aws:iam::111122223333:role/a"),
        ("arn:aws:s3:?::b", "arn:aws:s3:::::b"),
        ("*", "bucket"),
    ] {
        assert!(!Pattern::arn(glob).matches(text), "{glob} {text}");
    }
    assert_eq!(Pattern::arn("arn:aws:s3"), Pattern::arn("arn:aws:s3:*:*:*"));
    assert!(pattern("*").covers(&Pattern::arn("*")) && !Pattern::arn("*").covers(&pattern("*")));
    assert!(Pattern::arn("arn:aws:s3:::*").covers(&Pattern::arn("arn:aws:s3:::b?")));
    let (all, one) = (Pattern::arn("arn:aws:s3:*:*:*"), pattern("arn:aws:s3:*:b"));
    let Search::Found(text) = find(&[&one], &[&all]) else { panic!("`*` may have taken colons") };
    assert!(one.matches(&text) && !all.matches(&text), "{text}");
}

#[test]
fn spellings_of_the_same_wildcards_are_equal() {
    assert_eq!(pattern("a**b"), pattern("a*b"));
    assert_eq!(pattern("*?*?"), pattern("??*"));
    assert_ne!(pattern("?"), pattern("*"));
}

#[test]
fn a_pattern_covers_what_can_only_match_less() {
    for (wide, narrow) in [
        ("*", "s3:*"),
        ("s3:*", "s3:Get*"),
        ("s3:Get*", "s3:GetObject"),
        ("?*", "*?"),
        ("a*", "a"),
        ("a?c", "abc"),
        ("a*b*", "a-*b"),
        ("**", ""),
    ] {
        assert!(pattern(wide).covers(&pattern(narrow)), "{wide} {narrow}");
    }
    for (wide, other) in [("s3:Get*", "s3:*"), ("?", "*"), ("a", "a*"), ("a?", "a"), ("*a", "*b"), ("", "*")]
    {
        assert!(!pattern(wide).covers(&pattern(other)), "{wide} {other}");
    }
}

#[test]
fn a_search_finds_what_is_allowed_and_not_excepted() {
    let bucket = pattern("arn:aws:s3:::*");
    let state = pattern("arn:aws:s3:::state/*");
    let Search::Found(text) = find(&[&bucket], &[&state]) else { panic!("there are other buckets") };
    assert!(bucket.matches(&text) && !state.matches(&text), "{text}");
    assert_eq!(find(&[&state], &[&bucket]), Search::Empty);
    assert_eq!(find(&[&pattern("a*"), &pattern("*b")], &[]), Search::Found("ab".to_owned()));
    assert_eq!(find(&[&pattern("a"), &pattern("b")], &[]), Search::Empty);
    assert_eq!(find(&[&pattern("?*")], &[&pattern("?"), &pattern("??*")]), Search::Empty);
}

#[test]
fn a_search_that_is_too_hard_says_so() {
    let [a, b] = ["a", "b"].map(|letter| pattern(&format!("*{letter}{}", "?".repeat(40))));
    assert_eq!(find(&[&a, &b], &[]), Search::TooHard);
}

fn small() -> impl Strategy<Value = String> {
    vec(select(vec!["a", "b", "*", "?"]), 0..6).prop_map(|parts| parts.concat())
}

/// Every text of up to five of the letters that small patterns use, and one that they do not.
fn texts() -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut last = texts.clone();
    for _ in 0..5 {
        last = last.iter().flat_map(|text| ["a", "b", "z"].map(|letter| format!("{text}{letter}"))).collect();
        texts.extend(last.iter().cloned());
    }
    texts
}

/// The plainest matcher there is.
fn plain(glob: &[char], text: &[char]) -> bool {
    match (glob, text) {
        ([], []) => true,
        (['*', rest @ ..], _) => plain(rest, text) || (!text.is_empty() && plain(glob, &text[1..])),
        (['?', rest @ ..], [_, after @ ..]) => plain(rest, after),
        ([first, rest @ ..], [found, after @ ..]) => first == found && plain(rest, after),
        _ => false,
    }
}

fn segments() -> impl Strategy<Value = String> {
    vec(select(vec!["a", ":", "*", "?", ":"]), 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_arn_matches_when_each_of_its_parts_does(glob in segments(), text in segments()) {
        let missing = 5_usize.saturating_sub(glob.matches(':').count());
        let completed = format!("{glob}{}", ":*".repeat(missing));
        let text = text.replace(['*', '?'], "z");
        let (parts, of_text): (Vec<_>, Vec<_>) = (completed.splitn(6, ':').collect(), text.splitn(6, ':').collect());
        let expected = parts.len() == of_text.len()
            && parts.iter().zip(&of_text).all(|(part, found)| pattern(part).matches(found));
        prop_assert_eq!(Pattern::arn(&glob).matches(&text), expected, "{} {}", glob, text);
    }

    #[test]
    fn matching_agrees_with_the_plainest_matcher(glob in small(), text in vec(select(vec!['a', 'b', 'z']), 0..8)) {
        let glob_letters: Vec<char> = glob.chars().collect();
        let written: String = text.iter().collect();
        prop_assert_eq!(pattern(&glob).matches(&written), plain(&glob_letters, &text));
    }

    #[test]
    fn what_is_covered_matches_nothing_more(wide in small(), narrow in small()) {
        let (wide, narrow) = (pattern(&wide), pattern(&narrow));
        if wide.covers(&narrow) {
            prop_assert!(texts().iter().all(|text| wide.matches(text) || !narrow.matches(text)));
        }
    }

    #[test]
    fn a_search_agrees_with_trying_every_text(a in small(), b in small(), c in small(), d in small()) {
        let [a, b, c, d] = [a, b, c, d].map(|text| pattern(&text));
        let fits = |text: &str| a.matches(text) && b.matches(text) && !c.matches(text) && !d.matches(text);
        match find(&[&a, &b], &[&c, &d]) {
            Search::Found(text) => prop_assert!(fits(&text), "{}", text),
            Search::Empty => prop_assert!(!texts().iter().any(|text| fits(text))),
            Search::TooHard => prop_assert!(false, "small patterns are easy"),
        }
    }

    #[test]
    fn a_pattern_prints_to_one_that_is_equal(glob in small()) {
        prop_assert_eq!(pattern(&pattern(&glob).to_string()), pattern(&glob));
    }
}
