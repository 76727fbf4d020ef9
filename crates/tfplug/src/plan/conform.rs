//! The promise of a plan to its reader: what the configuration says is what is planned.

use super::write_only;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::schema::{Attribute, Kind, Nesting};
use crate::value::Value;

/// Checks that every configured value is planned as configured, or as it was before (a provider may keep
/// the prior spelling of an equal value), and that only computed attributes are filled in.
///
/// Hosts check the same and blame the provider without naming the reason; finding it here names the
/// attribute in the provider's own log and tests.
///
/// # Errors
/// One error for each attribute of which the plan says something else.
pub fn conform(
    attributes: &[Attribute],
    config: &Value,
    prior: Option<&Value>,
    planned: &Value,
) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::new();
    object(attributes, Sides { config, prior, planned }, &Path::root(), &mut found);
    found.into_result()
}

#[derive(Clone, Copy)]
struct Sides<'a> {
    config: &'a Value,
    prior: Option<&'a Value>,
    planned: &'a Value,
}

impl<'a> Sides<'a> {
    fn attribute(self, name: &str) -> Self {
        const NULL: &Value = &Value::Null;
        Sides {
            config: self.config.attribute(name).unwrap_or(NULL),
            prior: self.prior.and_then(|prior| prior.attribute(name)),
            planned: self.planned.attribute(name).unwrap_or(NULL),
        }
    }

    fn agree(self) -> bool {
        let kept = self.prior.is_some_and(|prior| !prior.is_null() && self.planned.same(prior));
        self.planned.same(self.config) || (kept && !self.config.is_null())
    }
}

fn object(attributes: &[Attribute], sides: Sides<'_>, path: &Path, found: &mut Diagnostics) {
    for attribute in attributes {
        let (sides, path) = (sides.attribute(&attribute.name), path.join(&attribute.name));
        let declaration = &attribute.declaration;
        if declaration.write_only {
            if !sides.planned.is_null() {
                found.push(broken(&path, "a write-only value must be null in the plan"));
            }
        } else if declaration.computed && !declaration.optional {
            // A configuration can hold such a value where `ignore_changes` put it there.
        } else if sides.config.is_null() {
            if !declaration.computed && !sides.planned.is_null() {
                found.push(broken(&path, "it is not set in the configuration and not computed, yet planned"));
            }
        } else {
            configured(attribute, sides, &path, found);
        }
    }
}

fn configured(attribute: &Attribute, sides: Sides<'_>, path: &Path, found: &mut Diagnostics) {
    let (nesting, nested) = match &attribute.kind {
        Kind::Nested(nesting, nested) => (nesting, nested),
        Kind::Plain(_) => return plain(sides, path, found),
    };
    if sides.agree() {
        // Equal values may still hold what must not be in a plan at all.
        if !write_only::clear(attribute, sides.planned.clone()).same(sides.planned) {
            found.push(broken(path, "a write-only value in it must be null in the plan"));
        }
        return;
    }
    match (nesting, sides.config, sides.planned) {
        (Nesting::Single, Value::Object(_), Value::Object(_)) => object(nested, sides, path, found),
        (Nesting::List, Value::List(config), Value::List(planned)) if config.len() == planned.len() => {
            for (index, (config, planned)) in config.iter().zip(planned).enumerate() {
                let prior = match sides.prior {
                    Some(Value::List(prior)) => prior.get(index),
                    _ => None,
                };
                element(nested, Sides { config, prior, planned }, &path.index(index), found);
            }
        }
        (Nesting::Map, Value::Map(config), Value::Map(planned)) if config.keys().eq(planned.keys()) => {
            for ((key, config), planned) in config.iter().zip(planned.values()) {
                let prior = match sides.prior {
                    Some(Value::Map(prior)) => prior.get(key),
                    _ => None,
                };
                element(nested, Sides { config, prior, planned }, &path.key(key), found);
            }
        }
        (Nesting::Set, Value::Set(config), Value::Set(planned)) if config.len() == planned.len() => {
            set(nested, sides, path, found);
        }
        _ => plain(sides, path, found),
    }
}

fn element(nested: &[Attribute], sides: Sides<'_>, path: &Path, found: &mut Diagnostics) {
    match (sides.config, sides.planned) {
        (Value::Object(_), Value::Object(_)) => object(nested, sides, path, found),
        _ => plain(sides, path, found),
    }
}

/// Elements of a set have no place to compare them by: each configured one needs a planned one that could
/// have come from it.
fn set(nested: &[Attribute], sides: Sides<'_>, path: &Path, found: &mut Diagnostics) {
    let (Value::Set(configured), Value::Set(planned)) = (sides.config, sides.planned) else { return };
    let mut priors = vec![None];
    if let Some(Value::Set(prior)) = sides.prior {
        priors.extend(prior.iter().map(Some));
    }
    let fits = |config: &Value, planned: &Value| {
        priors.iter().any(|prior| {
            let mut wrong = Diagnostics::new();
            element(nested, Sides { config, prior: *prior, planned }, path, &mut wrong);
            wrong.is_empty()
        })
    };
    let mut left: Vec<&Value> = planned.iter().collect();
    for config in configured {
        match left.iter().position(|planned| fits(config, planned)) {
            Some(position) => drop(left.swap_remove(position)),
            None => found.push(broken(path, "no planned element is the one in the configuration")),
        }
    }
}

/// Rule: a value without nested declarations is the configured or the prior one as a whole; a map of which
/// some elements are configured and some are prior is neither.
fn plain(sides: Sides<'_>, path: &Path, found: &mut Diagnostics) {
    if !sides.agree() {
        found.push(broken(path, "the plan differs from the configuration"));
    }
}

fn broken(path: &Path, reason: &str) -> Diagnostic {
    Diagnostic::error(
        "The provider made an invalid plan",
        format!(
            "`{path}`: {reason}. This is a fault in the provider, not in the configuration; please report it."
        ),
    )
    .at(path.clone())
}
