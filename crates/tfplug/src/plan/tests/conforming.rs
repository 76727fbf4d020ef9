//! What a plan may not say.

use super::*;

fn violations(config: &Thing, prior: Option<&Thing>, planned: &Thing) -> Vec<(String, String)> {
    let prior = prior.map(Shape::encode);
    let judged = conform(&Thing::attributes(), &config.encode(), prior.as_ref(), &planned.encode());
    let found = judged.err().into_iter().flatten();
    found.map(|one| (one.path.unwrap().to_string(), one.detail)).collect()
}

#[track_caller]
fn violates(config: &Thing, prior: Option<&Thing>, planned: &Thing, (path, reason): (&str, &str)) {
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
    violates(&thing(), None, &Thing { name: text("x"), ..stored() }, ("name", DIFFERS));
    violates(&thing(), None, &Thing { name: Attr::Unknown, ..stored() }, ("name", DIFFERS));
    violates(&thing(), None, &Thing { name: Attr::Null, ..stored() }, ("name", DIFFERS));
    let unknown = Thing { note: Attr::Unknown, ..thing() };
    violates(&unknown, None, &Thing { note: text("guess"), ..stored() }, ("note", DIFFERS));
    let configured = Thing { zone: text("mine"), ..thing() };
    violates(&configured, None, &Thing { zone: text("yours"), ..stored() }, ("zone", DIFFERS));
}

#[test]
fn the_prior_spelling_of_a_configured_value_conforms() {
    let prior = Thing { note: text("Old"), ..stored() };
    assert_eq!(violations(&Thing { note: text("old"), ..thing() }, Some(&prior), &prior), []);
    violates(&thing(), Some(&prior), &prior, ("note", INVENTED));
}

#[test]
fn what_is_neither_configured_nor_computed_is_named() {
    violates(&thing(), None, &Thing { note: text("x"), ..stored() }, ("note", INVENTED));
    let invented = Thing { single: Attr::Known(part("k")), ..stored() };
    violates(&thing(), None, &invented, ("single", INVENTED));
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
    let changed =
        Thing { single: Attr::Known(Part { secret: text("s"), id: text("p"), ..part("k") }), ..thing() };
    violates(&Thing { single: secret(), ..thing() }, None, &changed, ("single.secret", WRITE_ONLY));
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
    violates(&one, None, &Thing { list: Attr::Known(Vec::new()), ..stored() }, ("list", DIFFERS));
    let map = |key: &str| Attr::Known([(key.to_owned(), Attr::Known(part("k")))].into());
    let (config, planned) = (Thing { map: map("a"), ..thing() }, Thing { map: map("b"), ..stored() });
    violates(&config, None, &planned, ("map", DIFFERS));
}

#[test]
fn elements_of_a_set_may_gain_what_is_computed_and_nothing_else() {
    let set = |part: Part| Attr::Known(Set(vec![Attr::Known(part)]));
    let config = Thing { set: set(part("a")), ..thing() };
    assert_eq!(violations(&config, None, &Thing { set: set(made("a")), ..stored() }), []);
    let other = Thing { set: set(made("b")), ..stored() };
    violates(&config, None, &other, ("set", "no planned element is the one in the configuration"));
}

#[test]
fn a_map_that_is_half_configured_and_half_prior_is_neither() {
    let tags = |a: &str, b: &str| Attr::Known([("a".to_owned(), text(a)), ("b".to_owned(), text(b))].into());
    let config = Thing { tags: tags("1", "2"), ..thing() };
    let prior = Thing { tags: tags("one", "two"), ..stored() };
    assert_eq!(violations(&config, Some(&prior), &prior), []);
    let mixed = Thing { tags: tags("one", "2"), ..stored() };
    violates(&config, Some(&prior), &mixed, ("tags", DIFFERS));
}
