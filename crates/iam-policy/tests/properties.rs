//! Properties that hold for every policy, over generated ones.

use iam_policy::{
    Arn, Condition, Document, Effect, Kind, OneOrMany, PrincipalKind, Scalar, Scope, Statement, equal,
    equal_with, normalize, parse, size,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

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

fn document() -> impl Strategy<Value = (Kind, Document)> {
    let kind = prop_oneof![Just(Kind::Identity), Just(Kind::Trust)];
    kind.prop_flat_map(|kind| {
        let parts = (vec(statement(kind), 1..4), any::<bool>(), option::of("[a-z0-9-]{0,8}"), any::<bool>());
        parts.prop_map(move |(mut statements, alone, id, unknown)| {
            for (index, statement) in statements.iter_mut().enumerate() {
                // A Sid must be unique, except the empty one.
                statement.sid = statement
                    .sid
                    .take()
                    .map(|sid| if sid.is_empty() { sid } else { format!("{sid}{index}") });
            }
            let mut document = Document::new(statements);
            if alone {
                document.statements = document.statements.into_vec().into_iter().collect();
            }
            document.id = id;
            if unknown {
                document.version = None;
                document.extra.insert("Unlisted".to_owned(), serde_json::json!({"b": 1.5, "a": [null]}));
            }
            (kind, document)
        })
    })
}

fn statement(kind: Kind) -> impl Strategy<Value = Statement> {
    let actions = match kind {
        Kind::Identity => select(&["*", "s3:GetObject", "S3:getobject", "s3:Put*", "iam:?assRole"][..]),
        Kind::Trust => select(&["sts:AssumeRole", "STS:assumerole", "sts:TagSession", "sts:*"][..]),
    };
    let resources = select(
        &["*", "arn:aws:s3:::a", "arn:aws:s3:::A/${aws:username}", "arn:aws:s3:::\u{e9}\"\\", "arn:*"][..],
    );
    let parts = (
        option::of("[A-Za-z0-9]{0,4}"),
        any::<bool>(),
        scope(actions),
        scope(resources),
        principals(),
        conditions(),
    );
    parts.prop_map(move |(sid, allow, actions, resources, principals, conditions)| {
        let mut statement = Statement::allow(["*"]);
        statement.conditions = conditions;
        statement.sid = sid;
        statement.effect = if allow { Effect::Allow } else { Effect::Deny };
        statement.actions = actions;
        match kind {
            Kind::Identity => statement.resources = Some(resources),
            Kind::Trust => {
                statement = principals
                    .iter()
                    .fold(statement, |statement, (kind, value)| statement.principal(*kind, *value));
            }
        }
        statement
    })
}

fn scope(
    values: impl Strategy<Value = &'static str> + Clone,
) -> impl Strategy<Value = Scope<OneOrMany<String>>> {
    let one = values.clone().prop_map(|value| OneOrMany::One(value.to_owned()));
    let many = vec(values.prop_map(str::to_owned), 1..4).prop_map(OneOrMany::Many);
    (any::<bool>(), prop_oneof![one, many])
        .prop_map(|(only, values)| if only { Scope::Only(values) } else { Scope::Except(values) })
}

fn principals() -> impl Strategy<Value = Vec<(PrincipalKind, &'static str)>> {
    let known = [
        (PrincipalKind::Aws, "111122223333"),
        (PrincipalKind::Aws, "arn:aws-cn:iam::111122223333:root"),
        (PrincipalKind::Aws, "arn:aws:iam::444455556666:role/ci/planner"),
        (PrincipalKind::Aws, "AROAEXAMPLEEXAMPLE123"),
        (PrincipalKind::Aws, "*"),
        (PrincipalKind::Service, "ecs-tasks.amazonaws.com"),
        (PrincipalKind::Federated, "arn:aws:iam::111122223333:oidc-provider/gitlab.com"),
    ];
    vec(select(known.to_vec()), 1..5)
}

/// Conditions grouped as JSON groups them: each operator once, its keys once and together.
fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let scalar = prop_oneof![
        select(&["", "x", "true", "3", "\u{e9}", "\u{1f600}", "<&>\u{7f}"][..]).prop_map(Scalar::from),
        any::<bool>().prop_map(Scalar::from),
        any::<i64>().prop_map(Scalar::from),
    ];
    let values = || {
        prop_oneof![
            scalar.clone().prop_map(OneOrMany::One),
            vec(scalar.clone(), 0..3).prop_map(OneOrMany::Many)
        ]
    };
    let at = |operator: &'static str, key: &'static str| {
        option::of(values()).prop_map(move |values| {
            values.map(|values| Condition { operator: operator.to_owned(), key: key.to_owned(), values })
        })
    };
    let all = (
        at("StringEquals", "sts:ExternalId"),
        at("StringEquals", "aws:PrincipalOrgID"),
        at("boolIfExists", "aws:SecureTransport"),
        at("ForAnyValue:StringLike", "AWS:TagKeys"),
    );
    all.prop_map(|(a, b, c, d)| [a, b, c, d].into_iter().flatten().collect())
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
