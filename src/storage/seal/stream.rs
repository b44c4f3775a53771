//! Sealed streams: Tink's AES-GCM-HKDF streaming AEAD, so that documents can be read at random and by others' tools.
//!
//! ```text
//! ciphertext = header || segment 0 || segment 1 || ... || last segment
//! header     = u8 header length (40) || salt (32) || nonce prefix (7)
//! segment    = AES-256-GCM(derived key, nonce, no associated data, plaintext of the segment) with its 16-byte tag
//! nonce      = nonce prefix (7) || u32 big-endian segment number || u8 (1 in the last segment, else 0)
//! derived key = HKDF-SHA256(key, salt, info = associated data)
//! ```
//!
//! Every segment but the last ends on a multiple of [`SEGMENT_LEN`] in the ciphertext; the header takes its room from
//! the first. The last flag makes a cut or an extension show, and the number a reordering. Source: Tink's wire format
//! for streaming AEAD, "AES-GCM-HKDF-STREAMING", with a 32-byte key, SHA-256, a 32-byte derived key and 64 KiB
//! segments.
//!
//! Not here: where the bytes are stored, and whose key it is.

use std::ops::{Range, RangeInclusive};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

use super::secret::{RandomUnavailable, SecretKey};

/// Length of a segment's ciphertext with its tag, in bytes; the first holds the header too, the last may be shorter.
pub const SEGMENT_LEN: usize = 64 * 1024;

/// Length of the header in bytes.
pub const HEADER_LEN: usize = 1 + SALT_LEN + PREFIX_LEN;

/// Length of a segment's authentication tag in bytes.
pub const TAG_LEN: usize = 16;

/// Seals one plaintext of unknown length, in whatever pieces it comes.
///
/// Holds at most one segment of plaintext: a full one is kept until the next byte shows that it is not the last.
pub struct StreamSealer {
    cipher: SegmentCipher,
    header: Option<[u8; HEADER_LEN]>,
    segment: u32,
    pending: Vec<u8>,
}

impl StreamSealer {
    /// Begins a stream under a fresh salt. `key` may seal any number of streams; `associated_data` must be given again
    /// to open.
    pub fn new(key: &SecretKey, associated_data: &[u8]) -> Result<Self, RandomUnavailable> {
        let mut random = [0; SALT_LEN + PREFIX_LEN];
        SystemRandom::new().fill(&mut random).map_err(|_| RandomUnavailable)?;
        Ok(Self::with_random(key, associated_data, &random))
    }

    fn with_random(key: &SecretKey, associated_data: &[u8], random: &[u8; SALT_LEN + PREFIX_LEN]) -> Self {
        let mut header = [0; HEADER_LEN];
        let (length, rest) = header.split_at_mut(1);
        length.copy_from_slice(&[HEADER_LENGTH_BYTE]);
        rest.copy_from_slice(random);
        let cipher = SegmentCipher::new(key, associated_data, &header);
        Self { cipher, header: Some(header), segment: 0, pending: Vec::with_capacity(SEGMENT_LEN) }
    }

    /// Takes the next plaintext and appends every segment that is now complete to `out`: at most one for each
    /// `SEGMENT_LEN - HEADER_LEN - TAG_LEN` bytes given.
    pub fn push(&mut self, mut plaintext: &[u8], out: &mut Vec<u8>) -> Result<(), StreamError> {
        while !plaintext.is_empty() {
            if self.room() == 0 {
                self.seal_pending(false, out)?;
            }
            let (now, later) = plaintext.split_at(self.room().min(plaintext.len()));
            self.pending.extend_from_slice(now);
            plaintext = later;
        }
        Ok(())
    }

    /// Seals the last segment, which an empty plaintext has too, and appends it to `out`.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), StreamError> {
        self.seal_pending(true, out)
    }

    fn room(&self) -> usize {
        let header = self.header.map_or(0, |header| header.len());
        (SEGMENT_LEN - TAG_LEN - header).saturating_sub(self.pending.len())
    }

    fn seal_pending(&mut self, last: bool, out: &mut Vec<u8>) -> Result<(), StreamError> {
        let tag = self
            .cipher
            .key
            .seal_in_place_separate_tag(self.cipher.nonce(self.segment, last), Aad::empty(), &mut self.pending)
            .map_err(|_| StreamError::TooLong)?;
        if let Some(header) = self.header.take() {
            out.extend_from_slice(&header);
        }
        out.extend_from_slice(&self.pending);
        out.extend_from_slice(tag.as_ref());
        self.pending.clear();
        if !last {
            self.segment = self.segment.checked_add(1).ok_or(StreamError::TooLong)?;
        }
        Ok(())
    }
}

/// Opens the segments of one sealed stream, in any order and from several threads.
pub struct StreamOpener {
    cipher: SegmentCipher,
    layout: StreamLayout,
}

impl StreamOpener {
    /// Prepares to open a stream: `header` is the ciphertext's first [`HEADER_LEN`] bytes (more may follow them).
    ///
    /// A wrong key, associated data or header shows only when a segment is opened.
    pub fn new(
        key: &SecretKey,
        associated_data: &[u8],
        header: &[u8],
        layout: StreamLayout,
    ) -> Result<Self, StreamError> {
        let header = header.first_chunk::<HEADER_LEN>().ok_or(StreamError::Header)?;
        if header.first() != Some(&HEADER_LENGTH_BYTE) {
            return Err(StreamError::Header);
        }
        Ok(Self { cipher: SegmentCipher::new(key, associated_data, header), layout })
    }

    /// Where the segments of this stream lie.
    pub fn layout(&self) -> &StreamLayout {
        &self.layout
    }

