//! What a host refuses: plans that contradict the configuration, results that contradict the plan.
//!
//! Written from Terraform's rules alone, so that it can find what the framework's own checks overlook.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::{Path, Step};
use crate::schema::{Attribute, Kind, Nesting};
use crate::value::Value;

const NULL: &Value = &Value::Null;

/// An error about one place.
pub(super) fn refused(summary: &str, path: &Path, reason: &str) -> Diagnostics {
    Diagnostic::error(summary, format!("`{path}` {reason}.")).at(path.clone()).into()
}

/// Whether a plan may follow from a configuration and a prior state.
///
/// # Errors
/// Every place where it may not.
pub(super) fn plan(
    attributes: &[Attribute],
    (prior, config): (&Value, &Value),
    planned: &Value,
) -> Result<(), Diagnostics> {
    let mut judge = Judge { summary: "Provider produced invalid plan", found: Diagnostics::new() };
    match (config.is_null(), planned.is_null()) {
        (false, true) => judge.refuse(&Path::root(), "is planned for absence, but configured"),
        (true, false) => judge.refuse(&Path::root(), "is planned for existence, but not configured"),
        _ => judge.attributes(attributes, (prior, config, planned), &Path::root()),
    }
    judge.found.into_result()
}

/// Whether what came of a plan is what was planned: known values are the same, unknown ones keep what was
/// known of them.
///
/// # Errors
/// Every place where it is not.
pub(super) fn outcome(planned: &Value, actual: &Value) -> Result<(), Diagnostics> {
    let mut judge =
        Judge { summary: "Provider produced inconsistent result after apply", found: Diagnostics::new() };
    judge.compatible(planned, actual, &Path::root());
    judge.found.into_result()
}

/// Whether a second plan, made with a known configuration, keeps what the first one showed.
///
/// # Errors
/// Every place where it does not.
pub(super) fn second_plan(first: &Value, second: &Value) -> Result<(), Diagnostics> {
    let mut judge = Judge { summary: "Provider produced inconsistent final plan", found: Diagnostics::new() };
    judge.compatible(first, second, &Path::root());
    judge.found.into_result()
}

/// Whether no write-only attribute has a value; `summary` is the title of the error if one has.
///
/// # Errors
/// Every one that has.
pub(super) fn write_only(
    attributes: &[Attribute],
    value: &Value,
    summary: &'static str,
) -> Result<(), Diagnostics> {
    let mut judge = Judge { summary, found: Diagnostics::new() };
    judge.write_only(attributes, value, &Path::root());
    judge.found.into_result()
}

/// The paths among `replace` at which something changes.
///
/// # Errors
/// A path leads nowhere.
pub(super) fn replacing(replace: &[Path], prior: &Value, planned: &Value) -> Result<Vec<Path>, Diagnostics> {
    let mut changing = Vec::new();
    for path in replace {
        let (before, after) = (at(prior, path), at(planned, path));
        if before.is_none() && after.is_none() {
            return Err(refused("Provider produced invalid plan", path, "must be replaced, but is nowhere"));
        }
        let (before, after) = (before.unwrap_or(NULL), after.unwrap_or(NULL));
        if !after.is_wholly_known() || !before.same(after) {
            changing.push(path.clone());
        }
    }
    Ok(changing)
}

fn at<'a>(value: &'a Value, path: &Path) -> Option<&'a Value> {
    path.steps().iter().try_fold(value, |value, step| match (step, value) {
        (Step::Attribute(name), value) => value.attribute(name),
        (Step::Key(key), Value::Map(elements)) => elements.get(key),
        (Step::Index(index), Value::List(elements)) => elements.get(*index),
        _ => None,
    })
}

/// Prior, configured and planned.
type Sides<'a> = (&'a Value, &'a Value, &'a Value);

struct Judge {
    summary: &'static str,
    found: Diagnostics,
}

impl Judge {
    fn refuse(&mut self, path: &Path, reason: &str) {
        self.found.extend(refused(self.summary, path, reason));
    }

    fn attributes(&mut self, attributes: &[Attribute], (prior, config, planned): Sides<'_>, path: &Path) {
        for attribute in attributes {
            let side = |value: &Value| value.attribute(&attribute.name).unwrap_or(NULL).clone();
            let sides = (&side(prior), &side(config), &side(planned));
            self.attribute(attribute, sides, &path.join(&attribute.name));
        }
    }

    fn attribute(&mut self, attribute: &Attribute, sides: Sides<'_>, path: &Path) {
        let ((prior, config, planned), declaration) = (sides, &attribute.declaration);
        let as_before = planned.same(prior) && !prior.is_null() && !config.is_null();
        if planned.same(config) || as_before {
            return;
        }
        if declaration.write_only {
            if !planned.is_null() {
                self.refuse(path, "is write-only and must be null");
            }
        } else if declaration.computed && (!declaration.optional || config.is_null()) {
            // The provider's to say.
        } else if config.is_null() {
            self.refuse(path, "is planned, but neither configured nor computed");
        } else if let Kind::Nested(nesting, nested) = &attribute.kind {
            self.nested((*nesting, nested), sides, path);
        } else {
            self.refuse(path, "is planned as neither the configured nor the prior value");
        }
    }

