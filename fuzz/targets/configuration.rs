//! A configuration that is taken is written and read back as the same; a mistake is named with its file.
#![no_main]

use std::path::Path;

use strongroom::cli::common::profile::Profiles;
use strongroom::cli::config::Config;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let path = Path::new("/srv/strongroom.toml");
    match Config::parse(path, text) {
        Ok(config) => {
            assert!(config.operations.address.ip().is_loopback());
            let written = toml::to_string(&config).expect("a configuration can be written");
            assert_eq!(Config::parse(path, &written).expect("what was written is read"), config);
        }
        Err(error) => assert!(error.to_string().starts_with("/srv/strongroom.toml"), "{error}"),
    }
    if let Err(error) = Profiles::parse(path, text) {
        assert!(error.to_string().contains("/srv/strongroom.toml"), "{error}");
    }
});
