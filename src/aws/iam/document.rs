//! Policy documents as IAM sends them back.
//!
//! IAM returns documents percent-encoded (RFC 3986). Emulators return some plain, so what begins like JSON is taken
//! as it is: no encoded document begins with a brace.

use percent_encoding::percent_decode_str;

/// The text of a document, decoded where it is encoded.
pub(super) fn decode(document: &str) -> String {
    if document.trim_start().starts_with('{') {
        return document.to_owned();
    }
    percent_decode_str(document).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn encoded_and_plain_documents_come_out_the_same() {
        let plain = r#"{"Resource":"arn:aws:s3:::a+b/100%25"}"#;
        assert_eq!(decode("%7B%22Resource%22%3A%22arn%3Aaws%3As3%3A%3A%3Aa%2Bb%2F100%2525%22%7D"), plain);
        assert_eq!(decode(plain), plain);
    }
}
