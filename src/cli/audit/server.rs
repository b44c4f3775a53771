//! The server as these verbs ask it: again, after a while, when it is busy, restarting or out of reach.

use std::cell::Cell;
use std::thread::sleep;
use std::time::Duration;

use super::error::AuditError;
use super::signed::{LogKeys, Signed};
use crate::cli::common::output::remark;
use crate::edge::client::{Answer, Client, ClientError};
use crate::pure::tlog::served_tree::TileServer;
use crate::pure::tlog::tile::Tile;
use crate::pure::wire::audit::{AuditEntry, AuditQuery};
use crate::pure::wire::page::Page;

/// A server, and how long to bear with it.
pub struct Server<'c> {
    client: &'c Client,
    /// How often to ask in vain; without end if `None`.
    attempts: Option<u32>,
    /// Whether it has ever answered: a mistyped address is told at once.
    has_answered: Cell<bool>,
}

impl<'c> Server<'c> {
    /// Gives up after a few minutes.
    pub fn patiently(client: &'c Client) -> Self {
        Self { client, attempts: Some(ATTEMPTS), has_answered: Cell::new(false) }
    }

    /// Never gives up on a server that has answered once.
    pub fn persistently(client: &'c Client) -> Self {
        Self { attempts: None, ..Self::patiently(client) }
    }

    /// The log's last checkpoint as it is served.
    pub fn checkpoint(&self) -> Result<Option<Vec<u8>>, AuditError> {
        Ok(self.ask(Client::checkpoint)?)
    }

    /// The log's last checkpoint, verified.
    pub fn signed(&self, keys: &LogKeys) -> Result<Signed, AuditError> {
        let note = self.checkpoint()?.ok_or(AuditError::NoCheckpoint)?;
        keys.open(&note, &format!("of {}", self.client.server()))
    }

    /// A page of entries. Each is an entry of its own.
    pub fn entries(&self, query: &AuditQuery) -> Result<Answer<Page<AuditEntry>>, AuditError> {
        Ok(self.ask(|client| client.audit_entries(query))?)
    }

    fn ask<T>(&self, call: impl Fn(&Client) -> Result<T, ClientError>) -> Result<T, ClientError> {
        let mut attempt = 0;
        loop {
            match call(self.client) {
                Ok(answer) => {
                    if attempt > 0 {
                        remark("The server answers again.");
                    }
                    self.has_answered.set(true);
                    return Ok(answer);
                }
                Err(error) => {
                    let is_last = self.attempts.is_some_and(|most| attempt + 1 >= most);
                    let wait = wait(&error, attempt, self.has_answered.get()).filter(|_| !is_last);
                    let Some(wait) = wait else { return Err(error) };
                    if attempt == 0 {
                        remark(&format!("{error} It is tried again until it succeeds."));
                    }
                    attempt += 1;
                    sleep(wait);
                }
            }
        }
    }
}

impl TileServer for Server<'_> {
    type Error = ClientError;

    fn tile(&self, tile: &Tile) -> Result<Vec<u8>, ClientError> {
        self.ask(|client| client.log_tile(tile))
    }
}

/// How long to wait before asking again; `None` if that is of no use.
fn wait(error: &ClientError, attempt: u32, has_answered: bool) -> Option<Duration> {
    let backing_off = Duration::from_secs(1 << attempt.min(5)).min(LONGEST_WAIT);
    match error {
        ClientError::Refused { problem, retry_after } if matches!(problem.status, 429 | 503) => {
            let said = Duration::from_secs(retry_after.unwrap_or_default()).min(LONGEST_BIDDEN_WAIT);
            // A server that goes on saying "in a second" is asked less and less often.
            Some(said.max(backing_off))
        }
        ClientError::NotUnderstood { status: 500..=599, .. } => Some(backing_off),
        ClientError::Unreachable { .. } | ClientError::Interrupted { .. } if has_answered => Some(backing_off),
        _ => None,
    }
}

const ATTEMPTS: u32 = 9;
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_BIDDEN_WAIT: Duration = Duration::from_secs(3600);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pure::wire::problem::{Code, Problem};

    fn refused(code: Code, retry_after: Option<u64>) -> ClientError {
        ClientError::Refused { problem: Box::new(Problem::new(code, "because")), retry_after }
    }

    #[test]
    fn a_busy_server_is_asked_again_when_it_says_and_less_and_less_often() {
        let seconds = |error: &ClientError, attempt| wait(error, attempt, true).map(|wait| wait.as_secs());
        assert_eq!(seconds(&refused(Code::TooManyRequests, Some(7)), 0), Some(7));
        assert_eq!(seconds(&refused(Code::LogUnavailable, Some(1)), 4), Some(16));
        assert_eq!(seconds(&refused(Code::ShuttingDown, None), 0), Some(1));
        assert_eq!(seconds(&refused(Code::ShuttingDown, None), 40), Some(30));
    }

    #[test]
    fn what_will_not_change_is_not_asked_again() {
        assert_eq!(wait(&refused(Code::NotPermitted, None), 0, true), None);
        assert_eq!(wait(&refused(Code::NotFound, None), 0, true), None);
        let unreachable = || ClientError::Unreachable { server: "https://typo".into(), trouble: "unknown".into() };
        assert_eq!(wait(&unreachable(), 0, false), None);
        assert!(wait(&unreachable(), 0, true).is_some());
        let not_understood =
            |status| ClientError::NotUnderstood { server: String::new(), status, trouble: String::new() };
        assert!(wait(&not_understood(502), 0, false).is_some());
        assert_eq!(wait(&not_understood(200), 0, true), None);
    }
}
