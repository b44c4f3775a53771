//! Where the demonstration listens: the default ports, or free ones where these are taken.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// Three different ports.
#[derive(Debug)]
pub struct Ports([Port; 3]);

#[derive(Debug)]
struct Port {
    listener: &'static str,
    default: u16,
    chosen: SocketAddr,
}

impl Ports {
    /// Looks which are free now. Another program can still be quicker: then the server says so.
    pub fn choose() -> io::Result<Self> {
        // All are held until all are chosen, so that no two are the same.
        let held = DEFAULTS.map(|(listener, default)| {
            let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, default))
                .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
            socket.and_then(|socket| Ok((Port { listener, default, chosen: socket.local_addr()? }, socket)))
        });
        let [mutual_tls, public, operations] = held;
        let (mutual_tls, public, operations) = (mutual_tls?, public?, operations?);
        Ok(Self([mutual_tls.0, public.0, operations.0]))
    }

    /// For the mutual TLS listener.
    pub fn mutual_tls(&self) -> SocketAddr {
        let Self([mutual_tls, ..]) = self;
        mutual_tls.chosen
    }

    /// For the public listener.
    pub fn public(&self) -> SocketAddr {
        let Self([_, public, _]) = self;
        public.chosen
    }

    /// For the operations listener.
    pub fn operations(&self) -> SocketAddr {
        let Self([.., operations]) = self;
        operations.chosen
    }

    /// What is to be said of ports that are not the default ones.
    pub fn remarks(&self) -> impl Iterator<Item = String> {
        let others = self.0.iter().filter(|port| port.chosen.port() != port.default);
        others.map(|Port { listener, default, chosen }| {
            format!("Port {default} is taken: the {listener} listener uses {} instead.", chosen.port())
        })
    }
}

const DEFAULTS: [(&str, u16); 3] = [("mutual TLS", 8443), ("public", 8444), ("operations", 9090)];
