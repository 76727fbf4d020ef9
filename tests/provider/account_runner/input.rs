//! What makes no sense is refused before AWS is asked, at the argument that is at fault.

use libtest_mimic::Trial;

use super::runner;
use crate::support::{Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.0", what_contradicts_itself_is_refused_by_validate)
        .on_ministack(what_does_not_fit_or_comes_to_nothing_is_refused_at_plan)
        .into_iter()
        .collect()
}

fn what_contradicts_itself_is_refused_by_validate(site: &Site) {
    let long = "n".repeat(47);
    for (arguments, says) in [
        ("", "The runner has no task"),
        ("  applier = {}", "The role may do nothing"),
        ("  planner = {}\n  builder = {}", "`ecr_push` for container images"),
        ("  planner = {}\n  invoker = {}", "`invoker.permissions.invoke`"),
        ("  planner = {}\n  state_role = {}", "The role may do nothing"),
        ("  planner = {}\n  builder = { permissions = {} }", "`ecr_push` for container images"),
        ("  manages = { services = [] }\n  applier = {}", "Nothing is managed"),
        ("  manages = { service = [\"s3\"] }\n  planner = {}", "Nothing is managed"),
        ("  planner = {}\n  provisioners = { api = {} }", "`provisioners[\"api\"].permissions`"),
        (
            "  state_role = {}\n  state = { bucket = \"acme-tfstate\", key_prefixes = [\"a/\"], lock = \"s3\" }\n  manages = { services = [\"s3\"] }",
            "Nobody manages this",
        ),
        (
            "  invoker = { permissions = { inline_policies = {} } }\n  state = { bucket = \"acme-tfstate\", key_prefixes = [\"a/\"], lock = \"s3\" }",
            "Nobody uses the state",
        ),
        (
            "  manages = { services = [\"s3\"] }\n  planner = { name = \"a\" }\n  applier = { name = \"A\" }",
            "Two roles of one name",
        ),
        ("  planner = { permissions = { allow_destroy = true } }", "allow_destroy"),
        ("  planner = { max_session_duration = 60 }", "3600 to 43200 seconds"),
        ("  manages = { services = [\"s4\"] }\n  planner = {}", "s4"),
        (
            "  planner = {}\n  provisioners = { \"a/b\" = { permissions = { services = [\"s3\"] } } }",
            "provisioner's name",
        ),
    ] {
        site.workspace(&runner(arguments)).validate_error(&[says]);
    }
    let workspace = site.workspace(&runner("  planner = {}").replace("\"runner\"", &format!("\"{long}\"")));
    workspace.validate_error(&["Invalid role name", "A role name has 1 to 64 characters"]);
    let untrusted = runner("  planner = {}").replace("trust = {", "tags  = {} #");
    site.workspace(&untrusted).validate_error(&["Nobody is trusted"]);
}

fn what_does_not_fit_or_comes_to_nothing_is_refused_at_plan(site: &Site) {
    let said = "manages";
    let workspace = site.workspace(&runner(
        "  manages = { services = [\"s3\"], resources = [\"arn:aws:sqs:eu-west-1:111111111111:queue\"] }\n  applier = {}",
    ));
    let refused = workspace.plan_error(&["s3"]);
    assert!(refused.stderr.contains(said) || refused.stdout.contains(said), "{refused}");
}
