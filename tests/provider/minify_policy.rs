//! `minify_policy`: fewer characters, the same decisions, and a say in what is given up for them.

use libtest_mimic::Trial;

use crate::support::{Ground, Site, function};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.8", statements_join_and_actions_become_patterns)
        .on_each_terraform_since("1.8", a_bad_policy_or_choice_is_refused)
        .into_iter()
        .collect()
}

/// What it does not say otherwise is on everything.
const LONG: &str = r#"jsonencode({ Version = "2012-10-17", Statement = [
    { Sid = "A", Effect = "Allow", Action = provider::deployrunner::expand_actions(["sqs:List*"]), Resource = "*" },
    { Sid = "B", Effect = "Allow", Action = ["sqs:ListQueues", "s3:GetObject"], Resource = ["*"] },
  ] })"#;

fn statements_join_and_actions_become_patterns(site: &Site) {
    let results = function::results(
        site,
        &[
            &format!("minify_policy({LONG})"),
            &format!("minify_policy({LONG}, \"words\")"),
            &format!("minify_policy({LONG}, \"anywhere\")"),
            &format!("minify_policy({LONG}, \"none\")"),
        ],
    );
    let text = |index: usize| results[index].as_str().unwrap();
    assert_eq!(
        text(0),
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:GetObject","sqs:List*"],"Resource":"*"}}"#
    );
    assert_eq!(text(0), text(1));
    assert!(text(2).len() < text(1).len(), "{}", text(2));
    assert!(text(3).contains("sqs:ListQueues") && !text(3).contains("List*"), "{}", text(3));
}

fn a_bad_policy_or_choice_is_refused(site: &Site) {
    let good = r#""{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}""#;
    function::assert_refused(
        site,
        &[
            ("minify_policy(\"[]\")", "[]", &["IAM wants", "an object"]),
            (&format!("minify_policy({good}, \"word\")"), "word", &["Did you mean \"words\"?"]),
            (&format!("minify_policy({good}, \"none\", \"none\")"), "none", &["no argument after"]),
        ],
    );
}
