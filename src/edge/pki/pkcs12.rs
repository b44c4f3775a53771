//! PKCS#12 (RFC 7292): a key with its certificates in one file under a password, as browsers import them.

use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain,
};
use rustls::pki_types::CertificateDer;

use super::development::DevelopmentError;
use super::spki::SpkiDigest;

/// Writes `key` (PKCS#8 DER) with its `chain`, its own certificate first, under the friendly name `name`.
pub(super) fn write(
    name: &str,
    credential: &SpkiDigest,
    key: &[u8],
    chain: &[CertificateDer<'static>],
    password: &str,
) -> Result<Vec<u8>, DevelopmentError> {
    let unwritten = |_| DevelopmentError::Unwritten;
    let certificates: Vec<_> =
        chain.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, _>>().map_err(unwritten)?;
    let key = PrivateKey::from_der(key).map_err(unwritten)?;
    let mut store = KeyStore::new();
    // The local key id only ties the key to its certificate within the file.
    let chain = PrivateKeyChain::new(credential.as_bytes().as_slice(), key, certificates);
    store.add_entry(name, KeyStoreEntry::PrivateKeyChain(chain));
    store
        .writer(password)
        .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
        .encryption_iterations(ITERATIONS)
        .mac_algorithm(MacAlgorithm::HmacSha256)
        .mac_iterations(ITERATIONS)
        .write()
        .map_err(unwritten)
}

/// Rounds of PBKDF2. The passwords are random, so this does not carry the security; making two dozen files should
/// not take a noticeable time.
const ITERATIONS: u32 = 10_000;
