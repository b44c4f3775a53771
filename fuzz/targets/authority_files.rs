//! The files of a policy authority are taken whole, or every mistake is named with its file.
#![no_main]

use std::sync::LazyLock;

use strongroom::cli::config::authority::{SMKI_PROFILE, SMKI_REGISTER, Source, place};
use strongroom::pure::domain::id::CredentialId;
use strongroom::service::bootstrap::{ProfileFile, RegisterFile, first_events};

static PROFILE: LazyLock<Source> = LazyLock::new(|| Source::built_in("/srv/profile.toml", SMKI_PROFILE));
static REGISTER: LazyLock<Source> = LazyLock::new(|| Source::built_in("/srv/register.toml", SMKI_REGISTER));

libfuzzer_sys::fuzz_target!(|text: &str| {
    let profile = Source::built_in("/srv/profile.toml", text);
    match profile.profile() {
        Ok(read) => events(&read, &profile, REGISTER.register().ok(), &REGISTER),
        Err(error) => assert!(error.to_string().starts_with("/srv/profile.toml"), "{error}"),
    }
    let register = Source::built_in("/srv/register.toml", text);
    match register.register() {
        Ok(read) => events(&PROFILE.profile().expect("built in"), &PROFILE, Some(read), &register),
        Err(error) => assert!(error.to_string().starts_with("/srv/register.toml"), "{error}"),
    }
});

fn events(profile: &ProfileFile, from: &Source, register: Option<RegisterFile>, register_from: &Source) {
    let Some(register) = register else { return };
    match first_events(profile, &register, |_| Ok(CredentialId([7; 32]))) {
        Ok(events) => assert!(events.len() >= 2 + register.people.len() + register.organisations.len()),
        Err(contradictions) => {
            let placed = place(&contradictions, from, register_from).to_string();
            assert!(contradictions.0.iter().all(|finding| placed.contains(&finding.about.to_string())), "{placed}");
        }
    }
}
