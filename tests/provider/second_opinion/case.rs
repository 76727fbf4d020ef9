//! A case: the policies that the asking role holds, written in words that each operation fills.
//!
//! Owns the form of `policies.json` and `trust.json`.

use iam_policy::{Document, Kind, parse};
use serde_json::{Value, json};

/// The layers of policies that a role can hold.
const LAYERS: [&str; 3] = ["identity", "boundary", "session"];

/// One entry of a file of cases.
pub(super) struct Case {
    entry: Value,
}

impl Case {
    /// The cases of a file.
    pub(super) fn all(file: &str) -> Vec<Self> {
        let entries: Vec<Value> = serde_json::from_str(file).unwrap();
        entries.into_iter().map(|entry| Self { entry }).collect()
    }

    /// What it claims.
    pub(super) fn name(&self) -> &str {
        self.entry["name"].as_str().unwrap()
    }

    /// Whether each operation is asked about it.
    pub(super) fn is_for_all(&self) -> bool {
        self.entry["always"] == true
    }

    /// The rule of AWS by which engine and server do not agree, with the page that has it; of a question that has all
    /// the words of `where` in its title.
    pub(super) fn judged(&self, title: &str) -> Option<&str> {
        let words = self.entry["where"].as_array().into_iter().flatten();
        let is_there = words.filter_map(Value::as_str).all(|word| title.contains(word));
        self.entry["judged"].as_str().filter(|_| is_there)
    }

    /// The same case with its words filled, every policy in it a whole document.
    pub(super) fn filled(&self, words: &[(&str, String)]) -> Value {
        let text = words
            .iter()
            .fold(self.entry.to_string(), |text, (word, value)| text.replace(&format!("{{{word}}}"), value));
        let mut entry: Value = serde_json::from_str(&text).unwrap();
        for layer in LAYERS {
            let policies = match entry[layer].take() {
                Value::Null => Vec::new(),
                Value::Array(several) => several,
                one => vec![one],
            };
            let documents: Vec<Value> = policies.into_iter().map(document).collect();
            entry[layer] = documents.into();
        }
        entry
    }
}

/// A lone statement is a document of version 2012-10-17.
pub(super) fn document(policy: Value) -> Value {
    if policy.get("Effect").is_some() {
        json!({"Version": "2012-10-17", "Statement": [policy]})
    } else {
        policy
    }
}

/// The policy as the engine reads it.
pub(super) fn parsed(policy: &Value, kind: Kind) -> Document {
    parse(&policy.to_string(), kind).unwrap_or_else(|error| panic!("{policy}: {error}"))
}
