//! Ways of several steps from one role to another.
//!
//! Owns the search. A session of a session lasts an hour at most, which stops nobody.

use std::collections::{HashMap, VecDeque};

use super::{Known, Takeover};
use crate::ActionSet;

/// A way from one role to another over others. Prints as a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The ARNs of the roles, in order; three or more.
    pub roles: Vec<String>,
    /// Whether every step is surely possible.
    pub is_certain: bool,
    /// The actions that the last role can do and the first cannot on any resource.
    pub gains: ActionSet,
}

/// For each pair of roles that no step joins, one of the shortest ways; a sure one if any of that length is.
pub(super) fn chains(roles: &[Known<'_>], takeovers: &[Takeover]) -> Vec<Chain> {
    let steps = Steps::new(takeovers);
    roles.iter().flat_map(|from| steps.chains_from(from, roles)).collect()
}

struct Steps<'a>(HashMap<&'a str, Vec<(&'a str, bool)>>);

impl<'a> Steps<'a> {
    fn new(takeovers: &'a [Takeover]) -> Self {
        let mut steps: HashMap<&str, Vec<(&str, bool)>> = HashMap::new();
        for one in takeovers.iter().filter(|one| one.how.is_becoming()) {
            steps.entry(&one.from).or_default().push((&one.to, one.witness.is_some()));
        }
        for next in steps.values_mut() {
            next.sort_by_key(|(_, sure)| !sure);
        }
        Self(steps)
    }

    /// Breadth first, twice: over sure steps, then over all.
    fn chains_from(&self, from: &Known<'_>, roles: &[Known<'_>]) -> Vec<Chain> {
        let (sure, any) = (self.reach(&from.role.arn, true), self.reach(&from.role.arn, false));
        let way = |to: &str| {
            let (sure, any) = (spell(&sure, to), spell(&any, to));
            if sure.as_ref().map(Vec::len) == any.as_ref().map(Vec::len) {
                (sure, true)
            } else {
                (any, false)
            }
        };
        let mut chains = Vec::new();
        for to in roles.iter().filter(|to| to.role.arn != from.role.arn) {
            let (Some(roles), is_certain) = way(&to.role.arn) else { continue };
            if roles.len() > 2 {
                let gains = to.access.clone().difference(&from.access);
                chains.push(Chain { roles, is_certain, gains });
            }
        }
        chains
    }

    /// Each role that can be reached, with the one before it.
    fn reach(&self, from: &'a str, sure_only: bool) -> HashMap<&'a str, Option<&'a str>> {
        let mut before: HashMap<&str, Option<&str>> = HashMap::from([(from, None)]);
        let mut queue = VecDeque::from([from]);
        while let Some(here) = queue.pop_front() {
            for (next, sure) in self.0.get(here).into_iter().flatten() {
                if (*sure || !sure_only) && !before.contains_key(next) {
                    before.insert(next, Some(here));
                    queue.push_back(next);
                }
            }
        }
        before
    }
}

/// The roles on the way to the last, if it was reached.
fn spell(before: &HashMap<&str, Option<&str>>, last: &str) -> Option<Vec<String>> {
    let mut roles = vec![last.to_owned()];
    let mut here = before.get(last)?;
    while let Some(role) = here {
        roles.push((*role).to_owned());
        here = before.get(role)?;
    }
    roles.reverse();
    Some(roles)
}
