//! The room's bigger tests.
