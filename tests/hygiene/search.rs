//! The search for secrets, in every form in which something told could hold them.

use std::collections::HashMap;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// What is looked for, and what it is in a test's message.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    /// By their first bytes.
    needles: HashMap<[u8; WINDOW], Vec<(Vec<u8>, String)>>,
    count: usize,
}

impl Secrets {
    /// Adds a secret that is text or bytes; too short a one would be found everywhere.
    pub fn add(&mut self, name: &str, secret: impl AsRef<[u8]>) {
        let secret = secret.as_ref();
        assert!(secret.len() >= WINDOW, "{name} is too short to be looked for");
        self.count += 1;
        for (form, needle) in forms(secret) {
            let known = self.needles.entry(needle[..WINDOW].try_into().unwrap()).or_default();
            if !known.iter().any(|(held, _)| *held == needle) {
                known.push((needle, format!("{name} ({form})")));
            }
        }
    }

    /// How many secrets there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many spellings of them are looked for.
    pub fn spellings(&self) -> usize {
        self.needles.values().map(Vec::len).sum()
    }

    /// The first that the text holds, with its line.
    pub fn found_in(&self, text: &[u8]) -> Option<String> {
        let mut begins = vec![false; 1 << 16];
        self.needles.keys().for_each(|first| begins[pair(first)] = true);
        for (position, window) in text.windows(WINDOW).enumerate() {
            if !begins[pair(window)] {
                continue;
            }
            let Some(candidates) = self.needles.get(window) else { continue };
            let rest = &text[position..];
            if let Some((_, name)) = candidates.iter().find(|(needle, _)| rest.starts_with(needle)) {
                let line = text[..position].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
                let line: String =
                    String::from_utf8_lossy(&text[line..]).lines().next().unwrap().chars().take(900).collect();
                return Some(format!("{name} in: {line}"));
            }
        }
        None
    }
}

/// The spellings of a secret.
fn forms(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut forms = vec![
        ("plain", secret.to_vec()),
        ("hex", hex::encode(secret).into_bytes()),
        ("upper-case hex", hex::encode_upper(secret).into_bytes()),
        ("a list of numbers", listed(secret, |byte| byte.to_string())),
        ("a list of hex numbers", listed(secret, |byte| format!("{byte:x}"))),
        ("escaped bytes", secret.escape_ascii().to_string().into_bytes()),
        ("URL-encoded", encoded(secret, "%20", |byte| format!("%{byte:02X}"))),
        ("URL-encoded in lower case", encoded(secret, "%20", |byte| format!("%{byte:02x}"))),
        ("form-encoded", encoded(secret, "+", |byte| format!("%{byte:02X}"))),
    ];
    for before in 0..3 {
        forms.push(("base64", inner_base64(&STANDARD, before, secret)));
        forms.push(("URL-safe base64", inner_base64(&URL_SAFE, before, secret)));
    }
    if let Ok(text) = std::str::from_utf8(secret) {
        let unquoted = |quoted: String| quoted.as_bytes()[1..quoted.len() - 1].to_vec();
        let json = serde_json::to_string(text).unwrap();
        forms.push(("Debug-escaped", unquoted(format!("{text:?}"))));
        forms.push(("twice Debug-escaped", unquoted(format!("{:?}", format!("{text:?}").trim_matches('"')))));
        forms.push(("JSON-escaped", unquoted(json.clone())));
        forms.push(("JSON in ASCII", unquoted(ascii_json(&json))));
        forms.push(("JSON within JSON", unquoted(serde_json::to_string(json.trim_matches('"')).unwrap())));
        forms.push(("lower case", text.to_lowercase().into_bytes()));
        forms.push(("upper case", text.to_uppercase().into_bytes()));
    }
    forms
}

fn listed(secret: &[u8], number: impl Fn(&u8) -> String) -> Vec<u8> {
    secret.iter().map(number).collect::<Vec<_>>().join(", ").into_bytes()
}

fn encoded(secret: &[u8], space: &str, other: impl Fn(u8) -> String) -> Vec<u8> {
    let letter = |byte: &u8| match byte {
        b' ' => space.to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) => char::from(*byte).to_string(),
        byte => other(*byte),
    };
    secret.iter().map(letter).collect::<String>().into_bytes()
}

/// What of the base64 depends on the secret alone, with so many bytes before it.
fn inner_base64(alphabet: &impl Engine, before: usize, secret: &[u8]) -> Vec<u8> {
    let whole = alphabet.encode([&[0; 2][..before], secret].concat());
    let (begin, end) = ((before * 8).div_ceil(6), (before + secret.len()) * 8 / 6);
    whole.as_bytes()[begin..end].to_vec()
}

fn ascii_json(json: &str) -> String {
    let mut ascii = String::new();
    for unit in json.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => ascii.push(byte.into()),
            _ => write!(ascii, "\\u{unit:04x}").unwrap(),
        }
    }
    ascii
}

fn pair(window: &[u8]) -> usize {
    usize::from(window[0]) << 8 | usize::from(window[1])
}

/// How many first bytes of a spelling are looked up.
const WINDOW: usize = 8;

/// The search finds what leaks, in each form and wherever it stands: otherwise it would hold by finding nothing ever.
#[test]
fn a_leak_is_found_in_every_form() {
    let secret = "Über \"Zugspitze\" \\ findings";
    let mut secrets = Secrets::default();
    secrets.add("the title", secret);
    secrets.add("the key", [0xD8, 0x16, 0x6D, 0x32, 0x02, 0x2B, 0xAB, 0x95, 0xFF]);
    let json = serde_json::json!({ "title": secret }).to_string();
    let leaks = [
        format!("a title: {secret}"),
        format!("{:?}", Some(secret)),
        format!("{:?}", secret.as_bytes()),
        format!("{:x?}", secret.as_bytes()),
        json.clone(),
        format!("{json:?}"),
        serde_json::to_string(&json).unwrap(),
        secret.to_lowercase(),
        hex::encode(format!("x{secret}x")),
        format!("?q={}", String::from_utf8(encoded(secret.as_bytes(), "%20", |byte| format!("%{byte:02X}"))).unwrap()),
        format!("?q={}", String::from_utf8(encoded(secret.as_bytes(), "+", |byte| format!("%{byte:02X}"))).unwrap()),
        STANDARD.encode(secret),
        STANDARD.encode(format!("x{secret}")),
        URL_SAFE.encode(format!("xy{secret}xyz")),
        "d8166d32022bab95ff".to_owned(),
        "D8166D32022BAB95FF".to_owned(),
        STANDARD.encode([0xD8, 0x16, 0x6D, 0x32, 0x02, 0x2B, 0xAB, 0x95, 0xFF]),
        "key: [216, 22, 109, 50, 2, 43, 171, 149, 255]".to_owned(),
        format!("{:?}", bytes::Bytes::from_static(b"\xD8\x16m2\x02+\xAB\x95\xFF")),
    ];
    for leak in leaks {
        let log = format!("an innocent line\n2026-11-24 INFO request route=\"/v1\" {leak}\nanother\n");
        let found = secrets.found_in(log.as_bytes());
        assert!(found.is_some(), "{leak}");
        assert!(found.unwrap().contains("2026-11-24 INFO"), "it names the line");
    }
    for innocent in ["Uber Zugspitze findings", "d8166d32022bab95fe", "[216, 22, 109]", ""] {
        assert_eq!(secrets.found_in(innocent.as_bytes()), None);
    }
}
