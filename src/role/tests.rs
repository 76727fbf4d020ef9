//! Claims about a role's life that no emulator can be brought to show.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::aws::canned::{ACCOUNT, Answer, Call, Canned, done, role_fields, session, single_read};
use crate::aws::{Aws, Hop, Kind, Settings, Stop};

const LIVE: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
    "Principal":{"AWS":"AROAEXAMPLEEXAMPLEEXA"}}]}"#;

fn wanted(role: &str) -> String {
    LIVE.replace("AROAEXAMPLEEXAMPLEEXA", &format!("arn:aws:iam::{ACCOUNT}:role/{role}"))
}

#[tokio::test]
async fn the_unique_id_of_a_living_role_is_its_arn() {
    let server = Canned::serve(|call| match call.get("RoleName") {
        _ if call.action() == "GetUser" => Answer::Result(format!(
            "<User><Path>/ops/</Path><UserName>alice</UserName><UserId>AROAEXAMPLEEXAMPLEEXA</UserId>\
             <Arn>arn:aws:iam::{ACCOUNT}:user/ops/alice</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate></User>"
        )),
        "living" => {
            Answer::Result(format!("<Role>{}</Role>", role_fields("living", "AROAEXAMPLEEXAMPLEEXA")))
        }
        "again" => Answer::Result(format!("<Role>{}</Role>", role_fields("again", "AROAANOTHERANOTHERANO"))),
        _ => Answer::Error("NoSuchEntity", "no such role"),
    })
    .await;
    let account = server.account().await;
    assert!(same_trust(&account, LIVE, &wanted("living")).await.unwrap());
    assert!(!same_trust(&account, LIVE, &wanted("again")).await.unwrap(), "deleted and made again");
    assert!(!same_trust(&account, LIVE, &wanted("gone")).await.unwrap());
    assert_eq!(server.calls(), ["GetRole"; 3]);
    let user = format!("arn:aws:iam::{ACCOUNT}:user/ops/alice");
    assert!(same_trust(&account, LIVE, &LIVE.replace("AROAEXAMPLEEXAMPLEEXA", &user)).await.unwrap());
    assert_eq!(server.calls().last().unwrap(), "GetUser");
    assert!(same_trust(&account, &wanted("x"), &wanted("x").replace(' ', "")).await.unwrap());
    assert_eq!(server.calls().len(), 4, "no id, no call");
}

#[tokio::test]
async fn tags_that_a_partition_refuses_at_creation_come_after_it() {
    let server = Canned::serve(|call| match call.action() {
        "AssumeRole" => session("arn:aws-iso:sts::111111111111:assumed-role/x/y", "2099-01-01T00:00:00Z"),
        "CreateRole" if !call.get("Tags.member.1.Key").is_empty() => {
            Answer::Error("InvalidInput", "Tags are not supported")
        }
        "CreateRole" => Answer::Result(format!("<Role>{}</Role>", role_fields("new", "AROANEW"))),
        _ => done(),
    })
    .await;
    let hop = Hop { role_arn: format!("arn:aws-iso:iam::{ACCOUNT}:role/x"), ..Hop::default() };
    let aws = Aws::new(Settings { assume_role: vec![hop], ..server.settings() });
    let account = aws.account(None).await.unwrap();
    let spec = RoleSpec {
        name: "new".to_owned(),
        path: "/".to_owned(),
        assume_role_policy: wanted("x"),
        max_session_duration: 3600,
        tags: [("team".to_owned(), "x".to_owned())].into(),
        ..RoleSpec::default()
    };
    assert_eq!(create(&account, &spec, &Stop::never()).await.unwrap().spec, spec);
    assert_eq!(server.calls(), ["AssumeRole", "CreateRole", "CreateRole", "TagRole"]);
}

#[tokio::test]
async fn a_role_that_somebody_fills_while_it_is_deleted_is_emptied_again() {
    let conflicts = AtomicU32::new(2);
    let server = Canned::serve(move |call: &Call| match call.action() {
        "DeleteRole" => {
            match conflicts.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) {
                Ok(_) => Answer::Error("DeleteConflict", "must detach all policies first"),
                Err(_) => done(),
            }
        }
        "ListInstanceProfilesForRole" => {
            Answer::Result("<InstanceProfiles/><IsTruncated>false</IsTruncated>".to_owned())
        }
        _ => single_read(call).unwrap_or_else(done),
    })
    .await;
    delete(&*server.account().await, "x", Contents::default(), &Stop::never()).await.unwrap();
    assert_eq!(server.calls().iter().filter(|call| *call == "DeleteRole").count(), 3);
}

#[tokio::test]
async fn nothing_is_begun_after_the_wish_to_stop() {
    let server = Canned::serve(|_| done()).await;
    let account = server.account().await;
    let (_ask, flag) = tokio::sync::watch::channel(true);
    let failure = create(&account, &RoleSpec::default(), &Stop::from(flag)).await.unwrap_err();
    assert_eq!((failure.error.kind(), failure.reached), (Kind::Stopped, None));
    assert!(server.calls().is_empty());
}

/// Hosts run many of these at once, on any thread.
#[test]
fn every_operation_may_move_between_threads() {
    fn may_move<T: Send>(_: T) {}
    fn check(account: &crate::aws::Account, stop: &Stop, live: &LiveRole) {
        let change = Change { current: live, prior: None, wanted: &live.spec, rules: &Rules::default() };
        may_move(create(account, &live.spec, stop));
        may_move(read(account, "", &BTreeSet::new()));
        may_move(orphans(account, &BTreeSet::new()));
        may_move(update(account, change, stop));
        may_move(delete(account, "", Contents::default(), stop));
        may_move(same_trust(account, "", ""));
    }
    let _ = check;
}
