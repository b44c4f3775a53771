//! The table that is printed.

use std::fmt;

use super::load::Round;

/// Rows of names and values.
#[derive(Default)]
pub struct Table(Vec<[String; 7]>);

impl Table {
    /// A row of a load: the median of its rounds.
    pub fn load(&mut self, name: &str, round: &Round) {
        let failed = if round.failed == 0 { String::new() } else { format!("{} FAILED", round.failed) };
        self.0.push([
            name.to_owned(),
            format!("{:.0}/s", round.per_second()),
            format!("{:.1}", round.mib_per_second()),
            format!("{:.2} ms", round.percentile(50.0).as_secs_f64() * 1e3),
            format!("{:.2} ms", round.percentile(99.0).as_secs_f64() * 1e3),
            format!("{:.3} s", round.server_seconds_per_thousand()),
            failed,
        ]);
        eprintln!("{}", self.0.last().map(|row| row.join("  ")).unwrap_or_default());
    }

    /// A row with one value.
    pub fn value(&mut self, name: &str, value: String, remark: &str) {
        eprintln!("{name}  {value}  {remark}");
        let blank = String::new;
        self.0.push([name.to_owned(), value, blank(), blank(), blank(), blank(), remark.to_owned()]);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = comfy_table::Table::new();
        table.load_style(comfy_table::presets::ASCII_MARKDOWN).set_header(HEADER);
        for row in &self.0 {
            table.add_row(row);
        }
        write!(f, "{table}")
    }
}

const HEADER: [&str; 7] = ["what", "rate or value", "MiB/s", "p50", "p99", "server CPU for 1,000", "remark"];
