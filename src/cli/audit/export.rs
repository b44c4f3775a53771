//! `strongroom audit export`: records into a file, or to whatever reads them.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::What;
use super::error::AuditError;
use super::server::Server;
use super::signed::Vouched;
use super::state::{self, State};
use super::walk::{Visitor, Walk};
use crate::cli::common::failure::Failure;
use crate::cli::common::output::{Output, remark};
use crate::cli::common::progress::Bar;
use crate::cli::common::save::{SaveError, Saving};
use crate::edge::client::Client;
use crate::pure::wire::audit::AuditEntry;

/// Which records, and where to.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Export {
    #[command(flatten)]
    what: What,
    /// The first entry [default: the one after --state's checkpoint, or 0]
    #[arg(long, value_name = "INDEX")]
    from: Option<u64>,
    /// The last entry, included [default: the last one that the log's checkpoint covers]
    #[arg(long, value_name = "INDEX", conflicts_with = "state")]
    to: Option<u64>,
    /// The file to write [default: standard output]; it has its name only when it is whole, and verified with --log-key
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite the file if it is there
    #[arg(long)]
    force: bool,
}

const AFTER_HELP: &str = "\
With --log-key the log's signature is verified, every entry is made again from its record and opening, and together they
must make the tree that the checkpoint signs: nothing is altered, missing or out of place. With --person or --document
each record is verified to be in the log; that none is left out cannot be told from a selection.
Every page of up to 500 records that is read is an entry of the log itself (AUDIT-1).";

impl Export {
    /// Reads, verifies and writes.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from > to
        {
            return Err(Failure::Usage(format!("--from {from} lies after --to {to}. Give the earlier entry first.")));
        }
        let keys = self.what.keys()?;
        let mut state = self.what.state(keys.as_ref())?;
        let saving = self.output.as_deref().map(|file| Saving::begin(file, self.force)).transpose()?;
        let server = Server::patiently(client);
        let last = state.as_ref().and_then(State::last);
        let vouched = match &keys {
            Some(keys) => {
                let folder = state::evidence_folder(state.as_ref(), self.output.as_deref());
                Some(state::grown(&server, last, server.signed(keys)?, keys, &folder)?)
            }
            None => None,
        };
        let from = self.from.or(last.map(|last| last.checkpoint.size)).unwrap_or(0);
        let end = self.end(from, vouched.as_ref())?;
        let (count, walk) = match self.write(&server, from, end, vouched.as_ref(), saving) {
            // Whoever reads has enough, such as `head`: no failure, unless a verdict was asked for.
            Err(AuditError::Sink(error)) if error.kind() == io::ErrorKind::BrokenPipe && keys.is_none() => {
                return Ok(());
            }
            written => written?,
        };
        let earlier = last.map(|last| last.checkpoint.size);
        if let (Some(state), Some(vouched)) = (&mut state, &vouched) {
            state.keep(&vouched.signed)?;
        }
        remark(&self.verdict(count, from, &walk, vouched.as_ref(), earlier));
        if let (true, Some(file)) = (output.is_json(), &self.output) {
            output.value(&self.summary(count, file, vouched.as_ref()));
        }
        Ok(())
    }

    /// Where to end (exclusive), if that is known before anything is read.
    fn end(&self, from: u64, vouched: Option<&Vouched<'_>>) -> Result<Option<u64>, AuditError> {
        let asked = self.to.map(|to| to.saturating_add(1));
        let Some(size) = vouched.map(|vouched| vouched.checkpoint().size) else { return Ok(asked) };
        if from > size {
            return Err(AuditError::Beyond { index: from, size });
        }
        match (asked, self.to) {
            (Some(end), Some(index)) if end > size => Err(AuditError::Beyond { index, size }),
            _ => Ok(Some(asked.unwrap_or(size))),
        }
    }

    fn write(
        &self,
        server: &Server<'_>,
        from: u64,
        end: Option<u64>,
        vouched: Option<&Vouched<'_>>,
        saving: Option<Saving>,
    ) -> Result<(u64, Walk), AuditError> {
        // Lines on a terminal and a bar would write over each other.
        let bar = (saving.is_some() || !io::stdout().is_terminal()).then(|| Bar::counting("Exporting"));
        let mut sink = Sink::of(saving);
        let mut walk = Walk::begin(self.what.selection(), from, vouched)?;
        let mut count = 0;
        let mut take = |entry: &AuditEntry| {
            sink.write_all(self.what.format.line(entry).as_bytes()).map_err(AuditError::Sink)?;
            count += 1;
            if let Some(bar) = &bar {
                bar.show(entry.index.saturating_sub(from) + 1, end.map(|end| end - from));
            }
            Ok(())
        };
        walk.read(server, end, vouched, &mut Visitor { entry: &mut take, look: &mut |_| () })?;
        sink.finish(self.output.as_deref().unwrap_or(Path::new("-")))?;
        Ok((count, walk))
    }

    fn verdict(
        &self,
        count: u64,
        from: u64,
        walk: &Walk,
        vouched: Option<&Vouched<'_>>,
        earlier: Option<u64>,
    ) -> String {
        let Some(vouched) = vouched else {
            return format!("{count} entries. Nothing was verified: give the log's key with --log-key.");
        };
        let checkpoint = vouched.checkpoint();
        let size = checkpoint.size;
        let what = if !self.what.selection().is_everything() {
            format!("{count} entries are in the log; whether one was left out cannot be told from a selection:")
        } else if from == 0 && walk.position() == size {
            format!("{count} entries are exactly the log of")
        } else {
            format!("{count} entries from {from} on are exactly those of the log of")
        };
        let grown = earlier.map(|size| format!(" It holds all that the checkpoint of {size} entries signed."));
        format!(
            "Verified: {what} checkpoint {size} of {} with root {}.{}",
            checkpoint.origin,
            hex::encode(checkpoint.root.0),
            grown.unwrap_or_default()
        )
    }

    fn summary(&self, count: u64, file: &Path, vouched: Option<&Vouched<'_>>) -> Value {
        json!({
            "file": file.display().to_string(),
            "entries": count,
            "verified": vouched.is_some(),
            "complete": vouched.is_some() && self.what.selection().is_everything(),
            "checkpoint": vouched.map(|vouched| json!({
                "origin": vouched.checkpoint().origin.as_str(),
                "size": vouched.checkpoint().size,
                "root": hex::encode(vouched.checkpoint().root.0),
            })),
        })
    }
}

/// Where lines go.
enum Sink {
    File(io::BufWriter<Saving>),
    Output(io::BufWriter<io::Stdout>),
}

impl Sink {
    fn of(saving: Option<Saving>) -> Self {
        match saving {
            Some(saving) => Self::File(io::BufWriter::new(saving)),
            None => Self::Output(io::BufWriter::new(io::stdout())),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::File(file) => file.write_all(bytes),
            Self::Output(output) => output.write_all(bytes),
        }
    }

    /// Writes what is left, and gives a file its name.
    fn finish(self, target: &Path) -> Result<(), AuditError> {
        match self {
            Self::File(file) => {
                let unwritable = |source| SaveError::Unwritable { target: target.to_owned(), source };
                Ok(file.into_inner().map_err(|error| unwritable(error.into_error()))?.keep()?)
            }
            Self::Output(mut output) => output.flush().map_err(AuditError::Sink),
        }
    }
}
