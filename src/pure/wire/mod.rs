//! The wire: the shapes of requests and responses, shared by the server and its clients.
//!
//! One noun a file. Everything is `snake_case` JSON; instants are RFC 3339 in UTC, dates are `YYYY-MM-DD` days in
//! Europe/London, digests are lower-case hex in JSON and RFC 9530 dictionaries in headers.
//!
//! Invariants: a request refuses unknown fields, so that a misspelt one is an error and not a silent default; a
//! response may grow fields, so a client ignores those it does not know. In a response an absent value is `null`; in a
//! request it may be left out.
//!
//! Not here: rules (`pure::domain`), URLs and handlers (`edge::http`), and what a purpose may be (configuration).

pub mod alternate;
pub mod appeal;
pub mod appointment;
pub mod audit;
pub mod body;
pub mod breach;
pub mod classification;
pub mod conflict;
pub mod credential;
pub mod decision;
pub mod digest;
pub mod direction;
pub mod document;
pub mod explanation;
pub mod grant;
pub mod lodgement;
pub mod lodger_signature;
pub mod marking;
pub mod me;
pub mod measure;
pub mod need;
pub mod organisation;
pub mod page;
pub mod person;
pub mod problem;
pub mod reader;
pub mod reason;
pub mod reasonable_need;
pub mod suspension;
pub mod undertaking;
pub mod version;
