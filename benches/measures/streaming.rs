//! Memory while a large document streams up and down.

use std::time::Instant;

use super::settings::Settings;
use super::site::{READER, Site};
use super::table::Table;

/// The server's peak memory after the start, after a lodgement and after a read of a large document.
pub fn measure(settings: &Settings, table: &mut Table) {
    let length = settings.streamed;
    let size = format!("{} MiB", length >> 20);
    let site = Site::make(settings);
    let (server, _) = site.serve();
    let peak = |table: &mut Table, when: &str, remark: &str| {
        table.value(&format!("peak memory after {when}"), format!("{:.0} MiB", server.peak_mib()), remark);
    };
    peak(table, "the start", "");

    let begun = Instant::now();
    let need = server.lodge_for_reading("immense-policy", length);
    let rate =
        |begun: Instant| format!("{:.0} MiB/s", length as f64 / f64::from(1 << 20) / begun.elapsed().as_secs_f64());
    peak(table, &format!("a lodgement of {size}"), &rate(begun));

    let mut client = server.connect(READER);
    let path = "/documents/immense-policy/versions/1.0/content";
    let request = client.get(path, &format!("Reasonable-Need: id=\"{need}\"\r\n"));
    let begun = Instant::now();
    client.exchange(&request).and_then(|answer| answer.of_length(length)).expect("the large document is read");
    peak(table, &format!("a read of {size}"), &rate(begun));
    server.stop();
}
