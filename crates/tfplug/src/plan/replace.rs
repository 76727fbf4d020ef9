//! Which changes make a new object instead of changing the old one.

use crate::path::Path;
use crate::schema::{Attribute, Kind};
use crate::value::Value;

/// The paths of the attributes declared `replace` whose plan differs from the prior value.
pub fn replaced(attributes: &[Attribute], prior: &Value, planned: &Value) -> Vec<Path> {
    let mut paths = Vec::new();
    collect(attributes, (prior, planned), &Path::root(), &mut paths);
    paths
}

fn collect(attributes: &[Attribute], (prior, planned): (&Value, &Value), path: &Path, found: &mut Vec<Path>) {
    for attribute in attributes {
        let sides = (side(prior, &attribute.name), side(planned, &attribute.name));
        if sides.0.same(sides.1) {
            continue;
        }
        let path = path.join(&attribute.name);
        if attribute.declaration.replace {
            found.push(path);
        } else if let Kind::Nested(_, nested) = &attribute.kind {
            collect_nested(nested, sides, &path, found);
        }
    }
}

/// An object that comes or goes counts as one whose attributes were or become null; an element of a list
/// or map that comes or goes does not, and elements of a set have no path.
fn collect_nested(
    nested: &[Attribute],
    (prior, planned): (&Value, &Value),
    path: &Path,
    found: &mut Vec<Path>,
) {
    match (prior, planned) {
        (Value::List(prior), Value::List(planned)) => {
            for (index, sides) in prior.iter().zip(planned).enumerate() {
                collect(nested, sides, &path.index(index), found);
            }
        }
        (Value::Map(prior), Value::Map(planned)) => {
            for (key, prior) in prior {
                if let Some(planned) = planned.get(key) {
                    collect(nested, (prior, planned), &path.key(key), found);
                }
            }
        }
        (Value::Object(_), _) | (_, Value::Object(_)) => collect(nested, (prior, planned), path, found),
        _ => {}
    }
}

fn side<'a>(object: &'a Value, name: &str) -> &'a Value {
    const NULL: &Value = &Value::Null;
    object.attribute(name).unwrap_or(NULL)
}
