//! Base64, as `BinaryEquals` compares it.
//!
//! Owns decoding, standard alphabet with padding. Never encodes.

/// The bytes that a text stands for, if it is base64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut groups = text.as_bytes().chunks_exact(4);
    let last = groups.len().checked_sub(1);
    for (index, group) in groups.by_ref().enumerate() {
        let padding = group.iter().rev().take_while(|byte| **byte == b'=').count();
        let kept = 3usize.checked_sub(padding).filter(|kept| *kept > 0)?;
        if padding > 0 && Some(index) != last {
            return None;
        }
        let mut bits = 0;
        for byte in group.iter().take(4 - padding) {
            bits = bits << 6 | sextet(*byte)?;
        }
        let [_, decoded @ ..] = (bits << (6 * padding)).to_be_bytes();
        let (decoded, beyond) = decoded.split_at_checked(kept)?;
        // Bits beyond the last byte would make two texts of the same bytes.
        if beyond.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(decoded);
    }
    groups.remainder().is_empty().then_some(bytes)
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn base64_is_read_and_nothing_else() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob")]
        {
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(decode("+/8="), Some(vec![0xfb, 0xff]));
        for text in ["Zg", "Zg=", "Z===", "====", "Zh==", "Zg==Zg==", "Zm9 ", "Zm-v"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
