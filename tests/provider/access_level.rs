//! `access_level`: AWS's word for what an action does, and an error for what is no action.

use libtest_mimic::Trial;

use crate::support::{Ground, Site, function};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.8", the_level_is_that_of_aws_whatever_the_name_says)
        .on_each_terraform_since("1.8", what_is_no_known_action_is_refused)
        .into_iter()
        .collect()
}

fn the_level_is_that_of_aws_whatever_the_name_says(site: &Site) {
    let results = function::results(
        site,
        &[
            r#"access_level("s3:ListBucket")"#,
            r#"access_level("s3:getobject")"#,
            r#"access_level("s3:PutObjectTagging")"#,
            r#"access_level("s3:PutObject")"#,
            r#"access_level("iam:PutRolePolicy")"#,
        ],
    );
    assert_eq!(results, ["list", "read", "tagging", "write", "permissions-management"]);
}

fn what_is_no_known_action_is_refused(site: &Site) {
    function::assert_refused(
        site,
        &[
            (
                r#"access_level("s3:GetObjct")"#,
                "s3:GetObjct",
                &["unknown action `s3:GetObjct`", "did you mean `s3:GetObject`", "catalogue is of 20"],
            ),
            (r#"access_level("s4:GetObject")"#, "s4:GetObject", &["unknown service `s4`"]),
            (r#"access_level("GetObject")"#, "GetObject", &["no service prefix"]),
            (r#"access_level("s3:Get*")"#, "s3:Get*", &["`s3:Get*` may name several", "expand_actions"]),
        ],
    );
}
