//! Of a document whose blob or key object was damaged nothing is read but what was lodged; another's blob or key opens
//! nothing; and names of objects have one spelling.
#![no_main]

use std::sync::LazyLock;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use strongroom::storage::blobs::{BlobError, BlobId, BlobStore};
use strongroom::storage::seal::keys::{KeyEpoch, KeyLevel, RootKey};
use strongroom::storage::seal::secret::SecretKey;
use strongroom_fuzz::{Choices, damage};
use tokio::runtime::{Builder, Runtime};

struct Lodged {
    objects: std::sync::Arc<InMemory>,
    store: BlobStore,
    /// Two documents and their objects, the blob's and the key's.
    documents: [(BlobId, [(Path, Vec<u8>); 2]); 2],
}

const LENGTHS: [usize; 2] = [70_000, 300];

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().build().unwrap());
static LODGED: LazyLock<Lodged> = LazyLock::new(|| RUNTIME.block_on(lodge()));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(id) = text.parse::<BlobId>()
    {
        assert_eq!(id.to_string(), text);
    }
    // Made before, since one runtime cannot block within another's task.
    let lodged = &*LODGED;
    RUNTIME.block_on(run(lodged, &mut Choices(bytes)));
});

async fn run(lodged: &Lodged, choices: &mut Choices<'_>) {
    let Lodged { objects, store, documents } = lodged;
    let choice = choices.byte();
    let nth = usize::from(choice & 1);
    let (id, parts) = &documents[nth];
    let part = usize::from(choice >> 1 & 1);
    let (path, whole) = &parts[part];
    // Another document's object may lie in this one's place.
    let mut changed = if choice & 4 == 0 { whole.clone() } else { documents[1 - nth].1[part].1.clone() };
    damage(choices, &mut changed);
    let is_whole = changed == *whole;
    objects.put(path, changed.into()).await.unwrap();

    let plain = content(LENGTHS[nth]);
    let size = plain.len() as u64;
    let (from, to) =
        (choices.below(LENGTHS[nth] + 1) as u64, choices.below(LENGTHS[nth] + 1) as u64 + u64::from(choice >> 3 & 1));
    for range in [0..size, from..to] {
        match read(store, *id, range.clone()).await {
            Ok(read) => assert!(read == plain[range.start as usize..range.end as usize], "misread"),
            Err(BlobError::OutOfRange { .. }) => assert!(range.start > range.end || range.end > size),
            Err(error) => assert!(!is_whole && error.to_string().contains(&id.to_string()), "{error}"),
        }
    }
    assert_eq!(read(store, *id, 0..size).await.is_ok(), is_whole);
    objects.put(path, whole.clone().into()).await.unwrap();
}

async fn read(store: &BlobStore, id: BlobId, range: std::ops::Range<u64>) -> Result<Vec<u8>, BlobError> {
    let blob = store.open(id, KeyLevel::Amber).await?;
    blob.read(range)
        .try_fold(Vec::new(), |mut all, bytes| async move {
            all.extend_from_slice(&bytes);
            Ok(all)
        })
        .await
}

async fn lodge() -> Lodged {
    let objects = std::sync::Arc::new(InMemory::new());
    let store = BlobStore::new(objects.clone(), RootKey::new(SecretKey::from_bytes([7; 32])), KeyEpoch::FIRST);
    let mut documents = Vec::new();
    for length in LENGTHS {
        let mut blob = store.begin(KeyLevel::Amber, 1 << 20).unwrap();
        blob.write(Bytes::from(content(length))).await.unwrap();
        let id = blob.finish().await.unwrap().id;
        let mut parts = Vec::new();
        for object in objects.list(None).try_collect::<Vec<_>>().await.unwrap() {
            if object.location.as_ref().contains(&id.to_string()) {
                let bytes = objects.get(&object.location).await.unwrap().bytes().await.unwrap();
                parts.push((object.location, bytes.to_vec()));
            }
        }
        // The key's name is the longer one.
        parts.sort_by_key(|(path, _)| path.as_ref().len());
        documents.push((id, parts.try_into().unwrap()));
    }
    Lodged { objects, store, documents: documents.try_into().unwrap() }
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|byte| (byte % 251) as u8).collect()
}
