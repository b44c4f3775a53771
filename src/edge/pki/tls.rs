//! What all TLS configurations share.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::{ServerConnection, SupportedProtocolVersion};

/// ring, said explicitly: a process-wide default could be set by any other library.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
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
