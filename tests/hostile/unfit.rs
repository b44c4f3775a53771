//! Every certificate that a client can show and must not get in with, each over a handshake of its own.
//!
//! All but a few are signed by the very CA that the server trusts, under a key that the client has: nothing but the breach
//! itself keeps it out.

use std::fs;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose, SanType, date_time_ymd,
};
use strongroom::edge::pki::{ClientTrust, ClientTrustFiles, ClientVerifier, DevelopmentCa, ProfileBreach, Revocation};

use crate::forging::{Forged, Forger, critical, extension};
use crate::support::certificates::now;
use crate::support::{Connection, Directory, Options, Server};

#[test]
fn every_unfit_certificate_is_refused_in_the_handshake_for_its_own_reason() {
    let server = Server::start(&Options::default());
    let forger = Forger::of(&server.directory);
    let verifier = verifier(&server.directory);
    let good = forger.person(|_| ());
    // Its holder is nobody, but gets as far as being told so.
    assert_eq!(ask(&server, &good).unwrap(), 403);

    let unfit = unfit(&forger, &server.directory);
    for Unfit { what, reason, forged } in &unfit {
        let judged = verifier.reverify(&forged.chain, now()).map(|verdict| verdict.credential);
        let found = format!("{judged:?}");
        assert!(found.contains(reason), "{what}: {found}, not {reason}");
        let asked = ask(&server, forged);
        assert!(asked.is_err(), "{what}: {asked:?}");
    }
    let stolen = forger.person(|_| ()).under(&good);
    assert!(ask(&server, &stolen).is_err(), "a certificate without its key");
    assert_eq!(ask(&server, &good).unwrap(), 403, "the server goes on");
    println!("certificates: {} unfit chains and 1 without its key: 0 accepted", unfit.len());
}

/// What a client gets to hear over a connection of its own.
fn ask(server: &Server, forged: &Forged) -> std::io::Result<u16> {
    let mut open = Connection::over_tls(server.address(), forged.client_tls(&server.directory))?;
    Ok(open.exchange("GET", "/v1/me", &[], None)?.status)
}

/// The server's own judgement, for the reason, which no client is told.
fn verifier(directory: &Directory) -> ClientVerifier {
    let authorities = directory.path().join("certs/ca.pem");
    let files = ClientTrustFiles { authorities, revocation: Revocation::Unchecked };
    ClientVerifier::new(ClientTrust::load(&files, now()).unwrap())
}

struct Unfit {
    what: &'static str,
    /// A word of the reason for which it is refused.
    reason: String,
    forged: Forged,
}

fn unfit(forger: &Forger, directory: &Directory) -> Vec<Unfit> {
    let mut all = Vec::new();
    all.extend(purposes_and_usages(forger));
    all.extend(serial_numbers_and_names(forger));
    all.extend(extensions(forger));
    all.extend(encodings_and_dates(forger));
    all.extend(issuers(forger, directory));
    all
}

fn because(what: &'static str, breach: ProfileBreach, forged: Forged) -> Unfit {
    Unfit { what, reason: format!("{breach:?}"), forged }
}

fn found(what: &'static str, reason: &str, forged: Forged) -> Unfit {
    Unfit { what, reason: reason.to_owned(), forged }
}

fn purposes_and_usages(forger: &Forger) -> Vec<Unfit> {
    let purposes = |all: &[ExtendedKeyUsagePurpose]| forger.person(|c| c.extended_key_usages = all.to_vec());
    let usages = |all: &[KeyUsagePurpose]| forger.person(|c| c.key_usages = all.to_vec());
    let (client, any) = (ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::Any);
    let sign = KeyUsagePurpose::DigitalSignature;
    vec![
        because("no purpose", ProfileBreach::NoExtendedKeyUsage, purposes(&[])),
        because("any purpose too", ProfileBreach::AnyPurpose, purposes(&[client, any.clone()])),
        found("any purpose alone", "NotForClients", purposes(&[any])),
        found("a server's purpose", "NotForClients", purposes(&[ExtendedKeyUsagePurpose::ServerAuth])),
        because("keyCertSign", ProfileBreach::SignsCertificates, usages(&[sign, KeyUsagePurpose::KeyCertSign])),
        because("cRLSign", ProfileBreach::SignsRevocationLists, usages(&[sign, KeyUsagePurpose::CrlSign])),
        because("no digitalSignature", ProfileBreach::MayNotSign, usages(&[KeyUsagePurpose::KeyEncipherment])),
        found("a CA's", "CaUsedAsEndEntity", forger.person(|c| c.is_ca = IsCa::Ca(BasicConstraints::Unconstrained))),
    ]
}

