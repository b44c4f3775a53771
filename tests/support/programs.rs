//! Programs that a test runs: the command line as one of the people, and openssl.

use std::process::{Command, Output};

use crate::support::Server;

impl Server {
    /// Runs the command line as that person.
    pub fn strongroom(&self, person: &str, arguments: &[&str]) -> Output {
        let certs = self.directory.path().join("certs");
        Command::new(env!("CARGO_BIN_EXE_strongroom"))
            .env_clear()
            .args(arguments)
            .arg("--server")
            .arg(format!("https://{}", self.address()))
            .arg("--ca")
            .arg(certs.join("ca.pem"))
            .arg("--cert")
            .arg(certs.join("clients").join(person).with_extension("pem"))
            .output()
            .unwrap()
    }
}

/// Runs openssl, version 3.
pub fn openssl(arguments: &[&str]) -> Output {
    Command::new("openssl")
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("this test runs the openssl program: {error}"))
}

/// What a program said.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What a program said that succeeded.
#[track_caller]
pub fn well(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    said(output)
}
