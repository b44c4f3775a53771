//! What a command should come to.

use strongroom::pure::domain::appeal::Measure;
use strongroom::pure::domain::body::SeatRole;
use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::command::{AskedSubject, Command, NeedClaim, Selector};
use strongroom::pure::domain::conflict::ConflictSubject;
use strongroom::pure::domain::decision::{DecisionKind, DecisionSubject};
use strongroom::pure::domain::event::Suspended;
use strongroom::pure::domain::grant::{GrantKind, Grantee};
use strongroom::pure::domain::id::{CredentialId, Handle, Label};
use strongroom::pure::domain::suspension::SuspensionScope;

use super::{Audience, Obstacle, Reference};

/// What the rules say of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is done, and is an entry.
    Done,
    /// It is answered without an entry.
    Shown,
    /// A rule refuses, and says so.
    Refused,
    /// The thing does not exist for the person.
    Hidden,
    /// It is not done, refused or hidden: the rules that this reference knows forbid it.
    NotDone,
    /// Nobody known asks.
    Unrecognised,
    /// This reference does not say.
    Free,
}

use Verdict::{Done, Free, Hidden, NotDone, Refused, Shown, Unrecognised};

impl Reference {
    /// What becomes of the command of whoever holds `credential`.
    pub fn judge(&self, credential: CredentialId, command: &Command) -> Verdict {
        let Some(bound) = self.credentials.get(&credential) else { return Unrecognised };
        if bound.revoked || bound.confirmed && !self.credential_holds(credential) {
            return Refused;
        }
        let person = &bound.person;
        if !bound.confirmed || !self.people[person].active {
            return Unrecognised;
        }
        if self.scopes(person).contains(&SuspensionScope::All) && !self.is_exempt(person, command) {
            return Refused;
        }
        match command {
            Command::ViewDocument { .. }
            | Command::ViewVersion { .. }
            | Command::ReadContent { .. }
            | Command::RecordNeed { .. }
            | Command::WithdrawNeed { .. }
            | Command::ReadRecords { .. } => self.judge_reading(person, command),
            Command::RegisterDocument { .. } | Command::LodgeVersion { .. } => self.judge_lodging(person, command),
            Command::DetermineClassification { .. }
            | Command::ProposeClassification { .. }
            | Command::PublishVersion { .. }
            | Command::WithdrawVersion { .. }
            | Command::TableVersion { .. } => self.judge_versions(person, command),
            Command::IssueDirection { .. } | Command::SettleDirection { .. } => self.judge_directions(person, command),
            Command::GiveGrant { .. } | Command::DirectGrant { .. } | Command::RevokeGrant { .. } => {
                self.judge_grants(person, command)
            }
            Command::OpenDecision { .. } | Command::CastVote { .. } | Command::CloseDecision { .. } => {
                self.judge_decisions(person, command)
            }
            Command::DeclareConflict { .. }
            | Command::RecordBreach { .. }
            | Command::ImposeSuspension { .. }
            | Command::SettleAppeal { .. }
            | Command::Lift { .. } => self.judge_measures(person, command),
            _ => self.judge_register(person, credential, command),
        }
    }

    /// EMERGENCY-1: one's own trail, an appeal, and the acts that lift.
    fn is_exempt(&self, person: &Handle, command: &Command) -> bool {
        let known = |id: &u64| self.decisions.get(id).filter(|one| self.knows_of_decision(person, one));
        let lifts = |id: &u64| known(id).is_some_and(|one| one.kind == DecisionKind::LiftSuspension);
        match command {
            Command::ReadRecords { person: of, .. } => match of {
                Some(of) => of == person,
                None => !self.is_auditor(person),
            },
            Command::Appeal { .. } => true,
            Command::OpenDecision { decision_kind, .. } => *decision_kind == DecisionKind::LiftSuspension,
            Command::CastVote { decision, .. } | Command::CloseDecision { decision } => lifts(&decision.0),
            Command::Lift { against: Measure::Suspension(_), .. }
            | Command::SettleAppeal { against: Measure::Suspension(_), .. } => true,
            _ => false,
        }
    }

