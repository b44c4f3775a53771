//! Tests of whether two samples of times are told apart.

use std::fmt;

/// Two samples, compared.
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    /// Medians, in microseconds.
    medians: [f64; 2],
    /// The 95 % interval of the difference of the medians, in microseconds.
    interval: [f64; 2],
    /// Welch's t of all, and the largest after slow answers were left out, as in dudect (Reparaz and others, 2017).
    t: f64,
    cropped: f64,
    /// Mann and Whitney's z, and how likely it is that an answer of the first sample is the slower one.
    z: f64,
    slower: f64,
}

impl Comparison {
    /// Compares two samples of times in microseconds.
    pub fn of(mut first: Vec<f64>, mut second: Vec<f64>, random: &mut Random) -> Self {
        let t = welch(&first, &second);
        let interval = bootstrap(&first, &second, random);
        first.sort_by(f64::total_cmp);
        second.sort_by(f64::total_cmp);
        let mut all = [&first[..], &second].concat();
        all.sort_by(f64::total_cmp);
        let cropped = CROPS.map(|crop| {
            let limit = rank(&all, crop);
            let kept = |sample: &[f64]| sample.iter().copied().filter(|took| *took <= limit).collect::<Vec<_>>();
            welch(&kept(&first), &kept(&second))
        });
        let cropped =
            cropped.into_iter().fold(0.0, |largest: f64, t| if t.abs() > largest.abs() { t } else { largest });
        let (z, slower) = mann_whitney(&first, &second);
        Self { medians: [rank(&first, 0.5), rank(&second, 0.5)], interval, t, cropped, z, slower }
    }

    /// Whether they are told apart: a |t| or |z| over the bound that is usual for leaks, 4.5.
    pub fn tells(&self) -> bool {
        [self.t, self.cropped, self.z].iter().any(|value| value.abs() > BOUND)
    }

    /// The same in words.
    pub fn verdict(&self) -> &'static str {
        if self.tells() { "TOLD APART" } else { "not told apart" }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { medians: [hidden, absent], interval: [from, to], t, cropped, z, slower } = self;
        write!(
            f,
            "medians {hidden:.0} and {absent:.0} us, difference within {from:.1} to {to:.1} us; t {t:.1}, cropped \
             {cropped:.1}, z {z:.1}; hidden slower in {:.1} %",
            slower * 100.0
        )
    }
}

/// xorshift64: the same order in every run.
pub struct Random(u64);

impl Random {
    /// From a seed other than 0.
    pub fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }
}

/// The value at that part of a sorted sample.
fn rank(sorted: &[f64], part: f64) -> f64 {
    let place = (part * sorted.len() as f64) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

fn welch(first: &[f64], second: &[f64]) -> f64 {
    let moments = |sample: &[f64]| {
        let count = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / count;
        let variance = sample.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, variance / count)
    };
    let ((first_mean, first_error), (second_mean, second_error)) = (moments(first), moments(second));
    (first_mean - second_mean) / (first_error + second_error).sqrt()
}

/// Of sorted samples. Times have so many digits that equal ones do not matter.
fn mann_whitney(first: &[f64], second: &[f64]) -> (f64, f64) {
    let pairs: f64 = first.iter().map(|took| second.partition_point(|other| other < took) as f64).sum();
    let (m, n) = (first.len() as f64, second.len() as f64);
    ((pairs - m * n / 2.0) / (m * n * (m + n + 1.0) / 12.0).sqrt(), pairs / (m * n))
}

/// The interval that holds the difference of the medians in 95 of 100 samples drawn from these.
fn bootstrap(first: &[f64], second: &[f64], random: &mut Random) -> [f64; 2] {
    let mut median = |sample: &[f64]| {
        let drawn = (0..sample.len()).map(|_| sample.get(random.below(sample.len())).copied().unwrap_or(f64::NAN));
        let mut drawn: Vec<f64> = drawn.collect();
        let middle = drawn.len() / 2;
        *drawn.select_nth_unstable_by(middle, f64::total_cmp).1
    };
    let mut differences: Vec<f64> = (0..DRAWS).map(|_| median(first) - median(second)).collect();
    differences.sort_by(f64::total_cmp);
    [rank(&differences, 0.025), rank(&differences, 0.975)]
}

const BOUND: f64 = 4.5;

/// The parts of all answers, from the fastest on, that are compared by themselves.
const CROPS: [f64; 5] = [0.5, 0.75, 0.9, 0.95, 0.99];

const DRAWS: usize = 1_000;
