//! Functions.

use crate::stub::provider;
use serde_json::json;
use tfplug::function::{Function, FunctionError};
use tfplug::provider::Registry;
use tfplug::schema::{Attr, List, Map, optional, required};
use tfplug::testing::harness::Harness;
use tfplug::value::Value;

tfplug::object! {
    /// Joins texts.
    struct Texts {
        /// What stands between them.
        by: String = optional().check(short),
        /// The texts.
        texts: List<String> = required().check_each(plain),
    }
}

fn short(text: &str) -> Result<(), String> {
    if text.len() < 3 { Ok(()) } else { Err("Write at most two letters.".to_owned()) }
}

fn plain(text: &str) -> Result<(), String> {
    if text.contains('!') { Err("Do not shout.".to_owned()) } else { Ok(()) }
}

struct Join;

impl Function for Join {
    const NAME: &'static str = "join";
    const SUMMARY: &'static str = "Joins.";
    const VARIADIC: bool = true;
    type Arguments = Texts;
    type Output = String;

    fn call(Texts { by, texts }: Texts) -> Result<String, FunctionError> {
        let texts: Vec<String> =
            texts.into_known().unwrap_or_default().into_iter().filter_map(Attr::into_known).collect();
        match texts.iter().position(String::is_empty) {
            Some(empty) => Err(FunctionError::argument(1 + empty, "Write some text.")),
            None => Ok(texts.join(&by.into_known().unwrap_or_else(|| "-".to_owned()))),
        }
    }
}

tfplug::object! {
    /// Says what it got.
    struct One {
        value: Value = optional(),
        count: i64 = required(),
    }
}

struct Describe;

impl Function for Describe {
    const NAME: &'static str = "describe";
    const SUMMARY: &'static str = "Describes.";
    type Arguments = One;
    type Output = Value;

    fn call(One { value, .. }: One) -> Result<Value, FunctionError> {
        Ok(value.into_known().unwrap_or_else(|| Value::String("nothing".into())))
    }
}

tfplug::object! {
    /// Counts.
    struct Counted {
        text: String = required(),
        /// At most one.
        settings: List<Map<List<String>>> = required(),
    }
}

struct Count;

impl Function for Count {
    const NAME: &'static str = "count";
    const SUMMARY: &'static str = "Counts.";
    const VARIADIC: bool = true;
    type Arguments = Counted;
    type Output = Option<i64>;

    fn call(Counted { text, settings }: Counted) -> Result<Option<i64>, FunctionError> {
        let settings: Vec<_> = settings.into_known().unwrap_or_default();
        let skipped = settings.iter().filter_map(Attr::known).filter_map(|one| one.get("skip")?.known());
        let skipped: usize = skipped.map(Vec::len).sum();
        let letters = text.known().map_or(0, |text| text.chars().count());
        Ok(letters.checked_sub(skipped).and_then(|count| i64::try_from(count).ok()))
    }
}

provider!(Functions, Registry::new().function::<Join>().function::<Describe>().function::<Count>());

fn argument(position: usize, text: &str) -> Result<serde_json::Value, FunctionError> {
    Err(FunctionError::argument(position, text))
}

#[tokio::test]
async fn a_variadic_function_takes_any_number_of_arguments() {
    let host = Harness::<Functions>::new();
    assert_eq!(host.call("join", vec![json!(",")]).await, Ok(json!("")));
    assert_eq!(host.call("join", vec![json!(","), json!("a")]).await, Ok(json!("a")));
    assert_eq!(host.call("join", vec![json!(","), json!("a"), json!("b")]).await, Ok(json!("a,b")));
}

#[tokio::test]
async fn only_an_optional_parameter_takes_null() {
    let host = Harness::<Functions>::new();
    assert_eq!(host.call("join", vec![json!(null), json!("a"), json!("b")]).await, Ok(json!("a-b")));
    let null = "this argument must not be null";
    assert_eq!(host.call("join", vec![json!(","), json!("a"), json!(null)]).await, argument(2, null));
    assert_eq!(host.call("describe", vec![json!(1), json!(null)]).await, argument(1, null));
}

#[tokio::test]
async fn an_error_has_the_position_of_its_argument_and_the_host_ends_it() {
    let host = Harness::<Functions>::new();
    assert_eq!(
        host.call("join", vec![json!(","), json!("a"), json!("")]).await,
        argument(2, "Write some text")
    );
    assert_eq!(
        host.call("join", vec![json!(","), json!("a"), json!("b!")]).await,
        argument(2, "Do not shout")
    );
    assert_eq!(host.call("join", vec![json!("long")]).await, argument(0, "Write at most two letters"));
    let fraction = host.call("describe", vec![json!(1), json!(1.5)]).await.unwrap_err();
    assert_eq!(fraction.argument, Some(1));
    assert!(fraction.text.contains("1.5 is not a whole number"));
}

#[tokio::test]
async fn too_few_or_too_many_arguments_are_told() {
    let host = Harness::<Functions>::new();
    let few = host.call("describe", vec![json!(1)]).await.unwrap_err();
    assert_eq!((few.text.as_str(), few.argument), ("expected 2 arguments, found 1", None));
    let many = host.call("describe", vec![json!(1), json!(1), json!(1)]).await;
    assert_eq!(many, argument(2, "there is no parameter for this argument"));
}

#[tokio::test]
async fn a_value_of_any_type_comes_and_goes_with_its_type() {
    let host = Harness::<Functions>::new();
    for value in [json!("a"), json!(1.25), json!(true), json!(["a", 1]), json!({"a": {"b": [null]}})] {
        assert_eq!(host.call("describe", vec![value.clone(), json!(1)]).await, Ok(value));
    }
    assert_eq!(host.call("describe", vec![json!(null), json!(1)]).await, Ok(json!("nothing")));
}

#[tokio::test]
async fn an_unknown_function_names_the_nearest() {
    let host = Harness::<Functions>::new();
    let error = host.call("descibe", vec![]).await.unwrap_err();
    assert_eq!(error.text, "The provider `stub` has no function `descibe`. Did you mean `describe`?");
}

#[tokio::test]
async fn a_variadic_argument_can_be_a_map_and_a_result_null() {
    let host = Harness::<Functions>::new();
    assert_eq!(host.call("count", vec![json!("abc")]).await, Ok(json!(3)));
    let settings = json!({"skip": ["a"]});
    assert_eq!(host.call("count", vec![json!("abc"), settings.clone()]).await, Ok(json!(2)));
    assert_eq!(host.call("count", vec![json!(""), settings]).await, Ok(json!(null)));
    let null = host.call("count", vec![json!("abc"), json!({"skip": [null]})]).await.unwrap_err();
    assert_eq!((null.argument, null.text.contains("an element that is null")), (Some(1), true));
}
