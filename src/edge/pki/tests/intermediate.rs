//! A client's certificate by an intermediate CA: root -> intermediate -> alice.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::*;

#[test]
fn a_verdict_ends_with_the_intermediate_ca() {
    let house = House::new();
    let verdict = house.verifier(Revocation::Unchecked).reverify(&house.chain(), noon()).unwrap();
    assert_eq!(verdict.not_after, at("2035-01-01T00:00:00Z"));
    let refused = house.verifier(Revocation::Unchecked).reverify(&house.chain(), at("2036-01-01T00:00:00Z"));
    assert_eq!(refused, Err(ClientCertificateError::Expired));
}

#[test]
fn an_intermediate_ca_that_is_not_sent_along_is_missed() {
    let house = House::new();
    let leaf = &house.chain()[..1];
    let refused = house.verifier(Revocation::Unchecked).reverify(leaf, noon());
    assert_eq!(refused, Err(ClientCertificateError::UnknownAuthority));
}

#[test]
fn both_cas_need_a_list_and_the_first_to_go_stale_ends_the_verdict() {
    let house = House::new();
    let due = at("2030-06-01T13:00:00Z");
    let roots = house.root.revocation_list(1, good(), &[]).unwrap();
    let own = house.intermediate.revocation_list(1, Validity { not_after: due, ..good() }, &[]).unwrap();

    let alone = house.verifier(house.lists(&[&roots])).reverify(&house.chain(), noon());
    assert_eq!(alone, Err(ClientCertificateError::RevocationUnknown));
    let verdict = house.verifier(house.lists(&[&roots, &own])).reverify(&house.chain(), noon()).unwrap();
    assert_eq!(verdict.not_after, due);
}

#[test]
fn a_revoked_intermediate_ca_takes_its_people_along() {
    let house = House::new();
    let serial = SerialNumber::of_certificate_pem(house.intermediate.certificate_pem().as_bytes()).unwrap();
    let roots = house.root.revocation_list(1, good(), &[Revoked { serial, at: good().not_before }]).unwrap();
    let own = house.intermediate.revocation_list(1, good(), &[]).unwrap();
    let refused = house.verifier(house.lists(&[&roots, &own])).reverify(&house.chain(), noon());
    assert_eq!(refused, Err(ClientCertificateError::Revoked));
}

/// Two CAs above each other, and a person below.
struct House {
    dir: TempDir,
    root: DevelopmentCa,
    intermediate: DevelopmentCa,
    alice: Issued,
}

impl House {
    fn new() -> Self {
        let (root_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let root_params = authority("root", 2100);
        let root = DevelopmentCa::reopen(&root_params.self_signed(&root_key).unwrap().pem(), &root_key.serialize_pem());
        let certificate =
            authority("intermediate", 2035).signed_by(&key, &Issuer::from_params(&root_params, &root_key)).unwrap();
        let intermediate = DevelopmentCa::reopen(&certificate.pem(), &key.serialize_pem()).unwrap();
        let alice = intermediate.issue_client("alice", good()).unwrap();
        Self { dir: tempfile::tempdir().unwrap(), root: root.unwrap(), intermediate, alice }
    }

    fn chain(&self) -> Vec<CertificateDer<'static>> {
        let pem = [self.alice.certificate_pem(), self.intermediate.certificate_pem()].concat();
        CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().unwrap()
    }

    fn lists(&self, lists: &[&String]) -> Revocation {
        let path = self.dir.path().join("lists.crl");
        fs::write(&path, lists.iter().map(|list| list.as_str()).collect::<String>()).unwrap();
        Revocation::Lists { files: vec![path], unknown: UnknownStatus::Refuse }
    }

    fn verifier(&self, revocation: Revocation) -> ClientVerifier {
        let authorities = self.dir.path().join("root.pem");
        fs::write(&authorities, self.root.certificate_pem()).unwrap();
        ClientVerifier::new(ClientTrust::load(&ClientTrustFiles { authorities, revocation }, start()).unwrap())
    }
}

pub(super) fn authority(name: &str, until: i32) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    params
}
