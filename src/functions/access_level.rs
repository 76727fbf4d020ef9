//! `access_level`: what AWS says an action does.

use iam_policy::catalog;
use tfplug::function::{Function, FunctionError};
use tfplug::object;
use tfplug::schema::required;

object! {
    /// Tells the access level of an action, as AWS's Service Authorization Reference has it: `list`, `read`, `tagging`, `write` or `permissions-management`. The level is AWS's word and not guessed from the name.
    ///
    /// An action that the provider's catalogue of actions does not have is an error that names the nearest, since nothing is known of what it does. Where a newer action is to be expected, `try(provider::deployrunner::access_level(action), "unknown")` goes on without it.
    pub(super) struct Arguments {
        /// One action, such as `s3:GetObject`, in any case. Wildcards name several; see `expand_actions`.
        action: String = required(),
    }
}

/// The function.
#[derive(Debug)]
pub(super) struct AccessLevel;

impl Function for AccessLevel {
    const NAME: &'static str = "access_level";
    const SUMMARY: &'static str =
        "Access level of an action: list, read, tagging, write or permissions-management.";
    type Arguments = Arguments;
    type Output = String;

    fn call(Arguments { action }: Arguments) -> Result<String, FunctionError> {
        let name = action.into_known().unwrap_or_default();
        if name.contains(['*', '?']) {
            let text = format!(
                "`{name}` may name several actions, of different levels. Ask for each that `expand_actions` gives"
            );
            return Err(FunctionError::argument(0, text));
        }
        match catalog::action(&name) {
            Ok(action) => Ok(action.level().to_string()),
            Err(unknown) => Err(FunctionError::argument(0, unknown.to_string())),
        }
    }
}