    /// Opens segment `number` in place and returns its plaintext, which starts where `segment` does.
    ///
    /// `segment` is exactly the bytes of [`StreamLayout::ciphertext_of`]. On an error its content is of no use and has
    /// not been authenticated.
    pub fn open_segment<'a>(&self, number: u32, segment: &'a mut [u8]) -> Result<&'a mut [u8], StreamError> {
        let expected = self.layout.ciphertext_of(number);
        if number > self.layout.last || segment.len() as u64 != expected.end - expected.start {
            return Err(StreamError::Length);
        }
        self.cipher
            .key
            .open_in_place(self.cipher.nonce(number, number == self.layout.last), Aad::empty(), segment)
            .map_err(|_| StreamError::Segment(number))
    }
}

/// Where the segments of a stream lie, worked out from the length of its ciphertext. It is a claim of the storage until
/// the last segment has been opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamLayout {
    ciphertext_len: u64,
    last: u32,
}

impl StreamLayout {
    /// The layout of a ciphertext of `length` bytes, its header included; an error if no sealer makes that length.
    pub fn of_ciphertext(length: u64) -> Result<Self, StreamError> {
        if length < (HEADER_LEN + TAG_LEN) as u64 {
            return Err(StreamError::Length);
        }
        let last = (length - 1) / SEGMENT_LEN as u64;
        let layout = Self { ciphertext_len: length, last: u32::try_from(last).map_err(|_| StreamError::Length)? };
        let Range { start, end } = layout.ciphertext_of(layout.last);
        // Only the first segment may be empty: a full one before an empty one would itself have been the last.
        if last > 0 && end - start <= TAG_LEN as u64 {
            return Err(StreamError::Length);
        }
        Ok(layout)
    }

    /// Length of the ciphertext in bytes, its header included.
    pub fn ciphertext_len(&self) -> u64 {
        self.ciphertext_len
    }

    /// Length of the plaintext in bytes.
    pub fn plaintext_len(&self) -> u64 {
        self.ciphertext_len - HEADER_LEN as u64 - (u64::from(self.last) + 1) * TAG_LEN as u64
    }

    /// The number of the last segment; the first has number 0.
    pub fn last_segment(&self) -> u32 {
        self.last
    }

    /// The bytes of the ciphertext that are segment `number`, tag included and header excluded.
    pub fn ciphertext_of(&self, number: u32) -> Range<u64> {
        let start = u64::from(number) * SEGMENT_LEN as u64;
        let end = (start + SEGMENT_LEN as u64).min(self.ciphertext_len);
        if number == 0 { HEADER_LEN as u64..end } else { start.min(end)..end }
    }

    /// The bytes of the plaintext that segment `number` holds.
    pub fn plaintext_of(&self, number: u32) -> Range<u64> {
        let full = (SEGMENT_LEN - TAG_LEN) as u64;
        let start = (u64::from(number) * full).saturating_sub(HEADER_LEN as u64);
        let end = ((u64::from(number) + 1) * full - HEADER_LEN as u64).min(self.plaintext_len());
        start.min(end)..end
    }

    /// The segments that hold the bytes `range` of the plaintext; `None` if the range is empty or goes beyond the end.
    pub fn segments_of(&self, range: &Range<u64>) -> Option<RangeInclusive<u32>> {
        if range.start >= range.end || range.end > self.plaintext_len() {
            return None;
        }
        let number = |offset: u64| u32::try_from((offset + HEADER_LEN as u64) / (SEGMENT_LEN - TAG_LEN) as u64).ok();
        Some(number(range.start)?..=number(range.end - 1)?)
    }
}

/// Why a stream could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// No sealed stream has this length: bytes were lost or added.
    #[error("the sealed bytes have a length that no sealed stream has")]
    Length,
    /// The header is not one of this format.
    #[error("the sealed bytes do not start with a header of this format")]
    Header,
    /// The segment of this number is not what was sealed under this key and associated data at this place.
    #[error("segment {0} of the sealed bytes fails its authentication")]
    Segment(u32),
    /// The plaintext needs more than 2^32 segments (256 TiB).
    #[error("the stream is too long to be sealed")]
    TooLong,
}

/// The derived key of one stream and what its nonces start with.
struct SegmentCipher {
    key: LessSafeKey,
    prefix: [u8; PREFIX_LEN],
}

impl SegmentCipher {
    fn new(key: &SecretKey, associated_data: &[u8], header: &[u8; HEADER_LEN]) -> Self {
        let (_, rest) = header.split_at(1);
        let (salt, tail) = rest.split_at(SALT_LEN);
        let mut prefix = [0; PREFIX_LEN];
        prefix.copy_from_slice(tail);
        Self { key: aes_256_gcm(&key.derive(salt, &[associated_data])), prefix }
    }

    fn nonce(&self, segment: u32, last: bool) -> Nonce {
        let mut nonce = [0; PREFIX_LEN + 5];
        let (prefix, rest) = nonce.split_at_mut(PREFIX_LEN);
        prefix.copy_from_slice(&self.prefix);
        let (number, flag) = rest.split_at_mut(4);
        number.copy_from_slice(&segment.to_be_bytes());
        flag.copy_from_slice(&[u8::from(last)]);
        Nonce::assume_unique_for_key(nonce)
    }
}

/// The AES-256-GCM cipher of a key.
pub(in crate::storage) fn aes_256_gcm(key: &SecretKey) -> LessSafeKey {
    #[expect(clippy::expect_used, reason = "AES-256 takes every key of 32 bytes, and SecretKey has no other length")]
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).expect("AES-256 takes a key of 32 bytes"))
}

const SALT_LEN: usize = 32;
const PREFIX_LEN: usize = 7;
const HEADER_LENGTH_BYTE: u8 = HEADER_LEN as u8;

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
