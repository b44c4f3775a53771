//! Answers on standard output, failures and remarks on standard error.

use std::fmt::Display;
use std::io::Write;

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;

use super::failure::Failure;
use crate::edge::client::Answer;

/// For whom to write. Colours are used on a terminal only, and never with `NO_COLOR`.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    json: bool,
}

impl Output {
    /// JSON for machines, or text for people.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether machines read.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// An answer: its JSON for machines, `text` and the entry it made for people.
    pub fn answer<T>(&self, answer: &Answer<T>, text: impl FnOnce(&T) -> String) {
        if self.json {
            self.value(&with_entry(answer.json.clone(), answer.entry));
        } else {
            say(&text(&answer.value));
            if let Some(entry) = answer.entry {
                remark(&format!("Entry {entry} of the audit log."));
            }
        }
    }

    /// JSON on standard output.
    pub fn value(&self, value: &Value) {
        say(&format!("{value:#}"));
    }

    /// A line for people, left out for machines.
    pub fn text(&self, text: &str) {
        if !self.json {
            say(text);
        }
    }

    /// A failure on standard error: the problem document for machines, a paragraph for people.
    pub fn failure(&self, failure: &Failure) {
        let text = if self.json {
            format!("{:#}", failure.to_json())
        } else {
            format!("\u{1b}[1;31merror:\u{1b}[0m {}", paragraph(failure))
        };
        remark(&text);
    }
}

/// A table for people: no frame, a heading, cut to the terminal's width if there is one.
pub fn table<const N: usize>(heading: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(heading);
    for row in rows {
        table.add_row(row.map(|cell| printable(&cell)));
    }
    trimmed(&table)
}

/// Names and values below each other.
pub fn record<const N: usize>(rows: [(&str, String); N]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    for (name, value) in rows {
        table.add_row([name.to_owned(), printable(&value)]);
    }
    trimmed(&table)
}

/// A value that may be absent, as a person reads it.
pub fn or_dash(value: Option<impl Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// Text without control characters: what others wrote must not steer this terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter }).collect()
}

/// A line on standard error.
pub fn remark(text: &str) {
    // Where standard error is closed, nobody is left to tell.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// A failure's text; only what names several mistakes of the operator's own files has several lines.
fn paragraph(failure: &Failure) -> String {
    let text = failure.to_string();
    match failure {
        Failure::Config(_) | Failure::Init(_) | Failure::Check(_) | Failure::Audit(_) => {
            text.lines().map(printable).collect::<Vec<_>>().join("\n")
        }
        _ => printable(&text),
    }
}

fn say(text: &str) {
    // A reader that has enough, such as `head`, closes the pipe: that is no failure.
    let _ = writeln!(anstream::stdout(), "{text}");
}

fn with_entry(mut json: Value, entry: Option<u64>) -> Value {
    if let (Value::Object(members), Some(entry)) = (&mut json, entry) {
        members.entry("audit_entry").or_insert_with(|| entry.into());
    }
    json
}

/// Without the padding of the frame that is not there.
fn trimmed(table: &Table) -> String {
    let unpadded = |line: String| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned();
    table.lines().map(unpadded).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_heading_and_no_trailing_space() {
        let text = table(["DOCUMENT", "SET"], [["device-certificate-policy".into(), "smki".into()]]);
        assert_eq!(text, "DOCUMENT                   SET\ndevice-certificate-policy  smki");
    }

    #[test]
    fn a_hostile_title_cannot_steer_the_terminal() {
        let text = table(["TITLE"], [["\u{1b}[2Jwiped\r\nover".into()]]);
        assert!(!text.contains('\u{1b}') && !text.contains('\r'), "{text:?}");
        assert_eq!(text.lines().count(), 2);
    }

    #[test]
    fn machines_learn_the_entry_beside_what_the_server_wrote() {
        let json = serde_json::json!({"id": "need-7"});
        assert_eq!(with_entry(json.clone(), Some(7)), serde_json::json!({"id": "need-7", "audit_entry": 7}));
        assert_eq!(with_entry(json.clone(), None), json);
    }
}
