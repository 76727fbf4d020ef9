//! Addresses as the IP operators compare them.
//!
//! Owns CIDR ranges of IPv4 and IPv6. Never resolves a name.
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators", IP address condition operators.

use core::net::IpAddr;

use crate::Truth;

/// A range in CIDR notation; a lone address is a range of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    address: IpAddr,
    prefix: u32,
}

impl Range {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) if prefix.bytes().all(|byte| byte.is_ascii_digit()) => prefix.parse().ok()?,
            Some(_) => return None,
            None => longest,
        };
        (prefix <= longest).then_some(Self { address, prefix })
    }

    /// Whether an address is in the range: unknown if the text is none, and where AWS does not document what it does: a
    /// range whose address has bits beyond its prefix, an IPv4 address written as IPv6.
    pub(crate) fn contains(&self, text: &str) -> Truth {
        let Ok(address) = text.parse::<IpAddr>() else { return Truth::Unknown };
        if self.address.is_ipv4() != address.is_ipv4() {
            return if is_mapped(self.address) || is_mapped(address) { Truth::Unknown } else { Truth::False };
        }
        let (start, host) = self.split(self.address);
        match self.split(address).0 == start {
            false => Truth::False,
            true if host == 0 => Truth::True,
            true => Truth::Unknown,
        }
    }

    /// Whether AWS documents what the range contains: no bits beyond the prefix, no IPv4 address written as IPv6.
    pub(crate) fn is_plain(&self) -> bool {
        self.split(self.address).1 == 0 && !is_mapped(self.address)
    }

    /// Whether every address of the other range is in this one. A yes is certain.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.is_plain()
            && other.is_plain()
            && self.address.is_ipv4() == other.address.is_ipv4()
            && self.prefix <= other.prefix
            && self.split(other.address).0 == self.split(self.address).0
    }

    /// The bits of an address within the prefix, and those beyond it.
    fn split(&self, address: IpAddr) -> (u128, u128) {
        let (bits, length) = match address {
            IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        };
        let beyond = u128::MAX.checked_shr(128 - (length - self.prefix)).unwrap_or(0);
        (bits & !beyond, bits & beyond)
    }
}

fn is_mapped(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(range: &str, address: &str) -> Truth {
        Range::parse(range).unwrap().contains(address)
    }

    #[test]
    fn a_range_contains_what_shares_its_prefix() {
        for (range, inside, outside) in [
            ("203.0.113.0/24", "203.0.113.255", "203.0.114.0"),
            ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("2001:db8::1", "2001:DB8:0:0::1", "2001:db8::2"),
            ("128.0.0.0/1", "255.255.255.255", "127.255.255.255"),
        ] {
            assert_eq!(contains(range, inside), Truth::True, "{range} {inside}");
            assert_eq!(contains(range, outside), Truth::False, "{range} {outside}");
        }
        assert_eq!(contains("0.0.0.0/0", "203.0.113.7"), Truth::True);
        assert_eq!(contains("::/0", "2001:db8::1"), Truth::True);
        assert_eq!(contains("0.0.0.0/0", "2001:db8::1"), Truth::False);
        assert_eq!(contains("::/0", "203.0.113.7"), Truth::False);
    }

    #[test]
    fn what_aws_does_not_document_is_unknown() {
        assert_eq!(contains("203.0.113.7/24", "203.0.113.9"), Truth::Unknown);
        assert_eq!(contains("203.0.113.7/24", "203.0.114.9"), Truth::False);
        assert_eq!(contains("203.0.113.0/24", "::ffff:203.0.113.9"), Truth::Unknown);
        assert_eq!(contains("203.0.113.0/24", "a client"), Truth::Unknown);
        for text in ["203.0.113", "203.0.113.0/33", "203.0.113.0/", "203.0.113.0/+8", "::/129", "*", ""] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }
}
