//! What of the keys is in a running server's memory, looked at by root. To its own user the memory is closed.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

use crate::support::deeds::SECRETARIAT;
use crate::support::{Options, Server};
use crate::{is_root, proc};

/// How often each of these is in the memory that the process can write to.
fn count<const N: usize>(server: &Server, needles: [&[u8]; N]) -> [usize; N] {
    let memory = File::open(format!("/proc/{}/mem", server.pid().as_raw_nonzero())).unwrap();
    let mut found = [0; N];
    for line in proc(server, "maps").lines() {
        let mut parts = line.split_whitespace();
        let (range, rights) = (parts.next().unwrap(), parts.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|place| u64::from_str_radix(place, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        // It may have given a part back meanwhile.
        let read = memory.read_at(&mut bytes, from).unwrap_or(0);
        for (needle, found) in needles.iter().zip(&mut found) {
            *found += occurrences(bytes.get(..read).unwrap_or_default(), needle);
        }
    }
    found
}

fn occurrences(mut bytes: &[u8], needle: &[u8]) -> usize {
    let mut found = 0;
    // Skipping by whole blocks of zeros, of which memory is full, makes this bearable unoptimised.
    while bytes.len() >= needle.len() {
        if bytes.len() >= BLOCK && bytes[..BLOCK] == [0; BLOCK] {
            bytes = &bytes[BLOCK..];
            continue;
        }
        let end = bytes.len().min(BLOCK + needle.len() - 1);
        found += bytes[..end].windows(needle.len()).filter(|window| *window == needle).count();
        bytes = bytes.get(BLOCK..).unwrap_or_default();
    }
    found
}

const BLOCK: usize = 4096;

#[test]
fn no_text_of_a_key_and_no_seed_stays_in_the_memory_of_a_server() {
    let server = Server::start(&Options::default());
    server.hold("memory", "A paper", "red", b"A paper of the authority.");
    server.connect("secas").read_content("memory", "1.0", SECRETARIAT).must_be(200);
    if !is_root() {
        let closed = File::open(format!("/proc/{}/mem", server.pid().as_raw_nonzero()));
        assert_eq!(closed.unwrap_err().kind(), std::io::ErrorKind::PermissionDenied);
        println!("process: only root can look into the server's memory, and this test is not root's");
        return;
    }
    let text = |name: &str| fs::read_to_string(server.directory.path().join(name)).unwrap().trim().to_owned();
    let (root_text, seed_text) = (text("keys/root.key"), text("keys/log.key"));
    let [root, seed] = [&root_text, &seed_text].map(|text| hex::decode(text).unwrap());
    let pem = text("certs/server.key");
    let pem_line = pem.lines().nth(1).unwrap();
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    // RFC 5915: the private key of P-256 is an OCTET STRING of 32 bytes.
    let place = der.secret_der().windows(2).position(|tag| tag == [0x04, 0x20]).unwrap() + 2;
    let scalar = &der.secret_der()[place..place + 32];

    let found = count(&server, [root_text.as_bytes(), seed_text.as_bytes(), &root, &seed, pem_line.as_bytes(), scalar]);
    let [root_texts, seed_texts, roots, seeds, pem_lines, scalars] = found;
    println!(
        "process: copies in the server's memory: root key as text {root_texts}, in use {roots}; log seed as text \
         {seed_texts}, as bytes {seeds}; TLS key as PEM {pem_lines}, as a scalar {scalars}"
    );
    assert_eq!((root_texts, seed_texts, seeds), (0, 0, 0), "texts of keys and seeds are wiped");
    assert!(roots > 0, "the key that is in use was not found: the search is no good");
}
