//! One log line: the keys that hosts look for, and its greatest length.
//!
//! Owns the shape. Never filters.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::{Level, timestamp};

/// Hosts read lines through a buffer of 64 KiB and show longer ones as broken text.
const LONGEST_LINE: usize = 60 * 1024;

/// How much of one text is kept, in bytes.
const LONGEST_TEXT: usize = 4 * 1024;

/// The line, with its line end.
pub(super) fn format(level: Level, module: &str, message: &str, fields: Map<String, Value>) -> String {
    let mut entry = Map::new();
    entry.insert("@level".to_owned(), name(level).into());
    entry.insert("@message".to_owned(), cut(message).into());
    entry.insert("@module".to_owned(), module.into());
    entry.insert("@timestamp".to_owned(), timestamp::format(SystemTime::now()).into());
    let bare = entry.clone();
    for (key, value) in fields {
        let value = value.as_str().map_or_else(|| value.clone(), |text| cut(text).into());
        entry.entry(key).or_insert(value);
    }
    let mut line = Value::Object(entry).to_string();
    if line.len() > LONGEST_LINE {
        let note = json!({ "fields_dropped": format!("the line had {} bytes", line.len()) });
        let short = bare.into_iter().chain(note.as_object().cloned().into_iter().flatten()).collect();
        line = Value::Object(short).to_string();
    }
    line.push('\n');
    line
}

fn name(level: Level) -> &'static str {
    match level {
        Level::Trace => "trace",
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    }
}

fn cut(text: &str) -> String {
    let kept = text.get(..text.floor_char_boundary(LONGEST_TEXT)).unwrap_or(text);
    match text.len() - kept.len() {
        0 => text.to_owned(),
        lost => format!("{kept}… ({lost} bytes more)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(message: &str, fields: Map<String, Value>) -> Value {
        let line = format(Level::Warn, "tfplug::rpc", message, fields);
        assert!(line.ends_with('\n') && line.matches('\n').count() == 1, "{line}");
        serde_json::from_str(&line).unwrap()
    }

    #[test]
    fn the_keys_are_those_that_hosts_read() {
        let fields =
            Map::from_iter([("attempt".to_owned(), 3.into()), ("@level".to_owned(), "trace".into())]);
        let entry = parsed("two\nlines", fields);
        assert_eq!(entry["@level"], "warn");
        assert_eq!(entry["@message"], "two\nlines");
        assert_eq!(entry["@module"], "tfplug::rpc");
        assert_eq!(entry["attempt"], 3);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let entry = parsed(&"é".repeat(LONGEST_TEXT), Map::new());
        let message = entry["@message"].as_str().unwrap();
        assert!(message.ends_with("é… (4096 bytes more)"), "{message}");
    }

    #[test]
    fn a_line_with_too_many_fields_keeps_its_message() {
        let fields = (0..40).map(|n| (format!("field{n}"), "x".repeat(LONGEST_TEXT).into())).collect();
        let entry = parsed("kept", fields);
        assert_eq!(entry["@message"], "kept");
        assert!(entry["fields_dropped"].is_string());
    }
}
