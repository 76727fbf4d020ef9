//! Actions: progress, an end that tells how it went, and the wish to stop.

use crate::stub::{Client, provider};
use crate::{errors, places, warnings};
use serde_json::json;
use tfplug::action::{Action, Progress};
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::provider::Registry;
use tfplug::schema::{optional, required};
use tfplug::testing::harness::Harness;
use tokio::sync::Notify;

tfplug::object! {
    struct Work {
        /// How many steps.
        steps: i64 = required(),
        /// Where it goes wrong.
        fails_at: i64 = optional().check(early),
        /// Whether it goes on until it is stopped.
        endless: bool = optional(),
    }
}

fn early(step: &i64) -> Result<(), String> {
    if *step < 10 { Ok(()) } else { Err("Write less than 10.".to_owned()) }
}

/// Told when endless work has begun.
static BEGUN: Notify = Notify::const_new();

struct Working;

impl Action for Working {
    const NAME: &'static str = "work";
    type Config = Work;
    type Client = Client;

    async fn plan(_: &Context<Client>, config: Work) -> Result<(), Diagnostics> {
        match config.steps.known() {
            Some(0) => Err(Diagnostics::error("Nothing to do", "Write at least 1.")),
            _ => Ok(()),
        }
    }

    async fn invoke(ctx: &Context<Client>, config: Work, progress: &Progress) -> Result<(), Diagnostics> {
        ctx.warn(Diagnostic::warning("Loud", "It makes noise."));
        if config.endless.known() == Some(&true) {
            BEGUN.notify_one();
            ctx.stop().requested().await;
            progress.say("winding down").await;
            return Err(Diagnostics::error("Stopped", "You asked for it."));
        }
        for step in 0..*config.steps.known().unwrap_or(&0) {
            if config.fails_at.known() == Some(&step) {
                return Err(Diagnostics::error("Stuck", format!("At step {step}.")));
            }
            progress.say(format!("step {step}")).await;
        }
        Ok(())
    }
}

provider!(Works, Registry::new().action::<Working>());

#[tokio::test]
async fn progress_comes_before_completion() {
    let host = Harness::<Works>::new();
    let invocation = host.action("stub_work").invoke(json!({"steps": 40})).await.unwrap();
    let expected: Vec<String> = (0..40).map(|step| format!("step {step}")).collect();
    assert_eq!(invocation.progress, expected);
    assert_eq!(warnings(&invocation.diagnostics), "Loud: It makes noise.");
    assert!(!invocation.diagnostics.has_errors());
}

#[tokio::test]
async fn errors_come_with_completion() {
    let host = Harness::<Works>::new();
    let invocation = host.action("stub_work").invoke(json!({"steps": 3, "fails_at": 2})).await.unwrap();
    assert_eq!(invocation.progress, ["step 0", "step 1"]);
    assert_eq!(errors(&invocation.diagnostics), "Stuck: At step 2.");
    assert_eq!(warnings(&invocation.diagnostics), "Loud: It makes noise.");
}

#[tokio::test]
async fn a_plan_judges_without_doing() {
    let host = Harness::<Works>::new();
    let work = host.action("stub_work");
    assert_eq!(work.plan(json!({"steps": 1})).await, Ok(None));
    assert_eq!(
        errors(&work.plan(json!({"steps": 0})).await.unwrap_err()),
        "Nothing to do: Write at least 1."
    );
    assert_eq!(places(&work.validate(json!({"steps": 1, "fails_at": 10})).await), ["fails_at"]);
}

#[tokio::test]
async fn running_work_sees_that_the_host_wants_it_to_stop() {
    let host = Harness::<Works>::new();
    let work = host.action("stub_work");
    let stop = async {
        BEGUN.notified().await;
        host.stop().await.unwrap();
    };
    let (invocation, ()) = tokio::join!(work.invoke(json!({"steps": 1, "endless": true})), stop);
    let invocation = invocation.unwrap();
    assert_eq!(invocation.progress, ["winding down"]);
    assert_eq!(errors(&invocation.diagnostics), "Stopped: You asked for it.");
    // Stopping ends no server: work that does not ask goes on, and new requests are answered.
    assert_eq!(work.invoke(json!({"steps": 1})).await.unwrap().progress, ["step 0"]);
}
