//! The meta record: the folder's salt in the clear, and sealed behind it what has been applied.
//!
//! ```text
//! format (1 byte) | salt (32) | sealed: next index (8, big-endian) | chain (32) | tally (32)
//! ```

use super::error::ViewError;
use super::key::META_KEY;
use super::sealing::{SALT_LEN, Salt, Sealer};
use super::tally::{TALLY_LEN, Tally};
use crate::storage::seal::secret::SecretKey;

/// How much of the journal is in the view. A view without entries is at [`Position::default`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The index of the first entry that is not applied: the number of entries applied. 0 in a new view.
    pub next_index: u64,
    /// The journal's chained hash after the last entry applied. All zero in a new view.
    pub chain: [u8; CHAIN_LEN],
}

/// The state that each batch replaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// What has been applied.
    pub(super) position: Position,
    /// The sum over the records that it amounts to.
    pub(super) tally: Tally,
}

impl State {
    /// The meta record of a folder.
    pub(super) fn to_record(self, salt: &Salt, sealer: &Sealer) -> Result<Vec<u8>, ViewError> {
        let mut plaintext = Vec::with_capacity(INDEX_LEN + CHAIN_LEN + TALLY_LEN);
        plaintext.extend(self.position.next_index.to_be_bytes());
        plaintext.extend(self.position.chain);
        plaintext.extend(self.tally.to_bytes());
        let mut record = vec![FORMAT];
        record.extend(salt);
        record.extend(sealer.seal(&place(salt), &plaintext)?);
        Ok(record)
    }

    /// Reads a meta record: the state, and the salt and sealer of its folder.
    pub(super) fn from_record(record: &[u8], view_key: &SecretKey) -> Result<(Self, Salt, Sealer), ViewError> {
        let (format, rest) = record.split_first().ok_or_else(unreadable)?;
        if *format != FORMAT {
            return Err(ViewError::damaged("a format that this version does not know"));
        }
        let (salt, sealed) = rest.split_first_chunk::<SALT_LEN>().ok_or_else(unreadable)?;
        let sealer = Sealer::under(view_key, salt)?;
        let plaintext = sealer.open(&place(salt), sealed).ok_or_else(unreadable)?;
        let (next_index, rest) = plaintext.split_first_chunk::<INDEX_LEN>().ok_or_else(unreadable)?;
        let (chain, rest) = rest.split_first_chunk::<CHAIN_LEN>().ok_or_else(unreadable)?;
        let tally: [u8; TALLY_LEN] = rest.try_into().map_err(|_| unreadable())?;
        let position = Position { next_index: u64::from_be_bytes(*next_index), chain: *chain };
        Ok((Self { position, tally: Tally::from_bytes(tally) }, *salt, sealer))
    }
}

/// The format that this version writes and the only one that it reads: another one is rebuilt, not migrated.
const FORMAT: u8 = 3;

const INDEX_LEN: usize = 8;

const CHAIN_LEN: usize = 32;

fn place(salt: &Salt) -> Vec<u8> {
    [&META_KEY, [FORMAT].as_slice(), salt].concat()
}

fn unreadable() -> ViewError {
    ViewError::damaged("its meta record does not open: it is altered, or sealed under another key")
}
