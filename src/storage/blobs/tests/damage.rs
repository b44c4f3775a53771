//! What was changed on the disk is refused, and nothing of it leaves.

use futures_util::StreamExt;

use super::*;
use crate::storage::seal::stream::StreamError;

/// Enough segments for the reader to fetch more than once.
const SEGMENTS: usize = 20;

async fn long_blob(given: &Given) -> (StoredBlob, Vec<u8>) {
    let content = pattern(FIRST + (SEGMENTS - 2) * NEXT + 500);
    (store(&given.store, KeyLevel::Red, &content, SEGMENT_LEN).await.unwrap(), content)
}

fn change(file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(file).unwrap();
    change(&mut bytes);
    fs::write(file, bytes).unwrap();
}

fn damage(error: BlobError) -> Damage {
    match error {
        BlobError::Damaged { what, .. } => what,
        other => panic!("not damage: {other}"),
    }
}

#[test]
fn a_flipped_bit_stops_the_stream_before_its_segment() {
    run(async {
        let given = given();
        let (stored, content) = long_blob(&given).await;
        let file = given.blob_file(stored.id);
        let length = fs::metadata(&file).unwrap().len() as usize;
        for segment in 0..SEGMENTS {
            let offset = (segment * SEGMENT_LEN + 300).min(length - 1);
            change(&file, |bytes| bytes[offset] ^= 1);
            let expected = Damage::Stream(StreamError::Segment(segment as u32));
            match given.store.open(stored.id, KeyLevel::Red).await {
                // The first and the last segment are looked at before anything is given out.
                Err(error) => {
                    assert!([0, SEGMENTS - 1].contains(&segment));
                    assert_eq!(damage(error), expected);
                }
                Ok(blob) => {
                    let items: Vec<_> = blob.read(0..blob.size()).collect().await;
                    let released: Vec<u8> = items.iter().flatten().flatten().copied().collect();
                    assert!(released == content[..FIRST + (segment - 1) * NEXT], "segment {segment}");
                    assert_eq!(items.len(), segment + 1, "the stream ends with the error");
                    assert_eq!(damage(items.into_iter().next_back().unwrap().unwrap_err()), expected);
                    // Ranges that need the others are not harmed.
                    let before = segment as u64 * NEXT as u64 - 2 * HEADER_LEN as u64;
                    assert_eq!(read(&blob, before..before + 5).await.unwrap().len(), 5);
                }
            }
            assert!(given.store.verify(stored.id, KeyLevel::Red, &stored.digest).await.is_err());
            change(&file, |bytes| bytes[offset] ^= 1);
        }
        given.store.verify(stored.id, KeyLevel::Red, &stored.digest).await.unwrap();
    });
}

#[test]
fn a_flipped_bit_in_the_header_or_the_key_object_opens_nothing() {
    run(async {
        let given = given();
        let stored = store(&given.store, KeyLevel::Red, b"text", 4).await.unwrap();
        let open = async || damage(given.store.open(stored.id, KeyLevel::Red).await.unwrap_err());
        for offset in 0..HEADER_LEN {
            change(&given.blob_file(stored.id), |bytes| bytes[offset] ^= 0x10);
            let expected = if offset == 0 { StreamError::Header } else { StreamError::Segment(0) };
            assert_eq!(open().await, Damage::Stream(expected));
            change(&given.blob_file(stored.id), |bytes| bytes[offset] ^= 0x10);
        }
        let key_file = given.key_file(stored.id, "red");
        for offset in 0..fs::metadata(&key_file).unwrap().len() as usize {
            change(&key_file, |bytes| bytes[offset] ^= 0x10);
            assert_eq!(open().await, Damage::Key);
            change(&key_file, |bytes| bytes[offset] ^= 0x10);
        }
        given.store.open(stored.id, KeyLevel::Red).await.unwrap();
        for length in [0, 59, 61] {
            change(&key_file, |bytes| bytes.resize(length, 0));
            assert_eq!(open().await, Damage::Key);
        }
    });
}

