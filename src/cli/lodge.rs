//! `strongroom lodge`: upload a version.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::common::failure::Failure;
use super::common::output::Output;
use super::common::progress::Bar;
use super::common::time::day;
use super::show::version_text;
use crate::edge::client::{Client, Upload};
use crate::pure::wire::classification::Classification;
use crate::pure::wire::lodgement::LodgeQuery;

/// What to lodge, and what is said of it.
#[derive(Debug, clap::Args)]
pub struct Lodge {
    /// The document
    document: String,
    /// The label of the new version, for example `3.0`
    label: String,
    /// The file
    file: PathBuf,
    /// The classification that you propose: RED, AMBER, GREEN or WHITE
    #[arg(long)]
    classification: Option<Classification>,
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
}

impl Lodge {
    /// Uploads the file with its digest. The same bytes under the same label again are no error and no new lodgement.
    pub fn run(self, client: &Client, output: &Output) -> Result<(), Failure> {
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
        };
        let answer = client.lodge(&upload, &mut |sent, size| bar.show(sent, Some(size)));
        drop(bar);
        let answer = answer?;
        output.answer(&answer, |lodgement| {
            let what = if answer.status == 201 { "Lodged" } else { "Lodged before, the same bytes" };
            format!("{what}: entry {}.\n{}", lodgement.entry, version_text(&lodgement.version))
        });
        Ok(())
    }
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
