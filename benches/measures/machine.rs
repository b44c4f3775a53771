//! The machine, without which no number means anything.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// Its cores, its processor, and what a durable write to the disk of `folder` costs.
pub fn describe(folder: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "Machine: {cores} cores{}; fdatasync of 4 KiB p50 {:.2} ms; load before the run {}.",
        model.trim_start().trim_start_matches(':'),
        durable_write(folder).as_secs_f64() * 1e3,
        load.split(' ').next().unwrap_or("unknown"),
    )
}

/// The median time of writing 4 KiB after the last and making them durable, in a file of full length.
fn durable_write(folder: &Path) -> Duration {
    let file = tempfile::tempfile_in(folder).expect("the folder for the data can be written");
    let page = [0x5a; PAGE_LEN];
    let write = |at: u64, file: &File| file.write_all_at(&page, at * PAGE_LEN as u64).expect("the disk takes 4 KiB");
    (0..WRITES).for_each(|at| write(at, &file));
    file.sync_all().expect("the disk syncs");
    let mut times: Vec<Duration> = (0..WRITES)
        .map(|at| {
            let begun = Instant::now();
            write(at, &file);
            file.sync_data().expect("the disk syncs");
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

const PAGE_LEN: usize = 4096;

const WRITES: u64 = 300;
