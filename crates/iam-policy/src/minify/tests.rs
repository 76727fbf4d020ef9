//! The policies that AWS manages.

use super::*;
use crate::{Effect, Kind, catalog, classify, expand_document, parse};

#[test]
fn every_managed_policy_parses_prints_expands_and_classifies() {
    for policy in catalog::managed_policies() {
        let name = policy.name();
        let document =
            parse(policy.document(), Kind::Identity).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(parse(&document.to_json(), Kind::Identity).as_ref(), Ok(&document), "{name}");
        let named = expand_document(&document);
        let classified = classify(&document);
        assert!(classified.actions().is_subset(&named.allowed.actions), "{name}");
        let allows = document.statements.iter().any(|statement| statement.effect == Effect::Allow);
        let is_empty = classified.actions().is_empty() && classified.unknown().is_empty();
        assert!(!allows || !is_empty, "{name}");
    }
}

#[test]
fn managed_policies_shrink_and_stay_what_they_are() {
    let mut lengths = [0, 0];
    for policy in catalog::managed_policies() {
        let document = parse(policy.document(), Kind::Identity).unwrap();
        let before = document.to_json().len();
        for wildcards in [Wildcards::None, Wildcards::Words, Wildcards::Anywhere] {
            let shorter = minify_with(&document, wildcards)
                .unwrap_or_else(|error| panic!("{}: {error}", policy.name()));
            let after = shorter.to_json().len();
            assert!(after <= before, "{}: {after} characters of {before} with {wildcards:?}", policy.name());
            assert_eq!(shorter.check(Kind::Identity), Ok(()), "{}", policy.name());
            if wildcards == Wildcards::Words {
                lengths = [lengths[0] + before, lengths[1] + after];
            }
        }
    }
    let [before, after] = lengths;
    assert!(after * 10 < before * 8, "{after} characters of {before}");
}

#[test]
fn a_thousand_patterns_that_do_not_cover_each_other_stay() {
    let resources = (0..1_000).map(|index| format!("arn:aws:s3:::*buck?t{index}/*x*"));
    let statement = resources.fold(crate::Statement::allow(["s3:*"]), crate::Statement::resource);
    let document = Document::new([statement]);
    let shorter = minify(&document).unwrap();
    assert_eq!(shorter.statements.as_slice(), document.statements.as_slice());
}
