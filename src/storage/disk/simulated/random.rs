//! A tiny deterministic generator for the simulated disk: SplitMix64. Not for secrets.

/// The state of a SplitMix64 generator (Steele, Lea and Flood, 2014).
#[derive(Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Another generator, whose values are unrelated to this one's.
    pub(super) fn split(&mut self) -> Self {
        Self(self.next())
    }

    /// A value below `bound`, or 0 if `bound` is 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// True once in `rate` times.
    pub(super) fn one_in(&mut self, rate: u64) -> bool {
        self.below(rate) == 0
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }
}
