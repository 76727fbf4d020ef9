//! Managed resources.

use super::{decode, encode};
use crate::context::Context;
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::resource::Move;
use crate::server::{AnyResource, RawApply, RawImport, RawPlan, RawRead, RawUpgrade, Server};

type Found<'a, P> = &'a dyn AnyResource<<P as Provider>::Client>;

fn find<'a, P: Provider>(server: &'a Server<P>, name: &str) -> Result<Found<'a, P>, Diagnostics> {
    decode::find(&server.registry.resources, (P::NAME, "resource type"), name)
}

fn deferral_allowed(capabilities: Option<pb::ClientCapabilities>) -> bool {
    capabilities.is_some_and(|capabilities| capabilities.deferral_allowed)
}

/// The diagnostics of an operation behind its warnings, and the private data that it leaves.
fn finish<C>(ctx: Context<C>, errors: Diagnostics) -> (Vec<pb::Diagnostic>, Vec<u8>) {
    let (mut all, private) = ctx.into_parts();
    all.extend(errors);
    (encode::diagnostics(all), encode::private(&private))
}

pub(super) fn validate<P: Provider>(
    server: &Server<P>,
    req: &pb::validate_resource_config::Request,
) -> Result<pb::validate_resource_config::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let config = decode::config(req.config.as_ref(), &resource.schema().ty())?;
    let diagnostics = encode::diagnostics(resource.validate(&config));
    Ok(pb::validate_resource_config::Response { diagnostics })
}

/// The JSON of stored data; the flat form ended with Terraform 0.11, before this protocol.
fn stored(raw: Option<&pb::RawState>) -> Result<&[u8], Diagnostics> {
    match raw {
        Some(raw) if !raw.json.is_empty() => Ok(&raw.json),
        _ => Err(Diagnostics::error(
            "Malformed request from the host",
            "The request carries no stored JSON. State from Terraform 0.11 or older cannot be read.",
        )),
    }
}

pub(super) fn upgrade<P: Provider>(
    server: &Server<P>,
    req: &pb::upgrade_resource_state::Request,
) -> Result<pb::upgrade_resource_state::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let json = stored(req.raw_state.as_ref())?;
    let state = resource.upgrade(&RawUpgrade { version: req.version, json })?;
    let upgraded_state = encode::value(&state, &resource.schema().ty());
    Ok(pb::upgrade_resource_state::Response { upgraded_state, diagnostics: Vec::new() })
}

pub(super) fn upgrade_identity<P: Provider>(
    server: &Server<P>,
    req: &pb::upgrade_resource_identity::Request,
) -> Result<pb::upgrade_resource_identity::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let attributes = resource.identity();
    if attributes.is_empty() {
        let detail = format!("`{}` has no identity, so none can be upgraded.", req.type_name);
        return Err(Diagnostics::error("No identity", detail));
    }
    let json = stored(req.raw_identity.as_ref())?;
    let identity = resource.upgrade_identity(&RawUpgrade { version: req.version, json })?;
    let upgraded_identity = encode::identity(Some(&identity), &attributes);
    Ok(pb::upgrade_resource_identity::Response { upgraded_identity, diagnostics: Vec::new() })
}

pub(super) async fn read<P: Provider>(
    server: &Server<P>,
    req: pb::read_resource::Request,
) -> Result<pb::read_resource::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let (ty, identity) = (resource.schema().ty(), resource.identity());
    let ctx = server.context(decode::private(&req.private)?);
    let request = RawRead {
        state: decode::value(req.current_state.as_ref(), &ty)?,
        identity: decode::identity(req.current_identity.as_ref(), &identity)?,
        deferral_allowed: deferral_allowed(req.client_capabilities),
    };
    let object = match resource.read(&ctx, request).await {
        Ok(object) => object,
        Err(errors) => return Err(ctx.failed(errors)),
    };
    let (diagnostics, private) = finish(ctx, object.diagnostics);
    Ok(pb::read_resource::Response {
        new_state: encode::value(&object.state, &ty),
        diagnostics,
        private,
        deferred: encode::deferred(object.deferred),
        new_identity: encode::identity(object.identity.as_ref(), &identity),
    })
}

