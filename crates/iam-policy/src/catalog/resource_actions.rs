//! The actions that the resource types of infrastructure tools take.
//!
//! Owns what is known of one type, joined from CloudFormation's handlers and from what Terraform's AWS provider calls.
//! Never fills a gap: an operation of which nothing is known has no actions, and says so.

use std::collections::BTreeSet;

use super::handlers::Handlers;
use super::secrets::{self, Tier};
use super::{Operation, UnknownResourceType, cloudformation, terraform};

/// What services check of their caller without being asked for it by name.
const DECRYPT: &str = "kms:Decrypt";

/// What the operations on resources of one type take.
#[derive(Clone)]
pub struct ResourceActions {
    name: String,
    handlers: Vec<Handlers>,
    calls: Option<Handlers>,
}

impl ResourceActions {
    pub(super) fn find(name: &str) -> Result<Self, UnknownResourceType> {
        let found = |handlers, calls| Ok(Self { name: name.to_owned(), handlers, calls });
        let whole = if name.starts_with(cloudformation::AWSCC) {
            cloudformation::by_awscc_name(name)
        } else if name.contains("::") {
            cloudformation::by_name(name)
        } else {
            None
        };
        if let Some(handlers) = whole {
            return found(vec![handlers], None);
        }
        let counterparts = terraform::counterparts(name).ok_or_else(|| UnknownResourceType::new(name))?;
        found(counterparts.filter_map(cloudformation::by_short_name).collect(), terraform::calls(name))
    }

    /// The type's name, as it was asked for.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The CloudFormation types behind it: itself; for a type of Terraform its counterpart, several if an argument
    /// decides which of them it is, and none if CloudFormation has it only as a property of another type, or not at all.
    pub fn cloudformation_types(&self) -> impl Iterator<Item = String> {
        self.handlers.iter().copied().map(cloudformation::name_of)
    }

    /// The actions, and patterns of actions, that an operation takes, sorted: what the handlers take and what Terraform's
    /// AWS provider calls. `None` if neither is known, which is other than an operation that takes nothing.
    ///
    /// Where it is known what the provider calls to read, credentials that only CloudFormation's handler reads are left
    /// out: the provider's plan does not need them. `handlers` has them still. `kms:Decrypt` stays, because a service
    /// checks it of the caller behind a call, when what it answers is encrypted with a customer's key. (AWS Key
    /// Management Service Developer Guide, "kms:ViaService".)
    #[must_use]
    pub fn actions(&self, operation: Operation) -> Option<Vec<String>> {
        let (mut handled, calls) = (self.handlers(operation), self.calls(operation));
        if operation == Operation::Read && calls.is_some() {
            let stays = |action: &str| action == DECRYPT || secrets::tier(action) != Some(Tier::Credential);
            handled = handled.map(|handled| handled.into_iter().filter(|one| stays(one)).collect());
        }
        let known = [handled, calls];
        let joined = known.into_iter().flatten().reduce(|mut all, more| {
            all.extend(more);
            all
        })?;
        Some(joined.into_iter().collect())
    }

    /// What the CloudFormation handlers of the operation take. They serve Cloud Control as well, and check more than one
    /// template needs: roles handed over, keys, log deliveries. `None` if no schema says.
    #[must_use]
    pub fn handlers(&self, operation: Operation) -> Option<BTreeSet<String>> {
        let known = self.handlers.iter().filter_map(|handlers| handlers.actions(operation));
        known.reduce(|mut all, more| {
            all.extend(more);
            all
        })
    }

    /// What Terraform's AWS provider calls in the operation, roles handed over not among it. `None` for types of others,
    /// and where that is not known.
    #[must_use]
    pub fn calls(&self, operation: Operation) -> Option<BTreeSet<String>> {
        self.calls?.actions(operation)
    }
}

#[cfg(test)]
mod tests;
