//! The attributes of a runner, and those of each of its roles.

use crate::checks;
use crate::guard;
use crate::permissions::Permissions;
use crate::permissions::state::State as TerraformState;
use crate::policy_size::PolicySize;
use crate::task_role::UNMANAGED;
use crate::trust::Trust;
use tfplug::object;
use tfplug::schema::{List, Map, Set, computed, optional, required};

object! {
    /// The roles of one account's deploy runner, as one thing: a role for each task, each trusted by those who may start that task, and each holding what the task takes.
    ///
    /// What the tasks have in common is said once: who is trusted in `trust`, what the stacks contain in `manages`, where Terraform keeps its state in `state`. The planner's trust and permissions are derived from them, so that planner and applier cannot drift apart. A task is there when its argument is: `planner = {}` is enough. The roles are checked against each other in the plan (`guard`), made, read and deleted at the same time, and each is changed only where its own arguments come to something else.
    pub struct State {
        /// Name of the runner, and the beginning of its roles' names: `infra-live` has `infra-live-terraform-planner`, `infra-live-terraform-applier`, `infra-live-docker-image-builder` and so on. Another name makes new roles.
        pub name: String = required().replace().check(checks::runner_name),
        /// Account in which the roles are, entered through the provider's `account_role`. Defaults to the provider's own account when the roles are made; from then on they stay where they are until another account is named.
        pub account_id: String = optional().computed().keep().replace().check(checks::account_id),
        /// Path of the roles, such as `/ci/`.
        pub path: String = optional().default_to("/".to_owned()).replace().check(checks::path),
        /// ARN of the managed policy that bounds what the roles can ever do.
        pub permissions_boundary: String = optional().check(checks::policy_arn),
        /// Tags of every role, over those of the provider's `default_tags`; at most 50 together with those of a task.
        pub tags: Map<String> = optional().check_keys(checks::tag_key).check_each(checks::tag_value),
        /// Who may start the runner: a source and its reviewed refs. Applier, builder, state role, invoker and provisioners trust exactly these; the planner also trusts pull requests and every branch of the same source (for HCP Terraform, its plan phase). A task's own `trust` takes its place.
        pub trust: Trust = optional(),
        /// What the stacks contain. The planner reads it, the applier changes it. Of a task whose own `permissions` name `services`, `resource_types`, `resources` or `regions`, those take the place of all of this.
        pub manages: Manages = optional(),
        /// The S3 bucket in which Terraform keeps its state. The planner reads the state and takes its lock; applier and state role write it too. A task's own `permissions.state` takes its place.
        pub state: TerraformState = optional(),
        /// The role that plans: reads, also for code that nobody has reviewed, and writes nothing but the lock of the state.
        pub planner: Task = optional(),
        /// The role that applies what was reviewed.
        pub applier: Task = optional(),
        /// The role that builds images: machine images (`ami-builder`) if its `permissions` have `ami_build`, else container images (`docker-image-builder`).
        pub builder: Task = optional(),
        /// The role that reads and writes Terraform's state, and nothing else.
        pub state_role: Task = optional(),
        /// The role that starts the runner, as its `permissions.invoke` says.
        pub invoker: Task = optional(),
        /// Narrower appliers, each for a service or a repository: a short name, such as `public-api`, to what is special of it. Each needs `permissions` of its own; `manages` and `state` are not theirs. The role of `public-api` is `<name>-provisioner-public-api`.
        pub provisioners: Map<Task> = optional().check_keys(checks::provisioner_name),
        /// What happens to policies that somebody attached outside of Terraform: `remove` takes them off, `report` shows them and leaves them, `ignore` leaves them unseen. `AWSRevokeOlderSessions`, which ends stolen sessions, and time-limited grants (`deployrunner-elevation-…`) are never touched.
        pub unmanaged_policies: String = optional().default_to("remove".to_owned()).one_of(UNMANAGED),
        /// Patterns, with `*` and `?`, of policy names, policy ARNs and tag keys that a company's guardrail may add: they are neither drift nor removed.
        pub tolerate: Set<String> = optional(),
        /// Whether destroying or replacing any of the roles is refused.
        pub deletion_protection: bool = optional().default_to(false),
        /// What the guard's rules come to here: rule to `deny`, `warn` or `off`, over the provider's `guard`. The guide "The guard" has every rule.
        pub guard: Map<String> = optional().check_keys(guard::check_rule).check_each(guard::check_level),
        /// Account and name, such as `111122223333/infra-live`.
        pub id: String = computed().keep().never_null(),
        /// The roles, by task: `terraform-planner`, `terraform-applier`, `docker-image-builder` or `ami-builder`, `terraform-state`, `invoker`, and `provisioner-<name>`. ARNs and policies are known at plan.
        pub roles: Map<Role> = computed().never_null(),
    }
}

