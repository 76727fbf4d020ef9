//! Types as JSON.

use super::*;

#[test]
fn types_have_the_json_of_cty() {
    let ty = object(&[
        ("a", list(Type::String)),
        ("b", Type::Map(Box::new(Type::Set(Box::new(Type::Number))))),
        ("c", Type::Tuple(vec![Type::Bool, Type::Dynamic])),
    ]);
    let text =
        r#"["object",{"a":["list","string"],"b":["map",["set","number"]],"c":["tuple",["bool","dynamic"]]}]"#;
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
