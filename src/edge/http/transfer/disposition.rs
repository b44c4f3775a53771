//! `Content-Disposition`: how a stored document is to be kept, and under which name (RFC 6266, RFC 8187).
//!
//! Slugs and labels have few characters, so that today's names are tame by themselves. What is done here would hold for
//! any: a name is a plain file in the folder that the reader chose, on every file system, and of a type that the media
//! type gave it and not the one who chose the label.

use std::fmt::Write;

/// The type of document that browsers may show themselves: exactly this, without parameters.
pub(super) const PDF: &str = "application/pdf";

/// The field for a document of this media type under this file name, which is made [`harmless`] first.
pub(super) fn disposition(content_type: &str, file_name: &str) -> String {
    let kind = if content_type == PDF { "inline" } else { "attachment" };
    let name = harmless(file_name);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut field = format!("{kind}; filename=\"{plain}\"");
    if plain != name {
        field.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => field.push(byte.into()),
                // Writing into a String cannot fail.
                _ => drop(write!(field, "%{byte:02X}")),
            }
        }
    }
    field
}

/// The name under which a version is kept: slug, label, and the ending of its media type. What has no usual one is
/// `.bin`: a label must not choose what a reader's machine does with the file.
pub(super) fn file_name(slug: &str, label: &str, content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let ending = ENDINGS.iter().find(|(known, _)| essence.eq_ignore_ascii_case(known));
    let ending = ending.map_or(UNKNOWN_ENDING, |(_, ending)| ending);
    format!("{slug}-{label}{ending}")
}

/// A name that is a file of its own in the folder where it is kept: no separator, control or direction of writing, no
/// hidden file, nothing that a file system drops from the end, no device of Windows, and not too long. Its ending stays.
fn harmless(name: &str) -> String {
    let replaced: String = name.chars().map(|c| if is_kept(c) { c } else { '_' }).collect();
    let name = shortened(&replaced, MAX_LEN);
    let first = name.split('.').next().unwrap_or_default().trim_end();
    let is_device = DEVICES.iter().any(|device| first.eq_ignore_ascii_case(device));
    if first.is_empty() || name.starts_with([' ', '~', '-']) || is_device {
        format!("_{}", shortened(&name, MAX_LEN - 1))
    } else {
        name
    }
}

/// The name in at most `limit` bytes, with its ending if it has one, and without dots and blanks at its end.
fn shortened(name: &str, limit: usize) -> String {
    let name = name.trim_end_matches(['.', ' ']);
    let (mut stem, ending) = match name.rfind('.') {
        Some(position) if name.len() - position <= MAX_ENDING_LEN => name.split_at(position),
        _ => (name, ""),
    };
    while stem.len() + ending.len() > limit {
        let mut letters = stem.chars();
        letters.next_back();
        stem = letters.as_str();
    }
    format!("{stem}{ending}").trim_end_matches(['.', ' ']).to_owned()
}

/// What may stand in a name on every file system, and is what it looks like.
fn is_kept(c: char) -> bool {
    let is_invisible = matches!(
        c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}'
    );
    !c.is_control() && !is_invisible && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// What stands for itself in a quoted string (RFC 6266, appendix D: no percent sign, since some decode it there too).
fn is_plain(c: char) -> bool {
    matches!(c, ' ' | '!' | '#'..='$' | '&'..='.' | '0'..='9' | ';' | '=' | '@'..='[' | ']'..='{' | '}') && c != '*'
}

const UNKNOWN_ENDING: &str = ".bin";

