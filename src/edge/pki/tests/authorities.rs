//! What a CA must be: one that the operator trusts, and one that clients send along.

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::CertificateDer;

use super::intermediate::authority;
use super::*;

/// What the operator is told of a CA that was changed so.
fn trusted(change: impl Fn(&mut CertificateParams)) -> Result<ClientTrust, LoadError> {
    let house = House::new(change, |_| ());
    house.trust()
}

/// How a client is refused under an intermediate CA that was changed so.
fn sent(change: impl Fn(&mut CertificateParams)) -> Result<Verdict, ClientCertificateError> {
    let house = House::new(|_| (), change);
    house.judge(noon())
}

/// What makes a CA unfit, and the reason that is given for it.
type Unfit = (fn(&mut CertificateParams), ProfileBreach);

const UNFIT: &[Unfit] = &[
    (|c| c.key_usages = vec![KeyUsagePurpose::CrlSign], ProfileBreach::SignsNoCertificates),
    (|c| c.key_usages.clear(), ProfileBreach::SignsNoCertificates),
    (|c| c.serial_number = Some(vec![0x7f; 21].into()), ProfileBreach::BadSerialNumber),
    (
        |c| c.custom_extensions.push(critical(&[1, 3, 6, 1, 4, 1, 99_999, 1], &[5, 0])),
        ProfileBreach::UnknownCriticalExtension,
    ),
    (
        |c| c.custom_extensions.push(extension(&[2, 5, 29, 36], &[0x30, 3, 0x80, 1, 0])),
        ProfileBreach::UnheededRestriction,
    ),
    (|c| c.custom_extensions.push(extension(&[2, 5, 29, 54], &[2, 1, 0])), ProfileBreach::UnheededRestriction),
    (not_critical, ProfileBreach::ConstraintsNotCritical),
];

