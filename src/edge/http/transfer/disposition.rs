//! `Content-Disposition`: how a stored document is to be kept, and under which name (RFC 6266, RFC 8187).

use std::fmt::Write;

/// The type of document that browsers may show themselves: exactly this, without parameters.
pub(super) const PDF: &str = "application/pdf";

/// The field for a document of this media type under this file name.
pub(super) fn disposition(content_type: &str, file_name: &str) -> String {
    let kind = if content_type == PDF { "inline" } else { "attachment" };
    let plain: String = file_name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut field = format!("{kind}; filename=\"{plain}\"");
    if plain != file_name {
        field.push_str("; filename*=UTF-8''");
        for byte in file_name.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => field.push(byte.into()),
                // Writing into a String cannot fail.
                _ => drop(write!(field, "%{byte:02X}")),
            }
        }
    }
    field
}

/// The name under which a version is kept: slug, label, and the ending of its media type if it is a usual one.
pub(super) fn file_name(slug: &str, label: &str, content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let ending =
        ENDINGS.iter().find(|(known, _)| essence.eq_ignore_ascii_case(known)).map_or("", |(_, ending)| *ending);
    format!("{slug}-{label}{ending}")
}

/// What stands for itself in a quoted string, on every file system.
fn is_plain(c: char) -> bool {
    matches!(c, ' ' | '!' | '#'..='$' | '&'..='.' | '0'..='9' | ';' | '=' | '@'..='[' | ']'..='{' | '}') && c != '*'
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pdf_of_exact_type_is_shown_inline() {
        assert_eq!(disposition(PDF, "a-1.pdf"), "inline; filename=\"a-1.pdf\"");
        assert_eq!(disposition("application/pdf;x=y", "a-1.pdf"), "attachment; filename=\"a-1.pdf\"");
        assert_eq!(disposition("text/html", "a-1.html"), "attachment; filename=\"a-1.html\"");
    }

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        let field = disposition("text/plain", "é\"\\\r\n/..%");
        assert_eq!(field, "attachment; filename=\"______.._\"; filename*=UTF-8''%C3%A9%22%5C%0D%0A%2F..%25");
    }

    #[test]
    fn a_version_is_kept_under_its_slug_and_label() {
        assert_eq!(file_name("device-cp", "3.0", "text/plain; charset=utf-8"), "device-cp-3.0.txt");
        assert_eq!(file_name("device-cp", "3.0", "application/x-unknown"), "device-cp-3.0");
    }
}
