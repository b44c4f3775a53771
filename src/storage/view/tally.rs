//! The tally: a running sum over all records, by which a missing, added or old record shows.
//!
//! A seal proves that a value was once written at its key, not that it is the last one written there, nor that none is
//! missing. The tally does: it is the sum modulo 2^256 of an HMAC-SHA256 of each record, and changes with each batch by
//! the records that the batch replaces. The HMAC is keyed and the tally sealed, so that nobody can make two faults that
//! cancel out.

use ring::hmac;

use super::error::ViewError;
use crate::storage::seal::secret::SecretKey;

/// Length of a stored tally.
pub(super) const TALLY_LEN: usize = 32;

/// The sum over a set of records, least significant limb first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally([u64; 4]);

impl Tally {
    /// Counts a record in.
    pub(super) fn add(&mut self, mark: Mark) {
        let mut carry = false;
        for (limb, by) in self.0.iter_mut().zip(mark.0) {
            let (sum, over) = limb.overflowing_add(by);
            let (sum, over_by_carry) = sum.overflowing_add(u64::from(carry));
            *limb = sum;
            carry = over || over_by_carry;
        }
    }

    /// Counts a record out.
    pub(super) fn remove(&mut self, mark: Mark) {
        let mut borrow = false;
        for (limb, by) in self.0.iter_mut().zip(mark.0) {
            let (rest, under) = limb.overflowing_sub(by);
            let (rest, under_by_borrow) = rest.overflowing_sub(u64::from(borrow));
            *limb = rest;
            borrow = under || under_by_borrow;
        }
    }

    /// The stored form.
    pub(super) fn to_bytes(self) -> [u8; TALLY_LEN] {
        let mut bytes = [0; TALLY_LEN];
        for (part, limb) in bytes.chunks_exact_mut(8).zip(self.0) {
            part.copy_from_slice(&limb.to_be_bytes());
        }
        bytes
    }

    /// Reads the stored form.
    pub(super) fn from_bytes(bytes: [u8; TALLY_LEN]) -> Self {
        Self(limbs(&bytes))
    }
}

/// What one record adds to a tally.
#[derive(Clone, Copy)]
pub(super) struct Mark([u64; 4]);

/// Makes the marks of one view key.
pub(super) struct Marker(hmac::Key);

impl Marker {
    /// The marker of that view key.
    pub(super) fn under(view_key: &SecretKey) -> Self {
        let key = view_key.derive(&[], &[b"strongroom view tally v1"]);
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.expose()))
    }

    /// The mark of a sealed value at an encoded key.
    pub(super) fn mark(&self, key: &[u8], sealed: &[u8]) -> Mark {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&(key.len() as u64).to_be_bytes());
        context.update(key);
        context.update(sealed);
        Mark(limbs(context.sign().as_ref()))
    }
}

/// The finding that the records are not those that were applied.
pub(super) fn mismatch() -> ViewError {
    ViewError::damaged("records are missing, added or older than the position says")
}

fn limbs(bytes: &[u8]) -> [u64; 4] {
    let mut limbs = [0; 4];
    for (limb, part) in limbs.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *limb = u64::from_be_bytes(*part);
    }
    limbs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn records_count_out_in_any_order(marks in prop::collection::vec(any::<[u64; 4]>(), 1..20)) {
            let mut tally = Tally::default();
            marks.iter().for_each(|mark| tally.add(Mark(*mark)));
            prop_assert_eq!(Tally::from_bytes(tally.to_bytes()), tally);
            marks.iter().rev().for_each(|mark| tally.remove(Mark(*mark)));
            prop_assert_eq!(tally, Tally::default());
        }
    }

    #[test]
    fn a_carry_runs_through_all_limbs() {
        let mut tally = Tally([u64::MAX; 4]);
        tally.add(Mark([1, 0, 0, 0]));
        assert_eq!(tally, Tally::default());
        tally.remove(Mark([1, 0, 0, 0]));
        assert_eq!(tally, Tally([u64::MAX; 4]));
    }
}
