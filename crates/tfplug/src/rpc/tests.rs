//! What a host could send and should not: every call answers, and names the place.

mod malformed;
mod panics;
mod stub;

use super::Rpc;
use crate::generated::tfplugin6 as pb;
use pb::provider_server::Provider as Service;
use stub::{Calm, Stub};
use tonic::{Code, Request};

type Calmly = Rpc<Stub<Calm>>;

/// Severity is left to others; what is asked here is which words an answer holds.
fn words(diagnostics: &[pb::Diagnostic]) -> String {
    let words: Vec<String> =
        diagnostics.iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect();
    words.join("\n")
}

#[tokio::test]
async fn state_stores_are_unimplemented() {
    let rpc = Calmly::new();
    let validated = rpc
        .validate_state_store_config(Request::new(pb::validate_state_store_config::Request::default()))
        .await;
    assert_eq!(validated.unwrap_err().code(), Code::Unimplemented);
    let configured =
        rpc.configure_state_store(Request::new(pb::configure_state_store::Request::default())).await;
    assert_eq!(configured.unwrap_err().code(), Code::Unimplemented);
    let read = rpc.read_state_bytes(Request::new(pb::read_state_bytes::Request::default())).await;
    assert_eq!(read.map(|_| ()).unwrap_err().code(), Code::Unimplemented);
    let locked = rpc.lock_state(Request::new(pb::lock_state::Request::default())).await;
    assert_eq!(locked.unwrap_err().code(), Code::Unimplemented);
    let unlocked = rpc.unlock_state(Request::new(pb::unlock_state::Request::default())).await;
    assert_eq!(unlocked.unwrap_err().code(), Code::Unimplemented);
    let states = rpc.get_states(Request::new(pb::get_states::Request::default())).await;
    assert_eq!(states.unwrap_err().code(), Code::Unimplemented);
    let deleted = rpc.delete_state(Request::new(pb::delete_state::Request::default())).await;
    assert_eq!(deleted.unwrap_err().code(), Code::Unimplemented);
}

#[tokio::test]
async fn schemas_keep_the_cache_of_the_host_and_name_every_capability() {
    let rpc = Calmly::new();
    let schema = rpc.get_provider_schema(Request::new(pb::get_provider_schema::Request {})).await.unwrap();
    let schema = schema.into_inner();
    let capabilities = schema.server_capabilities.unwrap();
    assert!(capabilities.plan_destroy && capabilities.get_provider_schema_optional);
    assert!(capabilities.move_resource_state && capabilities.generate_resource_config);
    let metadata = rpc.get_metadata(Request::new(pb::get_metadata::Request {})).await.unwrap().into_inner();
    assert_eq!(metadata.server_capabilities, Some(capabilities));
    assert_eq!(schema.provider_meta, None);
}

#[tokio::test]
async fn attributes_travel_with_all_that_is_declared() {
    let rpc = Calmly::new();
    let schema = rpc.get_provider_schema(Request::new(pb::get_provider_schema::Request {})).await.unwrap();
    let block = schema.into_inner().resource_schemas["stub_thing"].block.clone().unwrap();
    let attribute = |name: &str| block.attributes.iter().find(|one| one.name == name).unwrap().clone();
    assert_eq!(block.description, "A thing.");
    assert_eq!(block.description_kind(), pb::StringKind::Markdown);
    assert!(block.block_types.is_empty());
    let name = attribute("name");
    assert!(name.required && !name.optional && !name.computed && name.r#type == b"\"string\"");
    assert_eq!(name.description, "Its name.");
    let old = attribute("old");
    assert!(old.deprecated && old.deprecation_message == "Use `name`." && old.sensitive);
    assert!(attribute("secret").write_only);
    let parts = attribute("parts");
    let nested = parts.nested_type.unwrap();
    assert!(parts.r#type.is_empty());
    assert_eq!(nested.nesting(), pb::schema::object::NestingMode::Map);
    assert_eq!(nested.attributes[0].name, "mode");
}

#[tokio::test]
async fn functions_and_identities_travel_with_all_that_is_declared() {
    let rpc = Calmly::new();
    let functions =
        rpc.get_functions(Request::new(pb::get_functions::Request {})).await.unwrap().into_inner();
    let join = &functions.functions["join"];
    assert_eq!((join.summary.as_str(), join.description.as_str()), ("Joins.", "Joins texts."));
    assert_eq!(join.parameters.len(), 1);
    let variadic = join.variadic_parameter.as_ref().unwrap();
    assert_eq!((variadic.name.as_str(), &variadic.r#type[..]), ("texts", &b"\"string\""[..]));
    assert!(!join.parameters[0].allow_unknown_values && !join.parameters[0].allow_null_value);
    let request = Request::new(pb::get_resource_identity_schemas::Request {});
    let identities = rpc.get_resource_identity_schemas(request).await.unwrap().into_inner();
    let identity = &identities.identity_schemas["stub_thing"].identity_attributes;
    assert!(identity[0].required_for_import && identity[1].optional_for_import);
}
