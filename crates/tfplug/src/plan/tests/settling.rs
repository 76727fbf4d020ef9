//! What becomes of a plan after the provider was asked.

use super::*;

#[test]
fn no_change_gives_back_the_prior_state_exactly() {
    assert_eq!(planned(&thing(), &stored()), stored().encode());
    let tagged = |thing: Thing| Thing {
        set: Attr::Known(Set(vec![Attr::Known(part("a")), Attr::Known(part("b"))])),
        tags: Attr::Known([("k".to_owned(), text("v"))].into()),
        ..thing
    };
    let prior = Thing {
        set: Attr::Known(Set(vec![Attr::Known(made("b")), Attr::Known(made("a"))])),
        ..tagged(stored())
    };
    assert_eq!(planned(&tagged(thing()), &prior), prior.encode());
}

#[test]
fn computed_attributes_of_nested_objects_are_no_change_either() {
    let config = Thing {
        single: Attr::Known(part("s")),
        list: Attr::Known(vec![Attr::Known(part("l"))]),
        map: Attr::Known([("k".to_owned(), Attr::Known(part("m")))].into()),
        ..thing()
    };
    let prior = Thing {
        single: Attr::Known(made("s")),
        list: Attr::Known(vec![Attr::Known(made("l"))]),
        map: Attr::Known([("k".to_owned(), Attr::Known(made("m")))].into()),
        ..stored()
    };
    assert_eq!(planned(&config, &prior), prior.encode());
}

#[test]
fn one_change_makes_the_rest_of_what_is_computed_unknown() {
    let changed = planned(&Thing { note: text("new"), ..thing() }, &stored());
    assert_eq!(at(&changed, "note"), &known("new"));
    assert_eq!(at(&changed, "id"), &known("i-1"));
    assert_eq!(at(&changed, "etag"), &Value::Unknown(Refinements::prefix("e-")));
}

#[test]
fn a_change_anywhere_is_a_change() {
    let base = |key: &str| Thing {
        single: Attr::Known(part(key)),
        list: Attr::Known(vec![Attr::Known(part(key))]),
        set: Attr::Known(Set(vec![Attr::Known(part(key))])),
        map: Attr::Known([("k".to_owned(), Attr::Known(part(key)))].into()),
        ..thing()
    };
    let prior = Thing {
        single: Attr::Known(made("k")),
        list: Attr::Known(vec![Attr::Known(made("k"))]),
        set: Attr::Known(Set(vec![Attr::Known(made("k"))])),
        map: Attr::Known([("k".to_owned(), Attr::Known(made("k")))].into()),
        ..stored()
    };
    let same = base("k");
    assert_eq!(planned(&same, &prior), prior.encode());
    let other = base("other");
    for changed in [
        Thing { single: other.single.clone(), ..same.clone() },
        Thing { list: other.list.clone(), ..same.clone() },
        Thing { list: Attr::Known(Vec::new()), ..same.clone() },
        Thing { set: other.set.clone(), ..same.clone() },
        Thing { map: other.map.clone(), ..same.clone() },
        Thing { map: Attr::Null, ..same.clone() },
        Thing { note: Attr::Unknown, ..same.clone() },
        Thing { size: Attr::Known(4), ..same.clone() },
    ] {
        assert!(at(&planned(&changed, &prior), "etag").is_unknown(), "{changed:?}");
    }
}

#[test]
fn an_unknown_configured_value_is_a_change_even_where_it_is_computed() {
    let changed = planned(&Thing { zone: Attr::Unknown, ..thing() }, &stored());
    assert!(at(&changed, "zone").is_unknown() && at(&changed, "etag").is_unknown());
}

#[test]
fn what_the_provider_makes_unknown_by_itself_is_a_change() {
    let (config, prior) = (thing().encode(), stored().encode());
    let its_word = Thing { id: Attr::Unknown, ..stored() };
    let planned = settle(&Thing::attributes(), &config, Some(&prior), its_word.encode());
    assert_eq!(at(&planned, "id"), &Value::Unknown(Refinements::not_null()));
}

#[test]
fn what_is_known_of_unknown_values_survives_the_provider() {
    let refined = Value::Unknown(Refinements::prefix("arn:"));
    let Value::Object(mut config) = Thing { single: Attr::Known(part("s")), ..thing() }.encode() else {
        panic!("not an object")
    };
    config.insert("note".into(), refined.clone());
    config.insert("tags".into(), Value::Map([("k".to_owned(), refined.clone())].into()));
    let config = Value::Object(config);
    let attributes = Thing::attributes();
    let filled = fill(&attributes, &config, None);
    let planned = settle(&attributes, &config, None, through_types(&filled));
    assert_eq!(at(&planned, "note"), &refined);
    assert_eq!(at(&planned, "tags.k"), &refined);
    assert_eq!(at(&planned, "single.etag"), &Value::Unknown(Refinements::not_null()));
    assert_eq!(at(&planned, "etag"), &Value::Unknown(Refinements::prefix("e-")));
    assert_eq!(planned, filled);
}
