//! Data sources.

use crate::stub::{Client, provider};
use crate::{errors, places, warnings};
use serde_json::json;
use tfplug::context::Context;
use tfplug::data_source::DataSource;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::provider::Registry;
use tfplug::schema::{Attr, List, computed, optional, required};
use tfplug::testing::harness::{Harness, unknown};

tfplug::object! {
    /// Doubles.
    struct Doubled {
        /// A text.
        text: String = required(),
        /// How often.
        times: i64 = optional(),
        /// The text so many times.
        result: List<String> = computed(),
    }
}

struct Double;

impl DataSource for Double {
    const NAME: &'static str = "double";
    type State = Doubled;
    type Client = Client;

    fn validate(config: &Doubled, found: &mut Diagnostics) {
        if config.text.known().is_some_and(String::is_empty) {
            found.push(Diagnostic::error("Nothing to double", "Write some text."));
        }
    }

    async fn read(ctx: &Context<Client>, config: Doubled) -> Result<Doubled, Diagnostics> {
        ctx.warn(Diagnostic::warning("Easy", "Write it twice."));
        let text = config.text.known().cloned().unwrap_or_default();
        let times = usize::try_from(config.times.known().copied().unwrap_or(2)).unwrap();
        match times {
            13 => Err(Diagnostics::error("Too many", "Write less.")),
            99 => Ok(Doubled { text: Attr::Known("another".into()), ..config }),
            98 => Ok(Doubled { result: Attr::Unknown, ..config }),
            times => Ok(Doubled { result: Attr::Known(vec![Attr::Known(text); times]), ..config }),
        }
    }
}

provider!(Doubles, Registry::new().data_source::<Double>());

#[tokio::test]
async fn a_data_source_answers_its_configuration() {
    let host = Harness::<Doubles>::new();
    let answer = host.data_source("stub_double").read(json!({"text": "a"})).await.unwrap();
    assert_eq!(answer.json(), json!({"text": "a", "times": null, "result": ["a", "a"]}));
    assert_eq!(warnings(&answer.warnings), "Easy: Write it twice.");
}

#[tokio::test]
async fn its_errors_come_behind_its_warnings() {
    let host = Harness::<Doubles>::new();
    let failed = host.data_source("stub_double").read(json!({"text": "a", "times": 13})).await.unwrap_err();
    assert_eq!(
        (errors(&failed), warnings(&failed)),
        ("Too many: Write less.".into(), "Easy: Write it twice.".into())
    );
}

#[tokio::test]
async fn its_configuration_is_checked_where_it_is_known() {
    let host = Harness::<Doubles>::new();
    let double = host.data_source("stub_double");
    assert_eq!(errors(&double.validate(json!({"text": ""})).await), "Nothing to double: Write some text.");
    assert!(double.validate(json!({"text": unknown(), "times": unknown()})).await.is_empty());
    assert_eq!(places(&double.validate(json!({"text": "a", "times": 0.5})).await), ["times"]);
}

#[tokio::test]
async fn the_host_refuses_another_argument_and_an_unknown_answer() {
    let host = Harness::<Doubles>::new();
    let double = host.data_source("stub_double");
    assert_eq!(places(&double.read(json!({"text": "a", "times": 99})).await.unwrap_err()), ["text"]);
    assert_eq!(places(&double.read(json!({"text": "a", "times": 98})).await.unwrap_err()), ["result"]);
}
