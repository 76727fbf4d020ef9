//! AWS's own policies, read once: hundreds of roles hold the same few.
//!
//! Owns the cache and how much it keeps. Never judges.

use iam_policy::catalog::managed_policy;
use iam_policy::{ActionSet, Document, Kind, expand_scope, parse};
use std::sync::{Arc, Mutex, PoisonError};

/// How many policies are kept. The largest takes half a megabyte, and few have more than two.
const KEPT: usize = 8;

/// A policy, and the actions that each of its statements names.
#[derive(Clone)]
struct Read {
    arn: String,
    document: Arc<Document>,
    actions: Arc<Vec<ActionSet>>,
}

static READ: Mutex<Vec<Read>> = Mutex::new(Vec::new());

/// The document of an AWS-managed policy, if the catalogue has it.
pub(super) fn document(arn: &str) -> Option<Arc<Document>> {
    let mut kept = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(read) = kept.iter().find(|read| read.arn == arn) {
        return Some(Arc::clone(&read.document));
    }
    let document = Arc::new(parse(managed_policy(arn).ok()?.document(), Kind::Identity).ok()?);
    if kept.len() == KEPT {
        kept.remove(0);
    }
    let actions = Arc::new(expanded(&document));
    kept.push(Read { arn: arn.to_owned(), document: Arc::clone(&document), actions });
    Some(document)
}

/// The actions that each statement of a document names.
pub(super) fn actions(document: &Arc<Document>) -> Arc<Vec<ActionSet>> {
    let kept = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let known = kept.iter().find(|read| Arc::ptr_eq(&read.document, document));
    known.map_or_else(|| Arc::new(expanded(document)), |read| Arc::clone(&read.actions))
}

fn expanded(document: &Document) -> Vec<ActionSet> {
    document.statements.iter().map(|statement| expand_scope(&statement.actions).actions).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_read_once() {
        let read = || document("arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess").unwrap();
        assert!(Arc::ptr_eq(&read(), &read()));
        assert!(!actions(&read())[0].is_empty());
        assert!(document("arn:aws:iam::aws:policy/NoSuchPolicy").is_none());
    }
}
