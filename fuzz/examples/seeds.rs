//! Makes the seeds that the program itself makes: certificates, lists, records, segments' choices. Those in `fuzz/corpus`
//! that are not named here were written by hand.
//!
//! `fixtures/` and the certificates are made only where they are missing: a new authority would have a new key.

use std::fs;
use std::path::{Path, PathBuf};

use strongroom::edge::pki::{DevelopmentCa, Revoked, Validity};
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;
use x509_cert::der::{DecodePem, Encode};

fn main() {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    if !here.join("fixtures/authority.pem").exists() {
        certificates(&here);
    }
    records(&here);
    let golden = here.join("../config");
    seed(&here, "configuration", "distribution", &fs::read(golden.join("strongroom.toml")).unwrap());
    seed(&here, "authority_files", "profile", &fs::read(golden.join("smki/profile.toml")).unwrap());
    seed(&here, "authority_files", "register", &fs::read(golden.join("smki/register.toml")).unwrap());
}

fn certificates(here: &Path) {
    let validity = Validity {
        not_before: "2026-11-24T00:00:00Z".parse().unwrap(),
        not_after: "2046-11-24T00:00:00Z".parse().unwrap(),
    };
    let authority = DevelopmentCa::create(validity).unwrap();
    let person = authority.issue_client("chair", validity).unwrap();
    let server = authority.issue_server(&["pma.example.org".to_owned()], validity).unwrap();
    let der = |pem: &str| Certificate::from_pem(pem).unwrap().to_der().unwrap();
    seed(here, "certificate", "person", &der(person.certificate_pem()));
    seed(here, "certificate", "person.pem", person.certificate_pem().as_bytes());
    seed(here, "certificate", "server", &der(server.certificate_pem()));
    seed(here, "certificate", "authority", &der(authority.certificate_pem()));
    seed(here, "authorities", "one", authority.certificate_pem().as_bytes());
    let other = DevelopmentCa::create(validity).unwrap();
    seed(here, "authorities", "two", format!("{}{}", authority.certificate_pem(), other.certificate_pem()).as_bytes());
    seed(
        here,
        "authorities",
        "with-a-person",
        format!("{}{}", authority.certificate_pem(), person.certificate_pem()).as_bytes(),
    );

    let revoked = [Revoked { serial: person.serial().clone(), at: validity.not_before }];
    let empty = authority.revocation_list(1, validity, &[]).unwrap();
    let one = authority.revocation_list(2, validity, &revoked).unwrap();
    let foreign = other.revocation_list(1, validity, &revoked).unwrap();
    for (name, list) in [("empty", &empty), ("one", &one), ("foreign", &foreign)] {
        let der = CertificateList::from_pem(list).unwrap().to_der().unwrap();
        seed(here, "revocation_list", name, &der);
        seed(here, "revocation_list", &format!("{name}.pem"), list.as_bytes());
        fs::create_dir_all(here.join("fixtures")).unwrap();
        if name != "foreign" {
            fs::write(here.join(format!("fixtures/{name}.crl")), &der).unwrap();
        }
    }
    fs::write(here.join("fixtures/authority.pem"), authority.certificate_pem()).unwrap();
}

/// Some of the golden records: one of each outcome, and the larger events.
fn records(here: &Path) {
    for name in [
        "event-content_released",
        "event-body_established",
        "event-profile_adopted",
        "event-decision_closed",
        "event-grant_given-decided",
        "event-version_lodged-signed",
        "event-log_key_rotated",
        "event-suspension_imposed",
        "not_found-read_content",
        "refused-read_content",
        "refused-establish_body",
    ] {
        let record = fs::read(here.join(format!("../tests/golden/record/{name}.json"))).unwrap();
        seed(here, "record", name, record.trim_ascii_end());
    }
}

fn seed(here: &Path, target: &str, name: &str, bytes: &[u8]) {
    let directory = here.join("corpus").join(target);
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join(name), bytes).unwrap();
}
