//! Statements for what somebody wants to do, instead of for which actions.
//!
//! Owns the way from services and levels, and from resource types and operations, to actions. Never narrows to
//! resources: that takes names which only the caller has.

use thiserror::Error;

use crate::{
    Scope, Statement,
    action::ActionSet,
    catalog::{self, AccessLevel, Action, Operation, Service, UnknownResourceType},
    expand::expand_scope,
    parse::nearest,
};

/// Statements that allow every action of these levels of these services, each by its name.
///
/// Two statements at most, both on `*`: `OnResources` has the actions that a statement can limit to resources,
/// `OnEverything` those for which only `*` has an effect (Service Authorization Reference, "Actions table"). So the
/// first can be narrowed without making the second void. [`minify`](crate::minify()) shortens them.
///
/// Services are given by prefix, in any case. No service or no level gives no statement.
///
/// # Errors
/// A service is not in the catalogue.
pub fn generate(
    services: impl IntoIterator<Item: AsRef<str>>,
    levels: impl IntoIterator<Item = AccessLevel>,
) -> Result<Vec<Statement>, GenerateError> {
    let levels: Vec<AccessLevel> = levels.into_iter().collect();
    let services =
        services.into_iter().map(|prefix| service(prefix.as_ref())).collect::<Result<Vec<_>, _>>()?;
    let of_level = |action: &&Action| levels.contains(&action.level());
    Ok(statements(&services.into_iter().flat_map(Service::actions).filter(of_level).collect(), Vec::new()))
}

/// Statements that allow what these operations take on resources of these types, each action by its name.
///
/// The two statements are those of [`generate()`]. Types are those of CloudFormation and of Terraform's providers:
/// `AWS::S3::Bucket`, `aws_s3_bucket`, `awscc_s3_bucket`. An operation that a type does not have, such as an update of
/// what can only be replaced, adds nothing. An action that the catalogue does not know counts as one that takes no
/// resource. Source: [`catalog::ResourceActions`].
///
/// # Errors
/// A type is not in the catalogue, or nothing is known of any of these operations on it.
pub fn generate_for_types(
    types: impl IntoIterator<Item: AsRef<str>>,
    operations: impl IntoIterator<Item = Operation>,
) -> Result<Vec<Statement>, GenerateError> {
    let operations: Vec<Operation> = operations.into_iter().collect();
    let mut patterns: Vec<String> = Vec::new();
    for name in types {
        let name = name.as_ref();
        let resource = catalog::resource_type(name)?;
        let known: Vec<Vec<String>> =
            operations.iter().filter_map(|operation| resource.actions(*operation)).collect();
        if known.is_empty() && !operations.is_empty() {
            let operations =
                operations.iter().map(|operation| operation.as_str()).collect::<Vec<_>>().join(", ");
            return Err(GenerateError::NothingKnown { name: name.to_owned(), operations });
        }
        patterns.extend(known.into_iter().flatten());
    }
    let named = expand_scope(&Scope::Only(patterns.into_iter().collect()));
    Ok(statements(&named.actions, named.unknown))
}

/// Why no statement can be written.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GenerateError {
    /// A service that the catalogue does not know.
    #[error(
        "unknown service `{name}`, the catalogue is of {}{}",
        catalog::DATE,
        nearest.as_ref().map(|nearest| format!(", did you mean `{nearest}`")).unwrap_or_default()
    )]
    UnknownService {
        /// As it was given.
        name: String,
        /// The prefix that was probably meant.
        nearest: Option<String>,
    },
    /// A resource type that the catalogue does not know.
    #[error(transparent)]
    UnknownResourceType(#[from] UnknownResourceType),
    /// A resource type of which the catalogue does not know what the operations take.
    #[error(
        "what `{name}` takes for {operations} is not known, so no permissions can be derived from it: name the actions, \
         or the services and levels"
    )]
    NothingKnown {
        /// The type, as it was given.
        name: String,
        /// The operations that were asked for.
        operations: String,
    },
}

fn service(prefix: &str) -> Result<&'static Service, GenerateError> {
    catalog::service(prefix).ok_or_else(|| GenerateError::UnknownService {
        name: prefix.to_owned(),
        nearest: nearest(prefix, catalog::services().map(Service::prefix)),
    })
}

/// The actions that take a resource, and the others, names that the catalogue does not know among them.
fn statements(actions: &ActionSet, unknown: Vec<String>) -> Vec<Statement> {
    let (on_resources, on_everything): (Vec<&Action>, Vec<&Action>) =
        actions.iter().partition(|action| action.takes_resource());
    let names = |actions: Vec<&Action>| actions.into_iter().map(ToString::to_string).collect::<Vec<_>>();
    let on_everything = [names(on_everything), unknown].concat();
    [("OnResources", names(on_resources)), ("OnEverything", on_everything)]
        .into_iter()
        .filter(|(_, actions)| !actions.is_empty())
        .map(|(sid, actions)| Statement::allow(actions).sid(sid).resource("*"))
        .collect()
}
