//! `strongroom audit follow`: records as they come.
//!
//! Reading records is itself an entry. So that following does not feed on itself, records are only read when the log's
//! checkpoint, which anyone may read without an entry, shows more than what this reader's own looks have made.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use super::error::AuditError;
use super::interrupts;
use super::server::Server;
use super::signed::{LogKeys, Signed, Vouched, claimed_size};
use super::state::{self, State};
use super::walk::{Visitor, Walk};
use super::{Format, What};
use crate::cli::common::failure::Failure;
use crate::edge::client::Client;
use crate::pure::wire::audit::AuditEntry;

/// Which records, and from where on.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Follow {
    #[command(flatten)]
    what: What,
    /// The first entry [default: the one after --state's checkpoint, or 0]
    #[arg(long, value_name = "INDEX")]
    from: Option<u64>,
    /// Begin with what comes from now on
    #[arg(long, conflicts_with = "from")]
    from_now: bool,
    /// How many seconds to wait between two looks
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    interval: u64,
}

const AFTER_HELP: &str = "\
Each look that reads records is an entry of the log itself (AUDIT-1). Records are read only when the log's checkpoint has
grown by more than these entries, at most once an interval; they are shown with the next entry that is not one of them.
With --log-key a line is written only after its entry was verified to be the log's next; --state remembers how far, and
after a crash the lines since may come again. A server that restarts or is busy is waited for. It ends well (exit code 0)
on SIGINT, SIGTERM and when its output is closed, and with 1 when the log is not what it was.";

impl Follow {
    /// Prints until it is told to stop.
    pub fn run(self, client: &Client) -> Result<(), Failure> {
        let keys = self.what.keys()?;
        let state = self.what.state(keys.as_ref())?;
        let writing = Arc::new(Mutex::new(()));
        interrupts::end_well(Arc::clone(&writing)).map_err(AuditError::Signals)?;
        let server = Server::persistently(client);
        let folder = state::evidence_folder(state.as_ref(), None);
        let last = state.as_ref().and_then(State::last).cloned();
        let pace = Duration::from_secs(self.interval);
        let mut following =
            Following { server: &server, keys, state, last, folder, writing, walk: None, own: BTreeSet::new() };
        loop {
            match following.look(&self) {
                Ok(()) => sleep(pace),
                Err(AuditError::Sink(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn start(&self, size: u64, last: Option<&Signed>) -> u64 {
        match self.from {
            Some(from) => from,
            None if self.from_now => size,
            None => last.map_or(0, |last| last.checkpoint.size),
        }
    }
}

struct Following<'s> {
    server: &'s Server<'s>,
    keys: Option<LogKeys>,
    state: Option<State>,
    /// The last verified checkpoint.
    last: Option<Signed>,
    folder: PathBuf,
    /// Held while a line or the state is written.
    writing: Arc<Mutex<()>>,
    walk: Option<Walk>,
    /// The entries that this reader's looks have made, and that were not read yet.
    own: BTreeSet<u64>,
}

impl Following<'_> {
    fn look(&mut self, follow: &Follow) -> Result<(), AuditError> {
        let Some(note) = self.server.checkpoint()? else { return Ok(()) };
        let (size, vouched) = match &self.keys {
            Some(keys) => {
                let signed = keys.open(&note, "of the server")?;
                let is_known = self.last.as_ref().is_some_and(|last| last.checkpoint == signed.checkpoint);
                if is_known && self.walk.is_some() {
                    return Ok(());
                }
                let vouched = state::grown(self.server, self.last.as_ref(), signed, keys, &self.folder)?;
                (vouched.checkpoint().size, Some(vouched))
            }
            None => (claimed_size(&note).unwrap_or_default(), None),
        };
        let from = follow.start(size, self.last.as_ref());
        let mut walk = match self.walk.take() {
            Some(walk) => walk,
            // An index that the log does not reach yet is waited for.
            None if from > size => return Ok(()),
            None => Walk::begin(follow.what.selection(), from, vouched.as_ref())?,
        };
        let read = if self.shows_more(walk.position(), size) {
            self.read(&mut walk, size, vouched.as_ref(), follow.what.format)
        } else {
            Ok(())
        };
        self.walk = Some(walk);
        read?;
        self.remember(vouched)
    }

    /// Whether there is an entry up to `size` that is not one of this reader's looks.
    fn shows_more(&self, position: u64, size: u64) -> bool {
        size.saturating_sub(position) > self.own.range(position..size.max(position)).count() as u64
    }

    fn read(
        &mut self,
        walk: &mut Walk,
        size: u64,
        vouched: Option<&Vouched<'_>>,
        format: Format,
    ) -> Result<(), AuditError> {
        let (own, writing) = (&mut self.own, &self.writing);
        let mut take = |entry: &AuditEntry| {
            let _writing = writing.lock().unwrap_or_else(PoisonError::into_inner);
            let mut output = io::stdout().lock();
            output.write_all(format.line(entry).as_bytes()).and_then(|()| output.flush()).map_err(AuditError::Sink)
        };
        let mut look = |entry| {
            own.insert(entry);
        };
        walk.read(self.server, Some(size), vouched, &mut Visitor { entry: &mut take, look: &mut look })?;
        self.own = self.own.split_off(&walk.position());
        Ok(())
    }

    /// What was verified holds from now on. The state is what was read, so that nothing is passed over after a restart.
    fn remember(&mut self, vouched: Option<Vouched<'_>>) -> Result<(), AuditError> {
        let Some(Vouched { signed, .. }) = vouched else { return Ok(()) };
        let position = self.walk.as_ref().map_or(0, Walk::position);
        let is_read = position >= signed.checkpoint.size;
        let is_kept = |state: &State| state.last().is_some_and(|last| last.checkpoint == signed.checkpoint);
        if let Some(state) = self.state.as_mut().filter(|state| is_read && !is_kept(state)) {
            let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
            state.keep(&signed)?;
        }
        self.last = Some(signed);
        Ok(())
    }
}
