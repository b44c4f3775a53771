//! Storage rooms.
pub mod blobs;
pub mod disk;
pub mod journal;
pub mod seal;
pub mod tiles;
pub mod view;