object! {
    /// What the stacks contain.
    pub struct Manages {
        /// Prefixes of services as actions have them, such as `s3` or `ec2`. The planner lists and reads in them, except secrets and what data stores hold; the applier does everything except deletes and changes of permissions, which take `resource_types`.
        pub services: Set<String> = optional().check_each(checks::service),
        /// Types of resources, such as `aws_s3_bucket` or `AWS::S3::Bucket`. The planner gets what reading them takes, the applier also what creating and updating them takes.
        pub resource_types: Set<String> = optional().check_each(checks::resource_type),
        /// ARNs, with `*` and `?` where needed, to which these are limited. Actions that IAM cannot limit to a resource stay allowed on every resource; actions that are done to none of these are left out.
        pub resources: Set<String> = optional().check_each(checks::resource),
        /// Regions to which these are limited. Services that have one endpoint for all regions are not limited.
        pub regions: Set<String> = optional().check_each(checks::region),
    }
}

object! {
    /// What is special of one task. `{}` is all that the runner says.
    pub struct Task {
        /// Name of the role, instead of the one that follows from the runner's. Another name makes a new role.
        pub name: String = optional().check(checks::role_name),
        /// What the role is, for people who find it in the console: at most 1,000 characters.
        pub description: String = optional().check(checks::description),
        /// Who may assume the role, instead of those whom the runner trusts.
        pub trust: Trust = optional(),
        /// What the role may do beside what the runner says of it.
        pub permissions: Permissions = optional(),
        /// The longest session that the role allows, in seconds: 3600 to 43200. Sessions of a role that assumes this one last 3600 at most, whatever is set here.
        pub max_session_duration: i64 = optional().default_to(3600_i64).check(checks::max_session_duration),
        /// Tags of this role, over those of the runner.
        pub tags: Map<String> = optional().check_keys(checks::tag_key).check_each(checks::tag_value),
    }
}

object! {
    /// One role of the runner.
    pub struct Role {
        /// ARN of the role.
        pub arn: String = computed(),
        /// Name of the role.
        pub name: String = computed(),
        /// What the role is for, as `task` of `deployrunner_task_role`.
        pub task: String = computed(),
        /// What the role is, for people.
        pub description: String = computed(),
        /// ID that IAM gave the role; another one when a role of this name is made again.
        pub unique_id: String = computed(),
        /// When the role was made (RFC 3339).
        pub create_date: String = computed(),
        /// The longest session that the role allows, in seconds.
        pub max_session_duration: i64 = computed(),
        /// How many seconds the sessions of each kind of trusted caller really last at most: `oidc` and `user` get the role's maximum, `role` 3600 at most (role chaining), `service` has no value of ours.
        pub effective_session_duration: Map<i64> = computed(),
        /// ARN of the managed policy that bounds what the role can ever do.
        pub permissions_boundary: String = computed(),
        /// The trust policy, in JSON.
        pub assume_role_policy: String = computed(),
        /// One sentence for each entry of the role's trust: who is trusted, in which way, and what that means.
        pub trust_summary: List<String> = computed(),
        /// What a reader of the plan should know about the permissions, a sentence each: what could not be limited, and what was left out.
        pub permissions_summary: List<String> = computed(),
        /// The inline policies that the role holds: name to policy document in JSON. What the permissions come to is `deployrunner`.
        pub inline_policies: Map<String> = computed(),
        /// The managed policies that are attached to the role: name to a JSON object with their `PolicyArn`. Those with a `PolicyDocument` belong to the role and are deleted with it.
        pub managed_policies: Map<String> = computed(),
        /// How much of IAM's quotas the policies use.
        pub policy_size: PolicySize = computed(),
        /// All tags, the provider's `default_tags` included.
        pub tags_all: Map<String> = computed(),
    }
}

object! {
    /// What tells one runner from every other.
    pub struct Identity {
        /// Account ID.
        pub account_id: String = required(),
        /// Partition: `aws`, `aws-cn`, `aws-us-gov`…
        pub partition: String = optional(),
        /// Name of the runner.
        pub name: String = required(),
    }
}
