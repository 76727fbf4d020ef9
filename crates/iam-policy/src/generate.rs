//! Statements for what somebody wants to do, instead of for which actions.
//!
//! Owns the way from services and levels, and from resource types and operations, to actions. Never narrows to
//! resources: that takes names which only the caller has.

use thiserror::Error;

use crate::{
    Statement,
    action::ActionSet,
    catalog::{self, AccessLevel, Action, Service},
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
/// A service is not in the catalogue, or no service has an action of one of the levels.
pub fn generate(
    services: impl IntoIterator<Item: AsRef<str>>,
    levels: impl IntoIterator<Item = AccessLevel>,
) -> Result<Vec<Statement>, GenerateError> {
    let levels: Vec<AccessLevel> = levels.into_iter().collect();
    let services =
        services.into_iter().map(|prefix| service(prefix.as_ref())).collect::<Result<Vec<_>, _>>()?;
    let of_level = |action: &&Action| levels.contains(&action.level());
    Ok(statements(&services.into_iter().flat_map(Service::actions).filter(of_level).collect()))
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
}

fn service(prefix: &str) -> Result<&'static Service, GenerateError> {
    catalog::service(prefix).ok_or_else(|| GenerateError::UnknownService {
        name: prefix.to_owned(),
        nearest: nearest(prefix, catalog::services().map(Service::prefix)),
    })
}

/// The actions that take a resource, and the others.
pub(crate) fn statements(actions: &ActionSet) -> Vec<Statement> {
    let (on_resources, on_everything): (Vec<&Action>, Vec<&Action>) =
        actions.iter().partition(|action| action.takes_resource());
    [("OnResources", on_resources), ("OnEverything", on_everything)]
        .into_iter()
        .filter(|(_, actions)| !actions.is_empty())
        .map(|(sid, actions)| {
            Statement::allow(actions.iter().map(ToString::to_string)).sid(sid).resource("*")
        })
        .collect()
}
