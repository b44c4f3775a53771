//! Too few witnesses: nothing is published and nothing is read, until they are back.

use super::*;
use crate::service::reading::Unreleased;
use crate::service::registrar::NotDone;
use crate::service::tests::{determine, lodge, read, register_document};

const AWAY: [Manner; 3] = [Manner::Down, Manner::Down, Manner::Down];

/// A log that was published once with its witnesses, who then went away.
async fn deserted(reads: Reads) -> (Stage, Running, Arc<Published>) {
    let mut stage = Stage::new(TWO_OF_THREE, [Manner::Good, Manner::Good, Manner::Good]).await;
    stage.reads = reads;
    // Reads wait for as long as a checkpoint has.
    stage.times.deadline = Duration::from_millis(300);
    let running = stage.start().await;
    register_document(&running, "device-policy").await.unwrap();
    lodge(&running, "device-policy", "1.0", b"the policy").await.unwrap();
    let entry = determine(&running, "device-policy", "1.0", "GREEN").await.unwrap().entry().unwrap();
    let published = covering(&running, entry).await;
    stage.witnesses.iter().for_each(|witness| witness.becomes(Manner::Down));
    (stage, running, published)
}

fn return_to(stage: &Stage) {
    stage.witnesses[0].becomes(Manner::Good);
    stage.witnesses[1].becomes(Manner::Good);
}

#[tokio::test]
async fn reads_that_wait_get_nothing_and_recover_by_themselves() {
    let (stage, running, published) = deserted(Reads::Wait).await;
    let permit = read(&running, "chair", "device-policy").await.unwrap();
    let entry = permit.entry();
    let unreleased = running.repository.release(permit).await.expect_err("nothing is released");
    assert!(matches!(unreleased, Unreleased::Unwitnessed { entry: at } if at == entry), "{unreleased}");
    let stalled = running.repository.withheld().expect("it is said why");
    assert!(stalled.contains("w0: it cannot be reached") && stalled.contains("w2: "), "{stalled}");
    assert_eq!(running.repository.publications().latest().unwrap(), published);
    assert_eq!(std::fs::read_to_string(stage.data("checkpoint")).unwrap(), published.note);

    return_to(&stage);
    covering(&running, entry).await;
    let permit = read(&running, "chair", "device-policy").await.unwrap();
    let release = running.repository.release(permit).await.unwrap();
    assert!(running.repository.publications().latest().unwrap().size > release.entry());
    assert_eq!(running.repository.disclose(&release).await.unwrap().size(), 10);
    assert_eq!(running.repository.withheld(), None);
    stop(running).await;
}

#[tokio::test]
async fn reads_that_are_refused_make_no_entry() {
    let (stage, running, _) = deserted(Reads::Refuse).await;
    beat(&running).await;
    until("it stalls", || running.repository.withheld().is_some()).await;
    let before = running.repository.evidence().records.next_index();
    let refused = read(&running, "chair", "device-policy").await;
    assert!(matches!(refused, Err(NotDone::Unwitnessed)), "{refused:?}");
    assert_eq!(running.repository.evidence().records.next_index(), before);
    return_to(&stage);
    until("it flows", || running.repository.withheld().is_none()).await;
    let permit = read(&running, "chair", "device-policy").await.unwrap();
    running.repository.release(permit).await.unwrap();
    stop(running).await;
}

#[tokio::test]
async fn reads_that_need_durability_alone_go_on_while_publication_stalls() {
    let (_stage, running, published) = deserted(Reads::Durable).await;
    let permit = read(&running, "chair", "device-policy").await.unwrap();
    running.repository.release(permit).await.unwrap();
    until("it stalls", || running.repository.witnessing().stalled.is_some()).await;
    assert_eq!(running.repository.withheld(), None);
    assert_eq!(running.repository.publications().latest().unwrap(), published);
    stop(running).await;
}

#[tokio::test]
async fn a_restart_keeps_what_was_published_and_shows_nothing_else() {
    let (stage, running, published) = deserted(Reads::Wait).await;
    beat(&running).await;
    until("it stalls", || running.repository.withheld().is_some()).await;
    stop(running).await;
    let running = stage.start().await;
    let entry = beat(&running).await;
    until("it stalls", || running.repository.withheld().is_some()).await;
    assert_eq!(running.repository.publications().latest().unwrap(), published);
    return_to(&stage);
    assert!(covering(&running, entry).await.size > published.size);
    stop(running).await;
}

#[tokio::test]
async fn a_checkpoint_from_before_the_policy_is_not_shown_unwitnessed() {
    let mut stage = Stage::new(TWO_OF_THREE, AWAY).await;
    stage.times.deadline = Duration::from_millis(300);
    assert!(stage.data("checkpoint").exists(), "made before there was a policy");
    let running = stage.start().await;
    until("it stalls", || running.repository.withheld().is_some()).await;
    assert_eq!(running.repository.publications().latest(), None);
    return_to(&stage);
    let published = covering(&running, 0).await;
    assert_eq!(cosigners(&stage, &published), ["w0.example", "w1.example"]);
    stop(running).await;
}

#[tokio::test]
async fn what_was_signed_for_the_witnesses_alone_is_not_forgotten_by_a_restored_journal() {
    let (stage, running, _) = deserted(Reads::Wait).await;
    let journal = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(stage.data("journal")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), journal.path().join(entry.file_name())).unwrap();
    }
    beat(&running).await;
    until("it stalls", || running.repository.withheld().is_some()).await;
    stop(running).await;
    std::fs::remove_dir_all(stage.data("view")).unwrap();
    std::fs::remove_dir_all(stage.data("journal")).unwrap();
    std::fs::create_dir(stage.data("journal")).unwrap();
    for entry in std::fs::read_dir(journal.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), stage.data("journal").join(entry.file_name())).unwrap();
    }
    let refused = stage.try_start().await.err().expect("the start is refused");
    assert!(matches!(refused, StartError::RolledBack(_)), "{refused}");
}
