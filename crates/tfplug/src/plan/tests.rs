//! Terraform's rules for plans, each where it holds and where it does not.

mod conforming;
mod filling;
mod replacement;
mod settling;

use super::{conform, fill, replaced, settle, without_write_only};
use crate::schema::{Attr, List, Map, Object, Set, Shape, computed, optional, required};
use crate::value::{Refinements, Type, Value};
use std::collections::BTreeMap;

crate::object! {
    struct Thing {
        name: String = required().replace(),
        size: i64 = optional().default_to(3_i64),
        note: String = optional(),
        id: String = computed().keep().never_null(),
        etag: String = computed().starts_with("e-"),
        zone: String = optional().computed(),
        secret: String = optional().write_only(),
        single: Part = optional(),
        list: List<Part> = optional(),
        set: Set<Part> = optional(),
        map: Map<Part> = optional(),
        made: Part = optional().computed(),
        tags: Map<String> = optional(),
        any: Value = optional(),
    }
}

crate::object! {
    struct Part {
        key: String = required(),
        mode: String = optional().replace().default_to("a".to_owned()),
        id: String = computed().keep(),
        etag: String = computed().never_null(),
        secret: String = optional().write_only(),
    }
}

fn text(text: &str) -> Attr<String> {
    Attr::Known(text.to_owned())
}

fn part(key: &str) -> Part {
    Part { key: text(key), ..Part::default() }
}

/// A part as it is after apply.
fn made(key: &str) -> Part {
    Part { id: text("p-1"), etag: text("1"), mode: text("a"), ..part(key) }
}

fn thing() -> Thing {
    Thing { name: text("n"), ..Thing::default() }
}

/// A thing as it is after apply of `thing()`.
fn stored() -> Thing {
    Thing {
        size: Attr::Known(3),
        id: text("i-1"),
        etag: text("e-1"),
        zone: text("z-1"),
        made: Attr::Known(made("m")),
        ..thing()
    }
}

fn filled(config: &Thing, prior: Option<&Thing>) -> Value {
    fill(&Thing::attributes(), &config.encode(), prior.map(Shape::encode).as_ref())
}

/// The plan when the provider changes nothing of the proposal.
fn planned(config: &Thing, prior: &Thing) -> Value {
    let prior = prior.encode();
    let proposed = fill(&Thing::attributes(), &config.encode(), Some(&prior));
    let planned = settle(&Thing::attributes(), &config.encode(), Some(&prior), through_types(&proposed));
    conform(&Thing::attributes(), &config.encode(), Some(&prior), &planned).unwrap();
    planned
}

/// What a typed provider makes of a value: what is known of unknown values gets lost.
fn through_types(value: &Value) -> Value {
    Thing::decode(value, &crate::path::Path::root()).unwrap().encode()
}

fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |value, name| match value {
        Value::List(elements) | Value::Set(elements) => &elements[name.parse::<usize>().unwrap()],
        Value::Map(elements) => &elements[name],
        object => object.attribute(name).unwrap(),
    })
}

fn known(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[test]
fn write_only_values_are_taken_out_of_state_however_deep() {
    let secret = || Attr::Known(Part { secret: text("s"), ..made("k") });
    let leaking = Thing {
        secret: text("s"),
        single: secret(),
        list: Attr::Known(vec![secret(), Attr::Null]),
        set: Attr::Known(Set(vec![secret()])),
        map: Attr::Known([("k".to_owned(), secret())].into()),
        ..stored()
    };
    let clean = Thing {
        single: Attr::Known(made("k")),
        list: Attr::Known(vec![Attr::Known(made("k")), Attr::Null]),
        set: Attr::Known(Set(vec![Attr::Known(made("k"))])),
        map: Attr::Known([("k".to_owned(), Attr::Known(made("k")))].into()),
        ..stored()
    };
    assert_eq!(without_write_only(&Thing::attributes(), leaking.encode()), clean.encode());
}
