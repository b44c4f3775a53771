//! Random ids and openings, from the operating system's random source.

use ring::rand::{SecureRandom, SystemRandom};

use crate::pure::tlog::leaf::{OPENING_LEN, Opening};
use crate::storage::seal::secret::RandomUnavailable;

/// A fresh opening of an entry's commitment.
pub fn opening() -> Result<Opening, RandomUnavailable> {
    random::<OPENING_LEN>().map(Opening)
}

/// A fresh id for a request without an idempotency key: 32 hexadecimal digits.
pub fn request() -> Result<String, RandomUnavailable> {
    random::<16>().map(hex::encode)
}

fn random<const N: usize>() -> Result<[u8; N], RandomUnavailable> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| RandomUnavailable)?;
    Ok(bytes)
}
