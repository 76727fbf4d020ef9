//! Patterns with wildcards, as policies write actions, resources and values.
//!
//! Owns what `*` and `?` match. Never knows what a pattern stands for: where an ARN's colons matter is the business of
//! who compares ARNs.

mod search;

pub(crate) use search::find_with;
pub use search::{Search, find};

/// A text in which `*` stands for any run of characters, the empty one too, and `?` for exactly one.
///
/// Every other character stands for itself; there is no escape. (IAM User Guide, "IAM JSON policy elements: Resource"
/// and "… Condition operators".)
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern {
    tokens: Box<[Token]>,
    /// The characters before the first wildcard, and those after the last: most texts fail on them.
    start: Box<str>,
    end: Box<str>,
    /// What stands between them, in `tokens`.
    middle: (usize, usize),
}

/// INVARIANT: of neighboring wildcards of one kind the `?` come first and at most one `*` follows, so that patterns that
/// match the same texts because of `**`, `*?` and the like are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Token {
    Character(char),
    One,
    Run,
    /// Like `One` and `Run`, but never a colon.
    OneInSegment,
    RunInSegment,
}

impl Token {
    fn is_run(self) -> bool {
        matches!(self, Self::Run | Self::RunInSegment)
    }

    /// Whether `letter` may stand for this token, or for one letter of it.
    fn takes(self, letter: char) -> bool {
        match self {
            Self::Character(expected) => expected == letter,
            Self::One | Self::Run => true,
            Self::OneInSegment | Self::RunInSegment => letter != ':',
        }
    }

    fn character(self) -> Option<char> {
        if let Self::Character(character) = self { Some(character) } else { None }
    }

    /// Whether this takes every letter that `other` takes.
    fn covers(self, other: Self) -> bool {
        match (self, other) {
            (_, Self::Character(letter)) => self.takes(letter),
            (Self::One | Self::Run, _) => true,
            (Self::OneInSegment | Self::RunInSegment, Self::OneInSegment | Self::RunInSegment) => true,
            _ => false,
        }
    }
}

