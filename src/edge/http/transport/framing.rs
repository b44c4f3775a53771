//! How requests follow each other on a connection, held to the letter of HTTP/1.1 (RFC 9112) before the parser sees them.
//!
//! The parser takes more than the standard allows: a bare LF for the end of a line, NUL in places, anything in a chunk's
//! line. Where two programs that read the same bytes see different requests, one can be smuggled past the other, so
//! that what is not exactly a request is refused here. Pure: bytes come in, a verdict goes out; nothing is kept but a few
//! numbers, and the bytes of a body are counted, not looked at.
//!
//! Not here: what a method, target or field means (the parser and the gate), and how long anything may take.

use std::fmt;

/// Follows the requests of one connection.
#[derive(Clone, Debug)]
pub struct Framing {
    state: State,
    requests: u64,
    head: Head,
    /// Bytes of chunk extensions in this body so far.
    extensions: usize,
}

/// What is wrong, and at which of the bytes that were given last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at byte {at}")]
pub struct Refusal {
    /// The first byte that must not pass.
    pub at: usize,
    /// Whether it is in the head of a request, and not in a body.
    pub in_head: bool,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with the framing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A line of the head or of a chunk ends in LF alone.
    BareLf,
    /// CR that is not followed by LF.
    BareCr,
    /// NUL or another control character.
    Control,
    /// A field that is continued on the next line.
    FoldedField,
    /// A request line that is not method, target and version with one space between.
    RequestLine,
    /// A field without a name, or whose name is none.
    FieldName,
    /// `Content-Length` that is no number, or stands there twice.
    ContentLength,
    /// `Transfer-Encoding` that is not `chunked` alone, once, in HTTP/1.1.
    TransferEncoding,
    /// Both `Content-Length` and `Transfer-Encoding`.
    TwoLengths,
    /// A chunk's size that is no number of up to 15 hexadecimal digits, or bytes after a chunk that are no end of line.
    Chunk,
    /// Chunk extensions beyond all need.
    ChunkExtension,
    /// Fields after the last chunk.
    Trailer,
}

