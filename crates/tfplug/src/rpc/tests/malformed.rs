//! Requests that no host should send: unknown names, values that are not of their type, nothing at all.

use super::stub::{Calm, Stub};
use super::{Calmly, words};
use crate::generated::tfplugin6 as pb;
use crate::schema::Object;
use crate::value::msgpack;
use pb::provider_server::Provider as _;
use tokio_stream::StreamExt as _;
use tonic::Request;

/// A thing whose name is a number.
fn nameless() -> Option<pb::DynamicValue> {
    let ty = crate::schema::Schema::of::<super::stub::Thing>().ty();
    let good = msgpack::encode(&crate::value::Value::Object(super::stub::Thing::default().write()), &ty);
    let position = good.windows(5).position(|bytes| bytes == b"\xa4name").unwrap() + 5;
    let mut bad = good;
    bad[position] = 7;
    Some(pb::DynamicValue { msgpack: bad, json: Vec::new() })
}

fn wire(msgpack: &[u8]) -> Option<pb::DynamicValue> {
    Some(pb::DynamicValue { msgpack: msgpack.to_vec(), json: Vec::new() })
}

fn raw(json: &str) -> Option<pb::RawState> {
    Some(pb::RawState { json: json.as_bytes().to_vec(), ..Default::default() })
}

const AT_NAME: &str = "At `name`: expected a string, found a number.";

/// Sends a request of each of these shapes to one call, and finds these words in its answer.
macro_rules! refuses {
    ($name:ident, $call:ident, $request:ty { $type_name:ident }, $field:ident) => {
        #[tokio::test]
        async fn $name() {
            let rpc = Calmly::new();
            let ask = async |kind: &str, value: Option<pb::DynamicValue>| {
                let request = <$request as FromParts>::from_parts(kind.to_owned(), value);
                words(&rpc.$call(Request::new(request)).await.unwrap().into_inner().diagnostics)
            };
            assert!(ask("stub_thng", nameless()).await.contains("Did you mean `stub_thing`?"));
            assert!(ask("other", nameless()).await.contains("has no"));
            assert!(ask("stub_thing", nameless()).await.contains(AT_NAME));
            assert!(ask("stub_thing", wire(b"\xa5x")).await.contains("At the whole value: not msgpack"));
            assert!(ask("stub_thing", wire(b"\x80")).await.contains("the attribute `id` is missing"));
            assert!(ask("stub_thing", wire(b"\x81\xa1x\xc0")).await.contains("`x` is not an attribute"));
            assert!(!ask("stub_thing", None).await.is_empty());
            assert!(!ask("stub_thing", wire(b"\xc0")).await.is_empty());
            assert!(!ask("stub_thing", wire(b"\xd4\x00\x00")).await.is_empty());
        }

        impl FromParts for $request {
            fn from_parts(kind: String, value: Option<pb::DynamicValue>) -> Self {
                let mut request = Self::default();
                request.$type_name.push_str(&kind);
                request.$field = value;
                request
            }
        }
    };
}

trait FromParts {
    fn from_parts(kind: String, value: Option<pb::DynamicValue>) -> Self;
}

refuses!(
    validate_resource,
    validate_resource_config,
    pb::validate_resource_config::Request { type_name },
    config
);
refuses!(
    validate_data,
    validate_data_resource_config,
    pb::validate_data_resource_config::Request { type_name },
    config
);
refuses!(read_data_source, read_data_source, pb::read_data_source::Request { type_name }, config);
refuses!(
    validate_ephemeral,
    validate_ephemeral_resource_config,
    pb::validate_ephemeral_resource_config::Request { type_name },
    config
);
refuses!(open_ephemeral, open_ephemeral_resource, pb::open_ephemeral_resource::Request { type_name }, config);
refuses!(
    validate_action,
    validate_action_config,
    pb::validate_action_config::Request { action_type },
    config
);
refuses!(plan_action, plan_action, pb::plan_action::Request { action_type }, config);

