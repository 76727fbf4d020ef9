//! Data sources.

use super::{decode, encode};
use crate::context::Private;
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::server::{AnyDataSource, Server};
use crate::value::Value;

type Found<'a, P> = &'a dyn AnyDataSource<<P as Provider>::Client>;

fn find<'a, P: Provider>(server: &'a Server<P>, name: &str) -> Result<Found<'a, P>, Diagnostics> {
    decode::find(&server.registry.data_sources, (P::NAME, "data source"), name)
}

pub(super) fn validate<P: Provider>(
    server: &Server<P>,
    req: &pb::validate_data_resource_config::Request,
) -> Result<pb::validate_data_resource_config::Response, Diagnostics> {
    let source = find(server, &req.type_name)?;
    let config = decode::config(req.config.as_ref(), &source.schema().ty())?;
    let diagnostics = encode::diagnostics(source.validate(&config));
    Ok(pb::validate_data_resource_config::Response { diagnostics })
}

pub(super) async fn read<P: Provider>(
    server: &Server<P>,
    req: pb::read_data_source::Request,
) -> Result<pb::read_data_source::Response, Diagnostics> {
    let source = find(server, &req.type_name)?;
    let ty = source.schema().ty();
    let config = decode::config(req.config.as_ref(), &ty)?;
    let ctx = server.context(Private::new());
    let allowed = req.client_capabilities.is_some_and(|capabilities| capabilities.deferral_allowed);
    let (state, deferred) = match source.read(&ctx, &config).await {
        Ok(state) => (state, None),
        Err(errors) => match errors.deferral().filter(|_| allowed) {
            Some(reason) => (Value::unknown(), Some(reason)),
            None => return Err(ctx.failed(errors)),
        },
    };
    let (warnings, _) = ctx.into_parts();
    Ok(pb::read_data_source::Response {
        state: encode::value(&state, &ty),
        diagnostics: encode::diagnostics(warnings),
        deferred: encode::deferred(deferred),
    })
}