    fn nested(&mut self, (nesting, nested): (Nesting, &[Attribute]), sides: Sides<'_>, path: &Path) {
        match (nesting, sides) {
            (_, (_, _, planned)) if planned.is_null() => {
                self.refuse(path, "is configured, but planned as null")
            }
            (_, (_, _, planned)) if planned.is_unknown() => {
                self.refuse(path, "is configured, but planned as unknown");
            }
            (Nesting::Single, (_, Value::Object(_), _)) => self.attributes(nested, sides, path),
            (Nesting::List, (prior, Value::List(config), Value::List(planned)))
                if config.len() == planned.len() =>
            {
                for (index, (config, planned)) in config.iter().zip(planned).enumerate() {
                    let prior = at(prior, &Path::root().index(index)).unwrap_or(NULL);
                    self.attributes(nested, (prior, config, planned), &path.index(index));
                }
            }
            (Nesting::Map, (prior, Value::Map(config), Value::Map(planned)))
                if config.keys().eq(planned.keys()) =>
            {
                for ((key, config), planned) in config.iter().zip(planned.values()) {
                    let prior = at(prior, &Path::root().key(key)).unwrap_or(NULL);
                    self.attributes(nested, (prior, config, planned), &path.key(key));
                }
            }
            (Nesting::Set, (_, Value::Set(config), Value::Set(planned))) if config.len() == planned.len() => {
            }
            _ => self.refuse(path, "has other elements in the plan than in the configuration"),
        }
    }

    fn compatible(&mut self, planned: &Value, actual: &Value, path: &Path) {
        match (planned, actual) {
            (Value::Unknown(known), actual) => {
                if known.null == Some(false) && actual.is_null() {
                    self.refuse(path, "was promised not to be null");
                }
                if let (Some(prefix), Value::String(text)) = (&known.prefix, actual)
                    && !text.starts_with(prefix.as_str())
                {
                    self.refuse(path, "was promised another beginning");
                }
            }
            (planned, actual) if planned.is_unknown() && !actual.is_null() => {}
            (Value::Object(planned), Value::Object(actual)) => {
                for (name, planned) in planned {
                    self.compatible(planned, actual.get(name).unwrap_or(NULL), &path.join(name));
                }
            }
            (Value::Map(planned), Value::Map(actual)) if planned.keys().eq(actual.keys()) => {
                for ((key, planned), actual) in planned.iter().zip(actual.values()) {
                    self.compatible(planned, actual, &path.key(key));
                }
            }
            (Value::List(planned), Value::List(actual)) | (Value::Tuple(planned), Value::Tuple(actual))
                if planned.len() == actual.len() =>
            {
                for (index, (planned, actual)) in planned.iter().zip(actual).enumerate() {
                    self.compatible(planned, actual, &path.index(index));
                }
            }
            (Value::Set(planned), Value::Set(actual)) => self.compatible_sets((planned, actual), path),
            (Value::Dynamic(_, planned), Value::Dynamic(_, actual)) => self.compatible(planned, actual, path),
            (planned, actual) if planned.same(actual) => {}
            (planned, actual) => {
                let reason = format!("was {}, but is now {}", super::shown(planned), super::shown(actual));
                self.refuse(path, &reason);
            }
        }
    }

    /// Unknown elements may turn out equal, so a set may shrink, but never grow.
    fn compatible_sets(&mut self, (planned, actual): (&[Value], &[Value]), path: &Path) {
        let fits = |planned: &Value, actual: &Value| {
            let mut judge = Self { summary: self.summary, found: Diagnostics::new() };
            judge.compatible(planned, actual, path);
            judge.found.is_empty()
        };
        let vanished = planned.iter().any(|planned| !actual.iter().any(|actual| fits(planned, actual)));
        let appeared = actual.iter().any(|actual| !planned.iter().any(|planned| fits(planned, actual)));
        if vanished || appeared || actual.len() > planned.len() {
            self.refuse(path, "has other elements than planned");
        }
    }

    fn write_only(&mut self, attributes: &[Attribute], value: &Value, path: &Path) {
        for attribute in attributes {
            let (path, value) =
                (path.join(&attribute.name), value.attribute(&attribute.name).unwrap_or(NULL));
            if attribute.declaration.write_only && !value.is_null() {
                self.refuse(&path, "is write-only and must be null");
            }
            let Kind::Nested(_, nested) = &attribute.kind else { continue };
            match value {
                Value::List(elements) | Value::Set(elements) => {
                    elements.iter().for_each(|element| self.write_only(nested, element, &path));
                }
                Value::Map(elements) => {
                    elements
                        .iter()
                        .for_each(|(key, element)| self.write_only(nested, element, &path.key(key)));
                }
                value => self.write_only(nested, value, &path),
            }
        }
    }
}
