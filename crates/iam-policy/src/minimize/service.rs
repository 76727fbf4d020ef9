//! The shortest patterns for actions of one service.
//!
//! Owns the goal, and the way from candidates to the list. Never looks beyond the service.

use std::collections::BTreeMap;

use super::{
    Wildcards,
    candidates::{candidates, is_free},
    cost,
    cover::{Choice, cover},
    glob::Glob,
    names::Names,
};
use crate::{
    Pattern,
    action::{ActionPattern, ActionSet, Bits},
    catalog::Service,
};

/// What patterns of one service have to match, and what they may.
pub(crate) struct Goal<'a> {
    pub(crate) service: &'static Service,
    /// Actions that must be matched, by their places.
    pub(crate) must: Bits,
    /// Actions that may be matched, because something else grants them already.
    pub(crate) may: Bits,
    /// Patterns without prefix that one pattern of the answer has to cover, letter by letter: whatever they will match
    /// some day, the answer will too. Names that the catalogue does not know are such.
    pub(crate) texts: Vec<&'a str>,
}

impl<'a> Goal<'a> {
    /// These actions, these texts, and nothing else.
    pub(crate) fn exactly(service: &'static Service, must: Bits, texts: Vec<&'a str>) -> Self {
        Self { service, must, may: Bits::empty(service.actions().len()), texts }
    }
}

/// The shortest list of patterns, prefix included, that reaches the goal.
pub(crate) fn shortest(goal: &Goal<'_>, wildcards: Wildcards) -> Vec<String> {
    if wildcards == Wildcards::None && goal.texts.is_empty() {
        let actions = goal.service.actions().iter().enumerate();
        let wanted = actions.filter(|(place, _)| goal.must.contains(*place));
        return wanted.map(|(_, action)| action.to_string()).collect();
    }
    let names = Names::new(goal.service, &goal.must, &goal.may);
    let mut pool = Pool::new(goal, &names);
    for text in &goal.texts {
        pool.add_text(text);
    }
    for (glob, from) in candidates(&names, wildcards) {
        pool.add_glob(glob, from);
    }
    let mut chosen = pool.choose();
    if wildcards == Wildcards::Anywhere && pool.add_trimmed(&chosen) {
        let again = pool.choose();
        if pool.cost(&again) < pool.cost(&chosen) {
            chosen = again;
        }
    }
    let mut patterns: Vec<String> =
        chosen.iter().map(|text| format!("{}:{text}", goal.service.prefix())).collect();
    patterns.sort_by_cached_key(|pattern| pattern.to_ascii_lowercase());
    patterns
}

/// The patterns to choose from. Members are the wanted names and behind them the texts.
struct Pool<'a> {
    goal: &'a Goal<'a>,
    names: &'a Names,
    texts: Vec<Text>,
    /// Of patterns with the same members the cheapest: its spelling and, if it is one of the candidates, itself.
    best: BTreeMap<Vec<usize>, (String, Option<Glob<'static>>)>,
}

struct Text {
    lower: String,
    pattern: Pattern,
    /// The wanted names among what it matches.
    wanted: Vec<usize>,
}

impl<'a> Pool<'a> {
    fn new(goal: &'a Goal<'a>, names: &'a Names) -> Self {
        let texts = goal.texts.iter().map(|text| {
            let mut set = ActionSet::new();
            let whole = format!("{}:{text}", goal.service.prefix());
            ActionPattern::new(&whole).add_to(&mut set);
            let places = set.places(goal.service);
            let wanted = goal.must.iter().enumerate().filter(|(_, place)| places.contains(*place));
            Text {
                lower: text.to_ascii_lowercase(),
                pattern: Pattern::new(text).to_lowercase(),
                wanted: wanted.map(|(index, _)| index).collect(),
            }
        });
        Self { goal, names, texts: texts.collect(), best: BTreeMap::new() }
    }

    fn add_text(&mut self, text: &str) {
        let Some(own) = self.texts.iter().find(|own| own.pattern == Pattern::new(text).to_lowercase()) else {
            return;
        };
        self.add(text.to_owned(), own.wanted.clone(), None);
    }

    fn add_glob(&mut self, glob: Glob<'static>, from: Vec<usize>) {
        let Some(name) = from.first().and_then(|first| self.names.wanted.get(*first)) else { return };
        self.add(glob.spell(name), from, Some(glob));
    }

    /// Adds the texts that the pattern covers to its members, and keeps it if nothing shorter has the same.
    fn add(&mut self, spelling: String, mut members: Vec<usize>, glob: Option<Glob<'static>>) {
        if !self.texts.is_empty() {
            let pattern = Pattern::new(&spelling).to_lowercase();
            let within = |text: &Text| text.wanted.iter().all(|name| members.binary_search(name).is_ok());
            let (head, tail) = glob.map(|glob| (glob.head, glob.tail)).unwrap_or_default();
            let frames = |text: &Text| {
                text.lower.as_bytes().starts_with(head) && text.lower.as_bytes().ends_with(tail)
            };
            let covers = |text: &Text| frames(text) && within(text) && pattern.covers(&text.pattern);
            let covered = self.texts.iter().enumerate().filter(|(_, text)| covers(text));
            let covered: Vec<usize> = covered.map(|(index, _)| self.names.wanted.len() + index).collect();
            members.extend(covered);
        }
        let shorter = |known: &(String, Option<Glob<'static>>)| spelling.len() < known.0.len();
        if self.best.get(&members).is_none_or(shorter) {
            self.best.insert(members, (spelling, glob));
        }
    }

    fn choose(&self) -> Vec<String> {
        let choices: Vec<Choice<'_>> = self
            .best
            .iter()
            .map(|(members, (spelling, _))| Choice { cost: cost(self.goal.service, spelling), members })
            .collect();
        let chosen = cover(&choices, self.names.wanted.len() + self.texts.len());
        let spellings: Vec<&String> = self.best.values().map(|(spelling, _)| spelling).collect();
        chosen.into_iter().filter_map(|index| spellings.get(index).copied().cloned()).collect()
    }

    fn cost(&self, chosen: &[String]) -> usize {
        chosen.iter().map(|spelling| cost(self.goal.service, spelling)).sum()
    }

    /// Adds the chosen patterns once more, trimmed as far as they match nothing unwanted. Says whether any was.
    fn add_trimmed(&mut self, chosen: &[String]) -> bool {
        let globs: Vec<Glob<'static>> = self
            .best
            .values()
            .filter(|(spelling, _)| chosen.contains(spelling))
            .filter_map(|(_, glob)| *glob)
            .collect();
        let mut any = false;
        for glob in globs {
            let trimmed = self.trim(glob);
            if trimmed != glob {
                let matched = self.names.wanted.iter().enumerate();
                let matched = matched.filter(|(_, name)| trimmed.matches(&name.lower));
                let from = matched.map(|(index, _)| index).collect();
                self.add_glob(trimmed, from);
                any = true;
            }
        }
        any
    }

    fn trim(&self, mut glob: Glob<'static>) -> Glob<'static> {
        while let Some(shorter) = glob.trimmed().find(|shorter| is_free(shorter, self.names)) {
            glob = shorter;
        }
        glob
    }
}
