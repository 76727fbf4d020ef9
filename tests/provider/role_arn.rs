//! `role_arn`: parts that a role can have become its ARN; others are refused where they stand.

use libtest_mimic::Trial;

use crate::support::{Ground, Site, function};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.8", path_and_partition_may_be_left_out)
        .on_each_terraform_since("1.8", a_part_that_no_role_can_have_is_refused_at_its_argument)
        .into_iter()
        .collect()
}

fn path_and_partition_may_be_left_out(site: &Site) {
    let results = function::results(
        site,
        &[
            r#"role_arn("000011112222", "planner")"#,
            r#"role_arn("000011112222", "planner", "/ci/eu/")"#,
            r#"role_arn("000011112222", "planner", "/", "aws-us-gov")"#,
            r#"role_arn("000011112222", "planner", "/ci/", "aws-cn")"#,
        ],
    );
    assert_eq!(
        results,
        [
            "arn:aws:iam::000011112222:role/planner",
            "arn:aws:iam::000011112222:role/ci/eu/planner",
            "arn:aws-us-gov:iam::000011112222:role/planner",
            "arn:aws-cn:iam::000011112222:role/ci/planner",
        ]
    );
}

fn a_part_that_no_role_can_have_is_refused_at_its_argument(site: &Site) {
    let long = "x".repeat(65);
    let long_name = format!("role_arn(\"111122223333\", \"{long}\")");
    function::assert_refused(
        site,
        &[
            (r#"role_arn("11112222333", "x")"#, "11112222333", &["12 digits", "leading zeros"]),
            (r#"role_arn(11112222333, "x")"#, "11112222333", &["12 digits", "Quote it"]),
            (r#"role_arn("111122223333", "a b")"#, "a b", &["`_+=,.@-`"]),
            (r#"role_arn("111122223333", "ci/x")"#, "ci/x", &["has '/'"]),
            (&long_name, &long, &["1 to 64 characters; this one has 65"]),
            (r#"role_arn("111122223333", "x", "ci")"#, "ci", &["begins and ends with a slash"]),
            (r#"role_arn("111122223333", "x", "//")"#, "//", &["begins and ends with a slash"]),
            (r#"role_arn("111122223333", "x", "/", "aws-ch")"#, "aws-ch", &["Did you mean `aws-cn`?"]),
            (r#"role_arn("111122223333", "x", "/", "aws", "y")"#, "y", &["no argument after"]),
            (r#"role_arn(null, "x")"#, "null", &["must not be null"]),
            (r#"role_arn("111122223333", "x", null)"#, "null", &["must not be null"]),
        ],
    );
}