impl Fault {
    /// A short stable name, for a metric's label.
    pub fn reason(self) -> &'static str {
        match self {
            Self::BareLf => "bare_lf",
            Self::BareCr => "bare_cr",
            Self::Control => "control",
            Self::FoldedField => "folded_field",
            Self::RequestLine => "request_line",
            Self::FieldName => "field_name",
            Self::ContentLength => "content_length",
            Self::TransferEncoding => "transfer_encoding",
            Self::TwoLengths => "two_lengths",
            Self::Chunk => "chunk",
            Self::ChunkExtension => "chunk_extension",
            Self::Trailer => "trailer",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl Default for Framing {
    fn default() -> Self {
        Self { state: State::Start { empty: false }, requests: 0, head: Head::default(), extensions: 0 }
    }
}

impl Framing {
    /// Follows the next bytes of the connection, in portions of any size. After a refusal there is nothing more to follow.
    pub fn follow(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if let State::Body { left } | State::ChunkData { left } = &mut self.state {
                let passed = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                *left -= passed as u64;
                at += passed;
                self.state = match self.state {
                    State::Body { left: 0 } => State::Start { empty: false },
                    State::ChunkData { left: 0 } => State::ChunkCr,
                    under_way => under_way,
                };
                continue;
            }
            let Some(&byte) = rest.first() else { break };
            let in_head = self.is_in_head();
            self.state = self.step(byte).map_err(|fault| Refusal { at, in_head, fault })?;
            at += 1;
        }
        Ok(())
    }

    /// How many heads have been complete so far.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// Whether nothing of a next request has come: the last byte was the last of a request.
    pub fn is_between(&self) -> bool {
        matches!(self.state, State::Start { empty: false })
    }

    /// Whether the body of the last request is not complete.
    pub fn is_in_body(&self) -> bool {
        use State::{Body, ChunkCr, ChunkData, ChunkExtension, ChunkLf, ChunkSize, ChunkSizeLf, EndCr, EndLf};
        matches!(
            self.state,
            Body { .. }
                | ChunkSize { .. }
                | ChunkExtension { .. }
                | ChunkSizeLf { .. }
                | ChunkData { .. }
                | ChunkCr
                | ChunkLf
                | EndCr
                | EndLf
        )
    }

    fn is_in_head(&self) -> bool {
        !self.is_in_body()
    }

    fn step(&mut self, byte: u8) -> Result<State, Fault> {
        match self.state {
            State::Start { empty } => self.start(byte, empty),
            State::StartLf => line_end(byte, State::Start { empty: true }),
            State::Method => method(byte),
            State::Target { empty } => target(byte, empty),
            State::Version { position } => self.version(byte, position),
            State::RequestLf => line_end(byte, State::FieldStart),
            State::FieldStart => self.field_start(byte),
            State::FieldName => self.field_name(byte),
            State::FieldValue => self.field_value(byte),
            State::FieldLf => {
                let next = line_end(byte, State::FieldStart)?;
                self.head.end_field()?;
                Ok(next)
            }
            State::HeadLf => line_end(byte, State::FieldStart).and_then(|_| self.body()),
            State::Body { .. } | State::ChunkData { .. } => Ok(self.state),
            State::ChunkSize { size, digits } => self.chunk_size(byte, size, digits),
            State::ChunkExtension { size } => self.chunk_extension(byte, size),
            State::ChunkSizeLf { size: 0 } => line_end(byte, State::EndCr),
            State::ChunkSizeLf { size } => line_end(byte, State::ChunkData { left: size }),
            State::ChunkCr => {
                if byte == b'\r' {
                    Ok(State::ChunkLf)
                } else {
                    Err(Fault::Chunk)
                }
            }
            State::ChunkLf => line_end(byte, State::ChunkSize { size: 0, digits: 0 }),
            State::EndCr => {
                if byte == b'\r' {
                    Ok(State::EndLf)
                } else {
                    Err(Fault::Trailer)
                }
            }
            State::EndLf => line_end(byte, State::Start { empty: false }),
        }
    }

    /// One empty line may come before a request (RFC 9112, section 2.2).
    fn start(&mut self, byte: u8, empty: bool) -> Result<State, Fault> {
        match byte {
            b'\r' if !empty => Ok(State::StartLf),
            b'\n' => Err(Fault::BareLf),
            _ if is_token(byte) => {
                self.head = Head::default();
                Ok(State::Method)
            }
            _ => Err(Fault::RequestLine),
        }
    }

    fn version(&mut self, byte: u8, position: u8) -> Result<State, Fault> {
        match (VERSION.get(usize::from(position)), byte) {
            (_, b'\n') => Err(Fault::BareLf),
            (Some(&expected), _) if byte == expected => Ok(State::Version { position: position + 1 }),
            (None, b'0' | b'1') if usize::from(position) == VERSION.len() => {
                self.head.is_old = byte == b'0';
                Ok(State::Version { position: position + 1 })
            }
            (None, b'\r') if usize::from(position) > VERSION.len() => Ok(State::RequestLf),
            _ => Err(Fault::RequestLine),
        }
    }

    fn field_start(&mut self, byte: u8) -> Result<State, Fault> {
        match byte {
            b'\r' => Ok(State::HeadLf),
            b'\n' => Err(Fault::BareLf),
            b' ' | b'\t' => Err(Fault::FoldedField),
            _ if is_token(byte) => {
                self.head.name = Name::default();
                self.head.name.take(byte);
                Ok(State::FieldName)
            }
            _ => Err(Fault::FieldName),
        }
    }

    fn field_name(&mut self, byte: u8) -> Result<State, Fault> {
        match byte {
            b':' => {
                self.head.begin_field()?;
                Ok(State::FieldValue)
            }
            b'\n' => Err(Fault::BareLf),
            _ if is_token(byte) => {
                self.head.name.take(byte);
                Ok(State::FieldName)
            }
            _ => Err(Fault::FieldName),
        }
    }

    fn field_value(&mut self, byte: u8) -> Result<State, Fault> {
        match byte {
            b'\r' => Ok(State::FieldLf),
            b'\n' => Err(Fault::BareLf),
            0..=8 | 11..=31 | 127 => Err(Fault::Control),
            _ => {
                self.head.take_value(byte)?;
                Ok(State::FieldValue)
            }
        }
    }

    /// What follows the head that is complete now.
    fn body(&mut self) -> Result<State, Fault> {
        self.requests += 1;
        self.extensions = 0;
        match (self.head.length, self.head.is_chunked) {
            (Some(_), true) => Err(Fault::TwoLengths),
            (None, true) if self.head.is_old => Err(Fault::TransferEncoding),
            (None, true) => Ok(State::ChunkSize { size: 0, digits: 0 }),
            (Some(left @ 1..), false) => Ok(State::Body { left }),
            _ => Ok(State::Start { empty: false }),
        }
    }

    fn chunk_size(&mut self, byte: u8, size: u64, digits: u8) -> Result<State, Fault> {
        let digit = char::from(byte).to_digit(16);
        match (digit, byte) {
            (Some(digit), _) if digits < MAX_SIZE_DIGITS => {
                Ok(State::ChunkSize { size: size << 4 | u64::from(digit), digits: digits + 1 })
            }
            (None, b'\r') if digits > 0 => Ok(State::ChunkSizeLf { size }),
            (None, b';') if digits > 0 => self.chunk_extension(byte, size),
            (None, b'\n') => Err(Fault::BareLf),
            _ => Err(Fault::Chunk),
        }
    }

    fn chunk_extension(&mut self, byte: u8, size: u64) -> Result<State, Fault> {
        match byte {
            b'\r' => return Ok(State::ChunkSizeLf { size }),
            b'\n' => return Err(Fault::BareLf),
            b'\t' | b' '..=b'~' => {}
            _ => return Err(Fault::Control),
        }
        self.extensions += 1;
        if self.extensions > MAX_EXTENSIONS_LEN {
            Err(Fault::ChunkExtension)
        } else {
            Ok(State::ChunkExtension { size })
        }
    }
}

/// Where in a request the next byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before a request; whether after an empty line.
    Start {
        empty: bool,
    },
    StartLf,
    Method,
    Target {
        empty: bool,
    },
    Version {
        position: u8,
    },
    RequestLf,
    FieldStart,
    FieldName,
    FieldValue,
    FieldLf,
    HeadLf,
    Body {
        left: u64,
    },
    ChunkSize {
        size: u64,
        digits: u8,
    },
    ChunkExtension {
        size: u64,
    },
    ChunkSizeLf {
        size: u64,
    },
    ChunkData {
        left: u64,
    },
    ChunkCr,
    ChunkLf,
    EndCr,
    EndLf,
}

