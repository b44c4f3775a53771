//! Tiles: runs of up to 256 hashes, or of 256 entries, that the log is served in (C2SP tlog-tiles).

use std::fmt;

use super::hash::{HASH_LEN, TreeHash};
use super::leaf::{ENTRY_LEN, Entry};
use super::text::decimal;

/// How many hashes or entries a full tile holds.
pub const TILE_WIDTH: u16 = 256;

/// Levels of the tree that one level of tiles spans: 256 = 2^8.
pub const TILE_HEIGHT: u8 = 8;

/// Length of a full tile of hashes in bytes.
pub const FULL_TILE_LEN: usize = TILE_WIDTH as usize * HASH_LEN;

/// Length of a full bundle of this log's entries in bytes.
pub const FULL_BUNDLE_LEN: usize = TILE_WIDTH as usize * BUNDLE_ITEM_LEN;

/// The highest level that a path may name.
pub const MAX_LEVEL: u8 = 63;

/// The longest path that is worth parsing: no 64-bit index needs more.
const MAX_PATH_LEN: usize = 64;

/// What a tile is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TileKind {
    /// Hashes of this level, 0 to [`MAX_LEVEL`]: leaf hashes at 0, above it the roots of full tiles one level below.
    Hashes(u8),
    /// The entries themselves.
    Entries,
}

/// The coordinates of a tile as a request names them: kind, index within the kind, width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl Tile {
    /// The tile with these coordinates; `None` if the level is over [`MAX_LEVEL`] or the width is not 1 to 256.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Option<Self> {
        let level_is_valid = !matches!(kind, TileKind::Hashes(level) if level > MAX_LEVEL);
        (level_is_valid && (1..=TILE_WIDTH).contains(&width)).then_some(Self { kind, index, width })
    }

    /// Parses what follows `/tile/` in a request: `<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`. Only the one form that
    /// printing gives is accepted: no leading zeros, `N` in groups of three digits of which all but the last have the
    /// prefix `x`, `W` 1 to 255.
    pub fn parse(path: &str) -> Result<Self, InvalidTilePath> {
        Self::parse_canonical(path).ok_or(InvalidTilePath)
    }

    /// What the tile is made of.
    pub fn kind(&self) -> TileKind {
        self.kind
    }

    /// The tile's position among the tiles of its kind.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries the tile holds: 1 to 255, or 256 if it is full.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Whether the tile is full; a full tile never changes.
    pub fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// Whether a tree of `size` entries fills this tile as far as it is asked for.
    pub fn is_in_tree(&self, size: u64) -> bool {
        width_in_tree(self.kind, self.index, size) >= self.width
    }

    fn parse_canonical(path: &str) -> Option<Self> {
        if path.len() > MAX_PATH_LEN {
            return None;
        }
        let (kind, rest) = path.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes(u8::try_from(decimal(level)?).ok()?),
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, u16::try_from(decimal(width)?).ok().filter(|w| *w < TILE_WIDTH)?),
            None => (rest, TILE_WIDTH),
        };
        Self::new(kind, parse_index(index)?, width)
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "{level}/")?,
            TileKind::Entries => f.write_str("entries/")?,
        }
        write_index(f, self.index)?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// The text is not the path of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a tile; write <level>/<index> or entries/<index>, and .p/<width> for a partial tile")]
pub struct InvalidTilePath;

/// How wide tile `index` of `kind` is in a tree of `size` entries: 256 if it is full, 0 if it does not exist.
pub fn width_in_tree(kind: TileKind, index: u64, size: u64) -> u16 {
    let items = items_in_tree(kind, size);
    let full_tiles = items >> TILE_HEIGHT;
    if index < full_tiles {
        TILE_WIDTH
    } else if index == full_tiles {
        (items % u64::from(TILE_WIDTH)) as u16
    } else {
        0
    }
}

/// How many hashes of a level, or entries, a tree of `size` entries has in its tiles: `floor(size / 256^level)`.
pub fn items_in_tree(kind: TileKind, size: u64) -> u64 {
    match kind {
        TileKind::Hashes(level) => size.checked_shr(u32::from(level) * u32::from(TILE_HEIGHT)).unwrap_or(0),
        TileKind::Entries => size,
    }
}

