//! When one value of a condition admits all that another does.
//!
//! Owns the comparison by kind of operator, read as its plain form. A yes is certain; a no may be too cautious.

use core::net::IpAddr;

use crate::diff::pattern;

/// Whether every value of a key that satisfies the operator with `narrow` satisfies it with `wide` as well.
pub(super) fn covers(family: &str, like: bool, wide: &str, narrow: &str) -> bool {
    wide == narrow
        || match family {
            "string" => like && pattern::covers(wide, narrow),
            "stringequalsignorecase" => wide.eq_ignore_ascii_case(narrow),
            "arn" => arn_covers(wide, narrow),
            "numericequals" => {
                numbers(wide, narrow).is_some_and(|(wide, narrow)| wide.total_cmp(&narrow).is_eq())
            }
            "numericlessthan" | "numericlessthanequals" => {
                numbers(wide, narrow).is_some_and(|(wide, narrow)| wide >= narrow)
            }
            "numericgreaterthan" | "numericgreaterthanequals" => {
                numbers(wide, narrow).is_some_and(|(wide, narrow)| wide <= narrow)
            }
            "datelessthan" | "datelessthanequals" => is_date(wide) && is_date(narrow) && wide >= narrow,
            "dategreaterthan" | "dategreaterthanequals" => is_date(wide) && is_date(narrow) && wide <= narrow,
            "ipaddress" => network_covers(wide, narrow).unwrap_or(false),
            _ => false,
        }
}

/// The six parts of an ARN are matched each by itself.
fn arn_covers(wide: &str, narrow: &str) -> bool {
    wide.contains(':') && pattern::resource_covers(wide, narrow)
}

fn numbers(a: &str, b: &str) -> Option<(f64, f64)> {
    /// Larger numbers may be told apart by IAM and not by a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let read = |text: &str| text.parse::<f64>().ok().filter(|number| number.abs() < EXACT);
    Some((read(a)?, read(b)?))
}

/// Whether this is a date in the one form whose order is that of its letters: `2026-11-21T12:00:00Z`.
fn is_date(text: &str) -> bool {
    let shape: String =
        text.chars().map(|character| if character.is_ascii_digit() { '0' } else { character }).collect();
    shape == "0000-00-00T00:00:00Z"
}

fn network_covers(wide: &str, narrow: &str) -> Option<bool> {
    let (wide, wide_bits) = network(wide)?;
    let (narrow, narrow_bits) = network(narrow)?;
    let (wide, narrow) = match (wide, narrow) {
        (IpAddr::V4(wide), IpAddr::V4(narrow)) => {
            (u128::from(u32::from(wide)) << 96, u128::from(u32::from(narrow)) << 96)
        }
        (IpAddr::V6(wide), IpAddr::V6(narrow)) => (u128::from(wide), u128::from(narrow)),
        _ => return None,
    };
    let mask = u128::MAX.checked_shl(128 - wide_bits).unwrap_or_default();
    Some(wide_bits <= narrow_bits && wide & mask == narrow & mask)
}

/// An address with the number of leading bits that count.
fn network(text: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let width = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(width), |bits| bits.parse().ok())?;
    (bits <= width).then_some((address, bits))
}

#[cfg(test)]
mod tests {
    use super::covers;

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
            ("datelessthan", "2027-01-01", "2026-01-01T00:00:00Z"),
            ("ipaddress", "0.0.0.0/0", "2001:db8::1"),
            ("ipaddress", "10.0.0.0/33", "10.0.0.0/34"),
            ("bool", "true", "false"),
        ] {
            assert!(!covers(family, true, wide, narrow), "{family} {wide} {narrow}");
        }
        assert!(!covers("string", false, "a*", "ab"));
    }
}
