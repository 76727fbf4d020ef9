//! Applies: what was reached is never lost, and nothing gets into state that must not.

use crate::stub::{Behavior, Client, Identity, Plain, Stub, Thing, done};
use crate::{errors, places, warnings};
use serde_json::json;
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::resource::{Create, Failed, Plan, Planned, Read, Update};
use tfplug::schema::Attr;
use tfplug::testing::harness::{Harness, Instance};

async fn made<B: Behavior>(host: &Harness<Stub<B>>) -> Instance {
    host.resource("stub_thing").converge(json!({"name": "a"}), None).await.unwrap()
}

#[tokio::test]
async fn an_object_lives_from_create_to_destroy() {
    let host = Harness::<Stub<Plain>>::new();
    let thing = host.resource("stub_thing");
    let made = thing.converge(json!({"name": "a", "secret": "s", "parts": {"p": {}}}), None).await.unwrap();
    let expected = json!({
        "name": "a", "note": null, "size": 1, "secret": null, "id": "id-a", "revision": 1,
        "parts": {"p": {"mode": "auto", "number": 7}},
    });
    assert_eq!((made.json(), made.identity()), (expected, json!({"id": "id-a", "region": "north"})));
    let changed = thing.converge(json!({"name": "a", "note": "x"}), Some(&made)).await.unwrap();
    assert_eq!((&changed.json()["revision"], &changed.json()["note"]), (&json!(2), &json!("x")));
    thing.destroy(&changed).await.unwrap();
}

struct Leaking;

impl Behavior for Leaking {
    async fn create(_: &Context<Client>, req: Create<Thing>) -> Result<Thing, Failed<Thing>> {
        let note = req.config.secret.clone();
        assert_eq!(
            note,
            Attr::Known("hunter2".into()),
            "write-only values reach create in the configuration"
        );
        Ok(done(Thing { secret: req.config.secret, ..req.planned }, 1))
    }

    async fn read(_: &Context<Client>, req: Read<Thing>) -> Result<Option<Thing>, Diagnostics> {
        Ok(Some(Thing { secret: Attr::Known("hunter2".into()), ..req.state }))
    }
}

#[tokio::test]
async fn write_only_values_never_get_into_state() {
    let host = Harness::<Stub<Leaking>>::new();
    let thing = host.resource("stub_thing");
    let made = thing.converge(json!({"name": "a", "secret": "hunter2"}), None).await.unwrap();
    assert_eq!(made.json()["secret"], json!(null));
    let read = thing.read(&made).await.unwrap().unwrap();
    assert_eq!(read.json()["secret"], json!(null));
}

struct Failing;

impl Behavior for Failing {
    async fn create(_: &Context<Client>, req: Create<Thing>) -> Result<Thing, Failed<Thing>> {
        let diagnostics = Diagnostic::error("Half made", "The quota was used up.").into();
        match req.config.note.known().map(String::as_str) {
            Some("half") => Err(Failed { diagnostics, reached: Some(done(req.planned, 1)) }),
            Some("unknown") => Err(Failed { diagnostics, reached: Some(req.planned) }),
            Some("nothing") => Err(Diagnostic::error("Not made", "Somebody else has that name.").into()),
            _ => Ok(done(req.planned, 1)),
        }
    }

    async fn update(_: &Context<Client>, req: Update<Thing>) -> Result<Thing, Failed<Thing>> {
        let diagnostics = Diagnostic::error("Half changed", "The note did not stick.").into();
        match req.config.note.known().map(String::as_str) {
            Some("half") => {
                let reached = Thing { size: req.planned.size, ..req.prior };
                Err(Failed { diagnostics, reached: Some(reached) })
            }
            _ => Err(Diagnostic::error("Not changed", "The service is closed.").into()),
        }
    }

    async fn delete(ctx: &Context<Client>, prior: Thing) -> Result<(), Failed<Thing>> {
        ctx.warn(Diagnostic::warning("Slow", "It takes a while."));
        match prior.size.known() {
            Some(2) => Err(Failed {
                diagnostics: Diagnostic::error("Half gone", "The rest is in use.").into(),
                reached: Some(Thing { note: Attr::Known("half gone".into()), ..prior }),
            }),
            Some(3) => Err(Diagnostic::error("Not gone", "It is in use.").into()),
            _ => Ok(()),
        }
    }
}

#[tokio::test]
async fn a_create_that_made_something_keeps_it_with_the_error() {
    let host = Harness::<Stub<Failing>>::new();
    let failed =
        host.resource("stub_thing").converge(json!({"name": "a", "note": "half"}), None).await.unwrap_err();
    assert_eq!(errors(&failed.diagnostics), "Half made: The quota was used up.");
    let kept = failed.kept.unwrap();
    assert_eq!(
        (&kept.json()["id"], kept.identity()),
        (&json!("id-a"), json!({"id": "id-a", "region": "north"}))
    );
}

#[tokio::test]
async fn what_a_failed_create_left_unknown_is_null_in_state() {
    let host = Harness::<Stub<Failing>>::new();
    let failed = host
        .resource("stub_thing")
        .converge(json!({"name": "a", "note": "unknown"}), None)
        .await
        .unwrap_err();
    assert_eq!(errors(&failed.diagnostics), "Half made: The quota was used up.");
    assert_eq!(failed.kept.unwrap().json()["id"], json!(null));
}

