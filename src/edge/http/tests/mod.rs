//! The HTTP room on real sockets: real TLS with certificates of a development CA, over a real repository.

mod binding;
mod client;
mod content;
mod cut;
mod drain;
mod log;
mod operations;
mod people;
mod site;
mod upload;

use client::Client;
use site::Site;
