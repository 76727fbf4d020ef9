//! Which resources a combination of statements leaves open.
//!
//! Owns the translation of `Resource` and `NotResource` into patterns, cautious in the direction that is asked for.
//! Never looks at conditions.

use crate::{
    Context, Scope,
    pattern::{Pattern, Search, find},
    policy_set::ResourcePattern,
};

use super::circumstance::{fill, loosen};

/// How many combinations of patterns are looked at.
const PATIENCE: usize = 4_096;

/// In which direction to err where it is not certain what a pattern matches: variables that have no value yet, ARNs
/// with fewer than six parts, wildcards that may or may not take colons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// Only what certainly is open: for finding a witness.
    Least,
    /// Everything that could be open: for proving that nothing is.
    Most,
}

/// What one statement asks of a resource, as alternatives of which one must hold.
pub(super) type Alternatives = Vec<Demand>;

/// Patterns that must all match, and patterns that must not.
#[derive(Clone, Debug, Default)]
pub(super) struct Demand {
    pub(super) all: Vec<Pattern>,
    pub(super) none: Vec<Pattern>,
}

/// A statement's resources, read with what is known of variables.
#[derive(Clone, Copy)]
pub(super) struct Resources<'a> {
    pub(super) scope: Option<&'a Scope<Vec<ResourcePattern>>>,
    pub(super) known: &'a Context,
}

impl Resources<'_> {
    /// What a resource must be for the statement to be about it. A statement without resources, as trust policies
    /// have, is about any.
    pub(super) fn included(&self, bound: Bound) -> Alternatives {
        match self.scope {
            None => vec![Demand::default()],
            Some(Scope::Only(patterns)) => self.any(patterns, bound),
            Some(Scope::Except(patterns)) => vec![self.no(patterns, bound)],
        }
    }

    /// What a resource must be for the statement not to be about it.
    pub(super) fn excluded(&self, bound: Bound) -> Alternatives {
        match self.scope {
            None => Vec::new(),
            Some(Scope::Only(patterns)) => vec![self.no(patterns, bound)],
            Some(Scope::Except(patterns)) => self.any(patterns, bound),
        }
    }

    /// Whether the statement is about requests that are done to no resource, whose resource is `*`.
    pub(super) fn includes_none(&self) -> bool {
        let everything =
            |patterns: &[ResourcePattern]| patterns.iter().any(|pattern| pattern.widest().is_everything());
        match self.scope {
            None => true,
            Some(Scope::Only(patterns)) => everything(patterns),
            Some(Scope::Except(patterns)) => !everything(patterns),
        }
    }

    fn any(&self, patterns: &[ResourcePattern], bound: Bound) -> Alternatives {
        let read = patterns.iter().flat_map(|pattern| self.read(pattern, bound));
        read.map(|pattern| Demand { all: vec![pattern], none: Vec::new() }).collect()
    }

    /// To leave the most open, exclude the least: nothing for a text with a variable, which may have no value.
    fn no(&self, patterns: &[ResourcePattern], bound: Bound) -> Demand {
        let none = patterns.iter().flat_map(|pattern| match bound {
            Bound::Least => self.read(pattern, Bound::Most),
            Bound::Most if pattern.has_variables() => Vec::new(),
            Bound::Most => self.read(pattern, Bound::Least),
        });
        Demand { all: Vec::new(), none: none.collect() }
    }

    /// Patterns that together match at least, or at most, what `pattern` matches.
    fn read(&self, pattern: &ResourcePattern, bound: Bound) -> Vec<Pattern> {
        let text = pattern.as_written();
        match bound {
            _ if pattern.widest().is_everything() => vec![Pattern::new("*")],
            Bound::Least if !pattern.is_whole() => Vec::new(),
            Bound::Least if pattern.has_variables() => vec![Pattern::arn(&fill(text, self.known))],
            Bound::Least => vec![Pattern::arn(text)],
            Bound::Most => {
                let text = if pattern.has_variables() { loosen(text) } else { text.to_owned() };
                let missing = 5_usize.saturating_sub(text.matches(':').count());
                let completed = Pattern::new(&format!("{text}{}", ":*".repeat(missing)));
                let as_written = (missing > 0).then(|| Pattern::new(&text));
                std::iter::once(completed).chain(as_written).collect()
            }
        }
    }
}

/// A resource that meets one alternative of each of `demands`.
pub(super) fn search(demands: &[Alternatives]) -> Search {
    let mut left = PATIENCE;
    descend(demands, &mut Vec::new(), &mut left)
}

fn descend<'a>(demands: &'a [Alternatives], chosen: &mut Vec<&'a Demand>, left: &mut usize) -> Search {
    let Some((first, rest)) = demands.split_first() else {
        if *left == 0 {
            return Search::TooHard;
        }
        *left -= 1;
        let all: Vec<&Pattern> = chosen.iter().flat_map(|demand| &demand.all).collect();
        let none: Vec<&Pattern> = chosen.iter().flat_map(|demand| &demand.none).collect();
        return find(&all, &none);
    };
    let mut joined = Search::Empty;
    for demand in first {
        chosen.push(demand);
        let found = descend(rest, chosen, left);
        chosen.pop();
        match found {
            Search::Found(_) => return found,
            Search::TooHard => joined = found,
            Search::Empty => {}
        }
    }
    joined
}
