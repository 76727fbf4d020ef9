//! Claims about how reads share calls, and about what they never share.

use std::sync::Arc;

use super::*;
use crate::aws::canned::{Answer, Call, Canned, done, role_fields, single_read};

/// A role as GetAccountAuthorizationDetails shows it: without description and duration.
fn detail(name: &str) -> String {
    format!(
        "<member><Path>/</Path><RoleName>{name}</RoleName><RoleId>AROA{name}</RoleId>\
         <Arn>arn:aws:iam::111111111111:role/{name}</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate>\
         <AssumeRolePolicyDocument>%7B%22from%22%3A%22snapshot%22%7D</AssumeRolePolicyDocument>\
         <RolePolicyList><member><PolicyName>p</PolicyName><PolicyDocument>%7B%7D</PolicyDocument></member>\
         </RolePolicyList></member>"
    )
}

/// An account with roles `a` to `d`.
fn account_of_four(call: &Call) -> Answer {
    let all = ["a", "b", "c", "d"];
    match call.action() {
        "GetAccountAuthorizationDetails" => Answer::Result(format!(
            "<RoleDetailList>{}</RoleDetailList><IsTruncated>false</IsTruncated>",
            all.map(detail).concat()
        )),
        "ListRoles" => {
            let member =
                |name: &str| format!("<member>{}</member>", role_fields(name, &format!("AROA{name}")));
            Answer::Result(format!(
                "<Roles>{}</Roles><IsTruncated>false</IsTruncated>",
                all.map(member).concat()
            ))
        }
        "GetRole" if !all.contains(&call.get("RoleName")) => {
            Answer::Error("NoSuchEntity", "no role of this name")
        }
        _ => single_read(call).unwrap_or_else(done),
    }
}

const POLICY: &str = "arn:aws:iam::111111111111:policy/own";

/// The same account, with a policy that GetAccountAuthorizationDetails shows when it is asked for.
fn account_with_a_policy(call: &Call) -> Answer {
    match call.action() {
        "GetAccountAuthorizationDetails" => {
            let policy = format!(
                "<member><Arn>{POLICY}</Arn><PolicyVersionList>\
                 <member><Document>%7B%22old%22%3A1%7D</Document><VersionId>v1</VersionId>\
                 <IsDefaultVersion>false</IsDefaultVersion></member>\
                 <member><Document>%7B%22from%22%3A%22snapshot%22%7D</Document><VersionId>v2</VersionId>\
                 <IsDefaultVersion>true</IsDefaultVersion></member></PolicyVersionList></member>"
            );
            let asked = call.get("Filter.member.2") == "LocalManagedPolicy";
            let policies = if asked { policy } else { String::new() };
            Answer::Result(format!(
                "<RoleDetailList>{}</RoleDetailList><Policies>{policies}</Policies>\
                 <IsTruncated>false</IsTruncated>",
                ["a", "b", "c", "d"].map(detail).concat()
            ))
        }
        "GetPolicy" => Answer::Result("<Policy><DefaultVersionId>v2</DefaultVersionId></Policy>".to_owned()),
        "GetPolicyVersion" => Answer::Result(format!(
            "<PolicyVersion><Document>{}</Document></PolicyVersion>",
            call.get("VersionId")
        )),
        _ => account_of_four(call),
    }
}

/// Reads `names` so that all but the first wait for it; gives the roles in that order.
async fn read_together(account: &Arc<Account>, names: &[&str]) -> Vec<Option<RoleDetail>> {
    let stop = Stop::never();
    let none = BTreeSet::new();
    let reads = names.iter().map(|name| account.read_role(name, &none, &stop));
    futures_util::future::join_all(reads).await.into_iter().map(Result::unwrap).collect()
}

fn count(calls: &[String], action: &str) -> usize {
    calls.iter().filter(|call| *call == action).count()
}

