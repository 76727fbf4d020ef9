//! `deployrunner_ecr_docker_push_policy`: pushing images to repositories that exist, as a policy.
//!
//! Owns the arguments as they stand on a data source. What they allow is decided in `permissions::ecr_push`.

use super::{named_actions, rendered};
use crate::checks;
use crate::permissions::ecr_push::{self, EcrPush};
use crate::provider::Client;
use tfplug::context::Context;
use tfplug::data_source::DataSource;
use tfplug::diagnostics::Diagnostics;
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{List, Set, computed, optional, required};

object! {
    /// A policy for pushing images to repositories of Amazon ECR that exist: see which tags there are, send layers, put an image under a tag. Making repositories and deleting images are not part of it, and a tag is replaced only where the repository's tags are mutable. The password for the registry (`ecr:GetAuthorizationToken`) cannot be limited to a repository; what it opens is. AWS is not asked.
    pub(super) struct State {
        /// ARNs of the repositories to push to, such as `arn:aws:ecr:eu-west-1:111122223333:repository/team/app`. Region and name may have wildcards, as in `repository/team/*`. A repository of another account has to allow the push in its own policy too.
        repository_arns: Set<String> = required().check_each(checks::arns::ecr_repository),
        /// ARNs of repositories whose images may be pulled: base images of the builds, repositories that share layers with the pushed ones where the registry has blob mounting turned on, and the repositories of `repository_arns` themselves where builds use what was pushed before as a cache.
        pull_repository_arns: Set<String> = optional().check_each(checks::arns::ecr_repository),
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
pub(super) struct EcrDockerPushPolicy;

impl DataSource for EcrDockerPushPolicy {
    const NAME: &'static str = "ecr_docker_push_policy";
    type State = State;
    type Client = Client;

    fn validate(config: &State, found: &mut Diagnostics) {
        ecr_push::validate(&section(config), &Path::root(), found);
    }

    async fn read(_: &Context<Client>, config: State) -> Result<State, Diagnostics> {
        let statements = ecr_push::statements(&section(&config));
        let actions = named_actions(&statements);
        let policy = rendered(statements)?;
        Ok(State { json: policy.json, minified_json: policy.minified_json, actions, ..config })
    }
}

fn section(config: &State) -> EcrPush {
    EcrPush {
        repository_arns: config.repository_arns.clone(),
        pull_repository_arns: config.pull_repository_arns.clone(),
    }
}