#[tokio::test]
async fn provider_block() {
    let rpc = Calmly::new();
    for (bytes, reason) in
        [(&b"\x81\xa6region\x01"[..], "At `region`: expected a string"), (b"\x80", "`region` is missing")]
    {
        let request = pb::validate_provider_config::Request { config: wire(bytes) };
        let found = rpc.validate_provider_config(Request::new(request)).await.unwrap().into_inner();
        assert!(words(&found.diagnostics).contains(reason));
        let request = pb::configure_provider::Request { config: wire(bytes), ..Default::default() };
        let found = rpc.configure_provider(Request::new(request)).await.unwrap().into_inner();
        assert!(words(&found.diagnostics).contains(reason));
    }
    let found =
        rpc.configure_provider(Request::new(pb::configure_provider::Request::default())).await.unwrap();
    assert!(words(&found.into_inner().diagnostics).contains("carries no configuration"));
}

#[tokio::test]
async fn values_in_json_are_held_to_their_type_as_well() {
    let rpc = Calmly::new();
    let config = Some(pb::DynamicValue { msgpack: Vec::new(), json: b"{\"region\":[]}".to_vec() });
    let request = pb::validate_provider_config::Request { config };
    let found = rpc.validate_provider_config(Request::new(request)).await.unwrap().into_inner();
    assert!(words(&found.diagnostics).contains("At `region`: expected a string, found a list."));
    let config = Some(pb::DynamicValue { msgpack: Vec::new(), json: b"{\"region\":\"x\"}".to_vec() });
    let request = pb::validate_provider_config::Request { config };
    let found = rpc.validate_provider_config(Request::new(request)).await.unwrap().into_inner();
    assert!(found.diagnostics.is_empty());
}

#[tokio::test]
async fn read() {
    let rpc = Calmly::new();
    let ask = async |request: pb::read_resource::Request| {
        words(&rpc.read_resource(Request::new(request)).await.unwrap().into_inner().diagnostics)
    };
    let good = pb::read_resource::Request {
        type_name: "stub_thing".into(),
        current_state: wire(b"\xc0"),
        ..Default::default()
    };
    assert_eq!(ask(good.clone()).await, "");
    assert!(
        ask(pb::read_resource::Request { type_name: "stub_thin".into(), ..good.clone() })
            .await
            .contains("Did you mean")
    );
    assert!(
        ask(pb::read_resource::Request { current_state: nameless(), ..good.clone() }).await.contains(AT_NAME)
    );
    let private = pb::read_resource::Request { private: b"x".to_vec(), ..good.clone() };
    assert!(ask(private).await.contains("The private data beside the state is not a JSON object"));
    let identity_data = wire(b"\x81\xa4name\xa1n");
    let identity = Some(pb::ResourceIdentityData { identity_data });
    let identity = pb::read_resource::Request { current_identity: identity, ..good };
    assert!(ask(identity).await.contains("the attribute `zone` is missing"));
}

#[tokio::test]
async fn plan_and_apply() {
    let rpc = Calmly::new();
    let plan = async |prior_state, proposed_new_state, config| {
        let type_name = "stub_thing".to_owned();
        let request = pb::plan_resource_change::Request {
            type_name,
            prior_state,
            proposed_new_state,
            config,
            ..Default::default()
        };
        words(&rpc.plan_resource_change(Request::new(request)).await.unwrap().into_inner().diagnostics)
    };
    assert!(plan(nameless(), None, None).await.contains(AT_NAME));
    assert!(plan(None, nameless(), None).await.contains(AT_NAME));
    assert!(plan(None, None, nameless()).await.contains(AT_NAME));
    assert!(plan(None, None, None).await.contains("expected an object, found null"));
    let apply = async |prior_state, planned_state, config| {
        let type_name = "stub_thing".to_owned();
        let request = pb::apply_resource_change::Request {
            type_name,
            prior_state,
            planned_state,
            config,
            ..Default::default()
        };
        words(&rpc.apply_resource_change(Request::new(request)).await.unwrap().into_inner().diagnostics)
    };
    assert!(apply(nameless(), None, None).await.contains(AT_NAME));
    assert!(apply(None, nameless(), None).await.contains(AT_NAME));
    assert!(apply(None, None, nameless()).await.contains(AT_NAME));
}

