//! Objects declared by macro: what their schema says, what they read and write, what their checks find.

use super::{Attr, Check, Kind, List, Map, Nesting, Object, Schema, Set, Shape, nearest};
use super::{computed, optional, required};
use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::value::{Mismatch, Number, Refinements, Type, Value};
use serde_json::json;

crate::object! {
    /// A role.
    ///
    /// It has `trust`:
    ///   - indented
    struct Role {
        /// Its name.
        ///
        /// At most 64 letters.
        name: String = required().replace().check(short),
        /// What it matches.
        pub(super) r#match: String = optional().one_of(&["exact", "prefix", "none"]),
        /// How long.
        duration: i64 = optional().default_to(3600_i64),
        /// A secret.
        secret: String = optional().sensitive().write_only(),
        /// Do not use.
        old: bool = optional().deprecated("Use `name` instead."),
        /// Its ARN.
        arn: String = computed().keep().starts_with("arn:"),
        size: Number = computed().never_null(),
        /// One.
        owner: Owner = optional(),
        /// Ordered.
        owners: List<Owner> = optional(),
        /// Unordered.
        guests: Set<Owner> = optional(),
        /// By name.
        friends: Map<Owner> = optional().computed(),
        /// Plain.
        tags: Map<String> = optional().check_keys(lower_case).check_each(filled),
        /// Lists of lists have no nested form.
        rows: List<List<Owner>> = optional(),
        /// Anything.
        any: Value = optional(),
    }
}

crate::object! {
    struct Owner {
        /// Who.
        id: String = required(),
        since: i64 = computed()
    }
}

fn short(name: &str) -> Result<(), String> {
    if name.len() <= 4 { Ok(()) } else { Err(format!("`{name}` is longer than 4 letters.")) }
}

fn lower_case(key: &str) -> Result<(), String> {
    if key.chars().all(char::is_lowercase) { Ok(()) } else { Err("Write it in lower case.".to_owned()) }
}

fn filled(text: &str) -> Result<(), String> {
    if text.is_empty() { Err("It is empty.".to_owned()) } else { Ok(()) }
}

fn role() -> Schema {
    Schema::of::<Role>()
}

