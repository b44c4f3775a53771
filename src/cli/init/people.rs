//! Who is in the register, and by which certificate.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Span, Timestamp};

use super::InitError;
use crate::cli::config::authority::Source;
use crate::edge::pki::{DevelopmentCa, DevelopmentError, EndEntity, Issued, SpkiDigest, Validity};
use crate::pure::domain::id::CredentialId;
use crate::pure::domain::profile::Profile;
use crate::service::bootstrap::{PersonEntry, RegisterFile};

/// Where the register's people come from.
#[derive(Clone, Debug)]
pub enum People {
    /// Invented ones, with certificates made for them.
    Development(Source),
    /// One's own, whose certificates exist.
    Own {
        /// The register.
        register: Source,
        /// PEM with the authorities that issued the certificates.
        client_ca: PathBuf,
    },
}

/// The development PKI, in memory.
pub struct DevelopmentPki {
    /// The CA.
    pub ca: DevelopmentCa,
    /// The server's certificate.
    pub server: Issued,
    /// The certificates of the people, by handle.
    pub clients: BTreeMap<String, Issued>,
}

impl DevelopmentPki {
    /// Makes the CA and the server's certificate, and certificates for `people`.
    pub fn create<'a>(people: impl Iterator<Item = &'a str>, now: Timestamp) -> Result<Self, DevelopmentError> {
        let ca = DevelopmentCa::create(validity(now, CA_YEARS))?;
        let server = ca.issue_server(&[], validity(now, CERTIFICATE_YEARS))?;
        let issue = |person: &str| Ok((person.to_owned(), ca.issue_client(person, validity(now, CERTIFICATE_YEARS))?));
        let clients = people.map(issue).collect::<Result<_, DevelopmentError>>()?;
        Ok(Self { ca, server, clients })
    }

    /// The credential of a person for whom a certificate was made.
    pub fn credential(&self, entry: &PersonEntry) -> Result<CredentialId, String> {
        let issued = self.clients.get(entry.person.as_str());
        let missing = || "no certificate was made; run init again".to_owned();
        issued.map(|issued| CredentialId(issued.credential().0)).ok_or_else(missing)
    }
}

/// The development register with its terms filled in: 24 months that began with this month, and 24 months that ended
/// with yesterday, in days of the profile.
pub fn fill_in_terms(template: &str, profile: &Profile, now: Timestamp) -> Result<String, jiff::Error> {
    let zone = profile.zone();
    let today = now.to_zoned_datetime(zone.clone()).date();
    let instant =
        |date: jiff::civil::Date| Ok::<_, jiff::Error>(date.to_zoned_datetime(zone.clone())?.timestamp().to_string());
    let (from, term) = (today.first_of_month(), Span::new().months(TERM_MONTHS));
    Ok(template
        .replace("{TERM_FROM}", &instant(from)?)
        .replace("{TERM_UNTIL}", &instant(from.checked_add(term)?)?)
        .replace("{ENDED_FROM}", &instant(today.checked_sub(term)?)?)
        .replace("{ENDED_UNTIL}", &instant(today)?))
}

/// The credential of the certificate that a register of one's own names, relative to `folder`.
pub fn own_credential(folder: &Path, entry: &PersonEntry) -> Result<CredentialId, String> {
    let path = folder.join(&entry.certificate);
    let shown = path.display();
    let pem = fs::read(&path)
        .map_err(|error| format!("the certificate {shown} cannot be read ({error}); give the path of a PEM file"))?;
    let digest = SpkiDigest::of_certificate_pem(&pem).map_err(|error| {
        format!("the certificate {shown} cannot be used: {error}; give the person's own certificate in PEM")
    })?;
    EndEntity::from_pem(&pem).map_err(|breach| {
        format!("the certificate {shown} would be refused in every handshake: {breach}; have another one issued")
    })?;
    Ok(CredentialId(digest.0))
}

/// The people for whom certificates are made: all of the register, and one whom nobody knows.
pub fn certified(register: &RegisterFile) -> impl Iterator<Item = &str> {
    register.people.iter().map(|entry| entry.person.as_str()).chain([OUTSIDER])
}

/// The holder of a certificate of the development CA that is bound to nobody.
pub const OUTSIDER: &str = "outsider";

/// Checks the file of the authorities of people's own certificates, and gives its bytes.
pub fn own_authorities(path: &Path) -> Result<Vec<u8>, InitError> {
    let trust = crate::edge::pki::ClientTrustFiles {
        authorities: path.to_owned(),
        revocation: crate::edge::pki::Revocation::Unchecked,
    };
    crate::edge::pki::ClientTrust::load(&trust, crate::service::clock::Clock::system().now().to_timestamp())?;
    fs::read(path).map_err(|source| InitError::Io { path: path.to_owned(), source })
}

fn validity(now: Timestamp, years: i64) -> Validity {
    Validity {
        // A little earlier, for clients whose clock is a little behind.
        not_before: now.saturating_sub(SignedDuration::from_mins(5)).unwrap_or(now),
        not_after: now.saturating_add(SignedDuration::from_hours(24 * 365 * years)).unwrap_or(now),
    }
}

const CA_YEARS: i64 = 10;
const CERTIFICATE_YEARS: i64 = 1;
const TERM_MONTHS: i32 = 24;
