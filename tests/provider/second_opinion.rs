//! A second opinion on the policy engine: the same questions to it and to an emulator that enforces IAM.
//!
//! For every service of the emulator some operations (`operations.json`) are called by sessions of roles that hold the
//! policies of `policies.json`; roles are assumed that trust as `trust.json` says, and resources are called that have
//! the policies of `resource_policies.json`. Where the two do not agree, AWS's documentation decides: the case says how
//! (`judged`), and says so only as long as they do not. Each trial prints how much it compared. Never looks at what a
//! call does.
#![expect(clippy::print_stdout, reason = "how much was compared is part of the answer")]

mod answers;
mod case;
mod comparison;
mod operation;
mod question;
mod resource_policy;
mod trust;
mod witness;

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::support::{Ground, Site, root};

use case::Case;
use comparison::Comparison;
use operation::Operation;
use question::Question;
use witness::Witnesses;

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_ministack(evaluate_decides_as_the_enforcing_server)
        .on_ministack(evaluate_trusts_whom_the_enforcing_server_lets_in)
        .on_ministack(evaluate_joins_resource_policies_as_the_enforcing_server)
        .on_ministack(a_witness_of_can_it_ever_is_allowed_by_the_enforcing_server)
        .into_iter()
        .collect()
}

/// How many cases evaluate decides of each operation beside those that are for all.
const DECIDED: usize = 3;

/// How many cases of each operation are asked for a witness.
const WITNESSED: usize = 4;

fn evaluate_decides_as_the_enforcing_server(site: &Site) {
    let (operations, cases) = (Operation::all(), policies());
    let account = site.account().id();
    let for_all = Question::for_all(&operations, &cases, account);
    let by_turns = Question::by_turns(&operations, &cases, account, DECIDED);
    let questions: Vec<_> = for_all.into_iter().chain(by_turns).map(|(_, question)| question).collect();
    let comparison = Comparison::of(&questions, &answers(site, asked(&questions)), &cases);
    let services: BTreeSet<&str> = operations.iter().map(Operation::service).collect();
    println!("evaluate: {} services, {} operations, {comparison}", services.len(), operations.len());
    comparison.check();
}

fn evaluate_trusts_whom_the_enforcing_server_lets_in(site: &Site) {
    let cases = Case::all(include_str!("second_opinion/trust.json"));
    let there = site.another_account();
    let questions = trust::questions(&cases, site.account().id(), there.id());
    let comparison = Comparison::of(&questions, &answers(site, asked(&questions)), &cases);
    println!("evaluate, trust: {comparison}");
    comparison.check();
}

fn evaluate_joins_resource_policies_as_the_enforcing_server(site: &Site) {
    let cases = Case::all(include_str!("second_opinion/resource_policies.json"));
    let there = site.another_account();
    let questions = resource_policy::questions(&cases, site.account().id(), there.id());
    let comparison = Comparison::of(&questions, &answers(site, asked(&questions)), &cases);
    println!("evaluate, resource policies: {comparison}");
    comparison.check();
}

fn a_witness_of_can_it_ever_is_allowed_by_the_enforcing_server(site: &Site) {
    let (operations, cases) = (Operation::all(), policies());
    let account = site.account().id();
    let questions = Question::by_turns(&operations, &cases, account, WITNESSED);
    let witnesses = Witnesses::of(&questions, account);
    let answers = answers(site, witnesses.asked(&questions, account));
    let report = witnesses.judge(&questions, &answers, &cases);
    println!("possible: {} questions, {witnesses}", questions.len());
    assert!(report.is_empty(), "{report}");
}

fn policies() -> Vec<Case> {
    Case::all(include_str!("second_opinion/policies.json"))
}

fn asked(questions: &[Question]) -> Vec<Value> {
    questions.iter().map(|question| question.asked.clone()).collect()
}

fn answers(site: &Site, questions: Vec<Value>) -> Vec<bool> {
    answers::of(root(), &site.endpoint(), site.account().id(), &Value::from(questions))
}
