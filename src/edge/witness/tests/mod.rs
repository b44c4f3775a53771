//! Witnesses over HTTP.
