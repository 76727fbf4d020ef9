//! `normalize_policy`: documents of one meaning become one text, and what IAM would refuse is refused with its place.

use libtest_mimic::Trial;

use crate::support::{Ground, Site, function};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.8", documents_of_one_meaning_become_one_text)
        .on_each_terraform_since("1.8", what_iam_would_refuse_is_refused_with_its_place)
        .into_iter()
        .collect()
}

/// A call for a policy of one statement.
fn of(statement: &str) -> String {
    format!(
        "normalize_policy(jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", {statement} }}] }}))"
    )
}

fn documents_of_one_meaning_become_one_text(site: &Site) {
    let results = function::results(
        site,
        &[
            &of(r#"Action = ["s3:PutObject", "s3:GetObject"], Resource = "*""#),
            r#"normalize_policy("{\"Statement\": {\"Resource\": [\"*\"], \"Action\": [\"s3:getObject\", \"s3:putObject\"], \"Effect\": \"Allow\"}, \"Version\": \"2012-10-17\"}")"#,
            &of(r#"Action = "sts:AssumeRole", Principal = { AWS = ["arn:aws:iam::111122223333:root"] }"#),
        ],
    );
    assert_eq!(
        results[0],
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:getobject","s3:putobject"],"Resource":"*"}]}"#
    );
    assert_eq!(results[0], results[1]);
    assert_eq!(
        results[2],
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:assumerole"}]}"#,
        "a trust policy is one too"
    );
}

fn what_iam_would_refuse_is_refused_with_its_place(site: &Site) {
    let misspelt = r#"Actoin = "s3:*", Resource = "*""#;
    let trust = r#"Action = "sts:AssumeRole", Principal = { AWS = "role/x" }"#;
    let bucket = r#"Action = "s3:Get Object", Principal = "*", Resource = "arn:aws:s3:::b/*""#;
    function::assert_refused(
        site,
        &[
            (
                "normalize_policy(\"nonsense\")",
                "nonsense",
                &["as an identity policy", "line 1, column 2", "not JSON"],
            ),
            (&of(misspelt), "jsonencode(", &["`Statement[0].Actoin`", "did you mean `Action`"]),
            (
                &of(trust),
                "jsonencode(",
                &["the trust policy of a role, since it names principals", "`Statement[0].Principal.AWS`"],
            ),
            (&of(bucket), "jsonencode(", &["the policy of a resource", "`Statement[0].Action`, line 1"]),
        ],
    );
}
