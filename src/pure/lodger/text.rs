//! The canonical text of a lodgement: what a lodger signs.

use std::fmt;

use jiff::civil::Date;

/// What a lodger says of the bytes that it lodges. Its `Display` form is the text that is signed: UTF-8, each line
/// ended by a line feed, one form for one lodgement.
///
/// ```text
/// strongroom/lodgement/v1
/// origin <the log's name>
/// document <slug>
/// label <label>
/// sha-256 <64 lower-case hexadecimal digits>
/// size <bytes, decimal>
/// incorporated <YYYY-MM-DD or ->
/// effective <YYYY-MM-DD or ->
/// classification <RED, AMBER, GREEN, WHITE or ->
/// ```
///
/// Dates and classification are as the lodger gave them in the request, `-` where it gave none. Names are well formed:
/// none of them has a line feed, so that no two lodgements have the same text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LodgementText<'a> {
    /// The name of the log in which the lodgement is to be entered.
    pub origin: &'a str,
    /// The slug of the document.
    pub document: &'a str,
    /// The label of the version.
    pub label: &'a str,
    /// The SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// Their number.
    pub size: u64,
    /// The day on which the Code changed, if the lodger gave it.
    pub incorporated: Option<Date>,
    /// The day from which it has effect, if the lodger gave it.
    pub effective: Option<Date>,
    /// The classification that the lodger proposes, if any, in upper case.
    pub classification: Option<&'a str>,
}

/// The first line: a text of another form gets another one.
const VERSION: &str = "strongroom/lodgement/v1";

impl fmt::Display for LodgementText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, document, label, sha256, size, incorporated, effective, classification } = self;
        let day = |day: &Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        writeln!(f, "{VERSION}")?;
        writeln!(f, "origin {origin}")?;
        writeln!(f, "document {document}")?;
        writeln!(f, "label {label}")?;
        writeln!(f, "sha-256 {}", hex::encode(sha256))?;
        writeln!(f, "size {size}")?;
        writeln!(f, "incorporated {}", day(incorporated))?;
        writeln!(f, "effective {}", day(effective))?;
        writeln!(f, "classification {}", classification.unwrap_or("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lodge_6_a_lodgement_has_this_text_for_ever() {
        let text = LodgementText {
            origin: "strongroom.example/log",
            document: "device-certificate-policy",
            label: "3.0",
            sha256: [0xd1; 32],
            size: 2_147_483_648,
            incorporated: Some(jiff::civil::date(2026, 11, 1)),
            effective: None,
            classification: Some("GREEN"),
        };
        let digest = "d1".repeat(32);
        let expected = format!(
            "strongroom/lodgement/v1\norigin strongroom.example/log\ndocument device-certificate-policy\nlabel 3.0\n\
             sha-256 {digest}\nsize 2147483648\nincorporated 2026-11-01\neffective -\nclassification GREEN\n"
        );
        assert_eq!(text.to_string(), expected);
        let bare = LodgementText { incorporated: None, classification: None, ..text };
        assert!(bare.to_string().ends_with("\nincorporated -\neffective -\nclassification -\n"));
    }
}
