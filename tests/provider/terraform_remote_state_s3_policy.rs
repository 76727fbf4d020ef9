//! `deployrunner_terraform_remote_state_s3_policy`: a role that holds just this policy runs Terraform on an S3 backend,
//! and does nothing else to the bucket and the table of locks.

mod backend;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Account, Ground, Site, Workspace};
use backend::{Backend, Lock};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.8", the_write_policy_is_enough_with_a_table_of_locks)
        .on_each_terraform_since("1.8", the_write_policy_is_enough_without_locks)
        .on_ministack(the_write_policy_is_enough_with_lock_files)
        .on_ministack(the_read_policy_plans_under_a_lock_file_and_cannot_write_the_state)
        .on_ministack(the_read_policy_plans_under_an_item_of_a_table_and_cannot_write_the_state)
        .on_each_terraform_since("1.8", without_workspaces_only_the_default_one_is_there)
        .on_ministack(another_prefixs_state_is_read_only_where_the_policy_says_so)
        .on_ministack(the_partition_is_that_of_an_arn_or_as_stated)
        .on_ministack(a_slip_is_refused_at_its_argument)
        .into_iter()
        .collect()
}

const UNIT: &str = "prod/network/terraform.tfstate";

/// Roles `writer` and `reader` that hold just the policies of these arguments, with the bucket and the table.
fn roles(site: &Site, arguments: &str) -> Workspace {
    let account = site.account();
    let root = site.api();
    root.must("s3", "create_bucket", &json!({ "Bucket": backend::bucket(account) }));
    root.must("dynamodb", "create_table", &backend::table());
    let role = |name: &str, access: &str| {
        format!(
            r#"
data "deployrunner_terraform_remote_state_s3_policy" "{name}" {{
  bucket       = "{}"
  key_prefixes = ["prod/"]
  access       = "{access}"
{arguments}
}}

resource "deployrunner_task_role" "{name}" {{
  name        = "{name}"
  task        = "custom"
  trust       = {{ aws = [{{ principals = ["{}"] }}] }}
  permissions = {{ inline_policies = {{ state = data.deployrunner_terraform_remote_state_s3_policy.{name}.json }} }}
}}
"#,
            backend::bucket(account),
            account.id()
        )
    };
    let workspace = site.workspace(&(role("writer", "write") + &role("reader", "read")));
    workspace.apply();
    workspace
}

fn lock_table(account: &Account) -> String {
    format!(
        "  lock = \"dynamodb\"\n  lock_table_arn = \"arn:aws:dynamodb:us-east-1:{}:table/{}\"",
        account.id(),
        backend::TABLE
    )
}

const WITH_WORKSPACES: &str = "\n  workspace_key_prefix = \"env:\"";

/// Everything that a writer does in a unit's life, its second workspace included.
fn works(site: &Site, arguments: &str, lock: Lock) {
    let roles = roles(site, &format!("{arguments}{WITH_WORKSPACES}"));
    let unit = Backend { role: Some("writer"), key: UNIT, lock }.workspace(site);
    unit.plan();
    unit.apply();
    unit.plan().assert_empty();
    for arguments in [["new", "qa"], ["select", "default"], ["select", "qa"]] {
        unit.run(&[&["workspace"], &arguments[..]].concat()).assert_succeeded();
    }
    unit.apply();
    unit.plan().assert_empty();
    unit.destroy();
    unit.run(&["workspace", "select", "default"]).assert_succeeded();
    unit.run(&["workspace", "delete", "qa"]).assert_succeeded();
    assert!(!unit.run(&["workspace", "list"]).says("qa"), "it is gone");
    unit.plan().assert_empty();
    unit.destroy();
    roles.destroy();
}

fn the_write_policy_is_enough_with_lock_files(site: &Site) {
    works(site, "", Lock::File);
}

fn the_write_policy_is_enough_with_a_table_of_locks(site: &Site) {
    works(site, &lock_table(site.account()), Lock::Table);
}

fn the_write_policy_is_enough_without_locks(site: &Site) {
    works(site, "  lock = \"none\"", Lock::None);
}

