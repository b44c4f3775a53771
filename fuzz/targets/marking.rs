//! Markings of the Traffic Light Protocol: one spelling each, one classification each, and the strictest part counts
//! (CLASS-4).
#![no_main]

use strongroom::pure::domain::classification::{Classification, Level, Tlp};
use strongroom::pure::domain::whole::strictest;
use strongroom::pure::wire::marking::Marking;

libfuzzer_sys::fuzz_target!(|text: &str| {
    text.lines().for_each(one);
    let levels: Vec<_> = text.lines().filter_map(level).collect();
    let whole = strictest(levels.iter().copied());
    assert_eq!(whole.is_none(), levels.is_empty());
    assert_eq!(strictest(levels.iter().rev().copied()), whole);
    if let Some(whole) = whole {
        assert!(levels.contains(&whole));
        let strictness = |level: Level| STRICTEST_FIRST.iter().position(|one| *one == level);
        assert!(levels.iter().all(|level| strictness(*level) >= strictness(whole)));
    }
});

/// RED, and what may become RED, before what is more open (CLASS-2).
const STRICTEST_FIRST: [Level; 5] = [
    Level::Determined(Classification::Red),
    Level::Undetermined,
    Level::Determined(Classification::Amber),
    Level::Determined(Classification::Green),
    Level::Determined(Classification::White),
];

/// The level of an import under that marking, or of a version of that level.
fn level(text: &str) -> Option<Level> {
    match text {
        "undetermined" => Some(Level::Undetermined),
        _ => Tlp::parse(text).map(Tlp::classification).or_else(|| Classification::parse(text)).map(Level::Determined),
    }
}

fn one(text: &str) {
    // What a command says and what a record keeps agree.
    let (wire, kept) = (text.parse::<Marking>(), Tlp::parse(text));
    if let Some(kept) = kept {
        let marking = wire.as_ref().expect("what is kept can be said");
        assert_eq!(marking.to_string(), kept.as_str());
        assert_eq!(marking.classification.as_str(), kept.classification().as_str());
        assert_eq!(Tlp::of(Level::Determined(kept.classification())).is_some(), kept == Tlp::Clear);
    }
    let Ok(marking) = wire else {
        assert_eq!(Classification::parse(text), None);
        return;
    };
    let written = marking.to_string();
    assert_eq!(written.parse(), Ok(marking));
    assert!(written.eq_ignore_ascii_case(&text.replace(' ', "+")), "{text:?} is {written}");
    assert_eq!(Tlp::parse(&written).is_some(), marking.tlp.is_some());
    assert_eq!(serde_json::from_value::<Marking>(written.into()).ok(), Some(marking));
}
