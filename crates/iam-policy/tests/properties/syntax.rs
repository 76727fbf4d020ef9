//! What holds of every document's text and meaning: parse, print, normalize, equal, size.

use iam_policy::{
    Arn, Document, Effect, Kind, OneOrMany, Scalar, Scope, Statement, equal, equal_with, normalize, parse,
    size,
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::document::document;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_a_print_gives_the_document_back((kind, document) in document()) {
        let printed = document.to_json();
        let parsed = parse(&printed, kind);
        prop_assert_eq!(parsed.as_ref(), Ok(&document), "{}", printed);
        prop_assert_eq!(parsed.unwrap().to_json(), printed);
    }

    #[test]
    fn normalizing_twice_is_normalizing_once((_, document) in document()) {
        let once = normalize(&document);
        prop_assert_eq!(normalize(&once), once);
    }

    #[test]
    fn a_normalized_document_is_accepted_and_equal_to_its_source((kind, document) in document()) {
        let normalized = normalize(&document);
        prop_assert!(normalized.check(kind).is_ok(), "{:?}", normalized.check(kind));
        prop_assert!(equal(&document, &normalized));
    }

    #[test]
    fn respelling_keeps_the_meaning((_, document) in document(), seed in any::<u64>()) {
        let respelt = respell(&document, seed);
        prop_assert!(equal(&document, &respelt), "{} {}", document.to_json(), respelt.to_json());
        prop_assert!(equal(&respelt, &document));
        prop_assert!(equal_with(&document, &respelt, &|_| None));
    }

    #[test]
    fn equality_does_not_depend_on_the_side((_, a) in document(), (_, b) in document()) {
        prop_assert!(equal(&a, &a));
        prop_assert_eq!(equal(&a, &b), equal(&b, &a));
    }

    #[test]
    fn a_changed_effect_is_a_difference((_, document) in document()) {
        let mut changed = document.clone();
        let mut statements = changed.statements.into_vec();
        let first = &mut statements[0];
        first.effect = if first.effect == Effect::Allow { Effect::Deny } else { Effect::Allow };
        first.sid = Some("Changed".to_owned());
        changed.statements = OneOrMany::Many(statements);
        prop_assert!(!equal(&document, &changed));
    }

    #[test]
    fn a_print_is_compact_and_layout_costs_nothing((_, document) in document()) {
        let printed = document.to_json();
        prop_assert_eq!(size(&printed), printed.chars().count());
        let value: serde_json::Value = serde_json::from_str(&printed).unwrap();
        prop_assert_eq!(size(&serde_json::to_string_pretty(&value).unwrap()), size(&value.to_string()));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        never_panics(&text);
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in vec(any::<u8>(), 0..200)) {
        never_panics(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_shuffle_of_json_makes_the_parser_panic(pieces in vec(select(PIECES), 0..40)) {
        never_panics(&pieces.concat());
    }

    #[test]
    fn no_damaged_policy_makes_the_parser_panic((_, document) in document(), at in any::<usize>(), with in any::<char>()) {
        let mut characters: Vec<char> = document.to_json().chars().collect();
        let at = at % characters.len();
        characters[at] = with;
        never_panics(&characters.iter().collect::<String>());
        never_panics(&characters.iter().take(at).collect::<String>());
    }

    #[test]
    fn an_arn_prints_as_it_was_written(text in "arn:[a-z-]{1,6}:[a-z0-9]{1,6}:[a-z0-9-]{0,6}:[0-9]{0,12}:[ -~]{1,20}") {
        prop_assert_eq!(Arn::parse(&text).unwrap().to_string(), text);
    }

    #[test]
    fn no_text_makes_the_arn_reader_panic(text in any::<String>()) {
        if let Ok(arn) = Arn::parse(&text) {
            prop_assert_eq!(arn.to_string(), text);
        }
    }
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u12",
    "\\ud800",
    " ",
    "\n",
    "0",
    "-",
    "1e9",
    "true",
    "null",
    "\u{e9}",
    "\u{1f600}",
    "\"Statement\"",
    "\"Effect\"",
    "\"Allow\"",
    "\"Action\"",
    "\"s3:*\"",
    "\"Resource\"",
    "\"*\"",
    "\"Principal\"",
    "\"Condition\"",
];

fn never_panics(text: &str) {
    for kind in [Kind::Identity, Kind::Trust] {
        match parse(text, kind) {
            Ok(document) => assert!(document.check(kind).is_ok()),
            Err(error) => assert!(error.line() > 0 && error.column() > 0 && !error.to_string().is_empty()),
        }
    }
    let _ = size(text);
}

/// Another spelling of the same: other order, other case where IAM ignores it, lists for scalars, values twice.
fn respell(document: &Document, seed: u64) -> Document {
    let mut coin = Coin(seed);
    let mut respelt = document.clone();
    let statements: Vec<Statement> =
        document.statements.iter().map(|one| respell_statement(one, &mut coin)).collect();
    respelt.statements = coin.respell(statements);
    respelt
}

fn respell_statement(statement: &Statement, coin: &mut Coin) -> Statement {
    let mut respelt = statement.clone();
    respelt.actions = match respelt.actions {
        Scope::Only(actions) => Scope::Only(coin.respell(coin.recase(actions))),
        Scope::Except(actions) => Scope::Except(coin.respell(coin.recase(actions))),
    };
    respelt.resources = respelt.resources.map(|resources| match resources {
        Scope::Only(resources) => Scope::Only(coin.respell(resources.into_vec())),
        Scope::Except(resources) => Scope::Except(coin.respell(resources.into_vec())),
    });
    for condition in &mut respelt.conditions {
        condition.key = condition.key.to_uppercase();
        let texts = condition.values.iter().map(|value| Scalar::String(value.to_text())).collect();
        condition.values = coin.respell(texts);
    }
    respelt.conditions.reverse();
    respelt.sid = respelt.sid.filter(|sid| !sid.is_empty());
    respelt
}

/// A stream of choices from one seed.
struct Coin(u64);

impl Coin {
    fn toss(&mut self) -> bool {
        self.0 = self.0.rotate_left(7).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
        self.0 >> 63 == 1
    }

    fn recase(&self, names: OneOrMany<String>) -> Vec<String> {
        names
            .into_vec()
            .into_iter()
            .map(|name| if self.0 & 1 == 1 { name.to_uppercase() } else { name })
            .collect()
    }

    fn respell<T: Clone>(&mut self, mut values: Vec<T>) -> OneOrMany<T> {
        if self.toss() {
            values.reverse();
        }
        if self.toss() {
            values.extend(values.first().cloned());
        }
        if self.toss() { values.into_iter().collect() } else { OneOrMany::Many(values) }
    }
}
