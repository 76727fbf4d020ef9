//! Values on the wire: golden bytes, malformed messages, and round trips over everything that has a type.

use super::json::{self, Strictness};
use super::{Mismatch, Number, Refinements, Type, Value, msgpack};
use crate::diagnostics::Diagnostic;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn list(element: Type) -> Type {
    Type::List(Box::new(element))
}

fn object(attributes: &[(&str, Type)]) -> Type {
    Type::Object(attributes.iter().map(|(name, ty)| ((*name).to_owned(), ty.clone())).collect())
}

fn fields<const N: usize>(attributes: [(&str, Value); N]) -> BTreeMap<String, Value> {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Both ways: these bytes are this value, and this value is these bytes.
#[track_caller]
fn golden(value: Value, ty: &Type, bytes: &[u8]) {
    assert_eq!(msgpack::encode(&value, ty), bytes, "encoding {value:?}");
    assert_eq!(msgpack::decode(bytes, ty), Ok(value));
}

/// The place and the reason for which these bytes are not a value of this type.
#[track_caller]
fn refused(bytes: &[u8], ty: &Type) -> (String, String) {
    let Mismatch { path, message } = msgpack::decode(bytes, ty).unwrap_err();
    (path.to_string(), message)
}

mod golden_msgpack {
    use super::*;

    #[test]
    fn plain_values_have_the_bytes_of_cty() {
        golden(Value::Null, &Type::String, b"\xc0");
        golden(Value::Bool(true), &Type::Bool, b"\xc3");
        golden(Value::Bool(false), &Type::Bool, b"\xc2");
        golden(text("hi"), &Type::String, b"\xa2hi");
        golden(text(""), &Type::String, b"\xa0");
        golden(text("ä"), &Type::String, b"\xa2\xc3\xa4");
    }

    #[test]
    fn whole_numbers_are_the_shortest_integers() {
        golden(number("0"), &Type::Number, b"\x00");
        golden(number("127"), &Type::Number, b"\x7f");
        golden(number("128"), &Type::Number, b"\xcc\x80");
        golden(number("-1"), &Type::Number, b"\xff");
        golden(number("-33"), &Type::Number, b"\xd0\xdf");
        golden(number("65536"), &Type::Number, b"\xce\x00\x01\x00\x00");
        golden(number("-9223372036854775808"), &Type::Number, b"\xd3\x80\0\0\0\0\0\0\0");
        golden(number("9223372036854775807"), &Type::Number, b"\xcf\x7f\xff\xff\xff\xff\xff\xff\xff");
    }

    #[test]
    fn numbers_that_a_float_holds_exactly_are_floats() {
        golden(number("0.5"), &Type::Number, b"\xcb\x3f\xe0\0\0\0\0\0\0");
        golden(number("-2.25"), &Type::Number, b"\xcb\xc0\x02\0\0\0\0\0\0");
        golden(number("18446744073709551616"), &Type::Number, b"\xcb\x43\xf0\0\0\0\0\0\0");
    }

    #[test]
    fn all_other_numbers_are_decimal_text() {
        golden(number("0.1"), &Type::Number, b"\xa30.1");
        golden(number("-0.1"), &Type::Number, b"\xa4-0.1");
        golden(number("18446744073709551615"), &Type::Number, b"\xb418446744073709551615");
        golden(
            number("1000000000000000000000000000000"),
            &Type::Number,
            b"\xbf1000000000000000000000000000000",
        );
    }

    #[test]
    fn every_spelling_of_a_number_is_read_as_that_number() {
        for bytes in [&b"\x05"[..], b"\xcc\x05", b"\xd0\x05", b"\xcb\x40\x14\0\0\0\0\0\0", b"\xca\x40\xa0\0\0", b"\xa15"] {
            assert_eq!(msgpack::decode(bytes, &Type::Number), Ok(number("5")), "{bytes:x?}");
        }
        assert_eq!(msgpack::decode(b"\xa41e30", &Type::Number), Ok(number("1000000000000000000000000000000")));
        let biggest = b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff";
        assert_eq!(msgpack::decode(biggest, &Type::Number), Ok(number("18446744073709551615")));
    }

    #[test]
    fn a_float_is_read_as_the_very_number_that_it_is() {
        let bytes = b"\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a";
        let read = msgpack::decode(bytes, &Type::Number).unwrap();
        assert_ne!(read, number("0.1"));
        assert_eq!(msgpack::encode(&read, &Type::Number), bytes);
    }

    #[test]
    fn collections_hold_their_elements_in_order() {
        let strings = list(Type::String);
        golden(Value::List(vec![]), &strings, b"\x90");
        golden(Value::List(vec![text("a"), Value::Null]), &strings, b"\x92\xa1a\xc0");
        golden(Value::Set(vec![number("1")]), &Type::Set(Box::new(Type::Number)), b"\x91\x01");
        let map = Value::Map(fields([("k", Value::Bool(true)), ("l", Value::unknown())]));
        golden(map, &Type::Map(Box::new(Type::Bool)), b"\x82\xa1k\xc3\xa1l\xd4\x00\x00");
        let pair = Type::Tuple(vec![Type::String, Type::Number]);
        golden(Value::Tuple(vec![text("a"), number("1")]), &pair, b"\x92\xa1a\x01");
    }

    #[test]
    fn an_object_has_all_its_attributes_by_name() {
        let ty = object(&[("a", Type::String), ("b", object(&[("c", Type::Bool)]))]);
        let value = Value::Object(fields([
            ("a", Value::Null),
            ("b", Value::Object(fields([("c", Value::Bool(true))]))),
        ]));
        golden(value, &ty, b"\x82\xa1a\xc0\xa1b\x81\xa1c\xc3");
        assert_eq!(msgpack::encode(&Value::Object(BTreeMap::new()), &ty), b"\x82\xa1a\xc0\xa1b\xc0");
    }

    #[test]
    fn a_dynamic_value_is_a_pair_of_type_and_value() {
        let value = |ty: Type, value: Value| Value::Dynamic(ty, Box::new(value));
        golden(value(Type::String, text("x")), &Type::Dynamic, b"\x92\xc4\x08\"string\"\xa1x");
        golden(
            value(list(Type::Bool), Value::List(vec![Value::Bool(true)])),
            &Type::Dynamic,
            b"\x92\xc4\x0f[\"list\",\"bool\"]\x91\xc3",
        );
        golden(Value::Null, &Type::Dynamic, b"\xc0");
        golden(Value::unknown(), &Type::Dynamic, b"\xd4\x00\x00");
    }

    #[test]
    fn a_null_of_a_type_stays_one_where_any_type_may_stand() {
        let null = Value::Dynamic(Type::String, Box::new(Value::Null));
        golden(null.clone(), &Type::Dynamic, b"\x92\xc4\x08\"string\"\xc0");
        assert!(null.is_null() && !null.same(&Value::Null));
        let unknown = Value::Dynamic(Type::Bool, Box::new(Value::unknown()));
        golden(unknown.clone(), &Type::Dynamic, b"\x92\xc4\x06\"bool\"\xd4\x00\x00");
        assert!(unknown.is_unknown() && unknown.unknown_paths().len() == 1);
    }

    #[test]
    fn a_value_of_a_plain_type_carries_it_where_any_type_may_stand() {
        assert_eq!(msgpack::encode(&text("x"), &Type::Dynamic), b"\x92\xc4\x08\"string\"\xa1x");
        let object = Value::Object(fields([("a", number("1"))]));
        let bytes = msgpack::encode(&object, &Type::Dynamic);
        let read = msgpack::decode(&bytes, &Type::Dynamic).unwrap();
        assert_eq!(read, Value::Dynamic(object.own_type(), Box::new(object)));
    }
}

mod unknown {
    use super::*;

    #[test]
    fn any_extension_is_unknown() {
        for bytes in [&b"\xd4\x00\x00"[..], b"\xc7\x00\x05", b"\xd5\x63\x01\x02"] {
            assert_eq!(msgpack::decode(bytes, &Type::String), Ok(Value::unknown()), "{bytes:x?}");
        }
    }

    #[test]
    fn refinements_have_the_bytes_of_cty() {
        let not_null = Value::Unknown(Refinements::not_null());
        golden(not_null, &Type::String, b"\xc7\x03\x0c\x81\x01\xc2");
        let prefixed = Value::Unknown(Refinements::prefix("arn:"));
        golden(prefixed, &Type::String, b"\xc7\x09\x0c\x82\x01\xc2\x02\xa4arn:");
        let bounded = Value::Unknown(Refinements {
            lower: Some((Number::from(1_i64), true)),
            upper: Some(("0.1".parse().unwrap(), false)),
            ..Refinements::default()
        });
        golden(bounded, &Type::Number, b"\xc7\x0c\x0c\x82\x03\x92\x01\xc3\x04\x92\xa30.1\xc2");
        let sized =
            Value::Unknown(Refinements { min_length: Some(1), max_length: Some(2), ..Refinements::default() });
        golden(sized, &list(Type::Bool), b"\xc7\x05\x0c\x82\x05\x01\x06\x02");
    }

    #[test]
    fn refinements_that_cannot_be_read_are_left_out() {
        for payload in [&b"\xc1\xc1"[..], b"\x81\x01\xa1x", b"\x81\x02\xc3", b"\x81\x03\x91\x01", b"\x81\x63\x01", b"\x93"] {
            let mut bytes = vec![0xc7, payload.len() as u8, 12];
            bytes.extend(payload);
            assert_eq!(msgpack::decode(&bytes, &Type::String), Ok(Value::unknown()), "{payload:x?}");
        }
    }

    #[test]
    fn nothing_is_known_of_an_unknown_value_of_any_type() {
        let known = Value::Unknown(Refinements::not_null());
        assert_eq!(msgpack::encode(&known, &Type::Dynamic), b"\xd4\x00\x00");
    }

    #[test]
    fn the_places_of_what_is_unknown_are_named() {
        let value = Value::Object(fields([
            ("a", Value::List(vec![text("x"), Value::unknown()])),
            ("b", Value::Map(fields([("k", Value::unknown())]))),
            ("c", Value::Set(vec![Value::unknown()])),
        ]));
        let places: Vec<String> = value.unknown_paths().iter().map(ToString::to_string).collect();
        assert_eq!(places, ["a[1]", "b[\"k\"]", "c"]);
        assert!(!value.is_wholly_known() && !value.is_unknown());
    }
}

mod malformed {
    use super::*;

    fn role() -> Type {
        let tag = object(&[("key", Type::String), ("size", Type::Number)]);
        object(&[("name", Type::String), ("tags", Type::Map(Box::new(tag))), ("ages", list(Type::Number))])
    }

    #[test]
    fn what_is_wrong_names_its_place() {
        let bytes = b"\x83\xa4ages\x92\x01\xc3\xa4name\xa1n\xa4tags\x80";
        assert_eq!(refused(bytes, &role()), ("ages[1]".into(), "expected a number, found a bool".into()));
        let bytes = b"\x83\xa4ages\x90\xa4name\x07\xa4tags\x80";
        assert_eq!(refused(bytes, &role()), ("name".into(), "expected a string, found a number".into()));
        let bytes = b"\x83\xa4ages\x90\xa4name\xa1n\xa4tags\x81\xa1k\x82\xa3key\x90\xa4size\x01";
        assert_eq!(refused(bytes, &role()).0, "tags[\"k\"].key");
    }

    #[test]
    fn a_missing_attribute_is_named() {
        let (place, reason) = refused(b"\x82\xa4ages\x90\xa4name\xa1n", &role());
        assert_eq!((place.as_str(), reason.as_str()), ("", "the attribute `tags` is missing"));
        let bytes = b"\x83\xa4ages\x90\xa4name\xa1n\xa4tags\x81\xa1k\x81\xa3key\xa1a";
        assert_eq!(refused(bytes, &role()), ("tags[\"k\"]".into(), "the attribute `size` is missing".into()));
    }

    #[test]
    fn an_attribute_too_many_is_named() {
        let (_, reason) = refused(b"\x81\xa5stray\x01", &role());
        assert_eq!(reason, "`stray` is not an attribute of this object");
    }

    #[test]
    fn truncated_and_overlong_messages_are_refused() {
        let whole = b"\x83\xa4ages\x91\x01\xa4name\xa1n\xa4tags\x80";
        assert!(msgpack::decode(whole, &role()).is_ok());
        for end in 0..whole.len() {
            let (place, reason) = refused(&whole[..end], &role());
            assert!(place.is_empty() && reason.starts_with("not msgpack"), "{end}: {place} {reason}");
        }
        let (_, reason) = refused(b"\xc0\xc0\xc0", &Type::Bool);
        assert_eq!(reason, "2 stray bytes after the value");
        // Lengths that nothing follows, up to 4 GiB.
        for bytes in [&b"\xdd\xff\xff\xff\xff"[..], b"\xdf\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\xc9\xff\xff\xff\xff\x0c"] {
            assert!(refused(bytes, &Type::Dynamic).1.starts_with("not msgpack"));
        }
    }

    #[test]
    fn nesting_that_would_exhaust_the_stack_is_refused() {
        let mut bytes = vec![0x91; 100_000];
        bytes.push(0xc0);
        assert!(refused(&bytes, &Type::Dynamic).1.starts_with("not msgpack"));
        let deep = (0..60).fold(Type::String, |ty, _| list(ty));
        let mut bytes = vec![0x91; 60];
        bytes.push(0xc0);
        assert!(msgpack::decode(&bytes, &deep).is_ok());
    }

    #[test]
    fn text_that_is_not_utf8_is_refused() {
        assert_eq!(refused(b"\xa2\xff\xfe", &Type::String).1, "a string that is not UTF-8");
        let map = Type::Map(Box::new(Type::Bool));
        assert_eq!(refused(b"\x81\xa1\xff\xc3", &map).1, "a key must be a string, found a string");
        assert_eq!(refused(b"\x81\x01\xc3", &map).1, "a key must be a string, found a number");
    }

    #[test]
    fn numbers_beyond_all_measure_are_refused() {
        for number in ["1e5000", "1e-5000", "1e9223372036854775807", "1e-9223372036854775808", "1e99999999999999999999"] {
            assert!(number.parse::<Number>().is_err(), "{number}");
        }
        assert!("1".repeat(100_000).parse::<Number>().is_err());
        assert!(refused(b"\xcb\x7f\xf0\0\0\0\0\0\0", &Type::Number).1.contains("expected a number"));
        assert!(refused(b"\xcb\x7f\xf8\0\0\0\0\0\0", &Type::Number).1.contains("expected a number"));
        assert!(refused(b"\xa3abc", &Type::Number).1.contains("expected a number"));
    }

    #[test]
    fn a_dynamic_value_that_is_no_pair_is_refused() {
        let pair = "a dynamic value is a pair of its type and itself";
        assert_eq!(refused(b"\x91\xc0", &Type::Dynamic).1, pair);
        assert_eq!(refused(b"\x92\x01\xc0", &Type::Dynamic).1, pair);
        assert!(refused(b"\x92\xc4\x03\"x\"\xc0", &Type::Dynamic).1.contains("`x` is not a type"));
        assert!(refused(b"\x92\xc4\x01{\xc0", &Type::Dynamic).1.contains("the type of a dynamic value"));
        assert!(refused(b"\xa1x", &Type::Dynamic).1.contains("expected a value of any type"));
    }

    #[test]
    fn a_tuple_of_another_length_is_refused() {
        let pair = Type::Tuple(vec![Type::Bool, Type::Bool]);
        assert_eq!(refused(b"\x91\xc3", &pair).1, "expected a tuple of 2, found 1 elements");
    }

    #[test]
    fn no_message_repeats_the_value() {
        let secrets: [(&[u8], Type); 4] = [
            (b"\xa7hunter2", Type::Bool),
            (b"\xa7hunter2", Type::Number),
            (b"\x91\xa7hunter2", list(Type::Bool)),
            (b"\x81\xa1k\xa7hunter2", Type::String),
        ];
        for (bytes, ty) in secrets {
            assert!(!refused(bytes, &ty).1.contains("hunter2"), "{ty:?}");
        }
        let stored = json::decode(b"{\"a\":\"hunter2\"}", &object(&[("a", Type::Number)]), Strictness::Strict);
        assert!(!stored.unwrap_err().message.contains("hunter2"));
    }

    #[test]
    fn a_mismatch_tells_where_and_whose_fault() {
        let mismatch = msgpack::decode(b"\x91\x01", &list(Type::Bool)).unwrap_err();
        let diagnostic = Diagnostic::from(mismatch);
        assert!(diagnostic.detail.contains("At `[0]`: expected a bool, found a number."));
        assert!(diagnostic.detail.contains("terraform init"));
        assert_eq!(diagnostic.path, Some(crate::path::Path::root().index(0)));
    }
}

mod json_text {
    use super::*;

    #[track_caller]
    fn read(text: &str, ty: &Type) -> Result<Value, Mismatch> {
        json::decode(text.as_bytes(), ty, Strictness::Strict)
    }

    #[test]
    fn every_kind_is_read_and_written() {
        let kinds = [
            (Type::String, "\"a\""),
            (Type::Bool, "true"),
            (Type::Number, "0.1"),
            (Type::Number, "123456789012345678901234567890"),
            (list(Type::Number), "[1,null]"),
            (Type::Set(Box::new(Type::String)), "[\"a\"]"),
            (Type::Map(Box::new(Type::Bool)), "{\"k\":false}"),
            (object(&[("a", Type::String), ("b", Type::Number)]), "{\"a\":null,\"b\":-1}"),
            (Type::Tuple(vec![Type::Bool, Type::String]), "[true,\"x\"]"),
            (Type::Dynamic, "{\"value\":[\"a\"],\"type\":[\"list\",\"string\"]}"),
            (Type::String, "null"),
        ];
        for (ty, text) in kinds {
            let value = read(text, &ty).unwrap();
            assert_eq!(json::to_json(&value).to_string(), text, "{ty:?}");
        }
    }

    #[test]
    fn stored_plain_values_survive_a_change_of_their_type() {
        assert_eq!(read("\"12\"", &Type::Number), Ok(number("12")));
        assert_eq!(read("12", &Type::String), Ok(text("12")));
        assert_eq!(read("true", &Type::String), Ok(text("true")));
        assert_eq!(read("\"false\"", &Type::Bool), Ok(Value::Bool(false)));
        assert!(read("\"yes\"", &Type::Bool).is_err());
    }

    #[test]
    fn only_lenient_reading_forgives_other_attributes() {
        let ty = object(&[("a", Type::String), ("b", Type::Bool)]);
        let lenient = |text: &str| json::decode(text.as_bytes(), &ty, Strictness::Lenient);
        let expected = Value::Object(fields([("a", text("x")), ("b", Value::Null)]));
        assert_eq!(lenient("{\"a\":\"x\",\"gone\":1}"), Ok(expected));
        assert_eq!(read("{\"a\":\"x\",\"b\":true,\"c\":1}", &ty).unwrap_err().message, "`c` is not an attribute of this object");
        assert_eq!(read("{\"a\":\"x\"}", &ty).unwrap_err().message, "the attribute `b` is missing");
    }

    #[test]
    fn what_is_wrong_names_its_place() {
        let ty = object(&[("a", list(object(&[("b", Type::Bool)])))]);
        let mismatch = read("{\"a\":[{\"b\":true},{\"b\":[]}]}", &ty).unwrap_err();
        assert_eq!(mismatch.path.to_string(), "a[1].b");
        assert_eq!(mismatch.message, "expected a bool, found a list");
        for bad in ["", "{", "nul", "[1,2", "\"\\ud800\""] {
            assert!(read(bad, &ty).unwrap_err().message.starts_with("not JSON"), "{bad}");
        }
        assert!(json::decode(b"\"\xff\"", &Type::String, Strictness::Strict).is_err());
        assert!(read(&"[".repeat(10_000), &ty).is_err());
        assert!(read("{\"value\":1}", &Type::Dynamic).unwrap_err().message.contains("`type` and `value`"));
        assert!(read("{\"value\":1,\"type\":\"x\"}", &Type::Dynamic).is_err());
    }
}

mod sameness {
    use super::*;

    #[test]
    fn sets_are_the_same_in_any_order() {
        let set = |elements: &[&str]| Value::Set(elements.iter().map(|one| text(one)).collect());
        assert!(set(&["a", "b"]).same(&set(&["b", "a"])));
        assert!(!set(&["a", "b"]).same(&set(&["a", "c"])));
        assert!(!Value::List(vec![text("a"), text("b")]).same(&Value::List(vec![text("b"), text("a")])));
    }

    #[test]
    fn what_is_known_of_an_unknown_value_makes_it_no_other() {
        assert!(Value::unknown().same(&Value::Unknown(Refinements::prefix("a"))));
        assert!(!Value::unknown().same(&Value::Null));
    }

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        for (a, b) in [("1", "1.0"), ("100", "1e2"), ("0.10", "0.1"), ("-0", "0")] {
            assert!(number(a).same(&number(b)), "{a} {b}");
        }
        assert_eq!("1e2".parse::<Number>().unwrap().to_string(), "100");
        assert_eq!("1e2".parse::<Number>().unwrap().to_i64(), Some(100));
        assert_eq!("1.5".parse::<Number>().unwrap().to_i64(), None);
        assert_eq!("9223372036854775808".parse::<Number>().unwrap().to_i64(), None);
        assert_eq!(Number::from(u64::MAX).to_string(), "18446744073709551615");
    }
}

