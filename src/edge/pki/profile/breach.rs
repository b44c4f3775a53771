//! The reasons for which a certificate does not keep to the profile.

/// Why a certificate does not keep to the profile: the fault of whoever issued it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileBreach {
    /// Not one X.509 certificate in DER, its dates included, or followed by other bytes.
    #[error("the certificate cannot be read; have it issued again by a CA that follows RFC 5280")]
    Unreadable,
    /// An extension is there twice or cannot be read.
    #[error("an extension of the certificate cannot be read or is there twice; have it issued again")]
    BadExtension,
    /// A critical extension whose meaning is not known here, so that it cannot be heeded.
    #[error("the certificate has a critical extension that is not known; have it issued again without that extension")]
    UnknownCriticalExtension,
    /// Version 1 or 2, which know no extensions.
    #[error("the certificate is not of version 3; have it issued again as X.509 v3")]
    NotVersion3,
    /// The serial number is zero, negative, over 20 octets, or not encoded as DER says (RFC 5280, section 4.1.2.2).
    #[error("the certificate's serial number is not positive or is over 20 octets; have it issued again")]
    BadSerialNumber,
    /// It ends before it begins.
    #[error("the certificate's validity ends before it begins; have it issued again")]
    BadValidity,
    /// A NUL character in a name, which other programs may read as the name's end.
    #[error("a name in the certificate contains a NUL character; have it issued again")]
    NulInName,
    /// Two common names in one name: programs differ in which one they read.
    #[error("a name in the certificate has two common names; have it issued again with one")]
    DuplicateCommonName,
    /// The signature's algorithm is not the one that the signed part names.
    #[error("the certificate names two different signature algorithms; have it issued again")]
    AlgorithmMismatch,
    /// A key of a kind or strength that is not taken.
    #[error(
        "the certificate's key is too weak or of an unknown kind; use EC P-256 (or P-384, P-521, Ed25519, RSA of 2048 to 8192 bits)"
    )]
    WeakKey,
    /// No authority key identifier with a key identifier (RFC 5280, section 4.2.1.1).
    #[error(
        "the certificate does not say which key signed it (authority key identifier); have it issued again with one"
    )]
    NoAuthorityKeyIdentifier,
    /// A key identifier that is critical, empty, over 64 octets, or half of an issuer and serial number.
    #[error("a key identifier in the certificate is critical, empty or malformed; have it issued again")]
    BadKeyIdentifier,
    /// The authority key identifier is not the subject key identifier of the CA of that name.
    #[error("the certificate's authority key identifier is not its CA's; have it issued again")]
    WrongAuthorityKeyIdentifier,
    /// Basic constraints make it a CA.
    #[error("the certificate is a CA's; use one that was issued to a person")]
    CertificateAuthority,
    /// Key usage allows it to sign certificates.
    #[error("the certificate may sign certificates (keyCertSign); have it issued again without that usage")]
    SignsCertificates,
    /// Key usage allows it to sign revocation lists.
    #[error("the certificate may sign revocation lists (cRLSign); have it issued again without that usage")]
    SignsRevocationLists,
    /// Key usage is there and leaves digitalSignature out, which is all that a TLS 1.3 client does with its key.
    #[error("the certificate's key usage leaves digitalSignature out; have it issued again with it")]
    MayNotSign,
    /// No extended key usage: it could be used for anything.
    #[error("the certificate has no extended key usage; have it issued again with clientAuth")]
    NoExtendedKeyUsage,
    /// The extended key usage names any purpose.
    #[error("the certificate is for any purpose (anyExtendedKeyUsage); have it issued again with clientAuth only")]
    AnyPurpose,
    /// The extended key usage leaves clientAuth out.
    #[error("the certificate is not for clients; have it issued again with extended key usage clientAuth")]
    NotForClients,
    /// Of a CA: no basic constraints, or they do not say that it is one.
    #[error("the certificate is not a CA's (basicConstraints CA:TRUE); use a CA's, or have it issued again")]
    NotAnAuthority,
    /// Of a CA: basic constraints that are not critical, so that a program may overlook them.
    #[error("the CA certificate's basicConstraints are not critical; have it issued again with critical ones")]
    ConstraintsNotCritical,
    /// Of a CA: no key usage, or it leaves keyCertSign out.
    #[error(
        "the CA certificate's key usage does not allow it to sign certificates; have it issued again with keyCertSign"
    )]
    SignsNoCertificates,
    /// Of a CA: no subject key identifier (RFC 5280, section 4.2.1.2).
    #[error("the CA certificate has no subject key identifier; have it issued again with one")]
    NoSubjectKeyIdentifier,
    /// Of a CA: it restricts or maps policies, or names in a way that is not judged here.
    #[error(
        "the CA certificate restricts policies or names in a way that is not judged here; have it issued again without"
    )]
    UnheededRestriction,
}
