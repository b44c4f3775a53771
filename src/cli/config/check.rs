//! Values that contradict each other or what a listener is for.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Config;
use super::error::{ConfigError, line_of};

/// A contradiction, and the key where the remedy is applied.
pub(super) struct Contradiction {
    key: [&'static str; 2],
    trouble: String,
    remedy: &'static str,
}

impl Contradiction {
    /// Says at which line of the text.
    pub(super) fn at(self, file: &Path, text: &str) -> ConfigError {
        let line = line_of(text, span_of(text, self.key));
        ConfigError::Wrong { file: file.to_owned(), line, trouble: self.trouble, remedy: self.remedy.to_owned() }
    }
}

/// The first contradiction, if there is one.
pub(super) fn check(config: &Config) -> Result<(), Contradiction> {
    check_origin(&config.origin)?;
    check_listeners(config)?;
    check_keys(config)?;
    check_witnesses(config)?;
    check_times(config)
}

fn check_origin(origin: &str) -> Result<(), Contradiction> {
    // C2SP signed-note: a key name is not empty and holds neither white space nor a plus sign.
    let usable = !origin.is_empty()
        && !origin.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '+');
    // A leaf's commitment counts the origin's length in one byte.
    when(!usable || origin.len() > MAX_ORIGIN_BYTES, || Contradiction {
        key: ["origin", ""],
        trouble: format!("the origin {origin:?} cannot name a log"),
        remedy: "Use up to 255 bytes without white space or plus signs, for example \"pma.example.org/strongroom\".",
    })
}

fn check_listeners(config: &Config) -> Result<(), Contradiction> {
    let (tls, public, operations) = (&config.mutual_tls, &config.public, &config.operations);
    when(!operations.address.ip().is_loopback(), || Contradiction {
        key: ["operations", "address"],
        trouble: format!("the operations listener's address {} is not a loopback one", operations.address),
        remedy: "It asks nobody who they are: use 127.0.0.1 or [::1], and let the monitoring come to this machine.",
    })?;
    // Port 0 lets the system choose: never the same one twice.
    let same = |one: &std::net::SocketAddr, other: &std::net::SocketAddr| one == other && one.port() != 0;
    when(same(&tls.address, &operations.address), || Contradiction {
        key: ["operations", "address"],
        trouble: format!("{} is the mutual TLS listener's address too", operations.address),
        remedy: "Give each listener a port of its own.",
    })?;
    when(
        public.enabled && (same(&public.address, &tls.address) || same(&public.address, &operations.address)),
        || Contradiction {
            key: ["public", "address"],
            trouble: format!("{} is another listener's address too", public.address),
            remedy: "Give each listener a port of its own.",
        },
    )?;
    when(tls.require_crl && tls.crls.is_empty(), || Contradiction {
        key: ["mutual_tls", "require_crl"],
        trouble: "require_crl is true, but crls names no revocation list, so that nobody could connect".to_owned(),
        remedy: "List the files under crls, or set require_crl = false.",
    })
}

fn check_keys(config: &Config) -> Result<(), Contradiction> {
    let keys = &config.keys;
    when(keys.root.is_some() && keys.root_command.is_some(), || Contradiction {
        key: ["keys", "root_command"],
        trouble: "both root and root_command say where the root key comes from".to_owned(),
        remedy: "Keep the one that holds the key under which the data was sealed, and remove the other.",
    })?;
    when(keys.root_key().is_none(), || Contradiction {
        key: ["keys", if keys.root_command.is_some() { "root_command" } else { "" }],
        trouble: "nothing says where the root key comes from".to_owned(),
        remedy: "Set root to the key's file, or root_command to a program and its arguments.",
    })
}

fn check_witnesses(config: &Config) -> Result<(), Contradiction> {
    let witnesses = &config.witnesses;
    let without_policy = |key: &'static str| Contradiction {
        key: ["witnesses", key],
        trouble: format!("{key} is set, but no policy names a witness"),
        remedy: "Name the policy's file under policy, or remove this key.",
    };
    when(witnesses.policy.is_none() && witnesses.reads.is_some(), || without_policy("reads"))?;
    when(witnesses.policy.is_none() && witnesses.ca.is_some(), || without_policy("ca"))
}

fn check_times(config: &Config) -> Result<(), Contradiction> {
    let (limits, log) = (&config.limits, &config.log);
    when(limits.upload_idle_seconds > limits.upload_total_seconds, || Contradiction {
        key: ["limits", "upload_idle_seconds"],
        trouble: format!(
            "an upload may be silent for {} s but last only {} s",
            limits.upload_idle_seconds, limits.upload_total_seconds
        ),
        remedy: "Make upload_idle_seconds smaller than upload_total_seconds.",
    })?;
    when(u64::from(limits.max_body_bytes.get()) > limits.max_document_bytes.get(), || Contradiction {
        key: ["limits", "max_body_bytes"],
        trouble: "a JSON body may be larger than a document".to_owned(),
        remedy: "Make max_body_bytes smaller, or max_document_bytes larger.",
    })?;
    when(limits.max_url_bytes > limits.max_header_bytes, || Contradiction {
        key: ["limits", "max_url_bytes"],
        trouble: "a URL may be longer than the header that holds it".to_owned(),
        remedy: "Make max_url_bytes smaller, or max_header_bytes larger.",
    })?;
    when(log.heartbeat_seconds != 0 && log.heartbeat_seconds < log.checkpoint_seconds.get(), || Contradiction {
        key: ["log", "heartbeat_seconds"],
        trouble: "heartbeats would come more often than checkpoints".to_owned(),
        remedy: "Make heartbeat_seconds at least checkpoint_seconds, or 0 for no heartbeats.",
    })
}

/// A commitment counts the origin's length in one byte.
const MAX_ORIGIN_BYTES: usize = 255;

fn when(wrong: bool, contradiction: impl FnOnce() -> Contradiction) -> Result<(), Contradiction> {
    if wrong { Err(contradiction()) } else { Ok(()) }
}

/// Where the key is in the text; its section if it is absent there, nothing if that is absent too.
fn span_of(text: &str, [section, key]: [&str; 2]) -> Option<std::ops::Range<usize>> {
    let document = DeTable::parse(text).ok()?.into_inner();
    let (name, value) = entry(&document, section)?;
    let within = value.get_ref().as_table().and_then(|table| entry(table, key));
    Some(within.map_or_else(|| name.span(), |(name, _)| name.span()))
}

type Entry<'a, 'i> = (&'a Spanned<std::borrow::Cow<'i, str>>, &'a Spanned<DeValue<'i>>);

fn entry<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<Entry<'a, 'i>> {
    table.iter().find(|(name, _)| name.get_ref() == key)
}
