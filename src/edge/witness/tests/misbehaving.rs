//! Witnesses that fail or lie: each fails alone, and the others go on.

use super::*;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::hash::TreeHash;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::signer::Ed25519Signer;

/// With a quorum of two of three, w0 and w1 honest, everything is published, and of w2 it is counted what it did.
async fn goes_on_without(manner: Manner, outcome: Outcome) {
    let mut stage = Stage::new(TWO_OF_THREE, [Manner::Good, Manner::Good, manner.clone()]).await;
    // The two who cosign are together long before this.
    stage.times.grace = Duration::from_millis(200);
    let running = stage.start().await;
    for _ in 0..2 {
        let published = covering(&running, beat(&running).await).await;
        assert_eq!(cosigners(&stage, &published), ["w0.example", "w1.example"], "{manner:?}");
    }
    until(&format!("{manner:?} is counted as {outcome:?}"), || count(&running, 2, outcome) > 0).await;
    assert_eq!(count(&running, 2, Outcome::Cosigned), 0, "{manner:?}");
    assert_eq!(running.repository.rolled_back(), None, "{manner:?}");
    assert_eq!(running.repository.withheld(), None, "{manner:?}");
    stop(running).await;
}

#[tokio::test]
async fn one_that_is_down() {
    goes_on_without(Manner::Down, Outcome::Unreachable).await;
}

#[tokio::test]
async fn one_that_is_slow() {
    goes_on_without(Manner::Silent, Outcome::Slow).await;
}

#[tokio::test]
async fn one_that_signs_badly_or_with_an_unknown_key() {
    goes_on_without(Manner::BadSignature, Outcome::BadSignature).await;
    goes_on_without(Manner::UnknownSignature, Outcome::UnknownSignature).await;
}

#[tokio::test]
async fn one_that_answers_something_else() {
    goes_on_without(Manner::Garbage, Outcome::Unintelligible).await;
    goes_on_without(Manner::Huge, Outcome::Unintelligible).await;
    goes_on_without(Manner::Redirects, Outcome::Refused).await;
    goes_on_without(Manner::Distrusts, Outcome::Refused).await;
}

#[tokio::test]
async fn one_that_claims_what_it_does_not_show() {
    goes_on_without(Manner::Claims(1 << 40), Outcome::Lie).await;
    goes_on_without(Manner::Claims(0), Outcome::Lie).await;
    goes_on_without(Manner::Disputes, Outcome::Lie).await;
}

#[tokio::test]
async fn one_that_shows_a_larger_checkpoint_under_another_key() {
    let origin = Origin::parse("test.example/log").unwrap();
    let forger = Ed25519Signer::from_seed((&origin).into(), &[7; 32]).unwrap();
    let mut note = Checkpoint { origin, size: 1000, root: TreeHash([1; 32]) }.to_note().unwrap();
    note.add(forger.sign(note.text()));
    goes_on_without(Manner::Shows(1000, note.to_string()), Outcome::Lie).await;
    goes_on_without(Manner::Shows(1000, "no note".to_owned()), Outcome::Unintelligible).await;
}
