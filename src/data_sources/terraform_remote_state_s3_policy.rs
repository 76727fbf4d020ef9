//! `deployrunner_terraform_remote_state_s3_policy`: what Terraform needs of the bucket that holds its state, as a policy.
//!
//! Owns the flat arguments. Which statements they come to is decided in `permissions::state`.

use super::{named_actions, rendered};
use crate::checks::arns;
use crate::home::{Home, is_partition};
use crate::permissions::state::{
    self, Access, LOCKS, bucket_name, key_prefix, partition, workspace_key_prefix,
};
use crate::provider::Client;
use tfplug::context::Context;
use tfplug::data_source::DataSource;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, List, Set, computed, optional, required};

object! {
    /// A policy for Terraform's state in S3: reading it, writing it, and locking it, and no other object of the bucket. AWS is not asked.
    ///
    /// It is for a bucket and a table of locks that exist: neither is created, configured or described, since Terraform does none of that. Asking who one is (`sts:GetCallerIdentity`), which the backend does first, takes no permission. A backend with the argument `acl` takes `s3:PutObjectAcl`, too, which is not here; leave that argument out.
    pub(super) struct State {
        /// Name of the bucket.
        bucket: String = required().check(bucket_name),
        /// What the keys of the states begin with, such as `prod/`. A prefix is taken as it is written: `prod` also covers `production/terraform.tfstate`, and a whole key, such as `prod/network/terraform.tfstate`, covers that state alone. `["*"]` is every state in the bucket.
        key_prefixes: Set<String> = required().check_each(key_prefix),
        /// `read`, what `terraform plan` takes: the states can be read and locked, and nothing but the lock can be written. `write`, what `terraform apply` takes: the states can be written, too.
        access: String = required().one_of(Access::NAMES),
        /// What the keys of other units' states begin with that can be read, by `terraform_remote_state` or by Terragrunt's `dependency`, and neither written nor locked.
        read_key_prefixes: Set<String> = optional().check_each(key_prefix),
        /// Under which prefix Terraform keeps the states of workspaces: the `workspace_key_prefix` of the backend, or `env:`, which is Terraform's default. Then the states of all workspaces whose keys begin as the prefixes above are covered as well, workspaces can be listed (the names of all workspaces and of their keys show), and with `write` they can be created and deleted. Without it there is only the default workspace, whose state cannot be deleted. IAM's wildcards do not stop at slashes: with the prefix `prod/`, the key `env:/qa/other/prod/x` is covered too. Terraform 1.6.0 to 1.7.1 and OpenTofu 1.6 list workspaces in every run and do not bear a refusal: they need this even without workspaces.
        workspace_key_prefix: String = optional().check(workspace_key_prefix),
        /// ARN of the KMS key that encrypts the states, when it is not S3's own. The key can only be used by way of S3 and for this bucket.
        kms_key_arn: String = optional().check(arns::kms_key),
        /// How runs lock each other out: `s3`, a lock file beside the state (`use_lockfile`), which is the default; `dynamodb`, an item in the table `lock_table_arn`; or `none`.
        lock: String = optional().one_of(LOCKS),
        /// ARN of the DynamoDB table that holds the locks, for `lock = "dynamodb"`. Only the items of these states can be read or written; the state's checksum, which Terraform keeps in the same table, only with `write`.
        lock_table_arn: String = optional().check(arns::dynamodb_table),
        /// ARN of the KMS key that encrypts the table, when it is one of your own. It can only be used by way of DynamoDB and for this table.
        lock_table_kms_key_arn: String = optional().check(arns::kms_key),
        /// Partition of the bucket, such as `aws-cn`. Without it, that of the ARNs above, or `aws`.
        partition: String = optional().check(is_partition),
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
pub(super) struct TerraformRemoteStateS3Policy;

impl DataSource for TerraformRemoteStateS3Policy {
    const NAME: &'static str = "terraform_remote_state_s3_policy";
    type State = State;
    type Client = Client;

    fn validate(config: &State, found: &mut Diagnostics) {
        state::validate(&section(config), &Path::root(), found);
        let stated = config.partition.known();
        for (arn, name) in given_arns(config) {
            let Some((stated, other)) = stated.zip(partition(arn)) else { continue };
            if *stated != other {
                let detail =
                    format!("`{name}` is in the partition `{other}`, and `partition` says {stated:?}.");
                found.push(Diagnostic::error("Two partitions", detail).at(Path::attribute("partition")));
            }
        }
    }

    async fn read(_: &Context<Client>, config: State) -> Result<State, Diagnostics> {
        let of_an_arn = given_arns(&config).into_iter().find_map(|(arn, _)| partition(arn));
        let partition = config.partition.known().cloned().or(of_an_arn).unwrap_or_else(|| "aws".to_owned());
        let home = Home { partition: &partition, account_id: "" };
        let access = config.access.known().map_or(Access::Read, |name| Access::of(name));
        let statements = state::statements(&section(&config), access, home);
        let actions = named_actions(&statements);
        let policy = rendered(statements)?;
        Ok(State { json: policy.json, minified_json: policy.minified_json, actions, ..config })
    }
}

fn given_arns(config: &State) -> [(&Attr<String>, &'static str); 3] {
    [
        (&config.kms_key_arn, "kms_key_arn"),
        (&config.lock_table_arn, "lock_table_arn"),
        (&config.lock_table_kms_key_arn, "lock_table_kms_key_arn"),
    ]
}

fn section(config: &State) -> state::State {
    state::State {
        bucket: config.bucket.clone(),
        key_prefixes: config.key_prefixes.clone(),
        read_key_prefixes: config.read_key_prefixes.clone(),
        workspace_key_prefix: config.workspace_key_prefix.clone(),
        kms_key_arn: config.kms_key_arn.clone(),
        lock: config.lock.clone(),
        lock_table_arn: config.lock_table_arn.clone(),
        lock_table_kms_key_arn: config.lock_table_kms_key_arn.clone(),
    }
}
