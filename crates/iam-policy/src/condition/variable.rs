//! Policy variables: `${aws:username}` and its like in a text.
//!
//! Owns how they are written and what stands in their place. Never knows what the text is compared with.
//! Source: IAM User Guide, "IAM policy elements: Variables and tags".

use crate::{Context, Pattern, Value, Version};

/// A text of a policy that may contain variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// As written; wildcards are wildcards where the element knows them.
    Text(String),
    /// `${*}`, `${?}` and `${$}`: the character itself.
    Literal(String),
    Variable {
        key: String,
        default: Option<String>,
    },
    /// Something that starts like a variable and is none; what IAM makes of it is not documented.
    Broken,
}

/// A template with its variables replaced.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Expansion<'a> {
    /// The text in pieces.
    Pieces(Vec<Piece<'a>>),
    /// A variable has no value, so the whole matches nothing.
    Nothing,
    /// The value of a variable is not known.
    Unknown,
}

/// A stretch of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    /// Whether `*` and `?` in it may be wildcards. In the value of a variable they are not.
    pub(crate) wild: bool,
}

impl Piece<'_> {
    pub(crate) fn pattern(self) -> Pattern {
        if self.wild { Pattern::new(self.text) } else { Pattern::literal(self.text) }
    }
}

impl Template {
    /// Reads a text. Variables exist since version 2012-10-17 of the language; before, they are plain text.
    pub(crate) fn new(text: &str, version: Version) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${").filter(|_| version == Version::V2012) {
            parts.push(Part::Text(before.to_owned()));
            let Some((inside, after)) = after.split_once('}') else {
                parts.push(Part::Broken);
                rest = "";
                break;
            };
            parts.push(variable(inside));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
        Self { parts }
    }

    /// The text, if nothing in it depends on the request.
    pub(crate) fn fixed(&self) -> Option<Vec<Piece<'_>>> {
        self.parts.iter().map(Part::fixed).collect()
    }

    /// The condition keys of the variables, in lower case.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable { key, .. } => Some(key.as_str()),
            _ => None,
        })
    }

    /// Puts values in the place of variables.
    pub(crate) fn expand<'a>(&'a self, context: &'a Context) -> Expansion<'a> {
        let mut pieces = Vec::with_capacity(self.parts.len());
        let mut unknown = false;
        for part in &self.parts {
            match part {
                Part::Text(_) | Part::Literal(_) => pieces.extend(part.fixed()),
                Part::Broken => unknown = true,
                Part::Variable { key, default } => match value(context.get(key), default.as_deref()) {
                    Resolved::Text(text) => pieces.push(Piece { text, wild: false }),
                    Resolved::Nothing => return Expansion::Nothing,
                    Resolved::Unknown => unknown = true,
                },
            }
        }
        if unknown { Expansion::Unknown } else { Expansion::Pieces(pieces) }
    }

    /// The text with a wildcard in the place of each variable: whatever the variables are, what this does not match is
    /// not matched. `has_wildcards` says whether `*` and `?` are wildcards where this text stands.
    pub(crate) fn widest(&self, has_wildcards: bool) -> Vec<Piece<'_>> {
        let fixed = self.parts.iter().map(Part::fixed);
        fixed
            .map(|piece| match piece {
                Some(piece) => Piece { wild: piece.wild && has_wildcards, ..piece },
                None => Piece { text: "*", wild: true },
            })
            .collect()
    }
}

impl Part {
    fn fixed(&self) -> Option<Piece<'_>> {
        match self {
            Self::Text(text) => Some(Piece { text, wild: true }),
            Self::Literal(text) => Some(Piece { text, wild: false }),
            Self::Variable { .. } | Self::Broken => None,
        }
    }
}

fn variable(inside: &str) -> Part {
    if matches!(inside, "*" | "?" | "$") {
        return Part::Literal(inside.to_owned());
    }
    let (key, default) = match inside.split_once(',') {
        None => (inside, None),
        Some((key, default)) => {
            let quoted = default.trim().strip_prefix('\'').and_then(|default| default.strip_suffix('\''));
            let Some(default) = quoted else { return Part::Broken };
            (key.trim_end(), Some(default.to_owned()))
        }
    };
    if key.contains(':') && !key.contains(['$', '{']) {
        Part::Variable { key: key.to_ascii_lowercase(), default }
    } else {
        Part::Broken
    }
}

enum Resolved<'a> {
    Text(&'a str),
    Nothing,
    Unknown,
}

/// IAM takes single-valued keys only as variables. Whether an empty value counts as a value is not documented.
fn value<'a>(value: Value<'a>, default: Option<&'a str>) -> Resolved<'a> {
    match (value, default) {
        (Value::Known([only]), _) if !only.is_empty() => Resolved::Text(only),
        (Value::Absent | Value::Known([]), Some(default)) => Resolved::Text(default),
        (Value::Absent | Value::Known([]), None) => Resolved::Nothing,
        (Value::Known(_) | Value::Unknown, _) => Resolved::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, version: Version) -> Option<String> {
        let context = Context::complete().with("aws:username", ["al*ice"]).unknown("aws:userid");
        match Template::new(text, version).expand(&context) {
            Expansion::Pieces(pieces) => {
                let show = |piece: &Piece<'_>| {
                    if piece.wild { piece.text.to_owned() } else { format!("<{}>", piece.text) }
                };
                Some(pieces.iter().map(show).collect())
            }
            Expansion::Nothing => Some("nothing".to_owned()),
            Expansion::Unknown => None,
        }
    }

    #[test]
    fn variables_are_replaced_by_text() {
        for (text, expected) in [
            ("home/${aws:username}/*", Some("home/<al*ice>/*")),
            ("${AWS:UserName}", Some("<al*ice>")),
            ("a${*}b${?}${$}{c}", Some("a<*>b<?><$>{c}")),
            ("${aws:PrincipalTag/team}", Some("nothing")),
            ("${aws:PrincipalTag/team, 'any team'}", Some("<any team>")),
            ("${aws:username, 'x'}", Some("<al*ice>")),
            ("${aws:userid}", None),
            ("${aws:username", None),
            ("${username}", None),
            ("${aws:username, x}", None),
            ("$ {aws:username}", Some("$ {aws:username}")),
            ("", Some("")),
        ] {
            assert_eq!(shown(text, Version::V2012).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn before_2012_there_are_no_variables() {
        assert_eq!(shown("${aws:username}", Version::V2008).as_deref(), Some("${aws:username}"));
        assert!(Template::new("${aws:username}", Version::V2008).fixed().is_some());
    }
}
