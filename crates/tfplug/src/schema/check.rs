//! Checks of single values. They see only what is known: an unknown value is checked again when it is.

use super::{Attr, Shape};
use crate::diagnostics::Diagnostic;
use crate::path::Path;
use crate::value::Value;
use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

type Judge = dyn Fn(&Value, &Path, &mut Vec<Diagnostic>) + Send + Sync;

/// A rule that a known value must obey.
#[derive(Clone)]
pub struct Check(Arc<Judge>);

impl Check {
    /// A rule over the whole value: a `fn(&str)` over a text, a `fn(&i64)` over a whole number.
    pub fn value<T>(check: fn(&T) -> Result<(), String>) -> Self
    where
        T: ToOwned<Owned: Shape> + ?Sized + 'static,
    {
        Self(Arc::new(move |value, path, found| judge(value, path, check, found)))
    }

    /// A rule over each element of a list, set or map.
    pub fn each<T>(check: fn(&T) -> Result<(), String>) -> Self
    where
        T: ToOwned<Owned: Shape> + ?Sized + 'static,
    {
        Self(Arc::new(move |value, path, found| match value {
            Value::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    judge(element, &path.index(index), check, found);
                }
            }
            Value::Set(elements) => elements.iter().for_each(|element| judge(element, path, check, found)),
            Value::Map(elements) => {
                elements.iter().for_each(|(key, element)| judge(element, &path.key(key), check, found));
            }
            _ => {}
        }))
    }

    /// A rule over each key of a map.
    pub fn keys(check: fn(&str) -> Result<(), String>) -> Self {
        Self(Arc::new(move |value, path, found| {
            let Value::Map(elements) = value else { return };
            for key in elements.keys() {
                found.extend(check(key).err().map(|reason| invalid(&path.key(key), reason)));
            }
        }))
    }

    /// One of a list of texts; the message names the nearest, or the only one that the text is a part of.
    pub fn one_of(allowed: &'static [&'static str]) -> Self {
        Self(Arc::new(move |value, path, found| {
            let Value::String(text) = value else { return };
            if allowed.contains(&text.as_str()) {
                return;
            }
            let list: Vec<String> = allowed.iter().map(|name| format!("\"{name}\"")).collect();
            let hint = nearest(text, allowed.iter().copied())
                .or_else(|| only_with(text, allowed))
                .map(|name| format!(" Did you mean \"{name}\"?"))
                .unwrap_or_default();
            found.push(invalid(path, format!("\"{text}\" is not one of {}.{hint}", list.join(", "))));
        }))
    }

    /// Adds to `found` what is wrong with `value`.
    pub fn run(&self, value: &Value, path: &Path, found: &mut Vec<Diagnostic>) {
        (self.0)(value, path, found);
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Check")
    }
}

fn judge<T>(value: &Value, path: &Path, check: fn(&T) -> Result<(), String>, found: &mut Vec<Diagnostic>)
where
    T: ToOwned<Owned: Shape> + ?Sized,
{
    // A value of another type was already reported when it was decoded.
    if let Ok(Attr::Known(known)) = Attr::<T::Owned>::decode(value, path) {
        found.extend(check(known.borrow()).err().map(|reason| invalid(path, reason)));
    }
}

fn invalid(path: &Path, reason: String) -> Diagnostic {
    Diagnostic::error(format!("Invalid value for `{path}`"), reason).at(path.clone())
}

/// The one candidate that has `text` in it, such as `terraform-planner` for `planner`.
fn only_with(text: &str, candidates: &[&'static str]) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let mut with = candidates.iter().filter(|candidate| !lower.is_empty() && candidate.contains(&lower));
    with.next().filter(|_| with.next().is_none()).copied()
}

/// The candidate that `text` most likely meant: at most a third of its letters away.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let reach = (text.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::levenshtein(&text.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= reach && !text.is_empty())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