    fn judge_reading(&self, person: &Handle, command: &Command) -> Verdict {
        match command {
            Command::ViewDocument { document } => {
                if self.knows_of_document(person, document) {
                    Shown
                } else {
                    Hidden
                }
            }
            Command::ViewVersion { document, version: Selector::Label(label) } => {
                if self.knows_of_version(person, &(document.clone(), label.clone())) { Shown } else { Hidden }
            }
            Command::ReadContent { document, version: Selector::Label(label), need, .. } => {
                let stopped = [SuspensionScope::ReadAll, SuspensionScope::All];
                if self.scopes(person).iter().any(|scope| stopped.contains(scope)) {
                    return Refused;
                }
                let name = (document.clone(), label.clone());
                if !self.knows_of_version(person, &name) {
                    return Hidden;
                }
                let obstacles = match self.audience(person, &name) {
                    Audience::Outside => return Hidden,
                    Audience::Inside(obstacles) => obstacles,
                };
                let needed = need.as_ref().is_some_and(|need| self.claim_holds(person, &name, need));
                if obstacles.is_empty() && needed { Done } else { Refused }
            }
            Command::RecordNeed { document, version, reason, .. } => {
                let name = version.as_ref().map(|label| (document.clone(), label.clone()));
                let known = match &name {
                    Some(name) => self.knows_of_version(person, name),
                    None => self.knows_of_document(person, document),
                };
                if !known {
                    return Hidden;
                }
                let level = name.as_ref().and_then(|name| self.versions[name].level);
                if self.words_suffice(person, document, level, name.is_some(), reason) { Done } else { Refused }
            }
            Command::WithdrawNeed { need } => match self.needs.get(&need.0).filter(|need| need.person == *person) {
                None => Hidden,
                Some(need) if need.withdrawn => Refused,
                Some(_) => Done,
            },
            Command::ReadRecords { person: of, .. } => {
                let own = of.as_ref().is_none_or(|of| of == person);
                if own || self.is_auditor(person) { Done } else { Refused }
            }
            _ => Free,
        }
    }

    fn claim_holds(&self, person: &Handle, name: &(Handle, Label), claim: &NeedClaim) -> bool {
        match claim {
            NeedClaim::Inline(reason) => self.need_suffices(person, name, reason),
            NeedClaim::Recorded(id) => self.needs.get(&id.0).is_some_and(|need| {
                let hours = Self::need_hours(self.versions[name].level);
                let limit = need.at.saturating_add(jiff::SignedDuration::from_hours(hours));
                need.person == *person
                    && need.document == name.0
                    && need.version.as_ref().is_none_or(|label| *label == name.1)
                    && !need.withdrawn
                    && self.now < need.until.min(limit)
                    && self.need_suffices(person, name, &need.reason)
            }),
        }
    }

    fn judge_lodging(&self, person: &Handle, command: &Command) -> Verdict {
        let stopped = [SuspensionScope::Lodge, SuspensionScope::All];
        if self.scopes(person).iter().any(|scope| stopped.contains(scope)) {
            return Refused;
        }
        match command {
            Command::RegisterDocument { document, body, .. } => {
                let entitled = self.is_voting_member(person, body) || self.is_secretariat(person, body);
                if entitled && !self.documents.contains_key(document) { Done } else { Refused }
            }
            Command::LodgeVersion { document, label, content, direction, .. } => {
                if !self.knows_of_document(person, document) {
                    return Hidden;
                }
                let body = &self.documents[document].body;
                let addressed = self.people[person].organisation == self.addressee;
                let name = (document.clone(), label.clone());
                let before = self.versions.get(&name);
                let direction = direction.map(|direction| direction.0);
                let again = before.is_some_and(|one| {
                    direction.is_some()
                        && one.direction == direction
                        && one.lodger == *person
                        && one.lodger_organisation == self.people[person].organisation
                });
                let entitled = match direction {
                    None => self.is_voting_member(person, body) || self.is_secretariat(person, body),
                    Some(id) => {
                        let awaits =
                            |one: &super::Direction| one.document == *document && one.lodged.is_none() && !one.accepted;
                        addressed && self.directions.get(&id).is_some_and(awaits)
                    }
                };
                match before {
                    None if entitled => Done,
                    Some(before) if again || entitled && self.knows_of_version(person, &name) => {
                        if before.digest == content.digest { Shown } else { Refused }
                    }
                    _ => Refused,
                }
            }
            _ => Free,
        }
    }

