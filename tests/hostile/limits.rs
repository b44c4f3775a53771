//! Numbers and rates: of connections, handshakes and requests, by address and by credential.

use std::net::TcpStream;

use crate::support::wire::assert_problem;
use crate::support::{Connection, Options, Server, eventually};

fn limited(limits: &[(&'static str, u64)]) -> Server {
    Server::start(&Options { limits: limits.to_vec(), ..Options::default() })
}

fn turned_away(server: &Server, reason: &str) -> u64 {
    let name = format!("strongroom_http_connections_turned_away_total{{listener=\"mutual_tls\",reason=\"{reason}\"}}");
    server.labelled_metric(&name)
}

fn over_limit(server: &Server, reason: &str) -> u64 {
    let name = format!("strongroom_http_requests_limited_total{{listener=\"mutual_tls\",reason=\"{reason}\"}}");
    server.labelled_metric(&name)
}

/// Asks under `person`, over a new connection; the status, unless the connection came to nothing.
fn asked(server: &Server, person: &str) -> Option<u16> {
    let open = server.connect_with(Some(&server.directory.credential(person)));
    open.and_then(|mut open| open.exchange("GET", "/v1/me", &[], None)).ok().map(|answer| answer.status)
}

#[test]
fn an_address_cannot_have_more_connections_than_its_number_even_silent_ones() {
    let server = limited(&[("connections_per_address", 4), ("header_seconds", 60)]);
    // Which of them are turned away is for the threads that take them; four are.
    let silent: Vec<_> = (0..8).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    eventually("four refusals", || (turned_away(&server, "connections_per_address") == 4).then_some(()));
    assert_eq!(asked(&server, "chair"), None);
    drop(silent);
    eventually("a place", || asked(&server, "chair").filter(|status| *status == 200));
}

#[test]
fn a_credential_with_too_many_connections_is_told_so_and_others_are_not_concerned() {
    let server = limited(&[("connections_per_credential", 2)]);
    let mut two = [server.connect("chair"), server.connect("chair")];
    two.iter_mut().for_each(|open| drop(open.get("/v1/me").must_be(200)));
    let mut third = server.connect("chair");
    let answer = third.get("/v1/me");
    assert_problem(&answer, 429, "too_many_requests");
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    assert!(third.rest().is_empty(), "it is closed");
    assert_eq!(turned_away(&server, "connections_per_credential"), 1);
    assert_eq!(over_limit(&server, "connections_per_credential"), 1);
    server.connect("secas").get("/v1/me").must_be(200);
    two.iter_mut().for_each(|open| drop(open.get("/v1/me").must_be(200)));
    let [one, _two] = two;
    one.cut();
    eventually("a place", || asked(&server, "chair").filter(|status| *status == 200));
}

#[test]
fn an_address_has_one_rate_of_requests_for_everyone_behind_it_before_anyone_is_asked_who_they_are() {
    let server = limited(&[("requests_per_minute_per_address", 6)]);
    let people = ["chair", "secas", "party-small-supplier"].into_iter().cycle();
    // A budget comes back by one request in ten seconds, also while the first ones are made.
    let served = people.take(60).take_while(|person| server.connect(person).get("/v1/me").status == 200).count();
    assert!((6..60).contains(&served), "{served}");
    for person in ["chair", "outsider"] {
        let mut open = server.connect(person);
        let answer = open.get("/v1/me");
        assert_problem(&answer, 429, "too_many_requests");
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=10).contains(&seconds), "{seconds}");
    }
    assert!(over_limit(&server, "requests_per_minute_per_address") >= 3);
    // The operator's own listener asks nobody, and limits nobody.
    for _ in 0..20 {
        server.operations().get("/readyz").must_be(200);
    }
}

#[test]
fn a_credential_has_a_rate_of_requests() {
    let server = limited(&[("requests_per_minute", 3)]);
    let mut open = server.connect("chair");
    for _ in 0..3 {
        open.get("/v1/me").must_be(200);
    }
    assert_problem(&open.get("/v1/me"), 429, "too_many_requests");
    assert_eq!(over_limit(&server, "requests_per_minute"), 1);
    server.connect("secas").get("/v1/me").must_be(200);
}

#[test]
fn an_address_has_a_rate_of_handshakes() {
    let server = limited(&[("handshakes_per_minute_per_address", 5)]);
    let answers: Vec<_> = (0..8).map(|_| asked(&server, "chair")).collect();
    let served = answers.iter().flatten().count();
    // Some may have come back while they were made.
    assert!((5..8).contains(&served), "{answers:?}");
    assert_eq!(turned_away(&server, "handshakes_per_minute_per_address"), 8 - served as u64);
}

#[test]
fn limits_change_at_once_for_connections_that_are_open_too() {
    let server = limited(&[("requests_per_minute_per_address", 1)]);
    let mut open = server.connect("chair");
    open.get("/v1/me").must_be(200);
    assert_problem(&open.get("/v1/me"), 429, "too_many_requests");
    server.directory.edit_config(|text| text.replace("per_address = 1", "per_address = 1000"));
    server.hang_up();
    eventually("the other limit", || (open.get("/v1/me").status == 200).then_some(()));
}

#[test]
fn health_and_metrics_are_there_while_the_main_listener_is_full() {
    let server = limited(&[("max_connections", 20), ("header_seconds", 60)]);
    let silent: Vec<_> = (0..64).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    for path in ["/healthz", "/readyz", "/metrics"] {
        server.operations().get(path).must_be(200);
    }
    drop(silent);
    eventually("a place", || asked(&server, "chair").filter(|status| *status == 200));
}

#[test]
fn a_connection_takes_one_file() {
    let server = limited(&[]);
    server.connect("chair").get("/v1/me").must_be(200);
    let before = server.open_files();
    let mut idle: Vec<Connection> = (0..100).map(|_| server.connect("chair")).collect();
    for open in &mut idle {
        open.get("/v1/me").must_be(200);
    }
    let taken = server.open_files().saturating_sub(before);
    println!("files: {} idle connections took {taken} files", idle.len());
    assert!(taken < 120, "{taken}");
}
