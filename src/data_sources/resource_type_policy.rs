//! `deployrunner_resource_type_policy`: what creating, reading, updating and deleting resources of some types takes, as
//! a policy.
//!
//! Owns the arguments, and that no role is handed over unnamed.

use super::{names, rendered, texts};
use crate::checks;
use crate::provider::Client;
use iam_policy::catalog::{self, Operation, ResourceActions};
use iam_policy::{Pattern, Statement};
use std::collections::BTreeSet;
use tfplug::context::Context;
use tfplug::data_source::DataSource;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::object;
use tfplug::path::Path;
use tfplug::schema::{Attr, List, Set, computed, optional, required};

object! {
    /// A policy of the actions that Terraform, or CloudFormation, needs to create, read, update, delete or list resources of some types. They come from the schemas of CloudFormation's types and from what Terraform's AWS provider calls; AWS is not asked.
    ///
    /// The actions are allowed on every resource, except that `iam:PassRole` is only there for `pass_role_arns`: who may hand any role to a service can become that role. An operation of which nothing is known adds nothing to the policy and is told in `unknown_operations`.
    pub(super) struct State {
        /// Types as Terraform's AWS provider or its Cloud Control provider names them, such as `aws_s3_bucket` or `awscc_s3_bucket`, or as CloudFormation does, such as `AWS::S3::Bucket`.
        resource_types: Set<String> = required().check_each(checks::resource_type),
        /// What is done to the resources. A plan takes `read`; an apply takes `create`, `read`, `update` and, where something goes, `delete`. Neither takes `list`.
        operations: Set<String> = required().check_each(known_operation),
        /// ARNs of the roles that may be handed to services, where the operations need that.
        pass_role_arns: Set<String> = optional().check_each(checks::role_arn),
        /// The policy in JSON, to be read: every action as it is known, which is sometimes with a wildcard.
        json: String = computed(),
        /// The same policy in few characters, as `minify_policy` gives it: wildcards stand for whole words of names. They match the same actions of the catalogue, and what AWS adds later under such names.
        minified_json: String = computed(),
        /// The actions in the policy, sorted.
        actions: List<String> = computed(),
        /// Whether some of the operations hand a role to a service when they are told to. Then they fail without `pass_role_arns`.
        passes_role: bool = computed(),
        /// The operations of which it is not known what they take.
        unknown_operations: List<UnknownOperation> = computed(),
        /// The day of the schemas of CloudFormation's types (`YYYY-MM-DD`). Newer types are missing.
        catalog_date: String = computed(),
    }
}

object! {
    /// An operation of which it is not known what it takes.
    pub(super) struct UnknownOperation {
        /// The type.
        resource_type: String = computed(),
        /// The operation.
        operation: String = computed(),
    }
}

const PASS_ROLE: &str = "iam:PassRole";

/// The data source.
#[derive(Debug)]
pub(super) struct ResourceTypePolicy;

impl DataSource for ResourceTypePolicy {
    const NAME: &'static str = "resource_type_policy";
    type State = State;
    type Client = Client;

    fn validate(config: &State, found: &mut Diagnostics) {
        super::not_empty(
            &[(&config.resource_types, "resource_types"), (&config.operations, "operations")],
            found,
        );
    }

    async fn read(_: &Context<Client>, config: State) -> Result<State, Diagnostics> {
        let Taken { mut actions, unknown } =
            taken(&texts(&config.resource_types), &texts(&config.operations));
        let passes_role = actions.iter().any(|action| is_pass_role(action));
        actions.retain(|action| !is_pass_role(action));
        let roles = if passes_role { texts(&config.pass_role_arns) } else { Vec::new() };
        let mut statements = Vec::new();
        if !actions.is_empty() {
            statements.push(Statement::allow(&actions).resource("*"));
        }
        if !roles.is_empty() {
            statements.push(roles.iter().fold(Statement::allow([PASS_ROLE]), Statement::resource));
            actions.insert(PASS_ROLE.to_owned());
        }
        if statements.is_empty() {
            let detail = "Of none of these types is it known what these operations take, so the policy would be empty.";
            let empty = Diagnostic::error("The policy would have no action", detail);
            return Err(empty.at(Path::attribute("operations")).into());
        }
        let policy = rendered(statements)?;
        Ok(State {
            json: policy.json,
            minified_json: policy.minified_json,
            actions: names(actions),
            passes_role: Attr::Known(passes_role),
            unknown_operations: Attr::Known(unknown),
            catalog_date: Attr::Known(catalog::CLOUDFORMATION_DATE.to_owned()),
            ..config
        })
    }
}

/// What the operations take, and of which of them nothing is known.
#[derive(Default)]
struct Taken {
    actions: BTreeSet<String>,
    unknown: List<UnknownOperation>,
}

/// INVARIANT: types and operations have passed their checks, so that each is found.
fn taken(types: &[String], operations: &[String]) -> Taken {
    let types = types.iter().filter_map(|name| catalog::resource_type(name).ok());
    let operations =
        || Operation::ALL.into_iter().filter(|one| operations.iter().any(|name| name == one.as_str()));
    let pairs =
        types.flat_map(|one: ResourceActions| operations().map(move |operation| (one.clone(), operation)));
    pairs.fold(Taken::default(), |mut taken, (one, operation)| {
        match one.actions(operation) {
            Some(actions) => taken.actions.extend(actions),
            None => taken.unknown.push(Attr::Known(UnknownOperation {
                resource_type: Attr::Known(one.name().to_owned()),
                operation: Attr::Known(operation.to_string()),
            })),
        }
        taken
    })
}

/// Whether an action, or a pattern of actions, is or matches `iam:PassRole`.
fn is_pass_role(action: &str) -> bool {
    Pattern::new(action).to_lowercase().matches_ignoring_case(PASS_ROLE)
}

fn known_operation(name: &str) -> Result<(), String> {
    super::one_of(name, Operation::ALL.map(Operation::as_str), "operations")
}
