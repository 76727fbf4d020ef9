//! Which changes make a new object.

use super::*;

fn paths(prior: &Thing, planned: &Thing) -> Vec<String> {
    let paths = replaced(&Thing::attributes(), &prior.encode(), &planned.encode());
    paths.iter().map(ToString::to_string).collect()
}

#[test]
fn only_a_change_of_what_is_declared_so_replaces() {
    assert!(paths(&stored(), &stored()).is_empty());
    assert!(paths(&stored(), &Thing { note: text("x"), ..stored() }).is_empty());
    assert_eq!(paths(&stored(), &Thing { name: text("x"), ..stored() }), ["name"]);
    assert_eq!(paths(&stored(), &Thing { name: Attr::Unknown, ..stored() }), ["name"]);
}

#[test]
fn nested_attributes_replace_by_their_own_path() {
    let other = || Attr::Known(Part { mode: text("b"), ..made("k") });
    let prior = Thing {
        single: Attr::Known(made("k")),
        list: Attr::Known(vec![Attr::Known(made("k")), Attr::Known(made("k"))]),
        map: Attr::Known([("x".to_owned(), Attr::Known(made("k")))].into()),
        ..stored()
    };
    let planned = Thing {
        single: other(),
        list: Attr::Known(vec![Attr::Known(made("k")), other()]),
        map: Attr::Known([("x".to_owned(), other()), ("new".to_owned(), other())].into()),
        ..stored()
    };
    assert_eq!(paths(&prior, &planned), ["single.mode", "list[1].mode", "map[\"x\"].mode"]);
}

#[test]
fn a_nested_object_that_comes_or_goes_changes_its_attributes() {
    let with = Thing { single: Attr::Known(made("k")), ..stored() };
    assert_eq!(paths(&stored(), &with), ["single.mode"]);
    assert_eq!(paths(&with, &stored()), ["single.mode"]);
}
