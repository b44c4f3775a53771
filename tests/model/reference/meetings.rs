//! Votes and their count (ToR sections 7.2, 7.4 and 7.6; GOV-2, GOV-3, CONFLICT-1).

use std::collections::BTreeMap;

use strongroom::pure::domain::body::SeatRole;
use strongroom::pure::domain::decision::{DecisionOutcome, Vote};
use strongroom::pure::domain::id::{CredentialId, Handle};

use super::{Cast, Decision, Reference};

/// What a vote comes to when it is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    pub votes_for: u32,
    pub votes_against: u32,
    pub abstentions: u32,
    pub appointed: u32,
    pub present: u32,
    pub required: u32,
    pub quorate: bool,
    pub outcome: DecisionOutcome,
}

impl Reference {
    /// The count, if `closer` closed the decision now.
    pub fn count(&self, id: u64, closer: &Handle) -> Tally {
        let decision = &self.decisions[&id];
        let votes = self.valid_votes(id);
        let number = |wanted: Vote| {
            let cast = votes.values().filter(|cast| self.role(decision, &cast.seat) == SeatRole::Voting);
            cast.filter(|cast| cast.vote == wanted).count() as u32
        };
        let (votes_for, votes_against) = (number(Vote::For), number(Vote::Against));
        let abstentions = number(Vote::Abstain);
        let tied = votes_for == votes_against && votes_for > 0;
        let chair_seat = self.chair_seat(&decision.body);
        let casting = chair_seat.as_ref().and_then(|seat| votes.get(seat)).filter(|_| tied).map(|cast| cast.vote);
        let was_chair = |person: &Handle| self.chairs(person, &decision.body) && !self.is_conflicted(person, id);
        let chair_present =
            decision.opened_as_chair && was_chair(&decision.opened_by) || was_chair(closer) || casting.is_some();
        let voters = votes.keys().filter(|seat| self.role(decision, seat) == SeatRole::Voting).count() as u32;
        let present = voters + u32::from(chair_present);
        let appointed = self.appointed_voting(&decision.body);
        let required = appointed.div_ceil(2);
        let quorate = if decision.exceptional { present > 0 } else { present >= required && chair_present };
        let carried = votes_for + u32::from(casting == Some(Vote::For))
            > votes_against + u32::from(casting == Some(Vote::Against));
        let outcome = match (quorate, carried) {
            (false, _) => DecisionOutcome::Inquorate,
            (true, true) => DecisionOutcome::Carried,
            (true, false) => DecisionOutcome::Rejected,
        };
        Tally { votes_for, votes_against, abstentions, appointed, present, required, quorate, outcome }
    }

    /// The last vote of each seat that counts: of one who still acts there, is in no conflict, nor is the member whose
    /// seat it is, and whose credential was not revoked since. That another one took its place takes no vote away.
    pub fn valid_votes(&self, id: u64) -> BTreeMap<Handle, Cast> {
        let decision = &self.decisions[&id];
        let valid = decision.votes.iter().filter(|cast| self.counts(id, decision, cast));
        valid.map(|cast| (cast.seat.clone(), cast.clone())).collect()
    }

    fn counts(&self, id: u64, decision: &Decision, cast: &Cast) -> bool {
        let Some(acting) = self.acting(&cast.by, &decision.body).into_iter().find(|one| one.seat == cast.seat) else {
            return false;
        };
        self.people[&cast.by].active
            && !self.credentials[&cast.credential].revoked
            && !self.is_conflicted(&cast.by, id)
            && !acting.member.is_some_and(|member| self.is_conflicted(&member, id))
    }

    /// Whether a conflict of interest about the decision, or about its subject's document, stands.
    pub fn is_conflicted(&self, person: &Handle, id: u64) -> bool {
        self.is_in_conflict(person, Some(id), self.decisions[&id].subject.document())
    }

    /// Whether the credential is confirmed, not revoked, and not replaced.
    pub fn credential_holds(&self, id: CredentialId) -> bool {
        self.credentials
            .get(&id)
            .is_some_and(|one| one.confirmed && !one.revoked && one.until.is_none_or(|until| self.now < until))
    }

    /// The Chair's and the voting seats that are appointed to, confirmed or not (GOV-2).
    fn appointed_voting(&self, body: &Handle) -> u32 {
        let seats = self.bodies[body].seats.iter().filter(|(_, role, _)| *role != SeatRole::NonVoting);
        let held = seats.filter(|(seat, _, _)| {
            let mut to_it = self.appointments.values().filter(|one| one.body == *body && one.seat == *seat);
            to_it.any(|one| self.is_appointed(one) && self.people[&one.person].active)
        });
        held.count() as u32
    }

    fn role(&self, decision: &Decision, seat: &Handle) -> SeatRole {
        let seats = self.bodies[&decision.body].seats.iter();
        seats.clone().find(|(one, _, _)| one == seat).map_or(SeatRole::NonVoting, |(_, role, _)| *role)
    }

    fn chair_seat(&self, body: &Handle) -> Option<Handle> {
        let mut seats = self.bodies[body].seats.iter();
        seats.find(|(_, role, _)| *role == SeatRole::Chair).map(|(seat, _, _)| seat.clone())
    }
}
