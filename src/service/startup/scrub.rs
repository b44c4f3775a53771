//! The background scrub: verifies the whole journal while the server serves.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::storage::journal;

/// Verifies the whole journal in the background, so that damage in old segments is found while copies still exist.
pub(super) fn start_scrub(reader: journal::Reader, stopping: Arc<AtomicBool>) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("scrub".into()).spawn(move || {
        let verified = journal::scrub(&reader, |_| {
            if stopping.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            // A moment between batches leaves the disk to those who wait for it.
            std::thread::sleep(SCRUB_PAUSE);
            ControlFlow::Continue(())
        });
        match verified {
            Ok(_) => tracing::info!("the background scrub of the journal has ended without a finding"),
            Err(error) => tracing::error!(%error, "audit log: the background scrub found damage"),
        }
    })
}

/// How long the scrub rests after each batch.
const SCRUB_PAUSE: Duration = Duration::from_micros(50);
