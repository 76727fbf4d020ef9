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
        for case in (0..cases.len()).filter(|case| !asked.contains(case)) {
            writeln!(comparison.wrong, "never asked: {}", cases[case].name()).unwrap();
        }
        comparison
    }

    fn add(&mut self, question: &Question, answer: bool, case: &Case) {
        self.asked += 1;
        self.allowed += usize::from(answer);
        let decision = evaluate(&question.policies, &question.request);
        let agree = decision.outcome == if answer { Outcome::Allowed } else { Outcome::Denied };
        let title = &question.title;
        match (agree, case.judged(title)) {
            (true, None) => {}
            (false, Some(_)) => *self.judged.entry(question.case).or_default() += 1,
            (true, Some(_)) => writeln!(self.wrong, "{title}: judged, yet both agree").unwrap(),
            (false, None) => {
                let server = if answer { "allowed" } else { "denied" };
                writeln!(self.wrong, "{title}: the engine says {decision}; the server says {server}")
                    .unwrap();
            }
        }
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
