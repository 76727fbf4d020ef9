//! `possible` answers as the scenarios say, and what it calls possible is allowed.

use iam_policy::{Outcome, Pattern, Possible, Question, evaluate, possible};
use serde_json::Value;

use crate::{
    context,
    evaluate::{CALLER, caller, policies},
    run,
};

#[test]
fn possible_answers_as_the_scenarios_say() {
    run("possible", 40, check);
}

/// Policies as `evaluate`'s scenarios have them, an `action`, `within` and `outside`, what is known of the context (keys
/// that are not set are free), and `possible`: `yes`, `maybe`, `no`. `on` is a pattern that the witness matches.
fn check(scenario: &Value) -> Result<(), String> {
    let set = policies(scenario)?;
    let action = scenario["action"].as_str().ok_or("has no `action`")?;
    let mut question = Question::new(caller(scenario["caller"].as_str().unwrap_or(CALLER)), action);
    if scenario["context"].is_object() {
        question = question.context(context(scenario));
    }
    if let Some(within) = scenario["within"].as_str() {
        question = question.within(Pattern::new(within));
    }
    if let Some(outside) = scenario["outside"].as_str() {
        question = question.outside(Pattern::new(outside));
    }
    let answer = possible(&set, &question);
    let word = match &answer {
        Possible::Yes(witness) => {
            let decision = evaluate(&set, witness);
            if decision.outcome != Outcome::Allowed {
                return Err(format!("{decision}, of the witness {witness:?}"));
            }
            let on = scenario["on"].as_str().unwrap_or("*");
            if !Pattern::new(on).matches(witness.resource()) {
                return Err(format!("the witness is on {}", witness.resource()));
            }
            "yes"
        }
        Possible::Maybe => "maybe",
        Possible::No => "no",
    };
    if scenario["possible"] == word { Ok(()) } else { Err(format!("answers {answer:?}")) }
}
