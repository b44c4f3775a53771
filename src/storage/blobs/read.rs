//! Reading a blob at random.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::future;
use futures_util::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};
use object_store::ObjectStore;
use object_store::path::Path;
use ring::digest::{Context, SHA256};

use super::error::{BlobError, Damage};
use super::id::BlobId;
use super::name::ObjectName;
use super::store::BlobStore;
use crate::pure::tlog::hash::HASH_LEN;
use crate::storage::seal::keys::KeyLevel;
use crate::storage::seal::secret::SecretKey;
use crate::storage::seal::stream::{HEADER_LEN, SEGMENT_LEN, StreamLayout, StreamOpener};

/// A blob that is ready to be read: its key has opened, and its first and last segments have been authenticated, which
/// proves its length.
///
/// For the holder of a read permit only: see [`BlobStore`].
pub struct OpenBlob {
    shared: Arc<Shared>,
    /// Plaintext of the first segment.
    first: Bytes,
}

/// What every stream of a blob needs.
struct Shared {
    id: BlobId,
    objects: Arc<dyn ObjectStore>,
    path: Path,
    opener: StreamOpener,
}

impl BlobStore {
    /// Opens a blob at the level at which it is now kept. For the service only, with a read permit in its hand: the
    /// result gives out content.
    ///
    /// `KeyMissing` if it has no key for that level, `Missing` if it is not there, `Damaged` if its key, its beginning,
    /// its end or its length is not as it was sealed.
    pub async fn open(&self, id: BlobId, level: KeyLevel) -> Result<OpenBlob, BlobError> {
        let path = ObjectName::Blob(id).path();
        let (data_key, start) =
            future::try_join(self.data_key(id, level), self.get_start(&path, SEGMENT_LEN as u64)).await?;
        self.open_under(id, &data_key, start).await
    }

    /// The same with its data key, and what [`BlobStore::get_start`] gave of its first segment.
    async fn open_under(
        &self,
        id: BlobId,
        data_key: &SecretKey,
        start: Option<(Bytes, u64)>,
    ) -> Result<OpenBlob, BlobError> {
        let path = ObjectName::Blob(id).path();
        let (start, length) = start.ok_or(BlobError::Missing { id })?;

        let damaged = |error| BlobError::Damaged { id, what: Damage::Stream(error) };
        let layout = StreamLayout::of_ciphertext(length).map_err(damaged)?;
        let opener = StreamOpener::new(data_key, id.to_string().as_bytes(), &start, layout).map_err(damaged)?;
        let shared = Arc::new(Shared { id, objects: self.inner.objects.clone(), path, opener });

        let mut start = into_mut(start);
        let first = shared.open_segment(0, start.split_off(HEADER_LEN.min(start.len())))?;
        if layout.last_segment() > 0 {
            let last = shared.fetch(layout.last_segment()..layout.last_segment() + 1).await?;
            shared.open_segment(layout.last_segment(), last)?;
        }
        Ok(OpenBlob { shared, first })
    }

    /// Reads a whole blob and compares its SHA-256 with `digest`: `Damaged` if anything is not as it was lodged. It
    /// gives out no content.
    pub async fn verify(&self, id: BlobId, level: KeyLevel, digest: &[u8; HASH_LEN]) -> Result<(), BlobError> {
        self.open(id, level).await?.verify(digest).await.map(drop)
    }

    /// The same with its data key; gives its size.
    pub(super) async fn verify_under(
        &self,
        id: BlobId,
        data_key: &SecretKey,
        digest: &[u8; HASH_LEN],
    ) -> Result<u64, BlobError> {
        let start = self.get_start(&ObjectName::Blob(id).path(), SEGMENT_LEN as u64).await?;
        self.open_under(id, data_key, start).await?.verify(digest).await
    }
}

impl OpenBlob {
    async fn verify(&self, digest: &[u8; HASH_LEN]) -> Result<u64, BlobError> {
        let content = self.read(0..self.size());
        let found = content.try_fold(Context::new(&SHA256), |mut found, bytes| async move {
            found.update(&bytes);
            Ok(found)
        });
        if found.await?.finish().as_ref() != digest.as_slice() {
            return Err(BlobError::Damaged { id: self.shared.id, what: Damage::Digest });
        }
        Ok(self.size())
    }

    /// Length of the plaintext in bytes.
    pub fn size(&self) -> u64 {
        self.shared.opener.layout().plaintext_len()
    }

