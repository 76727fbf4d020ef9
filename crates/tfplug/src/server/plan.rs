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
        let judged = R::plan_destroy(ctx, decode(&req.prior)?).await;
        let deferred =
            judged.map_or_else(|errors| deferral(errors, req.deferral_allowed).map(Some), |()| Ok(None))?;
        return Ok(RawPlanned { identity: req.prior_identity, deferred, ..RawPlanned::default() });
    }
    let prior = Some(&req.prior).filter(|prior| !prior.is_null());
    // Planning the second half of a replacement, hosts give the identity of the object that goes.
    let prior_identity = req.prior_identity.filter(|_| prior.is_some());
    let filled = fill(&schema.attributes, &req.config, prior);
    let request = Plan::<R::State> {
        config: decode(&req.config)?,
        prior: decode_option(&req.prior)?,
        proposed: decode(&filled)?,
    };
    let planned = match R::plan(ctx, request).await {
        Ok(planned) => planned,
        Err(errors) => {
            let deferred = Some(deferral(errors, req.deferral_allowed)?);
            return Ok(RawPlanned {
                state: filled,
                deferred,
                identity: prior_identity,
                ..Default::default()
            });
        }
    };
    let identity = identity_of::<R>(&planned.state);
    let state = settle(&schema.attributes, &req.config, prior, planned.state.encode());
    conform(&schema.attributes, &req.config, prior, &state)?;
    let mut replace = prior.map(|prior| replaced(&schema.attributes, prior, &state)).unwrap_or_default();
    replace.extend(planned.replace);
    if !replace.is_empty() {
        // The new object has an identity of its own, known or not.
        return Ok(RawPlanned { state, replace, identity, deferred: None });
    }
    identity::unchanged(prior_identity.as_ref(), identity.as_ref())?;
    Ok(RawPlanned { state, replace, identity: identity.or(prior_identity), deferred: None })
}

/// Why the operation is put off; the errors themselves where it cannot be.
fn deferral(errors: Diagnostics, allowed: bool) -> Result<Deferral, Diagnostics> {
    errors.deferral().filter(|_| allowed).ok_or(errors)
}
