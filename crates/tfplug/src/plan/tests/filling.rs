//! What a plan says before the provider is asked.

use super::*;

#[test]
fn an_omitted_argument_is_its_default() {
    assert_eq!(at(&filled(&thing(), None), "size"), &3_i64.encode());
    let configured = Thing { size: Attr::Known(5), ..thing() };
    assert_eq!(at(&filled(&configured, None), "size"), &5_i64.encode());
    let unknown = Thing { size: Attr::Unknown, ..thing() };
    assert_eq!(at(&filled(&unknown, None), "size"), &Value::unknown());
    let prior = Thing { size: Attr::Known(9), ..stored() };
    assert_eq!(at(&filled(&thing(), Some(&prior)), "size"), &3_i64.encode());
}

#[test]
fn what_is_computed_is_unknown_on_create_with_what_the_schema_promises() {
    let filled = filled(&thing(), None);
    assert_eq!(at(&filled, "id"), &Value::Unknown(Refinements::not_null()));
    assert_eq!(at(&filled, "etag"), &Value::Unknown(Refinements::prefix("e-")));
    assert_eq!(at(&filled, "zone"), &Value::unknown());
    assert_eq!(at(&filled, "made"), &Value::unknown());
    assert_eq!(at(&filled, "note"), &Value::Null);
}

#[test]
fn what_is_kept_has_its_prior_value_on_update_and_the_rest_is_unknown() {
    let filled = filled(&thing(), Some(&stored()));
    assert_eq!(at(&filled, "id"), &known("i-1"));
    assert!(at(&filled, "etag").is_unknown() && at(&filled, "zone").is_unknown());
}

#[test]
fn nothing_is_kept_of_a_prior_null() {
    let prior = Thing { id: Attr::Null, ..stored() };
    assert!(at(&filled(&thing(), Some(&prior)), "id").is_unknown());
}

#[test]
fn a_configured_value_is_never_touched() {
    let config = Thing { zone: text("mine"), note: Attr::Unknown, ..thing() };
    let filled = filled(&config, Some(&stored()));
    assert_eq!(at(&filled, "zone"), &known("mine"));
    assert_eq!(at(&filled, "note"), &Value::unknown());
}

#[test]
fn write_only_is_null_however_deep() {
    let secret = || Attr::Known(Part { secret: text("s"), ..part("k") });
    let config = Thing {
        secret: text("s"),
        single: secret(),
        list: Attr::Known(vec![secret()]),
        set: Attr::Known(Set(vec![secret()])),
        map: Attr::Known([("k".to_owned(), secret())].into()),
        ..thing()
    };
    let filled = filled(&config, None);
    for path in ["secret", "single.secret", "list.0.secret", "set.0.secret", "map.k.secret"] {
        assert_eq!(at(&filled, path), &Value::Null, "{path}");
    }
}

#[test]
fn nested_objects_follow_the_same_rules_in_every_nesting() {
    let config = Thing {
        single: Attr::Known(part("s")),
        list: Attr::Known(vec![Attr::Known(part("l")), Attr::Known(part("new"))]),
        set: Attr::Known(Set(vec![Attr::Known(part("e"))])),
        map: Attr::Known(
            [("k".to_owned(), Attr::Known(part("m"))), ("new".to_owned(), Attr::Known(part("m")))].into(),
        ),
        ..thing()
    };
    let prior = Thing {
        single: Attr::Known(made("s")),
        list: Attr::Known(vec![Attr::Known(made("l"))]),
        set: Attr::Known(Set(vec![Attr::Known(made("e"))])),
        map: Attr::Known([("k".to_owned(), Attr::Known(made("m")))].into()),
        ..stored()
    };
    let filled = filled(&config, Some(&prior));
    for kept in ["single.id", "list.0.id", "map.k.id"] {
        assert_eq!(at(&filled, kept), &known("p-1"), "{kept}");
    }
    for unknown in ["single.etag", "list.0.etag", "list.1.id", "set.0.id", "map.k.etag", "map.new.id"] {
        assert!(at(&filled, unknown).is_unknown(), "{unknown}");
    }
    assert_eq!(at(&filled, "list.1.mode"), &known("a"));
}

#[test]
fn unknown_and_null_nested_values_stay_as_configured() {
    let config = Thing {
        single: Attr::Unknown,
        list: Attr::Known(vec![Attr::Unknown, Attr::Null]),
        map: Attr::Known(BTreeMap::new()),
        ..thing()
    };
    let filled = filled(&config, Some(&stored()));
    assert_eq!(at(&filled, "single"), &Value::unknown());
    assert_eq!(at(&filled, "list"), &Value::List(vec![Value::unknown(), Value::Null]));
    assert_eq!(at(&filled, "map"), &Value::Map(BTreeMap::new()));
}

#[test]
fn a_null_of_a_type_is_as_good_as_none() {
    let null = Value::Dynamic(Type::String, Box::new(Value::Null));
    let config = Thing { any: Attr::Known(null.clone()), ..thing() };
    assert_eq!(at(&filled(&config, None), "any"), &null);
}