    /// The bytes `range` of the plaintext, in order, in pieces of at most a segment (64 KiB); one item with
    /// `OutOfRange` if the range goes beyond the end. For the holder of a read permit only.
    ///
    /// A segment is authenticated before a byte of it is given out; the first error ends the stream. It holds at most
    /// two fetches of 512 KiB beside the one being given out, whatever the size of the blob.
    pub fn read(&self, range: Range<u64>) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
        if range.start > range.end || range.end > self.size() {
            return stream::iter(vec![Err(BlobError::OutOfRange { size: self.size() })]).boxed();
        }
        let Some(segments) = self.shared.opener.layout().segments_of(&range) else {
            return stream::empty().boxed();
        };
        let (from, to) = (*segments.start(), u64::from(*segments.end()) + 1);
        // The first segment was opened with the blob: a small document needs no further look at the store.
        let head = (from == 0).then(|| Ok(self.shared.cut(0, &range, self.first.clone())));
        stream::iter(head).chain(Reader::new(self.shared.clone(), u64::from(from).max(1)..to, range).stream()).boxed()
    }
}

impl Shared {
    /// The ciphertext of consecutive segments, header excluded.
    async fn fetch(&self, segments: Range<u32>) -> Result<BytesMut, BlobError> {
        let layout = self.opener.layout();
        let last = segments.end.saturating_sub(1);
        let range = layout.ciphertext_of(segments.start).start..layout.ciphertext_of(last).end;
        let fetched = self.objects.get_ranges(&self.path, &[range]).await.map_err(|error| match error {
            object_store::Error::NotFound { .. } => BlobError::Missing { id: self.id },
            error => error.into(),
        })?;
        // A wrong length shows when the segments are opened.
        Ok(fetched.into_iter().next().map(into_mut).unwrap_or_default())
    }

    fn open_segment(&self, number: u32, mut segment: BytesMut) -> Result<Bytes, BlobError> {
        let opened = self
            .opener
            .open_segment(number, &mut segment)
            .map_err(|error| BlobError::Damaged { id: self.id, what: Damage::Stream(error) })?
            .len();
        segment.truncate(opened);
        Ok(segment.freeze())
    }

    /// What of a segment's plaintext lies in `range`.
    fn cut(&self, number: u32, range: &Range<u64>, plaintext: Bytes) -> Bytes {
        let Range { start, end } = self.opener.layout().plaintext_of(number);
        let offset = |position: u64| (position.clamp(start, end) - start) as usize;
        plaintext.slice(offset(range.start)..offset(range.end))
    }
}

/// The reading of consecutive segments, of which the first is not segment 0.
struct Reader {
    shared: Arc<Shared>,
    range: Range<u64>,
    fetches: BoxStream<'static, Result<(u32, BytesMut), BlobError>>,
    /// The number of the next segment and the bytes fetched from there on.
    fetched: (u32, BytesMut),
}

impl Reader {
    fn new(shared: Arc<Shared>, segments: Range<u64>, range: Range<u64>) -> Self {
        let fetcher = shared.clone();
        let end = segments.end;
        let fetches = stream::iter(segments.step_by(SEGMENTS_A_FETCH as usize))
            .map(move |from| {
                let shared = fetcher.clone();
                // Segment numbers fit u32: they come from a layout.
                let (from, to) = (from as u32, (from + u64::from(SEGMENTS_A_FETCH)).min(end) as u32);
                async move { shared.fetch(from..to).await.map(|bytes| (from, bytes)) }
            })
            .buffered(FETCHES_AHEAD)
            .boxed();
        Self { shared, range, fetches, fetched: (0, BytesMut::new()) }
    }

    fn stream(self) -> impl Stream<Item = Result<Bytes, BlobError>> + Send {
        stream::try_unfold(self, |mut reader| async move {
            if reader.fetched.1.is_empty() {
                match reader.fetches.try_next().await? {
                    Some(fetched) => reader.fetched = fetched,
                    None => return Ok(None),
                }
            }
            let piece = reader.open_next()?;
            Ok(Some((piece, reader)))
        })
    }

    fn open_next(&mut self) -> Result<Bytes, BlobError> {
        let (number, bytes) = &mut self.fetched;
        let Range { start, end } = self.shared.opener.layout().ciphertext_of(*number);
        let segment = bytes.split_to(((end - start) as usize).min(bytes.len()));
        let plaintext = self.shared.open_segment(*number, segment)?;
        let piece = self.shared.cut(*number, &self.range, plaintext);
        *number += 1;
        Ok(piece)
    }
}

impl fmt::Debug for OpenBlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenBlob").field("id", &self.shared.id).field("size", &self.size()).finish_non_exhaustive()
    }
}

/// The same bytes, to be opened in place; copied only if someone else holds them too.
fn into_mut(bytes: Bytes) -> BytesMut {
    bytes.try_into_mut().unwrap_or_else(|shared| BytesMut::from(shared.as_ref()))
}

/// How many segments one read of the store fetches: 512 KiB.
const SEGMENTS_A_FETCH: u32 = 8;

/// How many fetches of one reader may be on their way or wait to be opened.
const FETCHES_AHEAD: usize = 2;
