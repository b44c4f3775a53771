//! A witness that remembers more of the log than the log does: nothing is signed, published or read any more.

use super::*;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::service::publishing::signers::{LogSigner, LogSigners};
use crate::service::registrar::NotDone;

#[tokio::test]
async fn a_checkpoint_of_ours_that_is_larger_than_our_log_stops_it() {
    let stage = Stage::new(TWO_OF_THREE, [Manner::Good, Manner::Good, Manner::Good]).await;
    let running = stage.start().await;
    let published = covering(&running, beat(&running).await).await;
    let settings = stage.settings();
    let signer = LogSigner::from_seed(&settings.origin, &settings.log_key.load().unwrap()).unwrap();
    let forgotten = Checkpoint { origin: settings.origin.clone(), size: 1000, root: TreeHash([1; 32]) };
    let forgotten = LogSigners::new(signer, Vec::new()).sign(&forgotten, 1_800_000_000).unwrap();
    // The others are silent, so that nothing is published before the proof is seen.
    stage.witnesses[0].becomes(Manner::Silent);
    stage.witnesses[1].becomes(Manner::Silent);
    stage.witnesses[2].becomes(Manner::Shows(1000, forgotten.to_string()));
    let _ = running.repository.beat().await;
    until("it stands still", || running.repository.rolled_back().is_some()).await;
    let reason = running.repository.rolled_back().unwrap().to_string();
    assert!(
        reason.contains("by the witness w2 it signed a tree of 1000 entries") && reason.contains("restore"),
        "{reason}"
    );
    assert_eq!(count(&running, 2, Outcome::Rollback), 1);
    let refused = running.repository.beat().await;
    assert!(matches!(refused, Err(NotDone::LogUnavailable(_))), "{refused:?}");
    let repository = running.repository.clone();
    stop(running).await;
    assert_eq!(repository.publications().latest().unwrap(), published);
}

#[tokio::test]
async fn a_restored_data_directory_is_found_out_before_anything_is_read_or_signed() {
    let stage = Stage::new(TWO_OF_THREE, [Manner::Good, Manner::Good, Manner::Good]).await;
    let earlier = tempfile::tempdir().unwrap();
    copy(&stage.data(""), earlier.path());
    let running = stage.start().await;
    let lost = covering(&running, beat(&running).await).await;
    stop(running).await;

    restore(&stage, earlier.path());
    let running = stage.start().await;
    let reason = running.repository.rolled_back().expect("it is denied from the start").to_string();
    assert!(reason.contains(&format!("it signed a tree of {} entries", lost.size)), "{reason}");
    assert!(reason.contains(&format!("the journal has {}", lost.size - 1)), "{reason}");
    assert!(matches!(running.repository.beat().await, Err(NotDone::LogUnavailable(_))));
    assert_eq!(running.repository.publications().latest(), None);
    stop(running).await;
    let (record, kept) = (std::fs::read(stage.record()).ok(), std::fs::read(stage.data("checkpoint")).ok());
    assert_eq!(record, kept, "nothing was signed since the copy was made");
}

#[tokio::test]
async fn one_that_is_restored_and_grown_again_is_found_out_by_its_root() {
    let stage = Stage::new(TWO_OF_THREE, [Manner::Good, Manner::Good, Manner::Good]).await;
    let earlier = tempfile::tempdir().unwrap();
    copy(&stage.data(""), earlier.path());
    let running = stage.start().await;
    covering(&running, beat(&running).await).await;
    stop(running).await;

    restore(&stage, earlier.path());
    // A start without the witnesses makes other entries in the place of those lost.
    let alone = Settings { witnessing: Witnessing::default(), ..stage.settings() };
    let running = blocking(move || Running::start(&alone, Arc::new(Clock::system())).unwrap()).await;
    beat(&running).await;
    beat(&running).await;
    stop(running).await;
    let running = stage.start().await;
    let reason = running.repository.rolled_back().expect("it is denied from the start").to_string();
    assert!(reason.contains("makes another tree of that size"), "{reason}");
    stop(running).await;
}

/// Puts an older copy of the data directory back, and takes the record beside the log's key away: only the witnesses
/// know.
fn restore(stage: &Stage, earlier: &std::path::Path) {
    std::fs::remove_dir_all(stage.data("")).unwrap();
    std::fs::remove_file(stage.record()).unwrap();
    copy(earlier, &stage.data(""));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() { copy(&from, &to) } else { std::fs::copy(from, to).map(drop).unwrap() }
    }
}
