//! Audited reads under a standing need, each decided, entered durably and only then answered.

use super::client::Client;
use super::load::{self, Work};
use super::settings::Settings;
use super::site::{READER, Server, Site};
use super::table::Table;

/// Reads of 4 KiB and of 16 MiB.
pub fn measure(settings: &Settings, table: &mut Table) {
    let site = Site::make(settings);
    let (server, _) = site.serve();
    for (document, length, size, concurrencies) in
        [("small-policy", 4 << 10, "4 KiB", [1, 64].as_slice()), ("large-policy", 16 << 20, "16 MiB", &[1, 4])]
    {
        let need = server.lodge_for_reading(document, length);
        for &concurrency in concurrencies {
            let round = load::median(settings, &server, concurrency, |_| reader(&server, document, &need, length));
            table.load(&format!("audited read, {size}, {concurrency} at once"), &round);
        }
    }
    table.value("server's peak memory in all that", format!("{:.0} MiB", server.peak_mib()), "");
    server.stop();
}

/// Reads the document again and again on one connection.
fn reader<'a>(server: &Server, document: &str, need: &str, length: u64) -> Work<'a> {
    let mut client: Client = server.connect(READER);
    let path = format!("/documents/{document}/versions/1.0/content");
    let request = client.get(&path, &format!("Reasonable-Need: id=\"{need}\"\r\n"));
    Box::new(move || client.exchange(&request)?.of_length(length))
}