    fn judge_versions(&self, person: &Handle, command: &Command) -> Verdict {
        let Some((document, label)) = command.document().zip(command.version_name()) else { return Free };
        let name = (document.clone(), Label::parse(label).unwrap());
        if !self.knows_of_version(person, &name) {
            return Hidden;
        }
        let (version, body) = (&self.versions[&name], &self.documents[document].body);
        let member = self.is_voting_member(person, body);
        let permitted = match command {
            Command::DetermineClassification { .. } => self.chairs(person, body),
            Command::ProposeClassification { .. } => return Free,
            Command::PublishVersion { .. } => {
                member && version.level == Some(Classification::White) && !version.published && !version.withdrawn
            }
            Command::WithdrawVersion { .. } => (member || self.is_secretariat(person, body)) && !version.withdrawn,
            Command::TableVersion { body: to, .. } => {
                let may = self.chairs(person, body) && version.level == Some(Classification::Amber) && to != body;
                return if may { Free } else { NotDone };
            }
            _ => return Free,
        };
        if permitted { Done } else { Refused }
    }

    fn judge_directions(&self, person: &Handle, command: &Command) -> Verdict {
        let issuer = |body: &Handle| self.is_secretariat(person, body) || self.chairs(person, body);
        match command {
            Command::IssueDirection { document, decision, .. } => {
                if !self.knows_of_document(person, document) {
                    return Hidden;
                }
                match (issuer(&self.documents[document].body), decision) {
                    (true, None) => Done,
                    (true, Some(_)) => Free,
                    (false, _) => Refused,
                }
            }
            Command::SettleDirection { direction, .. } => {
                let Some(direction) = self.directions.get(&direction.0) else { return Hidden };
                let body = &self.documents[&direction.document].body;
                let known = self.people[person].organisation == self.addressee
                    || self.is_secretariat(person, body)
                    || !self.acting(person, body).is_empty();
                match (known, issuer(body) && direction.lodged.is_some() && !direction.accepted) {
                    (false, _) => Hidden,
                    (true, true) => Done,
                    (true, false) => Refused,
                }
            }
            _ => Free,
        }
    }

    /// AMBER-2 to AMBER-4, RED-1 to RED-3: who widens an audience, and of what.
    fn judge_grants(&self, person: &Handle, command: &Command) -> Verdict {
        match command {
            Command::GiveGrant { document, label, grant_kind, to, .. } => {
                let name = (document.clone(), label.clone());
                if !self.knows_of_version(person, &name) {
                    return Hidden;
                }
                let body = &self.documents[document].body;
                let level = self.versions[&name].level;
                let chairs = self.chairs(person, body);
                let to_oneself = *to == Grantee::Person(person.clone());
                let amber = level == Some(Classification::Amber);
                let amber_or_red = amber || level == Some(Classification::Red);
                let permitted = match grant_kind {
                    GrantKind::NeedToKnow => amber && (chairs || self.is_secretariat(person, body)),
                    GrantKind::CategoryShare => amber && self.may_share(person, &name, to),
                    GrantKind::WiderCirculation => amber && chairs,
                    GrantKind::RedInclusion => level == Some(Classification::Red) && chairs,
                    GrantKind::Invitation => amber_or_red && chairs,
                    GrantKind::RedDisclosure => false,
                };
                if permitted && !to_oneself { Free } else { NotDone }
            }
            Command::DirectGrant { grant } => {
                let Some(grant) = self.grants.get(&grant.0) else { return Hidden };
                let chairs = self.chairs(person, &self.documents[&grant.version.0].body);
                if chairs && !grant.given && !grant.revoked { Free } else { NotDone }
            }
            Command::RevokeGrant { grant, .. } => {
                let Some(grant) = self.grants.get(&grant.0) else { return Hidden };
                let chairs = self.chairs(person, &self.documents[&grant.version.0].body);
                if (chairs || grant.by == *person) && !grant.revoked { Free } else { NotDone }
            }
            _ => Free,
        }
    }

