//! Crowds: connections that stay and say nothing, and all handshakes at once.
//!
//! `STRONGROOM_IDLE` says how many stay (2,000 without it).

use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustls::{ClientConfig, ClientConnection};

use crate::killing::setting;
use crate::support::deeds::NEED;
use crate::support::{Connection, Options, PATIENCE, Server, eventually};

#[test]
fn idle_connections_cost_little_and_keep_nobody_else_waiting() {
    let idle = setting("STRONGROOM_IDLE").unwrap_or(2_000);
    allow_files();
    let limits = limits(idle as u64 + 500, 3_600);
    let server = Server::start(&Options { limits, ..Options::default() });
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let mut reader = server.connect("chair");
    reader.read_content("policy", "1.0", NEED).must_be(200);
    let before = resident(&server);

    let tls = Arc::new(server.directory.client_tls(Some(&server.directory.credential("chair"))));
    let (kept, number) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while number.fetch_add(1, Ordering::Relaxed) < idle {
                    let socket = handshake(&server, &tls).unwrap();
                    kept.lock().unwrap().push(socket);
                }
            });
        }
    });
    let kept = kept.into_inner().unwrap();
    let open = || server.metric("strongroom_http_connections{listener=\"mutual_tls\"}");
    eventually("all of them at once", || (open() > idle as u64).then_some(()));
    let with_them = resident(&server);
    let mut slowest = Duration::ZERO;
    for _ in 0..50 {
        let begun = Instant::now();
        server.connect("manufacturer").read_content("policy", "1.0", NEED).must_be(200);
        slowest = slowest.max(begun.elapsed());
    }
    reader.read_content("policy", "1.0", NEED).must_be(200);

    assert_eq!(kept.len(), idle);
    drop(kept);
    eventually("their end", || (open() <= 2).then_some(()));
    let after = resident(&server);
    reader.read_content("policy", "1.0", NEED).must_be(200);
    server.stop();
    println!(
        "idle: {idle} connections, resident {before} KiB before, {with_them} KiB with them, {after} KiB after; the slowest of \
         50 connections with a read beside them took {} ms",
        slowest.as_millis()
    );
}

#[test]
fn a_thousand_handshakes_at_once_are_served_or_refused_and_none_hangs() {
    const HANDSHAKES: usize = 1_000;
    allow_files();
    let server = Server::start(&Options { limits: limits(4_000, 60), ..Options::default() });
    server.hold("policy", "A policy", "GREEN", b"what it says");
    let tls = server.directory.client_tls(Some(&server.directory.credential("chair")));
    let (served, refused, slowest) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Duration::ZERO));
    let (start, over) = (Barrier::new(HANDSHAKES + 1), AtomicBool::new(false));
    let mut reads = 0;
    std::thread::scope(|scope| {
        let crowd: Vec<_> = (0..HANDSHAKES)
            .map(|_| {
                let tls = tls.clone();
                let (server, start, served, refused, slowest) = (&server, &start, &served, &refused, &slowest);
                scope.spawn(move || {
                    start.wait();
                    let begun = Instant::now();
                    let answer = Connection::over_tls(server.address(), tls)
                        .and_then(|mut connection| connection.exchange("GET", "/v1/me", &[], None));
                    match answer {
                        Ok(answer) => {
                            answer.must_be(200);
                            served.fetch_add(1, Ordering::Relaxed);
                            let mut slowest = slowest.lock().unwrap();
                            *slowest = slowest.max(begun.elapsed());
                        }
                        Err(error) => {
                            let hung = [std::io::ErrorKind::WouldBlock, std::io::ErrorKind::TimedOut];
                            assert!(!hung.contains(&error.kind()), "one hung for {PATIENCE:?}: {error}");
                            refused.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                })
            })
            .collect();
        let mut reader = server.connect("manufacturer");
        start.wait();
        let (over, reads) = (&over, &mut reads);
        scope.spawn(move || {
            while !over.load(Ordering::Relaxed) {
                reader.read_content("policy", "1.0", NEED).must_be(200);
                *reads += 1;
            }
        });
        for one in crowd {
            one.join().unwrap();
        }
        over.store(true, Ordering::Relaxed);
    });
    let (served, refused) = (served.into_inner(), refused.into_inner());
    assert_eq!(served + refused, HANDSHAKES);
    assert!(served > 0 && reads > 0);
    server.connect("chair").get("/v1/me").must_be(200);
    server.stop();
    println!(
        "handshakes: {HANDSHAKES} at once, {served} served, {refused} refused, 0 hung; the slowest took {} ms; {reads} reads \
         beside them",
        slowest.into_inner().unwrap().as_millis()
    );
}

/// Limits that let one person and address have so many connections, which may be silent for so long.
fn limits(connections: u64, header_seconds: u64) -> Vec<(&'static str, u64)> {
    const EXPLAINED: &str = include_str!("../../config/strongroom.toml");
    let many = [
        "connections_per_address",
        "connections_per_credential",
        "handshakes_per_minute_per_address",
        "requests_per_minute_per_address",
    ];
    let many = many.into_iter().filter(|key| EXPLAINED.contains(key)).map(|key| (key, connections * 10));
    [("max_connections", connections), ("header_seconds", header_seconds)].into_iter().chain(many).collect()
}

/// Connects and ends the handshake; keeps the socket alone.
fn handshake(server: &Server, tls: &Arc<ClientConfig>) -> std::io::Result<TcpStream> {
    let mut socket = TcpStream::connect(server.address())?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let mut session = ClientConnection::new(tls.clone(), "localhost".try_into().unwrap()).unwrap();
    while session.is_handshaking() {
        session.complete_io(&mut socket)?;
    }
    Ok(socket)
}

/// Lets this process, and the servers that it starts, open as many files as may be.
fn allow_files() {
    const WANTED: u64 = 65_536;
    let wanted = Rlimit { current: Some(WANTED), maximum: Some(WANTED) };
    if setrlimit(Resource::Nofile, wanted).is_err() {
        let maximum = getrlimit(Resource::Nofile).maximum;
        setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    }
}

/// The memory that the server has in use, in KiB.
fn resident(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid().as_raw_nonzero())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