mod types {
    use super::*;

    #[test]
    fn types_have_the_json_of_cty() {
        let ty = object(&[
            ("a", list(Type::String)),
            ("b", Type::Map(Box::new(Type::Set(Box::new(Type::Number))))),
            ("c", Type::Tuple(vec![Type::Bool, Type::Dynamic])),
        ]);
        let text = r#"["object",{"a":["list","string"],"b":["map",["set","number"]],"c":["tuple",["bool","dynamic"]]}]"#;
        assert_eq!(ty.to_json().to_string(), text);
        assert_eq!(Type::from_json(&serde_json::from_str(text).unwrap()), Ok(ty));
    }

    #[test]
    fn what_is_no_type_is_told() {
        for (text, reason) in [
            ("\"text\"", "`text` is not a type"),
            ("1", "a type is a name or a list"),
            ("[\"list\"]", "a type in brackets needs a name and an argument"),
            ("[\"bag\",\"string\"]", "`bag` is not a type that takes this argument"),
            ("[\"object\",[]]", "`object` is not a type that takes this argument"),
        ] {
            assert_eq!(Type::from_json(&serde_json::from_str(text).unwrap()), Err(reason.to_owned()));
        }
    }
}

fn types() -> impl Strategy<Value = Type> {
    let plain = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    plain.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|ty| Type::List(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Set(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Map(Box::new(ty))),
            prop::collection::btree_map("[a-c]{1,2}", inner.clone(), 0..3).prop_map(Type::Object),
            prop::collection::vec(inner, 0..3).prop_map(Type::Tuple),
        ]
    })
}

