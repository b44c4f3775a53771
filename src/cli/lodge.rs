//! `strongroom lodge`: upload a version.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::common::failure::Failure;
use super::common::output::{Output, printable, remark};
use super::common::progress::Bar;
use super::common::time::day;
use super::show::version_text;
use crate::edge::client::{Client, Signing, Upload};
use crate::pure::wire::lodgement::LodgeQuery;
use crate::pure::wire::marking::Marking;
use crate::service::clock::Clock;

/// What to lodge, and what is said of it.
#[derive(Debug, clap::Args)]
pub struct Lodge {
    /// The document
    document: String,
    /// The label of the new version, for example `3.0`
    label: String,
    /// The file
    file: PathBuf,
    /// The classification that you propose: RED, AMBER, GREEN or WHITE, or a marking such as TLP:AMBER+STRICT
    #[arg(long)]
    classification: Option<Marking>,
    /// The day on which the Code changed (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = day)]
    incorporated: Option<Date>,
    /// The day from which it has effect (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = day)]
    effective: Option<Date>,
    /// A note that is kept with the version
    #[arg(long)]
    note: Option<String>,
    /// The direction that this discharges, for example `direction-12`
    #[arg(long, value_name = "ID")]
    direction: Option<String>,
    /// The media type [default: by the file's ending]
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Sign the lodgement with your certificate's key: evidence that does not rest on the server's word
    #[arg(long)]
    sign: bool,
    /// With --sign: the name of the log that you sign for; another server's is refused [default: as the server says]
    #[arg(long, value_name = "NAME", requires = "sign")]
    origin: Option<String>,
}

impl Lodge {
    /// Uploads the file with its digest. The same bytes under the same label again are no error and no new lodgement.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
        let origin = if self.sign { Some(self.origin_to_sign_for(client)?) } else { None };
        let query = LodgeQuery {
            classification: self.classification,
            incorporated: self.incorporated,
            effective: self.effective,
            note: self.note,
            direction: self.direction,
        };
        let bar = Bar::new("Lodging");
        let upload = Upload {
            document: &self.document,
            label: &self.label,
            file: &self.file,
            content_type: self.content_type.as_deref().unwrap_or_else(|| media_type(&self.file)),
            query: &query,
            signing: origin.as_deref().map(|origin| Signing { origin, now: Clock::system().now().to_timestamp() }),
        };
        let answer = client.lodge(&upload, &mut |sent, size| bar.show(sent, Some(size)));
        drop(bar);
        let answer = answer?;
        if self.sign && answer.status != 201 {
            let kept = if answer.value.version.lodger_signature.is_some() { "that one's stays" } else { "it has none" };
            remark(&format!(
                "Nothing new was lodged, so that this signature was not kept: of the earlier lodgement, {kept}."
            ));
        }
        output.answer(&answer, |lodgement| {
            let what = if answer.status == 201 { "Lodged" } else { "Lodged before, the same bytes" };
            format!("{what}: entry {}.\n{}", lodgement.entry, version_text(&lodgement.version))
        });
        Ok(())
    }

    /// The log that the server says it keeps, which is told, and must be the one that was named, if one was.
    fn origin_to_sign_for(&self, client: &Client) -> Result<String, Failure> {
        let told = client.log_origin()?;
        match &self.origin {
            Some(named) if *named != told => Err(OtherLog { told, named: named.clone() }.into()),
            _ => {
                remark(&format!("Signing for the log {}.", printable(&told)));
                Ok(told)
            }
        }
    }
}

/// The server keeps another log than the one that the person signs for: a failure, not a mistake of the command line.
#[derive(Debug, thiserror::Error)]
#[error(
    "The server keeps the log {}, and you sign for {} only: nothing was signed or sent. Connect to the server of that \
     log, or correct --origin.",
    printable(told),
    printable(named)
)]
pub struct OtherLog {
    told: String,
    named: String,
}

/// The media type that a file's ending names; for any other, bytes.
fn media_type(file: &Path) -> &'static str {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "txt" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "html" | "htm" => "text/html; charset=utf-8",
        "xml" => "application/xml",
        "json" => "application/json",
        "zip" => "application/zip",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_names_the_media_type() {
        assert_eq!(media_type(Path::new("Device Policy.PDF")), "application/pdf");
        assert_eq!(media_type(Path::new("policy")), "application/octet-stream");
    }
}
