//! `merge_policies`: one document that decides what several do, and the position of the one that is refused.

use libtest_mimic::Trial;

use crate::support::{Ground, Site, function};

pub(crate) fn trials(ground: &Ground) -> Vec<Trial> {
    ground
        .trials()
        .on_each_terraform_since("1.8", documents_become_one)
        .on_each_terraform_since("1.8", the_document_that_is_refused_is_pointed_at)
        .into_iter()
        .collect()
}

fn policy(statement: &str) -> String {
    format!("jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", {statement} }}] }})")
}

fn documents_become_one(site: &Site) {
    let read = policy(r#"Action = "s3:GetObject", Resource = "arn:aws:s3:::a/*""#);
    let write = policy(r#"Action = "s3:PutObject", Resource = "arn:aws:s3:::a/*""#);
    let trust = policy(r#"Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }"#);
    let results = function::results(
        site,
        &[
            &format!("merge_policies({read}, {write}, {read})"),
            &format!("merge_policies([{read}, {write}]...)"),
            &format!("merge_policies({trust})"),
        ],
    );
    assert_eq!(
        results[0],
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::a/*"}]}"#
    );
    assert_eq!(results[0], results[1]);
    assert!(results[2].as_str().unwrap().contains(r#""Principal":{"Service":"ecs-tasks.amazonaws.com"}"#));
}

fn the_document_that_is_refused_is_pointed_at(site: &Site) {
    let good = policy(r#"Action = "s3:GetObject", Resource = "*""#);
    let trust = policy(r#"Action = "sts:AssumeRole", Principal = { AWS = "111122223333" }"#);
    function::assert_refused(
        site,
        &[
            (&format!("merge_policies({good}, \"nonsense\")"), "nonsense", &["not JSON", "line 1, column 2"]),
            (&format!("merge_policies({good}, {good}, \"{{}}\", {good})"), "{}", &["missing `Statement`"]),
            (&format!("merge_policies({good}, {trust})"), "jsonencode(", &["of different kinds"]),
            ("merge_policies()", "provider::deployrunner::merge_policies(", &["at least one"]),
        ],
    );
}
