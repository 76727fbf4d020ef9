//! List resources: a stream that ends where the host has enough.

use crate::stub::{Client, Identity, Plain, Stub, Thing};
use crate::{errors, places, warnings};
use serde_json::json;
use std::sync::atomic::{AtomicI64, Ordering};
use tfplug::context::Context;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::list_resource::{Found, List, ListResource, Listed};
use tfplug::provider::Registry;
use tfplug::schema::{Attr, optional};
use tfplug::testing::harness::Harness;

tfplug::object! {
    struct Filter {
        /// How many there are.
        count: i64 = optional().check(positive),
        /// Where it goes wrong.
        fails_at: i64 = optional(),
        /// Which of the tests lists.
        counter: i64 = optional(),
    }
}

fn positive(count: &i64) -> Result<(), String> {
    if *count > 0 { Ok(()) } else { Err("Write at least 1.".to_owned()) }
}

/// How many objects the provider got rid of, for the test that asks.
static TAKEN: AtomicI64 = AtomicI64::new(0);

struct Things;

impl ListResource for Things {
    type Resource = Stub<Plain>;
    type Config = Filter;
    type Client = Client;

    async fn list(
        ctx: &Context<Client>,
        req: List<Filter>,
        found: &Found<Stub<Plain>>,
    ) -> Result<(), Diagnostics> {
        ctx.warn(Diagnostic::warning("Slow", "There are many."));
        for number in 0..*req.config.count.known().unwrap_or(&3) {
            if req.config.fails_at.known() == Some(&number) {
                return Err(Diagnostics::error("Denied", "Allow `ListThings`."));
            }
            let id = Attr::Known(format!("id-{number}"));
            let object =
                Thing { name: Attr::Known(format!("n{number}")), id: id.clone(), ..Thing::default() };
            let listed = Listed {
                identity: Identity { id, region: Attr::Null },
                display_name: format!("Thing {number} of {}", req.limit.min(1000)),
                object: Some(object),
            };
            if !found.send(listed).await {
                return Ok(());
            }
            if req.config.counter.known().is_some() {
                TAKEN.fetch_add(1, Ordering::SeqCst);
            }
        }
        Ok(())
    }
}

crate::stub::provider!(Lists, Registry::new().resource::<Stub<Plain>>().list_resource::<Things>());

#[tokio::test]
async fn objects_come_in_order_with_their_identity() {
    let host = Harness::<Lists>::new();
    let listing = host.list_resource("stub_thing").list(json!({}), 100, false).await.unwrap();
    let ids: Vec<_> = listing.objects.iter().map(|object| object.identity.clone()).collect();
    let expected = [0, 1, 2].map(|number| json!({"id": format!("id-{number}"), "region": null}));
    assert_eq!(ids, expected);
    assert_eq!(listing.objects[0].display_name, "Thing 0 of 100");
    assert_eq!(warnings(&listing.diagnostics), "Slow: There are many.");
}

#[tokio::test]
async fn whole_objects_come_only_if_asked_for() {
    let host = Harness::<Lists>::new();
    let things = host.list_resource("stub_thing");
    let listing = things.list(json!({}), 100, false).await.unwrap();
    assert!(listing.objects.iter().all(|object| object.object.is_none()));
    let listing = things.list(json!({}), 100, true).await.unwrap();
    assert_eq!(listing.objects[2].object.as_ref().unwrap()["name"], json!("n2"));
}

#[tokio::test]
async fn the_provider_is_told_when_the_host_has_enough() {
    let host = Harness::<Lists>::new();
    let config = json!({"count": 1_000_000, "counter": 1});
    let listing = host.list_resource("stub_thing").list(config, 5, false).await.unwrap();
    assert_eq!(listing.objects.len(), 5);
    assert!(!listing.diagnostics.has_errors());
    assert!(TAKEN.load(Ordering::SeqCst) <= 6, "one may have been on its way");
}

#[tokio::test]
async fn a_host_without_a_limit_gets_all() {
    let host = Harness::<Lists>::new();
    let listing = host.list_resource("stub_thing").list(json!({"count": 50}), 0, false).await.unwrap();
    assert_eq!(listing.objects.len(), 50);
}

#[tokio::test]
async fn an_error_comes_behind_what_was_found() {
    let host = Harness::<Lists>::new();
    let config = json!({"count": 9, "fails_at": 2});
    let listing = host.list_resource("stub_thing").list(config, 100, false).await.unwrap();
    assert_eq!(listing.objects.len(), 2);
    assert_eq!(errors(&listing.diagnostics), "Denied: Allow `ListThings`.");
    assert_eq!(warnings(&listing.diagnostics), "Slow: There are many.");
}

#[tokio::test]
async fn filters_are_checked() {
    let host = Harness::<Lists>::new();
    assert_eq!(places(&host.list_resource("stub_thing").validate(json!({"count": 0})).await), ["count"]);
}
