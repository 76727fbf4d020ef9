//! How large IAM thinks a document is.
//!
//! Owns the counting. Never compares with a limit: the limits are in `quota`.

/// The number of characters of a document's text that count against IAM's quotas.
///
/// IAM leaves white space out of the sizes of inline and managed policies (IAM User Guide, "IAM and AWS STS quotas").
/// White space between the tokens of the JSON is therefore not counted. Of white space inside a string AWS says
/// nothing; it is counted, so that the result is never below AWS's own. Characters are Unicode scalar values, and an
/// escape such as `\u003c` counts as the six characters that it takes.
///
/// For trust policies AWS does not say whether white space counts: send compact JSON, whose size is this number.
///
/// Takes any text, JSON or not.
#[must_use]
pub fn size(text: &str) -> usize {
    let mut in_string = false;
    let mut escaped = false;
    let counts = |character: &char| {
        let counts = in_string || !matches!(character, ' ' | '\t' | '\n' | '\r');
        if *character == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && *character == '\\' && !escaped;
        counts
    };
    text.chars().filter(counts).count()
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn layout_is_free() {
        assert_eq!(size("{\r\n\t\"Version\" : \"2012-10-17\" }"), size(r#"{"Version":"2012-10-17"}"#));
        assert_eq!(size(r#"{"a":1}"#), 7);
        assert_eq!(size(" \t\r\n"), 0);
    }

    #[test]
    fn space_inside_a_string_counts() {
        assert_eq!(size(r#"["a b"]"#), 7);
        assert_eq!(size(r#"["\" " ]"#), 7);
        assert_eq!(size(r#"["\\" ]"#), 6);
    }

    #[test]
    fn characters_count_and_not_bytes() {
        assert_eq!(size("\"é\""), 3);
        assert_eq!(size(r#""\u00e9""#), 8);
    }
}