pub(super) async fn plan<P: Provider>(
    server: &Server<P>,
    req: pb::plan_resource_change::Request,
) -> Result<pb::plan_resource_change::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let (ty, identity) = (resource.schema().ty(), resource.identity());
    let ctx = server.context(decode::private(&req.prior_private)?);
    let request = RawPlan {
        config: decode::value(req.config.as_ref(), &ty)?,
        prior: decode::value(req.prior_state.as_ref(), &ty)?,
        proposed: decode::value(req.proposed_new_state.as_ref(), &ty)?,
        prior_identity: decode::identity(req.prior_identity.as_ref(), &identity)?,
        deferral_allowed: deferral_allowed(req.client_capabilities),
    };
    let planned = resource.plan(&ctx, request).await;
    let (planned, errors) = match planned {
        Ok(planned) => (Some(planned), Diagnostics::new()),
        Err(errors) => (None, errors),
    };
    let (diagnostics, planned_private) = finish(ctx, errors);
    let Some(planned) = planned else {
        return Ok(pb::plan_resource_change::Response { diagnostics, ..Default::default() });
    };
    Ok(pb::plan_resource_change::Response {
        planned_state: encode::value(&planned.state, &ty),
        requires_replace: planned.replace.iter().map(encode::path).collect(),
        planned_private,
        diagnostics,
        legacy_type_system: false,
        deferred: encode::deferred(planned.deferred),
        planned_identity: encode::identity(planned.identity.as_ref(), &identity),
    })
}

pub(super) async fn apply<P: Provider>(
    server: &Server<P>,
    req: pb::apply_resource_change::Request,
) -> Result<pb::apply_resource_change::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let (ty, identity) = (resource.schema().ty(), resource.identity());
    let ctx = server.context(decode::private(&req.planned_private)?);
    let request = RawApply {
        config: decode::value(req.config.as_ref(), &ty)?,
        prior: decode::value(req.prior_state.as_ref(), &ty)?,
        planned: decode::value(req.planned_state.as_ref(), &ty)?,
        planned_identity: decode::identity(req.planned_identity.as_ref(), &identity)?,
    };
    let object = match resource.apply(&ctx, request).await {
        Ok(object) => object,
        Err(errors) => return Err(ctx.failed(errors)),
    };
    let (diagnostics, private) = finish(ctx, object.diagnostics);
    Ok(pb::apply_resource_change::Response {
        new_state: encode::value(&object.state, &ty),
        private,
        diagnostics,
        legacy_type_system: false,
        new_identity: encode::identity(object.identity.as_ref(), &identity),
    })
}

pub(super) async fn import<P: Provider>(
    server: &Server<P>,
    req: pb::import_resource_state::Request,
) -> Result<pb::import_resource_state::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let (ty, attributes) = (resource.schema().ty(), resource.identity());
    let ctx = server.context(decode::private(&[])?);
    let identity = decode::identity(req.identity.as_ref(), &attributes)?;
    let deferral_allowed = deferral_allowed(req.client_capabilities);
    let imported = match resource.import(&ctx, RawImport { id: req.id, identity, deferral_allowed }).await {
        Ok(imported) => imported,
        Err(errors) => return Err(ctx.failed(errors)),
    };
    let (diagnostics, private) = finish(ctx, Diagnostics::new());
    if let Some(reason) = imported.deferred {
        let deferred = encode::deferred(Some(reason));
        return Ok(pb::import_resource_state::Response { diagnostics, deferred, ..Default::default() });
    }
    let imported = pb::import_resource_state::ImportedResource {
        type_name: req.type_name,
        state: encode::value(&imported.state, &ty),
        private,
        identity: encode::identity(imported.identity.as_ref(), &attributes),
    };
    Ok(pb::import_resource_state::Response {
        imported_resources: vec![imported],
        diagnostics,
        deferred: None,
    })
}

pub(super) fn take_over<P: Provider>(
    server: &Server<P>,
    req: pb::move_resource_state::Request,
) -> Result<pb::move_resource_state::Response, Diagnostics> {
    let resource = find(server, &req.target_type_name)?;
    let state = serde_json::from_slice(stored(req.source_state.as_ref())?)
        .map_err(|error| Diagnostics::error("Stored state is not JSON", error.to_string()))?;
    let source = Move {
        provider: req.source_provider_address,
        resource_type: req.source_type_name,
        version: req.source_schema_version,
        state,
    };
    let object = resource.take_over(&source)?;
    Ok(pb::move_resource_state::Response {
        target_state: encode::value(&object.state, &resource.schema().ty()),
        target_identity: encode::identity(object.identity.as_ref(), &resource.identity()),
        ..Default::default()
    })
}

pub(super) fn generate_config<P: Provider>(
    server: &Server<P>,
    req: &pb::generate_resource_config::Request,
) -> Result<pb::generate_resource_config::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let ty = resource.schema().ty();
    let state = decode::value(req.state.as_ref(), &ty)?;
    let config = encode::value(&resource.generate_config(&state), &ty);
    Ok(pb::generate_resource_config::Response { config, diagnostics: Vec::new() })
}
