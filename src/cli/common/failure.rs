//! Why a verb did not do what was asked.

use std::error::Error;

use serde_json::{Value, json};

use super::connection::ConnectionError;
use super::root::IsRoot;
use super::save::SaveError;
use crate::cli::audit::error::AuditError;
use crate::cli::check::CheckFailed;
use crate::cli::config::ConfigError;
use crate::cli::demo::DemoError;
use crate::cli::evidence::SignatureError;
use crate::cli::init::InitError;
use crate::cli::lodge::OtherLog;
use crate::cli::serve::hardening::NotHardened;
use crate::cli::serve::sandbox::NoSandbox;
use crate::cli::verify::VerifyError;
use crate::cli::witness::WitnessError;
use crate::edge::client::ClientError;
use crate::edge::http::server::ServeError;
use crate::edge::pki::LoadError;
use crate::service::startup::StartError;

/// A failure of a verb. Each text is one paragraph: what happened, then what to do.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server refused, or could not be reached.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The connection is not settled.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The server's configuration does not serve.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A file cannot be kept.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// Arguments that parse one by one but make no sense together.
    #[error("{0}")]
    Usage(String),
    /// A data directory cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A certificate or revocation list of the server cannot be used.
    #[error(transparent)]
    Tls(#[from] LoadError),
    /// A server was started as root.
    #[error(transparent)]
    IsRoot(#[from] IsRoot),
    /// A process that holds keys cannot close its memory.
    #[error(transparent)]
    NotHardened(#[from] NotHardened),
    /// The sandbox is required and cannot be had.
    #[error(transparent)]
    NoSandbox(#[from] NoSandbox),
    /// The server cannot listen, or failed.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// A proof proves nothing, or not what was asked.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// There is no lodger's signature to write.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// A signature was asked for, and the server keeps another log.
    #[error(transparent)]
    OtherLog(#[from] OtherLog),
    /// Records were not exported, or are not what the log holds.
    #[error(transparent)]
    Audit(AuditError),
    /// A check found something, or could not be carried through.
    #[error(transparent)]
    Check(#[from] CheckFailed),
    /// The demonstration did not do what it should.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// A directory could not be made.
    #[error(transparent)]
    Init(#[from] InitError),
    /// A witness was not made, or is not served.
    #[error(transparent)]
    Witness(#[from] WitnessError),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Box<dyn Error + Send + Sync>),
}

impl From<AuditError> for Failure {
    /// What the server refused stays its problem.
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Client(error) => Self::Client(error),
            error => Self::Audit(error),
        }
    }
}

impl Failure {
    /// 1 for what was refused or failed, 2 for usage.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            _ => 1,
        }
    }

    /// The failure for machines: the server's problem document where there is one, else one of the same form
    /// (RFC 9457) with the paragraph as its detail.
    pub fn to_json(&self) -> Value {
        let problem = match self {
            Self::Client(error) => error.problem().and_then(|problem| serde_json::to_value(problem).ok()),
            _ => None,
        };
        problem.unwrap_or_else(|| json!({"type": "about:blank", "title": "Not done", "detail": self.to_string()}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pure::wire::problem::{Code, Problem};

    #[test]
    fn a_refusal_is_shown_to_machines_as_the_server_wrote_it() {
        let problem = Problem::new(Code::NotPermitted, "only the Chair determines").with_rule("CLASS-1").with_entry(7);
        let refused = ClientError::Refused { problem: Box::new(problem.clone()), retry_after: None };
        let failure = Failure::from(refused);
        assert_eq!(failure.to_json(), serde_json::to_value(problem).unwrap());
        assert_eq!(failure.exit_code(), 1);
    }

    #[test]
    fn a_failure_of_ours_has_the_same_form() {
        let failure = Failure::Usage("an entry is a number".into());
        assert_eq!(failure.to_json()["detail"], "an entry is a number");
        assert_eq!(failure.exit_code(), 2);
    }
}