/// A reader plans a unit that a writer applied, and changes nothing that anybody could see. It is refused the calls.
fn plans_and_cannot_write(site: &Site, arguments: &str, lock: Lock, refused: &[(&str, &str, Value)]) {
    let roles = roles(site, &format!("{arguments}{WITH_WORKSPACES}"));
    let writer = Backend { role: Some("writer"), key: UNIT, lock }.workspace(site);
    writer.apply();
    let reader = Backend { role: Some("reader"), key: UNIT, lock }.workspace(site);
    reader.plan().assert_empty();
    backend::change(&reader);
    assert_eq!(reader.plan().actions(backend::DATA), ["update"]);
    reader.apply_error(&["Failed to save state", "s3:PutObject", "AccessDenied"]);
    let new = reader.run(&["workspace", "new", "qa"]);
    new.assert_failed();
    new.assert_says(&["AccessDenied"]);
    let session = site.api_as("reader", site.account());
    for (service, operation, parameters) in refused {
        session.must_not(service, operation, parameters);
    }
    writer.plan().assert_empty();
    writer.destroy();
    roles.destroy();
}

fn the_read_policy_plans_under_a_lock_file_and_cannot_write_the_state(site: &Site) {
    let bucket = backend::bucket(site.account());
    let lock = "prod/network/terraform.tfstate.tflock";
    let refused = [
        ("put_object", json!({ "Bucket": bucket, "Key": UNIT, "Body": "" })),
        ("delete_object", json!({ "Bucket": bucket, "Key": UNIT })),
        ("put_object", json!({ "Bucket": bucket, "Key": "stage/terraform.tfstate.tflock", "Body": "" })),
        ("list_objects_v2", json!({ "Bucket": bucket })),
        ("list_objects_v2", json!({ "Bucket": bucket, "Prefix": "stage/" })),
        ("put_object_acl", json!({ "Bucket": bucket, "Key": lock, "ACL": "public-read" })),
        ("get_bucket_policy", json!({ "Bucket": bucket })),
    ];
    let refused = refused.map(|(operation, parameters)| ("s3", operation, parameters));
    let calls = site.account().calls_during(|| plans_and_cannot_write(site, "", Lock::File, &refused));
    for method in ["PUT", "DELETE"] {
        let of_the_lock = |call: &String| call.starts_with(method) && call.ends_with(lock);
        assert!(calls.iter().any(of_the_lock), "the lock was taken and released: {calls:?}");
    }
}

fn the_read_policy_plans_under_an_item_of_a_table_and_cannot_write_the_state(site: &Site) {
    let bucket = backend::bucket(site.account());
    let item = |id: &str| json!({ "LockID": { "S": format!("{bucket}/{id}") } });
    let checksum = format!("{UNIT}-md5");
    let table = |name: &str, value: Value| json!({ "TableName": backend::TABLE, name: value });
    let lock_file = format!("{UNIT}.tflock");
    let refused = [
        ("dynamodb", "put_item", table("Item", item(&checksum))),
        ("dynamodb", "delete_item", table("Key", item(&checksum))),
        ("dynamodb", "put_item", table("Item", item("stage/terraform.tfstate"))),
        ("dynamodb", "scan", json!({ "TableName": backend::TABLE })),
        ("dynamodb", "describe_table", json!({ "TableName": backend::TABLE })),
        ("s3", "put_object", json!({ "Bucket": bucket, "Key": lock_file, "Body": "" })),
    ];
    plans_and_cannot_write(site, &lock_table(site.account()), Lock::Table, &refused);
}

fn without_workspaces_only_the_default_one_is_there(site: &Site) {
    let roles = roles(site, "  lock = \"none\"");
    let unit = Backend { role: Some("writer"), key: UNIT, lock: Lock::None }.workspace(site);
    unit.apply();
    let new = unit.run(&["workspace", "new", "qa"]);
    new.assert_failed();
    new.assert_says(&["env:/qa/prod/network/terraform.tfstate", "Forbidden"]);
    unit.run(&["workspace", "select", "default"]).assert_succeeded();
    unit.plan().assert_empty();
    unit.destroy();
    roles.destroy();
}

