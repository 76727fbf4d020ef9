//! The acceptance tests: real Terraform, the real provider binary, and two emulators of AWS.
//!
//! This file is the table of contents. Each module below gives its trials; a trial's name is the claim that it
//! checks, with the Terraform and the emulator that it checks it on. Nothing is ever skipped: a ground that cannot
//! be set up fails the run. `cargo test --test provider -- terraform_cli` runs one module, `-- moto` one emulator.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod access_level;
mod account_runner;
mod accounts;
mod demo;
mod ecr_docker_push_policy;
mod ecs_service_deployment_policy;
mod elevation;
mod emulators;
mod examples;
mod expand_actions;
mod github_subject;
mod guard;
mod handshake;
mod least_privilege;
mod many_accounts;
mod merge_policies;
mod minify_policy;
mod normalize_policy;
mod oidc_provider;
mod owned_policies;
mod policy_allows;
mod policy_analysis;
mod provider_block;
mod resource_type_policy;
mod role;
mod role_arn;
mod role_reads;
mod second_opinion;
mod service_policy;
mod support;
mod task_role;
mod terraform_cli;
mod terraform_remote_state_s3_policy;
mod terragrunt_policy;
mod web_identity;
mod workspaces;

use std::process::ExitCode;

use libtest_mimic::{Arguments, run};

use support::Ground;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let ground = Ground::default();
    if !arguments.list {
        ground.prepare();
    }
    let trials = [
        access_level::trials(&ground),
        account_runner::trials(&ground),
        accounts::trials(&ground),
        demo::trials(&ground),
        ecr_docker_push_policy::trials(&ground),
        ecs_service_deployment_policy::trials(&ground),
        elevation::trials(&ground),
        emulators::trials(&ground),
        examples::trials(&ground),
        expand_actions::trials(&ground),
        github_subject::trials(&ground),
        guard::trials(&ground),
        handshake::trials(&ground),
        least_privilege::trials(&ground),
        many_accounts::trials(&ground),
        merge_policies::trials(&ground),
        minify_policy::trials(&ground),
        normalize_policy::trials(&ground),
        oidc_provider::trials(&ground),
        owned_policies::trials(&ground),
        policy_allows::trials(&ground),
        policy_analysis::trials(&ground),
        provider_block::trials(&ground),
        resource_type_policy::trials(&ground),
        role::trials(&ground),
        role_arn::trials(&ground),
        role_reads::trials(&ground),
        second_opinion::trials(&ground),
        service_policy::trials(&ground),
        task_role::trials(&ground),
        terraform_cli::trials(&ground),
        terraform_remote_state_s3_policy::trials(&ground),
        terragrunt_policy::trials(&ground),
        web_identity::trials(&ground),
        workspaces::trials(&ground),
    ];
    let conclusion = run(&arguments, trials.into_iter().flatten().collect());
    ground.close();
    conclusion.exit_code()
}
