//! Why a client's certificate was refused, in the handshake or later on the open connection.

use rustls::{CertRevocationListError, CertificateError, OtherError};

use super::profile::ProfileBreach;

/// Why a client's certificate was refused. The client's fault, but for [`Self::RevocationUnknown`],
/// [`Self::RevocationListStale`] and [`Self::AuthorityNotInForce`], which are the operator's.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientCertificateError {
    /// The client sent no certificate.
    #[error("no client certificate was sent; connect with a certificate of this service's CA")]
    NoCertificate,
    /// The client sent more certificates than are looked at.
    #[error("more than {limit} certificates were sent; send only the own one and its intermediate CAs")]
    ChainTooLong {
        /// How many may be sent.
        limit: usize,
    },
    /// The certificate does not keep to the profile.
    #[error(transparent)]
    Profile(#[from] ProfileBreach),
    /// A CA's certificate that was sent along does not keep to the profile.
    #[error("certificate {position} of those that were sent cannot stand above the client's: {breach}")]
    Issuer {
        /// Which of the certificates that were sent, from 1, the client's own.
        position: usize,
        /// What is wrong with it.
        breach: ProfileBreach,
    },
    /// A certificate is not followed by that of its issuer.
    #[error(
        "certificate {position} of those that were sent is not by the next one; send them in order, your own first"
    )]
    OutOfOrder {
        /// Which of the certificates that were sent, from 1, the client's own.
        position: usize,
    },
    /// The CA that the operator trusts is not valid at this time.
    #[error("the CA above the certificate is not valid now; the operator must renew it")]
    AuthorityNotInForce,
    /// The CA that the operator trusts allows fewer CAs below it.
    #[error(
        "more CAs stand above the certificate than its highest one allows (pathLen); use a certificate of another CA"
    )]
    PathTooLong,
    /// Its validity has not begun.
    #[error("the certificate is not valid yet; check the clocks")]
    NotYetValid,
    /// Its validity is over.
    #[error("the certificate has expired; have it renewed")]
    Expired,
    /// Its CA revoked it.
    #[error("the certificate has been revoked; ask its CA for a new one, with a new key")]
    Revoked,
    /// No path to a CA of this service.
    #[error("the certificate is not by a CA of this service; send its intermediate CAs along, or use another one")]
    UnknownAuthority,
    /// It, or a CA in its chain, is not for TLS clients.
    #[error("the certificate is not for TLS clients; have it issued again with extended key usage clientAuth")]
    NotForClients,
    /// No revocation list covers it.
    #[error("no revocation list covers the certificate; the operator must add its CA's list")]
    RevocationUnknown,
    /// The revocation list is past its nextUpdate.
    #[error("the revocation list is out of date; the operator must fetch the current one")]
    RevocationListStale,
    /// Anything else: encoding, signature, constraint.
    #[error("the certificate is not acceptable: {0}")]
    Unacceptable(rustls::Error),
}

impl ClientCertificateError {
    /// What a failed handshake says of the client's certificate. An error of another kind becomes
    /// [`Self::Unacceptable`].
    pub fn of(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::NoCertificatesPresented => Self::NoCertificate,
            rustls::Error::InvalidCertificate(certificate) => Self::of_certificate(certificate, error),
            // A list whose issuer may not sign lists or whose signature is bad says nothing about the certificate.
            rustls::Error::InvalidCertRevocationList(
                CertRevocationListError::BadSignature | CertRevocationListError::IssuerInvalidForCrl,
            ) => Self::RevocationUnknown,
            other => Self::Unacceptable(other.clone()),
        }
    }

    fn of_certificate(certificate: &CertificateError, error: &rustls::Error) -> Self {
        match certificate {
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::Revoked => Self::Revoked,
            CertificateError::UnknownIssuer => Self::UnknownAuthority,
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => Self::NotForClients,
            CertificateError::UnknownRevocationStatus => Self::RevocationUnknown,
            CertificateError::ExpiredRevocationList | CertificateError::ExpiredRevocationListContext { .. } => {
                Self::RevocationListStale
            }
            CertificateError::Other(OtherError(own)) => match own.downcast_ref::<Self>() {
                Some(own) => own.clone(),
                None => Self::Unacceptable(error.clone()),
            },
            _ => Self::Unacceptable(error.clone()),
        }
    }

    /// A short stable name, for a metric's label.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NoCertificate => "no_certificate",
            Self::ChainTooLong { .. } => "chain_too_long",
            Self::Profile(_) => "profile",
            Self::Issuer { .. } => "issuer",
            Self::OutOfOrder { .. } => "out_of_order",
            Self::AuthorityNotInForce => "authority_not_in_force",
            Self::PathTooLong => "path_too_long",
            Self::NotYetValid => "not_yet_valid",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::UnknownAuthority => "unknown_authority",
            Self::NotForClients => "not_for_clients",
            Self::RevocationUnknown => "revocation_unknown",
            Self::RevocationListStale => "revocation_list_stale",
            Self::Unacceptable(_) => "unacceptable",
        }
    }

    /// The same as rustls' error, from which [`Self::of`] reads it back.
    pub(super) fn into_tls(self) -> rustls::Error {
        match self {
            Self::NoCertificate => rustls::Error::NoCertificatesPresented,
            Self::NotYetValid => CertificateError::NotValidYet.into(),
            Self::Expired => CertificateError::Expired.into(),
            Self::Revoked => CertificateError::Revoked.into(),
            Self::UnknownAuthority => CertificateError::UnknownIssuer.into(),
            Self::NotForClients => CertificateError::InvalidPurpose.into(),
            Self::RevocationUnknown => CertificateError::UnknownRevocationStatus.into(),
            Self::RevocationListStale => CertificateError::ExpiredRevocationList.into(),
            Self::Unacceptable(error) => error,
            own @ (Self::ChainTooLong { .. }
            | Self::Profile(_)
            | Self::Issuer { .. }
            | Self::OutOfOrder { .. }
            | Self::AuthorityNotInForce
            | Self::PathTooLong) => CertificateError::Other(OtherError(std::sync::Arc::new(own))).into(),
        }
    }
}
