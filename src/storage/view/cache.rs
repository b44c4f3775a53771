//! A bounded cache of decoded facts, so that a decision does not unseal and parse the same few facts again and again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::pure::domain::facts::{Fact, FactKey};

/// Facts that were looked up lately. Absence is not remembered.
///
/// Two generations: what is looked up moves to the young one; when that is full it becomes the old one, and the old one
/// is forgotten. So what is in use stays, at the cost of one lookup more.
///
/// The cache holds no order of its own: the view calls `keep` under the read half and `replace` under the write half of
/// one lock, so that a fact read before a change is never kept after it.
pub(super) struct Cache {
    generations: Mutex<Generations>,
    half: usize,
}

impl Cache {
    /// A cache of at most `limit` facts, or 2 where it is less.
    pub(super) fn of(limit: usize) -> Self {
        Self { generations: Mutex::default(), half: (limit / 2).max(1) }
    }

    /// The fact, if it is there.
    pub(super) fn get(&self, key: &FactKey) -> Option<Fact> {
        let mut generations = self.lock();
        if let Some(fact) = generations.young.get(key) {
            return Some(fact.clone());
        }
        let (key, fact) = generations.old.remove_entry(key)?;
        generations.insert(key, fact.clone(), self.half);
        Some(fact)
    }

    /// Keeps a fact that was read.
    pub(super) fn keep(&self, key: FactKey, fact: Fact) {
        self.lock().insert(key, fact, self.half);
    }

    /// Takes over a change: what was there is replaced or forgotten, what was not there stays out.
    pub(super) fn replace(&self, key: FactKey, fact: Option<Fact>) {
        let mut generations = self.lock();
        let young = generations.young.remove(&key);
        let known = young.or_else(|| generations.old.remove(&key)).is_some();
        if let (true, Some(fact)) = (known, fact) {
            generations.insert(key, fact, self.half);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
struct Generations {
    young: HashMap<FactKey, Fact>,
    old: HashMap<FactKey, Fact>,
}

impl Generations {
    fn insert(&mut self, key: FactKey, fact: Fact, half: usize) {
        // A copy in the old generation would come back once the young one is forgotten.
        self.old.remove(&key);
        if self.young.len() >= half && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, fact);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(of: u64) -> (FactKey, Fact) {
        (FactKey::DocumentOrder(of), Fact::Index(of))
    }

    #[test]
    fn it_stays_within_its_limit_and_keeps_what_is_in_use() {
        let cache = Cache::of(10);
        let (used, fact) = index(1_000);
        cache.keep(used.clone(), fact.clone());
        for other in 0..500 {
            let (key, other) = index(other);
            cache.keep(key, other);
            assert_eq!(cache.get(&used), Some(fact.clone()));
            let generations = cache.lock();
            assert!(generations.young.len() + generations.old.len() <= 10);
        }
    }

    #[test]
    fn a_change_replaces_what_is_there_in_either_generation() {
        let cache = Cache::of(4);
        for of in 0..3 {
            let (key, fact) = index(of);
            cache.keep(key, fact);
        }
        for of in 0..3 {
            cache.replace(index(of).0, Some(Fact::Index(of + 10)));
        }
        for of in 0..3 {
            let found = cache.get(&index(of).0);
            assert!(found.is_none_or(|fact| fact == Fact::Index(of + 10)), "an old fact of {of}");
        }
        cache.replace(index(2).0, None);
        assert_eq!(cache.get(&index(2).0), None);
        cache.replace(index(3).0, Some(Fact::Index(3)));
        assert_eq!(cache.get(&index(3).0), None, "only what is looked up is kept");
    }
}
