//! Who asks: the credential of the connection's certificate, judged again on every request (READ-8).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use super::connection::Connection;
use super::gate::Listener;
use super::problem::ApiProblem;
use super::state::State;
use crate::edge::pki::ClientCertificateError;
use crate::pure::domain::id::CredentialId;
use crate::pure::wire::problem::Code;

/// The holder of a client certificate that is valid at this instant. Whose it is, the register says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The credential.
    pub credential: CredentialId,
    /// The last second at which the certificate is valid.
    pub not_after: jiff::Timestamp,
}

impl FromRequest for Peer {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Peer {
    /// Judges the certificate again, for the end of something that took a while, such as an upload before its commit.
    pub fn again(request: &HttpRequest) -> Result<Self, ApiProblem> {
        let state = request.app_data::<web::Data<State>>().ok_or_else(ApiProblem::shutting_down)?;
        let connection = request.conn_data::<Connection>().ok_or_else(|| {
            ApiProblem::new(
                Code::CredentialUnknown,
                "This listener takes no certificates; use the mutual-TLS listener.",
            )
        })?;
        let now = state.repository.clock().now().to_timestamp();
        let verdict = connection.verify(&state.verifier, now).map_err(|refusal| refused(&refusal))?;
        Ok(Self { credential: CredentialId(verdict.credential.0), not_after: verdict.expires })
    }

    fn of(request: &HttpRequest) -> Result<Self, ApiProblem> {
        let state = request.app_data::<web::Data<State>>().ok_or_else(ApiProblem::shutting_down)?;
        if state.work.is_draining() {
            return Err(ApiProblem::shutting_down());
        }
        let peer = Self::again(request)?;
        state.take_request(peer.credential).map_err(|seconds| {
            state.metrics.connections().limited(Listener::MutualTls.name(), "requests_per_minute");
            ApiProblem::too_many_requests(seconds)
        })?;
        Ok(peer)
    }
}

/// The certificate was good in the handshake and is not any more.
fn refused(refusal: &ClientCertificateError) -> ApiProblem {
    let code = match refusal {
        ClientCertificateError::Revoked | ClientCertificateError::Expired => Code::CredentialRevoked,
        _ => Code::CredentialUnknown,
    };
    ApiProblem::new(code, sentence(&refusal.to_string())).with_rule("READ-1").closing()
}

/// A message as a sentence of a problem's detail.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}