#[tokio::test]
async fn a_create_that_made_nothing_leaves_no_state() {
    let host = Harness::<Stub<Failing>>::new();
    let failed = host
        .resource("stub_thing")
        .converge(json!({"name": "a", "note": "nothing"}), None)
        .await
        .unwrap_err();
    assert_eq!(errors(&failed.diagnostics), "Not made: Somebody else has that name.");
    assert!(failed.kept.is_none());
}

#[tokio::test]
async fn a_failed_update_keeps_what_it_reached_or_what_was() {
    let host = Harness::<Stub<Failing>>::new();
    let thing = host.resource("stub_thing");
    let made = made(&host).await;
    let failed =
        thing.converge(json!({"name": "a", "note": "half", "size": 5}), Some(&made)).await.unwrap_err();
    let kept = failed.kept.unwrap();
    assert_eq!((&kept.json()["size"], &kept.json()["note"]), (&json!(5), &json!(null)));
    let failed =
        thing.converge(json!({"name": "a", "note": "none", "size": 5}), Some(&made)).await.unwrap_err();
    assert_eq!(failed.kept.unwrap().state, made.state);
}

#[tokio::test]
async fn a_failed_destroy_keeps_what_is_left() {
    let host = Harness::<Stub<Failing>>::new();
    let thing = host.resource("stub_thing");
    for (size, left) in [(2, json!("half gone")), (3, json!(null))] {
        let made = thing.converge(json!({"name": "a", "size": size}), None).await.unwrap();
        let failed = thing.destroy(&made).await.unwrap_err();
        assert!(failed.diagnostics.has_errors());
        assert_eq!(warnings(&failed.diagnostics), "Slow: It takes a while.");
        let kept = failed.kept.unwrap();
        assert_eq!((&kept.json()["note"], kept.identity), (&left, made.identity));
    }
}

struct Forgetful;

impl Behavior for Forgetful {
    async fn create(_: &Context<Client>, req: Create<Thing>) -> Result<Thing, Failed<Thing>> {
        Ok(Thing { revision: Attr::Unknown, ..done(req.planned, 1) })
    }
}

#[tokio::test]
async fn a_value_left_unknown_is_an_error_that_keeps_the_object() {
    let host = Harness::<Stub<Forgetful>>::new();
    let failed = host.resource("stub_thing").converge(json!({"name": "a"}), None).await.unwrap_err();
    assert!(errors(&failed.diagnostics).contains("`revision` is still unknown after apply"));
    assert_eq!(places(&failed.diagnostics), ["revision"]);
    let kept = failed.kept.unwrap();
    assert_eq!((&kept.json()["id"], &kept.json()["revision"]), (&json!("id-a"), &json!(null)));
}

struct Swapping;

impl Behavior for Swapping {
    fn identity(thing: &Thing) -> Option<Identity> {
        Some(Identity {
            id: thing.revision.map(|revision| revision.to_string()),
            region: Attr::Known("x".into()),
        })
    }
}

#[tokio::test]
async fn an_update_may_not_swap_the_object_for_another() {
    let host = Harness::<Stub<Swapping>>::new();
    let made = made(&host).await;
    let failed = host
        .resource("stub_thing")
        .converge(json!({"name": "a", "note": "x"}), Some(&made))
        .await
        .unwrap_err();
    assert!(errors(&failed.diagnostics).contains("The identity of an object changed"));
    assert_eq!(
        failed.kept.unwrap().json()["note"],
        json!("x"),
        "what was changed stays in state all the same"
    );
}

struct Noting;

impl Behavior for Noting {
    async fn plan(ctx: &Context<Client>, req: Plan<Thing>) -> Result<Planned<Thing>, Diagnostics> {
        ctx.set_private("planned", Some(json!(req.prior.is_some())));
        Ok(req.proposed.into())
    }

    async fn create(ctx: &Context<Client>, req: Create<Thing>) -> Result<Thing, Failed<Thing>> {
        assert_eq!(ctx.private("planned"), Some(json!(false)));
        ctx.set_private("etag", Some(json!({"of": 1})));
        Ok(done(req.planned, 1))
    }

    async fn read(ctx: &Context<Client>, req: Read<Thing>) -> Result<Option<Thing>, Diagnostics> {
        let reads = ctx.private("reads").and_then(|reads| reads.as_i64()).unwrap_or(0);
        ctx.set_private("reads", Some(json!(reads + 1)));
        ctx.set_private("planned", None);
        Ok(Some(req.state))
    }

    async fn update(ctx: &Context<Client>, req: Update<Thing>) -> Result<Thing, Failed<Thing>> {
        assert_eq!(ctx.private("etag"), Some(json!({"of": 1})));
        ctx.set_private("etag", Some(json!({"of": 2})));
        Ok(done(req.planned, 2))
    }
}

#[tokio::test]
async fn private_data_is_carried_through_every_operation() {
    let host = Harness::<Stub<Noting>>::new();
    let thing = host.resource("stub_thing");
    let plan = thing.plan(json!({"name": "a"}), None).await.unwrap();
    assert_eq!(json!(plan.private()), json!({"planned": false}));
    let made = thing.apply(&plan).await.unwrap();
    assert_eq!(json!(made.private()), json!({"etag": {"of": 1}, "planned": false}));
    let read = thing.read(&made).await.unwrap().unwrap();
    let read = thing.read(&read).await.unwrap().unwrap();
    assert_eq!(json!(read.private()), json!({"etag": {"of": 1}, "reads": 2}));
    let changed = thing.converge(json!({"name": "a", "note": "x"}), Some(&read)).await.unwrap();
    assert_eq!(json!(changed.private()), json!({"etag": {"of": 2}, "planned": true, "reads": 2}));
}
