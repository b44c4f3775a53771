//! Load: many threads that each do one thing after the other, for a while.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::settings::Settings;
use super::site::Server;

/// What one worker does again and again: the bytes that it moved, or why it failed.
pub type Work<'a> = Box<dyn FnMut() -> Result<u64, String> + Send + 'a>;

/// What came out of one round.
pub struct Round {
    /// How many pieces of work failed.
    pub failed: usize,
    latencies: Vec<Duration>,
    bytes: u64,
    took: Duration,
    server_time: Duration,
}

impl Round {
    /// Pieces of work done in a second.
    pub fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    /// Content moved in a second.
    pub fn mib_per_second(&self) -> f64 {
        self.bytes as f64 / f64::from(1 << 20) / self.took.as_secs_f64()
    }

    /// The time within which so many of a hundred were done.
    pub fn percentile(&self, percent: f64) -> Duration {
        let rank = (percent / 100.0 * self.latencies.len() as f64) as usize;
        self.latencies.get(rank.min(self.latencies.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    /// Processor seconds of the server for a thousand pieces of work.
    pub fn server_seconds_per_thousand(&self) -> f64 {
        self.server_time.as_secs_f64() * 1e3 / self.latencies.len().max(1) as f64
    }
}

/// The median round by rate. `worker` makes what each of `concurrency` threads does; each is made once and warmed up by
/// one piece of work.
pub fn median<'a>(
    settings: &Settings,
    server: &Server,
    concurrency: usize,
    worker: impl Fn(usize) -> Work<'a>,
) -> Round {
    let mut workers: Vec<Work<'a>> = (0..concurrency).map(worker).collect();
    for work in &mut workers {
        work().expect("the first piece of work is done");
    }
    let mut rounds: Vec<Round> =
        (0..settings.rounds.max(1)).map(|_| round(settings.round, server, &mut workers)).collect();
    rounds.sort_by(|a, b| a.per_second().total_cmp(&b.per_second()));
    rounds.swap_remove(rounds.len() / 2)
}

fn round(length: Duration, server: &Server, workers: &mut [Work<'_>]) -> Round {
    let stop = AtomicBool::new(false);
    let start = Barrier::new(workers.len() + 1);
    thread::scope(|scope| {
        let threads: Vec<_> = workers
            .iter_mut()
            .map(|work| {
                let (stop, start) = (&stop, &start);
                scope.spawn(move || {
                    start.wait();
                    repeat(work, stop)
                })
            })
            .collect();
        let (begun, server_time) = (Instant::now(), server.processor_time());
        start.wait();
        thread::sleep(length);
        stop.store(true, Ordering::Relaxed);
        let mut round =
            Round { failed: 0, latencies: Vec::new(), bytes: 0, took: Duration::ZERO, server_time: Duration::ZERO };
        for thread in threads {
            let (latencies, bytes, failed) = thread.join().expect("a worker does not panic");
            round.latencies.extend(latencies);
            round.bytes += bytes;
            round.failed += failed;
        }
        round.took = begun.elapsed();
        round.server_time = server.processor_time().saturating_sub(server_time);
        round.latencies.sort_unstable();
        round
    })
}

fn repeat(work: &mut Work<'_>, stop: &AtomicBool) -> (Vec<Duration>, u64, usize) {
    let (mut latencies, mut bytes, mut failed) = (Vec::new(), 0, 0);
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        match work() {
            Ok(moved) => {
                latencies.push(begun.elapsed());
                bytes += moved;
            }
            Err(error) => {
                eprintln!("failed: {error}");
                failed += 1;
                // A connection that is gone fails at once, for ever.
                if failed > MOST_FAILURES {
                    break;
                }
            }
        }
    }
    (latencies, bytes, failed)
}

const MOST_FAILURES: usize = 3;
