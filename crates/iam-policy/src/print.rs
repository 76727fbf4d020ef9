//! Documents to JSON text.
//!
//! Owns the order of elements and the escaping. Never changes what was written: scalars stay scalars, order stays.

use serde_json::Value;

use crate::{Condition, Document, OneOrMany, Principals, Scalar, Scope, Statement};

impl Document {
    /// Prints the document as compact JSON.
    ///
    /// Elements come in the order of IAM's grammar, so equal documents print equally; statements, list members,
    /// principals and conditions come in the order they have here. Characters outside those that IAM takes in a
    /// document (tab, line feed, carriage return, U+0020 to U+00FF) are written as `\u` escapes.
    #[must_use]
    pub fn to_json(&self) -> String {
        let version = self.version.map(|version| ("Version", string(version.as_str())));
        let id = self.id.as_ref().map(|id| ("Id", string(id)));
        let statements = ("Statement", one_or_many(&self.statements, statement));
        let extra = self.extra.iter().map(|(name, value)| (name.as_str(), escape_beyond_latin_1(value)));
        let known = version.into_iter().chain(id).chain([statements]);
        object(known.chain(extra))
    }
}

pub(crate) fn statement(statement: &Statement) -> String {
    let sid = statement.sid.as_ref().map(|sid| ("Sid", string(sid)));
    let effect = ("Effect", string(statement.effect.as_str()));
    let who = statement.principals.as_ref().map(|scope| match scope {
        Scope::Only(who) => ("Principal", principals(who)),
        Scope::Except(who) => ("NotPrincipal", principals(who)),
    });
    let what = match &statement.actions {
        Scope::Only(actions) => ("Action", strings(actions)),
        Scope::Except(actions) => ("NotAction", strings(actions)),
    };
    let on = statement.resources.as_ref().map(|scope| match scope {
        Scope::Only(resources) => ("Resource", strings(resources)),
        Scope::Except(resources) => ("NotResource", strings(resources)),
    });
    let when = (!statement.conditions.is_empty()).then(|| ("Condition", conditions(&statement.conditions)));
    object(sid.into_iter().chain([effect]).chain(who).chain([what]).chain(on).chain(when))
}

fn principals(principals: &Principals) -> String {
    match principals {
        Principals::Anyone => string("*"),
        Principals::Listed(listed) => {
            object(listed.iter().map(|(kind, values)| (kind.as_str(), strings(values))))
        }
    }
}

/// Groups by operator, in the order of first appearance. INVARIANT: no condition is lost, though two of the same
/// operator and key make the key occur twice.
fn conditions(conditions: &[Condition]) -> String {
    let mut operators: Vec<&str> = Vec::new();
    for condition in conditions {
        if !operators.contains(&condition.operator.as_str()) {
            operators.push(&condition.operator);
        }
    }
    object(operators.into_iter().map(|operator| {
        let same = conditions.iter().filter(|condition| condition.operator == operator);
        (
            operator,
            object(same.map(|condition| (condition.key.as_str(), one_or_many(&condition.values, scalar)))),
        )
    }))
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::String(text) => string(text),
        Scalar::Bool(_) | Scalar::Number(_) => value.to_text(),
    }
}

fn strings(values: &OneOrMany<String>) -> String {
    one_or_many(values, |value| string(value))
}

fn one_or_many<T>(values: &OneOrMany<T>, print: impl Fn(&T) -> String) -> String {
    match values {
        OneOrMany::One(value) => print(value),
        OneOrMany::Many(values) => format!("[{}]", values.iter().map(print).collect::<Vec<_>>().join(",")),
    }
}

fn object<'a>(fields: impl Iterator<Item = (&'a str, String)>) -> String {
    let fields: Vec<String> = fields.map(|(name, value)| format!("{}:{value}", string(name))).collect();
    format!("{{{}}}", fields.join(","))
}

/// A JSON string. Nearly every text of a policy needs no escape.
pub(crate) fn string(text: &str) -> String {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    if text.bytes().all(is_plain) { format!("\"{text}\"") } else { escape_beyond_latin_1(&text.into()) }
}

/// In JSON such characters occur in strings only, where an escape says the same.
fn escape_beyond_latin_1(value: &Value) -> String {
    let json = value.to_string();
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character <= '\u{ff}' {
            escaped.push(character);
        } else {
            let mut units = [0; 2];
            escaped.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    escaped
}
