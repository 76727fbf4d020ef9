//! Texts that the program carries packed, because they are long and seldom asked for.
//!
//! Owns the unpacking, once, on first use, and finding an entry by the first word of its first line. What the lines say
//! is not its business.

use std::sync::OnceLock;

use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// A packed text: entries sorted by the first word of their first line; further lines of an entry begin with a space.
pub(super) struct PackedText {
    packed: &'static [u8],
    text: OnceLock<String>,
    entries: OnceLock<Vec<&'static str>>,
}

impl PackedText {
    /// The text whose length and, deflated, itself are in `packed`.
    pub(super) const fn new(packed: &'static [u8]) -> Self {
        Self { packed, text: OnceLock::new(), entries: OnceLock::new() }
    }

    /// All entries.
    pub(super) fn entries(&'static self) -> &'static [&'static str] {
        self.entries.get_or_init(|| split(self.text.get_or_init(|| unpack(self.packed))))
    }

    /// The entry whose first word is `name`.
    pub(super) fn entry(&'static self, name: &str) -> Option<&'static str> {
        let entries = self.entries();
        let at = entries.binary_search_by(|entry| first_word(entry).cmp(name)).ok()?;
        entries.get(at).copied()
    }

    /// The first words of all entries.
    pub(super) fn names(&'static self) -> impl Iterator<Item = &'static str> {
        self.entries().iter().copied().map(first_word)
    }
}

/// What the packed bytes stand for. They are committed, and a test unpacks every one of them, so that broken ones,
/// which are an empty text here, cannot get into the program.
fn unpack(packed: &[u8]) -> String {
    let Some((length, deflated)) = packed.split_first_chunk() else { return String::new() };
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or_default();
    let bytes = decompress_to_vec_with_limit(deflated, length).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn split(text: &'static str) -> Vec<&'static str> {
    let mut entries = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let next = rest.match_indices('\n').map(|(at, _)| at + 1);
        let end = next.into_iter().find(|at| rest.as_bytes().get(*at).is_none_or(|byte| *byte != b' '));
        let (entry, after) = rest.split_at(end.unwrap_or(rest.len()));
        entries.push(entry.trim_end());
        rest = after;
    }
    entries
}

fn first_word(entry: &'static str) -> &'static str {
    entry.split([' ', '\n']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_goes_on_while_lines_begin_with_a_space() {
        assert_eq!(split("a 1\n x\n y\nb\nc 2\n"), ["a 1\n x\n y", "b", "c 2"]);
        assert_eq!(split("a"), ["a"]);
        assert!(split("").is_empty());
    }

    #[test]
    fn broken_bytes_are_an_empty_text() {
        assert_eq!(unpack(&[]), "");
        assert_eq!(unpack(&[1, 0, 0, 0, 0xff, 0xff]), "");
    }
}