#[tokio::test]
async fn reads_that_wait_share_one_snapshot() {
    let server = Canned::serve(account_of_four).await;
    let roles = read_together(&server.account().await, &["a", "b", "c", "d"]).await;
    let names: Vec<_> = roles.iter().map(|role| role.as_ref().unwrap().name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    let shared = roles[2].as_ref().unwrap();
    assert_eq!(shared.assume_role_policy, r#"{"from":"snapshot"}"#);
    assert_eq!((shared.description.as_deref(), shared.max_session_duration), (Some("about c"), 7200));
    assert_eq!(shared.inline_policies["p"], "{}");
    let calls = server.calls();
    assert_eq!((calls.len(), count(&calls, "GetRole"), count(&calls, "ListRoles")), (5, 1, 1), "{calls:?}");
}

#[tokio::test]
async fn what_a_snapshot_does_not_show_is_asked_for_by_name() {
    let server = Canned::serve(account_of_four).await;
    let roles = read_together(&server.account().await, &["a", "b", "gone", "d"]).await;
    assert_eq!(roles.iter().filter(|role| role.is_some()).count(), 3);
    assert_eq!((roles[2].clone(), count(&server.calls(), "GetRole")), (None, 2));
}

#[tokio::test]
async fn a_list_that_lags_behind_does_not_make_a_role_gone() {
    let lagging = AtomicUsize::new(1);
    let server = Canned::serve(move |call| match call.action() {
        "ListRolePolicies" if lagging.swap(0, Ordering::Relaxed) == 1 => {
            Answer::Error("NoSuchEntity", "The role with name a cannot be found.")
        }
        _ => account_of_four(call),
    })
    .await;
    let roles = read_together(&server.account().await, &["a"]).await;
    assert_eq!(roles[0].as_ref().unwrap().name, "a");
}

#[tokio::test]
async fn a_refused_snapshot_is_not_asked_for_again() {
    let server = Canned::serve(|call| match call.action() {
        "GetAccountAuthorizationDetails" => Answer::Error("AccessDenied", "no"),
        _ => account_of_four(call),
    })
    .await;
    let account = server.account().await;
    for _ in 0..2 {
        let roles = read_together(&account, &["a", "b", "c"]).await;
        assert!(roles.iter().all(|role| role.as_ref().unwrap().assume_role_policy == "{}"));
    }
    let calls = server.calls();
    assert_eq!((count(&calls, "GetAccountAuthorizationDetails"), count(&calls, "GetRole")), (1, 6));
}

#[tokio::test]
async fn a_snapshot_that_never_ends_is_given_up() {
    let server = Canned::serve(|call| match call.action() {
        "ListRoles" => {
            let marker = format!("{}x", call.get("Marker"));
            Answer::Result(format!("<Roles/><IsTruncated>true</IsTruncated><Marker>{marker}</Marker>"))
        }
        _ => account_of_four(call),
    })
    .await;
    let account = server.account().await;
    for _ in 0..2 {
        let roles = read_together(&account, &["a", "b", "c"]).await;
        assert!(roles.iter().all(Option::is_some));
    }
    let calls = server.calls();
    assert_eq!((count(&calls, "ListRoles"), count(&calls, "GetRole")), (1, 6), "{calls:?}");
}

#[tokio::test]
async fn a_role_that_this_process_changed_is_never_read_from_a_snapshot() {
    let server = Canned::serve(account_of_four).await;
    let account = server.account().await;
    account.mark_written("c");
    let roles = read_together(&account, &["a", "b", "c", "d"]).await;
    let from: Vec<_> = roles.iter().map(|role| role.as_ref().unwrap().assume_role_policy.as_str()).collect();
    assert_eq!(from, ["{}", r#"{"from":"snapshot"}"#, "{}", r#"{"from":"snapshot"}"#]);
}

#[tokio::test]
async fn readers_that_go_away_hold_nobody_up() {
    let server = Canned::serve(account_of_four).await;
    let account = server.account().await;
    let (stop, none) = (Stop::never(), BTreeSet::new());
    {
        // The first holds the turn, the second waits for it; both go away.
        let first = account.read_role("a", &none, &stop);
        let second = account.read_role("b", &none, &stop);
        tokio::select! {
            biased;
            _ = futures_util::future::join(first, second) => {}
            () = tokio::task::yield_now() => {}
        }
    }
    let roles = read_together(&account, &["c", "d"]).await;
    assert!(roles.iter().all(Option::is_some));
}

/// Reads `a`, `b` and `c` together, of which `c` owns `policy`.
async fn read_an_owner(account: &Arc<Account>, policy: &str) -> RoleDetail {
    let (stop, none, owned) = (Stop::never(), BTreeSet::new(), [policy.to_owned()].into());
    let (_, _, owner) = tokio::join!(
        account.read_role("a", &none, &stop),
        account.read_role("b", &none, &stop),
        account.read_role("c", &owned, &stop),
    );
    owner.unwrap().unwrap()
}

#[tokio::test]
async fn a_snapshot_shows_the_documents_in_force_of_those_policies_that_somebody_owns() {
    let server = Canned::serve(account_with_a_policy).await;
    let owner = read_an_owner(&server.account().await, POLICY).await;
    assert_eq!(owner.documents[POLICY], r#"{"from":"snapshot"}"#);
    assert_eq!(count(&server.calls(), "GetPolicy"), 0);
}

#[tokio::test]
async fn a_policy_that_a_snapshot_does_not_show_or_that_this_process_changed_is_asked_for() {
    for (policy, written) in [(POLICY, true), ("arn:aws:iam::111111111111:policy/new", false)] {
        let server = Canned::serve(account_with_a_policy).await;
        let account = server.account().await;
        if written {
            account.mark_written(policy);
        }
        let owner = read_an_owner(&account, policy).await;
        assert_eq!(owner.documents[policy], "v2", "the version in force, by itself");
        assert_eq!(owner.assume_role_policy, "{}", "and so is its role");
    }
}
