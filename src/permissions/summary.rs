//! What a reader of the plan should know about permissions: what could not be limited, and what was left out.
//! One sentence each; never a judgement.

use super::Permissions;
use super::iam_changes::IamChanges;
use super::place::Placed;
use super::select::Selected;

/// How many names a sentence has; of the others it says how many there are.
const NAMES: usize = 6;

pub(super) fn of_planner(selected: &Selected, placed: &Placed) -> Vec<String> {
    let mut summary = Vec::new();
    let secrets = selected.secrets.iter().collect::<Vec<_>>();
    say(&secrets, "Left out as secrets or stored content (`read_secrets` names exceptions)", &mut summary);
    if selected.without_keys {
        summary.push(
            "Of API Gateway, API keys and usage plans are left out (`read_secrets` names exceptions)."
                .to_owned(),
        );
    }
    of_both(selected, placed, &mut summary);
    summary
}

pub(super) fn of_applier(
    selected: &Selected,
    placed: &Placed,
    changes: &IamChanges,
    permissions: &Permissions,
) -> Vec<String> {
    let mut summary = Vec::new();
    let deletes = selected.deletes.iter().collect::<Vec<_>>();
    say(&deletes, "Left out as deletes (`allow_destroy`)", &mut summary);
    let permission_changes = selected.permission_changes.iter().collect::<Vec<_>>();
    say(
        &permission_changes,
        "Left out as changes of permissions (`resource_types` declares them)",
        &mut summary,
    );
    let runs = selected.runs.iter().collect::<Vec<_>>();
    say(
        &runs,
        "Left out as running code and opening sessions (a policy of your own can add them)",
        &mut summary,
    );
    say(&changes.without_boundary, "Left out for want of a `permissions_boundary` to pass on", &mut summary);
    say(&changes.undeclared, "Left out, since `resources` names nothing that they may change", &mut summary);
    if selected.passes_role && permissions.pass_roles.is_null() {
        summary.push(
            "No role may be handed to a service (`pass_roles`), although some of these resources can be given one."
                .to_owned(),
        );
    }
    let newer: Vec<&String> = selected.unknown.iter().collect();
    say(&newer, "Allowed on every resource, as newer than the catalogue of actions", &mut summary);
    of_both(selected, placed, &mut summary);
    summary
}

fn of_both(selected: &Selected, placed: &Placed, summary: &mut Vec<String>) {
    say(&placed.unscoped, "Allowed on every resource, since IAM cannot limit them to any", summary);
    say(&placed.out_of_scope, "Left out, since they are done to none of `resources`", summary);
    say(&placed.global, "Allowed in every region, since their service has one endpoint for all", summary);
    if !selected.unknown_types.is_empty() {
        summary.push(format!(
            "Nothing is allowed for {}: it is not known what they take.",
            selected.unknown_types.join(", ")
        ));
    }
}

/// `Left out as deletes: a, b and 3 more.`
fn say(actions: &[impl ToString], what: &str, summary: &mut Vec<String>) {
    if actions.is_empty() {
        return;
    }
    let names: Vec<String> = actions.iter().take(NAMES).map(ToString::to_string).collect();
    let more = match actions.len().saturating_sub(NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    summary.push(format!("{what}: {}{more}.", names.join(", ")));
}
