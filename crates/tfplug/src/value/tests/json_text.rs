//! Stored state and other JSON.

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
    assert_eq!(
        read("{\"a\":\"x\",\"b\":true,\"c\":1}", &ty).unwrap_err().message,
        "`c` is not an attribute of this object"
    );
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
