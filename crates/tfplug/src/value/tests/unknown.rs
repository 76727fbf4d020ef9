//! Unknown values, and what is known of them.

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
    for payload in
        [&b"\xc1\xc1"[..], b"\x81\x01\xa1x", b"\x81\x02\xc3", b"\x81\x03\x91\x01", b"\x81\x63\x01", b"\x93"]
    {
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
