//! Hostile bytes never panic a parser, and what a parser accepts prints as the same bytes.

use proptest::prelude::*;

use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::leaf::Origin;
use crate::pure::tlog::note::Note;
use crate::pure::tlog::proof_file::ProofFile;
use crate::pure::tlog::tile::{Tile, TileKind, bundle_entries, entry_bundle, tile_bytes, tile_hashes, width_in_tree};
use crate::pure::tlog::verifier_key::VerifierKey;

/// Runs every parser of the room over `bytes`.
fn parse_all(bytes: &[u8]) {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
    }
    if let Ok(file) = ProofFile::parse(bytes) {
        assert_eq!(file.to_string().as_bytes(), bytes);
    }
    if let Some(entries) = bundle_entries(bytes) {
        assert_eq!(entry_bundle(&entries), bytes);
    }
    if let Some(hashes) = tile_hashes(bytes) {
        assert_eq!(tile_bytes(&hashes), bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(tile) = Tile::parse(&text) {
        assert_eq!(tile.to_string(), text);
    }
    if let Ok(checkpoint) = Checkpoint::parse(&text) {
        assert_eq!(checkpoint.to_string(), text);
    }
    if let Ok(key) = VerifierKey::parse(&text) {
        assert_eq!(key.to_string(), text);
    }
    let _ = Origin::parse(&text);
}

/// Text that is nearly right: pieces of every format, in any order.
fn nearly() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "c2sp.org/tlog-proof@v1",
        "\n",
        "\n\n",
        "extra ",
        "index ",
        "0",
        "00",
        "18446744073709551615",
        "18446744073709551616",
        "/",
        "entries/",
        ".p/",
        "x",
        "x001/",
        "000",
        "999",
        "255",
        "256",
        "63/",
        "64/",
        "+",
        " ",
        "\u{2014} ",
        "log.example",
        "sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=",
        "AAAAAAA=",
        "=",
        "\u{0}",
        "\u{85}",
        "ü",
        "c74f20a3",
        "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        parse_all(&bytes);
    }

    #[test]
    fn any_text(text in "\\PC{0,60}") {
        parse_all(text.as_bytes());
    }

    #[test]
    fn nearly_right_text(text in nearly()) {
        parse_all(text.as_bytes());
    }

    #[test]
    fn a_published_file_with_one_byte_changed(
        which in 0_usize..3,
        at in any::<usize>(),
        byte in any::<u8>(),
        cut: bool,
    ) {
        let files = [super::golden::CHECKPOINT, super::golden::PROOF_FILE, super::golden::VERIFIER_KEY];
        let mut bytes = files[which].as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        if cut {
            bytes.truncate(at);
        }
        parse_all(&bytes);
    }

    #[test]
    fn every_tile_prints_as_it_parses(
        level in 0_u8..64,
        entries: bool,
        index: u64,
        shift in 0_u32..64,
        width in 1_u16..=256,
    ) {
        let kind = if entries { TileKind::Entries } else { TileKind::Hashes(level) };
        let tile = Tile::new(kind, index >> shift, width).unwrap();
        prop_assert_eq!(Tile::parse(&tile.to_string()), Ok(tile));
    }

    #[test]
    fn the_widths_of_a_level_add_up_to_its_hashes(size in 0_u64..200_000, level in 0_u8..4) {
        let width = |index| u64::from(width_in_tree(TileKind::Hashes(level), index, size));
        let widths: u64 = (0..=size / 256 + 1).map(width).sum();
        prop_assert_eq!(widths, size / 256_u64.pow(u32::from(level)));
        prop_assert_eq!(width_in_tree(TileKind::Hashes(level), u64::MAX, size), 0);
    }
}
