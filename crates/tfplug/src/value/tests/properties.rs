//! What holds for every type and every value of it, and for any bytes at all.

use super::*;
use proptest::prelude::*;

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
        Type::Dynamic => prop_oneof![Just(Type::Bool), Just(Type::Number), Just(list(Type::String))]
            .prop_flat_map(|ty| {
                values(&ty).prop_map(move |value| Value::Dynamic(ty.clone(), Box::new(value)))
            })
            .boxed(),
        Type::List(ty) => prop::collection::vec(values(ty), 0..3).prop_map(Value::List).boxed(),
        Type::Set(ty) => prop::collection::vec(values(ty), 0..3).prop_map(Value::Set).boxed(),
        Type::Map(ty) => {
            prop::collection::btree_map("[a-z]{0,3}", values(ty), 0..3).prop_map(Value::Map).boxed()
        }
        Type::Object(types) => {
            let each = types.iter().map(|(name, ty)| {
                values(ty).prop_map({
                    let name = name.clone();
                    move |value| (name.clone(), value)
                })
            });
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
