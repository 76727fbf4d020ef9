//! Whether two documents mean the same to IAM.
//!
//! Owns the question; the rules are in `normalize`. Never compares what documents grant: two different ways to grant
//! the same are different documents.

use crate::{Document, normalize, normalize::normalize_with};

/// Whether two documents differ in spelling only, by the rules of [`normalize`](crate::normalize()).
///
/// A changed `Sid`, `Id` or unknown top-level element is a difference, although IAM's decision does not depend on it.
#[must_use]
pub fn equal(a: &Document, b: &Document) -> bool {
    normalize(a) == normalize(b)
}

/// Like [`equal()`], for documents that IAM returned, where a principal may stand as its unique id.
///
/// `resolve` is asked for the ARN of each unique id (`AROA…`, `AIDA…`) among the AWS principals of either document
/// and says `None` for one that names nothing alive. An id that is not resolved equals only itself.
#[must_use]
pub fn equal_with(a: &Document, b: &Document, resolve: &dyn Fn(&str) -> Option<String>) -> bool {
    normalize_with(a, resolve) == normalize_with(b, resolve)
}