fn refinements(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::String => prop_oneof![
            Just(Value::unknown()),
            "[a-z]{1,4}".prop_map(|prefix| Value::Unknown(Refinements::prefix(prefix)))
        ]
        .boxed(),
        Type::Dynamic => Just(Value::unknown()).boxed(),
        _ => prop_oneof![Just(Value::unknown()), Just(Value::Unknown(Refinements::not_null()))].boxed(),
    }
}

fn numbers() -> impl Strategy<Value = Value> {
    let parsed = |text: String| Value::Number(text.parse().unwrap());
    prop_oneof![
        any::<i64>().prop_map(|integer| Value::Number(Number::from(integer))),
        any::<u64>().prop_map(|integer| Value::Number(Number::from(integer))),
        any::<f64>().prop_filter_map("finite", |float| Some(Value::Number(Number::from_f64(float)?))),
        "-?[1-9][0-9]{0,40}(\\.[0-9]{1,40})?".prop_map(parsed),
    ]
}

fn values(ty: &Type) -> BoxedStrategy<Value> {
    let known = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => numbers().boxed(),
        Type::String => "\\PC{0,6}".prop_map(Value::String).boxed(),
        Type::Dynamic => {
            prop_oneof![Just(Type::Bool), Just(Type::Number), Just(list(Type::String))]
                .prop_flat_map(|ty| values(&ty).prop_map(move |value| Value::Dynamic(ty.clone(), Box::new(value))))
                .boxed()
        }
        Type::List(ty) => prop::collection::vec(values(ty), 0..3).prop_map(Value::List).boxed(),
        Type::Set(ty) => prop::collection::vec(values(ty), 0..3).prop_map(Value::Set).boxed(),
        Type::Map(ty) => {
            prop::collection::btree_map("[a-z]{0,3}", values(ty), 0..3).prop_map(Value::Map).boxed()
        }
        Type::Object(types) => {
            let each = types.iter().map(|(name, ty)| values(ty).prop_map({
                let name = name.clone();
                move |value| (name.clone(), value)
            }));
            each.collect::<Vec<_>>().prop_map(|pairs| Value::Object(pairs.into_iter().collect())).boxed()
        }
        Type::Tuple(types) => types.iter().map(values).collect::<Vec<_>>().prop_map(Value::Tuple).boxed(),
    };
    prop_oneof![8 => known, 1 => Just(Value::Null), 1 => refinements(ty)].boxed()
}

