//! READ-6 from outside: two servers with one history, but for hidden things that only one of them has.
//!
//! ```text
//! one history ──► world with the secret     ──┐
//!            └──► world with a filler entry ──┴─ every route x method x role: the same answer, to the byte
//! ```
//!
//! A filler is an entry that no outsider sees either, so that both logs have one length and every index, id and cursor is
//! the same in both. Then nothing of an answer may differ but times, and what is random in every answer. That finds what
//! asking for a hidden and an absent name does not: items, counts and cursors of lists, conflicts of names, one's own
//! trail.
//!
//! The routes are those of the server's own OpenAPI document: one that has no row here fails the test.
//!
//! Not here: how long answers take, which `cargo bench -- hiding` measures.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail, as the test may")]

#[path = "../support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod support;

mod house;
mod matrix;
mod normal;
mod secrets;
mod worlds;

use worlds::Worlds;

#[test]
fn what_the_pma_hides_is_as_if_it_were_not() {
    // Secrets add up: who is outside of all of them is compared once there are all.
    let mut worlds = Worlds::begin();
    worlds.keep(secrets::hidden_versions);
    worlds.compare("RED, withdrawn and undetermined versions", &["dcc-rep", "ofgem-rep", "beis-rep"]);
    worlds.keep(secrets::red_document);
    worlds.compare("a RED document", &["panel-member", "party-large-supplier"]);
    worlds.keep(secrets::amber);
    worlds.compare("AMBER, shared and tabled", &["dcc-operator"]);
    worlds.keep(secrets::governance);
    worlds.compare("decisions, grants, measures, directions", &STRANGERS);
    worlds.keep(secrets::green);
    worlds.compare("a GREEN version", &["operator", "auditor"]);
    worlds.say("hiding from outsiders");
    worlds.assert_insiders_see_it(&["chair", "secas"]);
}

#[test]
fn what_one_member_hides_from_the_others_is_as_if_it_were_not() {
    let mut worlds = Worlds::begin();
    worlds.keep(secrets::of_other_bodies);
    let members = outside_of_undetermined();
    worlds.compare("undetermined versions, papers of another body, needs of others", &members);
    worlds.say("hiding from members");
    worlds.assert_insiders_see_it(&["large-supplier-1", "panel-member"]);
}

#[test]
fn a_taken_label_is_refused_alike_whether_its_version_is_seen_or_hidden() {
    let server = support::Server::start(&support::Options::default());
    house::furnish(&server);
    server.connect("large-supplier-1").lodge(house::OPEN, "2.0", b"a proposal\n").must_be(201);
    let mut member = server.connect("large-supplier-2");
    member.get(&support::deeds::version(house::OPEN, "2.0")).must_be(404);
    for bytes in [&b"a proposal\n"[..], b"other bytes\n"] {
        let hidden = member.lodge(house::OPEN, "2.0", bytes);
        let seen = member.lodge(house::OPEN, "1.0", b"other bytes\n");
        support::wire::assert_problem(&hidden, 409, "conflict");
        let mut answers = [hidden.json(), seen.json()];
        // The refusal is on record.
        for answer in &mut answers {
            assert!(answer.as_object_mut().unwrap().remove("entry").is_some());
        }
        assert_eq!(answers[0], answers[1]);
    }
}

/// People outside of everything but WHITE and GREEN, or of these too; the last has a certificate that is bound to nobody.
const STRANGERS: [&str; 6] =
    ["party-small-supplier", "manufacturer", "large-supplier-3", "operator", "auditor", "outsider"];

/// Not the lodger, the Chair, the Secretariat and the Panel's member.
fn outside_of_undetermined() -> Vec<&'static str> {
    [&matrix::MEMBERS[..], &["ofgem-rep", "dcc-operator", "party-large-supplier", "large-supplier-3"]].concat()
}
