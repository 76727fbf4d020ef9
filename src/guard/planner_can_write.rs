//! `planner-can-write`: a planner that changes anything but the lock of its state.

use super::finding::Finding;
use super::judged::Judged;
use super::power::{ASSUME_ROLE, counts};
use super::{Level, Rule, writes};
use crate::permissions::state::Access;
use crate::task::Task;

pub(super) const RULE: Rule = Rule {
    name: "planner-can-write",
    level: Level::Deny,
    summary: "A planner can change something other than the lock of its state",
    title: "Planner can write",
    prose: "\
A planner may call an action that AWS counts as a write, as tagging, or as a change of permissions, on anything but the \
lock of its state.

Whoever can push a branch can run code in a plan: a provider, an `external` data source, a module's `local-exec` in a \
tampered tool. What a planner may change, any branch may change, before anybody has looked at it.

Accepted is what taking the lock needs: whatever `permissions.state` comes to for a planner, and writing and deleting \
objects whose keys end in `.tflock`. Of a lock table, that is the items of the declared state, under the same conditions \
or narrower ones. Which actions are writes is AWS's word, in the Service Authorization Reference, \
save for a handful that change nothing by themselves, such as `sts:TagSession`. What gives away secrets is the business \
of `planner-can-read-secrets`, and what leads to more power that of `planner-can-escalate`.

## What to write instead

Leave the action to the applier. For a lock in DynamoDB, or a state encrypted with a key of your own, declare the state \
instead of writing the policy by hand; the planner then gets the items of its locks and nothing else:

```terraform
permissions = {
  state = {
    bucket         = \"acme-tfstate\"
    key_prefixes   = [\"prod/\"]
    lock           = \"dynamodb\"
    lock_table_arn = \"arn:aws:dynamodb:eu-west-1:111122223333:table/terraform-locks\"
  }
}
```
",
    yields: true,
    find,
};

/// Nothing but lock files is kept under such names.
pub(super) const LOCK_FILES: &str = "arn:*:s3:::*.tflock";

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known_for(&[Task::TerraformPlanner]) {
        return;
    }
    let (subject, lock_items) = judged.with_state(Access::Read);
    let allowed = judged.allowed_if(&subject, writes::is_write, |grant| match grant.action.as_str() {
        ASSUME_ROLE => counts(grant),
        "s3:PutObject" | "s3:DeleteObject" => !writes::is_within(grant, &[LOCK_FILES]),
        _ => !judged.is_granted_as(grant, &lock_items),
    });
    found.extend(allowed.iter().map(|one| {
        let why =
            "A plan runs code that nobody has reviewed: what a planner may change, any branch may change.";
        let instead = "Leave these actions to the applier. If they are for the lock of the state, declare \
                       `permissions.state`, which allows just that.";
        Finding::allows(judged, one, [why, instead])
    }));
}
