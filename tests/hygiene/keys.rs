//! The keys of a directory, as secrets.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::search::Secrets;
use crate::support::directory::files;

/// Adds every key of the directory: the root key, the log's, the authority's, the server's and everyone's; the passwords
/// of key files; and what every PEM begins with.
pub fn add(secrets: &mut Secrets, directory: &Path) {
    secrets.add("a PEM's marker", "-----BEGIN ");
    let mut keys = 0;
    for file in files(directory).iter().filter(|file| !file.starts_with(directory.join("data"))) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let is_secret = name.ends_with(".key") || name.contains("password");
        if !is_secret {
            continue;
        }
        keys += 1;
        let text = fs::read_to_string(file).unwrap();
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
        // Of one line each in a log of words: the key as it stands in its file, and the bytes that it is.
        for word in text.split_whitespace().filter(|word| word.len() >= 16 && !word.starts_with("-----")) {
            secrets.add(&name, word);
        }
        let bytes = hex::decode(&body).or_else(|_| STANDARD.decode(&body)).unwrap_or_default();
        // The first bytes of a DER only say of what kind the key is.
        let private = if text.contains("-----BEGIN") { bytes.get(36..68).unwrap_or(&[]) } else { &bytes[..] };
        if !private.is_empty() {
            secrets.add(&name, private);
        }
    }
    assert!(keys > 10, "{} has {keys} keys", directory.display());
}