fn another_prefixs_state_is_read_only_where_the_policy_says_so(site: &Site) {
    let roles = roles(site, "  read_key_prefixes = [\"shared/\"]");
    for key in ["shared/vpc.tfstate", "secret/vpc.tfstate"] {
        Backend { role: None, key, lock: Lock::None }.workspace(site).apply();
    }
    for role in ["reader", "writer"] {
        let of = |key| Backend { role: Some(role), key, lock: Lock::File };
        let unit = of(UNIT).workspace(site);
        unit.write("other.tf", &of("shared/vpc.tfstate").as_dependency(site));
        assert_eq!(unit.plan().actions(backend::DATA), ["create"]);
        unit.write("other.tf", &of("secret/vpc.tfstate").as_dependency(site));
        unit.plan_error(&["secret/vpc.tfstate", "Forbidden"]);
        let shared = Backend { lock: Lock::None, ..of("shared/vpc.tfstate") }.workspace(site);
        shared.plan().assert_empty();
        backend::change(&shared);
        shared.apply_error(&["s3:PutObject", "AccessDenied"]);
    }
    roles.destroy();
}

fn policy(arguments: &str) -> String {
    format!("data \"deployrunner_terraform_remote_state_s3_policy\" \"this\" {{\n{arguments}\n}}\n")
}

fn the_partition_is_that_of_an_arn_or_as_stated(site: &Site) {
    const ADDRESS: &str = "data.deployrunner_terraform_remote_state_s3_policy.this";
    let unit = "bucket = \"acme-tfstate\"\nkey_prefixes = [\"prod/\"]\naccess = \"read\"\n";
    let workspace = site.workspace("");
    for (arguments, bucket) in [
        ("", "arn:aws:s3:::acme-tfstate"),
        ("partition = \"aws-cn\"", "arn:aws-cn:s3:::acme-tfstate"),
        (
            "kms_key_arn = \"arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1234abcd\"",
            "arn:aws-us-gov:s3:::acme-tfstate",
        ),
    ] {
        workspace.rewrite(&policy(&format!("{unit}{arguments}")));
        workspace.apply();
        let state = workspace.state();
        assert!(state.text(ADDRESS, "json").contains(bucket), "{arguments}");
        assert!(state.text(ADDRESS, "minified_json").len() < state.text(ADDRESS, "json").len());
        let actions = state.attribute(ADDRESS, "actions").to_string();
        assert!(actions.contains("s3:ListBucket") && !actions.contains('*'), "{actions}");
    }
}

fn a_slip_is_refused_at_its_argument(site: &Site) {
    let workspace = site.workspace("");
    let unit = "bucket = \"acme-tfstate\"\nkey_prefixes = [\"prod/\"]\naccess = \"read\"\n";
    let with = |more: &str| format!("{unit}{more}");
    for (arguments, texts) in [
        (unit.replace("\"prod/\"", ""), ["key_prefixes = []", "write `[\"*\"]` for every state"]),
        (unit.replace("prod/", ""), ["key_prefixes = [\"\"]", "or `*` for every state in the bucket"]),
        (unit.replace("prod/", "/prod"), ["key_prefixes = [\"/prod\"]", "Write `prod`"]),
        (unit.replace("prod/", "prod/*"), ["key_prefixes = [\"prod/*\"]", "taken as it is written"]),
        (
            unit.replace("acme-tfstate", "arn:aws:s3:::acme"),
            ["bucket ", "write what is behind its last colon"],
        ),
        (unit.replace("\"read\"", "\"reads\""), ["access ", "Did you mean \"read\"?"]),
        (with("lock = \"dynamodb\""), ["lock = \"dynamodb\"", "Name it in `lock_table_arn`"]),
        (with("lock = \"dynamo\""), ["lock = \"dynamo\"", "dynamodb"]),
        (with("kms_key_arn = \"alias/state\""), ["kms_key_arn = ", "looks like `arn:aws:kms:"]),
        (with("workspace_key_prefix = \"env:/\""), ["workspace_key_prefix = ", "Write `env:`"]),
        (with("partition = \"aws-china\""), ["partition = ", "Did you mean `aws-cn`?"]),
        (
            with(
                "partition = \"aws\"\nkms_key_arn = \"arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd\"",
            ),
            ["partition = \"aws\"", "is in the partition `aws-cn`"],
        ),
    ] {
        workspace.rewrite(&policy(&arguments));
        workspace.plan_error(&texts);
    }
}
