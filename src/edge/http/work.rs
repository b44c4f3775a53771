//! What is under way: counted, so that a stop can wait for it, and refused once the server drains.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

/// The requests under way on the listeners that serve content.
#[derive(Clone, Debug, Default)]
pub struct Work(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    draining: AtomicBool,
    under_way: AtomicUsize,
    idle: Notify,
}

/// One request under way, until its response has been sent or given up.
#[derive(Debug)]
pub struct UnderWay(Work);

impl Work {
    /// Counts a request until the result is dropped; `None` while the server drains.
    pub fn begin(&self) -> Option<UnderWay> {
        // Counted first: a drain that begins now either sees the count or refuses the request.
        self.0.under_way.fetch_add(1, Ordering::SeqCst);
        let under_way = UnderWay(self.clone());
        if self.is_draining() { None } else { Some(under_way) }
    }

    /// Refuses new requests from now on.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::SeqCst);
    }

    /// Whether new requests are refused.
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::SeqCst)
    }

    /// How many requests are under way.
    pub fn count(&self) -> usize {
        self.0.under_way.load(Ordering::SeqCst)
    }

    /// Waits until nothing is under way; false if that takes longer than `patience`.
    pub async fn finished(&self, patience: Duration) -> bool {
        let finished = async {
            loop {
                let idle = self.0.idle.notified();
                tokio::pin!(idle);
                idle.as_mut().enable();
                if self.count() == 0 {
                    return;
                }
                idle.await;
            }
        };
        tokio::time::timeout(patience, finished).await.is_ok()
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let shared = &self.0.0;
        if shared.under_way.fetch_sub(1, Ordering::SeqCst) == 1 {
            shared.idle.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_drain_waits_for_what_is_under_way_and_takes_nothing_new() {
        let work = Work::default();
        let first = work.begin();
        assert!(first.is_some());
        work.drain();
        assert!(work.begin().is_none());
        assert!(!work.finished(Duration::ZERO).await);
        drop(first);
        assert!(work.finished(Duration::ZERO).await);
    }
}
