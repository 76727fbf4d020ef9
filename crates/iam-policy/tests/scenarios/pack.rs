//! `pack` gives the documents that the scenarios say.

use std::collections::BTreeSet;

use iam_policy::{Document, Kind, Limits, pack, parse, size};
use serde_json::Value;

use crate::{run, text};

#[test]
fn pack_gives_what_the_scenarios_say() {
    run("pack", 14, check);
}

/// `policy` becomes that many `parts` of at most so many `characters`, of which there are at most `documents`; or
/// `refused` is in the message.
fn check(scenario: &Value) -> Result<(), String> {
    let policy = parse(&text(&scenario["policy"]), Kind::Identity).map_err(|error| error.to_string())?;
    let number = |field: &str| scenario[field].as_u64().and_then(|number| usize::try_from(number).ok());
    let limits = Limits {
        characters: number("characters").ok_or("has no `characters`")?,
        documents: number("documents").ok_or("has no `documents`")?,
    };
    let packed = match (pack(&policy, limits), scenario["refused"].as_str()) {
        (Ok(packed), None) => packed,
        (Ok(_), Some(_)) => return Err("is not refused".to_owned()),
        (Err(error), Some(part)) if error.to_string().contains(part) => return Ok(()),
        (Err(error), _) => return Err(error.to_string()),
    };
    if packed.iter().any(|document| size(&document.to_json()) > limits.characters) {
        return Err("a part is too long".to_owned());
    }
    if packed.iter().any(|document| document.version != policy.version) {
        return Err("a part has another version".to_owned());
    }
    let single = |documents: &[Document]| documents.iter().flat_map(grants).collect::<BTreeSet<String>>();
    if single(&packed) != single(std::slice::from_ref(&policy)) {
        return Err("the parts say something else".to_owned());
    }
    let parts: Vec<String> = packed.iter().map(Document::to_json).collect();
    if Some(parts.len()) == number("parts") { Ok(()) } else { Err(format!("gives {parts:#?}")) }
}

/// Each action with everything else of its statement.
fn grants(document: &Document) -> Vec<String> {
    let of = |statement: &iam_policy::Statement| {
        let iam_policy::Scope::Only(actions) = &statement.actions else {
            return vec![format!("{statement:?}")];
        };
        let alone = |action: &String| {
            let mut alone = statement.clone();
            alone.actions = iam_policy::Scope::Only(iam_policy::OneOrMany::One(action.clone()));
            Document::new([alone]).to_json()
        };
        actions.iter().map(alone).collect()
    };
    document.statements.iter().flat_map(of).collect()
}
