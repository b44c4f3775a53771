//! A clock that cannot be right: everything is refused until it is, or until the operator accepts it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::{Desk, register_document};
use crate::pure::domain::time::Instant;
use crate::service::clock::{Clock, ClockFault, Reading};
use crate::service::registrar::NotDone;
use crate::service::startup::accept_clock;

/// A clock whose hands the test moves, in seconds; time itself passes by one second a reading.
fn moved_by(offset: &Arc<AtomicI64>) -> Clock {
    let offset = offset.clone();
    let passed = AtomicI64::new(0);
    let start = Clock::system().now().unix_micros();
    Clock::steered(move || {
        let passed = passed.fetch_add(1, Ordering::SeqCst);
        let seconds = passed + offset.load(Ordering::SeqCst);
        Reading {
            wall: Instant::from_unix_micros(start + seconds * 1_000_000).unwrap(),
            elapsed: Duration::from_secs(u64::try_from(passed).unwrap()),
        }
    })
}

#[tokio::test]
async fn a_clock_set_back_refuses_until_it_is_right_again() {
    let desk = Desk::established().await;
    let offset = Arc::new(AtomicI64::new(0));
    let running = desk.open_async_with(moved_by(&offset)).await;
    register_document(&running, "one").await.unwrap();
    offset.store(-60, Ordering::SeqCst);
    let refused = register_document(&running, "two").await;
    assert!(matches!(refused, Err(NotDone::Clock(ClockFault::Behind))), "{refused:?}");
    offset.store(0, Ordering::SeqCst);
    register_document(&running, "two").await.unwrap();
    running.stop_async().await;
}

#[tokio::test]
async fn a_clock_that_jumped_ahead_refuses_across_a_restart_until_it_is_accepted() {
    let desk = Desk::established().await;
    let offset = Arc::new(AtomicI64::new(0));
    let running = desk.open_async_with(moved_by(&offset)).await;
    register_document(&running, "one").await.unwrap();
    offset.store(3600, Ordering::SeqCst);
    let refused = register_document(&running, "two").await;
    assert!(matches!(refused, Err(NotDone::Clock(ClockFault::JumpedAhead))), "{refused:?}");
    running.stop_async().await;

    let running = desk.open_async().await;
    assert!(matches!(register_document(&running, "two").await, Err(NotDone::Clock(ClockFault::JumpedAhead))));
    running.stop_async().await;
    let settings = desk.settings();
    let clock = Arc::new(Clock::system());
    let accepting = move || accept_clock(&settings, clock).unwrap();
    assert!(tokio::task::spawn_blocking(accepting).await.unwrap().is_some(), "the acceptance is an entry");
    let running = desk.open_async().await;
    register_document(&running, "two").await.unwrap();
    running.stop_async().await;
}
