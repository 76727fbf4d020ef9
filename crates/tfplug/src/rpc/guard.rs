//! The last line of defence around every operation: a panic becomes a diagnostic and a log line, and the
//! process lives on.

use super::encode;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::generated::tfplugin6 as pb;
use futures_util::FutureExt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use tonic::{Response, Status};

/// A response that can carry diagnostics.
pub(super) trait Reply: Default {
    /// The response of an operation that failed.
    fn failed(diagnostics: Diagnostics) -> Self;
}

macro_rules! reply {
    ($($module:ident),* $(,)?) => { $(
        impl Reply for pb::$module::Response {
            fn failed(diagnostics: Diagnostics) -> Self {
                let mut response = Self::default();
                response.diagnostics.extend(encode::diagnostics(diagnostics));
                response
            }
        }
    )* };
}

reply!(
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    get_functions,
    validate_provider_config,
    configure_provider,
    validate_resource_config,
    upgrade_resource_state,
    upgrade_resource_identity,
    read_resource,
    plan_resource_change,
    apply_resource_change,
    import_resource_state,
    move_resource_state,
    generate_resource_config,
    validate_data_resource_config,
    read_data_source,
    validate_ephemeral_resource_config,
    open_ephemeral_resource,
    renew_ephemeral_resource,
    close_ephemeral_resource,
    validate_list_resource_config,
    validate_action_config,
    plan_action,
);

impl Reply for pb::call_function::Response {
    fn failed(diagnostics: Diagnostics) -> Self {
        let texts: Vec<String> = diagnostics.into_iter().map(|diagnostic| diagnostic.detail).collect();
        let error = pb::FunctionError { text: texts.join("\n"), function_argument: None };
        Self { error: Some(error), ..Self::default() }
    }
}

/// Runs an operation and answers for it, whatever it does.
pub(super) async fn guard<T: Reply>(
    rpc: &'static str,
    work: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<Response<T>, Status> {
    tracing::trace!(rpc, "request");
    let response = match caught(rpc, work).await {
        Ok(response) => response,
        Err(diagnostics) => T::failed(diagnostics),
    };
    tracing::trace!(rpc, "answered");
    Ok(Response::new(response))
}

/// Runs an operation; a panic is an error like any other.
pub(super) async fn caught<T>(
    rpc: &'static str,
    work: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<T, Diagnostics> {
    // Nothing that a panic leaves half-changed is seen again: an operation's data dies with it, and what
    // operations share recovers from poisoned locks.
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|panic| {
        let reason = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
            (Some(text), _) => (*text).to_owned(),
            (None, Some(text)) => text.clone(),
            (None, None) => "no reason given".to_owned(),
        };
        tracing::error!(rpc, reason, "the provider panicked");
        Err(Diagnostic::error(
            "The provider panicked",
            format!(
                "{rpc} ended with a panic: {reason}. This is a fault in the provider, not in the configuration; \
                 please report it. Objects that were being changed may have been changed: look at the next plan."
            ),
        )
        .into())
    })
}
