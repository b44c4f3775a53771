//! The two files of a policy authority: its profile and its people. Read once, by `strongroom init`.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, line_of};
use crate::service::bootstrap::{About, Contradictions, Finding, ProfileFile, RegisterFile};

/// The SMKI profile, built in.
pub const SMKI_PROFILE: &str = include_str!("../../../config/smki/profile.toml");

/// The development register of the SMKI profile, built in; its terms are still to be filled in.
pub const SMKI_REGISTER: &str = include_str!("../../../config/smki/register.toml");

/// A file's text and the name under which its mistakes are reported.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
}

impl Source {
    /// A text that is built in, under the name that it has in the distribution.
    pub fn built_in(file: &str, text: impl Into<String>) -> Self {
        Self { file: file.into(), text: text.into() }
    }

    /// Reads a file.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        let text =
            fs::read_to_string(file).map_err(|source| ConfigError::Unreadable { file: file.to_owned(), source })?;
        Ok(Self { file: file.to_owned(), text })
    }

    /// As a profile.
    pub fn profile(&self) -> Result<ProfileFile, ConfigError> {
        self.parse("config/smki/profile.toml")
    }

    /// As a register.
    pub fn register(&self) -> Result<RegisterFile, ConfigError> {
        self.parse("config/smki/register.toml")
    }

    fn parse<T: DeserializeOwned>(&self, explained: &str) -> Result<T, ConfigError> {
        toml::from_str(&self.text).map_err(|error| ConfigError::from_toml(&self.file, &self.text, &error, explained))
    }
}

/// Says of each contradiction at which line of which file it is.
pub fn place(contradictions: &Contradictions, profile: &Source, register: &Source) -> ConfigError {
    let mut placed: Vec<_> = contradictions.0.iter().map(|finding| place_one(finding, profile, register)).collect();
    match placed.pop() {
        Some(only) if placed.is_empty() => only,
        last => {
            placed.extend(last);
            ConfigError::Several(placed)
        }
    }
}

fn place_one(finding: &Finding, profile: &Source, register: &Source) -> ConfigError {
    let (source, span) = match &finding.about {
        About::Profile(key) => (profile, span_of_key(&profile.text, key)),
        About::Body(handle) => (profile, span_of_item(&profile.text, "bodies", "body", handle.as_str())),
        About::Organisation(handle) => {
            (register, span_of_item(&register.text, "organisations", "organisation", handle.as_str()))
        }
        About::Person(handle) => (register, span_of_item(&register.text, "people", "person", handle.as_str())),
    };
    let (what, remedy) = finding.what.split_once("; ").unwrap_or((&finding.what, ""));
    ConfigError::Wrong {
        file: source.file.clone(),
        line: line_of(&source.text, span),
        trouble: format!("{}: {what}", finding.about),
        remedy: capitalised(remedy),
    }
}

/// The deepest part of `profile.<key>` that is there.
fn span_of_key(text: &str, key: &str) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?.into_inner();
    let (name, mut value) = document.iter().find(|(name, _)| name.get_ref() == "profile")?;
    let mut span = name.span();
    for part in key.split('.') {
        let entry = value.get_ref().as_table().and_then(|table| table.iter().find(|(name, _)| name.get_ref() == part));
        let Some((name, inner)) = entry else { break };
        span = name.span();
        value = inner;
    }
    Some(span)
}

/// Where the last item of the array `array` whose `key` is `name` says so. The last, since of two of a name the second
/// is the mistake.
fn span_of_item(text: &str, array: &str, key: &str, name: &str) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?.into_inner();
    let (_, items) = document.iter().find(|(entry, _)| entry.get_ref() == array)?;
    let DeValue::Array(items) = items.get_ref() else { return None };
    let named = |item: &DeValue<'_>| {
        let (_, value) = item.as_table()?.iter().find(|(entry, _)| entry.get_ref() == key)?;
        (value.get_ref().as_str() == Some(name)).then(|| value.span())
    };
    items.iter().rev().find_map(|item| named(item.get_ref()))
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::bootstrap::first_events;

    /// What is said of the profile and register with the first `from` of either replaced by `to`.
    fn said(from: &str, to: &str) -> String {
        let mut profile = Source::built_in("profile.toml", SMKI_PROFILE);
        let register = SMKI_REGISTER.replace("{TERM_FROM}", "2026-01-01T00:00:00Z");
        let register = register.replace("{TERM_UNTIL}", "2028-01-01T00:00:00Z");
        let register = register.replace("{ENDED_FROM}", "2024-01-01T00:00:00Z");
        let mut register = Source::built_in("register.toml", register.replace("{ENDED_UNTIL}", "2026-01-01T00:00:00Z"));
        assert!(from.is_empty() || profile.text.contains(from) || register.text.contains(from), "{from}");
        profile.text = profile.text.replacen(from, to, 1);
        register.text = register.text.replacen(from, to, 1);
        let parsed = profile.profile().and_then(|parsed| Ok((parsed, register.register()?)));
        let (parsed_profile, parsed_register) = match parsed {
            Ok(parsed) => parsed,
            Err(error) => return error.to_string(),
        };
        let credential = |entry: &crate::service::bootstrap::PersonEntry| {
            Ok(crate::pure::domain::id::CredentialId(crate::pure::tlog::hash::sha256(entry.certificate.as_bytes())))
        };
        match first_events(&parsed_profile, &parsed_register, credential) {
            Ok(events) => format!("{} events", events.len()),
            Err(contradictions) => place(&contradictions, &profile, &register).to_string(),
        }
    }

    fn line(text: &str, part: &str) -> usize {
        1 + text.lines().position(|line| line.contains(part)).unwrap()
    }

    #[test]
    fn the_built_in_files_hold() {
        assert!(said("", "").ends_with(" events"), "{}", said("", ""));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let said = said("secretariat_only = true", "secretariat = true");
        let line = line(SMKI_PROFILE, "secretariat_only = true");
        assert!(said.starts_with(&format!("profile.toml:{line}: unknown field `secretariat`")), "{said}");
        assert!(said.contains("config/smki/profile.toml"), "{said}");
    }

    #[test]
    fn contradictions_are_named_with_their_lines() {
        let addressee = said("direction_addressee = \"dcc\"", "direction_addressee = \"dxc\"");
        let at = line(SMKI_PROFILE, "direction_addressee = ");
        assert!(
            addressee.starts_with(&format!("profile.toml:{at}: profile.direction_addressee: 'dxc'")),
            "{addressee}"
        );
        assert!(addressee.ends_with("Register it."), "{addressee}");
        let nobody = said("organisation = \"dale-energy\"\n", "organisation = \"dole-energy\"\n");
        let at = line(SMKI_REGISTER, "person = \"small-supplier\"");
        assert!(nobody.starts_with(&format!("register.toml:{at}: person 'small-supplier': 'dole-energy'")), "{nobody}");
        let hours = said("hours = 24", "hours = 0");
        assert!(hours.starts_with(&format!("profile.toml:{}: ", line(SMKI_PROFILE, "hours = 24"))), "{hours}");
        let twice = said("person = \"chair\"", "person = \"secas\"");
        assert!(twice.contains("stands twice. Remove one."), "{twice}");
    }
}
