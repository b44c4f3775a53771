//! The arithmetic of a vote: quorum, majority, casting vote (GOV-2, GOV-3; ToR sections 7.1, 7.2 and 7.4).
//!
//! It knows numbers and reasons only: who sits where, and which vote does not count, is `ballot`'s.

use super::body::BodyRules;
use super::decision::{Count, DecisionOutcome, LeftOut, LeftOutReason, Vote};
use super::id::Handle;

/// A seat with a say, as it stands when the votes are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The seat.
    pub seat: Handle,
    /// Whether it is the Chair's.
    pub chair: bool,
    /// Whether somebody is appointed to it, confirmed or not.
    pub appointed: bool,
    /// Whether the Chair, or the Chair's alternate, presides: is present without a vote. False of any other seat.
    pub presides: bool,
    /// The seat's vote, if one was cast.
    pub ballot: Option<Ballot>,
}

/// The vote of a seat: the last one that was cast in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// The vote.
    pub vote: Vote,
    /// Why it does not count, whatever the others voted.
    pub left_out: Option<LeftOutReason>,
}

impl Place {
    /// The vote, if nothing but the want of a tie speaks against it.
    fn valid(&self) -> Option<Vote> {
        self.ballot.filter(|ballot| ballot.left_out.is_none()).map(|ballot| ballot.vote)
    }

    /// GOV-3: whether it is a Chair's who votes only to break a tie.
    fn casts_only(&self, rules: &BodyRules) -> bool {
        self.chair && rules.chair_casts_only
    }
}

/// Counts the votes of every seat with a say, each of which stands among `places` once.
pub fn count(rules: &BodyRules, exceptional: bool, places: &[Place]) -> Count {
    let ordinary = || places.iter().filter(|place| !place.casts_only(rules));
    let votes = |vote| number(ordinary().filter(|place| place.valid() == Some(vote)));
    let (votes_for, votes_against) = (votes(Vote::For), votes(Vote::Against));
    let tie = votes_for == votes_against && votes_for > 0;
    let mut casting_votes = places.iter().filter(|place| place.casts_only(rules)).filter_map(Place::valid);
    let casting = casting_votes.find(|vote| tie && *vote != Vote::Abstain);

    let is_present = |place: &&Place| place.appointed && (place.presides || place.valid().is_some());
    let appointed = number(places.iter().filter(|place| place.appointed));
    let present = number(places.iter().filter(is_present));
    let chair_present = places.iter().filter(is_present).any(|place| place.chair);
    let required = rules.quorum.of_rounded_up(appointed);
    let chair_required = rules.quorum_needs_chair;
    Count {
        votes_for,
        votes_against,
        abstentions: votes(Vote::Abstain),
        casting,
        appointed,
        present,
        required,
        chair_present,
        chair_required,
        exceptional,
        // Whoever attends makes an exceptional meeting quorate, and where nobody does, there is none.
        quorate: if exceptional { present > 0 } else { present >= required && (chair_present || !chair_required) },
        left_out: places.iter().filter_map(|place| left_out(rules, tie, place)).collect(),
    }
}

/// What comes out of a count: nothing without a quorum; else carried if the votes for the question, the casting vote
/// included, are more than the body's majority of those cast. A tie that nobody breaks is a rejection.
pub fn outcome(rules: &BodyRules, count: &Count) -> DecisionOutcome {
    if !count.quorate {
        return DecisionOutcome::Inquorate;
    }
    let votes_for = count.votes_for.saturating_add(u32::from(count.casting == Some(Vote::For)));
    let votes_against = count.votes_against.saturating_add(u32::from(count.casting == Some(Vote::Against)));
    if rules.majority.is_exceeded_by(votes_for, votes_for.saturating_add(votes_against)) {
        DecisionOutcome::Carried
    } else {
        DecisionOutcome::Rejected
    }
}

/// GOV-3: whether the votes are tied, so that the Chair has the casting vote.
pub fn is_tied(count: &Count) -> bool {
    count.votes_for == count.votes_against && count.votes_for > 0
}

