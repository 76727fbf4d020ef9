//! Validation of any configuration: the schema's checks on what is known, then the provider's own.

use super::decode;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::schema::{Attribute, Kind, Nesting, Object, Schema};
use crate::value::Value;

/// Everything wrong with a configuration. The provider's own checks only run on values that pass the
/// schema's, so that they may rely on these.
pub(crate) fn validate<T: Object>(
    schema: &Schema,
    config: &Value,
    own: fn(&T, &mut Diagnostics),
) -> Diagnostics {
    let mut found = check(&schema.attributes, config);
    if found.has_errors() {
        return found;
    }
    match decode::<T>(config) {
        Ok(config) => own(&config, &mut found),
        Err(mismatch) => found.extend(mismatch),
    }
    found
}

/// What the schema's own checks find.
pub(crate) fn check(attributes: &[Attribute], config: &Value) -> Diagnostics {
    let mut found = Vec::new();
    object(attributes, config, &Path::root(), &mut found);
    found.into_iter().collect()
}

fn object(attributes: &[Attribute], config: &Value, path: &Path, found: &mut Vec<Diagnostic>) {
    for attribute in attributes {
        let path = path.join(&attribute.name);
        let Some(value) = config.attribute(&attribute.name) else { continue };
        if value.is_null() && attribute.declaration.required {
            found.push(missing(&path));
        }
        if !value.is_null() && attribute.declaration.is_read_only() {
            found.push(read_only(&path));
            continue;
        }
        if value.is_null() || value.is_unknown() {
            continue;
        }
        if let Some(instead) = &attribute.declaration.deprecated {
            found.push(Diagnostic::warning(format!("`{path}` is deprecated"), instead).at(path.clone()));
        }
        for check in &attribute.declaration.checks {
            check.run(value, &path, found);
        }
        null_elements(value, &path, found);
        nested(&attribute.kind, value, &path, found);
    }
}

/// A null among the elements of a list, set or map says nothing that a provider could act on, and code that skips
/// it would drop what the user believes to have said.
fn null_elements(value: &Value, path: &Path, found: &mut Vec<Diagnostic>) {
    let mut element = |value: &Value, path: &Path| {
        if value.is_null() {
            let detail = format!("`{path}` has an element that is null. Give it a value, or leave it out.");
            found.push(Diagnostic::error("A null element", detail).at(path.clone()));
        } else {
            null_elements(value, path, found);
        }
    };
    match value {
        Value::List(elements) => {
            for (index, value) in elements.iter().enumerate() {
                element(value, &path.index(index));
            }
        }
        Value::Set(elements) => elements.iter().for_each(|value| element(value, path)),
        Value::Map(elements) => elements.iter().for_each(|(key, value)| element(value, &path.key(key))),
        _ => {}
    }
}

/// Hosts say this themselves, except of nested attributes of resources; see `rpc::schema`.
fn missing(path: &Path) -> Diagnostic {
    let detail = format!("The argument `{path}` is required, and it is not set.");
    Diagnostic::error("Missing required argument", detail).at(path.clone())
}

/// Hosts take such a value and leave it to the provider, which would drop it or plan what it cannot keep.
fn read_only(path: &Path) -> Diagnostic {
    let detail = format!(
        "`{path}` is read-only: its value is decided by the provider. Remove it from the configuration."
    );
    Diagnostic::error("A read-only attribute is set", detail).at(path.clone())
}

fn nested(kind: &Kind, value: &Value, path: &Path, found: &mut Vec<Diagnostic>) {
    let Kind::Nested(nesting, attributes) = kind else { return };
    match (nesting, value) {
        (Nesting::Single, value) => object(attributes, value, path, found),
        (_, Value::List(elements)) => {
            for (index, element) in elements.iter().enumerate() {
                object(attributes, element, &path.index(index), found);
            }
        }
        (_, Value::Set(elements)) => {
            elements.iter().for_each(|element| object(attributes, element, path, found));
        }
        (_, Value::Map(elements)) => {
            elements.iter().for_each(|(key, element)| object(attributes, element, &path.key(key), found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attr, Schema, Shape, computed, optional};

    crate::object! {
        struct Role {
            name: String = optional(),
            path: String = optional().computed(),
            arn: String = computed(),
        }
    }

    fn said(role: &Role) -> Vec<String> {
        let found = check(&Schema::of::<Role>().attributes, &role.encode());
        found.iter().map(|one| one.detail.clone()).collect()
    }

    #[test]
    fn an_attribute_that_only_the_provider_sets_is_refused_even_if_unknown() {
        let set = Attr::Known("x".to_owned());
        let written = Role { name: set.clone(), path: set.clone(), arn: Attr::Null };
        assert_eq!(said(&written), Vec::<String>::new());
        for arn in [set, Attr::Unknown] {
            let detail =
                "`arn` is read-only: its value is decided by the provider. Remove it from the configuration.";
            assert_eq!(said(&Role { arn, ..Role::default() }), [detail]);
        }
    }
}
