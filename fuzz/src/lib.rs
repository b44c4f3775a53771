//! What several fuzz targets need.

use std::fs::{File, Permissions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::PathBuf;

/// A file in memory that has a path, for what reads nothing but files.
pub struct MemoryFile(File);

impl MemoryFile {
    /// A file with these bytes, that only we may read.
    pub fn of(bytes: &[u8]) -> Self {
        let file = File::from(rustix::fs::memfd_create("fuzz", rustix::fs::MemfdFlags::CLOEXEC).expect("a file"));
        file.set_permissions(Permissions::from_mode(0o600)).expect("a mode");
        file.write_all_at(bytes, 0).expect("memory");
        Self(file)
    }

    /// Where it can be opened by this process.
    pub fn path(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }
}

/// Bytes that are taken from the fuzzer's input one value after another; what is missing is zero.
pub struct Choices<'a>(pub &'a [u8]);

impl<'a> Choices<'a> {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.take(8).iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// A number below `bound`, from the next four bytes; 0 if nothing is below.
    pub fn below(&mut self, bound: usize) -> usize {
        let number = self.take(4).iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
        number.checked_rem(bound).unwrap_or(0)
    }

    /// The next bytes, as many as there are up to `length`.
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        let (head, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        head
    }
}

/// Damages `bytes` as the input says: a byte changed, bytes cut off, added, zeroed, moved or swapped. No choices, no damage.
pub fn damage(choices: &mut Choices, bytes: &mut Vec<u8>) {
    for _ in 0..4 {
        if choices.is_empty() {
            return;
        }
        let (kind, value) = (choices.byte() % 6, choices.byte());
        let (at, other) = (choices.below(bytes.len()), choices.below(bytes.len()));
        let (from, to) = (at.min(other), at.max(other));
        match kind {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= value),
            1 => bytes.truncate(at),
            2 => bytes.extend(std::iter::repeat_n(value, 1 + other % 64)),
            3 => bytes.iter_mut().take(to).skip(from).for_each(|byte| *byte = 0),
            4 => bytes.copy_within(from..to, 0),
            _ => bytes.rotate_left(from),
        }
    }
}
