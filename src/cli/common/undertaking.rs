//! Undertaking an exact text: the text is read and held against its digest here, and signed with the connection's key.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::failure::Failure;
use super::output::printable;
use super::save::{SaveError, Saving};
use crate::edge::client::Client;
use crate::pure::tlog::hash::sha256;
use crate::pure::wire::digest::Digest;
use crate::pure::wire::undertaking::NewUndertaking;
use crate::service::clock::Clock;

/// How to undertake a text.
#[derive(Debug, clap::Args)]
pub struct Undertake {
    /// The body, if several ask you
    #[arg(long)]
    pub body: Option<String>,
    /// Record the act alone, as attested, instead of signing the text with your certificate's key
    #[arg(long)]
    pub attest: bool,
    /// The file with the text that you have read: nothing is done if the body asks for another one
    #[arg(long)]
    pub file: Option<PathBuf>,
}

/// How to show a text.
#[derive(Debug, clap::Args)]
pub struct ShowText {
    /// The body, if several ask you
    #[arg(long)]
    pub body: Option<String>,
    /// Write the text to this file, to the last byte, for example to sign it with openssl
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite the file
    #[arg(long, requires = "output")]
    pub force: bool,
}

impl Undertake {
    /// What is sent for the text of that digest: signed here over exactly the text that was shown, unless it is attested.
    pub fn over(&self, digest: Digest, text: Option<&str>, client: &Client) -> Result<NewUndertaking, Failure> {
        if let Some(file) = &self.file {
            let read = fs::read(file).map_err(|error| unreadable(file, &error))?;
            if sha256(&read) != digest.0 {
                return Err(other(format!(
                    "You are asked for another text than that in {}: nothing was signed or sent. Read the one that you \
                     are asked for.",
                    file.display()
                )));
            }
        }
        if self.attest {
            return Ok(NewUndertaking { text_digest: digest, signature: None });
        }
        let text = checked(digest, text)?;
        let signature = client.sign_text(text.as_bytes(), Clock::system().now().to_timestamp())?;
        Ok(NewUndertaking { text_digest: digest, signature: Some(STANDARD.encode(signature)) })
    }
}

impl ShowText {
    /// Writes the text to the file, if one is named, and says where it is; else gives it for the terminal.
    pub fn show(&self, digest: Digest, text: Option<&str>) -> Result<String, Failure> {
        let text = checked(digest, text)?;
        let Some(file) = &self.output else {
            let lines: Vec<_> = text.lines().map(printable).collect();
            return Ok(lines.join("\n"));
        };
        let mut saving = Saving::begin(file, self.force)?;
        let written = saving.write_all(text.as_bytes());
        written.map_err(|source| SaveError::Unwritable { target: file.clone(), source })?;
        saving.keep()?;
        Ok(format!("The text is in {}.", file.display()))
    }
}

/// The one thing of a body, where only one is there or the body is named.
pub fn of_body<T>(items: Vec<T>, body: Option<&str>, body_of: impl Fn(&T) -> &str, what: &str) -> Result<T, Failure> {
    let mut bodies: Vec<_> = items.iter().map(|one| body_of(one).to_owned()).collect();
    bodies.sort_unstable();
    bodies.dedup();
    let mut fitting = items.into_iter().filter(|one| body.is_none_or(|body| body_of(one) == body));
    match fitting.next() {
        Some(_) if body.is_none() && bodies.len() > 1 => Err(Failure::Usage(format!(
            "There are {what} of several bodies: name one with --body ({}).",
            bodies.join(", ")
        ))),
        Some(one) => Ok(one),
        None => Err(other(format!(
            "There are no {what}{} for you. `strongroom me` shows what is missing.",
            body.map_or_else(String::new, |body| format!(" of the body {}", printable(body)))
        ))),
    }
}

/// A file with text.
pub fn text_file(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

/// What a server shows under a digest has that digest, or nothing is done with it.
fn checked(digest: Digest, text: Option<&str>) -> Result<&str, Failure> {
    let text = text.ok_or_else(|| {
        other("The server keeps the digest of this text and not the text itself: get it from the Secretariat.".into())
    })?;
    if sha256(text.as_bytes()) != digest.0 {
        return Err(other(
            "The server shows another text than the one whose SHA-256 it asks for: tell its operator.".into(),
        ));
    }
    Ok(text)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    other(format!("{} cannot be read: {error}.", path.display()))
}

fn other(text: String) -> Failure {
    Failure::Other(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(bodies: &[&'static str], body: Option<&str>) -> Result<&'static str, Failure> {
        of_body(bodies.to_vec(), body, |one| one, "agreements")
    }

    #[test]
    fn a_body_is_named_where_there_are_several() {
        assert_eq!(picked(&["pma"], None).unwrap(), "pma");
        assert_eq!(picked(&["panel", "pma"], Some("pma")).unwrap(), "pma");
        let several = picked(&["panel", "pma"], None).unwrap_err();
        assert_eq!((several.exit_code(), several.to_string().contains("--body (panel, pma)")), (2, true));
        let none = picked(&["panel"], Some("pma")).unwrap_err();
        assert_eq!((none.exit_code(), none.to_string().contains("of the body pma")), (1, true));
    }

    #[test]
    fn gov_1_a_text_that_has_another_digest_is_neither_shown_nor_signed() {
        let show = ShowText { body: None, output: None, force: false };
        let digest = Digest(sha256(b"The text.\n"));
        assert_eq!(show.show(digest, Some("The text.\n")).unwrap(), "The text.");
        assert!(show.show(digest, Some("The text.")).unwrap_err().to_string().contains("another text"));
        assert!(show.show(digest, None).is_err());
    }
}
