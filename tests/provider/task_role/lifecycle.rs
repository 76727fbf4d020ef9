//! Made, planned again, changed in place, replaced, removed.

use std::collections::BTreeMap;

use libtest_mimic::Trial;
use serde_json::json;

use super::{ROLE, TRUST, allow, role};
use crate::support::{Emulator, Ground, Site};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .everywhere(a_role_with_everything_is_made_as_planned_and_then_needs_nothing)
        .on_each_emulator(every_argument_changes_in_place)
        .on_each_emulator(nothing_but_the_differing_calls_are_made)
        .on_ministack(two_calls_make_a_role_with_one_inline_policy)
        .on_each_terraform_since("1.0", a_new_name_path_or_prefix_makes_a_new_role)
        .on_ministack(a_prefix_gives_each_role_a_name_of_its_own)
        .on_ministack(a_reformatted_policy_is_no_change)
        .on_ministack(deleting_takes_down_whatever_the_role_holds)
        .on_ministack(a_protected_role_is_neither_destroyed_nor_replaced)
        .into_iter()
        .collect()
}

fn everything() -> String {
    role(&format!(
        r#"
  path                 = "/ci/"
  description          = "Plans the stacks."
  max_session_duration = 7200
  permissions_boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
  tags                 = {{ team = "platform" }}
  trust = {{
    aws      = [{{ principals = ["222222222222"], external_id = "runner-1" }}]
    services = [{{ service = "ecs-tasks.amazonaws.com" }}]
  }}
  permissions = {{
    inline_policies     = {{ queues = {}, buckets = {} }}
    managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  }}
"#,
        allow("sqs:ListQueues"),
        allow("s3:ListAllMyBuckets")
    ))
}

fn a_role_with_everything_is_made_as_planned_and_then_needs_nothing(site: &Site) {
    let workspace = site.workspace(&everything());
    let plan = workspace.plan();
    let account = site.account();
    let arn = format!("arn:aws:iam::{}:role/ci/runner-custom", account.id());
    let planned = plan.after(ROLE).clone();
    assert_eq!(planned["arn"], arn);
    assert_eq!(planned["inline_policies"].as_object().map(serde_json::Map::len), Some(2));
    assert_eq!(planned["effective_session_duration"], json!({ "role": 3600, "service": null, "user": 7200 }));
    let unknown = plan.after_unknown(ROLE).as_object().cloned().unwrap_or_default();
    let unknown: Vec<&String> =
        unknown.iter().filter(|(_, value)| **value == true).map(|(name, _)| name).collect();
    assert_eq!(unknown, ["create_date", "unique_id"]);

    workspace.apply();
    let role = account.role("runner-custom").expect("it was made");
    assert_eq!(role.arn(), arn);
    assert_eq!(
        (role.path(), role.description(), role.max_session_duration()),
        ("/ci/", Some("Plans the stacks."), Some(7200))
    );
    assert_eq!(account.boundary("runner-custom").as_deref(), Some("arn:aws:iam::aws:policy/ReadOnlyAccess"));
    assert_eq!(account.tags("runner-custom"), BTreeMap::from([("team".into(), "platform".into())]));
    let policy = |action: &str| json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": action, "Resource": "*" }] });
    let expected = [("buckets", policy("s3:ListAllMyBuckets")), ("queues", policy("sqs:ListQueues"))];
    let expected = expected.map(|(name, policy)| (name.to_owned(), policy));
    assert_eq!(account.inline_policies("runner-custom"), BTreeMap::from(expected));

    let state = workspace.state();
    for attribute in ["arn", "assume_role_policy", "inline_policies", "managed_policies", "policy_size"] {
        assert_eq!(state.attribute(ROLE, attribute), &planned[attribute], "{attribute} is as it was planned");
    }
    assert_eq!(state.text(ROLE, "unique_id"), role.role_id());
    workspace.plan().assert_empty();
    workspace.destroy();
    assert!(account.role("runner-custom").is_none());
}

