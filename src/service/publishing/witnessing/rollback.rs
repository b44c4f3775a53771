//! Proof, by a witness's memory, that a log forgot what it signed.
//!
//! A witness may claim what it likes; what proves is a checkpoint under the log's own keys that the log's tree does not
//! have: a larger one, or another root at a size that it has. Then the data directory was rolled back, by a restore or
//! by someone, or a second log signs under the same key.

use super::Witnessing;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::verifier_key::VerifierKey;
use crate::service::publishing::rollback::{Rollback, Source};
use crate::storage::tiles::error::TileError;
use crate::storage::tiles::files::TileFiles;
use crate::storage::tiles::reader::TileReader;

/// Asks every witness for its last checkpoint of the log, all at once, and gives a proof of a rollback if one of them
/// holds it. `keys` are all keys that the log has signed with. Blocks for as long as the slowest witness may take; one
/// that does not answer, or shows what proves nothing, is passed over.
pub fn proven_rollback<F: TileFiles>(
    witnessing: &Witnessing,
    origin: &Origin,
    keys: &[VerifierKey],
    tiles: &TileReader<F>,
) -> Option<Rollback> {
    let witnesses = witnessing.policy.witnesses().iter().zip(&witnessing.ways);
    std::thread::scope(|scope| {
        let asking: Vec<_> =
            witnesses.map(|(witness, way)| (&witness.name, scope.spawn(move || way.latest(origin)))).collect();
        let answers = asking.into_iter().filter_map(|(name, thread)| Some((name, thread.join().ok()?.ok()??)));
        let judged = answers.map(|(name, note)| judge(&note, name, keys, tiles));
        judged.filter_map(Result::ok).flatten().collect::<Vec<_>>().into_iter().max_by_key(|rollback| rollback.signed)
    })
}

/// What a checkpoint that a witness holds proves: a rollback, if it is under the log's own keys and the log's tree does
/// not have it.
pub(super) fn judge<F: TileFiles>(
    note: &Note,
    name: &str,
    keys: &[VerifierKey],
    tiles: &TileReader<F>,
) -> Result<Option<Rollback>, TileError> {
    let Ok((theirs, _)) = Checkpoint::open(note, keys) else { return Ok(None) };
    // Read after the answer: what was signed while the witness was asked is in the tree by now.
    let ours = tiles.size();
    let is_ours = theirs.size <= ours && tiles.root_at(theirs.size)? == theirs.root;
    let source = || Source::Witness { name: name.to_owned(), checkpoint: note.to_string() };
    Ok((!is_ours).then(|| Rollback { source: source(), signed: theirs.size, held: ours }))
}
