//! `normalize_policy`: the canonical form of a policy document.

use super::policy;
use tfplug::function::{Function, FunctionError};
use tfplug::object;
use tfplug::schema::required;

object! {
    /// Brings a policy document to its canonical form, so that `==` tells whether two documents mean the same: order, repetition, a value alone or in a list, white space, the case of actions and of condition operators and keys, and an account written as its ID or as its root ARN no longer differ.
    ///
    /// What grants or denies anything stays, and so do `Sid` and `Id`. Wildcards are not weighed against each other: `s3:*` beside `s3:GetObject` stays two actions. The form is for comparing; for a shorter document that people read, see `minify_policy`.
    pub(super) struct Arguments {
        /// An identity policy, the trust policy of a role, or the policy of another resource, such as a bucket; as JSON text.
        policy: String = required(),
    }
}

/// The function.
#[derive(Debug)]
pub(super) struct NormalizePolicy;

impl Function for NormalizePolicy {
    const NAME: &'static str = "normalize_policy";
    const SUMMARY: &'static str = "Canonical form of a policy document, for comparing.";
    type Arguments = Arguments;
    type Output = String;

    fn call(Arguments { policy: text }: Arguments) -> Result<String, FunctionError> {
        let (document, _) = policy(&text.into_known().unwrap_or_default(), 0)?;
        Ok(iam_policy::normalize(&document).to_json())
    }
}
