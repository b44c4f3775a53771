//! Honest witnesses: checkpoints carry their cosignatures.

use super::*;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::signer::Ed25519Signer;

const EVERYONE: [&str; 3] = ["w0.example", "w1.example", "w2.example"];

#[tokio::test]
async fn a_checkpoint_is_published_with_both_kinds_of_cosignatures_and_grows_by_proofs() {
    let stage = Stage::new(ALL, [Manner::Good, Manner::Good, Manner::Good]).await;
    let running = stage.start().await;
    let mut last = 0;
    for _ in 0..3 {
        let published = covering(&running, beat(&running).await).await;
        assert_eq!(cosigners(&stage, &published), EVERYONE);
        assert!(published.size > last);
        last = published.size;
    }
    assert!(stage.witnesses.iter().all(|witness| witness.size() == last));
    let status = running.repository.witnessing();
    assert!(status.witnesses.iter().all(|witness| witness.cosigned_size == last));
    assert_eq!(status.stalled, None);
    stop(running).await;
}

#[tokio::test]
async fn after_a_restart_a_409_tells_what_to_catch_up_from() {
    let stage = Stage::new(ALL, [Manner::Good, Manner::Good, Manner::Good]).await;
    let running = stage.start().await;
    covering(&running, beat(&running).await).await;
    stop(running).await;
    let before: Vec<_> = stage.witnesses.iter().map(Fake::requests).collect();
    let running = stage.start().await;
    let published = covering(&running, beat(&running).await).await;
    assert_eq!(cosigners(&stage, &published), EVERYONE);
    let asked: Vec<_> =
        stage.witnesses.iter().zip(before).map(|(witness, before)| witness.requests() - before).collect();
    assert_eq!(asked, [2, 2, 2], "the request that was answered 409, and the one that caught up");
    stop(running).await;
}

#[tokio::test]
async fn without_a_quorum_it_is_published_at_once_and_cosignatures_are_added_when_they_come() {
    let stage = Stage::new("quorum none", [Manner::Down, Manner::Good, Manner::Down]).await;
    let running = stage.start().await;
    let published = covering(&running, beat(&running).await).await;
    let size = published.size;
    let repository = running.repository.clone();
    let shown = move || repository.publications().latest().unwrap();
    until("w1 is added", || cosigners(&stage, &shown()) == ["w1.example"]).await;
    stage.witnesses[0].becomes(Manner::Good);
    until("w0 is added", || cosigners(&stage, &shown()) == ["w0.example", "w1.example"]).await;
    assert_eq!(shown().size, size);
    assert_eq!(std::fs::read_to_string(stage.data("checkpoint")).unwrap(), shown().note);
    stop(running).await;
}

#[tokio::test]
async fn a_policy_that_names_another_log_stops_the_start() {
    let stage = Stage::new("quorum none", [Manner::Good, Manner::Good, Manner::Good]).await;
    let other = Ed25519Signer::from_seed((&Origin::parse("test.example/log").unwrap()).into(), &[7; 32]).unwrap();
    let mut settings = stage.settings();
    settings.witnessing.policy =
        Policy::parse(format!("log {}\nquorum none\n", other.verifier_key()).as_bytes()).unwrap();
    settings.witnessing.ways.clear();
    let refused = blocking(move || Running::start(&settings, Arc::new(Clock::system())).err()).await.unwrap();
    assert!(matches!(refused, StartError::PolicyForAnother), "{refused}");
}
