//! One history: some lives of a process on one disk.

use std::time::Duration;

use strongroom::service::registrar::NotDone;
use strongroom::service::startup::{ByHand, StartError};
use strongroom::storage::disk::{Fault, Faults};
use strongroom::storage::journal::{JournalError, TornTail};

use crate::deeds::Life;
use crate::expected::Expected;
use crate::invariants::{Inspection, no_failed_sync_was_repeated};
use crate::place::{Base, Place, ViewFound};
use crate::random::Random;
use crate::seen::Seen;

pub struct History {
    random: Random,
    place: Place,
    expected: Expected,
    runtime: tokio::runtime::Runtime,
    /// Whether the disk has ever failed: then a damaged tail need not be a torn one.
    has_failed: bool,
    seen: Seen,
}

/// How a life ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Stop,
    Kill,
    PowerOff,
}

impl History {
    pub fn new(base: &Base, seed: u64) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let random = Random::new(seed);
        let expected = Expected::default();
        Self { random, place: base.place(seed), expected, runtime, has_failed: false, seen: Seen::default() }
    }

    pub fn write_down(&self) {
        self.place.disk.write_down_calls();
    }

    pub fn written_down(&self) -> Vec<String> {
        self.place.disk.written_down()
    }

    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    pub fn run(&mut self) {
        for _ in 0..1 + self.random.below(4) {
            self.plan_faults();
            self.life();
        }
        // The last start has a disk that neither fails nor forgets: it must succeed.
        let running = self.start().expect("a start on a sound disk");
        running.stop();
        self.end_of_life();
        if self.random.one_in(4) {
            self.place.disk = self.place.disk.after_power_failure();
            self.seen.count("clean stops");
            self.start().expect("a start after a clean stop");
            self.end_of_life();
        }
    }

    /// What goes wrong with the disk in the next life.
    fn plan_faults(&mut self) {
        let (disk, random) = (&self.place.disk, &mut self.random);
        // A start makes some seventy calls; most of the faults come after it.
        let soon = 40 + random.below(600);
        match random.below(8) {
            0 | 1 => disk.power_off_at(random.below(soon)),
            2 => disk.fail_randomly(Some(20 + random.below(300))),
            3 => {
                disk.power_off_at(random.below(2 * soon));
                disk.fail_randomly(Some(60 + random.below(200)));
            }
            4 | 5 => {
                let fault = random.pick(&[Fault::Io, Fault::NoSpace, Fault::ShortWrite]);
                disk.fail_call(random.below(soon), fault);
            }
            _ => {}
        }
    }

    /// A start, what people do, and an end.
    fn life(&mut self) {
        if let Some(running) = self.start() {
            let end = match self.random.below(3) {
                0 => End::Stop,
                1 => End::Kill,
                _ => End::PowerOff,
            };
            let mut life = Life {
                running,
                random: &mut self.random,
                place: &mut self.place,
                expected: &mut self.expected,
                runtime: &self.runtime,
                seen: &mut self.seen,
            };
            life.live();
            let running = life.running;
            self.end(running, end);
        } else {
            self.seen.count("failed starts");
            let is_off = self.place.disk.is_off();
            self.seen.count_of("power failures during a start", is_off.into());
            self.end_of_life();
            self.place.disk = if self.random.one_in(2) {
                self.place.disk.after_kill()
            } else {
                self.place.disk.after_power_failure()
            };
        }
        let found = self.random.pick(&[ViewFound::AsItWas, ViewFound::AsItWas, ViewFound::Earlier, ViewFound::Wiped]);
        self.seen.count(match found {
            ViewFound::AsItWas => "views as they were",
            ViewFound::Earlier => "views taken back",
            ViewFound::Wiped => "views wiped",
        });
        self.place.lose_view(found);
        self.place.wait(Duration::from_secs(1 + self.random.below(3600)));
    }

    fn end(&mut self, running: ByHand, end: End) {
        // What the kill leaves is taken first: closing what the killed process had open must not reach the disk.
        let next = match end {
            End::Stop => None,
            End::Kill => Some(self.place.disk.after_kill()),
            End::PowerOff => Some(self.place.disk.after_power_failure()),
        };
        self.seen.count(match end {
            End::Stop => "stops",
            End::Kill => "kills",
            End::PowerOff => "power failures",
        });
        match next {
            Some(next) => {
                drop(running);
                self.end_of_life();
                self.place.disk = next;
            }
            None => {
                running.stop();
                self.end_of_life();
                let disk = &self.place.disk;
                self.place.disk = if self.random.one_in(2) { disk.after_kill() } else { disk.after_power_failure() };
            }
        }
    }

    fn end_of_life(&mut self) {
        let disk = &self.place.disk;
        no_failed_sync_was_repeated(disk);
        let Faults { io, no_space, short_writes, syncs, .. } = disk.faults_by_kind();
        self.has_failed |= disk.faults() > 0;
        self.seen.count_of("faults: EIO", io);
        self.seen.count_of("faults: ENOSPC", no_space);
        self.seen.count_of("faults: short writes", short_writes);
        self.seen.count_of("faults: failed syncs", syncs);
    }

    /// Opens the repository and checks everything; `None` if the disk would not let it.
    fn start(&mut self) -> Option<ByHand> {
        let running = match self.place.start(TornTail::Ask) {
            Err(StartError::Journal(JournalError::Ambiguous { .. })) => {
                assert!(self.has_failed, "a power failure alone makes no ambiguous tail");
                self.seen.count("ambiguous tails");
                self.place.start(TornTail::Accept)
            }
            started => started,
        };
        let running = match running {
            Ok(running) => running,
            Err(error) => {
                assert!(self.place.disk.faults() > 0, "the disk is sound, and the start says: {error}");
                assert!(tells_of_the_disk(&error), "the disk failed, and the start says: {error}");
                return None;
            }
        };
        if self.place.disk.is_off() {
            // The last call of the start took place without power, and was passed over.
            return None;
        }
        self.place.disk.leave_in_peace(true);
        let before = self.expected.records.len();
        let records = Inspection::of(&self.place, &running, &self.runtime).check(&self.expected);
        self.place.disk.leave_in_peace(false);
        self.seen.count("restarts checked");
        for (index, record) in records.iter().enumerate().skip(before) {
            let is_cut = String::from_utf8_lossy(record).contains("\"kind\":\"enter_recovery\"");
            self.seen.count_of("cut tails", is_cut.into());
            let is_unknown = before > 0 && !is_cut && !self.expected.entries.contains_key(&(index as u64));
            self.seen.count_of("kept unacknowledged", is_unknown.into());
        }
        self.expected.records = records;
        Some(running)
    }
}

/// Whether an error is one that a failing disk may make of a start: never that something is damaged, lost or rolled back.
fn tells_of_the_disk(error: &StartError) -> bool {
    matches!(
        error,
        StartError::CheckpointUnreadable(_)
            | StartError::RecordUnreadable { .. }
            | StartError::Journal(JournalError::Io { .. } | JournalError::NoSpace)
            | StartError::Tiles(_)
            | StartError::Blobs(_)
            | StartError::Jump(_)
            | StartError::Entry(NotDone::LogUnavailable(_) | NotDone::LogFull(_))
    )
}
