//! `expand_actions`: patterns become the actions that they match, and one that matches nothing is refused.

use libtest_mimic::Trial;

use crate::support::{Ground, Site, function};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.8", patterns_become_each_action_once_in_order)
        .on_each_terraform_since("1.8", a_pattern_that_matches_nothing_is_refused)
        .into_iter()
        .collect()
}

fn patterns_become_each_action_once_in_order(site: &Site) {
    let results = function::results(
        site,
        &[
            r#"expand_actions(["sts:AssumeRole", "s3:putobject", "s3:GetObject", "s3:Get?bject"])"#,
            r#"expand_actions(["S3:*"])"#,
            r#"expand_actions(["*"])"#,
            "expand_actions([])",
        ],
    );
    assert_eq!(results[0], serde_json::json!(["s3:GetObject", "s3:PutObject", "sts:AssumeRole"]));
    let s3 = results[1].as_array().unwrap();
    assert!(s3.len() > 100 && s3.iter().all(|action| action.as_str().unwrap().starts_with("s3:")));
    assert!(results[2].as_array().unwrap().len() > 15_000);
    assert_eq!(results[3], serde_json::json!([]));
}

fn a_pattern_that_matches_nothing_is_refused(site: &Site) {
    function::assert_refused(
        site,
        &[
            (
                r#"expand_actions(["s3:GetObject", "s3:PutObjct"])"#,
                "[",
                &["unknown action `s3:PutObjct`", "did you mean `s3:PutObject`"],
            ),
            (r#"expand_actions(["s4:*"])"#, "[", &["unknown service `s4`"]),
            (r#"expand_actions("s3:*")"#, "s3:*", &["list of string required"]),
        ],
    );
}
