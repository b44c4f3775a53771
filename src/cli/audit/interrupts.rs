//! A good end on SIGINT and SIGTERM, whatever is under way.

use std::io;
use std::sync::{Arc, Mutex, TryLockError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// From now on, SIGINT and SIGTERM end the process with exit code 0, but not while `writing` is held: a line that is
/// begun is ended, a file that is begun is kept. Whoever holds it for longer than a moment is stuck with a full pipe.
pub fn end_well(writing: Arc<Mutex<()>>) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (report, ready) = mpsc::channel();
    thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            let (mut interrupt, mut terminate) =
                match signal(SignalKind::interrupt()).and_then(|one| Ok((one, signal(SignalKind::terminate())?))) {
                    Ok(both) => both,
                    Err(error) => return drop(report.send(Err(error))),
                };
            let _ = report.send(Ok(()));
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            for _ in 0..PATIENCE_TRIES {
                match writing.try_lock() {
                    Err(TryLockError::WouldBlock) => thread::sleep(TRY_EVERY),
                    Ok(_) | Err(TryLockError::Poisoned(_)) => break,
                }
            }
            std::process::exit(0);
        });
    })?;
    ready.recv().map_err(io::Error::other)?
}

const TRY_EVERY: Duration = Duration::from_millis(10);
const PATIENCE_TRIES: u32 = 100;
