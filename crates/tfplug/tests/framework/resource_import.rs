//! Imports, moves from other resource types, and configuration for what was imported without one.

use crate::errors;
use crate::stub::{Behavior, Client, Identity, Plain, Stub, Thing};
use serde_json::{Value as Json, json};
use tfplug::context::Context;
use tfplug::diagnostics::Diagnostics;
use tfplug::resource::{Import, Move, Read};
use tfplug::schema::Attr;
use tfplug::testing::harness::{Change, Harness};

struct Known;

impl Behavior for Known {
    async fn import(ctx: &Context<Client>, target: Import<Identity>) -> Result<Thing, Diagnostics> {
        ctx.set_private("imported", Some(json!(true)));
        let (id, note) = match target {
            Import::Id(id) if id.is_empty() => return Err(Diagnostics::error("No ID", "Write its ID.")),
            Import::Id(id) => (Attr::Known(id), Attr::Null),
            Import::Identity(identity) => (identity.id, identity.region),
        };
        Ok(Thing { id, note, secret: Attr::Known("leak".into()), ..Thing::default() })
    }

    async fn read(_: &Context<Client>, req: Read<Thing>) -> Result<Option<Thing>, Diagnostics> {
        let id = req.state.id.known().cloned().unwrap_or_default();
        if id == "id-gone" {
            return Ok(None);
        }
        let name = Attr::Known(id.trim_start_matches("id-").to_owned());
        Ok(Some(Thing { name, size: Attr::Known(1), revision: Attr::Known(4), ..req.state }))
    }

    fn take_over(source: &Move) -> Result<Option<Thing>, Diagnostics> {
        if source.resource_type != "old_thing" || !source.provider.ends_with("acme/old") {
            return Ok(None);
        }
        let Some(id) = source.state.get("id").and_then(Json::as_str) else {
            return Err(Diagnostics::error("Not movable", "This old thing has no ID."));
        };
        let note = Attr::Known(format!("from version {}", source.version));
        Ok(Some(Thing {
            id: Attr::Known(id.to_owned()),
            note,
            secret: Attr::Known("leak".into()),
            ..Thing::default()
        }))
    }
}

#[tokio::test]
async fn an_import_by_id_ends_in_a_plan_without_changes() {
    let host = Harness::<Stub<Known>>::new();
    let thing = host.resource("stub_thing");
    let imported = thing.import("id-a").await.unwrap();
    let expected = json!({
        "name": "a", "note": null, "size": 1, "secret": null, "id": "id-a", "revision": 4, "parts": null,
    });
    assert_eq!((imported.json(), imported.identity()), (expected, json!({"id": "id-a", "region": "north"})));
    assert_eq!(json!(imported.private()), json!({"imported": true}));
    assert_eq!(thing.plan(json!({"name": "a"}), Some(&imported)).await.unwrap().change, Change::Nothing);
}

#[tokio::test]
async fn an_import_by_identity_keeps_the_identity() {
    let host = Harness::<Stub<Known>>::new();
    let thing = host.resource("stub_thing");
    let imported = thing.import_identity(json!({"id": "id-b", "region": "north"})).await.unwrap();
    assert_eq!((&imported.json()["name"], &imported.json()["note"]), (&json!("b"), &json!("north")));
    assert_eq!(imported.identity(), json!({"id": "id-b", "region": "north"}));
}

#[tokio::test]
async fn what_is_not_there_cannot_be_imported() {
    let host = Harness::<Stub<Known>>::new();
    let thing = host.resource("stub_thing");
    assert_eq!(errors(&thing.import("").await.unwrap_err()), "No ID: Write its ID.");
    assert!(errors(&thing.import("id-gone").await.unwrap_err()).contains("non-existent"));
}

fn old(provider: &str, resource_type: &str, state: Json) -> Move {
    Move { provider: provider.into(), resource_type: resource_type.into(), version: 3, state }
}

#[tokio::test]
async fn the_state_of_another_type_can_be_taken_over() {
    let host = Harness::<Stub<Known>>::new();
    let thing = host.resource("stub_thing");
    for registry in ["registry.terraform.io", "registry.opentofu.org"] {
        let source = old(&format!("{registry}/acme/old"), "old_thing", json!({"id": "id-z"}));
        let taken = thing.take_over(&source).await.unwrap();
        assert_eq!((&taken.json()["id"], &taken.json()["note"]), (&json!("id-z"), &json!("from version 3")));
        assert_eq!(
            (&taken.json()["secret"], taken.identity()),
            (&json!(null), json!({"id": "id-z", "region": "north"}))
        );
    }
}

#[tokio::test]
async fn a_move_that_cannot_be_says_what_to_do_instead() {
    let host = Harness::<Stub<Known>>::new();
    let thing = host.resource("stub_thing");
    let other = thing.take_over(&old("x/acme/old", "other", json!({}))).await.unwrap_err();
    assert_eq!(
        errors(&other),
        "This resource cannot be moved here: `other` of provider x/acme/old cannot become a `thing`. Remove the \
         `moved` block and import the object instead."
    );
    let broken = thing.take_over(&old("x/acme/old", "old_thing", json!({}))).await.unwrap_err();
    assert_eq!(errors(&broken), "Not movable: This old thing has no ID.");
}

#[tokio::test]
async fn generated_configuration_is_what_a_user_would_have_written() {
    let host = Harness::<Stub<Plain>>::new();
    let thing = host.resource("stub_thing");
    let config = json!({"name": "a", "note": "x", "size": 5, "parts": {"p": {}, "q": {"mode": "hand"}}});
    let made = thing.converge(config, None).await.unwrap();
    let generated = thing.generate_config(&made).await.unwrap();
    let expected = json!({
        "name": "a", "note": "x", "size": 5, "secret": null, "id": null, "revision": null,
        "parts": {"p": {"mode": null, "number": null}, "q": {"mode": "hand", "number": null}},
    });
    assert_eq!(generated, expected);
    assert_eq!(thing.plan(generated, Some(&made)).await.unwrap().change, Change::Nothing);
}
