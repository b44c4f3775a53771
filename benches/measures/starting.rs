//! Start-up on a long log.

use std::fs;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use strongroom::cli::common::opening;
use strongroom::cli::config::Config;
use strongroom::edge::pki::SpkiDigest;
use strongroom::pure::domain::command::{Command, NeedClaim, Selector};
use strongroom::pure::domain::id::{CredentialId, Handle, Label, NeedId};
use strongroom::service::clock::Clock;
use strongroom::service::startup::Running;
use strongroom::storage::journal::TornTail;

use super::settings::Settings;
use super::site::{READER, Site};
use super::table::Table;

/// The time until `/readyz` says 200, with an intact view and with none. The log is one of audited reads, as a log of
/// years would be; they are entered through the service in this process, since their making is not measured.
pub fn measure(settings: &Settings, table: &mut Table) {
    let site = Site::make(settings);
    let (server, empty) = site.serve();
    let need = server.lodge_for_reading("small-policy", 4 << 10);
    server.stop();
    table.value("start with a few entries", seconds(empty), "");

    let begun = Instant::now();
    enter_reads(&site, &need, settings.entries);
    let rate = settings.entries as f64 / begun.elapsed().as_secs_f64();
    let entries = settings.entries;
    table.value(
        &format!("{entries} reads entered, {AT_ONCE} at once"),
        format!("{rate:.0}/s"),
        "in process: no TLS, no content",
    );

    let (server, intact) = site.serve();
    let intact_peak = server.peak_mib();
    server.stop();
    table.value(&format!("start with {entries} entries, view intact"), seconds(intact), &peak(intact_peak));

    let begun = Instant::now();
    site.check();
    let checked = begun.elapsed();
    let rate = entries as f64 / checked.as_secs_f64();
    table.value(&format!("check of {entries} entries"), seconds(checked), &format!("{rate:.0} entries/s"));

    fs::remove_dir_all(site.data().join("view")).expect("the view can be removed");
    let (server, rebuilt) = site.serve();
    let rebuilt_peak = server.peak_mib();
    server.stop();
    let rate = entries as f64 / rebuilt.as_secs_f64();
    let remark = format!("{rate:.0} entries/s; {}", peak(rebuilt_peak));
    table.value(&format!("start with {entries} entries, no view"), seconds(rebuilt), &remark);
}

fn enter_reads(site: &Site, need: &str, reads: u64) {
    let config = Config::load(&site.config()).expect("the configuration of the site");
    let mut settings = opening::settings(&config, TornTail::Ask).expect("settings of the repository");
    settings.queue_length = NonZeroUsize::new(AT_ONCE).unwrap_or(NonZeroUsize::MIN);
    let running = Running::start(&settings, Arc::new(Clock::system())).expect("the repository starts");
    let pem = fs::read(site.certificate(READER)).expect("the reader's certificate");
    let credential = CredentialId(*SpkiDigest::of_certificate_pem(&pem).expect("a certificate").as_bytes());
    let command = Command::ReadContent {
        document: Handle::parse("small-policy").expect("a slug"),
        version: Selector::Label(Label::parse("1.0").expect("a label")),
        need: Some(NeedClaim::Recorded(NeedId(need.trim_start_matches("need-").parse().expect("a number")))),
        method: "GET".into(),
        range: None,
    };
    let repository = &running.repository;
    let entering = stream::iter(0..reads)
        .map(|_| repository.submit(credential, command.clone(), None))
        .buffer_unordered(AT_ONCE)
        .for_each(|answered| async move { assert!(answered.is_ok(), "a read is entered: {answered:?}") });
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(entering);
    running.stop();
}

fn seconds(took: Duration) -> String {
    format!("{:.2} s", took.as_secs_f64())
}

fn peak(mib: f64) -> String {
    format!("peak memory {mib:.0} MiB")
}

/// How many reads wait for the registrar at once.
const AT_ONCE: usize = 256;
