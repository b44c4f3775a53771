//! The configuration that `init` writes: short, commented, ready to run.

use std::net::SocketAddr;

/// What the configuration says that is not always the same.
#[derive(Clone, Debug)]
pub struct ConfigText {
    /// The log's name.
    pub origin: String,
    /// The mutual TLS listener's address.
    pub mutual_tls: SocketAddr,
    /// The public listener's address.
    pub public: SocketAddr,
    /// Whether there is a public listener.
    pub public_enabled: bool,
    /// The operations listener's address.
    pub operations: SocketAddr,
    /// The file of the authorities of people's certificates, relative to the configuration.
    pub client_ca: &'static str,
}

impl ConfigText {
    /// With the default addresses.
    pub fn new(origin: impl Into<String>) -> Self {
        let loopback = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
        Self {
            origin: origin.into(),
            mutual_tls: loopback(8443),
            public: loopback(8444),
            public_enabled: false,
            operations: loopback(9090),
            client_ca: "certs/ca.pem",
        }
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let Self { origin, mutual_tls, public, public_enabled, operations, client_ca } = self;
        let origin = toml::Value::from(origin.as_str());
        format!(
            "# Strongroom's configuration, made by `strongroom init`. Paths are relative to this file.\n\
             # Every key with its default and what goes wrong: config/strongroom.toml of the distribution.\n\
             \n\
             # The log's name, which its keys and every checkpoint carry. It cannot be changed any more, but\n\
             # by `strongroom restore accept-loss`: evidence given out names it, and the keys were made for it.\n\
             origin = {origin}\n\
             \n\
             [mutual_tls]\n\
             # Where people and their programs connect.\n\
             address = \"{mutual_tls}\"\n\
             # The server's certificate and key. Made for development and valid for a year: put your own in their place.\n\
             certificate = \"certs/server.pem\"\n\
             key = \"certs/server.key\"\n\
             # The authorities whose client certificates are taken.\n\
             client_ca = \"{client_ca}\"\n\
             # Certificate revocation lists (PEM): without one, a stolen certificate works until it is unbound.\n\
             crls = []\n\
             \n\
             [public]\n\
             # Published WHITE documents and the log, without a client certificate. Set enabled = true to serve them.\n\
             enabled = {public_enabled}\n\
             address = \"{public}\"\n\
             \n\
             [operations]\n\
             # Health, readiness and metrics, for this machine only.\n\
             address = \"{operations}\"\n\
             \n\
             [data]\n\
             # The journal, the sealed documents and the view. One server at a time.\n\
             directory = \"data\"\n\
             \n\
             [keys]\n\
             # The root key opens everything in the data directory: keep a copy in another place.\n\
             root = \"keys/root.key\"\n\
             # The log's signing key: whoever has it can sign a false log.\n\
             log = \"keys/log.key\"\n\
             \n\
             [tracing]\n\
             # error, warn, info, debug or trace; \"text\" for people, \"json\" for machines.\n\
             level = \"info\"\n\
             format = \"text\"\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::cli::config::Config;

    #[test]
    fn what_is_written_is_a_configuration() {
        let config = Config::parse(Path::new("/srv/strongroom.toml"), &ConfigText::new("localhost/strongroom").text());
        let config = config.unwrap();
        assert_eq!(config.origin, "localhost/strongroom");
        assert_eq!(config.keys.log, Path::new("/srv/keys/log.key"));
        assert!(!config.public.enabled);
    }
}