fn typed() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| values(&ty).prop_map(move |value| (ty.clone(), value)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn msgpack_gives_back_what_it_got((ty, value) in typed()) {
        prop_assert_eq!(msgpack::decode(&msgpack::encode(&value, &ty), &ty), Ok(value));
    }

    #[test]
    fn json_gives_back_what_is_known((ty, value) in typed()) {
        prop_assume!(value.is_wholly_known());
        let text = json::to_json(&value).to_string();
        prop_assert_eq!(json::decode(text.as_bytes(), &ty, Strictness::Strict), Ok(value));
    }

    #[test]
    fn types_give_back_what_they_got(ty in types()) {
        prop_assert_eq!(Type::from_json(&ty.to_json()), Ok(ty));
    }

    #[test]
    fn a_value_is_the_same_as_itself((_, value) in typed()) {
        prop_assert!(value.same(&value));
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), ty in types()) {
        let _ = msgpack::decode(&bytes, &ty);
        let _ = json::decode(&bytes, &ty, Strictness::Lenient);
    }

    #[test]
    fn no_damage_to_a_message_makes_reading_panic(
        (ty, value) in typed(), position in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let mut bytes = msgpack::encode(&value, &ty);
        let position = position.index(bytes.len());
        bytes[position] = byte;
        if let Ok(read) = msgpack::decode(&bytes, &ty) {
            prop_assert_eq!(msgpack::decode(&msgpack::encode(&read, &ty), &ty), Ok(read));
        }
    }

    #[test]
    fn no_text_makes_a_number_panic(text in "[-+]?[0-9]{0,5}[.]?[0-9]{0,5}([eE][-+]?[0-9]{0,20})?") {
        if let Ok(number) = text.parse::<Number>() {
            prop_assert_eq!(number.to_string().parse::<Number>(), Ok(number));
        }
    }
}
