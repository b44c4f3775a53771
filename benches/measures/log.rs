//! The transparency log by itself, in this process: appending, signing, and evidence from a log of years.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use strongroom::pure::tlog::checkpoint::Checkpoint;
use strongroom::pure::tlog::hash::HASH_LEN;
use strongroom::pure::tlog::leaf::{Entry, Opening, Origin};
use strongroom::pure::tlog::tree::Tree;
use strongroom::service::evidence::Evidence;
use strongroom::service::publishing::signers::{LogSigner, LogSigners};
use strongroom::service::publishing::{Publications, Published};
use strongroom::storage::disk::{Disk, RealDisk};
use strongroom::storage::journal::{Covered, Journal, JournalKeys, Options, SealedInput, TornTail};
use strongroom::storage::seal::secret::SecretKey;
use strongroom::storage::tiles::files::TileFolder;
use strongroom::storage::tiles::store::TileStore;

use super::settings::Settings;
use super::table::Table;

/// What an entry costs at several sizes of batches, what a checkpoint costs, and how long evidence takes in a large
/// log.
pub fn measure(settings: &Settings, table: &mut Table) {
    for batch in [1, 16, 256] {
        let mut log = Log::make(settings);
        let (appending, growing) = log.append_for(settings.round, batch);
        let per_entry = format!("{:.2} µs an entry", appending.as_secs_f64() * 1e6);
        let tree = format!("of it {:.2} µs in the tree", growing.as_secs_f64() * 1e6);
        table.value(&format!("append {batch} at a time, durable"), per_entry, &tree);
        let (signing, checkpoint) = log.sign_for(settings.round / 4);
        let remark = format!("{:.2} µs an entry if each batch were signed", signing.as_secs_f64() * 1e6 / batch as f64);
        let what = format!("sign a checkpoint of {} entries", checkpoint.size);
        table.value(&what, format!("{:.0} µs", signing.as_secs_f64() * 1e6), &remark);
    }
    large_log(settings, table);
}

fn large_log(settings: &Settings, table: &mut Table) {
    let entries = settings.log_entries;
    let mut log = Log::make(settings);
    let begun = Instant::now();
    while log.tree().size() < entries {
        log.append(256.min((entries - log.tree().size()) as usize));
    }
    let rate = entries as f64 / begun.elapsed().as_secs_f64();
    table.value(
        &format!("{entries} entries appended, 256 at a time"),
        format!("{rate:.0}/s"),
        "sealed, durable, with tiles",
    );
    let subtrees = log.tree().subtrees().len();
    let edge: u64 = (0..8).map(|level| (entries >> (8 * level)) & 0xff).sum();
    let remark = format!("{subtrees} hashes of the tree and {edge} of its right edge");
    let bytes = (subtrees as u64 + edge) * HASH_LEN as u64;
    table.value(&format!("memory of the tree's state at {entries} entries"), format!("{bytes} bytes"), &remark);
    for (what, folder) in [("journal", "journal"), ("tiles and bundles", "tiles")] {
        let per_entry = size_of(&log.folder.path().join(folder)) as f64 / entries as f64;
        table.value(&format!("{what} on disk"), format!("{per_entry:.1} bytes an entry"), RECORD_REMARK);
    }
    let mut took = log.evidence(settings.round);
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let remark = format!("p50 {:.2} ms, {} proofs of entries all over the log", at(0.5), took.len());
    table.value(&format!("evidence at {entries} entries"), format!("p99 {:.2} ms", at(0.99)), &remark);
}

/// A journal and its tiles on the disk that is measured.
struct Log {
    folder: tempfile::TempDir,
    journal: Journal,
    tiles: TileStore<TileFolder>,
    signers: LogSigners,
    origin: Origin,
}

