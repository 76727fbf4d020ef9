//! `deployrunner_terragrunt_policy`: a role that holds just this policy takes and releases the locks of its states, and
//! asks who it is.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{Ground, Site, Workspace};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_ministack(a_lock_is_taken_once_looked_at_and_released)
        .on_ministack(nobody_takes_the_locks_of_other_states)
        .on_ministack(checksums_are_written_with_write_access_alone)
        .on_ministack(bucket_and_table_are_looked_at_where_that_is_asked_for)
        .on_ministack(every_lock_of_the_table_is_meant_without_a_bucket)
        .on_ministack(a_slip_is_refused_at_its_argument)
        .into_iter()
        .collect()
}

const TABLE: &str = "terragrunt-locks";
const REFUSED: Option<&str> = Some("AccessDeniedException");

/// A role `terragrunt` that holds just the policy of these arguments, and the table.
fn role(site: &Site, arguments: &str) -> Workspace {
    let root = site.api();
    root.must("s3", "create_bucket", &json!({ "Bucket": bucket(site) }));
    let table = json!({
        "TableName": TABLE,
        "KeySchema": [{ "AttributeName": "LockID", "KeyType": "HASH" }],
        "AttributeDefinitions": [{ "AttributeName": "LockID", "AttributeType": "S" }],
        "BillingMode": "PAY_PER_REQUEST",
    });
    root.must("dynamodb", "create_table", &table);
    let workspace = site.workspace(&body(site, arguments));
    workspace.apply();
    workspace
}

fn body(site: &Site, arguments: &str) -> String {
    format!(
        r#"
data "deployrunner_terragrunt_policy" "this" {{
  lock_table_arn = "arn:aws:dynamodb:us-east-1:{account}:table/{TABLE}"
{arguments}
}}

resource "deployrunner_task_role" "terragrunt" {{
  name        = "terragrunt"
  task        = "custom"
  trust       = {{ aws = [{{ principals = ["{account}"] }}] }}
  permissions = {{ inline_policies = {{ locks = data.deployrunner_terragrunt_policy.this.minified_json }} }}
}}
"#,
        account = site.account().id()
    )
}

fn bucket(site: &Site) -> String {
    format!("tfstate-{}", site.account().id())
}

/// The arguments of a role for the states of `prod/`.
fn prod(site: &Site, access: &str) -> String {
    format!("  access = \"{access}\"\n  bucket = \"{}\"\n  key_prefixes = [\"prod/\"]", bucket(site))
}

/// A call of a service, as boto3 names it.
type Call = (&'static str, &'static str, Value);

/// The codes that a session of the role is answered with, none where it is done.
#[track_caller]
fn answers(site: &Site, calls: &[Call], expected: &[Option<&str>]) {
    let session = site.api_as("terragrunt", site.account());
    let answers: Vec<Option<String>> = calls
        .iter()
        .map(|(service, operation, parameters)| session.attempt(service, operation, parameters))
        .map(|answer| answer.err().map(|refusal| refusal.code))
        .collect();
    assert_eq!(answers.iter().map(Option::as_deref).collect::<Vec<_>>(), expected, "{calls:#?}");
}

fn take(id: &str) -> Call {
    let item = json!({
        "TableName": TABLE,
        "Item": { "LockID": { "S": id }, "Info": { "S": "{}" } },
        "ConditionExpression": "attribute_not_exists(LockID)",
    });
    ("dynamodb", "put_item", item)
}

fn look(id: &str) -> Call {
    let key = json!({ "LockID": { "S": id } });
    ("dynamodb", "get_item", json!({ "TableName": TABLE, "Key": key, "ConsistentRead": true }))
}

fn release(id: &str) -> Call {
    ("dynamodb", "delete_item", json!({ "TableName": TABLE, "Key": { "LockID": { "S": id } } }))
}

