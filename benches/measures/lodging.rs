//! Lodgements: each sealed, durable and digested before its entry, and the entry durable before the answer.

use super::load::{self, Work};
use super::settings::Settings;
use super::site::{Server, Site, piece};
use super::table::Table;

/// Lodgements of 4 KiB and of 16 MiB, each of a label of its own; every connection has its own document.
pub fn measure(settings: &Settings, table: &mut Table) {
    let site = Site::make(settings);
    let (server, _) = site.serve();
    for (length, size, concurrencies) in [(4 << 10, "4 KiB", [1, 64].as_slice()), (16 << 20, "16 MiB", &[2])] {
        for &concurrency in concurrencies {
            let round = load::median(settings, &server, concurrency, |number| {
                lodger(&server, &format!("policy-{length}-{concurrency}-{number}"), length)
            });
            table.load(&format!("lodgement, {size}, {concurrency} at once"), &round);
        }
    }
    server.stop();
}

/// Lodges one version after the other of a document of its own.
fn lodger<'a>(server: &Server, document: &str, length: u64) -> Work<'a> {
    server.register(document);
    let mut client = server.connect("secas");
    let (document, piece) = (document.to_owned(), piece());
    let mut label = 0_u64;
    Box::new(move || {
        label += 1;
        client.lodge(&format!("/documents/{document}/versions/1.{label}?classification=GREEN"), &piece, length)
    })
}