const ENDINGS: &[(&str, &str)] = &[
    (PDF, ".pdf"),
    ("text/plain", ".txt"),
    ("text/markdown", ".md"),
    ("text/html", ".html"),
    ("text/csv", ".csv"),
    ("application/json", ".json"),
    ("application/xml", ".xml"),
    ("application/zip", ".zip"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    ("application/vnd.oasis.opendocument.text", ".odt"),
];

/// The longest name, in bytes of UTF-8: file systems take 255, and one may add to it.
const MAX_LEN: usize = 200;

/// The longest ending that is kept of a name that is too long, its dot included.
const MAX_ENDING_LEN: usize = 16;

/// Names that are devices on Windows, whatever ending they have.
const DEVICES: &[&str] = &[
    "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7",
    "COM8", "COM9", "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_a_pdf_of_exact_type_is_shown_inline() {
        assert_eq!(disposition(PDF, "a-1.pdf"), "inline; filename=\"a-1.pdf\"");
        assert_eq!(disposition("application/pdf;x=y", "a-1.pdf"), "attachment; filename=\"a-1.pdf\"");
        assert_eq!(disposition("text/html", "a-1.html"), "attachment; filename=\"a-1.html\"");
    }

    #[test]
    fn a_name_cannot_leave_its_quotes_or_its_folder() {
        let field = disposition("text/plain", "é\"\\\r\n/..%");
        assert_eq!(field, "attachment; filename=\"______.._\"; filename*=UTF-8''%C3%A9_____..%25");
        for (hostile, kept) in [
            ("..", "_"),
            ("../../etc/passwd", "_.._.._etc_passwd"),
            (".profile", "_.profile"),
            ("con.txt", "_con.txt"),
            ("COM1 .pdf", "_COM1 .pdf"),
            ("-rf.txt", "_-rf.txt"),
            ("a.txt. . .", "a.txt"),
            ("C:\\x.txt", "C__x.txt"),
            ("invoice\u{202E}fdp.exe", "invoice_fdp.exe"),
            ("", "_"),
        ] {
            assert_eq!(harmless(hostile), kept, "{hostile:?}");
        }
        let long = harmless(&format!("{}.pdf", "é".repeat(300)));
        assert!(long.len() <= MAX_LEN && long.ends_with("é.pdf"), "{long}");
    }

    #[test]
    fn a_version_is_kept_under_its_slug_and_label() {
        assert_eq!(file_name("device-cp", "3.0", "text/plain; charset=utf-8"), "device-cp-3.0.txt");
        assert_eq!(file_name("device-cp", "3.0", "application/x-unknown"), "device-cp-3.0.bin");
        assert_eq!(file_name("tool", "1.exe", "application/x-unknown"), "tool-1.exe.bin");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn the_field_is_one_quoted_string_and_one_encoded_name(
            name in "(\\PC|[\"\\\\/:*?<>|%.~ -]|[\0-\x1F\x7F-\u{9F}]|[\u{200B}-\u{202E}\u{2066}-\u{2069}]|CON|\\.\\.){0,80}",
        ) {
            let field = disposition("text/plain", &name);
            prop_assert!(field.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{}", field);
            let rest = field.strip_prefix("attachment; filename=\"").unwrap();
            let (plain, rest) = rest.split_once('"').unwrap();
            prop_assert!(!plain.contains(['\\', '%']));
            let decoded = match rest.strip_prefix("; filename*=UTF-8''") {
                Some(encoded) => decode(encoded),
                None => { prop_assert_eq!(rest, ""); plain.to_owned() }
            };
            for kept in [plain, decoded.as_str()] {
                prop_assert!(!kept.is_empty() && kept.len() <= MAX_LEN + 1, "{}", kept);
                prop_assert!(!kept.starts_with(['.', ' ', '-', '~']) && !kept.ends_with(['.', ' ']), "{}", kept);
                prop_assert!(kept.chars().all(is_kept), "{}", kept);
                let first = kept.split('.').next().unwrap().trim_end();
                prop_assert!(!DEVICES.iter().any(|device| first.eq_ignore_ascii_case(device)), "{}", kept);
            }
        }
    }

    /// `ext-value` less its charset (RFC 8187, section 3.2.1).
    fn decode(encoded: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = encoded.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            } else {
                assert!(byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).unwrap()
    }
}