/// The bytes of a tile that holds `hashes`.
pub fn tile_bytes(hashes: &[TreeHash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The hashes of a tile; `None` unless the bytes are a whole number of hashes, 1 to 256.
pub fn tile_hashes(bytes: &[u8]) -> Option<Vec<TreeHash>> {
    let (hashes, []) = bytes.as_chunks::<HASH_LEN>() else { return None };
    (1..=FULL_TILE_LEN).contains(&bytes.len()).then(|| hashes.iter().copied().map(TreeHash).collect())
}

/// An entry bundle: `u16 big-endian length || entry` for each entry.
pub fn entry_bundle(entries: &[Entry]) -> Vec<u8> {
    entries.iter().flat_map(|entry| BUNDLE_LEN_PREFIX.into_iter().chain(entry.0)).collect()
}

/// The entries of a bundle; `None` unless it is 1 to 256 whole entries of this log's one length.
pub fn bundle_entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    let (items, []) = bytes.as_chunks::<BUNDLE_ITEM_LEN>() else { return None };
    if !(1..=usize::from(TILE_WIDTH)).contains(&items.len()) {
        return None;
    }
    let entry = |item: &[u8; BUNDLE_ITEM_LEN]| item.strip_prefix(&BUNDLE_LEN_PREFIX)?.try_into().ok().map(Entry);
    items.iter().map(entry).collect()
}

const BUNDLE_LEN_PREFIX: [u8; 2] = (ENTRY_LEN as u16).to_be_bytes();

const BUNDLE_ITEM_LEN: usize = BUNDLE_LEN_PREFIX.len() + ENTRY_LEN;

/// Groups of three digits, all but the last with the prefix `x`: 1234067 is `x001/x234/067`.
fn parse_index(text: &str) -> Option<u64> {
    let (leading, last) = match text.rsplit_once('/') {
        Some((leading, last)) => (Some(leading), last),
        None => (None, text),
    };
    let mut index = 0_u64;
    for group in leading.into_iter().flat_map(|groups| groups.split('/')) {
        let thousands = three_digits(group.strip_prefix('x')?)?;
        // A first group of zeros would be a second name for the same tile.
        if index == 0 && thousands == 0 {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(thousands)?;
    }
    index.checked_mul(1000)?.checked_add(three_digits(last)?)
}

fn three_digits(text: &str) -> Option<u64> {
    let is_group = text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    is_group.then(|| text.parse().ok()).flatten()
}

fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    // A 64-bit number has at most seven groups.
    for group in (1..7).rev() {
        let above = index / 1000_u64.pow(group);
        if above > 0 {
            write!(f, "x{:03}/", above % 1000)?;
        }
    }
    write!(f, "{:03}", index % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_prints_as_it_was_parsed() {
        for path in
            ["0/000", "0/x001/x234/067", "63/999.p/255", "entries/000.p/1", "entries/x018/x446/x744/x073/x709/x551/615"]
        {
            assert_eq!(Tile::parse(path).map(|tile| tile.to_string()).as_deref(), Ok(path));
        }
    }

    #[test]
    fn only_the_canonical_path_is_a_path() {
        let hostile = [
            "",
            "/",
            "0",
            "0/",
            "0/0",
            "0/00",
            "0/0000",
            "00/000",
            "64/000",
            "256/000",
            "-1/000",
            "+1/000",
            "0/x000/001",
            "0/001/002",
            "0/x001",
            "0/x001/x002",
            "0/x001/",
            "0/X001/002",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/01",
            "0/000.p/",
            "0/000.p",
            "0/000.p/1/",
            "0/000.p/1.p/1",
            "data/000",
            "entries",
            "Entries/000",
            "0/00١",
            "0/+01",
            "0/x018/x446/x744/x073/x709/x551/616",
            "0/x001/x000/x000/x000/x000/x000/x000/000",
            "8/0/000",
            "/0/000",
        ];
        for path in hostile {
            assert_eq!(Tile::parse(path), Err(InvalidTilePath), "{path:?}");
        }
    }

    #[test]
    fn a_tree_of_70_000_has_the_tiles_that_the_specification_lists() {
        let width = |level, index| width_in_tree(TileKind::Hashes(level), index, 70_000);
        assert_eq!([width(0, 272), width(0, 273), width(0, 274)], [256, 112, 0]);
        assert_eq!([width(1, 0), width(1, 1), width(1, 2)], [256, 17, 0]);
        assert_eq!([width(2, 0), width(2, 1), width(3, 0), width(63, 0)], [1, 0, 0, 0]);
        assert_eq!(width_in_tree(TileKind::Entries, 273, 70_000), 112);
    }

    #[test]
    fn a_tree_of_256_has_a_full_tile_and_one_hash_above() {
        assert_eq!(width_in_tree(TileKind::Hashes(0), 0, 256), 256);
        assert_eq!(width_in_tree(TileKind::Hashes(0), 1, 256), 0);
        assert_eq!(width_in_tree(TileKind::Hashes(1), 0, 256), 1);
        assert_eq!(width_in_tree(TileKind::Hashes(7), u64::MAX, u64::MAX), 0);
    }

    #[test]
    fn a_bundle_gives_back_its_entries_and_nothing_else_is_a_bundle() {
        let entries = [Entry([1; ENTRY_LEN]), Entry([2; ENTRY_LEN])];
        let bundle = entry_bundle(&entries);
        assert_eq!(bundle.len(), 100);
        assert_eq!(bundle_entries(&bundle).as_deref(), Some(&entries[..]));
        assert_eq!(bundle_entries(&bundle[..99]), None);
        assert_eq!(bundle_entries(&[]), None);
        assert_eq!(bundle_entries(&[0; 50]), None);
        assert_eq!(bundle_entries(&bundle.repeat(129)), None);
    }
}
