//! Keys: where a fact lies in the engine. A kind, then the HMAC of the names, then the entry index.
//!
//! ```text
//! kind (1 byte) | HMAC-SHA256 of kind and names, first 16 bytes (if named) | index (8 bytes, big-endian, if indexed)
//! ```
//!
//! All keys of a kind have one shape, so that the members of a `FactList` are the keys under one prefix, in the order
//! of their index. The HMAC's key comes from the view key alone and not from the folder's salt: two views under the
//! same view key have the same keys, which makes their fingerprints comparable. The kind goes into the HMAC, so that
//! the keys do not show which person is also an organisation's or a body's namesake.

use ring::hmac;

use crate::pure::domain::facts::{FactKey, FactList};
use crate::storage::seal::secret::SecretKey;

/// The key of the meta record. No fact's key begins with its byte.
pub(super) const META_KEY: [u8; 1] = [0];

/// Length of the index at the end of a key.
pub(super) const INDEX_LEN: usize = 8;

/// Length of the truncated HMAC: two of 2^40 names collide with a probability of 2^-49.
const NAMES_LEN: usize = 16;

/// Encodes keys under one view key.
pub(super) struct KeyEncoder {
    names: hmac::Key,
}

impl KeyEncoder {
    /// The encoder of that view key.
    pub(super) fn under(view_key: &SecretKey) -> Self {
        let names = view_key.derive(&[], &[b"strongroom view names v1"]);
        Self { names: hmac::Key::new(hmac::HMAC_SHA256, names.expose()) }
    }

    /// The encoded key of a fact.
    pub(super) fn encode(&self, key: &FactKey) -> Vec<u8> {
        match key {
            FactKey::Profile => vec![1],
            FactKey::Service => vec![2],
            FactKey::Organisation(handle) => self.named(3, &[handle.as_str().as_bytes()]),
            FactKey::Body(handle) => self.named(4, &[handle.as_str().as_bytes()]),
            FactKey::Person(handle) => self.named(5, &[handle.as_str().as_bytes()]),
            FactKey::Credential(id) => self.named(6, &[&id.0]),
            FactKey::Document(slug) => self.named(7, &[slug.as_str().as_bytes()]),
            FactKey::DocumentOrder(index) => indexed(vec![8], *index),
            FactKey::Version(document, lodged) => indexed(self.named(9, &[document.as_str().as_bytes()]), *lodged),
            FactKey::Label(document, label) => {
                self.named(10, &[document.as_str().as_bytes(), label.as_str().as_bytes()])
            }
            FactKey::Need(need) => indexed(vec![11], need.0),
            FactKey::NeedOf(person, need) => indexed(self.named(12, &[person.as_str().as_bytes()]), need.0),
            FactKey::Direction(direction) => indexed(vec![13], direction.0),
            FactKey::Request(person, request) => self.named(14, &[person.as_str().as_bytes(), request.as_bytes()]),
            FactKey::EntryOf(person, entry) => indexed(self.named(15, &[person.as_str().as_bytes()]), *entry),
            FactKey::EntryAbout(document, entry) => indexed(self.named(16, &[document.as_str().as_bytes()]), *entry),
            FactKey::LogKeys => vec![17],
            FactKey::PersonOrder(index) => indexed(vec![18], *index),
            FactKey::OrganisationOrder(index) => indexed(vec![19], *index),
            FactKey::BodyOrder(index) => indexed(vec![20], *index),
            FactKey::Decision(id) => indexed(vec![21], id.0),
            FactKey::Grant(id) => indexed(vec![22], id.0),
            FactKey::Conflict(id) => indexed(vec![23], id.0),
            FactKey::Breach(id) => indexed(vec![24], id.0),
            FactKey::Suspension(id) => indexed(vec![25], id.0),
            FactKey::Appointment(id) => indexed(vec![26], id.0),
            FactKey::Alternate(id) => indexed(vec![27], id.0),
            FactKey::Reader(document, lodged, entry) => {
                indexed(self.named(28, &[document.as_str().as_bytes(), &lodged.to_be_bytes()]), *entry)
            }
            FactKey::FirstRead(document, lodged, person) => {
                self.named(29, &[document.as_str().as_bytes(), &lodged.to_be_bytes(), person.as_str().as_bytes()])
            }
        }
    }

    /// What the keys of all members of a list begin with: the index alone follows.
    pub(super) fn prefix(&self, list: &FactList) -> Vec<u8> {
        let mut first = self.encode(&list.at(0));
        first.truncate(first.len() - INDEX_LEN);
        first
    }

    fn named(&self, kind: u8, names: &[&[u8]]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.names);
        context.update(&[kind]);
        for name in names {
            // The length in front keeps ("ab", "c") and ("a", "bc") apart.
            context.update(&(name.len() as u64).to_be_bytes());
            context.update(name);
        }
        let mut key = Vec::with_capacity(1 + NAMES_LEN + INDEX_LEN);
        key.push(kind);
        key.extend(context.sign().as_ref().iter().take(NAMES_LEN));
        key
    }
}

/// A key with an index at its end.
pub(super) fn indexed(mut key: Vec<u8>, index: u64) -> Vec<u8> {
    key.extend(index.to_be_bytes());
    key
}

/// The index at the end of a key under `prefix`, if that is all that follows.
pub(super) fn index_after(prefix: &[u8], key: &[u8]) -> Option<u64> {
    let index: [u8; INDEX_LEN] = key.strip_prefix(prefix)?.try_into().ok()?;
    Some(u64::from_be_bytes(index))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::tests::samples::{every_key, every_list, handle};
    use super::*;

    fn encoder() -> KeyEncoder {
        KeyEncoder::under(&SecretKey::from_bytes([7; 32]))
    }

    #[test]
    fn every_kind_of_fact_has_a_byte_of_its_own() {
        let kinds: Vec<u8> = every_key().iter().map(|key| encoder().encode(key)[0]).collect();
        assert_eq!(kinds, (1..=29).collect::<Vec<u8>>(), "a kind's byte is stored: it never changes");
    }

    #[test]
    fn keys_of_a_kind_have_one_length_and_hold_no_name() {
        for key in every_key() {
            let encoded = encoder().encode(&key);
            assert!([1, 9, 17, 25].contains(&encoded.len()), "{key:?}");
            assert!(!encoded.windows(4).any(|part| part == b"cpso"), "{key:?}");
        }
    }

    #[test]
    fn list_members_are_the_keys_under_its_prefix_in_order_of_index() {
        for list in every_list() {
            let prefix = encoder().prefix(&list);
            let indexes = [0, 1, 255, 256, u64::from(u32::MAX), u64::MAX];
            let keys: BTreeSet<Vec<u8>> = indexes.iter().map(|index| encoder().encode(&list.at(*index))).collect();
            let back: Vec<_> = keys.iter().map(|key| index_after(&prefix, key)).collect();
            assert_eq!(back, indexes.map(Some).to_vec(), "{list:?}");
        }
    }

    #[test]
    fn two_names_are_not_one_split_elsewhere() {
        let request = |person: &str, id: &str| encoder().encode(&FactKey::Request(handle(person), id.into()));
        assert_ne!(request("ab", "c"), request("a", "bc"));
    }
}