impl Log {
    fn make(settings: &Settings) -> Self {
        let folder = tempfile::Builder::new().prefix("bench-log-").tempdir_in(&settings.folder).expect("a folder");
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::open(folder.path()).expect("a data directory"));
        let origin = Origin::parse("bench.example/log").expect("an origin");
        let keys = JournalKeys::new(1, SecretKey::from_bytes([1; 32]));
        let covered = Covered::default();
        let (journal, _) =
            Journal::open(disk.clone(), keys, origin.clone(), covered, TornTail::Ask, Options::default())
                .expect("a journal");
        let files = TileFolder::open(disk, "tiles").expect("a folder of tiles");
        let tiles = TileStore::open(files, 0, |_| Ok::<_, std::convert::Infallible>(Vec::new())).expect("no tiles");
        let signer = LogSigner::from_seed(&origin, &SecretKey::from_bytes([2; 32])).expect("keys");
        let signers = LogSigners::new(signer, Vec::new());
        Self { folder, journal, tiles, signers, origin }
    }

    fn tree(&self) -> &Tree {
        self.journal.tree()
    }

    /// Makes `count` entries durable, in the journal and in the tiles; what it took, and what of that the tree.
    fn append(&mut self, count: usize) -> (Duration, Duration) {
        let first = self.tree().size();
        let begun = Instant::now();
        let inputs: Vec<_> = (first..).take(count).map(|index| input(&self.origin, index)).collect();
        self.journal.commit(&inputs).expect("a commit");
        let committed = Instant::now();
        let entries: Vec<_> = inputs.iter().map(|input| input.entry).collect();
        self.tiles.append(&entries).expect("tiles");
        (begun.elapsed(), committed.elapsed())
    }

    /// What an entry takes in batches of `batch`, and what of that in the tree's tiles.
    fn append_for(&mut self, round: Duration, batch: usize) -> (Duration, Duration) {
        let begun = Instant::now();
        let (mut entries, mut whole, mut tree) = (0, Duration::ZERO, Duration::ZERO);
        while begun.elapsed() < round {
            let (took, growing) = self.append(batch);
            entries += batch as u32;
            whole += took;
            tree += growing;
        }
        (whole / entries, tree / entries)
    }

    /// What signing takes, with both keys.
    fn sign_for(&self, round: Duration) -> (Duration, Checkpoint) {
        let checkpoint = Checkpoint { origin: self.origin.clone(), size: self.tree().size(), root: self.tree().root() };
        let begun = Instant::now();
        let mut signed = 0;
        while begun.elapsed() < round {
            self.signers.sign(&checkpoint, signed.into()).expect("a signed note");
            signed += 1;
        }
        (begun.elapsed() / signed, checkpoint)
    }

    /// What each of many proofs took: record, opening, inclusion and text.
    fn evidence(&self, round: Duration) -> Vec<Duration> {
        let (_, checkpoint) = self.sign_for(Duration::from_millis(1));
        let note = self.signers.sign(&checkpoint, 0).expect("a signed note").to_string();
        let published = Published { size: checkpoint.size, note };
        let evidence = Evidence {
            records: self.journal.reader(),
            tiles: self.tiles.reader(),
            publications: Publications::of(published.clone()),
            patience: Duration::ZERO,
        };
        let begun = Instant::now();
        let mut took = Vec::new();
        let mut index = 0_u64;
        while begun.elapsed() < round {
            // A step that shares no factor with a power of two or ten walks all over the log.
            index = (index + 6_180_339) % checkpoint.size;
            let asked = Instant::now();
            evidence.under(&published, index).expect("evidence");
            took.push(asked.elapsed());
        }
        took
    }
}

/// An entry whose record is as long as that of an audited read.
fn input(origin: &Origin, index: u64) -> SealedInput {
    let record = RECORD.replace("INDEX", &index.to_string()).into_bytes();
    let mut opening = [7; 32];
    opening[..8].copy_from_slice(&index.to_be_bytes());
    let opening = Opening(opening);
    SealedInput { entry: Entry::commit(origin, &opening, &record), opening, record }
}

fn size_of(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| match entry.file_type().expect("a type").is_dir() {
            true => size_of(&entry.path()),
            false => entry.metadata().expect("a length").len(),
        })
        .sum()
}

const RECORD: &str = concat!(
    r#"{"actor":{"credential":"e265b6f564601a1fe8dc42785cd18a868bd8013eb5899560e79248767a683e6b","organisation":"#,
    r#""small-power","person":"party-small-supplier"},"command":{"document":"device-certificate-policy","kind":"#,
    r#""read_content","method":"GET","need":{"recorded":"need-1042"},"range":null,"version":{"label":"3.0"}},"events":"#,
    r#"[{"digest":"aaaa66621c48bd2b291ff42bc847f13dad2fcf7645a6d89a9211fb0282ebf97b","document":"#,
    r#""device-certificate-policy","kind":"content_released","label":"3.0","level":"GREEN","method":"GET","need":"#,
    r#""need-1042","range":null,"size":4096}],"facts":{"level":"GREEN","need":"need-1042"},"index":INDEX,"origin":"#,
    r#""bench.example/log","outcome":"done","request":"0c9f8f0f2b0a4b5fb9d5f0a1c2d3e4f5","rules":["READ-1","GREEN-1","#,
    r#""READ-3"],"time":"2026-11-24T09:30:04.123456Z","v":1}"#
);

const RECORD_REMARK: &str = "with records as long as an audited read's";