    /// AMBER-3: a member in a party category's seat, with organisations of that category alone.
    fn may_share(&self, person: &Handle, name: &(Handle, Label), to: &Grantee) -> bool {
        let Grantee::Organisation(to) = to else { return false };
        let Some(receiver) = self.organisations.get(to) else { return false };
        let body = &self.documents[&name.0].body;
        let seats = self.acting(person, body).into_iter().filter(|one| one.role == SeatRole::Voting);
        let mut categories = seats.map(|one| one.constituency).filter(|one| self.categories.contains(one));
        categories.any(|category| receiver.category.as_ref() == Some(&category))
            && self.audience(person, name) == Audience::Inside(Vec::new())
            && !self.versions[name].strict
            && self.people[person].organisation != *to
    }

    /// GOV-1 to GOV-4.
    fn judge_decisions(&self, person: &Handle, command: &Command) -> Verdict {
        match command {
            Command::OpenDecision { body, decision_kind, subject, meeting, .. } => {
                let calls = self.chairs(person, body) || self.is_secretariat(person, body);
                // Nobody else calls an exceptional meeting, which is quorate whoever attends (ToR section 7.1).
                if meeting.as_ref().is_some_and(|meeting| meeting.exceptional) && !calls {
                    return NotDone;
                }
                if !self.is_voting_member(person, body) && !self.is_secretariat(person, body) {
                    return NotDone;
                }
                let fits = match subject {
                    AskedSubject::Matter { .. } => return self.opens_a_matter(*decision_kind),
                    AskedSubject::Version { document, version, to } => {
                        let name = (document.clone(), version.clone());
                        if !self.knows_of_version(person, &name) {
                            return Hidden;
                        }
                        let red = self.versions[&name].level == Some(Classification::Red);
                        let elsewhere = to.as_ref().is_some_and(|to| *to != self.documents[document].body);
                        let statement = self.documents[document].kind == "certification_practice_statement";
                        match decision_kind {
                            DecisionKind::DiscloseRed => red && elsewhere && self.documents[document].body == *body,
                            DecisionKind::ApproveCps => statement,
                            _ => true,
                        }
                    }
                    AskedSubject::Document { document } => self.knows_of_document(person, document),
                    AskedSubject::Suspension { suspension } => {
                        self.suspensions.get(&suspension.0).is_some_and(|one| !one.lifted)
                    }
                    AskedSubject::Participant { .. } => true,
                };
                if fits { Free } else { NotDone }
            }
            Command::CastVote { decision, seat, .. } => {
                let known = self.decisions.get(&decision.0).filter(|one| self.knows_of_decision(person, one));
                let Some(decided) = known else { return Hidden };
                let Some(seat) = self.seat_of_vote(person, decision.0, seat.as_ref()) else { return NotDone };
                let barred = decided.outcome.is_some()
                    || self.people[person].system
                    || !self.has_signed(person, &decided.body)
                    || self.is_conflicted(person, decision.0)
                    || self.valid_votes(decision.0).contains_key(&seat)
                    || self.is_among_the_suspended(person, decided);
                if barred { NotDone } else { Free }
            }
            Command::CloseDecision { decision } => {
                let known = self.decisions.get(&decision.0).filter(|one| self.knows_of_decision(person, one));
                let Some(decided) = known else { return Hidden };
                let entitled = self.chairs(person, &decided.body) || self.is_secretariat(person, &decided.body);
                if entitled && decided.outcome.is_none() { Done } else { NotDone }
            }
            _ => Free,
        }
    }

