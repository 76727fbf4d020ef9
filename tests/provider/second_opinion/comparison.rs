//! What engine and server said of the same questions, side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use iam_policy::{Outcome, evaluate};

use super::case::Case;
use super::question::Question;

/// How many questions, and how they came out. Says so when printed.
#[derive(Default)]
pub(super) struct Comparison {
    asked: usize,
    allowed: usize,
    judged: BTreeMap<usize, usize>,
    wrong: String,
}

impl Comparison {
    /// Puts the questions to the engine beside the server's answers.
    pub(super) fn of(questions: &[Question], answers: &[bool], cases: &[Case]) -> Self {
        let mut comparison = Self::default();
        for (question, &answer) in questions.iter().zip(answers) {
            comparison.add(question, answer, &cases[question.case]);
        }
        let asked: BTreeSet<usize> = questions.iter().map(|question| question.case).collect();
        for (index, case) in cases.iter().enumerate() {
            let is_stale = case.judged().is_some() && !comparison.judged.contains_key(&index);
            if is_stale || !asked.contains(&index) {
                let what = if is_stale { "judged, yet both agree" } else { "never asked" };
                writeln!(comparison.wrong, "`{}`: {what}", case.name()).unwrap();
            }
        }
        comparison
    }

    fn add(&mut self, question: &Question, answer: bool, case: &Case) {
        self.asked += 1;
        self.allowed += usize::from(answer);
        let decision = evaluate(&question.policies, &question.request);
        let agree = decision.outcome == if answer { Outcome::Allowed } else { Outcome::Denied };
        if agree {
            return;
        }
        if case.judged().is_some() {
            *self.judged.entry(question.case).or_default() += 1;
            return;
        }
        let server = if answer { "allowed" } else { "denied" };
        writeln!(self.wrong, "{}: the engine says {decision}; the server says {server}", question.title)
            .unwrap();
    }

    /// Ends the test if they disagree where nobody judged, or agree where somebody did.
    pub(super) fn check(&self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong);
    }
}

impl std::fmt::Display for Comparison {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let judged: usize = self.judged.values().sum();
        write!(
            formatter,
            "{} questions, {} allowed by the server; {} agreements, {judged} disagreements in {} judged cases",
            self.asked,
            self.allowed,
            self.asked - judged,
            self.judged.len(),
        )
    }
}
