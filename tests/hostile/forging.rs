//! Certificates that no decent CA would issue, signed by the directory's own.

use std::fs;
use std::sync::Arc;

use rcgen::{
    Certificate, CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, Issuer, KeyPair, SigningKey as _,
};
use rustls::client::ResolvesClientCert;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, SignatureScheme};

use crate::support::Directory;
use crate::support::certificates::valid;

/// A CA that signs whatever it is given.
pub struct Forger {
    authority: CertificateDer<'static>,
    key: KeyPair,
}

/// A chain that a client presents, and the key of its first certificate.
pub struct Forged {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl Forger {
    /// The directory's own CA, in other hands.
    pub fn of(directory: &Directory) -> Self {
        let read = |name: &str| fs::read_to_string(directory.path().join("certs").join(name)).unwrap();
        let authority = CertificateDer::from_pem_slice(read("ca.pem").as_bytes()).unwrap();
        Self { authority, key: KeyPair::from_pem(&read("ca.key")).unwrap() }
    }

    /// The CA's certificate.
    pub fn authority(&self) -> CertificateDer<'static> {
        self.authority.clone()
    }

    /// A person's certificate, but for what `change` does to it.
    pub fn person(&self, change: impl FnOnce(&mut CertificateParams)) -> Forged {
        let key = KeyPair::generate().unwrap();
        let certificate = self.sign(&key, change);
        Forged::of(vec![certificate.der().clone()], &key)
    }

    /// The same, signed anew after one run of octets was replaced by another of the same length.
    pub fn patched(&self, change: impl FnOnce(&mut CertificateParams), from: &[u8], to: &[u8]) -> Forged {
        let mut forged = self.person(change);
        forged.chain[0] = self.sign_again(&forged.chain[0], from, to);
        forged
    }

    /// A CA below this one, but for what `change` does to it, and a person's certificate of its own.
    pub fn below(&self, change: impl FnOnce(&mut CertificateParams)) -> Forged {
        let key = KeyPair::generate().unwrap();
        let intermediate = self.sign(&key, |params| {
            params.extended_key_usages.clear();
            params.distinguished_name.push(rcgen::DnType::CommonName, "intermediate");
            params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
            params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
            change(params);
        });
        let mut able = CertificateParams::default();
        able.distinguished_name.push(rcgen::DnType::CommonName, "intermediate");
        able.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let issuer = Issuer::from_params(&able, key);
        let own = KeyPair::generate().unwrap();
        let person = ordinary().signed_by(&own, &issuer).unwrap();
        Forged::of(vec![person.der().clone(), intermediate.der().clone()], &own)
    }

    fn sign(&self, key: &KeyPair, change: impl FnOnce(&mut CertificateParams)) -> Certificate {
        let signer = KeyPair::try_from(self.key.serialize_der()).unwrap();
        let issuer = Issuer::from_ca_cert_der(&self.authority, signer).unwrap();
        let mut params = ordinary();
        change(&mut params);
        params.signed_by(key, &issuer).unwrap()
    }

    fn sign_again(&self, der: &[u8], from: &[u8], to: &[u8]) -> CertificateDer<'static> {
        assert_eq!(from.len(), to.len());
        let (_, signed, _) = split(der);
        let (signed_header, body, rest) = split(signed);
        let mut body = body.to_vec();
        let at = body.windows(from.len()).position(|octets| octets == from).unwrap();
        body[at..at + from.len()].copy_from_slice(to);
        let signed = [signed_header, &body].concat();
        let (algorithm_header, algorithm, _) = split(rest);
        let signature = [&[0][..], &self.key.sign(&signed).unwrap()].concat();
        let content = [&signed[..], algorithm_header, algorithm, &element(BIT_STRING, &signature)].concat();
        element(SEQUENCE, &content).into()
    }
}

impl Forged {
    fn of(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Self {
        Self { chain, key: PrivatePkcs8KeyDer::from(key.serialize_der()).into() }
    }

    /// The same certificates under another key.
    pub fn under(self, other: &Self) -> Self {
        Self { key: other.key.clone_key(), ..self }
    }

    /// With other certificates after its own.
    pub fn followed_by(mut self, others: &[CertificateDer<'static>]) -> Self {
        self.chain.truncate(1);
        self.chain.extend_from_slice(others);
        self
    }

    /// Changes its own certificate, without a new signature.
    pub fn spoilt(mut self, spoil: impl FnOnce(&mut Vec<u8>)) -> Self {
        let mut der = self.chain[0].to_vec();
        spoil(&mut der);
        self.chain[0] = der.into();
        self
    }

    /// How a client speaks TLS that presents this, whatever it is, to a server of the directory.
    pub fn client_tls(&self, directory: &Directory) -> ClientConfig {
        let key = ring::sign::any_supported_type(&self.key).unwrap();
        let mut config = directory.client_tls(None);
        config.client_auth_cert_resolver = Arc::new(Always(Arc::new(CertifiedKey::new(self.chain.clone(), key))));
        config
    }
}

/// Presents its certificates whatever the server asks for.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesClientCert for Always {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// An extension that is not critical.
pub fn extension(oid: &[u64], content: &[u8]) -> CustomExtension {
    CustomExtension::from_oid_content(oid, content.to_vec())
}

/// One that is.
pub fn critical(oid: &[u64], content: &[u8]) -> CustomExtension {
    let mut extension = extension(oid, content);
    extension.set_criticality(true);
    extension
}

fn ordinary() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, "somebody");
    let second = |instant: jiff::Timestamp| {
        let seconds = u64::try_from(instant.as_second()).unwrap();
        rcgen::date_time_ymd(1970, 1, 1) + std::time::Duration::from_secs(seconds)
    };
    (params.not_before, params.not_after) = (second(valid().not_before), second(valid().not_after));
    params.serial_number = Some(vec![0x41, 0x42, 0x43, 0x44].into());
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    params
}

/// The first element's header and content, and what follows it.
fn split(der: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let (header, length) = match der[1] {
        short @ ..0x80 => (2, usize::from(short)),
        long => {
            let octets = usize::from(long & 0x7f);
            (2 + octets, der[2..2 + octets].iter().fold(0, |length, octet| length << 8 | usize::from(*octet)))
        }
    };
    (&der[..header], &der[header..header + length], &der[header + length..])
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    let header = match length {
        ..0x80 => vec![tag, length.to_le_bytes()[0]],
        0x80..0x100 => vec![tag, 0x81, length.to_le_bytes()[0]],
        _ => [&[tag, 0x82][..], &length.to_be_bytes()].concat(),
    };
    [&header, content].concat()
}

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 3;
