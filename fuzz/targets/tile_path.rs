//! A tile has one path: what parses prints as the same path.
#![no_main]

use strongroom::pure::tlog::tile::Tile;

libfuzzer_sys::fuzz_target!(|path: &str| {
    if let Ok(tile) = Tile::parse(path) {
        assert_eq!(tile.to_string(), path);
        assert!(!tile.is_in_tree(0) && (1..=256).contains(&tile.width()));
    }
});
