//! `role_arn`: the ARN of an IAM role, from its parts.

use crate::checks;
use crate::home::{Home, is_partition};
use tfplug::function::{Function, FunctionError};
use tfplug::object;
use tfplug::schema::{Attr, List, required};

object! {
    /// Puts the ARN of an IAM role together, and refuses parts that no role can have. It asks nobody whether there is such a role.
    pub(super) struct Arguments {
        /// Account of the role: 12 digits, in quotes, since a number loses its leading zeros.
        account_id: String = required().check(checks::account_id),
        /// Name of the role: at most 64 letters, digits and `_+=,.@-`. Without its path.
        name: String = required().check(checks::role_name),
        /// The role's path, such as `/ci/`, and after it the partition, such as `aws-cn`. Without them, `/` and `aws`.
        path_and_partition: List<String> = required(),
    }
}

/// The position of the first of the optional arguments.
const OPTIONAL: usize = 2;

/// The function.
#[derive(Debug)]
pub(super) struct RoleArn;

impl Function for RoleArn {
    const NAME: &'static str = "role_arn";
    const SUMMARY: &'static str = "ARN of an IAM role, from account, name, path and partition.";
    const VARIADIC: bool = true;
    type Arguments = Arguments;
    type Output = String;

    fn call(arguments: Arguments) -> Result<String, FunctionError> {
        let Arguments { account_id, name, path_and_partition } = arguments;
        let [account_id, name] = [account_id, name].map(|text| text.into_known().unwrap_or_default());
        let mut rest =
            path_and_partition.into_known().unwrap_or_default().into_iter().filter_map(Attr::into_known);
        let path = rest.next().unwrap_or_else(|| "/".to_owned());
        checks::path(&path).map_err(|wrong| FunctionError::argument(OPTIONAL, wrong))?;
        let partition = rest.next().unwrap_or_else(|| "aws".to_owned());
        is_partition(&partition).map_err(|wrong| FunctionError::argument(OPTIONAL + 1, wrong))?;
        if rest.next().is_some() {
            let text = "There is no argument after the partition.";
            return Err(FunctionError::argument(OPTIONAL + 2, text));
        }
        Ok(Home { partition: &partition, account_id: &account_id }.role_arn(&path, &name))
    }
}
