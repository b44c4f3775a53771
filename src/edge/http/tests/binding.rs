//! Addresses that cannot be listened on.

use std::net::TcpListener;

use super::site::{Prepared, open, settings};
use crate::edge::http::server::{ServeError, Server, Settings};

#[test]
fn an_address_in_use_is_named_and_the_repository_is_stopped() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let prepared = Prepared::new();
    let settings = Settings { mutual_tls: address, ..settings(Default::default()) };
    let refused = Server::bind(settings, prepared.tls, Some(prepared.public), prepared.running).unwrap_err();
    assert!(matches!(refused, ServeError::Address { address: named, .. } if named == address), "{refused}");
    open(prepared.folder.path()).stop();
}

#[test]
fn the_operations_listener_is_on_loopback_alone() {
    let prepared = Prepared::new();
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let settings = Settings { operations: everywhere, ..settings(Default::default()) };
    let refused = Server::bind(settings, prepared.tls, Some(prepared.public), prepared.running).unwrap_err();
    assert!(matches!(refused, ServeError::OperationsNotLoopback(_)), "{refused}");
}

#[test]
fn a_public_listener_needs_a_certificate() {
    let prepared = Prepared::new();
    let refused = Server::bind(settings(Default::default()), prepared.tls, None, prepared.running).unwrap_err();
    assert!(matches!(refused, ServeError::PublicWithoutTls), "{refused}");
}