#[tokio::test]
async fn stored_state() {
    let rpc = Calmly::new();
    let upgrade = async |name: &str, raw_state| {
        let request =
            pb::upgrade_resource_state::Request { type_name: name.to_owned(), version: 1, raw_state };
        words(&rpc.upgrade_resource_state(Request::new(request)).await.unwrap().into_inner().diagnostics)
    };
    assert!(upgrade("stub_thng", raw("{}")).await.contains("Did you mean `stub_thing`?"));
    assert!(upgrade("stub_thing", None).await.contains("carries no stored JSON"));
    assert!(upgrade("stub_thing", raw("{")).await.contains("not JSON"));
    assert!(upgrade("stub_thing", raw("{\"name\":[]}")).await.contains("At `name`: expected a string"));
    let old = async |version, json| {
        let request = pb::upgrade_resource_state::Request {
            type_name: "stub_thing".into(),
            version,
            raw_state: raw(json),
        };
        words(&rpc.upgrade_resource_state(Request::new(request)).await.unwrap().into_inner().diagnostics)
    };
    assert!(old(0, "{").await.contains("Stored state is not JSON"));
    assert!(old(2, "{}").await.contains("Use the provider version that wrote the state, or a newer one."));
    let identity = async |name: &str, raw_identity| {
        let request =
            pb::upgrade_resource_identity::Request { type_name: name.to_owned(), version: 0, raw_identity };
        words(&rpc.upgrade_resource_identity(Request::new(request)).await.unwrap().into_inner().diagnostics)
    };
    assert!(identity("other", raw("{}")).await.contains("has no resource type"));
    assert!(identity("stub_thing", None).await.contains("carries no stored JSON"));
    assert!(identity("stub_thing", raw("{\"name\":{}}")).await.contains("At `name`: expected a string"));
}

#[tokio::test]
async fn import_move_and_generate() {
    let rpc = Calmly::new();
    let import = async |name: &str, identity_data| {
        let identity = Some(pb::ResourceIdentityData { identity_data });
        let request =
            pb::import_resource_state::Request { type_name: name.into(), identity, ..Default::default() };
        words(&rpc.import_resource_state(Request::new(request)).await.unwrap().into_inner().diagnostics)
    };
    assert!(import("stub_thng", None).await.contains("Did you mean `stub_thing`?"));
    assert!(import("stub_thing", wire(b"\x82\xa4name\x01\xa4zone\xc0")).await.contains(AT_NAME));
    let take_over = async |target: &str, source_state| {
        let target_type_name = target.to_owned();
        let request =
            pb::move_resource_state::Request { target_type_name, source_state, ..Default::default() };
        words(&rpc.move_resource_state(Request::new(request)).await.unwrap().into_inner().diagnostics)
    };
    assert!(take_over("stub_thng", raw("{}")).await.contains("Did you mean `stub_thing`?"));
    assert!(take_over("stub_thing", raw("{")).await.contains("Stored state is not JSON"));
    assert!(take_over("stub_thing", None).await.contains("carries no stored JSON"));
    assert!(take_over("stub_thing", raw("{}")).await.contains("cannot become a `thing`"));
    let generate = async |name: &str, state| {
        let request = pb::generate_resource_config::Request { type_name: name.to_owned(), state };
        words(&rpc.generate_resource_config(Request::new(request)).await.unwrap().into_inner().diagnostics)
    };
    assert!(generate("stub_thng", None).await.contains("Did you mean `stub_thing`?"));
    assert!(generate("stub_thing", nameless()).await.contains(AT_NAME));
}

