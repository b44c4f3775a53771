//! What all TLS configurations share.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::{ServerConnection, SupportedProtocolVersion};

/// The cryptography of every TLS connection: as a server, as a client and to witnesses. ring; with the feature
/// `post-quantum` AWS-LC, which prefers the hybrid X25519MLKEM768 and takes the classical groups of those who lack it.
///
/// Said explicitly everywhere: a process-wide default could be set by any other library.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(chosen())
}

#[cfg(not(feature = "post-quantum"))]
fn chosen() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

#[cfg(feature = "post-quantum")]
fn chosen() -> CryptoProvider {
    use rustls::crypto::aws_lc_rs::default_provider;
    use rustls::crypto::aws_lc_rs::kx_group::{SECP256R1, SECP384R1, X25519, X25519MLKEM768};
    CryptoProvider { kx_groups: vec![X25519MLKEM768, X25519, SECP256R1, SECP384R1], ..default_provider() }
}

/// TLS 1.3 only.
pub(super) const VERSIONS: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13];

/// The ALPN name of HTTP/1.1 (RFC 7301, section 6), the only protocol that is spoken.
pub(super) fn alpn_protocols() -> Vec<Vec<u8>> {
    vec![b"http/1.1".to_vec()]
}

/// The certificates that the peer of an accepted connection sent, its own first; empty before the handshake is over
/// or where none was asked for.
pub fn peer_chain(connection: &ServerConnection) -> Vec<CertificateDer<'static>> {
    let chain = connection.peer_certificates().unwrap_or_default();
    chain.iter().map(|certificate| certificate.clone().into_owned()).collect()
}