fn every_argument_changes_in_place(site: &Site) {
    let permissions =
        format!("  permissions = {{ inline_policies = {{ a = {} }} }}", allow("sqs:ListQueues"));
    let base = format!("  description = \"first\"\n{TRUST}\n{permissions}");
    let workspace = site.workspace(&role(&base));
    workspace.apply();
    let unique_id = workspace.state().text(ROLE, "unique_id").to_owned();
    let trusted = r#"  trust = { aws = [{ principals = ["222222222222"] }] }"#;
    let steps = [
        base.replace("first", "second"),
        format!("{base}\n  max_session_duration = 43200"),
        format!("{base}\n  permissions_boundary = \"arn:aws:iam::aws:policy/ReadOnlyAccess\""),
        format!("{base}\n  tags = {{ a = \"1\", b = \"2\" }}"),
        format!("{base}\n  tags = {{ b = \"3\" }}"),
        base.replace("  trust = { services = [{ service = \"codebuild.amazonaws.com\" }] }", trusted),
        base.replace("sqs:ListQueues", "sqs:ListQueueTags"),
        base.replace("a = jsonencode", "b = jsonencode"),
        base.replace(
            &permissions,
            "  permissions = { managed_policy_arns = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"] }",
        ),
        base.replace(&permissions, ""),
        format!(
            "{base}\n  unmanaged_policies = \"report\"\n  tolerate = [\"Guardrail*\"]\n  deletion_protection = true"
        ),
        base.clone(),
    ];
    // ministack takes an empty description for none, and leaves the old one.
    let without_description = base.replace("  description = \"first\"\n", "");
    let last = if site.emulator() == Emulator::Moto { without_description } else { base.clone() };
    for arguments in steps.into_iter().chain([last].into_iter().filter(|last| *last != base)) {
        workspace.rewrite(&role(&arguments));
        assert_eq!(workspace.plan().actions(ROLE), ["update"], "{arguments}");
        workspace.apply();
        workspace.plan().assert_empty();
    }
    assert_eq!(workspace.state().text(ROLE, "unique_id"), unique_id, "it is still the same role");
    let account = site.account();
    assert_eq!(account.tags("runner-custom"), BTreeMap::new());
    assert_eq!(account.boundary("runner-custom"), None);
    assert_eq!(account.attached_policies("runner-custom").len(), 0);
    assert_eq!(account.inline_policies("runner-custom").len(), 1);
    workspace.destroy();
}

fn nothing_but_the_differing_calls_are_made(site: &Site) {
    let base =
        format!("{TRUST}\n  permissions = {{ inline_policies = {{ a = {} }} }}", allow("sqs:ListQueues"));
    let workspace = site.workspace(&role(&base));
    workspace.apply();
    workspace.rewrite(&role(&format!("{base}\n  tags = {{ a = \"1\" }}")));
    let calls = site.account().calls_during(|| {
        workspace.apply_with(&["-refresh=false"]);
    });
    let writes: Vec<&String> =
        calls.iter().filter(|call| !call.starts_with("Get") && !call.starts_with("List")).collect();
    assert_eq!(writes, ["TagRole"], "{calls:?}");
    workspace.destroy();
}

fn two_calls_make_a_role_with_one_inline_policy(site: &Site) {
    let workspace = site.workspace(&role(&format!(
        "{TRUST}\n  tags = {{ a = \"1\" }}\n  description = \"x\"\n  permissions_boundary = \"arn:aws:iam::aws:policy/ReadOnlyAccess\"\n  \
         permissions = {{ inline_policies = {{ a = {} }} }}",
        allow("sqs:ListQueues")
    )));
    let calls = site.account().calls_during(|| {
        workspace.apply();
    });
    let iam: Vec<&String> = calls.iter().filter(|call| *call != "GetCallerIdentity").collect();
    assert_eq!(iam, ["CreateRole", "PutRolePolicy"]);
    workspace.destroy();
}

fn a_new_name_path_or_prefix_makes_a_new_role(site: &Site) {
    let with = |names: &str| {
        format!(
            "resource \"deployrunner_task_role\" \"this\" {{\n  task = \"custom\"\n{TRUST}\n{names}\n}}\n"
        )
    };
    let workspace = site.workspace(&with("  name = \"one\""));
    workspace.apply();
    for names in ["  name = \"two\"", "  name = \"two\"\n  path = \"/ci/\"", "  name_prefix = \"three-\""] {
        workspace.rewrite(&with(names));
        assert_eq!(workspace.plan().actions(ROLE), ["delete", "create"], "{names}");
        workspace.apply();
        workspace.plan().assert_empty();
        assert_eq!(site.account().role_names().len(), 1, "the old role is gone");
    }
    workspace.destroy();
}

