//! How large IAM thinks a document is.
//!
//! Owns the counting. Never knows a limit: those are in `quota`.

use crate::Document;

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

/// Whether a document measures at most so many characters, as [`size()`] counts them.
#[must_use]
pub fn fits(document: &Document, characters: usize) -> bool {
    // Where the names of the actions alone are too much, nothing has to be printed.
    let names = document.statements.iter().flat_map(|statement| statement.actions.inner());
    let names: usize = names.map(|name| name.chars().count()).sum();
    names <= characters && size(&document.to_json()) <= characters
}

#[cfg(test)]
mod tests {
    use super::{fits, size};
    use crate::{Document, Statement};

    #[test]
    fn a_document_fits_into_its_own_size_and_no_less() {
        let document =
            Document::new([Statement::allow(["s3:GetObject", "s3:Ünïcode"]).resource("arn:aws:s3:::b/*")]);
        let characters = size(&document.to_json());
        assert!(fits(&document, characters));
        assert!((0..characters).all(|fewer| !fits(&document, fewer)));
    }

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
