//! A panic in any handler is a diagnostic, and the next call is answered as if nothing had been.

use super::stub::{Panicking, Stub, Thing};
use super::{Rpc, words};
use crate::generated::tfplugin6 as pb;
use crate::schema::{Attr, Schema, Shape};
use crate::value::msgpack;
use pb::provider_server::Provider as _;
use tokio_stream::StreamExt as _;
use tonic::Request;

fn thing() -> Option<pb::DynamicValue> {
    value(&Thing { name: Attr::Known("n".into()), id: Attr::Known("i".into()), ..Thing::default() })
}

/// As a user writes it.
fn config() -> Option<pb::DynamicValue> {
    value(&Thing { name: Attr::Known("n".into()), ..Thing::default() })
}

fn value(thing: &Thing) -> Option<pb::DynamicValue> {
    let msgpack = msgpack::encode(&thing.encode(), &Schema::of::<Thing>().ty());
    Some(pb::DynamicValue { msgpack, json: Vec::new() })
}

fn settings() -> Option<pb::DynamicValue> {
    Some(pb::DynamicValue { msgpack: b"\x81\xa6region\xc0".to_vec(), json: Vec::new() })
}

fn kind() -> String {
    "stub_thing".to_owned()
}

#[track_caller]
fn panicked(call: &str, diagnostics: &[pb::Diagnostic]) {
    let found = words(diagnostics);
    assert!(
        found.contains(&format!("The provider panicked: {call} ended with a panic: out of cheese.")),
        "{found}"
    );
}

/// Each call by its name in the protocol, its method, and what makes its handler run.
macro_rules! calls {
    ($rpc:ident: $($call:literal $method:ident $request:expr;)*) => { $(
        let answer = $rpc.$method(Request::new($request)).await.unwrap().into_inner();
        panicked($call, &answer.diagnostics);
    )* };
}

#[tokio::test]
async fn every_handler_may_panic_and_the_server_lives_on() {
    let rpc = Rpc::<Stub<Panicking>>::new();
    let json = Some(pb::RawState { json: b"{}".to_vec(), ..Default::default() });
    calls! { rpc:
        "ValidateProviderConfig" validate_provider_config pb::validate_provider_config::Request { config: settings() };
        "ConfigureProvider" configure_provider
            pb::configure_provider::Request { config: settings(), ..Default::default() };
        "ValidateResourceConfig" validate_resource_config
            pb::validate_resource_config::Request { type_name: kind(), config: config(), ..Default::default() };
        "UpgradeResourceState" upgrade_resource_state
            pb::upgrade_resource_state::Request { type_name: kind(), version: 0, raw_state: json.clone() };
        "ReadResource" read_resource
            pb::read_resource::Request { type_name: kind(), current_state: thing(), ..Default::default() };
        "PlanResourceChange" plan_resource_change pb::plan_resource_change::Request {
            type_name: kind(), config: config(), proposed_new_state: thing(), ..Default::default()
        };
        "ApplyResourceChange" apply_resource_change pb::apply_resource_change::Request {
            type_name: kind(), config: config(), planned_state: thing(), ..Default::default()
        };
        "ImportResourceState" import_resource_state
            pb::import_resource_state::Request { type_name: kind(), id: "x".into(), ..Default::default() };
        "MoveResourceState" move_resource_state
            pb::move_resource_state::Request { target_type_name: kind(), source_state: json, ..Default::default() };
        "ValidateDataResourceConfig" validate_data_resource_config
            pb::validate_data_resource_config::Request { type_name: kind(), config: config() };
        "ReadDataSource" read_data_source
            pb::read_data_source::Request { type_name: kind(), config: config(), ..Default::default() };
        "ValidateEphemeralResourceConfig" validate_ephemeral_resource_config
            pb::validate_ephemeral_resource_config::Request { type_name: kind(), config: config() };
        "OpenEphemeralResource" open_ephemeral_resource
            pb::open_ephemeral_resource::Request { type_name: kind(), config: config(), ..Default::default() };
        "RenewEphemeralResource" renew_ephemeral_resource
            pb::renew_ephemeral_resource::Request { type_name: kind(), private: None };
        "CloseEphemeralResource" close_ephemeral_resource
            pb::close_ephemeral_resource::Request { type_name: kind(), private: None };
        "ValidateListResourceConfig" validate_list_resource_config
            pb::validate_list_resource_config::Request { type_name: kind(), config: settings(), ..Default::default() };
        "ValidateActionConfig" validate_action_config
            pb::validate_action_config::Request { action_type: kind(), config: config() };
        "PlanAction" plan_action
            pb::plan_action::Request { action_type: kind(), config: config(), ..Default::default() };
    }
    let metadata = rpc.get_metadata(Request::new(pb::get_metadata::Request {})).await.unwrap().into_inner();
    assert!(metadata.diagnostics.is_empty() && metadata.resources.len() == 1);
}

#[tokio::test]
async fn a_panic_in_a_function_is_a_function_error() {
    let rpc = Rpc::<Stub<Panicking>>::new();
    let by = pb::DynamicValue { msgpack: b"\xa1,".to_vec(), json: Vec::new() };
    let request = pb::call_function::Request { name: "join".into(), arguments: vec![by] };
    let error = rpc.call_function(Request::new(request)).await.unwrap().into_inner().error.unwrap();
    assert!(error.text.contains("CallFunction ended with a panic: out of cheese"));
}

#[tokio::test]
async fn a_panic_in_a_stream_ends_it_with_a_diagnostic() {
    let rpc = Rpc::<Stub<Panicking>>::new();
    let request = pb::list_resource::Request { type_name: kind(), config: settings(), ..Default::default() };
    let mut events = rpc.list_resource(Request::new(request)).await.unwrap().into_inner();
    panicked("ListResource", &events.next().await.unwrap().unwrap().diagnostic);
    assert!(events.next().await.is_none());
    let request = pb::invoke_action::Request { action_type: kind(), config: config(), ..Default::default() };
    let mut events = rpc.invoke_action(Request::new(request)).await.unwrap().into_inner();
    let event = events.next().await.unwrap().unwrap().r#type.unwrap();
    let pb::invoke_action::event::Type::Completed(completed) = event else { panic!("{event:?}") };
    panicked("InvokeAction", &completed.diagnostics);
    assert!(events.next().await.is_none());
}