/// What a head says of its body.
#[derive(Clone, Debug, Default)]
struct Head {
    /// HTTP/1.0.
    is_old: bool,
    name: Name,
    /// Which of the fields that say something is being read.
    field: Option<Field>,
    length: Option<u64>,
    is_chunked: bool,
    /// The value that is being read: its first bytes, without space before it.
    value: [u8; VALUE_LEN],
    value_len: usize,
    /// Whether space came after the value's bytes.
    is_ended: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    ContentLength,
    TransferEncoding,
}

impl Head {
    fn begin_field(&mut self) -> Result<(), Fault> {
        self.field = self.name.field();
        (self.value_len, self.is_ended) = (0, false);
        match self.field {
            Some(Field::ContentLength) if self.length.is_some() => Err(Fault::ContentLength),
            Some(Field::TransferEncoding) if self.is_chunked => Err(Fault::TransferEncoding),
            _ => Ok(()),
        }
    }

    fn take_value(&mut self, byte: u8) -> Result<(), Fault> {
        let fault = match self.field {
            None => return Ok(()),
            Some(Field::ContentLength) => Fault::ContentLength,
            Some(Field::TransferEncoding) => Fault::TransferEncoding,
        };
        if matches!(byte, b' ' | b'\t') {
            self.is_ended = self.value_len > 0;
            return Ok(());
        }
        match self.value.get_mut(self.value_len).filter(|_| !self.is_ended) {
            Some(place) => {
                *place = byte;
                self.value_len += 1;
                Ok(())
            }
            None => Err(fault),
        }
    }

    fn end_field(&mut self) -> Result<(), Fault> {
        let value = self.value.get(..self.value_len).unwrap_or_default();
        match self.field.take() {
            None => Ok(()),
            Some(Field::ContentLength) => {
                let digits = std::str::from_utf8(value).ok().filter(|_| value.iter().all(u8::is_ascii_digit));
                self.length = Some(digits.and_then(|digits| digits.parse().ok()).ok_or(Fault::ContentLength)?);
                Ok(())
            }
            Some(Field::TransferEncoding) if value.eq_ignore_ascii_case(b"chunked") => {
                self.is_chunked = true;
                Ok(())
            }
            Some(Field::TransferEncoding) => Err(Fault::TransferEncoding),
        }
    }
}

/// A field's name, as far as it can be one of the two that count.
#[derive(Clone, Debug, Default)]
struct Name {
    bytes: [u8; NAME_LEN],
    len: usize,
}

impl Name {
    fn take(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte.to_ascii_lowercase();
        }
        self.len = self.len.saturating_add(1);
    }

    fn field(&self) -> Option<Field> {
        match self.bytes.get(..self.len)? {
            b"content-length" => Some(Field::ContentLength),
            b"transfer-encoding" => Some(Field::TransferEncoding),
            _ => None,
        }
    }
}

fn method(byte: u8) -> Result<State, Fault> {
    match byte {
        b' ' => Ok(State::Target { empty: true }),
        b'\n' => Err(Fault::BareLf),
        _ if is_token(byte) => Ok(State::Method),
        _ => Err(Fault::RequestLine),
    }
}

fn target(byte: u8, empty: bool) -> Result<State, Fault> {
    match byte {
        b' ' if !empty => Ok(State::Version { position: 0 }),
        b'\n' => Err(Fault::BareLf),
        b'!'..=b'~' => Ok(State::Target { empty: false }),
        _ => Err(Fault::RequestLine),
    }
}

fn line_end(byte: u8, next: State) -> Result<State, Fault> {
    if byte == b'\n' { Ok(next) } else { Err(Fault::BareCr) }
}

/// RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What a version begins with; one digit follows.
const VERSION: &[u8] = b"HTTP/1.";

/// The length of `transfer-encoding`, the longer of the two names that count.
const NAME_LEN: usize = 17;

/// As many digits as the largest length has.
const VALUE_LEN: usize = 20;

const MAX_SIZE_DIGITS: u8 = 15;

/// Nobody needs chunk extensions; a recipient bears a few (RFC 9112, section 7.1.1).
const MAX_EXTENSIONS_LEN: usize = 256;

#[cfg(test)]
mod tests;