#[tokio::test]
async fn renew_and_close() {
    let rpc = Calmly::new();
    for (name, reason) in
        [("stub_thng", "Did you mean `stub_thing`?"), ("stub_thing", "Malformed private data")]
    {
        let (type_name, private) = (name.to_owned(), Some(b"[".to_vec()));
        let request = pb::renew_ephemeral_resource::Request { type_name, private };
        let renewed = rpc.renew_ephemeral_resource(Request::new(request)).await.unwrap().into_inner();
        assert!(words(&renewed.diagnostics).contains(reason));
        let (type_name, private) = (name.to_owned(), Some(b"[".to_vec()));
        let request = pb::close_ephemeral_resource::Request { type_name, private };
        let closed = rpc.close_ephemeral_resource(Request::new(request)).await.unwrap().into_inner();
        assert!(words(&closed.diagnostics).contains(reason));
    }
}

#[tokio::test]
async fn list_and_invoke_say_so_in_their_stream() {
    let rpc = Calmly::new();
    for (name, config, reason) in [
        ("stub_thng", None, "Did you mean `stub_thing`?"),
        ("stub_thing", None, "carries no configuration"),
        ("stub_thing", wire(b"\x81\xa6region\x01"), "At `region`: expected a string"),
    ] {
        let request = pb::validate_list_resource_config::Request {
            type_name: name.to_owned(),
            config: config.clone(),
            ..Default::default()
        };
        let found = rpc.validate_list_resource_config(Request::new(request)).await.unwrap().into_inner();
        assert!(words(&found.diagnostics).contains(reason));
        let request = pb::list_resource::Request { type_name: name.to_owned(), config, ..Default::default() };
        let mut events = rpc.list_resource(Request::new(request)).await.unwrap().into_inner();
        let event = events.next().await.unwrap().unwrap();
        assert!(words(&event.diagnostic).contains(reason));
        assert!(events.next().await.is_none());
    }
    for (name, config, reason) in
        [("stub_thng", None, "Did you mean `stub_thing`?"), ("stub_thing", nameless(), AT_NAME)]
    {
        let request =
            pb::invoke_action::Request { action_type: name.to_owned(), config, ..Default::default() };
        let mut events = rpc.invoke_action(Request::new(request)).await.unwrap().into_inner();
        let event = events.next().await.unwrap().unwrap().r#type.unwrap();
        let pb::invoke_action::event::Type::Completed(completed) = event else { panic!("{event:?}") };
        assert!(words(&completed.diagnostics).contains(reason));
        assert!(events.next().await.is_none());
    }
}

#[tokio::test]
async fn function_call() {
    let rpc = Calmly::new();
    let call = async |name: &str, arguments: &[&[u8]]| {
        let arguments = arguments.iter().filter_map(|bytes| wire(bytes)).collect();
        let request = pb::call_function::Request { name: name.to_owned(), arguments };
        let error = rpc.call_function(Request::new(request)).await.unwrap().into_inner().error.unwrap();
        (error.text, error.function_argument)
    };
    let (text, position) = call("joine", &[]).await;
    assert!(text.contains("Did you mean `join`?") && position.is_none());
    let (text, position) = call("join", &[b"\x01"]).await;
    assert!(text.contains("expected a string, found a number") && position == Some(0));
    let (text, position) = call("join", &[b"\xa1,", b"\xa1a", b"\xa5x"]).await;
    assert!(text.contains("not msgpack") && position == Some(2), "{text}");
    let (text, position) = call("join", &[b"\xa1,", b"\xa1a", b"\xc0"]).await;
    assert!(text.contains("must not be null") && position == Some(2));
    let (text, position) = call("join", &[]).await;
    assert!(text.contains("expected 2 arguments, found 1") && position.is_none(), "{text}");
}

#[tokio::test]
async fn missing_names_are_unknown_names() {
    let rpc = super::Rpc::<Stub<Calm>>::new();
    let found =
        rpc.read_resource(Request::new(pb::read_resource::Request::default())).await.unwrap().into_inner();
    assert!(words(&found.diagnostics).contains("The provider `stub` has no resource type ``."));
}
