//! Which resources a combination of statements leaves open.
//!
//! Owns the translation of `Resource` and `NotResource` into patterns, cautious in the direction that is asked for.
//! Never looks at conditions.

use crate::{
    Context, Scope,
    condition::arn::PARTS,
    pattern::{Pattern, Search, find_with},
    policy_set::ResourcePattern,
};

/// In which direction to err where it is not certain what a pattern matches: variables that have no value yet, ARNs
/// with fewer than six parts, wildcards that may or may not take colons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// Only what certainly is open: for finding a witness.
    Least,
    /// Everything that could be open: for proving that nothing is.
    Most,
}

impl Bound {
    fn opposite(self) -> Self {
        match self {
            Self::Least => Self::Most,
            Self::Most => Self::Least,
        }
    }
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

    /// Whether the statement is about requests that are done to no resource, whose resource is `*`: certainly, or
    /// possibly.
    pub(super) fn includes_none(&self, bound: Bound) -> bool {
        let everything = |patterns: &[ResourcePattern], bound| {
            let is_everything = |pattern: &ResourcePattern| {
                pattern.widest().is_everything() && (bound == Bound::Most || !pattern.has_variables())
            };
            patterns.iter().any(is_everything)
        };
        match self.scope {
            None => true,
            Some(Scope::Only(patterns)) => everything(patterns, bound),
            Some(Scope::Except(patterns)) => !everything(patterns, bound.opposite()),
        }
    }

    fn any(&self, patterns: &[ResourcePattern], bound: Bound) -> Alternatives {
        let read = patterns.iter().flat_map(|pattern| self.read(pattern, bound));
        read.map(|pattern| Demand { all: vec![pattern], none: Vec::new() }).collect()
    }

    fn no(&self, patterns: &[ResourcePattern], bound: Bound) -> Demand {
        // To leave the most open, exclude the least.
        let none = patterns.iter().flat_map(|pattern| match bound {
            Bound::Most if pattern.has_variables() => Vec::new(),
            _ => self.read(pattern, bound.opposite()),
        });
        Demand { all: Vec::new(), none: none.collect() }
    }

    /// Patterns that together match at least, or at most, what `pattern` matches. With variables, "at most" is for the
    /// values that they have been given.
    fn read(&self, pattern: &ResourcePattern, bound: Bound) -> Vec<Pattern> {
        let parts = pattern.widest_parts();
        match bound {
            _ if pattern.widest().is_everything() && !pattern.has_variables() => vec![Pattern::new("*")],
            Bound::Least if !pattern.is_whole() => Vec::new(),
            Bound::Least => {
                let parts = pattern.parts(self.known);
                parts.iter().map(|parts| Pattern::of_arn_parts(parts)).collect()
            }
            // By its parts it matches nothing that it does not match as a text, unless parts are missing.
            Bound::Most if parts.len() == PARTS => vec![pattern.widest().clone()],
            Bound::Most => vec![pattern.widest().clone(), Pattern::of_arn_parts(parts)],
        }
    }
}

/// A resource that meets one alternative of each of `demands`, if one is found within the effort.
pub(super) fn search(demands: &[&Alternatives], effort: &mut usize) -> Search {
    descend(demands, &mut Vec::new(), effort)
}

fn descend<'a>(demands: &[&'a Alternatives], chosen: &mut Vec<&'a Demand>, effort: &mut usize) -> Search {
    let Some((first, rest)) = demands.split_first() else {
        let all: Vec<&Pattern> = chosen.iter().flat_map(|demand| &demand.all).collect();
        let none: Vec<&Pattern> = chosen.iter().flat_map(|demand| &demand.none).collect();
        let Some(left) = effort.checked_sub(all.len() + none.len() + 1) else { return Search::TooHard };
        *effort = left;
        return find_with(effort, &all, &none);
    };
    let mut joined = Search::Empty;
    for demand in first.iter() {
        let mut before = chosen.iter().flat_map(|demand| &demand.all);
        if !before.all(|pattern| demand.all.iter().all(|other| pattern.may_meet(other))) {
            continue;
        }
        chosen.push(demand);
        let found = descend(rest, chosen, effort);
        chosen.pop();
        match found {
            Search::Found(_) => return found,
            Search::TooHard if *effort == 0 => return found,
            Search::TooHard => joined = found,
            Search::Empty => {}
        }
    }
    joined
}
