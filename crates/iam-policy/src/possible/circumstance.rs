//! Contexts worth trying: for each condition key the values that could make a difference.
//!
//! Owns the choice of values. Never decides whether a condition holds, and never claims to have tried everything.

use std::collections::BTreeMap;

use crate::{
    Condition, Context, Truth, Value, Version,
    condition::{
        self,
        operator::{Comparison, Operator, Set},
    },
    pattern::{Pattern, Search, find},
};

/// How many contexts are tried for one resource.
const MOST_CONTEXTS: usize = 512;

/// How many patterns of one key are looked at in pairs.
const MOST_PAIRED: usize = 12;

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

/// `known` with a value for each variable that it has none for: one that the conditions on that key admit.
///
/// A variable ties two parts of a request together; settling its value first unties them.
pub(super) fn settle(
    known: &Context,
    variables: impl Iterator<Item = String>,
    wanted: &[Versioned<'_>],
) -> Context {
    variables.fold(known.clone(), |known, key| {
        if known.get(&key) != Value::Unknown {
            return known;
        }
        let on_key: Vec<Versioned<'_>> = wanted
            .iter()
            .filter(|(condition, _)| condition.key.eq_ignore_ascii_case(&key))
            .copied()
            .collect();
        let choices = std::iter::once(Some(vec![ANY_TEXT.to_owned()])).chain(choices(&on_key, &known));
        let settled = satisfying(&key, choices.collect(), wanted).into_iter().flatten().next();
        match settled {
            Some(values) => known.with(&key, values),
            None => known,
        }
    })
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
    for (condition, _) in constraints {
        let Some(operator) = Operator::parse(&condition.operator) else { continue };
        for value in &condition.values {
            let text = fill(&value.to_text(), known);
            let before = (patterns.len(), others.len());
            sample(operator.comparison, &text, &mut patterns, &mut others);
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
fn sample(comparison: Comparison, text: &str, patterns: &mut Vec<Pattern>, others: &mut Vec<String>) {
    match comparison {
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase => {
            patterns.push(Pattern::literal(text));
        }
        Comparison::StringLike => patterns.push(Pattern::new(text)),
        Comparison::Arn => patterns.push(Pattern::arn(text)),
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
    [with_something.as_slice(), all].into_iter().find_map(|all| match find(all, none) {
        Search::Found(text) => Some(text),
        Search::Empty | Search::TooHard => None,
    })
}

/// The text with each variable replaced by its value in `known`, or by a word if it has none there.
pub(super) fn fill(text: &str, known: &Context) -> String {
    replace(text, |key| match known.get(key) {
        Value::Known([only]) => only.clone(),
        _ => ANY_TEXT.to_owned(),
    })
}

/// The text with each variable replaced by a wildcard: it matches at least what the text can.
pub(super) fn loosen(text: &str) -> String {
    replace(text, |_| "*".to_owned())
}

/// The condition keys that a text names as variables, in lower case.
pub(super) fn variables(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    replace(text, |key| {
        names.push(key.to_ascii_lowercase());
        String::new()
    });
    names
}

fn replace(text: &str, mut value: impl FnMut(&str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, (inside, after))) =
        rest.split_once("${").and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        filled.push_str(before);
        match inside {
            // These three are the characters themselves. As wildcards they match at least that.
            "*" | "?" | "$" => filled.push_str(inside),
            key => filled.push_str(&value(key.split(',').next().unwrap_or(key).trim())),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}
