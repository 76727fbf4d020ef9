//! `expand_actions`: the actions that patterns with wildcards name.

use iam_policy::{ActionSet, expand};
use tfplug::function::{Function, FunctionError};
use tfplug::object;
use tfplug::schema::{Attr, List, required};

object! {
    /// Lists the actions that patterns match, each once, sorted, and in AWS's spelling. The actions are those of the provider's catalogue, which has a date: a wildcard in a policy also means what AWS adds later.
    ///
    /// A pattern that matches nothing is an error that names the nearest action, since it is misspelt, or newer than the catalogue.
    pub(super) struct Arguments {
        /// Actions, such as `s3:Get*` or `ec2:Describe*`. `*` stands for any run of characters and `?` for one; case does not matter.
        patterns: List<String> = required(),
    }
}

/// The function.
#[derive(Debug)]
pub(super) struct ExpandActions;

impl Function for ExpandActions {
    const NAME: &'static str = "expand_actions";
    const SUMMARY: &'static str = "Actions that patterns with wildcards match.";
    type Arguments = Arguments;
    type Output = List<String>;

    fn call(Arguments { patterns }: Arguments) -> Result<List<String>, FunctionError> {
        let mut found = ActionSet::new();
        for pattern in patterns.into_known().unwrap_or_default().into_iter().filter_map(Attr::into_known) {
            let matched =
                expand(&pattern).map_err(|unknown| FunctionError::argument(0, unknown.to_string()))?;
            matched.into_iter().for_each(|action| found.insert(action));
        }
        Ok(found.iter().map(|action| Attr::Known(action.to_string())).collect())
    }
}
