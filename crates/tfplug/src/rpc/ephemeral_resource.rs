//! Ephemeral resources.

use super::{decode, encode};
use crate::context::Private;
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::server::{AnyEphemeral, RawOpened, Server};
use crate::value::Value;
use std::time::SystemTime;

type Found<'a, P> = &'a dyn AnyEphemeral<<P as Provider>::Client>;

fn find<'a, P: Provider>(server: &'a Server<P>, name: &str) -> Result<Found<'a, P>, Diagnostics> {
    decode::find(&server.registry.ephemeral_resources, (P::NAME, "ephemeral resource"), name)
}

pub(super) fn validate<P: Provider>(
    server: &Server<P>,
    req: &pb::validate_ephemeral_resource_config::Request,
) -> Result<pb::validate_ephemeral_resource_config::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let config = decode::config(req.config.as_ref(), &resource.schema().ty())?;
    let diagnostics = encode::diagnostics(resource.validate(&config));
    Ok(pb::validate_ephemeral_resource_config::Response { diagnostics })
}

pub(super) async fn open<P: Provider>(
    server: &Server<P>,
    req: pb::open_ephemeral_resource::Request,
) -> Result<pb::open_ephemeral_resource::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let ty = resource.schema().ty();
    let config = decode::config(req.config.as_ref(), &ty)?;
    let ctx = server.context(Private::new());
    let allowed = req.client_capabilities.is_some_and(|capabilities| capabilities.deferral_allowed);
    let (opened, deferred) = match resource.open(&ctx, &config).await {
        Ok(opened) => (opened, None),
        Err(errors) => match errors.deferral().filter(|_| allowed) {
            Some(reason) => (RawOpened { result: Value::unknown(), renew_at: None }, Some(reason)),
            None => return Err(ctx.failed(errors)),
        },
    };
    let (warnings, private) = ctx.into_parts();
    Ok(pb::open_ephemeral_resource::Response {
        diagnostics: encode::diagnostics(warnings),
        renew_at: opened.renew_at.map(timestamp),
        result: encode::value(&opened.result, &ty),
        private: Some(encode::private(&private)),
        deferred: encode::deferred(deferred),
    })
}

pub(super) async fn renew<P: Provider>(
    server: &Server<P>,
    req: pb::renew_ephemeral_resource::Request,
) -> Result<pb::renew_ephemeral_resource::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let ctx = server.context(decode::private(&req.private.unwrap_or_default())?);
    let renew_at = match resource.renew(&ctx).await {
        Ok(renew_at) => renew_at,
        Err(errors) => return Err(ctx.failed(errors)),
    };
    let (warnings, private) = ctx.into_parts();
    Ok(pb::renew_ephemeral_resource::Response {
        diagnostics: encode::diagnostics(warnings),
        renew_at: renew_at.map(timestamp),
        private: Some(encode::private(&private)),
    })
}

pub(super) async fn close<P: Provider>(
    server: &Server<P>,
    req: pb::close_ephemeral_resource::Request,
) -> Result<pb::close_ephemeral_resource::Response, Diagnostics> {
    let resource = find(server, &req.type_name)?;
    let ctx = server.context(decode::private(&req.private.unwrap_or_default())?);
    let closed = resource.close(&ctx).await;
    let diagnostics = encode::diagnostics(ctx.finish(closed)?);
    Ok(pb::close_ephemeral_resource::Response { diagnostics })
}

fn timestamp(time: SystemTime) -> prost_types::Timestamp {
    prost_types::Timestamp::from(time)
}
