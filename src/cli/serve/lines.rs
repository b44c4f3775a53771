//! Lines of what is told: one for each event, whatever was said in it.
//!
//! What is told may hold a few words of others: an origin, an address, a message of a library. They must neither begin a
//! line of their own, nor steer the terminal that shows it, nor turn the direction of its writing.

use std::io::{self, Write};

use crate::cli::config::TracingFormat;

/// Writes each event, which comes in one piece with a line feed at its end, with everything invisible in it escaped.
#[derive(Debug)]
pub struct Lines<W> {
    to: W,
    format: TracingFormat,
}

impl<W> Lines<W> {
    /// Lines of that format, to there.
    pub fn new(to: W, format: TracingFormat) -> Self {
        Self { to, format }
    }
}

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        self.to.write_all(line(&text, self.format).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn line(event: &str, format: TracingFormat) -> String {
    let (event, end) = event.strip_suffix('\n').map_or((event, ""), |event| (event, "\n"));
    let mut line = String::with_capacity(event.len() + end.len());
    for letter in event.chars() {
        match format {
            _ if is_visible(letter) => line.push(letter),
            TracingFormat::Text => line.extend(letter.escape_default()),
            // All of them stand within strings, where each has a form of its own (RFC 8259, section 7).
            TracingFormat::Json => {
                let units =
                    letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
                line.push_str(&units);
            }
        }
    }
    line + end
}

/// Whether a letter shows as itself: no control, no mark of direction, nothing of no width.
fn is_visible(letter: char) -> bool {
    !letter.is_control()
        && !matches!(
            letter,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const HOSTILE: &str = "a\r\nb\u{1b}[31m\u{9b}\u{202E}\u{2066}\u{FEFF}\u{E0041}";

    #[test]
    fn what_others_say_stays_in_its_line_and_shows() {
        let told = line(&format!("INFO {HOSTILE}\n"), TracingFormat::Text);
        assert_eq!(told, "INFO a\\r\\nb\\u{1b}[31m\\u{9b}\\u{202e}\\u{2066}\\u{feff}\\u{e0041}\n");
    }

    proptest! {
        #[test]
        fn a_line_is_one_and_json_stays_what_it_was(said in "(\\PC|[\0-\x1F\x7F-\u{9F}]|[\u{200B}-\u{202E}]){0,40}") {
            let text = line(&format!("{said}\n"), TracingFormat::Text);
            prop_assert!(text.strip_suffix('\n').unwrap().chars().all(is_visible));
            let event = json!({ "said": said });
            let told = line(&format!("{event}\n"), TracingFormat::Json);
            prop_assert!(told.strip_suffix('\n').unwrap().chars().all(is_visible));
            prop_assert_eq!(serde_json::from_str::<Value>(&told).unwrap(), event);
        }
    }
}
