//! `parse` accepts and refuses as the scenarios say.

use iam_policy::parse;
use serde_json::Value;

use crate::{kind, run, text};

#[test]
fn parse_accepts_and_refuses_as_the_scenarios_say() {
    run("parse", 100, check);
}

/// `refused_at` and `because` tell a refusal; without them the text is accepted, and `prints` may tell as what.
fn check(scenario: &Value) -> Result<(), String> {
    let parsed = parse(&text(&scenario["policy"]), kind(scenario));
    let Some(because) = scenario["because"].as_str() else {
        let document = parsed.map_err(|error| format!("refused: {error}"))?;
        let printed = document.to_json();
        if let Some(expected) = scenario["prints"].as_str().filter(|expected| *expected != printed) {
            return Err(format!("printed {printed} and not {expected}"));
        }
        let again =
            parse(&printed, kind(scenario)).map_err(|error| format!("its own print is refused: {error}"))?;
        return if again == document {
            Ok(())
        } else {
            Err(format!("its own print {printed} parses to something else"))
        };
    };
    let Err(error) = parsed else { return Err("accepted".to_owned()) };
    let expected_path = scenario["refused_at"].as_str().ok_or("has no `refused_at`")?;
    if error.path() != expected_path {
        return Err(format!("refused at `{}` and not `{expected_path}`: {error}", error.path()));
    }
    let message = error.to_string();
    if !message.contains(because) || message.ends_with('.') || message.contains('\n') {
        return Err(format!("the message is: {message}"));
    }
    Ok(())
}
