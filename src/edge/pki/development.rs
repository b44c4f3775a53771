//! A certification authority for development and demonstrations: made in a moment, with its key in a plain file.
//!
//! Not for production: it keeps no register of what it issued, and whoever reads its key file is the CA.

use std::fmt;
use std::ops::Add;
use std::time::Duration;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::prelude::{FromDer, X509Certificate};
use zeroize::Zeroizing;

use super::pkcs12;
use super::serial::SerialNumber;
use super::spki::SpkiDigest;

/// From when to when a certificate or list is valid. Fractions of a second are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first second.
    pub not_before: Timestamp,
    /// The last second; of a list, when its successor is due.
    pub not_after: Timestamp,
}

/// A self-signed CA with an EC P-256 key.
pub struct DevelopmentCa {
    certificate: CertificateDer<'static>,
    certificate_pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl DevelopmentCa {
    /// A new CA with a new key. Its name ends in its serial number, so that two of them are told apart.
    pub fn create(validity: Validity) -> Result<Self, DevelopmentError> {
        let serial = random_serial()?;
        let key = KeyPair::generate()?;
        let mut params = params(&format!("Strongroom development CA {serial}"), &serial, validity)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            certificate: certificate.der().clone(),
            certificate_pem: certificate.pem(),
            issuer: Issuer::new(params, key),
        })
    }

    /// The CA of an earlier [`Self::create`] from its two PEM texts.
    pub fn reopen(certificate_pem: &str, key_pem: &str) -> Result<Self, DevelopmentError> {
        let key = KeyPair::from_pem(key_pem).map_err(|_| DevelopmentError::BadKey)?;
        let certificate =
            CertificateDer::from_pem_slice(certificate_pem.as_bytes()).map_err(|_| DevelopmentError::BadCertificate)?;
        let (_, parsed) = X509Certificate::from_der(&certificate).map_err(|_| DevelopmentError::BadCertificate)?;
        if !parsed.is_ca() {
            return Err(DevelopmentError::BadCertificate);
        }
        if parsed.public_key().subject_public_key.data.as_ref() != key.public_key_raw() {
            return Err(DevelopmentError::KeyMismatch);
        }
        let issuer = Issuer::from_ca_cert_der(&certificate, key)?;
        Ok(Self { certificate_pem: certificate_pem.to_owned(), issuer, certificate: certificate.clone() })
    }

    /// The CA's certificate in PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The CA's private key in PEM (PKCS#8). Write it with mode 0600.
    pub fn key_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(self.issuer.key().serialize_pem())
    }

    /// A server's certificate for `localhost`, `127.0.0.1`, `::1` and the given names (DNS names or IP addresses).
    pub fn issue_server(&self, names: &[String], validity: Validity) -> Result<Issued, DevelopmentError> {
        let serial = random_serial()?;
        let mut all: Vec<String> = LOCAL_NAMES.iter().map(|name| (*name).to_owned()).collect();
        all.extend(names.iter().filter(|name| !LOCAL_NAMES.contains(&name.as_str())).cloned());
        let common_name = names.first().map_or("localhost", String::as_str);
        let mut params = params(common_name, &serial, validity)?;
        params.subject_alt_names = CertificateParams::new(all)?.subject_alt_names;
        self.issue(common_name, params, ExtendedKeyUsagePurpose::ServerAuth, serial)
    }

    /// A person's certificate with their handle as common name.
    pub fn issue_client(&self, handle: &str, validity: Validity) -> Result<Issued, DevelopmentError> {
        let serial = random_serial()?;
        let params = params(handle, &serial, validity)?;
        self.issue(handle, params, ExtendedKeyUsagePurpose::ClientAuth, serial)
    }

    /// A revocation list in PEM that names every revoked certificate. `number` must grow from list to list.
    pub fn revocation_list(
        &self,
        number: u64,
        validity: Validity,
        revoked: &[Revoked],
    ) -> Result<String, DevelopmentError> {
        let entry = |revoked: &Revoked| RevokedCertParams {
            serial_number: revoked.serial.as_bytes().to_vec().into(),
            revocation_time: since(date_time_ymd(1970, 1, 1), revoked.at),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: since(date_time_ymd(1970, 1, 1), validity.not_before),
            next_update: since(date_time_ymd(1970, 1, 1), validity.not_after),
            crl_number: number.into(),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.issuer)?.pem()?)
    }

    fn issue(
        &self,
        name: &str,
        mut params: CertificateParams,
        purpose: ExtendedKeyUsagePurpose,
        serial: SerialNumber,
    ) -> Result<Issued, DevelopmentError> {
        let key = KeyPair::generate()?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![purpose];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let credential = SpkiDigest::of_certificate_der(certificate.der()).map_err(|_| DevelopmentError::Unwritten)?;
        Ok(Issued {
            name: name.to_owned(),
            certificate_pem: certificate.pem(),
            key_pem: Zeroizing::new(key.serialize_pem()),
            serial,
            credential,
            chain: vec![certificate.der().clone(), self.certificate.clone()],
            key: Zeroizing::new(key.serialize_der()),
        })
    }
}