    /// READ-6: whatever is put to the vote is put to the members; others of the body, and its Secretariat, know of it as far
    /// as they know what it is about; and nobody whose own suspension it would lift.
    fn knows_of_decision(&self, person: &Handle, decided: &super::Decision) -> bool {
        let knows_the_subject = || match &decided.subject {
            DecisionSubject::Version { document, label, .. } => {
                self.knows_of_version(person, &(document.clone(), label.clone()))
            }
            DecisionSubject::Document { document } => self.knows_of_document(person, document),
            _ => true,
        };
        let attends = !self.acting(person, &decided.body).is_empty() || self.is_secretariat(person, &decided.body);
        !self.is_among_the_suspended(person, decided)
            && (self.is_voting_member(person, &decided.body) || attends && knows_the_subject())
    }

    fn opens_a_matter(&self, kind: DecisionKind) -> Verdict {
        let in_words = [DecisionKind::Modification, DecisionKind::AdvisePanel, DecisionKind::Other];
        if in_words.contains(&kind) { Done } else { Free }
    }

    fn is_among_the_suspended(&self, person: &Handle, decided: &super::Decision) -> bool {
        let DecisionSubject::Suspension { suspension } = &decided.subject else { return false };
        match &self.suspensions[&suspension.0].whom {
            Suspended::Person(suspended) => suspended == person,
            Suspended::Organisation(suspended) => *suspended == self.people[person].organisation,
            Suspended::Service => false,
        }
    }

    /// CONFLICT-1, BREACH-1, EMERGENCY-1.
    fn judge_measures(&self, person: &Handle, command: &Command) -> Verdict {
        let chairs = self.chairs(person, &self.authority);
        let over = self.speaks_over(person, &self.authority);
        let judges = |of: &Handle| {
            let of_the_chair = self.chairs(of, &self.authority);
            person != of && if of_the_chair { over } else { chairs }
        };
        match command {
            Command::DeclareConflict { about, .. } => {
                let body = match about {
                    ConflictSubject::Document(document) => {
                        if !self.knows_of_document(person, document) {
                            return Hidden;
                        }
                        self.documents[document].body.clone()
                    }
                    ConflictSubject::Decision(decision) => match self.decisions.get(&decision.0) {
                        None => return Hidden,
                        Some(decided) if decided.outcome.is_some() => return NotDone,
                        Some(decided) => decided.body.clone(),
                    },
                };
                if self.acting(person, &body).is_empty() { NotDone } else { Free }
            }
            Command::RecordBreach { person: of, .. } => {
                if judges(of) {
                    Free
                } else {
                    NotDone
                }
            }
            Command::ImposeSuspension { whom, .. } => {
                if chairs && *whom != Suspended::Person(person.clone()) {
                    Free
                } else {
                    NotDone
                }
            }
            Command::SettleAppeal { against, .. } | Command::Lift { against, .. } => match against {
                Measure::Breach(id) => match self.breaches.get(&id.0) {
                    Some(breach) if judges(&breach.person) => Free,
                    _ => NotDone,
                },
                Measure::Conflict(id) => match self.conflicts.get(&id.0) {
                    Some(conflict) if conflict.person != *person => Free,
                    _ => NotDone,
                },
                // Lifting is a decision, which lifts when it is closed.
                Measure::Suspension(_) => NotDone,
                Measure::Decision(_) => Free,
            },
            _ => Free,
        }
    }

    /// Whether an obstacle alone explains why a reader is refused.
    pub fn only_obstacle(&self, person: &Handle, name: &(Handle, Label)) -> Option<Obstacle> {
        match self.audience(person, name) {
            Audience::Inside(obstacles) if obstacles.len() == 1 => obstacles.first().copied(),
            _ => None,
        }
    }
}
