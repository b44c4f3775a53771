//! The room from outside.

mod openapi;