fn a_lock_is_taken_once_looked_at_and_released(site: &Site) {
    let role = role(site, &prod(site, "read"));
    let id = format!("{}/prod/network/terraform.tfstate", bucket(site));
    answers(
        site,
        &[take(&id), take(&id), look(&id), release(&id), take(&id), release(&id)],
        &[None, Some("ConditionalCheckFailedException"), None, None, None, None],
    );
    answers(site, &[("sts", "get_caller_identity", json!({}))], &[None]);
    role.destroy();
}

fn nobody_takes_the_locks_of_other_states(site: &Site) {
    let role = role(site, &prod(site, "write"));
    let of_other_keys = format!("{}/stage/network/terraform.tfstate", bucket(site));
    for id in [of_other_keys.as_str(), "tfstate-of-others/prod/network/terraform.tfstate", "prod/"] {
        answers(site, &[take(id), look(id), release(id)], &[REFUSED; 3]);
    }
    let table = json!({ "TableName": TABLE });
    let others = [("dynamodb", "scan", table.clone()), ("dynamodb", "delete_table", table)];
    answers(site, &others, &[REFUSED; 2]);
    role.destroy();
}

fn checksums_are_written_with_write_access_alone(site: &Site) {
    let id = format!("{}/prod/network/terraform.tfstate-md5", bucket(site));
    let calls = [take(&id), look(&id), release(&id)];
    let role = role(site, &prod(site, "read"));
    answers(site, &calls, &[REFUSED, None, REFUSED]);
    role.rewrite(&body(site, &prod(site, "write")));
    role.apply();
    answers(site, &calls, &[None; 3]);
    role.destroy();
}

fn bucket_and_table_are_looked_at_where_that_is_asked_for(site: &Site) {
    let versioning = json!({ "Bucket": bucket(site), "VersioningConfiguration": { "Status": "Suspended" } });
    let state = json!({ "Bucket": bucket(site), "Key": "prod/network/terraform.tfstate" });
    let looks = [
        ("s3", "head_bucket", json!({ "Bucket": bucket(site) })),
        ("s3", "get_bucket_versioning", json!({ "Bucket": bucket(site) })),
        ("dynamodb", "describe_table", json!({ "TableName": TABLE })),
        ("s3", "put_bucket_versioning", versioning),
        ("s3", "get_object", state),
    ];
    let role = role(site, &(prod(site, "read") + "\n  bootstrap_checks = true"));
    let denied = Some("AccessDenied");
    answers(site, &looks, &[None, None, None, denied, denied]);
    role.destroy();
}

fn every_lock_of_the_table_is_meant_without_a_bucket(site: &Site) {
    let role = role(site, "  access = \"read\"");
    answers(site, &[take("any/x"), release("any/x"), take("any/x-md5")], &[None, None, REFUSED]);
    let looks = [
        ("s3", "head_bucket", json!({ "Bucket": bucket(site) })),
        ("dynamodb", "describe_table", json!({ "TableName": TABLE })),
    ];
    answers(site, &looks, &[Some("403"), REFUSED]);
    role.destroy();
}

fn a_slip_is_refused_at_its_argument(site: &Site) {
    let workspace = site.workspace("");
    let table =
        "lock_table_arn = \"arn:aws:dynamodb:eu-west-1:111122223333:table/locks\"\naccess = \"read\"\n";
    for (arguments, texts) in [
        (
            table.replace("arn:aws:dynamodb:eu-west-1:111122223333:table/", ""),
            ["lock_table_arn = ", "looks like `arn:"],
        ),
        (format!("{table}key_prefixes = [\"prod/\"]"), ["key_prefixes = ", "Name it in `bucket`"]),
        (format!("{table}bootstrap_checks = true"), ["bootstrap_checks = ", "Name it in `bucket`"]),
        (format!("{table}bucket = \"acme\"\nkey_prefixes = []"), ["key_prefixes = []", "is empty"]),
        (
            format!(
                "{table}lock_table_kms_key_arn = \"arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd\""
            ),
            ["lock_table_kms_key_arn = ", "ARNs of two partitions"],
        ),
    ] {
        workspace.rewrite(&format!("data \"deployrunner_terragrunt_policy\" \"this\" {{\n{arguments}\n}}\n"));
        workspace.plan_error(&texts);
    }
}
