//! What `diff` says of changes that are easily misread.

use super::*;
use crate::{Kind, parse};

fn lines(before: &str, after: &str) -> Vec<String> {
    let read = |text: &str| {
        parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{text}]}}"#), Kind::Identity).unwrap()
    };
    diff(&read(before), &read(after)).changes().iter().map(ToString::to_string).collect()
}

#[test]
fn a_change_prints_as_one_line() {
    let before = r#"{"Sid":"S","Effect":"Allow","Action":"s3:*","Resource":"*"}"#;
    let after = r#"{"Sid":"S","Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#;
    assert_eq!(
        lines(before, after),
        [
            "narrowed: `Statement[0]` (`S`) no longer allows action `s3:*`, only `s3:Get*`, `s3:List*`",
            "narrowed: `Statement[0]` (`S`) allows on one more condition, `Bool aws:SecureTransport [true]`",
        ]
    );
    assert_eq!(
        lines(after, before),
        [
            "widened: `Statement[0]` (`S`) also allows action `s3:*`, and no longer only `s3:Get*`, `s3:List*`",
            "widened: `Statement[0]` (`S`) allows without the condition `Bool aws:SecureTransport [true]`",
        ]
    );
}

#[test]
fn a_statement_that_moves_or_splits_is_no_change_of_meaning() {
    let a = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"#;
    let b = r#"{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}"#;
    let both = format!("{a},{b}");
    assert!(lines(&both, &format!("{b},{a}")).is_empty());
    let more =
        format!(r#"{both},{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}}"#);
    let changes = lines(&both, &more);
    assert_eq!(changes, ["same: `Statement[2]` is new and allows nothing that another statement did not"]);
}

#[test]
fn directions_that_differ_are_unclear_together() {
    use Direction::{Narrowed, Same, Unclear, Widened};
    assert_eq!(Widened.and(Narrowed), Unclear);
    assert_eq!(Same.and(Narrowed), Narrowed);
    assert_eq!(Unclear.and(Same), Unclear);
    assert_eq!((!Widened, !Unclear), (Narrowed, Unclear));
}
