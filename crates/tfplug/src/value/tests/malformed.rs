//! Messages that no host should send: refused at their place, without a word of the value.

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
    for bytes in [
        &b"\xdd\xff\xff\xff\xff"[..],
        b"\xdf\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\xc9\xff\xff\xff\xff\x0c",
    ] {
        assert!(refused(bytes, &Type::Dynamic).1.starts_with("not msgpack"));
    }
}

#[test]
fn nesting_that_would_exhaust_the_stack_is_refused() {
    let mut bytes = vec![0x91; 100_000];
    bytes.push(0xc0);
    assert!(refused(&bytes, &Type::Dynamic).1.starts_with("not msgpack"));
    let deep = (0..120).fold(Type::String, |ty, _| list(ty));
    let mut bytes = vec![0x91; 120];
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
    for number in
        ["1e5000", "1e-5000", "1e9223372036854775807", "1e-9223372036854775808", "1e99999999999999999999"]
    {
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
