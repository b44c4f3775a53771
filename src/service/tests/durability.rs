//! What a start finds: a view that is missing, damaged, behind or ahead, and a journal that lost entries.

use std::fs;

use super::{Desk, lodge, read, register_document};
use crate::service::publishing::rollback::{Rollback, Source};
use crate::service::registrar::NotDone;
use crate::service::startup::StartError;
use crate::storage::journal::JournalError;

#[tokio::test]
async fn a_view_that_is_missing_is_rebuilt() {
    let desk = Desk::with_a_version().await;
    fs::remove_dir_all(desk.data().join("view")).unwrap();
    desk.still_serves().await;
}

#[tokio::test]
async fn a_view_that_is_damaged_is_set_aside_and_rebuilt() {
    let desk = Desk::with_a_version().await;
    for file in files_below(&desk.data().join("view")) {
        let mut bytes = fs::read(&file).unwrap();
        bytes.iter_mut().step_by(61).for_each(|byte| *byte ^= 0x40);
        fs::write(&file, bytes).unwrap();
    }
    desk.still_serves().await;
    let aside = fs::read_dir(desk.data())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("view-set-aside-"));
    assert_eq!(aside.count(), 1, "the damaged view is kept");
}

#[tokio::test]
async fn a_view_ahead_of_the_journal_stops_the_start() {
    let desk = Desk::with_a_version().await;
    let earlier = tempfile::tempdir().unwrap();
    copy(&desk.data().join("journal"), &earlier.path().join("journal"));
    let checkpoint = fs::read(desk.data().join("checkpoint")).unwrap();
    let running = desk.open_async().await;
    register_document(&running, "another-policy").await.unwrap();
    running.stop_async().await;

    // A restore that forgot the last entries, but kept the view that knows of them.
    fs::remove_dir_all(desk.data().join("journal")).unwrap();
    copy(&earlier.path().join("journal"), &desk.data().join("journal"));
    fs::write(desk.data().join("checkpoint"), checkpoint).unwrap();
    fs::remove_file(desk.data().with_file_name("log.key.signed")).unwrap();
    let refused = desk.refused().await;
    assert!(matches!(refused, StartError::Journal(JournalError::ViewAhead { .. })), "{refused}");
}

#[tokio::test]
async fn a_journal_that_lost_what_was_signed_was_rolled_back() {
    let desk = Desk::with_a_version().await;
    let earlier = tempfile::tempdir().unwrap();
    copy(&desk.data().join("journal"), &earlier.path().join("journal"));
    let running = desk.open_async().await;
    register_document(&running, "another-policy").await.unwrap();
    running.stop_async().await;

    fs::remove_dir_all(desk.data().join("journal")).unwrap();
    fs::remove_dir_all(desk.data().join("view")).unwrap();
    copy(&earlier.path().join("journal"), &desk.data().join("journal"));
    let refused = desk.refused().await;
    let StartError::RolledBack(finding) = refused else { panic!("{refused}") };
    assert!(finding.held < finding.signed, "{finding}");
    assert!(finding.to_string().contains("log.key.signed"), "{finding}");
}

#[tokio::test]
async fn a_witness_that_knows_of_more_has_everything_denied() {
    let desk = Desk::with_a_version().await;
    let running = desk.open_async().await;
    let source = Source::Witness { name: "witness.example".into(), checkpoint: String::new() };
    running.repository.denial.deny(Rollback { source, signed: 1000, held: 12 });
    let published = running.repository.publications().latest();
    let refused = register_document(&running, "another-policy").await.unwrap_err();
    assert!(matches!(&refused, NotDone::LogUnavailable(why) if why.contains("witness.example")), "{refused}");
    assert!(running.repository.beat().await.is_err());
    assert_eq!(running.repository.publications().latest(), published);
    running.stop_async().await;
}

#[tokio::test]
async fn tiles_that_are_lost_are_made_again() {
    let desk = Desk::with_a_version().await;
    let running = desk.open_async().await;
    for number in 0..300 {
        register_document(&running, &format!("policy-{number}")).await.unwrap();
    }
    running.stop_async().await;
    fs::remove_dir_all(desk.data().join("tiles")).unwrap();
    let running = desk.open_async().await;
    let permit = read(&running, "chair", "device-policy").await.unwrap();
    running.repository.evidence().of_entry(permit.entry()).await.unwrap();
    running.repository.evidence().of_entry(0).await.unwrap();
    running.stop_async().await;
}

#[tokio::test]
async fn a_second_process_is_kept_out_by_the_lock() {
    let desk = Desk::with_a_version().await;
    let running = desk.open_async().await;
    let refused = desk.refused().await;
    assert!(matches!(refused, StartError::Directory(_)), "{refused}");
    running.stop_async().await;
}

impl Desk {
    async fn with_a_version() -> Self {
        let desk = Self::established().await;
        let running = desk.open_async().await;
        register_document(&running, "device-policy").await.unwrap();
        lodge(&running, "device-policy", "1.0", b"the policy").await.unwrap();
        running.stop_async().await;
        desk
    }

    async fn still_serves(&self) {
        let running = self.open_async().await;
        read(&running, "chair", "device-policy").await.unwrap();
        running.stop_async().await;
    }
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
