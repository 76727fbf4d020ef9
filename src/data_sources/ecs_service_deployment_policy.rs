//! `deployrunner_ecs_service_deployment_policy`: deploying to ECS services that exist, as a policy.
//!
//! Owns the arguments as they stand on a data source. What they allow is decided in `permissions::ecs_deploy`.

use super::{named_actions, rendered};
use crate::checks;
use crate::permissions::ecs_deploy::{self, EcsDeploy};
use crate::provider::Client;
use tfplug::context::Context;
use tfplug::data_source::DataSource;
use tfplug::diagnostics::Diagnostics;
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{List, Set, computed, optional, required};

object! {
    /// A policy for putting new revisions of task definitions on Amazon ECS services that exist: register a revision, update the service, watch until it is stable. Making and deleting services, deregistering old revisions and running commands in containers are not part of it. With Terraform, set `skip_destroy = true` on the `aws_ecs_task_definition`, since it deregisters the old revision otherwise. AWS is not asked.
    ///
    /// `ecs:DescribeTaskDefinition` and `ecs:ListTasks` cannot be limited to a resource: the first reads every task definition of the account, environment variables included; the second is bound to the clusters by a condition.
    pub(super) struct State {
        /// ARNs of the services to deploy to, such as `arn:aws:ecs:eu-west-1:111122223333:service/prod/api`; with wildcards, as in `service/prod/*`, all such services, also those made later. Services that still have the old form of ARN, `service/api`, need `cluster_arns`.
        service_arns: Set<String> = required().check_each(checks::arns::ecs_service),
        /// ARNs of the families of task definitions, without a revision: `arn:aws:ecs:eu-west-1:111122223333:task-definition/api`. New revisions of these can be registered, and these alone can be put on the services.
        task_definition_arns: Set<String> = required().check_each(checks::arns::ecs_task_definition_family),
        /// ARNs of the roles that the task definitions name, task roles and task execution roles alike. Each is named whole, and can be handed to ECS tasks and to no other service. Whoever deploys can run code of theirs with these roles.
        pass_role_arns: Set<String> = optional().check_each(checks::arns::passed_role),
        /// ARNs of the clusters that the services are in. Without it, those that `service_arns` name.
        cluster_arns: Set<String> = optional().check_each(checks::arns::ecs_cluster),
        /// The policy in JSON, to be read: every action by its name.
        json: String = computed(),
        /// The same policy in few characters, as `minify_policy` gives it: wildcards stand for whole words of names. They match the same actions of the catalogue, and what AWS adds later under such names.
        minified_json: String = computed(),
        /// The actions in the policy, sorted.
        actions: List<String> = computed(),
    }
}

/// The data source.
#[derive(Debug)]
pub(super) struct EcsServiceDeploymentPolicy;

impl DataSource for EcsServiceDeploymentPolicy {
    const NAME: &'static str = "ecs_service_deployment_policy";
    type State = State;
    type Client = Client;

    fn validate(config: &State, found: &mut Diagnostics) {
        ecs_deploy::validate(&section(config), &Path::root(), found);
    }

    async fn read(_: &Context<Client>, config: State) -> Result<State, Diagnostics> {
        let statements = ecs_deploy::statements(&section(&config));
        let actions = named_actions(&statements);
        let policy = rendered(statements)?;
        Ok(State { json: policy.json, minified_json: policy.minified_json, actions, ..config })
    }
}

fn section(config: &State) -> EcsDeploy {
    EcsDeploy {
        service_arns: config.service_arns.clone(),
        task_definition_arns: config.task_definition_arns.clone(),
        pass_role_arns: config.pass_role_arns.clone(),
        cluster_arns: config.cluster_arns.clone(),
    }
}
