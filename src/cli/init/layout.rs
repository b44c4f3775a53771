//! Where things lie in a development directory.

use std::path::{Path, PathBuf};

/// The files of one directory that `init` made.
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The directory at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The server's configuration.
    pub fn config(&self) -> PathBuf {
        self.root.join(CONFIG)
    }

    /// The people that the register begins with.
    pub fn register(&self) -> PathBuf {
        self.root.join(REGISTER)
    }

    /// The log's verifier keys.
    pub fn verifier_keys(&self) -> PathBuf {
        self.root.join(VERIFIER_KEYS)
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.root.join(DATA)
    }

    /// The folder of the keys.
    pub fn keys(&self) -> PathBuf {
        self.root.join(KEYS)
    }

    /// The root key.
    pub fn root_key(&self) -> PathBuf {
        self.keys().join("root.key")
    }

    /// The log's signing key.
    pub fn log_key(&self) -> PathBuf {
        self.keys().join("log.key")
    }

    /// The folder of the certificates.
    pub fn certificates(&self) -> PathBuf {
        self.root.join(CERTIFICATES)
    }

    /// The certificate of the development CA; its key lies beside it.
    pub fn ca(&self) -> PathBuf {
        self.certificates().join("ca.pem")
    }

    /// The authorities of the people's own certificates, if they have their own.
    pub fn client_ca(&self) -> PathBuf {
        self.certificates().join("client-ca.pem")
    }

    /// The server's certificate; its key lies beside it.
    pub fn server(&self) -> PathBuf {
        self.certificates().join("server.pem")
    }

    /// The folder of the people's certificates.
    pub fn clients(&self) -> PathBuf {
        self.certificates().join("clients")
    }

    /// A person's certificate; `.key` and `.p12` lie beside it.
    pub fn client(&self, person: &str) -> PathBuf {
        self.clients().join(format!("{person}.pem"))
    }

    /// The password of the people's PKCS#12 files.
    pub fn p12_password(&self) -> PathBuf {
        self.clients().join("p12-password.txt")
    }
}

/// What lies directly in the directory, the configuration last: where it is, everything is.
pub const ENTRIES: [&str; 6] = [CERTIFICATES, KEYS, DATA, VERIFIER_KEYS, REGISTER, CONFIG];

/// Where a directory is made until it is whole.
pub const UNFINISHED: &str = ".init-unfinished";

const CONFIG: &str = "strongroom.toml";
const REGISTER: &str = "register.toml";
const VERIFIER_KEYS: &str = "log.vkey";
const DATA: &str = "data";
const KEYS: &str = "keys";
const CERTIFICATES: &str = "certs";
