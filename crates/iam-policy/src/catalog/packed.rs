//! Texts that the program carries compressed, because they are long and seldom asked for.
//!
//! Owns the unpacking of the part that is asked for, once, and finding an entry by the first word of its first line.
//! What the lines say is not its business.

use std::io::Read as _;
use std::sync::OnceLock;

use lzma_rust2::LzmaReader;

/// A compressed text: entries sorted by the first word of their first line; further lines of an entry begin with a space.
pub(super) struct PackedText {
    packed: &'static [u8],
    chunks: OnceLock<Vec<Chunk>>,
}

/// Some entries that follow one another, an `.lzma` file.
struct Chunk {
    /// The first word of the first entry.
    first: &'static str,
    compressed: &'static [u8],
    text: OnceLock<String>,
    entries: OnceLock<Vec<&'static str>>,
}

impl PackedText {
    /// The text whose chunks are in `packed`: each is a line with its first word and its length, and its bytes.
    pub(super) const fn new(packed: &'static [u8]) -> Self {
        Self { packed, chunks: OnceLock::new() }
    }

    /// The entry whose first word is `name`.
    pub(super) fn entry(&'static self, name: &str) -> Option<&'static str> {
        let after = self.chunks().partition_point(|chunk| chunk.first <= name);
        entry(self.chunks().get(after.checked_sub(1)?)?.entries(), name)
    }

    fn chunks(&'static self) -> &'static [Chunk] {
        self.chunks.get_or_init(|| chunks(self.packed))
    }
}

impl Chunk {
    fn entries(&'static self) -> &'static [&'static str] {
        self.entries.get_or_init(|| Entries(self.text()).collect())
    }

    /// INVARIANT: every chunk can be read; the tests of the counts do. If one could not, its entries would not be found,
    /// and what is not found is unknown.
    fn text(&'static self) -> &'static str {
        self.text.get_or_init(|| {
            let mut text = String::new();
            let reader = LzmaReader::new_mem_limit(self.compressed, u32::MAX, None);
            match reader.and_then(|mut reader| reader.read_to_string(&mut text)) {
                Ok(_) => text,
                Err(_) => String::new(),
            }
        })
    }
}

fn chunks(mut packed: &'static [u8]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    while let Some((chunk, rest)) = next_chunk(packed) {
        chunks.push(chunk);
        packed = rest;
    }
    chunks
}

fn next_chunk(packed: &'static [u8]) -> Option<(Chunk, &'static [u8])> {
    let end = packed.iter().position(|byte| *byte == b'\n')?;
    let (head, rest) = packed.split_at_checked(end)?;
    let (first, length) = str::from_utf8(head).ok()?.split_once(' ')?;
    let (compressed, rest) = rest.get(1..)?.split_at_checked(length.parse().ok()?)?;
    Some((Chunk { first, compressed, text: OnceLock::new(), entries: OnceLock::new() }, rest))
}

/// The entries of a text.
struct Entries(&'static str);

impl Iterator for Entries {
    type Item = &'static str;

    fn next(&mut self) -> Option<&'static str> {
        let bytes = self.0.as_bytes();
        let mut ends = self.0.match_indices('\n').map(|(at, _)| at + 1);
        let end = ends.find(|at| bytes.get(*at).is_none_or(|byte| *byte != b' '));
        let (entry, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        (!entry.is_empty()).then(|| entry.trim_end())
    }
}

/// Of sorted entries the one whose first word is `name`.
pub(super) fn entry(entries: &[&'static str], name: &str) -> Option<&'static str> {
    let at = entries.binary_search_by(|entry| first_word(entry).cmp(name)).ok()?;
    entries.get(at).copied()
}

/// The word that an entry is found by.
pub(super) fn first_word(entry: &'static str) -> &'static str {
    entry.split([' ', '\n']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_goes_on_while_lines_begin_with_a_space() {
        assert_eq!(Entries("a 1\n x\n y\nb\nc 2\n").collect::<Vec<_>>(), ["a 1\n x\n y", "b", "c 2"]);
        assert_eq!(Entries("a").collect::<Vec<_>>(), ["a"]);
        assert_eq!(Entries("").count(), 0);
    }

    #[test]
    fn broken_bytes_have_no_entries() {
        static BROKEN: PackedText = PackedText::new(b"a 3\nxyz");
        assert_eq!(BROKEN.chunks().len(), 1);
        assert_eq!(BROKEN.entry("a"), None);
        assert!(chunks(b"a 4\nxyz").is_empty());
    }
}
