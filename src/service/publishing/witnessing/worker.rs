//! The thread of one witness: asks it to cosign what the board shows, and tells the board what came of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::board::{Board, Signed};
use super::failure::Failure;
use super::way::{Answer, Witness};
use crate::pure::tlog::add_checkpoint::AddCheckpoint;
use crate::pure::tlog::note::NoteSignature;
use crate::pure::tlog::policy::PolicyWitness;

pub(super) struct Worker {
    board: Arc<Board>,
    /// The witness's place in the policy.
    place: usize,
    witness: PolicyWitness,
    way: Arc<dyn Witness>,
    /// The size that the witness last cosigned, as far as it is known.
    known: u64,
}

impl Worker {
    pub(super) fn new(board: Arc<Board>, place: usize, witness: PolicyWitness, way: Arc<dyn Witness>) -> Self {
        // A witness that knows the log answers 409 with its size to the first request, which then is made again.
        Self { board, place, witness, way, known: 0 }
    }

    pub(super) fn run(mut self) {
        let times = self.board.times();
        let (mut done, mut pause, mut not_before) = (None, times.first_pause, Instant::now());
        while let Some(signed) = self.board.next(self.place, done, not_before) {
            match self.ask(&signed) {
                Ok(cosignature) => {
                    done = Some(signed.checkpoint.size);
                    pause = times.first_pause;
                    self.board.cosigned(self.place, &signed, cosignature);
                }
                Err(failure) => {
                    not_before = Instant::now() + pause;
                    pause = longer(pause, times.longest_pause);
                    self.board.failed(self.place, failure);
                }
            }
        }
    }

    fn ask(&mut self, signed: &Signed) -> Result<NoteSignature, Failure> {
        let size = signed.checkpoint.size;
        for _ in 0..ATTEMPTS {
            match self.way.add_checkpoint(&self.request(signed)?)? {
                Answer::Cosigned(lines) => {
                    let cosignature = self.judge(signed, lines)?;
                    self.known = size;
                    return Ok(cosignature);
                }
                Answer::Knows(claimed) if claimed > size => {
                    self.examine()?;
                    return Err(Failure::Unproven { claimed, ours: size });
                }
                Answer::Knows(known) => self.known = known,
                Answer::Inconsistent => {
                    self.examine()?;
                    self.known = 0;
                    return Err(Failure::UnprovenInconsistency);
                }
            }
        }
        Err(Failure::Contradicts(std::mem::take(&mut self.known)))
    }

    fn request(&self, signed: &Signed) -> Result<AddCheckpoint, Failure> {
        let (old_size, size) = (self.known.min(signed.checkpoint.size), signed.checkpoint.size);
        // "If the old size is zero, the proof must be empty"; so it is between equal sizes.
        let is_trivial = old_size == 0 || old_size == size;
        let proof = if is_trivial { Vec::new() } else { self.board.consistency(old_size, size)? };
        Ok(AddCheckpoint { old_size, proof, checkpoint: signed.note.clone() })
    }

    /// The cosignature by the key that the policy names. Those by other keys are passed over; a bad one by that key is
    /// the witness's failure, even beside a good one.
    fn judge(&self, signed: &Signed, lines: Vec<NoteSignature>) -> Result<NoteSignature, Failure> {
        let key = &self.witness.key;
        let ours: Vec<_> = lines.into_iter().filter(|line| line.claims(key)).collect();
        if !ours.iter().all(|line| key.verifies(signed.note.text(), line.signature())) {
            return Err(Failure::BadSignature);
        }
        ours.into_iter().next().ok_or(Failure::UnknownSignature)
    }

    /// A witness that claims what the log does not have must show it.
    fn examine(&self) -> Result<(), Failure> {
        match self.board.examine(&*self.way, &self.witness.name)? {
            Some(rollback) => Err(Failure::RolledBack(Box::new(rollback))),
            None => Ok(()),
        }
    }
}

/// The request, and once more with the size that a 409 told.
const ATTEMPTS: usize = 2;

fn longer(pause: Duration, longest: Duration) -> Duration {
    (pause * 2).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_the_longest() {
        let longest = Duration::from_secs(30);
        let pauses = std::iter::successors(Some(Duration::from_millis(500)), |pause| Some(longer(*pause, longest)));
        let pauses: Vec<_> = pauses.take(9).map(|pause| pause.as_millis()).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    }
}
