//! Claims about many accounts in one process.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::sync::Notify;

use super::*;
use crate::aws::canned::{Answer, Call, Canned, session_with, single_read};
use crate::aws::{AccountRole, Aws, RetryMode, Settings};

const LATER: &str = "2099-01-01T00:00:00Z";
const ENDED: &str = "2020-01-01T00:00:00Z";
const THROTTLED: Answer = Answer::Error("Throttling", "Rate exceeded");

/// How to enter any account that `server` plays.
fn settings(server: &Canned) -> Settings {
    let role = AccountRole { name: Some("Access".to_owned()), ..AccountRole::default() };
    Settings { account_role: Some(role), max_retries: Some(9), ..server.settings() }
}

/// The session that a call of AssumeRole asks for; its access key tells the account.
fn entry(call: &Call, expiration: &str) -> Answer {
    let account = call.get("RoleArn").split(':').nth(4).unwrap().to_owned();
    let arn = format!("arn:aws:sts::{account}:assumed-role/Access/x");
    session_with(&format!("ASIA{account}"), &arn, expiration)
}

async fn reads(account: &Account) {
    account.iam(&Stop::never()).await.unwrap().get_role("any").await.unwrap();
}

#[tokio::test]
async fn an_account_is_entered_again_when_its_session_ends_and_once_for_all_who_work_there() {
    let entered = AtomicU32::new(0);
    let server = Canned::serve(move |call| match call.action() {
        "AssumeRole" if entered.fetch_add(1, Ordering::Relaxed) == 0 => entry(call, ENDED),
        "AssumeRole" => entry(call, LATER),
        _ => single_read(call).unwrap(),
    })
    .await;
    let account = Aws::new(settings(&server)).account(Some("222222222222")).await.unwrap();
    join_all((0..20).map(|_| reads(&account))).await;
    let count = |action: &str| server.calls().iter().filter(|call| *call == action).count();
    assert_eq!((count("AssumeRole"), count("GetRole")), (2, 20));
}

#[tokio::test]
async fn throttling_in_one_account_holds_up_no_other() {
    let (open, throttled) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
    let (is_open, was_throttled) = (Arc::clone(&open), Arc::clone(&throttled));
    let server = Canned::serve(move |call| match call.action() {
        "AssumeRole" => entry(call, LATER),
        _ if call.get(":authorization").contains("ASIA222222222222") && !is_open.load(Ordering::Relaxed) => {
            was_throttled.notify_one();
            THROTTLED
        }
        _ => single_read(call).unwrap(),
    })
    .await;
    // Of the SDK's modes the one in which throttling slows what shares a pace.
    let aws = Aws::new(Settings { retry_mode: Some(RetryMode::Adaptive), ..settings(&server) });
    let slow = aws.account(Some("222222222222")).await.unwrap();
    let slow = tokio::spawn(async move { reads(&slow).await });
    throttled.notified().await;
    let quick = aws.account(Some("333333333333")).await.unwrap();
    let begun = Instant::now();
    for _ in 0..20 {
        reads(&quick).await;
    }
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "at the pace of the other it takes {:?}",
        begun.elapsed()
    );
    assert!(!slow.is_finished());
    open.store(true, Ordering::Relaxed);
    slow.await.unwrap();
}

#[tokio::test]
async fn two_hundred_accounts_are_entered_although_each_is_throttled_once() {
    let seen = Mutex::new(HashSet::new());
    let server = Canned::serve(move |call| match call.action() {
        "AssumeRole" if seen.lock().unwrap().insert(call.get("RoleArn").to_owned()) => THROTTLED,
        _ => entry(call, LATER),
    })
    .await;
    let aws = Aws::new(settings(&server));
    let enter = |number: u64| {
        let (aws, id) = (aws.clone(), format!("{:012}", 400_000_000_000 + number));
        async move { aws.account(Some(&id)).await.map(|account| account.id().to_owned()) }
    };
    let entered = join_all((0..200).map(enter)).await;
    assert!(entered.iter().all(Result::is_ok), "{:?}", entered.iter().find(|entered| entered.is_err()));
    assert_eq!(server.calls().len(), 400);
}
