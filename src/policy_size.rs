//! How much of each of IAM's quotas a role uses. Never asks AWS what an account's quotas are.

use crate::permissions::Managed;
use iam_policy::quota;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, Map, computed};

object! {
    /// How much of IAM's quotas the role's policies use.
    pub struct PolicySize {
        /// The trust policy, in characters. The quota is AWS's default of 2,048; an account's own may be higher.
        pub assume_role_policy: Usage = computed(),
        /// All inline policies together, in characters without white space.
        pub inline_policies: Usage = computed(),
        /// Attached managed policies, counted, those that the role owns among them. The quota is AWS's default of 10; an account's own may be higher.
        pub managed_policies: Usage = computed(),
        /// The largest of the managed policies that the role owns, in characters without white space.
        pub largest_owned_policy: Usage = computed(),
    }
}

object! {
    /// How much of a quota is used.
    pub struct Usage {
        /// What is used.
        pub used: i64 = computed(),
        /// What there is.
        pub quota: i64 = computed(),
        /// What is used, in percent of what there is, rounded up.
        pub percent: i64 = computed(),
    }
}

/// How much of a quota this is.
pub fn usage(used: usize, quota: usize) -> Attr<Usage> {
    let number = |number: usize| Attr::Known(i64::try_from(number).unwrap_or(i64::MAX));
    let percent = (used * 100).div_ceil(quota.max(1));
    Attr::Known(Usage { used: number(used), quota: number(quota), percent: number(percent) })
}

/// The sizes of what a role will hold; unknown while any of it is.
pub fn measure(
    assume_role_policy: &Attr<String>,
    inline_policies: &Attr<Map<String>>,
    managed_policies: &Attr<Managed>,
) -> Attr<PolicySize> {
    let (Attr::Known(trust), Attr::Known(inline), Attr::Known(managed)) =
        (assume_role_policy, inline_policies, managed_policies)
    else {
        return Attr::Unknown;
    };
    if inline.values().any(Attr::is_unknown) {
        return Attr::Unknown;
    }
    let inline = inline.values().filter_map(Attr::known).map(|text| iam_policy::size(text)).sum();
    let largest = managed.owned.values().map(|policy| iam_policy::size(&policy.document)).max();
    Attr::Known(PolicySize {
        assume_role_policy: usage(trust.chars().count(), quota::TRUST_POLICY),
        inline_policies: usage(inline, quota::INLINE_POLICIES_PER_ROLE),
        managed_policies: usage(
            managed.attached.len() + managed.owned.values().filter(|policy| policy.is_attached).count(),
            quota::MANAGED_POLICIES_PER_ROLE,
        ),
        largest_owned_policy: usage(largest.unwrap_or_default(), quota::MANAGED_POLICY),
    })
}

/// Refuses what no account's quota has room for, and warns of what only a raised one has. `heaviest` names the entries
/// that take most of the trust policy, and is asked only when that is too long.
///
/// # Errors
/// One for each quota that is exceeded however far it was raised.
pub fn check(size: &PolicySize, heaviest: impl Fn() -> String) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut judge = |used: &Attr<Usage>, most: usize, what: &str, path: Path, remedy: &str| {
        let Some(Usage { used: Attr::Known(used), quota: Attr::Known(quota), .. }) = used.known() else {
            return;
        };
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        if used > &most {
            let over = used - most;
            let detail =
                format!("{what}: {used}, which is {over} over the {most} that AWS allows at most. {remedy}");
            found.push(Diagnostic::error("A quota of IAM is exceeded", detail).at(path));
        } else if used > quota {
            let detail = format!(
                "{what}: {used}. AWS's default quota is {quota}, and it can be raised to {most}. Unless this account's \
                 was raised, AWS will refuse this. {remedy}"
            );
            found.push(Diagnostic::warning("A default quota of IAM is exceeded", detail).at(path));
        }
    };
    let is_long = size.assume_role_policy.known().is_some_and(|usage| usage.used > usage.quota);
    let heaviest = if is_long { heaviest() } else { String::new() };
    let remedy = match heaviest.as_str() {
        "" => "Trust fewer principals, or give them a role each.".to_owned(),
        most => format!(
            "What takes the most, in characters: {most}. Drop some of these entries or of what they list, write one pattern \
             instead of many names, or give some a role of their own."
        ),
    };
    judge(
        &size.assume_role_policy,
        quota::TRUST_POLICY_RAISED,
        "Characters of the trust policy",
        Path::attribute("trust"),
        &remedy,
    );
    judge(
        &size.inline_policies,
        quota::INLINE_POLICIES_PER_ROLE,
        "Characters of all inline policies, without white space",
        Path::attribute("permissions").join("inline_policies"),
        "Move some statements to a managed policy, or shorten them with wildcards.",
    );
    judge(
        &size.managed_policies,
        quota::MANAGED_POLICIES_PER_ROLE_RAISED,
        "Attached managed policies",
        Path::attribute("permissions").join("managed_policy_arns"),
        "Join some of them.",
    );
    judge(
        &size.largest_owned_policy,
        quota::MANAGED_POLICY,
        "Characters of a managed policy that the role owns, without white space",
        Path::attribute("permissions"),
        "Ask for less in `permissions`.",
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permissions::Owned;

    fn sized(trust: usize, inline: usize, managed: usize) -> Diagnostics {
        let inline = Map::from([("p".to_owned(), Attr::Known("x".repeat(inline)))]);
        let attached = (0..managed).map(|n| format!("arn:aws:iam::aws:policy/P{n}")).collect();
        let managed = Managed { attached, ..Managed::default() };
        let size = measure(&Attr::Known("t".repeat(trust)), &Attr::Known(inline), &Attr::Known(managed))
            .into_known();
        check(&size.unwrap(), || "`github[2]` (812)".to_owned())
    }

    #[test]
    fn what_no_quota_has_room_for_is_an_error_that_says_by_how_much() {
        let found = sized(8193, 10_241, 26);
        let details: Vec<&str> = found.iter().map(|found| found.detail.as_str()).collect();
        assert!(found.has_errors());
        assert!(details[0].contains("1 over the 8192") && details[0].contains("`github[2]` (812)"));
        assert!(details[1].contains("1 over the 10240"));
        assert!(details[2].contains("1 over the 25"));
    }

    #[test]
    fn what_only_a_raised_quota_has_room_for_is_a_warning() {
        let found = sized(2049, 10_240, 11);
        assert!(!found.has_errors());
        assert_eq!(found.iter().count(), 2);
    }

    #[test]
    fn policies_that_the_role_owns_count_as_managed_ones_and_the_largest_is_measured() {
        let owned = |size: usize, is_attached| Owned { document: "x".repeat(size), is_attached };
        let owned = [("a", owned(6_000, true)), ("b", owned(6_145, true)), ("c", owned(1, false))];
        let managed = Managed {
            attached: ["arn:aws:iam::aws:policy/P".to_owned()].into(),
            owned: owned.map(|(arn, owned)| (arn.to_owned(), owned)).into(),
        };
        let size = measure(&Attr::Known(String::new()), &Attr::Known(Map::new()), &Attr::Known(managed));
        let size = size.into_known().unwrap();
        assert_eq!(size.managed_policies, usage(3, 10));
        assert_eq!(size.largest_owned_policy, usage(6_145, 6_144));
        assert!(check(&size, String::new).has_errors());
    }

    #[test]
    fn what_fits_says_nothing() {
        assert!(sized(2048, 10_240, 10).is_empty());
    }
}
