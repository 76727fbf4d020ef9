//! What a role may do: what users write, turned into the policies that it will hold. One home for every
//! resource that makes roles. Never asks AWS.
//!
//! [`held()`] is the whole way: `select` finds the actions, `place` and `iam_changes` put them on resources, `held` packs
//! what they come to.

pub mod ami_build;
pub mod api_gateway;
mod base;
pub mod ecr_push;
mod ecs;
pub mod ecs_deploy;
mod generated;
mod held;
mod iam_changes;
pub mod invoke;
mod keeps;
mod named;
pub(crate) mod narrow;
mod place;
#[cfg(test)]
mod probe;
mod select;
mod shown;
mod spelling;
pub mod state;
mod summary;
mod validate;

pub use generated::is_repository;
pub use held::{GENERATED, Held, document, held, is_told};
pub use shown::{Managed, Owned};
pub use spelling::{compact, confirmed, keep_spelling, read_back, same};
pub use validate::{applier_without, says_nothing, validate};

use crate::checks;
use crate::home::Home;
use ami_build::AmiBuild;
use ecr_push::EcrPush;
use ecs_deploy::EcsDeploy;
use iam_policy::Pattern;
use invoke::Invoke;
use state::State;
use tfplug::object;
use tfplug::schema::{Attr, List, Map, Set, optional, required};

object! {
    /// What the role may do. What is not allowed here is denied, as everywhere in IAM.
    pub struct Permissions {
        /// What a planner reads beside what else is said here: `read-only` is AWS's `ReadOnlyAccess`, under an explicit deny of secrets and of what data stores hold, state excepted; `none` is nothing. It is `read-only` when neither `services` nor `resource_types` is given. For planners only.
        pub base: String = optional().one_of(&["read-only", "none"]),
        /// Prefixes of services as actions have them, such as `s3` or `ec2`. A planner lists and reads in them, except secrets and what data stores hold; an applier does everything except deletes (see `allow_destroy`) and changes of permissions, which take `resource_types`.
        pub services: Set<String> = optional().check_each(checks::service),
        /// What the stacks contain, as Terraform's AWS provider (`aws_s3_bucket`), its Cloud Control provider (`awscc_s3_bucket`) or CloudFormation (`AWS::S3::Bucket`) name it. A planner gets what reading such resources takes, except secrets and what data stores hold; an applier also what creating and updating them takes.
        pub resource_types: Set<String> = optional().check_each(checks::resource_type),
        /// ARNs, with `*` and `?` where needed, to which `services` and `resource_types` are limited. Actions that IAM cannot limit to a resource stay allowed on every resource; actions that are done to none of these are left out. Both are told in `permissions_summary`.
        pub resources: Set<String> = optional().check_each(checks::resource),
        /// Regions to which `services` and `resource_types` are limited. Services that have one endpoint for all regions, such as IAM and Route 53, are not limited.
        pub regions: Set<String> = optional().check_each(checks::region),
        /// Whether an applier may also delete. Without it, what only deleting takes is left out. Replacing a resource deletes it too.
        pub allow_destroy: bool = optional(),
        /// ARNs, with `*` and `?` where needed, of secrets, parameters, objects, tables and keys whose content a planner may read. For a key, that is what the key decrypts; with a repository of Amazon ECR comes the registry's password.
        pub read_secrets: Set<String> = optional().check_each(checks::secret),
        /// Roles that an applier may hand over to services (`iam:PassRole`). Without it, none.
        pub pass_roles: List<PassRoles> = optional(),
        /// The S3 bucket in which Terraform keeps its state. A planner reads the state and takes its lock; an applier and a state role write it too.
        pub state: State = optional(),
        /// Pushing images to ECR repositories that exist. For container image builders and appliers.
        pub ecr_push: EcrPush = optional(),
        /// Deploying new task definitions to ECS services that exist. For appliers.
        pub ecs_deploy: EcsDeploy = optional(),
        /// Building machine images with Packer. For machine image builders.
        pub ami_build: AmiBuild = optional(),
        /// Starting the runner. For invokers.
        pub invoke: Invoke = optional(),
        /// Inline policies: name to policy document in JSON, such as `jsonencode` gives. All of them together have at most 10,240 characters, white space not counted.
        pub inline_policies: Map<String> = optional().check_keys(checks::policy_name),
        /// ARNs of managed policies to attach: at most 10, unless the account's quota was raised.
        pub managed_policy_arns: Set<String> = optional().check_each(checks::policy_arn),
    }
}

object! {
    /// Roles that may be handed over, and to whom.
    pub struct PassRoles {
        /// ARNs of the roles, with `*` and `?` where needed. Whoever hands over a role can use what it may do, so name no more than the stacks use.
        pub role_arns: Set<String> = required().check_each(checks::role_arn_pattern),
        /// The services that get them, such as `lambda.amazonaws.com` or `ecs-tasks.amazonaws.com`.
        pub services: Set<String> = required().check_each(checks::service_principal),
    }
}

/// Who will hold the permissions.
#[derive(Clone, Debug)]
pub struct Holder<'a> {
    /// Where the role is.
    pub home: Home<'a>,
    /// The role's path, with a slash at both ends.
    pub path: &'a str,
    /// The role's name, once it is known.
    pub name: Option<&'a str>,
    /// The role's name; or a pattern of it, for a role whose name is generated. It stays the same when the name is known.
    pub name_pattern: String,
    /// ARN of the role's permissions boundary.
    pub permissions_boundary: Option<&'a str>,
    /// ARNs of the account's own policies that are attached to the role, which it must not change.
    pub attached: Vec<String>,
    /// ARNs of the runner's other roles, or patterns of them, which this one must not change.
    pub siblings: &'a [String],
}

impl Holder<'_> {
    /// The ARNs of the runner's own roles: this one and its siblings.
    fn own_roles(&self) -> impl Iterator<Item = String> {
        let own = self.home.role_arn(self.path, &self.name_pattern);
        let is_among = self.siblings.iter().any(|sibling| Pattern::new(sibling).matches(&own));
        Some(own).filter(|_| !is_among).into_iter().chain(self.siblings.iter().cloned())
    }

    /// Patterns of the ARNs of the customer-managed policies that the runner's own roles own: they have the role's path,
    /// and names that begin with the role's.
    fn own_policies(&self) -> impl Iterator<Item = String> {
        let policies = |role: String| {
            let pattern = role.replacen(":role/", ":policy/", 1);
            if pattern.ends_with('*') { pattern } else { format!("{pattern}-*") }
        };
        self.own_roles().map(policies)
    }
}

/// The ARNs of attached policies that the account could change: AWS's own are not among them.
pub fn customer_managed(permissions: &Permissions) -> Vec<String> {
    texts(&permissions.managed_policy_arns).into_iter().filter(|arn| !arn.contains(":iam::aws:")).collect()
}

/// The known members of a set.
fn texts(set: &Attr<Set<String>>) -> Vec<String> {
    set.known().into_iter().flat_map(|set| set.0.iter().filter_map(Attr::known).cloned()).collect()
}

/// The known entries of a list.
fn entries<T>(list: &Attr<List<T>>) -> impl Iterator<Item = &T> {
    list.known().into_iter().flatten().filter_map(Attr::known)
}

#[cfg(test)]
mod tests;