fn serial_numbers_and_names(forger: &Forger) -> Vec<Unfit> {
    let serial = |octets: Vec<u8>| forger.person(|c| c.serial_number = Some(octets.into()));
    let patched = |to: &[u8]| forger.patched(|_| (), &[2, 4, 0x41, 0x42], to);
    let bad = ProfileBreach::BadSerialNumber;
    let mail = SanType::Rfc822Name("chair\0@example.org".try_into().unwrap());
    let two = |c: &mut CertificateParams| c.distinguished_name.push(DnType::OrganizationName, "chair");
    vec![
        because("serial number 0", bad, serial(vec![0])),
        found("a serial number of 21 octets", "BadSerialNumber", serial(vec![0x7f; 21])),
        found("a serial number of 40 octets", "", serial(vec![0x7f; 40])),
        found("a negative serial number", "", patched(&[2, 4, 0xc1, 0x42])),
        found("a padded serial number", "", patched(&[2, 4, 0, 0x42])),
        because(
            "a NUL in the common name",
            ProfileBreach::NulInName,
            forger.person(|c| c.distinguished_name.push(DnType::CommonName, "chair\0.example")),
        ),
        because("a NUL in a mail address", ProfileBreach::NulInName, forger.person(|c| c.subject_alt_names.push(mail))),
        because(
            "two common names",
            ProfileBreach::DuplicateCommonName,
            forger.patched(two, &[6, 3, 0x55, 4, 10], &[6, 3, 0x55, 4, 3]),
        ),
    ]
}

fn extensions(forger: &Forger) -> Vec<Unfit> {
    let authority = |extension| {
        forger.person(|c| {
            c.use_authority_key_identifier_extension = false;
            c.custom_extensions.push(extension);
        })
    };
    const AUTHORITY: &[u64] = &[2, 5, 29, 35];
    const UNKNOWN: &[u64] = &[1, 3, 6, 1, 4, 1, 99_999, 1];
    let bad = ProfileBreach::BadKeyIdentifier;
    let without = forger.person(|c| c.use_authority_key_identifier_extension = false);
    let subject = forger.person(|c| c.custom_extensions.push(extension(&[2, 5, 29, 14], &[4, 0])));
    let twice = |c: &mut CertificateParams| {
        c.custom_extensions.push(extension(&[2, 5, 29, 32], &[0x30, 4, 0x30, 2, 6, 0]));
        c.custom_extensions.push(extension(UNKNOWN, &[5, 0]));
        c.custom_extensions.push(extension(UNKNOWN, &[5, 0]));
    };
    vec![
        because("no authority key identifier", ProfileBreach::NoAuthorityKeyIdentifier, without),
        because(
            "another CA's key identifier",
            ProfileBreach::WrongAuthorityKeyIdentifier,
            authority(extension(AUTHORITY, &[0x30, 3, 0x80, 1, 7])),
        ),
        found("a critical key identifier", "", authority(critical(AUTHORITY, &[0x30, 3, 0x80, 1, 7]))),
        found("an empty key identifier", "KeyIdentifier", authority(extension(AUTHORITY, &[0x30, 2, 0x80, 0]))),
        because("an empty identifier of its own", bad, subject),
        found(
            "an unknown critical extension",
            "",
            forger.person(|c| c.custom_extensions.push(critical(UNKNOWN, &[5, 0]))),
        ),
        because("an extension twice", ProfileBreach::BadExtension, forger.person(twice)),
    ]
}

