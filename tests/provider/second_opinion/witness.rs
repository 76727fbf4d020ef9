//! Witnesses of *can it ever*, as questions to the server.
//!
//! Owns what the server can be asked: the name of the resource and a tag of the role are free, all else is as it is.

use std::fmt::{self, Write};

use iam_policy::{Outcome, Pattern, Possible, Request, Value, evaluate, possible};
use serde_json::{Value as Json, json};

use super::case::Case;
use super::operation::{NAME, Operation};
use super::question::Question;

/// The tag that a witness may choose.
const TAG: &str = "team";

/// What the engine says of what can ever be.
#[derive(Default)]
pub(super) struct Witnesses {
    /// The witnesses that the server can be asked about, by the index of their question.
    replayed: Vec<(usize, Request)>,
    /// Witnesses with a name that not every request can carry.
    unaskable: usize,
    no: usize,
    maybe: usize,
}

impl Witnesses {
    /// Asks the engine what each question's role could ever do by the same operation.
    pub(super) fn of(questions: &[(&Operation, Question)], account: &str) -> Self {
        let mut witnesses = Self::default();
        for (index, (operation, question)) in questions.iter().enumerate() {
            match possible(&question.policies, &anything(operation, question, account)) {
                Possible::Yes(witness) if name(operation, &witness, account).is_some() => {
                    witnesses.replayed.push((index, witness));
                }
                Possible::Yes(_) => witnesses.unaskable += 1,
                Possible::Maybe => witnesses.maybe += 1,
                Possible::No => witnesses.no += 1,
            }
        }
        witnesses
    }

    /// What the server is asked: the questions of the witnesses, with the witness's resource and tag.
    pub(super) fn asked(&self, questions: &[(&Operation, Question)], account: &str) -> Vec<Json> {
        let ask = |(index, witness): &(usize, Request)| {
            let (operation, question) = &questions[*index];
            let mut asked = question.asked.clone();
            asked["call"] = operation.call(account, &name(operation, witness, account).unwrap());
            asked["tags"] = match witness.context().get(&tag()) {
                Value::Known([value]) => json!({TAG: value}),
                _ => json!({}),
            };
            asked
        };
        self.replayed.iter().map(ask).collect()
    }

    /// The witnesses that evaluate or the server does not allow, a line each. Where evaluate is judged to be right against
    /// the server, the server is not asked to agree.
    pub(super) fn judge(
        &self,
        questions: &[(&Operation, Question)],
        answers: &[bool],
        cases: &[Case],
    ) -> String {
        let mut report = String::new();
        for ((index, witness), answer) in self.replayed.iter().zip(answers) {
            let question = &questions[*index].1;
            let decision = evaluate(&question.policies, witness);
            let is_judged = cases[question.case].judged(&question.title).is_some();
            if decision.outcome != Outcome::Allowed || !(*answer || is_judged) {
                let server = if *answer { "allowed" } else { "denied" };
                let (title, resource) = (&question.title, witness.resource());
                writeln!(report, "{title}, on {resource}: {decision}; the server says {server}").unwrap();
            }
        }
        report
    }
}

impl fmt::Display for Witnesses {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (replayed, unaskable) = (self.replayed.len(), self.unaskable);
        write!(
            formatter,
            "{replayed} witnesses replayed, {unaskable} not askable; {} no, {} maybe",
            self.no, self.maybe
        )
    }
}

fn tag() -> String {
    format!("aws:PrincipalTag/{TAG}")
}

/// Whether the operation could ever be done, on a resource that it can name.
fn anything(operation: &Operation, question: &Question, account: &str) -> iam_policy::Question {
    let request = &question.request;
    let within = operation
        .stem(account)
        .map_or_else(|| Pattern::literal("*"), |stem| Pattern::new(&format!("{stem}*")));
    iam_policy::Question::new(request.caller().clone(), request.action())
        .within(within)
        .context(request.context().clone().unknown(&tag()))
}

/// The name of the witness's resource, if it can stand anywhere in a request.
fn name(operation: &Operation, witness: &Request, account: &str) -> Option<String> {
    let Some(stem) = operation.stem(account) else {
        return (witness.resource() == "*").then(|| NAME.to_owned());
    };
    let name = witness.resource().strip_prefix(&stem)?;
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_';
    (!name.is_empty() && name.bytes().all(is_plain)).then(|| name.to_owned())
}