#[test]
fn a_blob_cut_or_extended_anywhere_does_not_open() {
    run(async {
        let given = given();
        let (stored, _) = long_blob(&given).await;
        let file = given.blob_file(stored.id);
        let whole = fs::read(&file).unwrap();
        let lengths = [0, 1, HEADER_LEN, 56, SEGMENT_LEN - 1, SEGMENT_LEN, 3 * SEGMENT_LEN, 3 * SEGMENT_LEN + 5];
        for length in lengths.into_iter().chain([whole.len() - 1]) {
            fs::write(&file, &whole[..length]).unwrap();
            let error = given.store.open(stored.id, KeyLevel::Red).await.unwrap_err();
            assert!(matches!(damage(error), Damage::Stream(_)), "{length}");
        }
        for more in [1, 16, 17, SEGMENT_LEN] {
            fs::write(&file, [&whole[..], &vec![0; more]].concat()).unwrap();
            let error = given.store.open(stored.id, KeyLevel::Red).await.unwrap_err();
            assert!(matches!(damage(error), Damage::Stream(_)), "{more}");
        }
        let again = [&whole[..SEGMENT_LEN], &whole[..]].concat();
        fs::write(&file, again).unwrap();
        given.store.open(stored.id, KeyLevel::Red).await.unwrap_err();
    });
}

#[test]
fn a_blob_cut_while_it_is_read_gives_an_error_and_no_wrong_byte() {
    run(async {
        let given = given();
        let (stored, content) = long_blob(&given).await;
        let blob = given.store.open(stored.id, KeyLevel::Red).await.unwrap();
        change(&given.blob_file(stored.id), |bytes| bytes.truncate(3 * SEGMENT_LEN + 10));
        let items: Vec<_> = blob.read(0..blob.size()).collect().await;
        assert!(items.last().unwrap().is_err());
        let released: Vec<u8> = items.iter().flatten().flatten().copied().collect();
        assert!(content.starts_with(&released));
    });
}

#[test]
fn swapped_blobs_do_not_open_with_or_without_their_keys() {
    run(async {
        let given = given();
        let one = store(&given.store, KeyLevel::Red, b"one", 4).await.unwrap().id;
        let two = store(&given.store, KeyLevel::Red, b"two", 4).await.unwrap().id;
        let open = async || damage(given.store.open(one, KeyLevel::Red).await.unwrap_err());
        fs::copy(given.blob_file(two), given.blob_file(one)).unwrap();
        assert_eq!(open().await, Damage::Stream(StreamError::Segment(0)));
        fs::copy(given.key_file(two, "red"), given.key_file(one, "red")).unwrap();
        assert_eq!(open().await, Damage::Key);
    });
}

#[test]
fn a_key_object_renamed_to_another_level_or_epoch_does_not_open() {
    run(async {
        let given = given();
        let id = store(&given.store, KeyLevel::Red, b"text", 4).await.unwrap().id;
        fs::copy(given.key_file(id, "red"), given.key_file(id, "green")).unwrap();
        assert_eq!(damage(given.store.open(id, KeyLevel::Green).await.unwrap_err()), Damage::Key);

        let rotated = local(&given.directory(), root(), KeyEpoch(2)).unwrap();
        let renamed = given.blob_file(id).with_file_name(format!("{id}.key.red.2"));
        fs::rename(given.key_file(id, "red"), renamed).unwrap();
        assert_eq!(damage(rotated.open(id, KeyLevel::Red).await.unwrap_err()), Damage::Key);
    });
}

#[test]
fn another_root_key_opens_nothing() {
    run(async {
        let given = given();
        let id = store(&given.store, KeyLevel::Red, b"text", 4).await.unwrap().id;
        let stranger = RootKey::new(SecretKey::from_bytes([8; 32]));
        let stranger = local(&given.directory(), stranger, KeyEpoch::FIRST).unwrap();
        assert_eq!(damage(stranger.open(id, KeyLevel::Red).await.unwrap_err()), Damage::Key);
    });
}

#[test]
fn what_is_not_there_is_missing() {
    run(async {
        let given = given();
        let absent = BlobId::generate().unwrap();
        assert!(matches!(given.store.open(absent, KeyLevel::Red).await, Err(BlobError::KeyMissing { .. })));

        let id = store(&given.store, KeyLevel::Red, b"text", 4).await.unwrap().id;
        fs::remove_file(given.blob_file(id)).unwrap();
        assert!(matches!(given.store.open(id, KeyLevel::Red).await, Err(BlobError::Missing { .. })));
    });
}

#[test]
fn a_scrub_finds_a_blob_with_another_digest() {
    run(async {
        let given = given();
        let id = store(&given.store, KeyLevel::Red, b"text", 4).await.unwrap().id;
        let error = given.store.verify(id, KeyLevel::Red, &[0; 32]).await.unwrap_err();
        assert_eq!(damage(error), Damage::Digest);
    });
}
