//! What a server needs to touch, by its configuration: the contents of its sandbox.
//!
//! A file that is read again while the server runs may be replaced by renaming another over it, as every careful program
//! replaces files: so its folder is readable, and the folder of what a symbolic link leads to.

use std::path::{Path, PathBuf};

use super::sandbox::Sandbox;
use crate::cli::config::Config;
use crate::edge::witness::Asking;

/// The sandbox of the server whose configuration is `file`; `witnesses` are the URLs of those that it asks.
pub fn of_server<'u>(file: &Path, config: &Config, witnesses: impl Iterator<Item = &'u str>) -> Sandbox {
    let tls = &config.mutual_tls;
    let read =
        [file, &tls.certificate, &tls.key, &tls.client_ca].into_iter().chain(tls.crls.iter().map(PathBuf::as_path));
    let mut reads: Vec<PathBuf> = read.flat_map(folders_of).collect();
    let mut connects: Vec<u16> = witnesses.filter_map(Asking::port).collect();
    if !connects.is_empty() {
        // To find the witnesses by name.
        reads.extend(RESOLVING.iter().map(PathBuf::from));
        connects.push(DNS);
    }
    let mut binds = vec![tls.address.port(), config.operations.address.port()];
    binds.extend(config.public.enabled.then_some(config.public.address.port()));
    // The record of the last tree that was signed lies beside the log's key.
    let mut writes = vec![config.data.directory.clone(), folder_of(&config.keys.log)];
    for list in [&mut reads, &mut writes] {
        list.sort();
        list.dedup();
    }
    for list in [&mut binds, &mut connects] {
        list.sort_unstable();
        list.dedup();
    }
    Sandbox { reads, writes, binds, connects }
}

/// The sandbox of a witness: its directory is read, for the list of logs, and its `state` written.
pub fn of_witness(directory: &Path, state: PathBuf, tls: &[&Path], port: u16) -> Sandbox {
    let mut reads: Vec<PathBuf> = tls.iter().flat_map(|file| folders_of(file)).collect();
    reads.push(directory.to_owned());
    reads.sort();
    reads.dedup();
    Sandbox { reads, writes: vec![state], binds: vec![port], connects: Vec::new() }
}

fn folders_of(file: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder_of(file)];
    // What is not there or is no link has no second folder.
    folders.extend(file.canonicalize().ok().map(|target| folder_of(&target)));
    folders
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// What the system's resolver reads when it looks a name up, its own libraries included.
const RESOLVING: [&str; 14] = [
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/ld.so.cache",
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/run/systemd/resolve",
    "/run/NetworkManager",
    "/run/resolvconf",
];

/// The port of name servers, for answers that are too long for a datagram.
const DNS: u16 = 53;
