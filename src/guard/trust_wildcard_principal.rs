//! `trust-wildcard-principal`: a trust policy that names everybody.

use super::finding::Finding;
use super::judged::Judged;
use super::{Level, Rule, trusting};
use crate::trust::entrance::Who;

pub(super) const RULE: Rule = Rule {
    name: "trust-wildcard-principal",
    level: Level::Deny,
    summary: "A trust policy names everybody as principal",
    title: "Trust in everybody",
    prose: "\
A statement of the trust policy has the principal `*`, or all principals but some (`NotPrincipal`), and its conditions do \
not bind the caller to an account or an organization.

Every AWS account of the world is then trusted as a whole: any administrator elsewhere can give themselves \
`sts:AssumeRole` on the role. An external ID does not change that, since it is not a secret (IAM User Guide, \"Access to \
AWS accounts owned by third parties\"), and neither does an IP address or a tag, which the caller's own account chooses.

Accepted is `*` under a condition that every stranger fails: `aws:PrincipalOrgID`, `aws:PrincipalOrgPaths`, \
`aws:PrincipalAccount` or `aws:PrincipalArn`, with an operator that does not pass without the key.

## What to write instead

Name the accounts, roles or users:

```hcl
trust = {
  aws = [{ principals = [\"arn:aws:iam::222222222222:role/ci\"], org_id = \"o-a1b2c3d4e5\" }]
}
```

A role that may not exist yet, or one of many, is matched by `match = \"condition\"`.
",
    yields: false,
    find,
};

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    for entrance in trusting::passable(judged).filter(|entrance| entrance.who == Who::Anyone) {
        let (caller, context) = trusting::stranger(&entrance, judged.role.home.partition);
        if entrance.admits(&caller, &context) {
            let witness = caller
                .arn()
                .map(|arn| format!("`{arn}`, a role of an account that has nothing to do with yours"));
            found.push(trusting::finding(
                judged,
                &entrance,
                ("trusts everybody, and no condition binds the caller to an account or an organization".to_owned(), witness),
                (
                    "Whoever has an AWS account can let themselves assume the role.",
                    "Name the accounts, roles or users that may assume it; or keep `*` under `StringEquals` on \
                     `aws:PrincipalOrgID`."
                        .to_owned(),
                ),
            ));
        }
    }
}
