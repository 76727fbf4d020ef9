//! A second opinion on the policy engine: the same questions to it and to an emulator that enforces IAM.
//!
//! For every service of the emulator some operations (`operations.json`) are called by sessions of roles that hold the
//! policies of `policies.json`, and roles are assumed that trust as `trust.json` says. Where the two do not agree, AWS's
//! documentation decides: the case says why (`judged`), and says so only as long as they do not. Never looks at what
//! a call does.

mod answers;
mod case;
mod comparison;
mod operation;
mod question;

use std::collections::BTreeSet;

use libtest_mimic::Trial;

use crate::support::{Ground, Site, root};

use case::Case;
use comparison::Comparison;
use operation::Operation;
use question::Question;

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground.trials().on_ministack(evaluate_decides_as_the_enforcing_server).into_iter().collect()
}

/// How many cases each operation is asked about beside those that are for all.
const OTHERS: usize = 4;

#[expect(clippy::print_stdout, reason = "how much was compared is part of the answer")]
fn evaluate_decides_as_the_enforcing_server(site: &Site) {
    let operations = Operation::all();
    let cases = Case::all(include_str!("second_opinion/policies.json"));
    let account = site.account().id();
    let questions = Question::of(&operations, &cases, account, OTHERS);
    let asked: Vec<_> = questions.iter().map(|question| &question.asked).collect();
    let answers = answers::of(root(), (&site.endpoint(), account), &asked);
    let comparison = Comparison::of(&questions, &answers, &cases);
    let services: BTreeSet<&str> = operations.iter().map(Operation::service).collect();
    println!("second opinion: {} services, {} operations, {comparison}", services.len(), operations.len());
    comparison.check();
}
