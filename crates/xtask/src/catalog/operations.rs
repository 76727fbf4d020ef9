//! Actions by operation, as text: the form of `data/cloudformation/handlers.txt` and of `data/terraform-calls.txt`.
//!
//! Owns that form's writing, its reading for checks, and its packing. What it means is in `iam_policy::catalog`:
//!
//! ```text
//! SQS::Queue sqs crudl                     a type, the service of its plain actions, the operations that are known
//!  c CreateQueue GetQueueUrl               what these operations take
//!  cru ListQueueTags kms:Decrypt           an action of another service has its prefix
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use super::managed_policies::compress;

/// The operations by their letters, in the order in which they are written.
pub(super) const LETTERS: [char; 5] = ['c', 'r', 'u', 'd', 'l'];

/// How much text is packed together, in bytes: less costs space, more costs time when one entry is asked for.
const CHUNK: usize = 16 * 1024;

/// What stands for no service and for no operation.
const NONE: &str = "-";

/// The actions that a type's operations take. An operation that is not there is not known.
pub(super) type Operations = BTreeMap<char, BTreeSet<String>>;

/// The lines of one type.
pub(super) fn write(name: &str, operations: &Operations) -> String {
    let prefix = main_prefix(operations);
    let mut letters: BTreeMap<&str, String> = BTreeMap::new();
    for (letter, actions) in in_order(operations) {
        for action in actions {
            letters.entry(action).or_default().push(letter);
        }
    }
    let mut lines: BTreeMap<Vec<usize>, (String, Vec<&str>)> = BTreeMap::new();
    for (action, letters) in letters {
        let plain = action.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(':')).unwrap_or(action);
        let order = letters.chars().filter_map(|one| LETTERS.iter().position(|letter| *letter == one));
        lines.entry(order.collect()).or_insert_with(|| (letters, Vec::new())).1.push(plain);
    }
    let known: String = in_order(operations).map(|(letter, _)| letter).collect();
    let known = if known.is_empty() { NONE } else { &known };
    let mut text = format!("{name} {prefix} {known}\n");
    for (letters, mut actions) in lines.into_values() {
        actions.sort_unstable();
        text.push_str(&format!(" {letters} {}\n", actions.join(" ")));
    }
    text
}

fn in_order(operations: &Operations) -> impl Iterator<Item = (char, &BTreeSet<String>)> {
    LETTERS.into_iter().filter_map(|letter| Some((letter, operations.get(&letter)?)))
}

/// The service of most of the actions, `-` if there is none.
fn main_prefix(operations: &Operations) -> &str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for action in operations.values().flatten() {
        *counts.entry(action.split(':').next().unwrap_or_default()).or_default() += 1;
    }
    // Of equals the first by name: `max_by_key` would take the last.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(NONE, |(prefix, _)| prefix)
}

/// The types of a text, and their operations.
pub(super) fn read(text: &str) -> Result<BTreeMap<String, Operations>, String> {
    let mut types = BTreeMap::new();
    let mut current: Option<(String, &str, Operations)> = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let wrong = || format!("not a type, nor what its operations take: {line}");
        let words: Vec<&str> = line.trim_start().split(' ').collect();
        if let Some(rest) = line.strip_prefix(' ') {
            let (_, prefix, operations) = current.as_mut().ok_or_else(wrong)?;
            let (letters, actions) = rest.split_once(' ').ok_or_else(wrong)?;
            for letter in letters.chars() {
                let known = operations.get_mut(&letter).ok_or_else(wrong)?;
                known.extend(actions.split(' ').map(|action| whole(prefix, action)));
            }
        } else {
            let [name, prefix, known] = words.as_slice() else { return Err(wrong()) };
            types.extend(current.take().map(|(name, _, operations)| (name, operations)));
            let known = if *known == NONE { "" } else { known };
            let operations = known.chars().map(|letter| (letter, BTreeSet::new())).collect();
            current = Some(((*name).to_owned(), prefix, operations));
        }
    }
    types.extend(current.map(|(name, _, operations)| (name, operations)));
    Ok(types)
}

fn whole(prefix: &str, action: &str) -> String {
    if action.contains(':') { action.to_owned() } else { format!("{prefix}:{action}") }
}

/// A text without its comments, packed for the program to carry: chunks of entries, each with the first word of its first
/// entry, a space, its length in bytes, a line's end, and its entries compressed.
pub(super) fn pack(text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut chunks: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let full = chunks.last().is_none_or(|chunk| chunk.len() >= CHUNK);
        if full && !line.starts_with(' ') {
            chunks.push(String::new());
        }
        if let Some(chunk) = chunks.last_mut() {
            chunk.extend([line, "\n"]);
        }
    }
    let mut packed = Vec::new();
    for chunk in chunks {
        let first = chunk.split([' ', '\n']).next().unwrap_or_default();
        let compressed = compress(chunk.as_bytes())?;
        packed.extend(format!("{first} {}\n", compressed.len()).into_bytes());
        packed.extend(compressed);
    }
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let text = "SQS::Queue sqs crd\n c CreateQueue\n cr GetQueueUrl kms:Decrypt\n";
        let types = read(text).unwrap();
        let queue = &types["SQS::Queue"];
        assert_eq!(queue[&'r'].iter().collect::<Vec<_>>(), ["kms:Decrypt", "sqs:GetQueueUrl"]);
        assert_eq!(queue[&'d'].len(), 0, "known to take nothing");
        assert_eq!(write("SQS::Queue", queue), text);
    }

    #[test]
    fn a_type_of_which_nothing_is_known_is_there() {
        assert_eq!(write("EC2::Old", &Operations::new()), "EC2::Old - -\n");
        assert!(read("EC2::Old - -\n").unwrap()["EC2::Old"].is_empty());
    }

    #[test]
    fn an_action_of_an_operation_that_is_not_known_is_refused() {
        assert!(read("SQS::Queue sqs c\n d DeleteQueue\n").is_err());
        assert!(read(" d DeleteQueue\n").is_err());
        assert!(read("SQS::Queue sqs\n").is_err());
    }
}
