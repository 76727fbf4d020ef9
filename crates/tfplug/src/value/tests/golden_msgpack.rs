//! Bytes that must never change: both ways, for every kind of value.

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
    golden(number("1000000000000000000000000000000"), &Type::Number, b"\xbf1000000000000000000000000000000");
}

#[test]
fn every_spelling_of_a_number_is_read_as_that_number() {
    for bytes in
        [&b"\x05"[..], b"\xcc\x05", b"\xd0\x05", b"\xcb\x40\x14\0\0\0\0\0\0", b"\xca\x40\xa0\0\0", b"\xa15"]
    {
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
    let value =
        Value::Object(fields([("a", Value::Null), ("b", Value::Object(fields([("c", Value::Bool(true))])))]));
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
