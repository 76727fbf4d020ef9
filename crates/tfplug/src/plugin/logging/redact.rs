//! Keeps secrets out of log lines.
//!
//! Owns the list of names whose values are never shown, and the shapes of credentials that are masked
//! wherever they stand.

use serde_json::Value;

/// Stands where a value was.
const HIDDEN: &str = "***";

/// A field is secret when its name, lower-cased and without separators, contains one of these.
const SECRET_NAMES: &[&str] = &[
    "secret",
    "token",
    "password",
    "passwd",
    "passphrase",
    "authorization",
    "credential",
    "privatekey",
    "accesskey",
    "apikey",
    "cookie",
    "signature",
    "environ",
];

/// Words after which, in free text, a secret follows up to the next space, comma or quote.
const SECRET_MARKS: &[&str] = &["Signature=", "X-Amz-Security-Token=", "X-Amz-Signature=", "Bearer "];

/// The value as it may be shown under this field name.
pub(super) fn value(name: &str, value: Value) -> Value {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    if SECRET_NAMES.iter().any(|secret| plain.contains(secret)) {
        return HIDDEN.into();
    }
    match value {
        Value::String(text) => text_without_secrets(text).into(),
        other => other,
    }
}

fn text_without_secrets(text: String) -> String {
    SECRET_MARKS.iter().fold(text, |text, mark| match text.split_once(mark) {
        None => text,
        Some((before, rest)) => {
            let mut shown = before.to_owned();
            for part in rest.split(mark) {
                let end = part.find([' ', ',', '"', '\'', '&', '\n']).unwrap_or(part.len());
                shown.push_str(mark);
                shown.push_str(HIDDEN);
                shown.push_str(part.split_at_checked(end).map_or("", |(_, after)| after));
            }
            shown
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_under_secret_names_are_hidden_whatever_they_hold() {
        for name in ["secret_key", "SessionToken", "x-amz-security-token", "db.password", "credentials"] {
            assert_eq!(value(name, "hunter2".into()), HIDDEN, "{name}");
            assert_eq!(value(name, 17.into()), HIDDEN, "{name}");
        }
    }

    #[test]
    fn other_values_pass() {
        assert_eq!(
            value("role_arn", "arn:aws:iam::111111111111:role/r".into()),
            "arn:aws:iam::111111111111:role/r"
        );
        assert_eq!(value("attempt", 3.into()), 3);
    }

    #[test]
    fn signatures_in_free_text_are_masked_each_time() {
        let text = "SignedHeaders=host, Signature=abc123, then Signature=def456 again Bearer eyJhbGci";
        assert_eq!(
            value("message", text.into()),
            "SignedHeaders=host, Signature=***, then Signature=*** again Bearer ***"
        );
    }
}
