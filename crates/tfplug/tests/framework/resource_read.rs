//! Reads: gone means certainly gone, an error keeps what is known, and another object is no refresh.

use crate::stub::{Behavior, Client, Identity, Stub, Thing};
use crate::{errors, places, warnings};
use serde_json::json;
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::resource::Read;
use tfplug::schema::Attr;
use tfplug::testing::harness::{Harness, Instance};

struct Told;

impl Behavior for Told {
    async fn read(ctx: &Context<Client>, req: Read<Thing>) -> Result<Option<Thing>, Diagnostics> {
        ctx.warn(Diagnostic::warning("Seen", "It was looked at."));
        match req.state.note.known().map(String::as_str) {
            Some("gone") => Ok(None),
            Some("denied") => Err(Diagnostics::error("Denied", "Allow `GetThing`.")),
            Some("drift") => Ok(Some(Thing { size: Attr::Known(99), ..req.state })),
            Some("unsure") => Ok(Some(Thing { revision: Attr::Unknown, ..req.state })),
            _ => Ok(Some(req.state)),
        }
    }

    fn identity(thing: &Thing) -> Option<Identity> {
        Some(Identity { id: thing.id.clone(), region: Attr::Null })
    }
}

async fn read(note: &str) -> Result<Option<Instance>, Diagnostics> {
    let host = Harness::<Stub<Told>>::new();
    let thing = host.resource("stub_thing");
    let config = json!({"name": "a", "note": note});
    let made = thing.converge(config, None).await.unwrap();
    thing.read(&made).await
}

#[tokio::test]
async fn an_object_as_it_was_stays_as_it_is() {
    let found = read("as is").await.unwrap().unwrap();
    assert_eq!(
        (&found.json()["id"], found.identity()),
        (&json!("id-a"), json!({"id": "id-a", "region": null}))
    );
    assert_eq!(warnings(&found.warnings), "Seen: It was looked at.");
}

#[tokio::test]
async fn what_changed_outside_is_found() {
    assert_eq!(read("drift").await.unwrap().unwrap().json()["size"], json!(99));
}

#[tokio::test]
async fn none_means_gone() {
    assert!(read("gone").await.unwrap().is_none());
}

#[tokio::test]
async fn an_error_is_no_absence_and_keeps_the_warnings_before_it() {
    let failed = read("denied").await.unwrap_err();
    assert_eq!(errors(&failed), "Denied: Allow `GetThing`.");
    assert_eq!(warnings(&failed), "Seen: It was looked at.");
}

#[tokio::test]
async fn a_value_left_unknown_is_an_error() {
    let failed = read("unsure").await.unwrap_err();
    assert!(errors(&failed).contains("`revision` is still unknown after read"));
    assert_eq!(places(&failed), ["revision"]);
}

struct Swapped;

impl Behavior for Swapped {
    async fn read(_: &Context<Client>, req: Read<Thing>) -> Result<Option<Thing>, Diagnostics> {
        Ok(Some(Thing { id: Attr::Known("other".into()), ..req.state }))
    }
}

#[tokio::test]
async fn another_identity_is_refused() {
    let host = Harness::<Stub<Swapped>>::new();
    let thing = host.resource("stub_thing");
    let made = thing.converge(json!({"name": "a"}), None).await.unwrap();
    assert!(errors(&thing.read(&made).await.unwrap_err()).contains("The identity of an object changed"));
}

#[tokio::test]
async fn an_identity_that_is_not_complete_yet_may_be_completed() {
    let host = Harness::<Stub<Swapped>>::new();
    let thing = host.resource("stub_thing");
    let stored = thing.upgrade(2, &json!({"name": "a", "id": "old"})).await.unwrap();
    assert!(stored.identity.is_none());
    let found = thing.read(&stored).await.unwrap().unwrap();
    assert_eq!(found.identity(), json!({"id": "other", "region": "north"}));
}
