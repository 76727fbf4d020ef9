//! The actions of one resource type by operation, read from its entry in the data:
//!
//! ```text
//! SQS::Queue sqs crudl                     the type, the service of its plain actions, the operations that are known
//!  c CreateQueue GetQueueUrl               what these operations take
//!  cru ListQueueTags kms:Decrypt           an action of another service has its prefix
//! ```
//!
//! Owns that form's reading; `cargo xtask catalog` writes it.

use std::collections::BTreeSet;

use super::Operation;

/// The entry of one resource type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Handlers(&'static str);

impl Handlers {
    /// The handlers whose entry is `entry`.
    pub(super) const fn new(entry: &'static str) -> Self {
        Self(entry)
    }

    /// The type's name, as the data has it.
    pub(super) fn name(self) -> &'static str {
        self.head(0)
    }

    /// The actions, and patterns of actions, that an operation takes; `None` if the data does not say.
    pub(super) fn actions(self, operation: Operation) -> Option<BTreeSet<String>> {
        if !self.head(2).contains(operation.letter()) {
            return None;
        }
        let lines = self.0.lines().skip(1).filter_map(|line| line.trim_start().split_once(' '));
        let taken = lines.filter(|(letters, _)| letters.contains(operation.letter()));
        Some(taken.flat_map(|(_, actions)| actions.split(' ')).map(|action| self.whole(action)).collect())
    }

    fn whole(self, action: &str) -> String {
        if action.contains(':') { action.to_owned() } else { format!("{}:{action}", self.head(1)) }
    }

    fn head(self, word: usize) -> &'static str {
        self.0.lines().next().and_then(|line| line.split(' ').nth(word)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUEUE: Handlers = Handlers::new("SQS::Queue sqs crd\n c CreateQueue\n cr GetQueueUrl kms:Decrypt");

    #[test]
    fn an_operation_takes_what_all_of_its_lines_say() {
        let create: Vec<String> = QUEUE.actions(Operation::Create).unwrap().into_iter().collect();
        assert_eq!(create, ["kms:Decrypt", "sqs:CreateQueue", "sqs:GetQueueUrl"]);
        assert_eq!(QUEUE.actions(Operation::Read).unwrap().len(), 2);
    }

    #[test]
    fn taking_nothing_is_other_than_not_being_known() {
        assert_eq!(QUEUE.actions(Operation::Delete), Some(BTreeSet::new()));
        assert_eq!(QUEUE.actions(Operation::Update), None);
    }
}
