//! Terraform's rules for plans, each where it holds and where it does not.

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

mod filling {
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
            map: Attr::Known([("k".to_owned(), Attr::Known(part("m"))), ("new".to_owned(), Attr::Known(part("m")))].into()),
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
}

mod settling {
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
            unreachable!()
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
}

mod replacement {
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
}

mod conforming {
    use super::*;

    fn violations(config: &Thing, prior: Option<&Thing>, planned: &Thing) -> Vec<(String, String)> {
        let prior = prior.map(Shape::encode);
        let judged = conform(&Thing::attributes(), &config.encode(), prior.as_ref(), &planned.encode());
        let found = judged.err().into_iter().flatten();
        found.map(|one| (one.path.unwrap().to_string(), one.detail)).collect()
    }

    #[track_caller]
    fn violates(config: &Thing, prior: Option<&Thing>, planned: &Thing, path: &str, reason: &str) {
        let found = violations(config, prior, planned);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, path);
        assert!(found[0].1.contains(reason), "{found:?}");
    }

    const DIFFERS: &str = "the plan differs from the configuration";
    const INVENTED: &str = "it is not set in the configuration and not computed, yet planned";
    const WRITE_ONLY: &str = "must be null in the plan";

    #[test]
    fn configuration_defaults_and_computed_values_conform() {
        assert_eq!(violations(&thing(), None, &stored()), []);
        assert_eq!(violations(&thing(), Some(&stored()), &stored()), []);
    }

    #[test]
    fn a_configured_value_planned_otherwise_is_named() {
        violates(&thing(), None, &Thing { name: text("x"), ..stored() }, "name", DIFFERS);
        violates(&thing(), None, &Thing { name: Attr::Unknown, ..stored() }, "name", DIFFERS);
        violates(&thing(), None, &Thing { name: Attr::Null, ..stored() }, "name", DIFFERS);
        let unknown = Thing { note: Attr::Unknown, ..thing() };
        violates(&unknown, None, &Thing { note: text("guess"), ..stored() }, "note", DIFFERS);
        let configured = Thing { zone: text("mine"), ..thing() };
        violates(&configured, None, &Thing { zone: text("yours"), ..stored() }, "zone", DIFFERS);
    }

    #[test]
    fn the_prior_spelling_of_a_configured_value_conforms() {
        let prior = Thing { note: text("Old"), ..stored() };
        assert_eq!(violations(&Thing { note: text("old"), ..thing() }, Some(&prior), &prior), []);
        violates(&thing(), Some(&prior), &prior, "note", INVENTED);
    }

    #[test]
    fn what_is_neither_configured_nor_computed_is_named() {
        violates(&thing(), None, &Thing { note: text("x"), ..stored() }, "note", INVENTED);
        let invented = Thing { single: Attr::Known(part("k")), ..stored() };
        violates(&thing(), None, &invented, "single", INVENTED);
    }

    #[test]
    fn write_only_values_in_a_plan_are_named_however_deep() {
        let secret = || Attr::Known(Part { secret: text("s"), ..part("k") });
        let config = Thing {
            secret: text("s"),
            single: secret(),
            list: Attr::Known(vec![secret()]),
            set: Attr::Known(Set(vec![secret()])),
            map: Attr::Known([("k".to_owned(), secret())].into()),
            ..thing()
        };
        let found = violations(&config, None, &config);
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["secret", "single", "list", "set", "map"]);
        assert!(found.iter().all(|(_, reason)| reason.contains(WRITE_ONLY)));
        let changed = Thing {
            single: Attr::Known(Part { secret: text("s"), id: text("p"), ..part("k") }),
            ..thing()
        };
        violates(&Thing { single: secret(), ..thing() }, None, &changed, "single.secret", WRITE_ONLY);
    }

    #[test]
    fn nested_objects_are_named_by_their_own_path() {
        let config = |key: &str| Thing {
            single: Attr::Known(part(key)),
            list: Attr::Known(vec![Attr::Known(part("l")), Attr::Known(part(key))]),
            map: Attr::Known([("m".to_owned(), Attr::Known(part(key)))].into()),
            ..thing()
        };
        let found = violations(&config("a"), None, &config("b"));
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["single.key", "list[1].key", "map[\"m\"].key"]);
    }

    #[test]
    fn collections_of_another_length_are_named() {
        let one = Thing { list: Attr::Known(vec![Attr::Known(part("k"))]), ..thing() };
        violates(&one, None, &Thing { list: Attr::Known(Vec::new()), ..stored() }, "list", DIFFERS);
        let map = |key: &str| Attr::Known([(key.to_owned(), Attr::Known(part("k")))].into());
        let (config, planned) = (Thing { map: map("a"), ..thing() }, Thing { map: map("b"), ..stored() });
        violates(&config, None, &planned, "map", DIFFERS);
    }

    #[test]
    fn elements_of_a_set_may_gain_what_is_computed_and_nothing_else() {
        let set = |part: Part| Attr::Known(Set(vec![Attr::Known(part)]));
        let config = Thing { set: set(part("a")), ..thing() };
        assert_eq!(violations(&config, None, &Thing { set: set(made("a")), ..stored() }), []);
        let other = Thing { set: set(made("b")), ..stored() };
        violates(&config, None, &other, "set", "no planned element is the one in the configuration");
    }

    #[test]
    fn a_map_that_is_half_configured_and_half_prior_is_neither() {
        let tags = |a: &str, b: &str| Attr::Known([("a".to_owned(), text(a)), ("b".to_owned(), text(b))].into());
        let config = Thing { tags: tags("1", "2"), ..thing() };
        let prior = Thing { tags: tags("one", "two"), ..stored() };
        assert_eq!(violations(&config, Some(&prior), &prior), []);
        let mixed = Thing { tags: tags("one", "2"), ..stored() };
        violates(&config, Some(&prior), &mixed, "tags", DIFFERS);
    }
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
