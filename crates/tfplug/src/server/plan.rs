//! Planning one object: the framework's rules around the provider's own.

use super::resource::identity_of;
use super::{decode, decode_option, identity};
use crate::context::Context;
use crate::diagnostics::{Deferral, Diagnostics};
use crate::path::Path;
use crate::plan::{conform, fill, replaced, settle};
use crate::resource::{Plan, Resource};
use crate::schema::{Schema, Shape};
use crate::value::Value;

/// A request to plan.
#[derive(Debug, Clone)]
pub(crate) struct RawPlan {
    pub(crate) config: Value,
    /// Null when the object is to be made.
    pub(crate) prior: Value,
    /// Null when the object is to be destroyed.
    pub(crate) proposed: Value,
    pub(crate) prior_identity: Option<Value>,
    pub(crate) deferral_allowed: bool,
}

/// A plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawPlanned {
    pub(crate) state: Value,
    pub(crate) replace: Vec<Path>,
    pub(crate) identity: Option<Value>,
    pub(crate) deferred: Option<Deferral>,
}

pub(super) async fn plan<R: Resource>(
    schema: &Schema,
    ctx: &Context<R::Client>,
    req: RawPlan,
) -> Result<RawPlanned, Diagnostics> {
    if req.proposed.is_null() {
        R::plan_destroy(ctx, decode(&req.prior)?).await?;
        return Ok(RawPlanned { identity: req.prior_identity, ..RawPlanned::default() });
    }
    let prior = Some(&req.prior).filter(|prior| !prior.is_null());
    let filled = fill(&schema.attributes, &req.config, prior);
    let request = Plan::<R::State> {
        config: decode(&req.config)?,
        prior: decode_option(&req.prior)?,
        proposed: decode(&filled)?,
    };
    let planned = match R::plan(ctx, request).await {
        Ok(planned) => planned,
        Err(diagnostics) => {
            let deferred = diagnostics.deferral().filter(|_| req.deferral_allowed);
            return match deferred {
                Some(_) => Ok(RawPlanned {
                    state: filled,
                    deferred,
                    identity: req.prior_identity,
                    ..Default::default()
                }),
                None => Err(diagnostics),
            };
        }
    };
    let identity = identity_of::<R>(&planned.state);
    let state = settle(&schema.attributes, &req.config, prior, planned.state.encode());
    conform(&schema.attributes, &req.config, prior, &state)?;
    let mut replace = prior.map(|prior| replaced(&schema.attributes, prior, &state)).unwrap_or_default();
    replace.extend(planned.replace);
    if replace.is_empty() {
        identity::unchanged(req.prior_identity.as_ref(), identity.as_ref())?;
    }
    Ok(RawPlanned { state, replace, identity: identity.or(req.prior_identity), deferred: None })
}
