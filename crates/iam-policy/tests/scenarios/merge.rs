//! `merge` gives the documents that the scenarios say.

use iam_policy::{Document, Kind, merge, parse};
use serde_json::Value;

use crate::{run, text};

#[test]
fn merge_gives_what_the_scenarios_say() {
    run("merge", 25, check);
}

/// `policies` become `to`, or `refused` is in the message.
fn check(scenario: &Value) -> Result<(), String> {
    let policies = scenario["policies"].as_array().into_iter().flatten();
    let documents = policies.map(read).collect::<Result<Vec<Document>, _>>()?;
    let merged = match (merge(&documents), scenario["refused"].as_str()) {
        (Ok(merged), None) => merged,
        (Ok(_), Some(_)) => return Err("is not refused".to_owned()),
        (Err(error), Some(part)) if error.to_string().contains(part) => return Ok(()),
        (Err(error), _) => return Err(error.to_string()),
    };
    let expected = read(&scenario["to"])?;
    let again = merge(std::slice::from_ref(&merged)).map_err(|error| error.to_string())?;
    let in_list = |document: &Document| {
        let statements = document.statements.iter().cloned().collect::<Vec<_>>();
        Document { statements: iam_policy::OneOrMany::Many(statements), ..document.clone() }.to_json()
    };
    if again != merged {
        return Err("merging it again changes it".to_owned());
    }
    if in_list(&merged) == in_list(&expected) { Ok(()) } else { Err(format!("gives {}", merged.to_json())) }
}

fn read(policy: &Value) -> Result<Document, String> {
    let is_trust = policy["Statement"][0]["Principal"].is_object();
    let kind = if is_trust { Kind::Trust } else { Kind::Identity };
    parse(&text(policy), kind).map_err(|error| error.to_string())
}
