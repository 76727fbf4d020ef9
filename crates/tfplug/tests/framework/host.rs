//! The host itself: it refuses what Terraform refuses, so that a test that passes here means something.

use crate::stub::{Behavior, Client, Stub, Thing, done};
use crate::{errors, places};
use serde_json::json;
use tfplug::context::Context;
use tfplug::diagnostics::Diagnostics;
use tfplug::resource::{Create, Failed, Plan, Planned, Update};
use tfplug::schema::Attr;
use tfplug::testing::harness::{Change, Harness, unknown};

struct Fickle;

impl Behavior for Fickle {
    async fn plan(_: &Context<Client>, req: Plan<Thing>) -> Result<Planned<Thing>, Diagnostics> {
        // Another answer once the note is known.
        let revision = if req.config.note.is_unknown() { 1 } else { 2 };
        Ok(Thing { revision: Attr::Known(revision), ..req.proposed }.into())
    }

    async fn create(_: &Context<Client>, req: Create<Thing>) -> Result<Thing, Failed<Thing>> {
        Ok(done(req.planned, 3))
    }

    async fn update(_: &Context<Client>, req: Update<Thing>) -> Result<Thing, Failed<Thing>> {
        Ok(Thing { note: Attr::Known("another".into()), ..req.planned })
    }
}

#[tokio::test]
async fn a_result_other_than_planned_is_refused_and_kept() {
    let host = Harness::<Stub<Fickle>>::new();
    let thing = host.resource("stub_thing");
    let failed = thing.converge(json!({"name": "a", "note": "x"}), None).await.unwrap_err();
    assert!(errors(&failed.diagnostics).contains("Provider produced inconsistent result after apply"));
    assert_eq!(places(&failed.diagnostics), ["revision"]);
    let kept = failed.kept.unwrap();
    assert_eq!(kept.json()["revision"], json!(3));
    let failed = thing.converge(json!({"name": "a", "note": "y"}), Some(&kept)).await.unwrap_err();
    assert_eq!(places(&failed.diagnostics), ["note"]);
}

#[tokio::test]
async fn a_second_plan_that_breaks_the_first_is_refused() {
    let host = Harness::<Stub<Fickle>>::new();
    let thing = host.resource("stub_thing");
    let plan = thing.plan(json!({"name": "a", "note": unknown()}), None).await.unwrap();
    assert_eq!((plan.change, &plan.json()["revision"]), (Change::Create, &json!(1)));
    let failed = thing.apply_with(&plan, json!({"name": "a", "note": "x"})).await.unwrap_err();
    assert!(errors(&failed.diagnostics).contains("Provider produced inconsistent final plan"));
    assert_eq!(places(&failed.diagnostics), ["revision"]);
    assert!(failed.kept.is_none());
}

#[tokio::test]
async fn unknown_configuration_cannot_be_applied() {
    let host = Harness::<Stub<Fickle>>::new();
    let thing = host.resource("stub_thing");
    let plan = thing.plan(json!({"name": "a", "note": unknown()}), None).await.unwrap();
    let failed = thing.apply(&plan).await.unwrap_err();
    assert!(errors(&failed.diagnostics).contains("Configuration contains unknown value"));
}

struct Promising;

impl Behavior for Promising {
    async fn create(_: &Context<Client>, req: Create<Thing>) -> Result<Thing, Failed<Thing>> {
        Ok(Thing { id: Attr::Null, ..done(req.planned, 1) })
    }
}

#[tokio::test]
async fn a_broken_promise_about_an_unknown_value_is_refused() {
    let host = Harness::<Stub<Promising>>::new();
    let failed = host.resource("stub_thing").converge(json!({"name": "a"}), None).await.unwrap_err();
    assert!(errors(&failed.diagnostics).contains("`id` was promised not to be null"));
}

#[tokio::test]
async fn a_configuration_that_no_schema_allows_is_the_tests_own_fault() {
    let host = Harness::<Stub<Promising>>::new();
    let thing = host.resource("stub_thing");
    let stray = thing.plan(json!({"name": "a", "nme": "b"}), None).await.unwrap_err();
    assert_eq!(errors(&stray), "Invalid configuration: At the whole value: `nme` is not an argument here.");
    let wrong = thing.plan(json!({"name": ["a"]}), None).await.unwrap_err();
    assert_eq!(errors(&wrong), "Invalid configuration: At `name`: expected a string, found a list.");
}
