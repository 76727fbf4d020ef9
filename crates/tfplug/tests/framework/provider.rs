//! The provider itself: what it offers, its block, its client.

use crate::stub::{Behavior, Client, Plain, Stub, Thing};
use crate::{errors, places, warnings};
use serde_json::json;
use tfplug::context::Context;
use tfplug::diagnostics::Diagnostics;
use tfplug::resource::Read;
use tfplug::schema::Attr;
use tfplug::testing::harness::{Harness, Instance, unknown};

#[tokio::test]
async fn what_is_offered_is_named_in_full() {
    let host = Harness::<Stub<Plain>>::new();
    assert_eq!(host.offered().await.unwrap(), ["stub_thing"]);
    let schema = host.schema().await.unwrap();
    assert_eq!(schema.description, "Where the provider works.");
    assert_eq!(schema.attributes[0].name, "region");
}

#[tokio::test]
async fn a_schema_reaches_the_host_whole() {
    let host = Harness::<Stub<Plain>>::new();
    let schema = host.resource("stub_thing").schema().await.unwrap();
    assert_eq!((schema.version, schema.description.as_str()), (2, "A thing."));
    let declaration = |name: &str| schema.attribute(name).unwrap().declaration.clone();
    assert!(declaration("name").required);
    assert!(declaration("secret").write_only && declaration("secret").sensitive);
    assert!(declaration("size").optional && declaration("size").computed);
    assert!(declaration("id").computed && !declaration("id").optional);
}

#[tokio::test]
async fn the_provider_block_is_checked_by_schema_and_by_provider() {
    let host = Harness::<Stub<Plain>>::new();
    let found = host.validate(json!({"region": "nort"})).await;
    assert!(errors(&found).contains("Did you mean \"north\"?"));
    assert_eq!(places(&found), ["region"]);
    assert!(host.validate(json!({"region": unknown()})).await.is_empty());
    assert_eq!(warnings(&host.validate(json!({})).await), "No region: The provider works nowhere.");
}

#[tokio::test]
async fn a_block_that_the_provider_refuses_leaves_it_unconfigured() {
    let host = Harness::<Stub<Plain>>::new();
    let refused = host.configure(json!({"region": "south"})).await.unwrap_err();
    assert_eq!(errors(&refused), "Wrong way: Nothing is in the south.");
}

struct Looking;

impl Behavior for Looking {
    async fn read(ctx: &Context<Client>, req: Read<Thing>) -> Result<Option<Thing>, Diagnostics> {
        let client = ctx.client()?;
        let note = match &client.region {
            Attr::Unknown => "unknown".to_owned(),
            Attr::Null => "null".to_owned(),
            Attr::Known(region) => format!("{region} by {}", client.host),
        };
        Ok(Some(Thing { note: Attr::Known(note), ..req.state }))
    }
}

async fn seen(host: &Harness<Stub<Looking>>) -> Result<Instance, Diagnostics> {
    let thing = host.resource("stub_thing");
    let stored = thing.upgrade(2, &json!({"name": "n", "id": "i"})).await.unwrap();
    thing.read(&stored).await.map(Option::unwrap)
}

#[tokio::test]
async fn operations_see_the_client_that_configuration_made() {
    let host = Harness::<Stub<Looking>>::new();
    for (config, note) in [
        (json!({"region": "north"}), "north by 1.15.5"),
        (json!({"region": null}), "null"),
        (json!({"region": unknown()}), "unknown"),
    ] {
        host.configure(config).await.unwrap();
        assert_eq!(seen(&host).await.unwrap().json()["note"], note);
    }
}

#[tokio::test]
async fn without_configuration_there_is_no_client() {
    let host = Harness::<Stub<Looking>>::new();
    assert!(errors(&seen(&host).await.unwrap_err()).contains("The provider is not configured"));
}

#[tokio::test]
async fn names_that_are_not_offered_name_the_nearest() {
    let host = Harness::<Stub<Plain>>::new();
    let unknown_resource = host.resource("stub_thng").plan(json!({}), None).await.unwrap_err();
    assert_eq!(
        errors(&unknown_resource),
        "Unknown resource type: The provider `stub` has no resource type `stub_thng`. Did you mean `stub_thing`?"
    );
    let unknown_data = host.data_source("stub_thing").read(json!({})).await.unwrap_err();
    assert_eq!(
        errors(&unknown_data),
        "Unknown data source: The provider `stub` has no data source `stub_thing`."
    );
}
