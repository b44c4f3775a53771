//! The profile that Strongroom ships for the SMKI: the limits of needs are judged as they are delivered.

use strongroom::pure::domain::profile::Profile;

pub fn profile() -> Profile {
    let mut file: toml::Table = toml::from_str(include_str!("../../config/smki/profile.toml")).unwrap();
    file.remove("profile").unwrap().try_into().unwrap()
}