fn encodings_and_dates(forger: &Forger) -> Vec<Unfit> {
    let dates = |from, until| forger.person(|c| (c.not_before, c.not_after) = (from, until));
    let sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let sha384 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
    let spoilt = |spoil: fn(&mut Vec<u8>)| forger.person(|_| ()).spoilt(spoil);
    vec![
        found("an expired one", "Expired", dates(date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1))),
        found("one that is not valid yet", "NotYetValid", dates(date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1))),
        found("one that ends before it begins", "", dates(date_time_ymd(2091, 1, 1), date_time_ymd(2020, 1, 1))),
        found("two signature algorithms", "", forger.patched(|_| (), &sha256, &sha384)),
        found("version 2", "", forger.patched(|_| (), &[0xa0, 3, 2, 1, 2], &[0xa0, 3, 2, 1, 1])),
        found("a signature that is spoilt", "BadSignature", spoilt(|der| *der.last_mut().unwrap() ^= 1)),
        found("an octet after the certificate", "", spoilt(|der| der.push(0))),
        found("half a certificate", "", spoilt(|der| der.truncate(der.len() / 2))),
        found("no certificate at all", "", spoilt(|der| *der = b"certificate".to_vec())),
        found("an empty certificate", "", spoilt(Vec::clear)),
    ]
}

fn issuers(forger: &Forger, directory: &Directory) -> Vec<Unfit> {
    let person = || forger.person(|_| ());
    let other = DevelopmentCa::create(crate::support::certificates::valid()).unwrap();
    let elsewhere = Directory::empty();
    fs::create_dir(elsewhere.path().join("certs")).unwrap();
    fs::write(elsewhere.path().join("certs/ca.pem"), other.certificate_pem()).unwrap();
    fs::write(elsewhere.path().join("certs/ca.key"), other.key_pem().as_bytes()).unwrap();
    let stranger = || Forger::of(&elsewhere).person(|_| ());
    // The trusted CA's certificate, and another key to sign with.
    fs::copy(directory.path().join("certs/ca.pem"), elsewhere.path().join("certs/ca.pem")).unwrap();
    let namesake = Forger::of(&elsewhere).person(|_| ());
    fs::write(elsewhere.path().join("certs/ca.pem"), other.certificate_pem()).unwrap();
    let others = Forger::of(&elsewhere).authority();
    let not_critical = |c: &mut CertificateParams| {
        c.is_ca = IsCa::NoCa;
        c.custom_extensions.push(extension(&[2, 5, 29, 19], &[0x30, 3, 1, 1, 0xff]));
        c.custom_extensions.push(extension(&[2, 5, 29, 14], &[4, 1, 7]));
    };
    let policies = |c: &mut CertificateParams| {
        c.custom_extensions.push(extension(&[2, 5, 29, 36], &[0x30, 3, 0x80, 1, 0]));
    };
    let second = person();
    vec![
        found("one of another CA", "UnknownAuthority", stranger()),
        found("one of another CA that is sent along", "UnknownAuthority", stranger().followed_by(&[others])),
        found("one of a CA of the same name", "", namesake),
        found("one by a CA that allows no CA below it", "PathTooLong", forger.below(|_| ())),
        found("one by a person", "", forger.below(|c| c.is_ca = IsCa::ExplicitNoCa)),
        found("one by a CA without keyCertSign", "", forger.below(|c| c.key_usages = vec![KeyUsagePurpose::CrlSign])),
        found("one by a CA without key usage", "SignsNoCertificates", forger.below(|c| c.key_usages.clear())),
        found("one by a CA whose constraints are not critical", "ConstraintsNotCritical", forger.below(not_critical)),
        found("one by a CA that restricts policies", "UnheededRestriction", forger.below(policies)),
        found(
            "one by a CA with serial number 0",
            "BadSerialNumber",
            forger.below(|c| c.serial_number = Some(vec![0].into())),
        ),
        found("another person's after it", "", person().followed_by(&second.chain)),
        found("certificates out of order", "OutOfOrder", {
            let mut forged = forger.below(|_| ());
            forged.chain.insert(1, forger.authority());
            forged
        }),
        found("nine certificates", "ChainTooLong", person().followed_by(&vec![forger.authority(); 8])),
    ]
}
