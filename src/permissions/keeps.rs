//! Actions that delete as well as change, and what keeps the deletes out of them.
//!
//! Owns the few for which IAM offers that. Other actions of the kind, such as `s3:PutLifecycleConfiguration`, are what they
//! are.

use super::place::{Limits, allow, place};
use iam_policy::Statement;
use iam_policy::catalog::Action;

/// API Gateway's actions are HTTP methods: this one takes off tags, which updates do, and deletes everything else. (API
/// Gateway Developer Guide, "Control access to API Gateway with IAM".)
const API_GATEWAY: &str = "apigateway:DELETE";

/// Changes of records come in batches, and a key tells what is in them. (Service Authorization Reference, "Actions,
/// resources, and condition keys for Amazon Route 53".)
const RECORD_SETS: &str = "route53:ChangeResourceRecordSets";
const RECORD_SET_ACTIONS: &str = "route53:ChangeResourceRecordSetsActions";

/// Whether an action deletes as well as changes, and can be kept from deleting.
pub(super) fn is_kept(action: &Action) -> bool {
    [API_GATEWAY, RECORD_SETS].contains(&action.to_string().as_str())
}

/// Statements that allow of such actions what does not delete.
pub(super) fn without_deletes(
    actions: &[&'static Action],
    limits: &Limits,
    partition: &str,
) -> Vec<Statement> {
    let named = |name: &str| actions.iter().copied().find(|action| action.to_string() == name);
    let mut statements = Vec::new();
    // Tags have ARNs of their own, which no user names to limit what is done to an API.
    if let Some(action) = named(API_GATEWAY).filter(|_| limits.resources.is_none()) {
        let tags = format!("arn:{partition}:apigateway:*::/tags/*");
        statements.push(allow(&[action]).sid("Untag").resource(tags));
    }
    if let Some(action) = named(RECORD_SETS) {
        for statement in place(vec![action], limits, "Records").statements {
            // `ForAllValues` holds for a request without the key, so its presence is asked for as well.
            let kept =
                statement.condition("ForAllValues:StringEquals", RECORD_SET_ACTIONS, ["CREATE", "UPSERT"]);
            statements.push(kept.condition("Null", RECORD_SET_ACTIONS, ["false"]));
        }
    }
    statements
}
