//! Where a role lives: what a policy needs to know to name things of the role's own account. Asks nobody.

use crate::aws;
use tfplug::schema::nearest;

/// The place of a role.
#[derive(Debug, Clone, Copy)]
pub struct Home<'a> {
    /// `aws`, `aws-cn`…
    pub partition: &'a str,
    /// 12 digits.
    pub account_id: &'a str,
}

impl Home<'_> {
    /// The ARN of a role there. `path` begins and ends with a slash.
    #[must_use]
    pub fn role_arn(self, path: &str, name: &str) -> String {
        aws::role_arn(self.partition, self.account_id, path, name)
    }
}

/// Whether AWS has a partition of that name.
///
/// # Errors
/// It has none; the message names all, and the nearest.
pub fn is_partition(partition: &str) -> Result<(), String> {
    let mut all = aws::partitions();
    if all.any(|known| known == partition) {
        return Ok(());
    }
    let hint = nearest(partition, aws::partitions())
        .map(|near| format!(" Did you mean `{near}`?"))
        .unwrap_or_default();
    let all: Vec<String> = aws::partitions().map(|known| format!("`{known}`")).collect();
    Err(format!("{partition:?} is none of the partitions {}.{hint}", all.join(", ")))
}
