//! JSON text to a tree that remembers places.
//!
//! Owns syntax, and the two rules about JSON that the policy language adds: no key twice, no character beyond
//! U+00FF. Never knows an element of a policy.

use std::collections::HashSet;

use serde_json::{Map, Number, Value};

use super::error::{Fault, Reason};
use crate::OneOrMany;

/// A value and the bytes it takes in the text.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) json: Json,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Field>),
}

/// A member of an object. `start` is where its key starts.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) start: usize,
    pub(super) name: String,
    pub(super) value: Node,
}

impl Field {
    pub(super) fn fault(&self, reason: Reason) -> Fault {
        Fault { offset: self.start, reason }
    }
}

impl Node {
    pub(super) fn fault(&self, reason: Reason) -> Fault {
        Fault { offset: self.start, reason }
    }

    pub(super) fn wrong_shape(&self, wanted: &'static str) -> Fault {
        let found = match self.json {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::String(_) => "a string",
            Json::Array(_) => "a list",
            Json::Object(_) => "an object",
        };
        self.fault(Reason::WrongShape { wanted, found })
    }

    pub(super) fn object(&self) -> Result<&[Field], Fault> {
        match &self.json {
            Json::Object(fields) => Ok(fields),
            _ => Err(self.wrong_shape("an object")),
        }
    }

    /// The member of this name; none if this is not an object.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        let Json::Object(fields) = &self.json else { return None };
        fields.iter().find(|field| field.name == name).map(|field| &field.value)
    }

    pub(super) fn string(&self) -> Result<&str, Fault> {
        match &self.json {
            Json::String(text) => Ok(text),
            _ => Err(self.wrong_shape("a string")),
        }
    }

    pub(super) fn text(&self) -> Result<String, Fault> {
        self.string().map(str::to_owned)
    }

    /// The members of a list, or the value itself as the only one.
    pub(super) fn items(&self) -> &[Node] {
        match &self.json {
            Json::Array(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    pub(super) fn one_or_many<T>(
        &self,
        read: impl Fn(&Node) -> Result<T, Fault>,
    ) -> Result<OneOrMany<T>, Fault> {
        match &self.json {
            Json::Array(items) => Ok(OneOrMany::Many(items.iter().map(read).collect::<Result<_, _>>()?)),
            _ => Ok(OneOrMany::One(read(self)?)),
        }
    }

    pub(super) fn to_value(&self) -> Value {
        match &self.json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => Value::Number(number.clone()),
            Json::String(text) => Value::String(text.clone()),
            Json::Array(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            Json::Object(fields) => Value::Object(
                fields
                    .iter()
                    .map(|field| (field.name.clone(), field.value.to_value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}

/// Reads the whole text as one JSON value.
pub(super) fn read(text: &str) -> Result<Node, Fault> {
    // serde_json judges the syntax and words the complaint; the reader below only has to find its way.
    // INVARIANT: serde_json refuses text nested deeper than 128 levels, so the reader's recursion is bounded.
    serde_json::from_str::<Value>(text).map_err(|error| syntax_fault(text, &error))?;
    Reader { text, offset: 0 }.value()
}

/// No object of a policy may have a key twice: readers differ in which value they take.
pub(super) fn check_keys(node: &Node) -> Result<(), Fault> {
    match &node.json {
        Json::Array(items) => items.iter().try_for_each(check_keys),
        Json::Object(fields) => {
            let mut seen = HashSet::new();
            for field in fields {
                if !seen.insert(field.name.as_str()) {
                    return Err(field.fault(Reason::DuplicateKey { found: field.name.clone() }));
                }
                check_keys(&field.value)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// IAM takes tab, line feed, carriage return and U+0020 to U+00FF; JSON already forbids the other control characters.
pub(super) fn check_characters(text: &str) -> Result<(), Fault> {
    match text.char_indices().find(|(_, character)| *character > '\u{ff}') {
        Some((offset, found)) => Err(Fault { offset, reason: Reason::ForbiddenCharacter { found } }),
        None => Ok(()),
    }
}

fn syntax_fault(text: &str, error: &serde_json::Error) -> Fault {
    let lines_before = error.line().saturating_sub(1);
    let line_start: usize = text.split_inclusive('\n').take(lines_before).map(str::len).sum();
    Fault {
        offset: line_start + error.column().saturating_sub(1),
        reason: Reason::NotJson { detail: complaint(error) },
    }
}

/// A walk over text whose syntax is known to be right.
struct Reader<'a> {
    text: &'a str,
    offset: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Node, Fault> {
        self.skip_space();
        let start = self.offset;
        let json = match self.peek() {
            Some(b'{') => Json::Object(self.members()?),
            Some(b'[') => Json::Array(self.items()?),
            Some(b'"') => Json::String(self.string()?),
            Some(b't') => self.literal(4, Json::Bool(true)),
            Some(b'f') => self.literal(5, Json::Bool(false)),
            Some(b'n') => self.literal(4, Json::Null),
            _ => Json::Number(self.number()?),
        };
        Ok(Node { start, end: self.offset, json })
    }

    fn members(&mut self) -> Result<Vec<Field>, Fault> {
        let mut fields = Vec::new();
        while self.more(b'}') {
            let start = self.offset;
            let name = self.string()?;
            self.skip_space();
            self.offset += 1; // the colon
            fields.push(Field { start, name, value: self.value()? });
        }
        Ok(fields)
    }

    fn items(&mut self) -> Result<Vec<Node>, Fault> {
        let mut items = Vec::new();
        while self.more(b']') {
            items.push(self.value()?);
        }
        Ok(items)
    }

    /// Steps over an opening bracket or a comma to the next member, or over the closing bracket and says no.
    fn more(&mut self, close: u8) -> bool {
        self.skip_space();
        if matches!(self.peek(), Some(b'{' | b'[' | b',')) {
            self.offset += 1;
            self.skip_space();
        }
        let closed = self.peek().is_none_or(|byte| byte == close);
        if closed {
            self.offset += 1;
        }
        !closed
    }

    fn string(&mut self) -> Result<String, Fault> {
        let mut escaped = false;
        let closing = self.rest().bytes().skip(1).position(|byte| {
            let closes = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            closes
        });
        let start = self.offset;
        let token = self.take(closing.map_or(usize::MAX, |inner| inner + 2));
        serde_json::from_str(token).map_err(|error| token_fault(start, &error))
    }

    fn number(&mut self) -> Result<Number, Fault> {
        let beyond = |byte: u8| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = self.rest().bytes().position(beyond).unwrap_or(usize::MAX);
        let start = self.offset;
        serde_json::from_str(self.take(length)).map_err(|error| token_fault(start, &error))
    }

    fn literal(&mut self, length: usize, json: Json) -> Json {
        self.take(length);
        json
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.offset += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    /// The next so many bytes, or what is left.
    fn take(&mut self, length: usize) -> &'a str {
        let rest = self.rest();
        let token = rest.get(..length).unwrap_or(rest);
        self.offset += token.len();
        token
    }
}

/// What the syntax check lets pass: escapes that are half a character.
fn token_fault(offset: usize, error: &serde_json::Error) -> Fault {
    Fault { offset, reason: Reason::NotJson { detail: complaint(error) } }
}

/// The complaint without its place, which is given in our own terms.
fn complaint(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split_once(" at line ").map_or(message.as_str(), |(detail, _)| detail).to_owned()
}
