//! SIGHUP: certificates, revocation lists and the configuration are read again while the server serves.
//!
//! What can change at once does; every other key whose value is another one is named as waiting for a restart. A bad file
//! changes nothing, and is told with its line and remedy.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::telling::Telling;
use crate::cli::config::{Config, Limits, Tracing};
use crate::edge::http::server::{Adjustment, ServerHandle};

/// What is read again, and what is in use of it.
#[derive(Debug)]
pub struct Reloading {
    file: PathBuf,
    /// What the server runs with; held through a reload.
    in_use: Mutex<Config>,
    telling: Telling,
}

impl Reloading {
    /// For a server that was started with `config`, which `file` held then.
    pub fn new(file: PathBuf, config: Config, telling: Telling) -> Self {
        Self { file, in_use: Mutex::new(config), telling }
    }

    /// Reads everything again. What is bad keeps what was in use of it, and keeps nothing else from changing: a misspelt
    /// key does not hold up a revocation.
    pub fn reload(&self, handle: &ServerHandle) {
        self.reload_configuration(handle);
        handle.reload();
    }

    fn reload_configuration(&self, handle: &ServerHandle) {
        let mut in_use = self.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        let read = match Config::load(&self.file) {
            Ok(read) => read,
            Err(error) => {
                tracing::error!("reload: configuration: kept as it was: {error}");
                return;
            }
        };
        let next = adjusted(&in_use, &read);
        let (applied, waiting) = (changed_keys(&in_use, &next), changed_keys(&next, &read));
        if in_use.tracing.level != next.tracing.level {
            self.telling.set_level(next.tracing.level);
        }
        handle.apply(Adjustment { names: next.mutual_tls.names.clone(), limits: super::limits(&next.limits) });
        *in_use = next;
        if applied.is_empty() {
            tracing::info!("reload: configuration: unchanged");
        } else {
            tracing::info!("reload: configuration: now in use: {}", applied.join(", "));
        }
        if !waiting.is_empty() {
            let waiting = waiting.join(", ");
            tracing::warn!("reload: configuration: takes effect only after a restart: {waiting}");
        }
    }
}

/// What a server that runs with `in_use` can run with, without a restart, of what was `read`.
fn adjusted(in_use: &Config, read: &Config) -> Config {
    let mut next = in_use.clone();
    next.mutual_tls.names.clone_from(&read.mutual_tls.names);
    next.tracing = Tracing { level: read.tracing.level, ..next.tracing };
    next.limits = Limits {
        header_seconds: in_use.limits.header_seconds,
        max_connections: in_use.limits.max_connections,
        queue_length: in_use.limits.queue_length,
        refusals_per_minute: in_use.limits.refusals_per_minute,
        shutdown_seconds: in_use.limits.shutdown_seconds,
        ..read.limits.clone()
    };
    next
}

/// The names of the keys that differ, never their values: `workers`, `limits.max_url_bytes`.
fn changed_keys(one: &Config, other: &Config) -> Vec<String> {
    let (one, other) = (values(one), values(other));
    let mut names: Vec<_> = one.keys().chain(other.keys()).filter(|name| one.get(*name) != other.get(*name)).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().cloned().collect()
}

/// Every key that has a value, with the name of its section before it.
fn values(config: &Config) -> toml::Table {
    // A configuration came from TOML, and is always TOML again.
    let sections = toml::Table::try_from(config).unwrap_or_default();
    let mut values = toml::Table::new();
    for (section, value) in sections {
        match value {
            toml::Value::Table(keys) => {
                values.extend(keys.into_iter().map(|(key, value)| (format!("{section}.{key}"), value)));
            }
            _ => {
                values.insert(section, value);
            }
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const ANNOTATED: &str = include_str!("../../../config/strongroom.toml");

    /// What is applied and what waits when `from` becomes `to` in the annotated file.
    fn applied_and_waiting(changes: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let parse = |text: &str| Config::parse(Path::new("/srv/strongroom.toml"), text).unwrap();
        let text = changes.iter().fold(ANNOTATED.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let (in_use, read) = (parse(ANNOTATED), parse(&text));
        let next = adjusted(&in_use, &read);
        (changed_keys(&in_use, &next), changed_keys(&next, &read))
    }

    #[test]
    fn what_can_change_is_applied_and_the_rest_waits_for_a_restart() {
        let (applied, waiting) = applied_and_waiting(&[
            ("names = []", "names = [\"pma.example.org\"]"),
            ("max_url_bytes = 8192", "max_url_bytes = 4096"),
            ("requests_per_minute = 60000", "requests_per_minute = 600"),
            ("level = \"info\"", "level = \"debug\""),
            ("format = \"text\"", "format = \"json\""),
            ("# workers = 4", "workers = 4"),
            ("crls = []", "crls = [\"certs/ca.crl\"]"),
            ("queue_length = 1024", "queue_length = 9"),
            ("header_seconds = 10", "header_seconds = 9"),
            ("directory = \"data\"", "directory = \"other\""),
        ]);
        let expected = ["limits.max_url_bytes", "limits.requests_per_minute", "mutual_tls.names", "tracing.level"];
        assert_eq!(applied, expected);
        let expected = [
            "data.directory",
            "limits.header_seconds",
            "limits.queue_length",
            "mutual_tls.crls",
            "tracing.format",
            "workers",
        ];
        assert_eq!(waiting, expected);
    }

    #[test]
    fn nothing_changes_by_itself() {
        assert_eq!(applied_and_waiting(&[]), (vec![], vec![]));
    }
}