fn found(attribute: &str, value: Value) -> Vec<(String, String)> {
    let config = Value::Object([(attribute.to_owned(), value)].into());
    let found = crate::server::check(&role().attributes, &config);
    found.into_iter().map(|one| (one.path.unwrap_or_default().to_string(), one.detail)).collect()
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[test]
fn docs_are_markdown_without_the_leading_space_of_rustdoc() {
    assert_eq!(role().description, "A role.\n\nIt has `trust`:\n  - indented");
    let schema = role();
    assert_eq!(schema.attribute("name").unwrap().description, "Its name.\n\nAt most 64 letters.");
    assert_eq!(schema.attribute("size").unwrap().description, "");
    assert_eq!(Owner::DESCRIPTION, "");
}

#[test]
fn attributes_stand_in_the_order_of_their_declaration() {
    let names: Vec<String> = role().attributes.into_iter().map(|attribute| attribute.name).collect();
    let expected = [
        "name", "match", "duration", "secret", "old", "arn", "size", "owner", "owners", "guests", "friends",
        "tags", "rows", "any",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_keyword_of_rust_is_an_attribute_without_its_mark() {
    let role = Role { r#match: Attr::Known("exact".into()), ..Role::default() };
    let value = role.encode();
    assert_eq!(value.attribute("match"), Some(&text("exact")));
    assert_eq!(value.attribute("r#match"), None);
    assert_eq!(Role::decode(&value, &Path::root()), Ok(role));
}

#[test]
fn the_type_is_told_by_the_fields() {
    let owner = json!(["object", {"id": "string", "since": "number"}]);
    let expected = json!(["object", {
        "any": "dynamic", "arn": "string", "duration": "number", "friends": ["map", owner],
        "guests": ["set", owner], "match": "string", "name": "string", "old": "bool", "owner": owner,
        "owners": ["list", owner], "rows": ["list", ["list", owner]], "secret": "string", "size": "number",
        "tags": ["map", "string"],
    }]);
    assert_eq!(role().ty().to_json(), expected);
}

#[test]
fn objects_nest_as_one_or_in_each_collection() {
    let schema = role();
    let nesting = |name: &str| match &schema.attribute(name).unwrap().kind {
        Kind::Nested(nesting, nested) => Some((*nesting, nested.len())),
        Kind::Plain(_) => None,
    };
    assert_eq!(nesting("owner"), Some((Nesting::Single, 2)));
    assert_eq!(nesting("owners"), Some((Nesting::List, 2)));
    assert_eq!(nesting("guests"), Some((Nesting::Set, 2)));
    assert_eq!(nesting("friends"), Some((Nesting::Map, 2)));
    assert_eq!(nesting("tags"), None);
    assert_eq!(nesting("rows"), None);
}

#[test]
fn a_declaration_says_all_that_the_protocol_asks() {
    let schema = role();
    let declaration = |name: &str| schema.attribute(name).unwrap().declaration.clone();
    assert!(declaration("name").required && declaration("name").replace && !declaration("name").computed);
    assert!(declaration("secret").sensitive && declaration("secret").write_only);
    assert_eq!(declaration("old").deprecated.as_deref(), Some("Use `name` instead."));
    assert!(declaration("friends").optional && declaration("friends").computed);
    assert_eq!(declaration("arn").refinements, Refinements::prefix("arn:"));
    assert_eq!(schema.attribute("size").unwrap().unknown(), Value::Unknown(Refinements::not_null()));
    assert_eq!(declaration("match").one_of, ["exact", "prefix", "none"]);
}

#[test]
fn a_default_makes_an_argument_computed_as_the_protocol_asks() {
    let declaration = role().attribute("duration").unwrap().declaration.clone();
    assert_eq!(declaration.default, Some(Value::Number(Number::from(3600_i64))));
    assert!(declaration.optional && declaration.computed);
}

#[test]
fn a_field_that_is_missing_or_of_another_type_names_its_place() {
    let nowhere = Role::decode(&Value::Object([].into()), &Path::root()).unwrap_err();
    assert_eq!(nowhere.message, "the attribute `name` is missing");
    let Value::Object(mut fields) = Role::default().encode() else { panic!("not an object") };
    fields.insert("owners".into(), Value::List(vec![Value::Null, Value::Bool(true)]));
    let wrong = Role::decode(&Value::Object(fields), &Path::root()).unwrap_err();
    assert_eq!(wrong, Mismatch::new(&Path::attribute("owners").index(1), "expected an object, found a bool"));
}

#[test]
fn null_and_unknown_are_visible_at_every_depth() {
    let role = Role {
        name: Attr::Unknown,
        owners: Attr::Known(vec![Attr::Unknown, Attr::Known(Owner { id: Attr::Unknown, since: Attr::Null })]),
        guests: Attr::Known(Set(vec![Attr::Known(Owner::default())])),
        any: Attr::Known(Value::Dynamic(Type::Bool, Box::new(Value::Bool(true)))),
        ..Role::default()
    };
    assert_eq!(Role::decode(&role.encode(), &Path::root()), Ok(role));
}

#[test]
fn a_check_sees_only_what_is_known() {
    assert_eq!(found("name", text("four")), []);
    assert_eq!(found("match", Value::Null), []);
    assert_eq!(found("name", Value::unknown()), []);
    assert_eq!(found("name", text("five!")), [("name".into(), "`five!` is longer than 4 letters.".into())]);
}

#[test]
fn a_required_argument_that_is_null_is_missing() {
    assert_eq!(
        found("name", Value::Null),
        [("name".into(), "The argument `name` is required, and it is not set.".into())]
    );
    assert_eq!(found("tags", Value::Null), []);
}

#[test]
fn elements_and_keys_are_checked_each_at_its_place() {
    let tags = |pairs: &[(&str, Value)]| {
        Value::Map(pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    };
    let given = tags(&[("A", text("x")), ("b", text("")), ("c", Value::unknown())]);
    let expected = [("tags[\"A\"]", "Write it in lower case."), ("tags[\"b\"]", "It is empty.")];
    assert_eq!(found("tags", given), expected.map(|(path, detail)| (path.to_owned(), detail.to_owned())));
    assert_eq!(found("tags", Value::unknown()), []);
}

#[test]
fn each_element_of_a_list_or_set_is_checked() {
    let check = Check::each::<str>(filled);
    let places = |value: Value| {
        let mut found = Vec::new();
        check.run(&value, &Path::attribute("a"), &mut found);
        found.into_iter().map(|one| one.path.unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(places(Value::List(vec![text("x"), text(""), Value::Null])), ["a[1]"]);
    assert_eq!(places(Value::Set(vec![text(""), text("x")])), ["a"]);
    assert!(places(text("")).is_empty());
}

#[test]
fn a_choice_names_all_and_the_nearest() {
    assert_eq!(found("match", text("prefix")), []);
    let list = "is not one of \"exact\", \"prefix\", \"none\".";
    assert_eq!(
        found("match", text("prefx")),
        [("match".into(), format!("\"prefx\" {list} Did you mean \"prefix\"?"))]
    );
    assert_eq!(found("match", text("Exact"))[0].1, format!("\"Exact\" {list} Did you mean \"exact\"?"));
    assert_eq!(found("match", text("zzz"))[0].1, format!("\"zzz\" {list}"));
    assert_eq!(found("match", text("fix"))[0].1, format!("\"fix\" {list} Did you mean \"prefix\"?"));
    for of_several in ["e", ""] {
        assert_eq!(found("match", text(of_several))[0].1, format!("{of_several:?} {list}"));
    }
}

#[test]
fn a_whole_number_must_be_one_of_64_bits() {
    let number = |text: &str| Value::Number(text.parse().unwrap());
    assert_eq!(found("duration", number("9223372036854775807")), []);
    for bad in ["1.5", "9223372036854775808", "-1e30"] {
        let reason = found("duration", number(bad)).remove(0);
        assert_eq!(reason.0, "duration");
        assert!(reason.1.contains("is not a whole number of at most 64 bits"), "{bad}");
    }
}

#[test]
fn what_is_nested_is_checked_at_its_place() {
    crate::object! {
        struct Inner { name: String = required().check(short).deprecated("Gone."), }
    }
    crate::object! {
        struct Outer {
            one: Inner = optional(),
            list: List<Inner> = optional(),
            set: Set<Inner> = optional(),
            map: Map<Inner> = optional(),
        }
    }
    let inner = || Attr::Known(Inner { name: Attr::Known("too long".into()) });
    let outer = Outer {
        one: inner(),
        list: Attr::Known(vec![Attr::Unknown, inner()]),
        set: Attr::Known(Set(vec![inner()])),
        map: Attr::Known([("k".to_owned(), inner())].into()),
    };
    let found = crate::server::check(&Outer::attributes(), &outer.encode());
    let places = |found: &Diagnostics, severity| {
        let all = found.iter().filter(|one| one.severity == severity);
        all.map(|one| one.path.clone().unwrap().to_string()).collect::<Vec<_>>()
    };
    let expected = ["one.name", "list[1].name", "set.name", "map[\"k\"].name"];
    assert_eq!(places(&found, crate::diagnostics::Severity::Error), expected);
    assert_eq!(places(&found, crate::diagnostics::Severity::Warning), expected);
}

#[test]
fn what_is_deprecated_warns_only_where_it_is_set() {
    assert_eq!(found("old", Value::Null), []);
    assert_eq!(found("old", Value::Bool(true)), [("old".into(), "Use `name` instead.".into())]);
}

#[test]
fn nearest_allows_a_third_of_the_letters() {
    let names = ["task_role", "account_runner"];
    assert_eq!(nearest("task_rule", names), Some("task_role"));
    assert_eq!(nearest("TASKROLE", names), Some("task_role"));
    assert_eq!(nearest("role", names), None);
    assert_eq!(nearest("", names), None);
    assert_eq!(nearest("x", ["y", "abc"]), Some("y"));
    assert_eq!(nearest("", ["y", "abc"]), None);
}
