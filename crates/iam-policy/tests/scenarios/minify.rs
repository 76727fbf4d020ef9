//! `minify` gives the documents that the scenarios say.

use iam_policy::{Document, Wildcards, minify_with, parse};
use serde_json::Value;

use crate::{kind, run, text};

#[test]
fn minify_gives_what_the_scenarios_say() {
    run("minify", 25, check);
}

/// `policy` becomes `to`, printed letter by letter, in words unless `wildcards` says otherwise.
fn check(scenario: &Value) -> Result<(), String> {
    let wildcards = match scenario["wildcards"].as_str() {
        Some("none") => Wildcards::None,
        Some("anywhere") => Wildcards::Anywhere,
        _ => Wildcards::default(),
    };
    let document = |field: &str| -> Result<Document, String> {
        parse(&text(&scenario[field]), kind(scenario)).map_err(|error| format!("{field}: {error}"))
    };
    let shorter = minify_with(&document("policy")?, wildcards).map_err(|error| error.to_string())?;
    if minify_with(&shorter, wildcards).as_ref() != Ok(&shorter) {
        return Err("shortening it again changes it".to_owned());
    }
    let expected = statements(&document("to")?);
    if statements(&shorter) == expected { Ok(()) } else { Err(format!("gives {}", shorter.to_json())) }
}

/// The statements without regard to whether one stands in a list.
fn statements(document: &Document) -> String {
    Document::new(document.statements.iter().cloned()).to_json()
}
