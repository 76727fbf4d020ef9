//! Where in a document something is: line and column, and the path of keys and indices.
//!
//! Owns both notations. Never says what is wrong there.

use super::json::{Json, Node};

/// Line and column of a byte, both counted from one, the column in characters.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..text.floor_char_boundary(offset)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// The path to the innermost value or key at a byte, such as `Statement[1].Condition.StringEquals["aws:username"]`.
pub(super) fn path(root: &Node, offset: usize) -> String {
    let mut path = String::new();
    let mut node = root;
    while let Some((step, inner)) = step(node, offset, path.is_empty()) {
        path.push_str(&step);
        node = inner;
    }
    path
}

fn step(node: &Node, offset: usize, first: bool) -> Option<(String, &Node)> {
    match &node.json {
        Json::Array(items) => {
            let holds = |item: &Node| (item.start..item.end).contains(&offset);
            let (index, item) = items.iter().enumerate().find(|(_, item)| holds(item))?;
            Some((format!("[{index}]"), item))
        }
        Json::Object(fields) => {
            let field = fields.iter().find(|field| (field.start..field.value.end).contains(&offset))?;
            Some((key(&field.name, first), &field.value))
        }
        _ => None,
    }
}

fn key(name: &str, first: bool) -> String {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match (plain, first) {
        (true, true) => name.to_owned(),
        (true, false) => format!(".{name}"),
        (false, _) => format!("[{}]", serde_json::Value::from(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::json::read;

    #[test]
    fn a_path_names_keys_and_indices() {
        let text = r#"{"a": [1, {"b:c": {"d": [true]}}]}"#;
        let at = |needle: &str| path(&read(text).unwrap(), text.find(needle).unwrap());
        assert_eq!(at("{"), "");
        assert_eq!(at("\"a\""), "a");
        assert_eq!(at("1"), "a[0]");
        assert_eq!(at("\"b:c\""), r#"a[1]["b:c"]"#);
        assert_eq!(at("true"), r#"a[1]["b:c"].d[0]"#);
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_and_column("", 0), (1, 1));
        assert_eq!(line_and_column("a\nbc", 3), (2, 2));
        assert_eq!(line_and_column("é\"", 2), (1, 2));
        assert_eq!(line_and_column("é", 1), (1, 1));
        assert_eq!(line_and_column("ab", 99), (1, 3));
    }
}
