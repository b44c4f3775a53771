//! Data keys at rest: 12 bytes of random nonce, then the key sealed with AES-256-GCM under the key-encryption key of a
//! level and an epoch.

use ring::aead::{Aad, NONCE_LEN, Nonce};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::id::BlobId;
use crate::storage::seal::keys::{KeyEpoch, KeyLevel, RootKey};
use crate::storage::seal::secret::{KEY_LEN, RandomUnavailable, SecretKey};
use crate::storage::seal::stream::{TAG_LEN, aes_256_gcm};

/// Length of a key object in bytes.
pub(super) const KEY_OBJECT_LEN: usize = NONCE_LEN + KEY_LEN + TAG_LEN;

/// To whom a wrapped data key belongs: it opens for this blob, level and epoch alone.
#[derive(Clone, Copy)]
pub(super) struct Wrapping<'a> {
    pub(super) root: &'a RootKey,
    pub(super) blob: BlobId,
    pub(super) level: KeyLevel,
    pub(super) epoch: KeyEpoch,
}

impl Wrapping<'_> {
    /// The content of the key object.
    pub(super) fn seal(&self, data_key: &SecretKey) -> Result<Vec<u8>, RandomUnavailable> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| RandomUnavailable)?;
        let mut wrapped = Zeroizing::new(*data_key.expose());
        #[expect(
            clippy::expect_used,
            reason = "AES-GCM refuses only texts of many gigabytes, and this one has 32 bytes"
        )]
        let tag = aes_256_gcm(&self.key_encryption_key())
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(self.associated_data()),
                wrapped.as_mut(),
            )
            .expect("AES-GCM seals 32 bytes");
        Ok([nonce.as_slice(), wrapped.as_slice(), tag.as_ref()].concat())
    }

    /// The data key in the content of a key object; `None` if it was not sealed for this blob, level and epoch, or is
    /// damaged.
    pub(super) fn open(&self, object: &[u8]) -> Option<SecretKey> {
        let object = object.first_chunk::<KEY_OBJECT_LEN>().filter(|_| object.len() == KEY_OBJECT_LEN)?;
        let (nonce, wrapped) = object.split_first_chunk::<NONCE_LEN>()?;
        let mut wrapped = Zeroizing::new(wrapped.to_vec());
        let data_key = aes_256_gcm(&self.key_encryption_key())
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(self.associated_data()),
                wrapped.as_mut_slice(),
            )
            .ok()?;
        let data_key = data_key.first_chunk::<KEY_LEN>()?;
        SecretKey::filled(|key| {
            key.copy_from_slice(data_key);
            Ok::<_, std::convert::Infallible>(())
        })
        .ok()
    }

    fn key_encryption_key(&self) -> SecretKey {
        self.root.key_encryption_key(self.level, self.epoch)
    }

    fn associated_data(&self) -> String {
        format!("strongroom/v1 data key\n{}\n{}\n{}\n", self.blob, self.level, self.epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was wrapped by one release must open in the next: see tests/golden/blob/README.md.
    #[test]
    fn the_golden_key_objects_open() {
        let golden = include_str!("../../../tests/golden/blob/vectors.json");
        let golden: serde_json::Value = serde_json::from_str(golden).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let root = hex::decode(text(&golden["root_key"])).unwrap();
        let root = RootKey::new(SecretKey::from_bytes(root.try_into().unwrap()));
        let blob = text(&golden["associated_data"]).parse().unwrap();
        for case in golden["key_objects"].as_array().unwrap() {
            let level = text(&case["level"]).parse().unwrap();
            let epoch = KeyEpoch(case["epoch"].as_u64().unwrap() as u32);
            let object = hex::decode(text(&case["object"])).unwrap();
            let data_key = Wrapping { root: &root, blob, level, epoch }.open(&object).unwrap();
            assert_eq!(hex::encode(data_key.expose()), text(&golden["key"]));
        }
    }

    #[test]
    fn a_data_key_opens_for_its_blob_level_and_epoch_alone() {
        let root = RootKey::new(SecretKey::from_bytes([1; KEY_LEN]));
        let stranger = RootKey::new(SecretKey::from_bytes([2; KEY_LEN]));
        let blob = BlobId::from_bytes([3; 16]);
        let right = Wrapping { root: &root, blob, level: KeyLevel::Amber, epoch: KeyEpoch(1) };
        let data_key = SecretKey::from_bytes([4; KEY_LEN]);
        let object = right.seal(&data_key).unwrap();
        assert_eq!(right.open(&object).unwrap().expose(), data_key.expose());
        assert_ne!(object, right.seal(&data_key).unwrap());

        for wrong in [
            Wrapping { root: &stranger, ..right },
            Wrapping { blob: BlobId::from_bytes([5; 16]), ..right },
            Wrapping { level: KeyLevel::Red, ..right },
            Wrapping { epoch: KeyEpoch(2), ..right },
        ] {
            assert!(wrong.open(&object).is_none());
        }
        for bit in 0..8 * object.len() {
            let mut flipped = object.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(right.open(&flipped).is_none(), "bit {bit}");
        }
        assert!(right.open(&object[..object.len() - 1]).is_none());
        assert!(right.open(&[&object[..], &[0]].concat()).is_none());
    }
}
