//! The CA names that a server sends to clients, so that a browser offers only certificates of these CAs.
//!
//! rustls borrows the names from the verifier for as long as the verifier lives, which what a reload may replace
//! cannot give. So each different set of names stays in a list that only grows; sets that come back are found again.

use std::sync::OnceLock;

use rustls::DistinguishedName;

/// One set of names and those that came after it.
#[derive(Debug)]
pub(super) struct SubjectHints {
    subjects: Vec<DistinguishedName>,
    next: OnceLock<Box<SubjectHints>>,
}

impl SubjectHints {
    pub(super) fn new(subjects: Vec<DistinguishedName>) -> Self {
        Self { subjects, next: OnceLock::new() }
    }

    /// The set at a position that [`Self::position_of`] gave; nothing, which means any CA, at another.
    pub(super) fn at(&self, position: usize) -> &[DistinguishedName] {
        let mut hints = self;
        for _ in 0..position {
            match hints.next.get() {
                Some(next) => hints = next,
                None => return &[],
            }
        }
        &hints.subjects
    }

    /// Where a set stands, added if it is new. `None` once [`MAX_SUBJECT_SETS`] are held.
    pub(super) fn position_of(&self, subjects: &[DistinguishedName]) -> Option<usize> {
        let mut hints = self;
        for position in 0..MAX_SUBJECT_SETS {
            if same(&hints.subjects, subjects) {
                return Some(position);
            }
            if position + 1 < MAX_SUBJECT_SETS {
                hints = hints.next.get_or_init(|| Box::new(Self::new(subjects.to_vec())));
            }
        }
        None
    }
}

fn same(left: &[DistinguishedName], right: &[DistinguishedName]) -> bool {
    left.iter().map(AsRef::as_ref).eq(right.iter().map(AsRef::<[u8]>::as_ref))
}

/// A service that changed its client CAs this often without a restart is better restarted.
pub(super) const MAX_SUBJECT_SETS: usize = 64;
