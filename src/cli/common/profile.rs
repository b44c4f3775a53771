//! Connection profiles: `$XDG_CONFIG_HOME/strongroom/profiles.toml`, a section `[profiles.NAME]` each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde::Deserialize;

use crate::cli::config::line_of;

/// The profile that is taken when none is named.
pub const DEFAULT_PROFILE: &str = "default";

/// One person's connection to one server. Relative paths in the file are relative to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The server's URL.
    pub server: Option<String>,
    /// The authority that issued the server's certificate.
    pub ca: Option<PathBuf>,
    /// The client's certificate.
    pub cert: Option<PathBuf>,
    /// Its key; without it, beside the certificate.
    pub key: Option<PathBuf>,
}

/// The profiles of a file.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    file: PathBuf,
    profiles: BTreeMap<String, Profile>,
}

/// The profiles do not serve.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file is there but cannot be read.
    #[error("The profiles {} cannot be read: {source}. Make the file readable, or remove it.", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file is not what it should be.
    #[error(
        "{}:{line}: {trouble}. A profile is a section [profiles.NAME] with server, ca, cert and key.",
        file.display()
    )]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        trouble: String,
    },
    /// No such profile.
    #[error("There is no profile `{name}` in {}. It has: {known}.", file.display())]
    Unknown {
        /// The name.
        name: String,
        /// The file.
        file: PathBuf,
        /// The names that there are.
        known: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

impl Profiles {
    /// Where this person's profiles are: by the XDG Base Directory specification.
    pub fn default_path() -> PathBuf {
        let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path: &PathBuf| path.is_absolute());
        absolute("XDG_CONFIG_HOME")
            .or_else(|| Some(absolute("HOME")?.join(".config")))
            .unwrap_or_default()
            .join("strongroom/profiles.toml")
    }

    /// Reads a file; one that is not there holds no profile.
    pub fn load(file: &Path) -> Result<Self, ProfileError> {
        match fs::read_to_string(file) {
            Ok(text) => Self::parse(file, &text),
            Err(source) if source.kind() == io::ErrorKind::NotFound => {
                Ok(Self { file: file.to_owned(), profiles: BTreeMap::new() })
            }
            Err(source) => Err(ProfileError::Unreadable { file: file.to_owned(), source }),
        }
    }

    /// Reads the text of a file that is at `file`.
    pub fn parse(file: &Path, text: &str) -> Result<Self, ProfileError> {
        let parsed: ProfileFile = toml::from_str(text).map_err(|error| ProfileError::Wrong {
            file: file.to_owned(),
            line: line_of(text, error.span()),
            trouble: error.message().replace('\n', "; "),
        })?;
        let base = file.parent().unwrap_or(Path::new(""));
        let mut profiles = parsed.profiles;
        for profile in profiles.values_mut() {
            for path in [&mut profile.ca, &mut profile.cert, &mut profile.key].into_iter().flatten() {
                *path = base.join(&*path);
            }
        }
        Ok(Self { file: file.to_owned(), profiles })
    }

    /// The profile of that name, if there is one.
    pub fn get(&self, name: &str) -> Option<Profile> {
        self.profiles.get(name).cloned()
    }

    /// The profile that a person named: it must be there.
    pub fn named(&self, name: &str) -> Result<Profile, ProfileError> {
        self.get(name).ok_or_else(|| ProfileError::Unknown {
            name: name.to_owned(),
            file: self.file.clone(),
            known: match self.profiles.keys().cloned().collect::<Vec<_>>() {
                names if names.is_empty() => "none".to_owned(),
                names => names.join(", "),
            },
        })
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_holds_no_profile() {
        let dir = tempfile::tempdir().unwrap();
        let profiles = Profiles::load(&dir.path().join("profiles.toml")).unwrap();
        assert!(profiles.get(DEFAULT_PROFILE).is_none());
        assert!(profiles.named("chair").unwrap_err().to_string().ends_with("It has: none."));
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let text = "[profiles.chair]\nserver = \"https://host\"\ncertificate = \"chair.pem\"\n";
        let error = Profiles::parse(Path::new("profiles.toml"), text).unwrap_err().to_string();
        assert!(error.starts_with("profiles.toml:3: unknown field `certificate`"), "{error}");
        assert!(error.contains("server, ca, cert and key"), "{error}");
    }
}
