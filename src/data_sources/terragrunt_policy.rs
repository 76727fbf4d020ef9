//! `deployrunner_terragrunt_policy`: what Terragrunt needs beside the state itself, as a policy.
//!
//! Owns the arguments, and what Terragrunt looks at before it starts Terraform. The locks are `permissions::state`'s.
//!
//! Sources: Terragrunt's documentation, "Authentication" and "State Backend", and its code: by itself it looks at no
//! bucket and no table; with `--backend-bootstrap` it asks whether both are there (`HeadBucket`, `DescribeTable`), as
//! versions up to 0.85 always did, which also asked whether the bucket keeps versions.

use super::{named_actions, rendered};
use crate::checks::arns;
use crate::permissions::state::{
    Access, LockTable, Locks, bucket_name, key_prefix, lock_ids, partition, validate_one_partition,
    validate_prefixes,
};
use crate::provider::Client;
use iam_policy::Statement;
use tfplug::context::Context;
use tfplug::data_source::DataSource;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{List, Set, computed, optional, required};

object! {
    /// A policy for what Terragrunt adds to Terraform: locks in a DynamoDB table, and, where that is asked for, a look at the bucket and the table of the state. AWS is not asked.
    ///
    /// Terragrunt also asks who it is (`sts:GetCallerIdentity`, for `get_aws_account_id` and the like); that takes no permission, so it is not in the policy. The state itself is the business of `deployrunner_terraform_remote_state_s3_policy`; whoever holds that with `lock = "dynamodb"` has these locks already. Creating the bucket or the table is not here: do that once, with `terragrunt backend bootstrap` and credentials of your own.
    pub(super) struct State {
        /// ARN of the DynamoDB table that holds the locks.
        lock_table_arn: String = required().check(arns::dynamodb_table),
        /// `read`, what a plan takes: locks can be taken, looked at and released. `write`, what an apply takes: the checksums of the states, which Terraform keeps in the same table, can be written, too.
        access: String = required().one_of(Access::NAMES),
        /// Name of the bucket that holds the states. Then only the locks of its states can be used: a lock's ID begins with the bucket.
        bucket: String = optional().check(bucket_name),
        /// What the keys of the states in `bucket` begin with, such as `prod/`. Then only the locks of these states can be used. `["*"]` is every state in the bucket.
        key_prefixes: Set<String> = optional().check_each(key_prefix),
        /// Whether Terragrunt may look whether the bucket and the table are there and whether the bucket keeps versions, as it does with `--backend-bootstrap`, and up to version 0.85 always. Needs `bucket`, of which the names of all keys can then be listed: AWS has no other permission for asking whether a bucket exists.
        bootstrap_checks: bool = optional(),
        /// ARN of the KMS key that encrypts the table, when it is one of your own. It can only be used by way of DynamoDB and for this table.
        lock_table_kms_key_arn: String = optional().check(arns::kms_key),
        /// The policy in JSON, to be read.
        json: String = computed(),
        /// The same policy in few characters, as `minify_policy` gives it.
        minified_json: String = computed(),
        /// The actions in the policy, sorted.
        actions: List<String> = computed(),
    }
}

/// The data source.
#[derive(Debug)]
pub(super) struct TerragruntPolicy;

impl DataSource for TerragruntPolicy {
    const NAME: &'static str = "terragrunt_policy";
    type State = State;
    type Client = Client;

    fn validate(config: &State, found: &mut Diagnostics) {
        validate_prefixes(&config.key_prefixes, &Path::attribute("key_prefixes"), found);
        validate_one_partition(
            &[
                (&config.lock_table_arn, "lock_table_arn"),
                (&config.lock_table_kms_key_arn, "lock_table_kms_key_arn"),
            ],
            &Path::root(),
            found,
        );
        for (given, name) in [
            (!config.key_prefixes.is_null(), "key_prefixes"),
            (config.bootstrap_checks.known() == Some(&true), "bootstrap_checks"),
        ] {
            if given && config.bucket.is_null() {
                let detail = format!("`{name}` is about a bucket. Name it in `bucket`.");
                found.push(Diagnostic::error("The bucket is missing", detail).at(Path::attribute(name)));
            }
        }
    }

    async fn read(_: &Context<Client>, config: State) -> Result<State, Diagnostics> {
        let access = config.access.known().map_or(Access::Read, |name| Access::of(name));
        let mut statements = locks(&config, access);
        if config.bootstrap_checks.known() == Some(&true) {
            statements.extend(bootstrap_checks(&config));
        }
        let actions = named_actions(&statements);
        let policy = rendered(statements)?;
        Ok(State { json: policy.json, minified_json: policy.minified_json, actions, ..config })
    }
}

fn locks(config: &State, access: Access) -> Vec<Statement> {
    let table = LockTable {
        arn: config.lock_table_arn.known().map(String::as_str).unwrap_or_default(),
        kms_key_arn: config.lock_table_kms_key_arn.known().map(String::as_str),
    };
    let ids = config.bucket.known().map(|bucket| lock_ids(bucket, &config.key_prefixes)).unwrap_or_default();
    table.statements(&Locks { own: ids.clone(), readable: ids }, access)
}

fn bootstrap_checks(config: &State) -> [Statement; 2] {
    let table = config.lock_table_arn.known().cloned().unwrap_or_default();
    let partition = partition(&config.lock_table_arn).unwrap_or_default();
    let bucket = config.bucket.known().cloned().unwrap_or_default();
    [
        // `HeadBucket` is authorized as a listing without a prefix ("HeadBucket", Amazon S3 API reference).
        Statement::allow(["s3:GetBucketVersioning", "s3:ListBucket"])
            .sid("StateBucketCheck")
            .resource(format!("arn:{partition}:s3:::{bucket}")),
        Statement::allow(["dynamodb:DescribeTable"]).sid("LockTableCheck").resource(table),
    ]
}
