//! `trust-without-external-id`: another account is trusted, and nothing says on whose behalf it asks.

use super::finding::{Finding, listed};
use super::judged::Judged;
use super::{Level, Rule, trusting};
use crate::trust::entrance::{Entrance, Hold};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    name: "trust-without-external-id",
    level: Level::Warn,
    summary: "A trust policy names a principal of another account, with neither an external ID nor an organization",
    title: "Trust without external ID",
    prose: "\
A statement trusts an account, a role or a user of another account, and asks neither for an external ID nor for an \
organization.

A third party that works for many customers assumes a role in each of their accounts. Without an external ID, another \
customer of theirs can name your role as if it were their own, and the third party would act on it: the confused deputy \
(IAM User Guide, \"Access to AWS accounts owned by third parties\"). Within an organization there is no such customer, and \
`aws:PrincipalOrgID` says so; it also ends the trust when the account leaves.

An external ID is not a secret. It keeps a well-meaning third party from being used, not one that means harm, and is worth \
nothing on a principal that is everybody.

## What to write instead

For a third party `external_id`, with the value that it gave you; for an account of your own `org_id`:

```hcl
trust = {
  aws = [
    { principals = [\"333333333333\"], external_id = \"for-acme\" },
    { principals = [\"arn:aws:iam::222222222222:role/ci\"], org_id = \"o-a1b2c3d4e5\" },
  ]
}
```
",
    yields: false,
    find,
};

/// Any condition on one of these counts; whether it is worth something is `trust-void-condition`'s.
const KEYS: &[&str] = &["sts:ExternalId", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"];

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    let mut by_statement: BTreeMap<usize, (Entrance<'_>, Vec<String>)> = BTreeMap::new();
    for entrance in trusting::passable(judged) {
        let is_other = entrance.account().is_some_and(|account| account != judged.role.home.account_id);
        if is_other && KEYS.iter().all(|key| entrance.hold(key, trusting::STRANGER) == Hold::None) {
            let (_, named) = by_statement.entry(entrance.index).or_insert((entrance, Vec::new()));
            named.push(trusting::spoken(entrance.who).trim_matches('`').to_owned());
        }
    }
    for (entrance, named) in by_statement.into_values() {
        found.push(trusting::finding(
            judged,
            &entrance,
            (
                format!(
                    "trusts {} of another account, with neither an external ID nor an organization",
                    listed(named)
                ),
                Some(
                    "a request of that account that was made on behalf of another of its customers"
                        .to_owned(),
                ),
            ),
            (
                "A third party that works for many can be made to use this role for somebody else.",
                "Add `external_id` for a third party, or `org_id` for an account of your own organization."
                    .to_owned(),
            ),
        ));
    }
}
