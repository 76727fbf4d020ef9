//! The data sources: a line each, and how they give out the policies that they write. They ask nobody: AWS neither,
//! so that they answer in `terraform test` and without credentials.

mod ecr_docker_push_policy;
mod ecs_service_deployment_policy;
mod policy_analysis;
mod resource_type_policy;
mod service_policy;
mod terraform_remote_state_s3_policy;
mod terragrunt_policy;

use crate::provider::Client;
use iam_policy::{Document, Kind, Statement, Wildcards, minify_with};
use std::collections::BTreeSet;
use std::fmt::Display;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use tfplug::provider::Registry;
use tfplug::schema::{Attr, List, Set, nearest};

/// Adds every data source.
pub fn register(registry: Registry<Client>) -> Registry<Client> {
    registry
        .data_source::<ecr_docker_push_policy::EcrDockerPushPolicy>()
        .data_source::<ecs_service_deployment_policy::EcsServiceDeploymentPolicy>()
        .data_source::<policy_analysis::PolicyAnalysis>()
        .data_source::<resource_type_policy::ResourceTypePolicy>()
        .data_source::<service_policy::ServicePolicy>()
        .data_source::<terraform_remote_state_s3_policy::TerraformRemoteStateS3Policy>()
        .data_source::<terragrunt_policy::TerragruntPolicy>()
}

/// A policy as data sources give it out.
struct Rendered {
    /// For people.
    json: Attr<String>,
    /// For IAM's quotas.
    minified_json: Attr<String>,
}

/// The policy of these statements.
///
/// # Errors
/// IAM would refuse it, which the arguments' checks should have told; or it has no shorter form, which would be a fault
/// of the engine.
fn rendered(statements: Vec<Statement>) -> Result<Rendered, Diagnostics> {
    let document = Document::new(statements);
    document.check(Kind::Identity).map_err(|error| {
        Diagnostics::error("IAM would refuse this policy", format!("The policy is not valid: {error}."))
    })?;
    let minified = minify_with(&document, Wildcards::Words)
        .map_err(|error| Diagnostics::error("The policy cannot be shortened", format!("{error}.")))?;
    Ok(Rendered {
        json: Attr::Known(indented(&document.to_json())),
        minified_json: Attr::Known(minified.to_json()),
    })
}

/// The actions that statements name, sorted, each once.
fn named_actions(statements: &[Statement]) -> Attr<List<String>> {
    let named = statements.iter().flat_map(|statement| statement.actions.inner());
    names(named.collect::<BTreeSet<_>>())
}

/// JSON text with a line for each value.
fn indented(json: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(json);
    value.map_or_else(|_| json.to_owned(), |value| format!("{value:#}"))
}

/// The known members of a set.
fn texts(set: &Attr<Set<String>>) -> Vec<String> {
    set.known().into_iter().flat_map(|set| set.0.iter().filter_map(Attr::known).cloned()).collect()
}

/// A list of what prints as it is to be read.
fn names(these: impl IntoIterator<Item: Display>) -> Attr<List<String>> {
    Attr::Known(these.into_iter().map(|one| Attr::Known(one.to_string())).collect())
}

/// Refuses sets without members, of which every policy would be empty.
fn not_empty(sets: &[(&Attr<Set<String>>, &str)], found: &mut Diagnostics) {
    for (_, name) in sets.iter().filter(|(set, _)| set.known().is_some_and(|set| set.0.is_empty())) {
        let detail = format!("`{name}` is empty, so the policy would have no action. Name at least one.");
        found.push(Diagnostic::error("Nothing is named", detail).at(Path::attribute(*name)));
    }
}

/// Whether `text` is one of a few.
///
/// # Errors
/// It is none of them; the message names all, and the nearest.
fn one_of<const N: usize>(text: &str, allowed: [&str; N], what: &str) -> Result<(), String> {
    if allowed.contains(&text) {
        return Ok(());
    }
    let hint = nearest(text, allowed).map(|near| format!(" Did you mean {near:?}?")).unwrap_or_default();
    let all = allowed.map(|one| format!("`{one}`")).join(", ");
    Err(format!("{text:?} is none of the {what} {all}.{hint}"))
}