impl Pattern {
    /// Reads a pattern; every text is one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::from_tokens(text.chars().map(|character| match character {
            '*' => Token::Run,
            '?' => Token::One,
            other => Token::Character(other),
        }))
    }

    /// A pattern that matches this text only, whatever it contains.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self::from_canonical(text.chars().map(Token::Character).collect())
    }

    /// A pattern for ARNs that reads each of their six parts by itself: wildcards in the first five match no colon, and
    /// parts that are missing at the end match anything.
    ///
    /// So the ARN operators compare (IAM User Guide, "Condition operators"), and so AWS completes a `Resource` with
    /// fewer than six parts ("IAM JSON policy elements: Resource").
    #[must_use]
    pub fn arn(text: &str) -> Self {
        Self::of_arn_parts(&text.splitn(6, ':').map(Self::new).collect::<Vec<_>>())
    }

    /// The same from patterns of the parts.
    pub(crate) fn of_arn_parts(parts: &[Self]) -> Self {
        let within = |token: &Token| match token {
            Token::One => Token::OneInSegment,
            Token::Run => Token::RunInSegment,
            other => *other,
        };
        let mut tokens = Vec::new();
        for place in 0..6 {
            let part = parts.get(place).map_or(&[Token::Run][..], |part| &part.tokens);
            if place < 5 {
                tokens.extend(part.iter().map(within).chain([Token::Character(':')]));
            } else {
                tokens.extend_from_slice(part);
            }
        }
        Self::from_tokens(tokens.into_iter())
    }

    /// This pattern and then that.
    ///
    /// INVARIANT: both read their wildcards alike, from [`Pattern::new`] or [`Pattern::literal`]. Behind a `*` that takes
    /// colons, wildcards that stop at them would make the choices of `matches` depend on each other.
    #[must_use]
    pub(crate) fn then(&self, next: &Self) -> Self {
        Self::from_tokens(self.tokens.iter().chain(&next.tokens).copied())
    }

    /// The pattern in lower case, for texts that compare without case.
    #[must_use]
    pub fn to_lowercase(&self) -> Self {
        let lower = |token: &Token| match token {
            Token::Character(character) => Token::Character(character.to_ascii_lowercase()),
            other => *other,
        };
        Self::from_canonical(self.tokens.iter().map(lower).collect())
    }

    fn from_tokens(tokens: impl Iterator<Item = Token>) -> Self {
        let mut canonical: Vec<Token> = Vec::new();
        for token in tokens {
            match (canonical.last(), token) {
                (Some(Token::Run), Token::Run) | (Some(Token::RunInSegment), Token::RunInSegment) => {}
                (Some(run @ Token::Run), Token::One)
                | (Some(run @ Token::RunInSegment), Token::OneInSegment) => {
                    let run = *run;
                    canonical.pop();
                    canonical.extend([token, run]);
                }
                _ => canonical.push(token),
            }
        }
        Self::from_canonical(canonical.into())
    }

    fn from_canonical(tokens: Box<[Token]>) -> Self {
        let start: String = tokens.iter().map_while(|token| token.character()).collect();
        let end: Vec<char> = tokens.iter().rev().map_while(|token| token.character()).collect();
        // A text without wildcards is all start.
        let end = if end.len() == tokens.len() { Vec::new() } else { end };
        let middle = (start.chars().count(), tokens.len() - end.len());
        let end: String = end.into_iter().rev().collect();
        Self { tokens, start: start.into(), end: end.into(), middle }
    }

    /// The text, if this matches one text only.
    #[must_use]
    pub fn as_literal(&self) -> Option<String> {
        self.tokens.iter().map(|token| token.character()).collect()
    }

    /// Whether this matches every text.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self.tokens == [Token::Run]
    }

    /// Whether `text` matches, letter by letter.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let middle = text.strip_prefix(&*self.start).and_then(|rest| rest.strip_suffix(&*self.end));
        let Some(middle) = middle else { return false };
        match self.tokens.get(self.middle.0..self.middle.1) {
            Some([Token::Run]) => true,
            Some(tokens) => matches(tokens, middle, Token::takes),
            None => false,
        }
    }

    /// Whether `text` matches; the case of ASCII letters does not matter.
    #[must_use]
    pub fn matches_ignoring_case(&self, text: &str) -> bool {
        matches(&self.tokens, text, |token, found| match token {
            Token::Character(expected) => expected.eq_ignore_ascii_case(&found),
            wildcard => wildcard.takes(found),
        })
    }

    /// Whether a text that both match is not ruled out by their beginnings and ends. A no is certain.
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        let is_literal = |pattern: &Self| pattern.middle.0 == pattern.tokens.len();
        if is_literal(self) {
            return other.matches(&self.start);
        }
        if is_literal(other) {
            return self.matches(&other.start);
        }
        let starts = self.start.starts_with(&*other.start) || other.start.starts_with(&*self.start);
        starts && (self.end.ends_with(&*other.end) || other.end.ends_with(&*self.end))
    }

    /// Whether every text that `other` matches is matched by this too. A yes is certain; a no may be too cautious.
    ///
    /// Reads `other` as a text whose wildcards are letters of their own: a run is only matched by a run, one character
    /// by `?` or a run.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let mut places = Vec::new();
        self.reach(0, &mut places);
        let mut next = Vec::new();
        for letter in &other.tokens {
            for place in places.drain(..) {
                match self.tokens.get(place) {
                    Some(run) if run.is_run() && run.covers(*letter) => self.reach(place, &mut next),
                    Some(one) if !letter.is_run() && one.covers(*letter) => self.reach(place + 1, &mut next),
                    _ => {}
                }
            }
            if next.is_empty() {
                return false;
            }
            std::mem::swap(&mut places, &mut next);
        }
        places.last() == Some(&self.tokens.len())
    }

    /// Adds a place to those reached, and those behind its runs, for a run may be empty.
    ///
    /// INVARIANT: places are reached in ascending order, except that those behind a run come with it; so one that is
    /// not beyond the last is there already.
    fn reach(&self, from: usize, places: &mut Vec<usize>) {
        let runs = self.tokens.iter().skip(from).take_while(|token| token.is_run()).count();
        for place in from..=from + runs {
            if places.last().is_none_or(|last| *last < place) {
                places.push(place);
            }
        }
    }
}

/// Tries the shortest run first and lengthens the last one on failure. Of nested choices only the last can matter:
/// a run that may take anything makes up for whatever an earlier one could have taken. A run within a segment does
/// not, but cannot reach beyond the next colon either, where all choices have to agree again.
fn matches(tokens: &[Token], text: &str, takes: impl Fn(Token, char) -> bool) -> bool {
    let mut tokens = tokens.iter();
    let mut rest = text.chars();
    let mut resume: Option<(Token, std::slice::Iter<'_, Token>, std::str::Chars<'_>)> = None;
    loop {
        let matched = match tokens.next() {
            Some(run) if run.is_run() => {
                resume = Some((*run, tokens.clone(), rest.clone()));
                true
            }
            Some(token) => rest.next().is_some_and(|found| takes(*token, found)),
            None if rest.as_str().is_empty() => return true,
            None => false,
        };
        if matched {
            continue;
        }
        let Some((run, after, from)) = resume.as_mut() else { return false };
        if !from.next().is_some_and(|found| takes(*run, found)) {
            return false;
        }
        tokens = after.clone();
        rest = from.clone();
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.tokens.iter().try_for_each(|token| match token {
            Token::Character(character) => write!(formatter, "{character}"),
            Token::One | Token::OneInSegment => formatter.write_str("?"),
            Token::Run | Token::RunInSegment => formatter.write_str("*"),
        })
    }
}

#[cfg(test)]
mod tests;