fn left_out(rules: &BodyRules, tie: bool, place: &Place) -> Option<LeftOut> {
    let ballot = place.ballot.as_ref()?;
    let no_tie = || (place.casts_only(rules) && !tie).then_some(LeftOutReason::NoTie);
    let reason = ballot.left_out.or_else(no_tie)?;
    Some(LeftOut { seat: place.seat.clone(), reason })
}

fn number<'a>(places: impl Iterator<Item = &'a Place>) -> u32 {
    u32::try_from(places.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::body::Fraction;
    use super::*;

    fn place(seat: &str, vote: Option<Vote>) -> Place {
        let ballot = vote.map(|vote| Ballot { vote, left_out: None });
        let seat = Handle::parse(seat).unwrap();
        Place { seat, chair: false, appointed: true, presides: false, ballot }
    }

    fn chair(presides: bool, vote: Option<Vote>) -> Place {
        Place { chair: true, presides, ..place("chair", vote) }
    }

    #[test]
    fn gov_2_half_of_an_odd_number_is_rounded_up_and_needs_the_chair() {
        let rules = BodyRules::default();
        let five = |presides, voting: usize| {
            let votes = (0..4).map(|n| place(&format!("member-{n}"), (n < voting).then_some(Vote::For)));
            let places: Vec<_> = votes.chain([chair(presides, None)]).collect();
            count(&rules, false, &places)
        };
        assert_eq!((five(true, 2).required, five(true, 2).present, five(true, 2).quorate), (3, 3, true));
        assert!(!five(true, 1).quorate && !five(false, 4).quorate);
        let exceptional = count(&rules, true, &[place("member", Some(Vote::For)), chair(false, None)]);
        assert_eq!(outcome(&rules, &exceptional), DecisionOutcome::Carried);
    }

    #[test]
    fn gov_3_the_chair_breaks_a_tie_and_counts_for_nothing_else() {
        let rules = BodyRules::default();
        let of = |votes: &[Vote], casting| {
            let votes = votes.iter().enumerate().map(|(n, vote)| place(&format!("member-{n}"), Some(*vote)));
            let count = count(&rules, false, &votes.chain([chair(true, casting)]).collect::<Vec<_>>());
            (outcome(&rules, &count), count.casting, count.left_out.len())
        };
        use DecisionOutcome::{Carried, Rejected};
        use Vote::{Abstain, Against, For};
        assert_eq!(of(&[For, Against], None), (Rejected, None, 0));
        assert_eq!(of(&[For, Against], Some(For)), (Carried, Some(For), 0));
        assert_eq!(of(&[For, Against], Some(Against)), (Rejected, Some(Against), 0));
        assert_eq!(of(&[For, Against], Some(Abstain)), (Rejected, None, 0));
        assert_eq!(of(&[For, For, Against], Some(Against)), (Carried, None, 1));
        assert_eq!(of(&[Abstain], Some(For)), (Rejected, None, 1));
    }

    #[test]
    fn gov_3_a_chair_who_votes_like_any_member_breaks_no_tie() {
        let rules = BodyRules { chair_casts_only: false, ..BodyRules::default() };
        let count = count(&rules, false, &[place("member", Some(Vote::Against)), chair(false, Some(Vote::For))]);
        assert_eq!((count.votes_for, count.votes_against, count.casting), (1, 1, None));
        assert_eq!(outcome(&rules, &count), DecisionOutcome::Rejected);
    }

    #[test]
    fn gov_3_a_body_may_ask_for_more_than_half() {
        let rules = BodyRules { majority: Fraction::try_from("2/3".to_owned()).unwrap(), ..BodyRules::default() };
        let votes = |votes_for, votes_against| Count { votes_for, votes_against, quorate: true, ..Count::default() };
        assert_eq!(outcome(&rules, &votes(2, 1)), DecisionOutcome::Rejected);
        assert_eq!(outcome(&rules, &votes(3, 1)), DecisionOutcome::Carried);
    }
}
