//! What holds after every restart, each by itself.

use std::collections::HashSet;

use strongroom::pure::domain::facts::{Fact, FactList, Facts, FactsExt};
use strongroom::pure::record::{Outcome, Record};
use strongroom::pure::tlog::tree::Tree;
use strongroom::service::startup::{ByHand, replay};
use strongroom::storage::disk::SimulatedDisk;
use strongroom::storage::seal::keys::KeyLevel;
use strongroom::storage::view::View;

use crate::expected::Expected;
use crate::place::{Place, origin, view_options};

/// All that can be seen of a repository that has just started; the disk is left in peace meanwhile.
pub struct Inspection<'a> {
    pub place: &'a Place,
    pub running: &'a ByHand,
    pub runtime: &'a tokio::runtime::Runtime,
    records: Vec<Vec<u8>>,
    tree: Vec<strongroom::pure::tlog::hash::TreeHash>,
}

impl<'a> Inspection<'a> {
    pub fn of(place: &'a Place, running: &'a ByHand, runtime: &'a tokio::runtime::Runtime) -> Self {
        let mut tree = Tree::empty();
        let mut roots = vec![tree.root()];
        let mut records = Vec::new();
        for batch in running.journal().replay(0) {
            for stored in batch.expect("the journal is whole").stored {
                tree.push(stored.entry.leaf_hash());
                roots.push(tree.root());
                records.push(stored.record);
            }
        }
        assert_eq!(records.len() as u64, running.journal().next_index());
        Self { place, running, runtime, records, tree: roots }
    }

    /// Every invariant. Gives the records that were found.
    pub fn check(self, expected: &Expected) -> Vec<Vec<u8>> {
        self.the_log_only_grew(expected);
        self.every_acknowledged_entry_is_there(expected);
        self.every_acknowledged_lodgement_is_there(expected);
        self.every_version_has_its_bytes(expected);
        self.no_byte_was_disclosed_without_its_entry(expected);
        self.the_tree_extends_every_signed_checkpoint(expected);
        self.what_was_published_did_not_go_back(expected);
        self.the_view_equals_a_replay();
        self.records
    }

    fn the_log_only_grew(&self, expected: &Expected) {
        assert!(self.records.len() >= expected.records.len(), "entries that a start had found are gone");
        assert!(self.records.iter().zip(&expected.records).all(|(now, before)| now == before), "an entry was changed");
    }

    fn every_acknowledged_entry_is_there(&self, expected: &Expected) {
        for (index, (kind, outcome)) in &expected.entries {
            let record = self.record(*index).unwrap_or_else(|| panic!("entry {index}, {kind}, was lost"));
            // READ-6: what was hidden is recorded by its kind alone.
            let found = record.command["kind"].as_str().or(record.command.as_str());
            assert_eq!((record.index, record.outcome), (*index, *outcome), "{kind}");
            assert_eq!(found, Some(kind.as_str()), "entry {index} is another one");
        }
    }

    fn every_acknowledged_lodgement_is_there(&self, expected: &Expected) {
        let facts = self.running.view();
        for lodged in &expected.lodged {
            let found = facts.label(&lodged.document, &lodged.label).unwrap();
            let version = found.and_then(|found| facts.version(&lodged.document, found).unwrap());
            let version = version.unwrap_or_else(|| panic!("{} {} was lost", lodged.document, lodged.label));
            assert_eq!((version.content.digest.0, version.content.size), (lodged.digest, lodged.size));
        }
    }

    /// Also those whose lodgement nobody was told of: an entry never comes before the bytes.
    fn every_version_has_its_bytes(&self, expected: &Expected) {
        let (facts, blobs) = (self.running.view(), self.place.blobs());
        let mut found = HashSet::new();
        for (_, document) in facts.list(&FactList::Documents, None, usize::MAX).unwrap() {
            let Fact::Slug(document) = document else { panic!("no document") };
            for (_, version) in facts.list(&FactList::Versions(document.clone()), None, usize::MAX).unwrap() {
                let Fact::Version(version) = version else { panic!("no version") };
                let blob = version.content.blob.parse().unwrap();
                assert!(found.insert(blob), "two versions have one blob");
                let digest = version.content.digest.0;
                let whole = blobs.verify(blob, KeyLevel::Undetermined, &digest);
                self.runtime.block_on(whole).unwrap_or_else(|error| panic!("{document} {}: {error}", version.label));
                assert!(expected.contents.contains_key(&digest), "other bytes than any lodger sent");
            }
        }
    }

    fn no_byte_was_disclosed_without_its_entry(&self, expected: &Expected) {
        for disclosed in &expected.disclosed {
            let record = self.record(disclosed.entry).expect("bytes left, and their entry is lost");
            assert_eq!(record.outcome, Outcome::Done);
            assert_eq!(record.command["kind"], "read_content");
            assert_eq!(record.command["document"], disclosed.document.as_str());
            let actor = serde_json::to_value(&record.actor).unwrap();
            assert_eq!(actor["person"], disclosed.person, "{actor}");
        }
    }

    fn the_tree_extends_every_signed_checkpoint(&self, expected: &Expected) {
        for signed in &expected.signed {
            let root = self.tree.get(signed.size as usize).expect("more was signed than is there");
            assert_eq!(*root, signed.root, "another tree of size {} was signed", signed.size);
        }
    }

    fn what_was_published_did_not_go_back(&self, expected: &Expected) {
        let published = self.running.repository.publications().latest().map_or(0, |latest| latest.size);
        assert!(published >= expected.published, "{published} is published, and {} was", expected.published);
    }

    fn the_view_equals_a_replay(&self) {
        let folder = self.place.scratch();
        let key = self.place.root().view_key(origin().as_str().as_bytes());
        let replayed = View::open(&folder, &key, view_options()).unwrap();
        replay(&replayed, self.running.journal()).unwrap();
        let live = self.running.view();
        assert_eq!(replayed.position(), live.position(), "the view stands elsewhere");
        assert_eq!(replayed.fingerprint().unwrap(), live.fingerprint().unwrap(), "the view holds other facts");
        drop(replayed);
        std::fs::remove_dir_all(folder).unwrap();
    }

    fn record(&self, index: u64) -> Option<Record> {
        Some(Record::from_bytes(self.records.get(index as usize)?).expect("a record can be read"))
    }
}

/// After a life of the process: what could not be synced was never synced again as if it still could.
pub fn no_failed_sync_was_repeated(disk: &SimulatedDisk) {
    assert_eq!(disk.syncs_after_a_failed_one(), 0, "a file was synced again after a sync of it had failed");
}

/// Once it cannot be known what the journal holds, everything is refused, and nothing touches the disk.
pub fn a_registrar_that_stands_still_enters_nothing(running: &mut ByHand, disk: &SimulatedDisk) {
    use strongroom::pure::domain::command::{Actor, Command, Request, System};
    use strongroom::service::registrar::NotDone;
    assert!(running.repository.standstill().is_some(), "the log failed, and the registrar goes on");
    let before = disk.calls();
    let request = Request { actor: Actor::System(System::Heartbeat), command: Command::Beat, request: "beat".into() };
    let answer = running.enter(request);
    assert!(matches!(answer, Err(NotDone::LogUnavailable(_))), "{answer:?}");
    assert_eq!(disk.calls(), before, "the registrar stands still, and touches the disk");
}
