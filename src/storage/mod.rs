//! The floor that remembers. It makes no policy: what may be stored or shown is decided elsewhere.
//!
//! The journal alone is the truth; the tiles and the view are derived from it, and the blobs hold the bytes that it
//! names.

pub mod disk;
pub mod seal;

pub mod journal;

pub mod tiles;
pub mod view;

pub mod blobs;
