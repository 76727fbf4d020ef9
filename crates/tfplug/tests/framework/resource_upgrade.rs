//! Stored state of other schema versions.

use crate::errors;
use crate::stub::{Behavior, Plain, Stub, Thing};
use serde_json::{Value as Json, json};
use tfplug::diagnostics::Diagnostics;
use tfplug::schema::Attr;
use tfplug::testing::harness::Harness;

#[tokio::test]
async fn state_of_this_version_may_lack_attributes_or_have_more() {
    let host = Harness::<Stub<Plain>>::new();
    let stored = json!({"name": "a", "size": "3", "gone": [1], "parts": {"p": {"mode": "x", "old": true}}});
    let upgraded = host.resource("stub_thing").upgrade(2, &stored).await.unwrap();
    let expected = json!({
        "name": "a", "note": null, "size": 3, "secret": null, "id": null, "revision": null,
        "parts": {"p": {"mode": "x", "number": null}},
    });
    assert_eq!(upgraded.json(), expected);
}

#[tokio::test]
async fn a_secret_that_an_older_provider_stored_is_dropped() {
    let host = Harness::<Stub<Plain>>::new();
    let upgraded = host.resource("stub_thing").upgrade(2, &json!({"secret": "hunter2"})).await.unwrap();
    assert_eq!(upgraded.json()["secret"], json!(null));
}

#[tokio::test]
async fn state_of_this_version_that_fits_no_more_names_the_place() {
    let host = Harness::<Stub<Plain>>::new();
    let stored = json!({"name": "a", "parts": {"p": {"mode": []}}});
    let refused = host.resource("stub_thing").upgrade(2, &stored).await.unwrap_err();
    assert!(errors(&refused).contains("At `parts[\"p\"].mode`: expected a string, found a list."));
}

struct Upgrading;

impl Behavior for Upgrading {
    fn upgrade(from: i64, state: &Json) -> Result<Thing, Diagnostics> {
        let title = state.get("title").and_then(Json::as_str).map(str::to_owned);
        Ok(Thing { name: title.into(), note: Attr::Known(format!("from {from}")), ..Thing::default() })
    }
}

#[tokio::test]
async fn state_of_an_older_version_is_the_resources_to_read() {
    let host = Harness::<Stub<Upgrading>>::new();
    let upgraded = host.resource("stub_thing").upgrade(1, &json!({"title": "a"})).await.unwrap();
    assert_eq!((&upgraded.json()["name"], &upgraded.json()["note"]), (&json!("a"), &json!("from 1")));
    let host = Harness::<Stub<Plain>>::new();
    let refused = host.resource("stub_thing").upgrade(0, &json!({})).await.unwrap_err();
    assert_eq!(errors(&refused), "Too old: Version 0 is from another age.");
}

#[tokio::test]
async fn state_of_a_newer_version_asks_for_a_newer_provider() {
    let host = Harness::<Stub<Plain>>::new();
    let refused = host.resource("stub_thing").upgrade(3, &json!({})).await.unwrap_err();
    assert!(
        errors(&refused)
            .contains("was written at schema version 3, and this provider knows versions up to 2")
    );
}

#[tokio::test]
async fn a_stored_identity_is_read_leniently_and_not_from_the_future() {
    let host = Harness::<Stub<Plain>>::new();
    let thing = host.resource("stub_thing");
    let upgraded = thing.upgrade_identity(0, &json!({"id": "i", "gone": 1})).await.unwrap();
    assert_eq!(upgraded, json!({"id": "i", "region": null}));
    let refused = thing.upgrade_identity(1, &json!({"id": "i"})).await.unwrap_err();
    assert!(errors(&refused).contains("newer provider"));
}
