//! What can go wrong between a person and the server. Each text is one paragraph: what happened, then what to do.

use std::io;
use std::path::{Path, PathBuf};

use crate::pure::wire::problem::Problem;

/// Why a call did not succeed; the variant says at whose side.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A certificate or key file of the connection's settings does not serve.
    #[error("The file {} {trouble}. {CHOOSE}", path.display())]
    Credential {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, as the rest of a sentence.
        trouble: String,
    },
    /// The file with the server's authority does not serve.
    #[error(
        "The file {} {trouble}. Give the PEM file of the authority that issued the server's certificate: --ca FILE, \
         STRONGROOM_CA or a profile.",
        path.display()
    )]
    Authority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, as the rest of a sentence.
        trouble: String,
    },
    /// The server's URL does not serve.
    #[error(
        "The server's address {server} is not usable: {trouble}. Write it as https://host:port, with --server, \
         STRONGROOM_SERVER or in a profile."
    )]
    Address {
        /// What was given.
        server: String,
        /// What is wrong with it.
        trouble: String,
    },
    /// Nothing answers there.
    #[error(
        "No connection to {server}: {trouble}. Check that the server runs and that the address is its mutual TLS \
         listener's (--server, STRONGROOM_SERVER or a profile)."
    )]
    Unreachable {
        /// The server's URL.
        server: String,
        /// What the operating system says.
        trouble: String,
    },
    /// The server's certificate is not to be trusted under the given authority.
    #[error(
        "The certificate of {server} is not trusted: {trouble}. If this is the right server, give the authority that \
         issued its certificate with --ca, STRONGROOM_CA or in a profile."
    )]
    UntrustedServer {
        /// The server's URL.
        server: String,
        /// What is wrong with its certificate.
        trouble: String,
    },
    /// The server ended the handshake: it does not take this client's certificate.
    #[error("{server} did not accept the certificate {}: {trouble}. {CHOOSE}", certificate.display())]
    CertificateRefused {
        /// The server's URL.
        server: String,
        /// The certificate that was presented.
        certificate: PathBuf,
        /// What the server's alert says.
        trouble: String,
    },
    /// The server refused, or failed and said so.
    #[error("{}", refusal(problem, *retry_after))]
    Refused {
        /// The problem document.
        problem: Box<Problem>,
        /// After how many seconds the server says to try again.
        retry_after: Option<u64>,
    },
    /// The answer is none that the contract knows.
    #[error(
        "{server} answered with status {status} and something that this version of strongroom does not understand: \
         {trouble}. Check that the address is a Strongroom server's and that its version is this one's."
    )]
    NotUnderstood {
        /// The server's URL.
        server: String,
        /// The status.
        status: u16,
        /// What was not understood.
        trouble: String,
    },
    /// The connection broke under way.
    #[error(
        "The connection to {server} broke: {trouble}. What was under way may or may not have happened: look with \
         `strongroom show` or `strongroom list` before you try again. The same bytes under the same label are safe to \
         lodge again."
    )]
    Interrupted {
        /// The server's URL.
        server: String,
        /// What broke.
        trouble: String,
    },
    /// A file of the person's own cannot be read or written.
    #[error("{action} {} failed: {source}.", path.display())]
    File {
        /// What was tried, for example `Reading`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Output cannot be written.
    #[error("The content cannot be written out: {0}.")]
    Sink(io::Error),
    /// What arrived is not what the server announced.
    #[error(
        "What arrived is not what the server announced: {0}. Nothing of it was kept. Read it again; if it happens \
         again, tell the server's operator: the stored bytes or the way to them are damaged."
    )]
    Damaged(String),
}

impl ClientError {
    pub(super) fn credential(path: &Path, trouble: impl Into<String>) -> Self {
        Self::Credential { path: path.to_owned(), trouble: trouble.into() }
    }

    pub(super) fn authority(path: &Path, trouble: impl Into<String>) -> Self {
        Self::Authority { path: path.to_owned(), trouble: trouble.into() }
    }

    /// The problem document that the server sent, if it is one that this error holds.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused { problem, .. } => Some(problem),
            _ => None,
        }
    }
}

const CHOOSE: &str = "Choose the certificate that the Secretariat bound to you: --cert FILE with --key FILE, \
                      STRONGROOM_CERT with STRONGROOM_KEY, or a profile (--profile NAME).";

fn refusal(problem: &Problem, retry_after: Option<u64>) -> String {
    let mut text = format!("{} ({}): {}.", problem.title, problem.code, sentence(&problem.detail));
    if let Some(rule) = &problem.rule {
        text += &format!(" Rule: {rule}.");
    }
    if let Some(satisfy) = &problem.satisfy {
        text += &format!(" To change the answer: {}.", sentence(satisfy));
    }
    if let Some(seconds) = retry_after {
        text += &format!(" Try again in {seconds} s.");
    }
    if let Some(entry) = problem.entry {
        text += &format!(" It is on record as entry {entry} of the audit log.");
    }
    text
}

fn sentence(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(json: serde_json::Value, retry_after: Option<u64>) -> String {
        let problem = Box::new(serde_json::from_value(json).unwrap());
        ClientError::Refused { problem, retry_after }.to_string()
    }

    #[test]
    fn a_refusal_names_the_rule_the_remedy_and_the_entry() {
        let problem = serde_json::json!({
            "type": "/problems/need_required", "title": "A recorded need is required", "status": 403,
            "detail": "no need of yours covers version 3.0", "code": "need_required", "rule": "READ-3",
            "satisfy": "record a need with a reference, or send one with the request.", "entry": 1042,
        });
        assert_eq!(
            paragraph(problem, None),
            "A recorded need is required (need_required): no need of yours covers version 3.0. Rule: READ-3. To change \
             the answer: record a need with a reference, or send one with the request. It is on record as \
             entry 1042 of the audit log."
        );
    }

    #[test]
    fn what_does_not_exist_gives_no_reason() {
        let problem = serde_json::json!({
            "type": "/problems/not_found", "title": "Not found", "status": 404,
            "detail": "there is nothing here that you may know of", "code": "not_found",
        });
        assert_eq!(paragraph(problem, None), "Not found (not_found): there is nothing here that you may know of.");
    }

    #[test]
    fn a_busy_server_says_when_to_try_again() {
        let problem = serde_json::json!({
            "type": "/problems/log_unavailable", "title": "The audit log is unavailable", "status": 503,
            "detail": "audit log: no space on /srv/data", "code": "log_unavailable",
        });
        assert!(paragraph(problem, Some(2)).ends_with("/srv/data. Try again in 2 s."));
    }

    #[test]
    fn every_paragraph_is_one_line() {
        let refused = ClientError::CertificateRefused {
            server: "https://127.0.0.1:8443".into(),
            certificate: "outsider.pem".into(),
            trouble: "received fatal alert: CertificateUnknown".into(),
        };
        let text = refused.to_string();
        assert!(!text.contains('\n') && text.contains("--profile NAME") && text.contains("outsider.pem"), "{text}");
    }
}
