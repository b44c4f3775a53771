//! `strongroom read`: download a version under a need.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::common::failure::Failure;
use super::common::output::{Output, or_dash, remark};
use super::common::progress::Bar;
use super::common::save::Saving;
use super::common::time::{day, instant};
use crate::edge::client::{Client, Content, ContentRequest};
use crate::pure::wire::document::AsOfQuery;
use crate::pure::wire::reasonable_need::{InlineNeed, ReasonableNeed};
use crate::pure::wire::version::IN_FORCE;

/// What to read, why, and where to.
#[derive(Debug, clap::Args)]
pub struct Read {
    /// The document
    document: String,
    /// The version: a label, `in-force` or `latest`
    #[arg(default_value = IN_FORCE)]
    version: String,
    /// The need that covers it, recorded before with `strongroom need record`
    #[arg(long, value_name = "ID", conflicts_with_all = ["purpose", "statement", "reference"])]
    need: Option<String>,
    /// The coded purpose of a need that is recorded with this read, for example `assurance`
    #[arg(long, requires = "statement")]
    purpose: Option<String>,
    /// Why you need to read it, in your words
    #[arg(long, requires = "purpose")]
    statement: Option<String>,
    /// The action, modification, assessment, meeting, decision or direction that it serves
    #[arg(long, requires = "purpose")]
    reference: Option<String>,
    /// Only these bytes, counted from 0, both included: `0-99`, or `100-` for the rest
    #[arg(long, value_name = "A-B", value_parser = range)]
    range: Option<(u64, Option<u64>)>,
    /// The version in force on this day (YYYY-MM-DD, in Europe/London)
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "version")]
    as_of: Option<Date>,
    /// Only what the repository knew at this instant (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = instant, conflicts_with = "version")]
    known_at: Option<Timestamp>,
    /// The file to write, readable by you alone; `-` for standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Overwrite the file if it is there
    #[arg(long)]
    force: bool,
}

impl Read {
    /// Reads, checks the digest, keeps the file and says which entry the read made.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let need = self.reasonable_need();
        if self.output == Path::new("-") {
            let label = self.label(client)?;
            let content = self.transfer(client, &label, need.as_ref(), &mut io::stdout().lock())?;
            // Standard output holds the content, so that what is said of it goes beside.
            if output.is_json() {
                remark(&format!("{:#}", self.json(&label, &content)));
            } else {
                remark(&self.text(&label, &content));
            }
        } else {
            let mut saving = Saving::begin(&self.output, self.force)?;
            let label = self.label(client)?;
            let content = self.transfer(client, &label, need.as_ref(), &mut saving)?;
            saving.keep()?;
            if output.is_json() {
                output.value(&self.json(&label, &content));
            } else {
                output.text(&self.text(&label, &content));
            }
        }
        Ok(())
    }

    fn reasonable_need(&self) -> Option<ReasonableNeed> {
        if let Some(id) = &self.need {
            return Some(ReasonableNeed::Recorded(id.clone()));
        }
        let (purpose, statement) = (self.purpose.clone()?, self.statement.clone()?);
        Some(ReasonableNeed::Inline(InlineNeed { purpose, statement, reference: self.reference.clone() }))
    }

    fn label(&self, client: &Client) -> Result<String, Failure> {
        let query = AsOfQuery { as_of: self.as_of, known_at: self.known_at };
        if query == AsOfQuery::default() {
            return Ok(self.version.clone());
        }
        Ok(client.document_as_of(&self.document, &query)?.value.label)
    }

    fn transfer(
        &self,
        client: &Client,
        label: &str,
        need: Option<&ReasonableNeed>,
        sink: &mut dyn io::Write,
    ) -> Result<Content, Failure> {
        let bar = Bar::new("Reading");
        let request = ContentRequest { document: &self.document, label, need, range: self.range };
        Ok(client.read(&request, sink, &mut |done, total| bar.show(done, total))?)
    }

    fn json(&self, label: &str, content: &Content) -> serde_json::Value {
        json!({
            "document": self.document,
            "version": label,
            "file": self.output.display().to_string(),
            "status": content.status,
            "size": content.size,
            "digest": content.digest,
            "verified": content.verified,
            "classification": content.classification,
            "content_type": content.content_type,
            "audit_entry": content.entry,
        })
    }

    fn text(&self, label: &str, content: &Content) -> String {
        let checked =
            if content.verified { "digest verified" } else { "not verified, since no digest came for these bytes" };
        format!(
            "Read {} {label} ({}): {} bytes, {checked}, to {}. Entry {} of the audit log.",
            self.document,
            or_dash(content.classification),
            content.size,
            self.output.display(),
            or_dash(content.entry),
        )
    }
}

fn range(text: &str) -> Result<(u64, Option<u64>), String> {
    let wrong = || "write the first and the last byte, counted from 0: 0-99, or 100- for the rest".to_owned();
    let (first, last) = text.split_once('-').ok_or_else(wrong)?;
    let first = first.parse().map_err(|_| wrong())?;
    let last = if last.is_empty() { None } else { Some(last.parse().map_err(|_| wrong())?) };
    if last.is_some_and(|last| last < first) { Err(wrong()) } else { Ok((first, last)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_counts_from_nought_and_may_be_open() {
        assert_eq!(range("0-99"), Ok((0, Some(99))));
        assert_eq!(range("100-"), Ok((100, None)));
        for wrong in ["-5", "9-3", "a-b", "7", ""] {
            assert!(range(wrong).is_err(), "{wrong}");
        }
    }
}
