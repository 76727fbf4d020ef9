//! Claims about pacing: how long, how often, and what ends it.

use super::*;
use crate::aws::Kind;
use std::cell::Cell;
use tokio::sync::watch;

const QUICK: Patience = Patience {
    total: Duration::from_millis(40),
    first: Duration::from_millis(1),
    longest: Duration::from_millis(4),
};

fn conflict() -> Error {
    Error::new(Kind::Conflict, "iam:TagRole", "busy")
}

#[test]
fn waits_double_up_to_the_longest_and_keep_half() {
    let patience = Patience::default();
    for (attempt, top) in [(0, 500), (1, 1_000), (2, 2_000), (3, 4_000), (4, 8_000), (60, 8_000)] {
        assert_eq!(patience.wait(attempt, 0), Duration::from_millis(top / 2));
        let most = patience.wait(attempt, 999);
        assert!(most < Duration::from_millis(top) && most > Duration::from_millis(top * 99 / 100));
    }
}

#[tokio::test]
async fn success_after_forgiven_failures_is_success() {
    let tries = Cell::new(0);
    let outcome = QUICK
        .persist(
            &Stop::never(),
            |error| error.kind() == Kind::Conflict,
            || async {
                tries.set(tries.get() + 1);
                if tries.get() < 3 { Err(conflict()) } else { Ok(tries.get()) }
            },
        )
        .await;
    assert_eq!(outcome.unwrap(), 3);
}

#[tokio::test]
async fn what_is_not_forgiven_fails_at_once() {
    let tries = Cell::new(0);
    let outcome: Result<(), Error> = QUICK
        .persist(
            &Stop::never(),
            |error| error.kind() == Kind::NotFound,
            || async {
                tries.set(tries.get() + 1);
                Err(conflict())
            },
        )
        .await;
    assert_eq!((outcome.unwrap_err().kind(), tries.get()), (Kind::Conflict, 1));
}

#[tokio::test]
async fn the_total_bounds_the_attempts() {
    let outcome: Result<(), Error> =
        QUICK.persist(&Stop::never(), |_| true, || async { Err(conflict()) }).await;
    assert!(outcome.unwrap_err().to_string().contains("Tried again for 0 s"));
}

#[tokio::test]
async fn the_wish_to_stop_ends_the_waiting() {
    let slow = Patience {
        first: Duration::from_secs(600),
        longest: Duration::from_secs(600),
        total: Duration::from_secs(6_000),
    };
    let (ask, flag) = watch::channel(true);
    let outcome: Result<(), Error> =
        slow.persist(&Stop::from(flag), |_| true, || async { Err(conflict()) }).await;
    assert!(outcome.unwrap_err().to_string().contains("asked to stop"));
    drop(ask);
}
