//! Where a role lives: what a policy needs to know to name things of the role's own account. Asks nobody.

/// The place of a role.
#[derive(Debug, Clone, Copy)]
pub struct Home<'a> {
    /// `aws`, `aws-cn`…
    pub partition: &'a str,
    /// 12 digits.
    pub account_id: &'a str,
}
