//! The attributes of an elevation, and what they name.

use super::expiry::{self, Expiry};
use crate::checks;
use crate::permissions::{self, Permissions};
use crate::role::{ELEVATION_PREFIX, Grant};
use crate::unique_suffix::unique_suffix;
use iam_policy::Kind;
use tfplug::object;
use tfplug::schema::{Attr, List, computed, optional, required};

object! {
    /// More permissions for a role, for a while: deletes, or whatever it does not need every day.
    ///
    /// The grant is an inline policy in which every statement carries its end (`DateLessThan` on `aws:CurrentTime`), so that it is over even if nobody applies again. What is left of it then allows nothing, and goes when the elevation is destroyed. A `deployrunner_task_role` neither shows nor removes it, and is not opened to unreviewed code while it is there. Roles that are named as a planner's or that trust unreviewed code are not elevated, and the guard judges what is granted as it does an applier's permissions, by the levels of the provider's `guard`.
    pub struct State {
        /// Name of the role that gets the permissions.
        pub role_name: String = required().replace().check(checks::role_name),
        /// Account in which the role is, entered through the provider's `account_role`. Defaults to the provider's own account.
        pub account_id: String = optional().computed().keep().replace().check(checks::account_id),
        /// What the role may do until then, beside what it may do anyway. The arguments are those of an applier; without `managed_policy_arns`, since an attachment has no end.
        pub permissions: Permissions = required(),
        /// When the elevation ends: a moment in RFC 3339 with its offset from UTC, such as `2026-12-24T18:00:00+01:00`; at most 30 days ahead when it is set. One of `expires_at` and `valid_for`. With `valid_for`, this is when it ended up to end.
        pub expires_at: String = optional().computed().check(expiry::check_moment),
        /// How long the elevation lasts from the moment at which it is applied, such as `2h`: a minute to 30 days. It does not begin again when it is over; another length begins anew, and so does an elevation that somebody took off the role before its end and that is still in the configuration. One of `expires_at` and `valid_for`.
        pub valid_for: String = optional().check(expiry::check_length),
        /// Account, role and policy, joined by slashes.
        pub id: String = computed().keep().never_null(),
        /// Name of the inline policy: `deployrunner-elevation-` and what makes it unique.
        pub policy_name: String = computed().keep().never_null(),
        /// The policy, in JSON.
        pub policy: String = computed().never_null(),
        /// What a reader of the plan should know about the permissions, a sentence each: what could not be limited, and what was left out.
        pub permissions_summary: List<String> = computed().never_null(),
        /// Whether the elevation was over when it was last looked at.
        pub expired: bool = computed().never_null(),
    }
}

impl State {
    /// The role's name.
    pub(super) fn role(&self) -> &str {
        self.role_name.known().map(String::as_str).unwrap_or_default()
    }

    /// The policy on the role.
    pub(super) fn grant(&self) -> Grant<'_> {
        Grant { role: self.role(), policy: self.policy_name.known().map(String::as_str).unwrap_or_default() }
    }

    /// When it ends, once that is known.
    pub(super) fn expiry(&self) -> Option<Expiry> {
        Expiry::parse(self.expires_at.known()?)
    }

    /// Account, role and policy.
    pub(super) fn full_id(&self) -> String {
        let account = self.account_id.known().map(String::as_str).unwrap_or_default();
        let Grant { role, policy } = self.grant();
        format!("{account}/{role}/{policy}")
    }

    /// The policy as it was found, in the spelling of the state if that means the same.
    pub(super) fn spelled(&self, found: &str) -> Attr<String> {
        let kept = self.policy.known().filter(|known| permissions::same(known, found)).cloned();
        Attr::Known(kept.unwrap_or_else(|| permissions::compact(found, Kind::Identity)))
    }
}

/// A name that no other elevation has.
pub(super) fn new_policy_name() -> String {
    format!("{ELEVATION_PREFIX}{}", unique_suffix())
}
