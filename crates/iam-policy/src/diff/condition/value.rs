//! When one value of a condition admits all that another does.
//!
//! Owns the comparison by kind of operator, read as its plain form. A yes is certain; a no may be too cautious.

use crate::condition::{date, ip::Range, number::Number};
use crate::diff::pattern;

/// Whether the value is one that the operator takes, so that what it admits is known.
pub(super) fn is_plain(family: &str, text: &str) -> bool {
    if family.starts_with("numeric") {
        Number::parse(text).is_some()
    } else if family.starts_with("date") {
        date::parse(text).is_some()
    } else if family == "ipaddress" {
        Range::parse(text).is_some_and(|range| range.is_plain())
    } else {
        !matches!(family, "bool" | "null")
            || text.eq_ignore_ascii_case("true")
            || text.eq_ignore_ascii_case("false")
    }
}

/// Whether every value of a key that satisfies the operator with `narrow` satisfies it with `wide` as well.
pub(super) fn covers(family: &str, like: bool, wide: &str, narrow: &str) -> bool {
    wide == narrow
        || match family {
            "string" => like && pattern::covers(wide, narrow),
            "stringequalsignorecase" | "bool" | "null" => wide.eq_ignore_ascii_case(narrow),
            "arn" => arn_covers(wide, narrow),
            "ipaddress" => Range::parse(wide)
                .zip(Range::parse(narrow))
                .is_some_and(|(wide, narrow)| wide.covers(&narrow)),
            _ => {
                ordered(family, Number::parse(wide), Number::parse(narrow), "numeric")
                    || ordered(family, date::parse(wide), date::parse(narrow), "date")
            }
        }
}

/// The comparison of two bounds, if both can be read and the operator is of this kind.
fn ordered<T: Ord>(family: &str, wide: Option<T>, narrow: Option<T>, kind: &str) -> bool {
    let Some((wide, narrow)) = wide.zip(narrow) else { return false };
    match family.strip_prefix(kind) {
        Some("equals") => wide == narrow,
        Some("lessthan" | "lessthanequals") => wide >= narrow,
        Some("greaterthan" | "greaterthanequals") => wide <= narrow,
        _ => false,
    }
}

/// The six parts of an ARN are matched each by itself.
fn arn_covers(wide: &str, narrow: &str) -> bool {
    wide.contains(':') && pattern::resource_covers(wide, narrow)
}

#[cfg(test)]
mod tests {
    use super::{covers, is_plain};

    #[test]
    fn a_value_covers_what_it_admits() {
        for (family, wide, narrow) in [
            ("string", "repo:acme/*", "repo:acme/infra:*"),
            ("stringequalsignorecase", "Acme", "acme"),
            ("arn", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/ci"),
            ("numericlessthanequals", "43200", "3600"),
            ("numericgreaterthan", "1", "2.5"),
            ("numericequals", "10", "10.0"),
            ("datelessthan", "2027-01-01T00:00:00Z", "2026-12-31T23:59:59Z"),
            ("datelessthan", "2027-01-01", "2026-12-31T23:00:00-00:30"),
            ("ipaddress", "10.0.0.0/8", "10.1.0.0/16"),
            ("ipaddress", "0.0.0.0/0", "192.0.2.1"),
            ("ipaddress", "2001:db8::/32", "2001:db8:1::1/128"),
        ] {
            assert!(covers(family, true, wide, narrow), "{family} {wide} {narrow}");
            assert_eq!(
                covers(family, true, narrow, wide),
                family.ends_with("case") || family == "numericequals",
                "{family}"
            );
        }
    }

    #[test]
    fn what_cannot_be_compared_covers_nothing() {
        for (family, wide, narrow) in [
            ("arn", "arn:aws:iam::*", "arn:aws:iam::111122223333:role/ci"),
            ("arn", "arn:aws:*:111122223333:role/ci", "arn:aws:iam::111122223333:role/ci"),
            ("numericequals", "9007199254740993", "9007199254740992"),
            ("numericlessthan", "0.1", "0.10000000000000000001"),
            ("numericlessthan", "1e3", "1"),
            ("datelessthan", "2027-13-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("ipaddress", "0.0.0.0/0", "2001:db8::1"),
            ("ipaddress", "10.0.0.0/33", "10.0.0.0/34"),
            ("ipaddress", "10.0.0.5/8", "10.9.0.0/16"),
            ("bool", "true", "false"),
        ] {
            assert!(!covers(family, true, wide, narrow), "{family} {wide} {narrow}");
        }
        assert!(!covers("string", false, "a*", "ab"));
    }

    #[test]
    fn a_value_that_does_not_fit_its_operator_is_not_plain() {
        for (family, text) in [
            ("numericequals", "1e3"),
            ("datelessthan", "2026-12-30T99:99:99Z"),
            ("ipaddress", "10.0.0.5/8"),
            ("ipaddress", "::ffff:10.0.0.1"),
            ("bool", "yes"),
            ("null", "1"),
        ] {
            assert!(!is_plain(family, text), "{family} {text}");
        }
        for (family, text) in [
            ("numericequals", "10"),
            ("dateequals", "2026-12-30"),
            ("ipaddress", "10.0.0.0/8"),
            ("bool", "TRUE"),
        ] {
            assert!(is_plain(family, text), "{family} {text}");
        }
        assert!(is_plain("string", "anything"));
    }
}
