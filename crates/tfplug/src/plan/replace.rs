//! Which changes make a new object instead of changing the old one.

use crate::path::Path;
use crate::schema::{Attribute, Kind, Nesting};
use crate::value::Value;

/// The paths of the attributes declared `replace` whose plan differs from the prior value.
pub fn replaced(attributes: &[Attribute], prior: &Value, planned: &Value) -> Vec<Path> {
    let mut paths = Vec::new();
    collect(attributes, (prior, planned), &Path::root(), &mut paths);
    paths
}

fn collect(attributes: &[Attribute], (prior, planned): (&Value, &Value), path: &Path, found: &mut Vec<Path>) {
    for attribute in attributes {
        let (Some(prior), Some(planned)) =
            (prior.attribute(&attribute.name), planned.attribute(&attribute.name))
        else {
            continue;
        };
        let path = path.join(&attribute.name);
        if prior.same(planned) {
            continue;
        }
        if attribute.declaration.replace {
            found.push(path);
        } else if let Kind::Nested(Nesting::Single, nested) = &attribute.kind {
            collect(nested, (prior, planned), &path, found);
        }
    }
}
