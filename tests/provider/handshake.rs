//! The provider's own binary over its own socket, driven as a host drives it: what it offers, to whom, and how it
//! ends. What holds for every plugin is tested with the framework.

use libtest_mimic::Trial;
use tfplug::testing::process::{Host, HostIdentity, provider_on, tfplugin6};
use tokio::runtime::Runtime;

use crate::support::Ground;

const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-deployrunner");

pub(crate) fn trials(_: &Ground) -> Vec<Trial> {
    let trial = |name: &str, test: fn(&Runtime)| {
        Trial::test(format!("handshake::{name}"), move || {
            test(&Runtime::new()?);
            Ok(())
        })
    };
    vec![
        trial("the_schema_is_served_over_mutual_tls", the_schema_is_served_over_mutual_tls),
        trial("a_caller_with_another_certificate_is_refused", a_caller_with_another_certificate_is_refused),
        trial("by_hand_it_says_what_it_is_and_fails", by_hand_it_says_what_it_is_and_fails),
    ]
}

fn the_schema_is_served_over_mutual_tls(runtime: &Runtime) {
    runtime.block_on(async {
        let mut process = Host::new(BINARY).unwrap().start().await.unwrap();
        let mut provider = process.provider().await.unwrap();
        let request = tfplugin6::get_provider_schema::Request {};
        let schema = provider.get_provider_schema(request).await.unwrap().into_inner();
        assert!(schema.resource_schemas.contains_key("deployrunner_task_role"));
        let capabilities = schema.server_capabilities.unwrap();
        assert!(capabilities.plan_destroy && capabilities.get_provider_schema_optional);
        process.shutdown().await.unwrap();
    });
}

fn a_caller_with_another_certificate_is_refused(runtime: &Runtime) {
    runtime.block_on(async {
        let process = Host::new(BINARY).unwrap().start().await.unwrap();
        let stranger = HostIdentity::new().unwrap();
        // With TLS 1.3 the refusal may come after the connection.
        if let Ok(channel) = process.connect_as(Some(&stranger)).await {
            let request = tfplugin6::get_provider_schema::Request {};
            assert!(provider_on(channel).get_provider_schema(request).await.is_err());
        }
    });
}

fn by_hand_it_says_what_it_is_and_fails(runtime: &Runtime) {
    runtime.block_on(async {
        let output = Host::bystander(BINARY).refusal().await.unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains("terraform-provider-deployrunner"));
        let version = Host::bystander(BINARY).arg("--version").refusal().await.unwrap();
        assert!(String::from_utf8_lossy(&version.stdout).contains(env!("CARGO_PKG_VERSION")));
    });
}
