//! Any bytes: `parse` answers, and what it accepts prints, parses again to the same, and has one canonical form.

#![no_main]

use iam_policy::{Kind, equal, normalize, parse, size};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    assert!(size(&text) <= text.chars().count());
    for kind in [Kind::Identity, Kind::Trust, Kind::Resource] {
        let document = match parse(&text, kind) {
            Ok(document) => document,
            Err(error) => {
                assert!(error.line() > 0 && error.column() > 0 && !error.to_string().is_empty());
                continue;
            }
        };
        let printed = document.to_json();
        assert_eq!(parse(&printed, kind).as_ref(), Ok(&document), "{printed}");
        let normalized = normalize(&document);
        assert_eq!(normalize(&normalized), normalized);
        assert!(equal(&document, &normalized));
    }
});
