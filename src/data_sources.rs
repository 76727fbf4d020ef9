//! The data sources: a line each, and how they give out the policies that they write. They ask nobody: AWS neither,
//! so that they answer in `terraform test` and without credentials.

mod service_policy;

use crate::provider::Client;
use iam_policy::{Document, Kind, Statement, Wildcards, minify_with};
use tfplug::diagnostics::Diagnostics;
use tfplug::provider::Registry;
use tfplug::schema::Attr;

/// Adds every data source.
pub fn register(registry: Registry<Client>) -> Registry<Client> {
    registry.data_source::<service_policy::ServicePolicy>()
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

/// JSON text with a line for each value.
fn indented(json: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(json);
    value.map_or_else(|_| json.to_owned(), |value| format!("{value:#}"))
}
