//! The connection's flags and environment, and how they and a profile make settings.

use std::path::PathBuf;

use clap::Args;

use super::profile::{DEFAULT_PROFILE, Profile, ProfileError, Profiles};
use crate::edge::client::{DEFAULT_SERVER, Settings};

/// Which server, and as whom. Flags win over the environment, the environment over the profile, the profile over the
/// default.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionArgs {
    /// The server [default: the profile's, or https://127.0.0.1:8443]
    #[arg(long, global = true, value_name = "URL", env = "STRONGROOM_SERVER", hide_env_values = true)]
    pub server: Option<String>,
    /// The authority that issued the server's certificate (PEM)
    #[arg(long, global = true, value_name = "FILE", env = "STRONGROOM_CA", hide_env_values = true)]
    pub ca: Option<PathBuf>,
    /// Your certificate (PEM)
    #[arg(long, global = true, value_name = "FILE", env = "STRONGROOM_CERT", hide_env_values = true)]
    pub cert: Option<PathBuf>,
    /// Your certificate's key (PEM) [default: beside the certificate, ending in .key]
    #[arg(long, global = true, value_name = "FILE", env = "STRONGROOM_KEY", hide_env_values = true)]
    pub key: Option<PathBuf>,
    /// The profile to take the rest from [default: `default`, if there is one]
    #[arg(long, global = true, value_name = "NAME", env = "STRONGROOM_PROFILE", hide_env_values = true)]
    pub profile: Option<String>,
}

/// The connection is not settled.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The profiles do not serve.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// No certificate is chosen.
    #[error(
        "No certificate is chosen, and the server answers nobody without one. Choose yours with --cert FILE and --key \
         FILE, with STRONGROOM_CERT and STRONGROOM_KEY, or in a profile of {file} (a section [profiles.default] with \
         server, ca, cert and key)."
    )]
    NoCertificate {
        /// Where profiles are looked for.
        file: String,
    },
    /// No authority is given.
    #[error(
        "No authority is given under which to trust the server. Name the PEM file of the one that issued the server's \
         certificate with --ca FILE, STRONGROOM_CA or `ca` in a profile of {file}."
    )]
    NoAuthority {
        /// Where profiles are looked for.
        file: String,
    },
}

impl ConnectionArgs {
    /// The settings, with the profile file of this person.
    pub fn settle(self) -> Result<Settings, ConnectionError> {
        let profiles = Profiles::load(&Profiles::default_path())?;
        self.settle_with(&profiles)
    }

    /// The settings, with these profiles.
    pub fn settle_with(self, profiles: &Profiles) -> Result<Settings, ConnectionError> {
        let profile = match &self.profile {
            Some(name) => profiles.named(name)?,
            None => profiles.get(DEFAULT_PROFILE).unwrap_or_default(),
        };
        let file = || profiles.file().display().to_string();
        // A key belongs to its certificate: one chosen here must not meet the profile's.
        let profile_key = if self.cert.is_none() { profile.key } else { None };
        let Profile { server, ca, cert, .. } = profile;
        let certificate = self.cert.or(cert).ok_or_else(|| ConnectionError::NoCertificate { file: file() })?;
        Ok(Settings {
            server: self.server.or(server).unwrap_or_else(|| DEFAULT_SERVER.to_owned()),
            ca: self.ca.or(ca).ok_or_else(|| ConnectionError::NoAuthority { file: file() })?,
            key: self.key.or(profile_key).unwrap_or_else(|| certificate.with_extension("key")),
            certificate,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn profiles() -> Profiles {
        let text = "[profiles.default]\nserver = \"https://default\"\nca = \"ca.pem\"\ncert = \"me.pem\"\n\
                    [profiles.chair]\nserver = \"https://chair\"\nca = \"/ca.pem\"\ncert = \"/chair.pem\"\nkey = \"/k.pem\"\n\
                    [profiles.bare]\nserver = \"https://bare\"\n";
        Profiles::parse(Path::new("/home/me/.config/strongroom/profiles.toml"), text).unwrap()
    }

    #[test]
    fn without_a_word_the_default_profile_serves() {
        let settings = ConnectionArgs::default().settle_with(&profiles()).unwrap();
        assert_eq!(
            settings,
            Settings {
                server: "https://default".into(),
                ca: "/home/me/.config/strongroom/ca.pem".into(),
                certificate: "/home/me/.config/strongroom/me.pem".into(),
                key: "/home/me/.config/strongroom/me.key".into(),
            }
        );
    }

    #[test]
    fn what_is_given_wins_over_the_profile() {
        let given = ConnectionArgs {
            server: Some("https://given".into()),
            profile: Some("chair".into()),
            ..ConnectionArgs::default()
        };
        let settings = given.settle_with(&profiles()).unwrap();
        assert_eq!(settings.server, "https://given");
        assert_eq!(settings.certificate, Path::new("/chair.pem"));
        assert_eq!(settings.key, Path::new("/k.pem"));
    }

    #[test]
    fn a_certificate_that_is_given_brings_its_own_key() {
        let given = ConnectionArgs {
            cert: Some("certs/clients/secas.pem".into()),
            profile: Some("chair".into()),
            ..ConnectionArgs::default()
        };
        assert_eq!(given.settle_with(&profiles()).unwrap().key, Path::new("certs/clients/secas.key"));
    }

    #[test]
    fn without_profiles_flags_are_enough_and_the_server_is_this_machine() {
        let given =
            ConnectionArgs { cert: Some("me.pem".into()), ca: Some("ca.pem".into()), ..ConnectionArgs::default() };
        assert_eq!(given.settle_with(&Profiles::default()).unwrap().server, DEFAULT_SERVER);
    }

    #[test]
    fn what_is_missing_is_named_with_the_ways_to_give_it() {
        let text = ConnectionArgs::default().settle_with(&Profiles::default()).unwrap_err().to_string();
        assert!(text.contains("--cert FILE") && text.contains("STRONGROOM_CERT"), "{text}");
        let bare = ConnectionArgs { profile: Some("bare".into()), cert: Some("me.pem".into()), ..Default::default() };
        let text = bare.settle_with(&profiles()).unwrap_err().to_string();
        assert!(text.contains("--ca FILE") && text.contains("profiles.toml"), "{text}");
        let unknown = ConnectionArgs { profile: Some("chiar".into()), ..Default::default() };
        let text = unknown.settle_with(&profiles()).unwrap_err().to_string();
        assert!(text.contains("no profile `chiar`") && text.contains("bare, chair, default"), "{text}");
    }
}