fn a_prefix_gives_each_role_a_name_of_its_own(site: &Site) {
    let workspace = site.workspace(&format!(
        "resource \"deployrunner_task_role\" \"this\" {{\n  count = 2\n  name_prefix = \"runner-\"\n  task = \"custom\"\n{TRUST}\n}}\n"
    ));
    workspace.apply();
    let names = site.account().role_names();
    assert_eq!(names.len(), 2);
    assert!(names.iter().all(|name| name.starts_with("runner-") && name.len() == 33), "{names:?}");
    workspace.plan().assert_empty();
    workspace.destroy();
    let one = |names: &str| {
        format!(
            "resource \"deployrunner_task_role\" \"this\" {{\n  task = \"custom\"\n{TRUST}\n{names}\n}}\n"
        )
    };
    workspace.rewrite(&one("name_prefix = \"runner-\""));
    workspace.apply();
    let name = workspace.state().text(ROLE, "name").to_owned();
    workspace.rewrite(&one(&format!("name = \"{name}\"")));
    assert_eq!(workspace.plan().actions(ROLE), ["update"], "a name that is written down is the same name");
    workspace.apply();
    workspace.destroy();
}

fn a_reformatted_policy_is_no_change(site: &Site) {
    let with = |policies: &str| {
        role(&format!("{TRUST}\n  permissions = {{ inline_policies = {{\n{policies}\n  }} }}"))
    };
    let written = "a = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", \
                   Action = [\"sqs:ListQueues\", \"s3:GetObject\"], Resource = [\"*\"] }] })";
    let respelled = "a = jsonencode({ Version = \"2012-10-17\", Statement = { Effect = \"Allow\", \
                     Action = [\"S3:getobject\", \"sqs:ListQueues\"], Resource = \"*\", Sid = \"\" } })";
    let workspace = site.workspace(&with(written));
    workspace.apply();
    workspace.rewrite(&with(respelled));
    workspace.plan().assert_empty();

    // One that is only respelled beside one that is new: the plan says what the configuration says.
    workspace.rewrite(&with(&format!("{respelled}\n  b = {}", allow("sqs:ListQueueTags"))));
    let calls = site.account().calls_during(|| {
        workspace.apply_with(&["-refresh=false"]);
    });
    let puts = calls.iter().filter(|call| *call == "PutRolePolicy").count();
    assert_eq!(puts, 1, "{calls:?}");
    workspace.plan().assert_empty();
    workspace.destroy();
}

fn deleting_takes_down_whatever_the_role_holds(site: &Site) {
    let workspace = site.workspace(&role(TRUST));
    workspace.apply();
    let account = site.account();
    let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }] });
    account.put_inline_policy("runner-custom", "stray", &policy);
    account.attach("runner-custom", "arn:aws:iam::aws:policy/ReadOnlyAccess");
    let iam = account.iam();
    account.must(iam.create_instance_profile().instance_profile_name("stray").send());
    account.must(
        iam.add_role_to_instance_profile().instance_profile_name("stray").role_name("runner-custom").send(),
    );
    workspace.destroy();
    assert!(account.role("runner-custom").is_none());
    account.must(iam.delete_instance_profile().instance_profile_name("stray").send());
}

fn a_protected_role_is_neither_destroyed_nor_replaced(site: &Site) {
    let workspace = site.workspace(&role(&format!("{TRUST}\n  deletion_protection = true")));
    workspace.apply();
    let refused = workspace.run(&["destroy", "-auto-approve", "-no-color"]);
    refused.assert_failed();
    refused.assert_says(&["protected from deletion", "deletion_protection = false"]);
    workspace.rewrite(&role(&format!("{TRUST}\n  deletion_protection = true\n  path = \"/new/\"")));
    workspace.plan_error(&["protected from deletion"]);
    assert!(site.account().role("runner-custom").is_some());
    workspace.rewrite(&role(TRUST));
    workspace.apply();
    workspace.destroy();
}
