//! The forms that a shortened name takes.
//!
//! Owns matching, spelling and trimming of these forms. Never decides which is worth it.

use super::names::Name;

/// A name with at most two gaps, in lower case: a beginning, a gap, an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Glob<'a> {
    pub(super) head: &'a [u8],
    pub(super) gap: Gap<'a>,
    pub(super) tail: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Gap<'a> {
    /// Nothing between beginning and end.
    Closed,
    /// `*`
    Run,
    /// `?*`
    Filled,
    /// `?`
    One,
    /// `*…*`
    Around(&'a [u8]),
}

impl<'a> Glob<'a> {
    pub(super) fn matches(&self, name: &[u8]) -> bool {
        let rest = name.strip_prefix(self.head).and_then(|rest| rest.strip_suffix(self.tail));
        rest.is_some_and(|rest| match self.gap {
            Gap::Closed => rest.is_empty(),
            Gap::Run => true,
            Gap::Filled => !rest.is_empty(),
            Gap::One => rest.len() == 1,
            Gap::Around(middle) => find(rest, middle).is_some(),
        })
    }

    /// The pattern with the letters of one of the names that it was made of.
    pub(super) fn spell(&self, name: &Name) -> String {
        let end = name.lower.len().saturating_sub(self.tail.len());
        let piece = |from: usize, to: usize| name.original.get(from..to).unwrap_or_default();
        let head = piece(0, self.head.len());
        let tail = piece(end, name.lower.len());
        let gap = match self.gap {
            Gap::Closed => String::new(),
            Gap::Run => "*".to_owned(),
            Gap::Filled => "?*".to_owned(),
            Gap::One => "?".to_owned(),
            Gap::Around(middle) => {
                let rest = name.lower.get(self.head.len()..end).unwrap_or_default();
                let from = self.head.len() + find(rest, middle).unwrap_or_default();
                format!("*{}*", piece(from, from + middle.len()))
            }
        };
        format!("{head}{gap}{tail}")
    }

    /// The pattern with one letter less, at each of the places beside a gap.
    pub(super) fn trimmed(&self) -> impl Iterator<Item = Self> + use<'a> {
        let Self { head, gap, tail } = *self;
        let shorter_head = head.split_last().map(|(_, head)| Self { head, gap, tail });
        let shorter_tail = tail.split_first().map(|(_, tail)| Self { head, gap, tail });
        let middle = match gap {
            Gap::Around(middle) if middle.len() > 1 => middle,
            _ => &[],
        };
        let inner = |middle| Self { head, gap: Gap::Around(middle), tail };
        let from_front = middle.split_first().map(|(_, middle)| inner(middle));
        let from_back = middle.split_last().map(|(_, middle)| inner(middle));
        let open = !matches!(gap, Gap::Closed);
        [shorter_head, shorter_tail, from_front, from_back].into_iter().flatten().filter(move |_| open)
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    text.windows(part.len()).position(|window| window == part)
}
