//! The rules at their limits: the last value that AWS takes, and the first that it does not.

use super::*;

fn text(length: usize) -> String {
    "x".repeat(length)
}

#[test]
fn names_end_at_their_length() {
    assert!(role_name(&text(64)).is_ok() && role_name(&text(65)).is_err() && role_name(&text(0)).is_err());
    assert!(role_name_prefix(&text(38)).is_ok() && role_name_prefix(&text(39)).is_err());
    assert!(policy_name(&text(128)).is_ok() && policy_name(&text(129)).is_err());
    assert!(
        session_name(&text(2)).is_ok() && session_name(&text(1)).is_err() && session_name(&text(65)).is_err()
    );
    assert!(
        external_id(&text(1224)).is_ok()
            && external_id(&text(1225)).is_err()
            && external_id(&text(1)).is_err()
    );
}

#[test]
fn names_consist_of_iams_characters() {
    assert!(role_name("Az09_+=,.@-").is_ok());
    for stray in ["a b", "a/b", "a:b", "ä", "a*"] {
        assert!(role_name(stray).is_err(), "{stray}");
    }
    assert!(external_id("a:b/c-d_e").is_ok() && external_id("a b").is_err());
}

#[test]
fn paths_stand_between_slashes() {
    for good in ["/", "/ci/", "/a/b/c/"] {
        assert!(path(good).is_ok(), "{good}");
    }
    for bad in ["", "ci", "/ci", "ci/", "/a//b/", "/a b/", "/ä/"] {
        assert!(path(bad).is_err(), "{bad}");
    }
    assert!(path(&format!("/{}/", text(510))).is_ok() && path(&format!("/{}/", text(511))).is_err());
}

#[test]
fn descriptions_are_latin_1() {
    assert!(description("Plant die Stäcke.\n\tZeile").is_ok());
    assert!(description(&text(1000)).is_ok() && description(&text(1001)).is_err());
    assert!(description("漢").is_err() && description("\u{7f}").is_err());
}

#[test]
fn durations_are_bounded() {
    assert!(max_session_duration(&3600).is_ok() && max_session_duration(&43200).is_ok());
    assert!(max_session_duration(&3599).is_err() && max_session_duration(&43201).is_err());
    assert_eq!(
        (seconds("1h"), seconds("1h30m"), seconds("900s"), seconds("x")),
        (Some(3600), Some(5400), Some(900), None)
    );
    assert!(session_length("15m").is_ok() && session_length("14m").is_err());
    assert!(session_length("12h").is_ok() && session_length("13h").is_err());
}

#[test]
fn account_ids_keep_their_zeros() {
    assert!(account_id("012345678901").is_ok());
    assert!(account_id("12345678901").unwrap_err().contains("leading zeros"));
}

#[test]
fn arns_are_of_the_thing_they_name() {
    assert!(role_arn("arn:aws:iam::111111111111:role/ci/deploy").is_ok());
    assert!(role_arn("arn:aws-cn:iam::111111111111:role/deploy").is_ok());
    let session = role_arn("arn:aws:sts::111111111111:assumed-role/deploy/x");
    assert!(session.unwrap_err().contains("session of a role"));
    assert!(policy_arn("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess").is_ok());
    assert!(policy_arn("arn:aws:iam::111111111111:role/x").is_err());
}

#[test]
fn tags_are_within_their_limits() {
    assert!(tag_key(&text(128)).is_ok() && tag_key(&text(129)).is_err() && tag_key("").is_err());
    assert!(tag_value(&text(256)).is_ok() && tag_value(&text(257)).is_err() && tag_value("").is_ok());
    assert!(tag_key("AWS:x").unwrap_err().contains("reserved"));
    assert!(tag_key("Größe 1_.:/=+-@").is_ok() && tag_key("a;b").is_err());
}

#[test]
fn an_endpoint_is_a_url() {
    assert!(endpoint("http://127.0.0.1:4566").is_ok());
    assert!(endpoint("127.0.0.1:4566").is_err() && endpoint("https://").is_err());
}

#[test]
fn a_session_policy_is_a_document_of_at_most_2048_characters() {
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    assert!(session_policy(policy).is_ok());
    assert!(session_policy(&format!("{policy}{}", " ".repeat(2048))).is_err());
    assert!(session_policy("{}").unwrap_err().contains("not a policy document"));
}

#[test]
fn what_is_no_service_is_told_where_it_belongs_or_what_was_meant() {
    assert!(service("s3").is_ok());
    let says = |text: &str| service(text).unwrap_err();
    assert_eq!(
        says("aws_s3_bucket"),
        "\"aws_s3_bucket\" is a type of resources. Name it in `resource_types`."
    );
    for (text, meant) in
        [("S33", "s3"), ("amazons3", "s3"), ("EventBridge", "events"), ("step-functions", "states")]
    {
        assert!(says(text).ends_with(&format!(" Did you mean {meant:?}?")), "{}", says(text));
    }
    for text in ["", "nowhere-at-all"] {
        assert!(says(text).ends_with("as in `s3:GetObject`."), "{}", says(text));
    }
}

#[test]
fn a_service_is_no_type_of_resources() {
    assert!(resource_type("aws_s3_bucket").is_ok() && resource_type("aws_s3_bukket").is_err());
    assert!(resource_type("sqs").unwrap_err().starts_with("\"sqs\" is a service. Name it in `services`"));
}

#[test]
fn a_limit_limits_something() {
    assert!(resource("arn:aws:s3:::*").is_ok() && resource("arn:*:sqs:*:*:*").is_ok());
    for all in ["*", "arn:*:*:*:*:*", "arn:aws:*:*:*:*"] {
        assert!(resource(all).unwrap_err().contains("limits nothing"), "{all}");
    }
    assert!(secret("*").unwrap_err().contains("then it reads none"));
}