#[test]
fn a_ca_that_is_unfit_is_not_trusted() {
    assert!(trusted(|_| ()).is_ok());
    for (change, expected) in UNFIT {
        match trusted(change) {
            Err(LoadError::UnfitAuthority { position: 1, breach, .. }) => assert_eq!(breach, *expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
}

#[test]
fn a_ca_that_is_unfit_stands_above_nobody() {
    assert!(sent(|_| ()).is_ok());
    for (change, expected) in UNFIT {
        match sent(change) {
            Err(ClientCertificateError::Issuer { position: 2, breach }) => assert_eq!(breach, *expected),
            // What rustls finds by itself.
            Err(ClientCertificateError::Unacceptable(_)) => {}
            other => panic!("{expected:?}: {other:?}"),
        }
    }
}

#[test]
fn a_trusted_ca_allows_so_many_below_it_and_is_in_force() {
    let limited = House::new(|c| c.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)), |_| ());
    assert_eq!(limited.judge(noon()), Err(ClientCertificateError::PathTooLong));
    let enough = House::new(|c| c.is_ca = IsCa::Ca(BasicConstraints::Constrained(1)), |_| ());
    assert!(enough.judge(noon()).is_ok());
    let over = House::new(|c| c.not_after = date_time_ymd(2028, 1, 1), |_| ());
    assert_eq!(over.judge(at("2027-12-31T00:00:00Z")).map(|verdict| verdict.not_after), Ok(at("2028-01-01T00:00:00Z")));
    assert_eq!(over.judge(noon()), Err(ClientCertificateError::AuthorityNotInForce));
}

#[test]
fn certificates_are_sent_in_their_order() {
    let house = House::new(|_| (), |_| ());
    let [leaf, intermediate, root] = &house.chain;
    let judge = |chain: &[&CertificateDer<'static>]| {
        let chain: Vec<_> = chain.iter().map(|der| (*der).clone()).collect();
        house.verifier().reverify(&chain, noon()).map(|_| ())
    };
    assert_eq!(judge(&[leaf, intermediate]), Ok(()));
    assert_eq!(judge(&[leaf, intermediate, root]), Ok(()));
    assert_eq!(judge(&[leaf, root, intermediate]), Err(ClientCertificateError::OutOfOrder { position: 1 }));
    assert_eq!(
        judge(&[leaf, intermediate, leaf]),
        Err(ClientCertificateError::Issuer { position: 3, breach: ProfileBreach::NotAnAuthority })
    );
}

#[test]
fn a_key_identifier_is_that_of_the_ca() {
    let house = House::new(|_| (), |_| ());
    let other = House::new(|_| (), |_| ());
    // The same name and another key, so that the identifier leads to a key that did not sign.
    let wrong = vec![house.leaf_with(extension(&[2, 5, 29, 35], &[0x30, 3, 0x80, 1, 7])), house.chain[1].clone()];
    let refused = house.verifier().reverify(&wrong, noon());
    assert_eq!(refused, Err(ClientCertificateError::Profile(ProfileBreach::WrongAuthorityKeyIdentifier)));
    assert!(other.verifier().reverify(&house.chain, noon()).is_err());
}

#[test]
fn a_list_by_a_ca_that_may_not_sign_lists_is_refused() {
    let house = House::new(|c| c.key_usages = vec![KeyUsagePurpose::KeyCertSign], |_| ());
    let root = DevelopmentCa::reopen(&house.root_pem, &house.root_key.serialize_pem()).unwrap();
    let list = house.dir.path().join("root.crl");
    // rcgen refuses to sign a list with such a CA; the same key in a certificate that may does it.
    let able = House::certificate("root", &house.root_key, None, |_| ());
    let able = DevelopmentCa::reopen(&able.pem(), &house.root_key.serialize_pem()).unwrap();
    assert!(root.revocation_list(1, good(), &[]).is_err());
    fs::write(&list, able.revocation_list(1, good(), &[]).unwrap()).unwrap();
    let revocation = Revocation::Lists { files: vec![list], unknown: UnknownStatus::Refuse };
    let error = ClientTrust::load(&ClientTrustFiles { authorities: house.authorities(), revocation }, start());
    assert!(matches!(error, Err(LoadError::UnentitledRevocationList { .. })), "{error:?}");
}

/// root -> intermediate -> alice.
struct House {
    dir: TempDir,
    root_pem: String,
    root_key: KeyPair,
    intermediate: (CertificateParams, KeyPair),
    /// Alice's, the intermediate's and the root's.
    chain: [CertificateDer<'static>; 3],
}

impl House {
    fn new(of_root: impl Fn(&mut CertificateParams), of_intermediate: impl Fn(&mut CertificateParams)) -> Self {
        let (root_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let root = Self::certificate("root", &root_key, None, &of_root);
        let mut root_params = authority("root", 2100);
        of_root(&mut root_params);
        let intermediate = Self::certificate(
            "intermediate",
            &key,
            Some(&Issuer::from_params(&root_params, &root_key)),
            &of_intermediate,
        );
        let mut params = authority("intermediate", 2100);
        of_intermediate(&mut params);
        let leaf = Self::leaf(&params, &key, None);
        let dir = tempfile::tempdir().unwrap();
        let chain = [leaf, intermediate.der().clone(), root.der().clone()];
        Self { dir, root_pem: root.pem(), root_key, intermediate: (params, key), chain }
    }

    fn certificate(
        name: &str,
        key: &KeyPair,
        issuer: Option<&Issuer<'_, &KeyPair>>,
        change: impl Fn(&mut CertificateParams),
    ) -> rcgen::Certificate {
        let mut params = authority(name, 2100);
        change(&mut params);
        match issuer {
            Some(issuer) => params.signed_by(key, issuer).unwrap(),
            None => params.self_signed(key).unwrap(),
        }
    }

    /// A certificate of alice with an extension in the place of the authority key identifier.
    fn leaf_with(&self, extension: CustomExtension) -> CertificateDer<'static> {
        let (params, key) = &self.intermediate;
        Self::leaf(params, key, Some(extension))
    }

    fn leaf(issuer: &CertificateParams, key: &KeyPair, identifier: Option<CustomExtension>) -> CertificateDer<'static> {
        let mut params = CertificateParams::default();
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = identifier.is_none();
        params.custom_extensions.extend(identifier);
        // Even a CA that may sign no certificates signs this one.
        let mut able = issuer.clone();
        able.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let issuer = Issuer::from_params(&able, key);
        params.signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap().der().clone()
    }

    fn authorities(&self) -> PathBuf {
        let path = self.dir.path().join("root.pem");
        fs::write(&path, &self.root_pem).unwrap();
        path
    }

    fn trust(&self) -> Result<ClientTrust, LoadError> {
        let revocation = Revocation::Unchecked;
        ClientTrust::load(&ClientTrustFiles { authorities: self.authorities(), revocation }, start())
    }

    fn verifier(&self) -> ClientVerifier {
        ClientVerifier::new(self.trust().unwrap())
    }

    fn judge(&self, now: Timestamp) -> Result<Verdict, ClientCertificateError> {
        self.verifier().reverify(&self.chain[..2], now)
    }
}

fn extension(oid: &[u64], content: &[u8]) -> CustomExtension {
    CustomExtension::from_oid_content(oid, content.to_vec())
}

fn critical(oid: &[u64], content: &[u8]) -> CustomExtension {
    let mut extension = extension(oid, content);
    extension.set_criticality(true);
    extension
}

/// Basic constraints that say CA:TRUE and are not critical; rcgen's own always are.
fn not_critical(params: &mut CertificateParams) {
    params.is_ca = IsCa::NoCa;
    params.custom_extensions.push(extension(&[2, 5, 29, 19], &[0x30, 3, 1, 1, 0xff]));
    // Without being a CA's for rcgen, it gets no identifier of its own.
    params.custom_extensions.push(extension(&[2, 5, 29, 14], &[4, 1, 7]));
}