/// A certificate with its private key, as it was issued.
pub struct Issued {
    name: String,
    certificate_pem: String,
    key_pem: Zeroizing<String>,
    serial: SerialNumber,
    credential: SpkiDigest,
    chain: Vec<CertificateDer<'static>>,
    key: Zeroizing<Vec<u8>>,
}

impl Issued {
    /// The certificate in PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The private key in PEM (PKCS#8). Write it with mode 0600.
    pub fn key_pem(&self) -> &Zeroizing<String> {
        &self.key_pem
    }

    /// The certificate's serial number, for a revocation list.
    pub fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// The credential that it is.
    pub fn credential(&self) -> SpkiDigest {
        self.credential
    }

    /// Key, certificate and CA in one PKCS#12 file for browsers, under a password: AES-256 (PBES2) and HMAC-SHA256.
    /// Write it with mode 0600.
    pub fn pkcs12(&self, password: &str) -> Result<Vec<u8>, DevelopmentError> {
        pkcs12::write(&self.name, &self.credential, &self.key, &self.chain, password)
    }
}

/// A certificate to be named in a revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The certificate's serial number.
    pub serial: SerialNumber,
    /// When it was revoked.
    pub at: Timestamp,
}

/// Why development material could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DevelopmentError {
    /// The operating system gave no random bytes.
    #[error("the operating system's random source is unavailable")]
    RandomUnavailable,
    /// A name that no certificate should carry.
    #[error("a certificate's name must have 1 to 64 characters and no control character")]
    BadName,
    /// A validity that ends before it begins.
    #[error("the validity ends before it begins; give a later end")]
    BadValidity,
    /// The CA's key text is not an unencrypted private key.
    #[error("the CA's key is not an unencrypted private key in PEM; give the ca.key that was made with the CA")]
    BadKey,
    /// The CA's certificate text is not a CA certificate.
    #[error("the CA's certificate is not a CA certificate in PEM; give the ca.pem that was made with the key")]
    BadCertificate,
    /// Certificate and key of the CA are not a pair.
    #[error("the CA's certificate is not of its key; give the ca.pem and ca.key that were made together")]
    KeyMismatch,
    /// The certificate or file could not be encoded.
    #[error("the certificate material could not be encoded")]
    Unwritten,
    /// rcgen refused: in practice a name that is neither a DNS name nor an IP address.
    #[error("the certificate could not be made: {0}; check the names")]
    Refused(#[from] rcgen::Error),
}

impl fmt::Debug for DevelopmentCa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DevelopmentCa").finish_non_exhaustive()
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("serial", &self.serial).finish_non_exhaustive()
    }
}

fn params(common_name: &str, serial: &SerialNumber, validity: Validity) -> Result<CertificateParams, DevelopmentError> {
    let length = common_name.chars().count();
    // ub-common-name is 64 characters (RFC 5280, appendix A.1).
    if !(1..=MAX_COMMON_NAME_LEN).contains(&length) || common_name.chars().any(char::is_control) {
        return Err(DevelopmentError::BadName);
    }
    if validity.not_after < validity.not_before {
        return Err(DevelopmentError::BadValidity);
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.serial_number = Some(serial.as_bytes().to_vec().into());
    params.not_before = since(date_time_ymd(1970, 1, 1), validity.not_before);
    params.not_after = since(date_time_ymd(1970, 1, 1), validity.not_after);
    Ok(params)
}

fn random_serial() -> Result<SerialNumber, DevelopmentError> {
    SerialNumber::random().ok_or(DevelopmentError::RandomUnavailable)
}

/// An instant as rcgen's date, whose type is not exported: `epoch` is rcgen's date of 1 January 1970. Earlier instants
/// become the epoch; both types end in the year 9999, so the sum stays in range.
fn since<Date: Add<Duration, Output = Date>>(epoch: Date, instant: Timestamp) -> Date {
    epoch + Duration::from_secs(u64::try_from(instant.as_second()).unwrap_or(0))
}

const LOCAL_NAMES: &[&str] = &["localhost", "127.0.0.1", "::1"];
const MAX_COMMON_NAME_LEN: usize = 64;
