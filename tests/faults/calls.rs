//! Single calls of the system that fail.

use crate::instruments::Strace;
use crate::support::deeds::{NEED, bytes, content};
use crate::support::wire::assert_problem;
use crate::support::{Options, Server};

#[test]
fn a_document_that_cannot_be_read_to_its_end_is_broken_off_and_nothing_else() {
    let server = Server::start(&Options::default());
    let large = bytes(16 << 20, 3);
    server.hold("policy", "A policy", "GREEN", &large);
    server.hold("small", "Another", "GREEN", b"what it says");
    let largest = server.directory.blobs().into_iter().max_by_key(|blob| blob.metadata().unwrap().len()).unwrap();
    let calls = "read,pread64,readv,preadv";
    let trace = format!("trace={calls}");
    let inject = format!("inject={calls}:error=EIO:when=6+");
    let faults = Strace::attach(&server, &["-P", largest.to_str().unwrap(), "-e", &trace, "-e", &inject]);

    let mut chair = server.connect("chair");
    let request = chair.head("GET", &content("policy", "1.0"), &[("Reasonable-Need", NEED)]);
    chair.send(request.as_bytes()).unwrap();
    let answer = chair.answer_head().unwrap().must_be(200);
    let received = chair.rest();
    assert!(received.len() < large.len() && large.starts_with(&received), "only what is true was disclosed");
    let entry = answer.entry().unwrap();
    assert!(faults.seen().contains("INJECTED"));
    // Where not even its beginning can be read, that is said.
    drop(faults);
    let inject = format!("inject={calls}:error=EIO");
    let faults = Strace::attach(&server, &["-P", largest.to_str().unwrap(), "-e", &trace, "-e", &inject]);
    let mut chair = server.connect("chair");
    let read = chair.read_content("policy", "1.0", NEED);
    assert_problem(&read, 503, "storage_unavailable");
    // Everything else goes on.
    let mut chair = server.connect("chair");
    assert_eq!(chair.read_content("small", "1.0", NEED).must_be(200).body, b"what it says");
    server.connect("secas").lodge("small", "2.0", b"a second").must_be(201);
    faults.detach();
    assert!(chair.read_content("policy", "1.0", NEED).must_be(200).body == large, "no restart was needed");
    chair.get(&format!("/v1/audit/entries/{entry}/evidence")).must_be(200);
    server.stop();
}

#[test]
fn connections_that_cannot_be_accepted_wait_until_they_can() {
    let server = Server::start(&Options::default());
    let mut open = server.connect("chair");
    let faults = Strace::attach(&server, &["-e", "trace=accept4", "-e", "inject=accept4:error=EMFILE:when=1..5"]);
    let mut waiting = server.connect("secas");
    open.get("/v1/me").must_be(200);
    waiting.get("/v1/me").must_be(200);
    assert!(faults.detach().contains("EMFILE"));
    server.stop();
}

#[test]
fn without_files_or_memory_documents_are_refused_and_entries_go_on() {
    let server = Server::start(&Options::default());
    let large = bytes(3 << 20, 4);
    server.hold("policy", "A policy", "GREEN", &large);
    let held = server.directory.blobs().len();
    let (mut secretariat, mut chair) = (server.connect("secas"), server.connect("chair"));
    secretariat.get("/v1/me").must_be(200);
    chair.get("/v1/me").must_be(200);
    for error in ["EMFILE", "ENOMEM"] {
        let inject = format!("inject=openat:error={error}");
        let faults = Strace::attach(&server, &["-e", "trace=openat", "-e", &inject]);
        // An answer of this kind closes the connection.
        let lodged = server.connect("secas").lodge("policy", "2.0", &large);
        assert_problem(&lodged, 503, "storage_unavailable");
        assert_problem(&server.connect("chair").read_content("policy", "1.0", NEED), 503, "storage_unavailable");
        secretariat.register(&format!("entered-under-{}", error.to_lowercase()), "Entered").must_be(201);
        assert!(faults.detach().contains("INJECTED"));
        assert_eq!(server.directory.blobs().len(), held, "nothing half lodged lies about");
    }
    server.connect("secas").lodge("policy", "2.0", &large).must_be(201);
    server.assert_lodged("policy", "2.0", &large);
    server.stop();
}
