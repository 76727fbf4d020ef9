//! Contexts worth trying: for each condition key the values that could make a difference.
//!
//! Owns the choice of values. Never decides whether a condition holds, and never claims to have tried everything.

use std::collections::BTreeMap;

use crate::{
    Condition, Context, Truth, Value, Version,
    condition::{
        self,
        arn::ArnPattern,
        operator::{Comparison, Operator, Set},
        variable::{Expansion, Piece, Template},
    },
    pattern::{Pattern, Search, find_with},
};

/// How many contexts are tried for one resource.
const MOST_CONTEXTS: usize = 512;

/// How many patterns of one key are looked at in pairs.
const MOST_PAIRED: usize = 12;

/// How much effort goes into one value; real patterns take some hundreds.
const EFFORT: usize = 2_000;

/// What stands for a variable that has no known value.
const ANY_TEXT: &str = "any";

/// A condition and the version of the document that it stands in.
pub(super) type Versioned<'a> = (&'a Condition, Version);

/// One thing that a request may say of a key: nothing, or these values.
type Choice = Option<Vec<String>>;

/// Contexts that agree with `known` and may satisfy all of `wanted` while not satisfying all conditions of a deny.
///
/// What `known` does not know is absent unless it is chosen.
pub(super) fn contexts(
    known: &Context,
    wanted: &[Versioned<'_>],
    unwanted: &[Versioned<'_>],
) -> Vec<Context> {
    let mut by_key: BTreeMap<String, Vec<Versioned<'_>>> = BTreeMap::new();
    for constraint in wanted.iter().chain(unwanted) {
        by_key.entry(constraint.0.key.to_ascii_lowercase()).or_default().push(*constraint);
    }
    by_key.retain(|key, _| known.get(key) == Value::Unknown);
    let domains: Vec<(&str, Vec<Choice>)> = by_key
        .iter()
        .map(|(key, constraints)| (key.as_str(), satisfying(key, choices(constraints, known), wanted)))
        .collect();
    product(&known.closed(), &domains)
}

/// A value for each variable that `known` has none for: one that the conditions on that key admit.
///
/// A variable ties two parts of a request together; settling its value first unties them.
pub(super) fn settle(
    known: &Context,
    variables: impl Iterator<Item = String>,
    wanted: &[Versioned<'_>],
) -> Vec<(String, Vec<String>)> {
    let mut settled: Vec<(String, Vec<String>)> = Vec::new();
    for key in variables {
        if known.get(&key) != Value::Unknown || settled.iter().any(|(other, _)| *other == key) {
            continue;
        }
        let on_key: Vec<Versioned<'_>> = wanted
            .iter()
            .filter(|(condition, _)| condition.key.eq_ignore_ascii_case(&key))
            .copied()
            .collect();
        let choices = std::iter::once(Some(vec![ANY_TEXT.to_owned()])).chain(choices(&on_key, known));
        let value = satisfying(&key, choices.collect(), wanted).into_iter().flatten().next();
        settled.extend(value.map(|values| (key, values)));
    }
    settled
}

/// The contexts of every combination of choices, the first choices first.
fn product(base: &Context, domains: &[(&str, Vec<Choice>)]) -> Vec<Context> {
    let mut contexts = vec![base.clone()];
    for (key, choices) in domains {
        let with = |context: &Context, choice: &Choice| match choice {
            Some(values) => context.clone().with(key, values.clone()),
            None => context.clone().without(key),
        };
        contexts = choices
            .iter()
            .flat_map(|choice| contexts.iter().map(move |context| with(context, choice)))
            .take(MOST_CONTEXTS)
            .collect();
    }
    contexts
}

/// The choices that can be part of an answer: those with which no wanted condition on this key alone is false.
fn satisfying(key: &str, mut choices: Vec<Choice>, wanted: &[Versioned<'_>]) -> Vec<Choice> {
    choices.retain(|choice| {
        let context = match choice {
            Some(values) => Context::partial().with(key, values.clone()),
            None => Context::partial().without(key),
        };
        let mut on_key = wanted.iter().filter(|(condition, _)| condition.key.eq_ignore_ascii_case(key));
        on_key.all(|(condition, version)| condition::holds(condition, &context, *version) != Truth::False)
    });
    choices
}

fn choices(constraints: &[Versioned<'_>], known: &Context) -> Vec<Choice> {
    let mut patterns = Vec::new();
    let mut others = Vec::new();
    let mut any_of: Vec<String> = Vec::new();
    for (condition, version) in constraints {
        let Some(operator) = Operator::parse(&condition.operator) else { continue };
        for value in &condition.values {
            let template = Template::new(&value.to_text(), *version);
            let Expansion::Pieces(pieces) = template.expand(known) else { continue };
            let before = (patterns.len(), others.len());
            sample(operator.comparison, &pieces, &mut patterns, &mut others);
            if operator.set == Set::Any {
                any_of.extend(others.iter().skip(before.1).cloned());
                any_of.extend(patterns.iter().skip(before.0).filter_map(|pattern| spell(&[pattern], &[])));
            }
        }
    }
    let mut values = spellings(&patterns);
    values.extend(others);
    if values.is_empty() {
        values.push(ANY_TEXT.to_owned());
    }
    let several = (any_of.len() > 1).then_some(any_of);
    let mut choices: Vec<Choice> = std::iter::once(None)
        .chain(values.into_iter().map(|value| Some(vec![value])))
        .chain(several.map(Some))
        .collect();
    let mut seen = std::collections::HashSet::new();
    choices.retain(|choice| seen.insert(choice.clone()));
    choices
}

/// Texts on either side of one value of a condition; what is compared as text goes to `patterns`.
fn sample(
    comparison: Comparison,
    pieces: &[Piece<'_>],
    patterns: &mut Vec<Pattern>,
    others: &mut Vec<String>,
) {
    let text: &str = &pieces.iter().map(|piece| piece.text).collect::<String>();
    match comparison {
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase => {
            patterns.push(Pattern::literal(text));
        }
        Comparison::StringLike => patterns.push(ArnPattern::new(pieces).into_whole()),
        Comparison::Arn => patterns.push(Pattern::of_arn_parts(ArnPattern::new(pieces).parts())),
        Comparison::Numeric(_) => {
            others.push(text.to_owned());
            let number: Option<i64> = text.parse().ok();
            let beside = number.map(|number| [number.saturating_sub(1), number.saturating_add(1)]);
            others.extend(beside.into_iter().flatten().map(|number| number.to_string()));
        }
        Comparison::Date(_) => {
            others.push(text.to_owned());
            others.extend(["1970-01-02T00:00:00Z", "2999-12-31T00:00:00Z"].map(str::to_owned));
        }
        Comparison::Bool => others.extend(["true", "false"].map(str::to_owned)),
        Comparison::Ip => {
            let address = text.split('/').next().unwrap_or(text);
            // Blocks that RFC 5737 and RFC 3849 reserve for documentation: some are outside of any real range.
            others.push(address.to_owned());
            others.extend(["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"].map(str::to_owned));
        }
        Comparison::Binary => others.push(text.to_owned()),
        Comparison::Null => {}
    }
}

/// A text for each way in which patterns overlap, as far as pairs go, and one that none matches.
fn spellings(patterns: &[Pattern]) -> Vec<String> {
    let mut texts = Vec::new();
    for pattern in patterns {
        let others: Vec<&Pattern> = patterns.iter().filter(|other| !other.covers(pattern)).collect();
        texts.extend(spell(&[pattern], &others).or_else(|| spell(&[pattern], &[])));
    }
    let paired = patterns.get(..MOST_PAIRED).unwrap_or(patterns);
    for (index, first) in paired.iter().enumerate() {
        for second in paired.iter().skip(index + 1) {
            if first.as_literal().is_none() && second.as_literal().is_none() {
                texts.extend(spell(&[first, second], &[]));
            }
        }
    }
    texts.extend(spell(&[], &patterns.iter().collect::<Vec<_>>()));
    texts
}

/// A text that all match and none does, not an empty one if that can be.
fn spell(all: &[&Pattern], none: &[&Pattern]) -> Option<String> {
    let something = Pattern::new("?*");
    let with_something: Vec<&Pattern> = all.iter().copied().chain([&something]).collect();
    let mut effort = EFFORT;
    [with_something.as_slice(), all].into_iter().find_map(|all| match find_with(&mut effort, all, none) {
        Search::Found(text) => Some(text),
        Search::Empty | Search::TooHard => None,
    })
}
