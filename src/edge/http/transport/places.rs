//! Who has how many connections: by address from before the handshake on, by credential after it.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use crate::pure::domain::id::CredentialId;

/// Where a connection comes from, as far as limits go: an IPv4 address, or the /64 of an IPv6 one, within which one
/// machine can choose its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin(IpAddr);

impl Origin {
    /// Of an address.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(Ipv6Addr::from_bits(address.to_bits() & NETWORK).into()),
            address => Self(address),
        }
    }
}

/// The connections that are open, counted. Clones count together. An address or credential without one takes no memory.
#[derive(Clone, Debug, Default)]
pub struct Places {
    origins: Counts<Origin>,
    credentials: Counts<CredentialId>,
}

impl Places {
    /// A place for a connection from `origin`, if it has fewer than `most`.
    pub fn take_for_origin(&self, origin: Origin, most: u32) -> Option<Place<Origin>> {
        Place::take(&self.origins, origin, most)
    }

    /// A place for a connection of `credential`, if it has fewer than `most`.
    pub fn take_for_credential(&self, credential: CredentialId, most: u32) -> Option<Place<CredentialId>> {
        Place::take(&self.credentials, credential, most)
    }
}

/// A connection that is counted until this is dropped.
#[derive(Debug)]
pub struct Place<K: Eq + Hash> {
    counts: Counts<K>,
    key: K,
}

impl<K: Copy + Eq + Hash> Place<K> {
    fn take(counts: &Counts<K>, key: K, most: u32) -> Option<Self> {
        // Whoever panicked while they held it left whole numbers behind.
        let mut held = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.get(&key).copied().unwrap_or_default();
        if count >= most {
            return None;
        }
        held.insert(key, count + 1);
        drop(held);
        Some(Self { counts: Arc::clone(counts), key })
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut held = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match held.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                held.remove(&self.key);
            }
        }
    }
}

type Counts<K> = Arc<Mutex<HashMap<K, u32>>>;

/// The first 64 bits.
const NETWORK: u128 = !0 << 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(address: &str) -> Origin {
        Origin::of(address.parse().unwrap())
    }

    #[test]
    fn places_come_back_and_nothing_is_remembered_of_who_has_none() {
        let places = Places::default();
        let one = places.take_for_origin(origin("192.0.2.1"), 2).unwrap();
        let two = places.take_for_origin(origin("192.0.2.1"), 2).unwrap();
        assert!(places.take_for_origin(origin("192.0.2.1"), 2).is_none());
        assert!(places.take_for_origin(origin("192.0.2.2"), 2).is_some(), "another has its own");
        drop(one);
        let three = places.take_for_origin(origin("192.0.2.1"), 2).unwrap();
        drop((two, three));
        assert!(places.origins.lock().unwrap().is_empty());
    }

    #[test]
    fn a_machine_that_chooses_its_address_is_one() {
        assert_eq!(origin("2001:db8:0:1::1"), origin("2001:db8:0:1:ffff::2"));
        assert_ne!(origin("2001:db8:0:1::1"), origin("2001:db8:0:2::1"));
        assert_eq!(origin("::ffff:192.0.2.1"), origin("192.0.2.1"));
        assert_ne!(origin("192.0.2.1"), origin("192.0.2.2"));
    }
}
