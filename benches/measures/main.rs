//! Measures of the whole server, printed as one table for people: `cargo bench`, or `cargo bench -- reads` for a part.
//!
//! The server is the release binary, a process of its own on a directory that `strongroom init` made. The load comes
//! from this process over mutual TLS on loopback, with blocking threads that check the status and the length of every
//! answer. A row is the median of its rounds by rate. docs/performance.md says how to read it.
//!
//! Environment: `STRONGROOM_BENCH_SECONDS` (of a round, 4), `STRONGROOM_BENCH_ROUNDS` (3), `STRONGROOM_BENCH_ENTRIES`
//! (of the log at start-up, 1,000,000), `STRONGROOM_BENCH_NEEDS` (that decisions rest on, 1,000,000), `STRONGROOM_BENCH_LOG_ENTRIES` (of the log for evidence, 10,000,000),
//! `STRONGROOM_BENCH_STREAM_MIB` (streamed both ways, 1024), `STRONGROOM_BENCH_SAMPLES` (of each kind where hidden and
//! absent are compared, 10,000), `STRONGROOM_BENCH_HIDDEN` (versions of a document there, 10,000), `STRONGROOM_BENCH_DIR` (where the data lies,
//! `target/tmp`).

#![expect(clippy::expect_used, reason = "a measure that cannot be taken ends the run")]
#![allow(missing_docs, reason = "a program, not an interface")]

mod client;
mod deciding;
mod hiding;
mod load;
mod lodging;
mod log;
mod machine;
mod reading;
mod settings;
mod site;
mod starting;
mod statistics;
mod streaming;
mod table;

use settings::Settings;
use table::Table;

/// Takes the measures of one part and adds them to its table.
type Measure = fn(&Settings, &mut Table);

/// The parts in the order in which they are run.
const PARTS: [(&str, Measure); 7] = [
    ("decide", deciding::measure),
    ("reads", reading::measure),
    ("lodgements", lodging::measure),
    ("memory", streaming::measure),
    ("start", starting::measure),
    ("log", log::measure),
    ("hiding", hiding::measure),
];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let settings = Settings::from_environment();
    println!("{}\n{settings}", machine::describe(&settings.folder));
    for (part, measure) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|wanted| part.contains(wanted.as_str())) {
            let mut table = Table::default();
            measure(&settings, &mut table);
            println!("\n{part}\n{table}");
        }
    }
}
