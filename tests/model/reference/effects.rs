//! What an acknowledged command changes.

use strongroom::pure::domain::appeal::Measure;
use strongroom::pure::domain::classification::Tlp;
use strongroom::pure::domain::command::{AskedSubject, Command, NeedClaim, Selector, Settlement};
use strongroom::pure::domain::decision::{DecisionKind, DecisionOutcome, DecisionSubject};
use strongroom::pure::domain::grant::{GrantKind, Grantee};
use strongroom::pure::domain::id::{CredentialId, Digest, Handle, Label, SuspensionId};
use strongroom::pure::domain::need::NeedReason;
use strongroom::pure::domain::time::Instant;

use super::{Alternate, Appointment, Body, Breach, Cast, Conflict, Decision, Direction, Document, Grant, Need};
use super::{Organisation, Reference, Suspension, Version, new_credential, new_person};

impl Reference {
    /// The entry `index` says that `person` did `command`.
    pub fn done(&mut self, index: u64, person: &Handle, credential: CredentialId, command: &Command) {
        match command {
            Command::RegisterDocument { .. }
            | Command::LodgeVersion { .. }
            | Command::DetermineClassification { .. }
            | Command::TableVersion { .. }
            | Command::PublishVersion { .. }
            | Command::WithdrawVersion { .. }
            | Command::IssueDirection { .. }
            | Command::SettleDirection { .. } => self.document_act(index, person, command),
            Command::ReadContent { .. } | Command::RecordNeed { .. } | Command::WithdrawNeed { .. } => {
                self.need_act(index, person, command);
            }
            Command::GiveGrant { .. } | Command::DirectGrant { .. } | Command::RevokeGrant { .. } => {
                self.grant_act(index, person, command);
            }
            Command::OpenDecision { .. } | Command::CastVote { .. } | Command::CloseDecision { .. } => {
                self.decision_act(index, person, credential, command);
            }
            Command::DeclareConflict { .. }
            | Command::RecordBreach { .. }
            | Command::ImposeSuspension { .. }
            | Command::SettleAppeal { .. }
            | Command::Lift { .. } => self.measure_act(index, person, command),
            Command::BindCredential { .. } | Command::ConfirmCredential { .. } | Command::RevokeCredential { .. } => {
                self.credential_act(person, command);
            }
            _ => self.register_act(index, person, command),
        }
    }

    fn document_act(&mut self, index: u64, person: &Handle, command: &Command) {
        match command {
            Command::RegisterDocument { document, document_kind, body, .. } => {
                let (body, kind) = (body.clone(), document_kind.clone());
                let registered = Document { body, lodgers: Default::default(), kind };
                self.documents.insert(document.clone(), registered);
            }
            Command::LodgeVersion { document, label, content, direction, tlp, .. } => {
                let lodged = Version {
                    digest: content.digest,
                    lodger: person.clone(),
                    lodger_organisation: self.people[person].organisation.clone(),
                    direction: direction.map(|direction| direction.0),
                    level: None,
                    strict: tlp.is_some_and(|tlp| tlp == Tlp::AmberStrict),
                    published: false,
                    withdrawn: false,
                    tabled_to: Default::default(),
                };
                self.versions.insert((document.clone(), label.clone()), lodged);
                self.documents.get_mut(document).unwrap().lodgers.insert(person.clone());
                if let Some(direction) = direction {
                    self.directions.get_mut(&direction.0).unwrap().lodged = Some(label.clone());
                }
            }
            Command::DetermineClassification { document, label, classification, tlp, .. } => {
                let version = self.version_mut(document, label);
                version.level = Some(*classification);
                version.published = false;
                if let Some(tlp) = tlp {
                    version.strict = *tlp == Tlp::AmberStrict;
                }
            }
            Command::TableVersion { document, label, body } => {
                self.version_mut(document, label).tabled_to.insert(body.clone());
            }
            Command::PublishVersion { document, label, .. } => self.version_mut(document, label).published = true,
            Command::WithdrawVersion { document, label, .. } => self.version_mut(document, label).withdrawn = true,
            Command::IssueDirection { document, .. } => {
                let issued = Direction { document: document.clone(), lodged: None, accepted: false };
                self.directions.insert(index, issued);
            }
            Command::SettleDirection { direction, outcome, .. } => {
                let direction = self.directions.get_mut(&direction.0).unwrap();
                match outcome {
                    Settlement::Accepted => direction.accepted = true,
                    Settlement::Returned => direction.lodged = None,
                }
            }
            _ => {}
        }
    }

    fn need_act(&mut self, index: u64, person: &Handle, command: &Command) {
        match command {
            Command::ReadContent {
                document,
                version: Selector::Label(label),
                need: Some(NeedClaim::Inline(reason)),
                ..
            } => {
                let level = self.versions[&(document.clone(), label.clone())].level;
                let until = self.after_hours(Self::need_hours(level));
                self.keep_need(index, person, document, Some(label), reason, until);
            }
            Command::RecordNeed { document, version, reason, valid_until } => {
                let hours = match version {
                    Some(label) => Self::need_hours(self.versions[&(document.clone(), label.clone())].level),
                    None => 90 * 24,
                };
                let until = valid_until.unwrap_or(self.after_hours(hours));
                self.keep_need(index, person, document, version.as_ref(), reason, until);
            }
            Command::WithdrawNeed { need } => self.needs.get_mut(&need.0).unwrap().withdrawn = true,
            _ => {}
        }
    }

    fn keep_need(
        &mut self,
        index: u64,
        person: &Handle,
        document: &Handle,
        version: Option<&Label>,
        reason: &NeedReason,
        until: Instant,
    ) {
        let need = Need {
            person: person.clone(),
            document: document.clone(),
            version: version.cloned(),
            reason: reason.clone(),
            at: self.now,
            until,
            withdrawn: false,
        };
        self.needs.insert(index, need);
    }

    pub fn after_hours(&self, hours: i64) -> Instant {
        self.now.saturating_add(jiff::SignedDuration::from_hours(hours))
    }

    fn grant_act(&mut self, index: u64, person: &Handle, command: &Command) {
        match command {
            Command::GiveGrant { document, label, grant_kind, to, valid_until, .. } => {
                let chairs = self.chairs(person, &self.documents[document].body);
                let given = Grant {
                    version: (document.clone(), label.clone()),
                    kind: *grant_kind,
                    to: to.clone(),
                    by: person.clone(),
                    until: *valid_until,
                    // What the Secretariat asks for waits for the Chair (AMBER-2).
                    given: chairs || *grant_kind != GrantKind::NeedToKnow,
                    revoked: false,
                };
                self.grants.insert(index, given);
            }
            Command::DirectGrant { grant } => self.grants.get_mut(&grant.0).unwrap().given = true,
            Command::RevokeGrant { grant, .. } => self.grants.get_mut(&grant.0).unwrap().revoked = true,
            _ => {}
        }
    }

    fn decision_act(&mut self, index: u64, person: &Handle, credential: CredentialId, command: &Command) {
        match command {
            Command::OpenDecision { body, decision_kind, subject, meeting, .. } => {
                let opened = Decision {
                    body: body.clone(),
                    kind: *decision_kind,
                    subject: self.bound(subject),
                    exceptional: meeting.as_ref().is_some_and(|meeting| meeting.exceptional),
                    opened_by: person.clone(),
                    opened_as_chair: self.chairs(person, body),
                    votes: Vec::new(),
                    outcome: None,
                };
                self.decisions.insert(index, opened);
            }
            Command::CastVote { decision, vote, seat } => {
                let seat = self.seat_of_vote(person, decision.0, seat.as_ref()).expect("a vote is cast in a seat");
                let cast = Cast { seat, by: person.clone(), credential, vote: *vote };
                self.decisions.get_mut(&decision.0).unwrap().votes.push(cast);
            }
            Command::CloseDecision { decision } => {
                let outcome = self.count(decision.0, person).outcome;
                self.close(index, decision.0, person, outcome);
            }
            _ => {}
        }
    }

    fn close(&mut self, index: u64, id: u64, person: &Handle, outcome: DecisionOutcome) {
        let decision = self.decisions.get_mut(&id).unwrap();
        decision.outcome = Some(outcome);
        if outcome != DecisionOutcome::Carried {
            return;
        }
        match (decision.kind, decision.subject.clone()) {
            (DecisionKind::LiftSuspension, DecisionSubject::Suspension { suspension: SuspensionId(lifted) }) => {
                self.suspensions.get_mut(&lifted).unwrap().lifted = true;
            }
            (DecisionKind::DiscloseRed, DecisionSubject::Version { document, label, to: Some(to), .. }) => {
                let disclosed = Grant {
                    version: (document, label),
                    kind: GrantKind::RedDisclosure,
                    to: Grantee::Body(to),
                    by: person.clone(),
                    until: None,
                    given: true,
                    revoked: false,
                };
                self.grants.insert(index, disclosed);
            }
            _ => {}
        }
    }

    fn bound(&self, subject: &AskedSubject) -> DecisionSubject {
        match subject.clone() {
            AskedSubject::Version { document, version: label, to } => {
                let digest = self.versions[&(document.clone(), label.clone())].digest;
                DecisionSubject::Version { document, label, digest, to }
            }
            AskedSubject::Document { document } => DecisionSubject::Document { document },
            AskedSubject::Suspension { suspension } => DecisionSubject::Suspension { suspension },
            AskedSubject::Participant { organisation, services } => {
                DecisionSubject::Participant { organisation, services }
            }
            AskedSubject::Matter { matter } => DecisionSubject::Matter { matter },
        }
    }

    fn measure_act(&mut self, index: u64, person: &Handle, command: &Command) {
        match command {
            Command::DeclareConflict { about, .. } => {
                let declared = Conflict { person: person.clone(), about: about.clone(), lifted: false };
                self.conflicts.insert(index, declared);
            }
            Command::RecordBreach { person, .. } => {
                self.breaches.insert(index, Breach { person: person.clone(), lifted: false });
            }
            Command::ImposeSuspension { whom, scope, .. } => {
                let imposed = Suspension { whom: whom.clone(), scope: *scope, lifted: false };
                self.suspensions.insert(index, imposed);
            }
            Command::SettleAppeal { against, upheld: true, .. } | Command::Lift { against, .. } => self.lift(*against),
            _ => {}
        }
    }

    fn lift(&mut self, against: Measure) {
        match against {
            Measure::Conflict(id) => self.conflicts.get_mut(&id.0).unwrap().lifted = true,
            Measure::Breach(id) => self.breaches.get_mut(&id.0).unwrap().lifted = true,
            Measure::Suspension(id) => self.suspensions.get_mut(&id.0).unwrap().lifted = true,
            Measure::Decision(_) => {}
        }
    }

    fn credential_act(&mut self, person: &Handle, command: &Command) {
        match command {
            Command::BindCredential { person: holder, credential, replaces, overlap_until } => {
                let mut bound = new_credential(holder, Some(person));
                let until = overlap_until.unwrap_or(self.after_hours(30 * 24));
                bound.replaces = replaces.map(|replaced| (replaced, until));
                self.credentials.insert(*credential, bound);
            }
            Command::ConfirmCredential { credential } => {
                let confirmed = self.credentials.get_mut(credential).unwrap();
                confirmed.confirmed = true;
                if let Some((replaced, until)) = confirmed.replaces {
                    self.credentials.get_mut(&replaced).unwrap().until = Some(until);
                }
            }
            Command::RevokeCredential { credential, .. } => {
                self.credentials.get_mut(credential).unwrap().revoked = true;
            }
            _ => {}
        }
    }

    fn register_act(&mut self, index: u64, person: &Handle, command: &Command) {
        match command {
            Command::RegisterOrganisation { organisation, organisation_kind, category, .. } => {
                let category = category.as_ref().map(|category| category.0.clone());
                let registered = Organisation { kind: *organisation_kind, category };
                self.organisations.insert(organisation.clone(), registered);
            }
            Command::RegisterPerson { person, organisation, system, .. } => {
                self.people.insert(person.clone(), new_person(organisation, *system));
            }
            Command::RemovePerson { person, .. } => self.people.get_mut(person).unwrap().active = false,
            Command::EstablishBody { body, answers_to, agreement, confirmation, seats, .. } => {
                let common = strongroom::pure::domain::body::COMMON_CONFIRMATION;
                let seats = seats.iter();
                let established = Body {
                    seats: seats.map(|seat| (seat.handle.clone(), seat.role, seat.constituency.clone())).collect(),
                    secretariat: self.bodies[&self.authority].secretariat.clone(),
                    receives_amber: false,
                    answers_to: Some(answers_to.clone().unwrap_or(self.authority.clone())),
                    agreement: Digest::of(agreement.as_bytes()),
                    confirmation: Digest::of(confirmation.as_deref().unwrap_or(common).as_bytes()),
                };
                self.bodies.insert(body.clone(), established);
            }
            Command::EstablishSeat { body, seat } => {
                let seats = &mut self.bodies.get_mut(body).unwrap().seats;
                seats.push((seat.handle.clone(), seat.role, seat.constituency.clone()));
            }
            Command::AbolishSeat { body, seat, .. } => {
                self.bodies.get_mut(body).unwrap().seats.retain(|(one, _, _)| one != seat);
            }
            Command::ProposeAppointment { person: appointee, body, seat, from, until } => {
                let proposed = Appointment {
                    person: appointee.clone(),
                    body: body.clone(),
                    seat: seat.clone(),
                    proposed_by: Some(person.clone()),
                    approved: false,
                    from: *from,
                    until: *until,
                    confirmed: false,
                    ended: false,
                };
                self.appointments.insert(index, proposed);
            }
            Command::ApproveAppointment { appointment } => {
                let now = self.now;
                let approved = self.appointments.get_mut(&appointment.0).unwrap();
                approved.approved = true;
                approved.from = approved.from.or(Some(now));
            }
            Command::EndAppointment { appointment, .. } => {
                self.appointments.get_mut(&appointment.0).unwrap().ended = true;
            }
            Command::ProposeAlternate { body, person: alternate } => {
                let (member, person, body) = (person.clone(), alternate.clone(), body.clone());
                let proposed = Alternate { member, person, body, approved: false, ended: false };
                self.alternates.insert(index, proposed);
            }
            Command::ApproveAlternate { alternate } => {
                self.alternates.get_mut(&alternate.0).unwrap().approved = true;
            }
            Command::EndAlternate { alternate } => self.alternates.get_mut(&alternate.0).unwrap().ended = true,
            Command::NameSecretariat { person, body } => {
                self.people.get_mut(person).unwrap().named_for.insert(body.clone());
            }
            Command::UnnameSecretariat { person, body, .. } => {
                self.people.get_mut(person).unwrap().named_for.remove(body);
            }
            Command::AppointAuditor { person } => self.people.get_mut(person).unwrap().auditor = true,
            Command::DismissAuditor { person, .. } => self.people.get_mut(person).unwrap().auditor = false,
            Command::AdoptAgreementText { body, text } => {
                self.bodies.get_mut(body).unwrap().agreement = Digest::of(text.as_bytes());
            }
            Command::SignAgreement { text, .. } => {
                let bodies: Vec<_> = self
                    .bodies
                    .iter()
                    .filter(|(_, body)| body.agreement == *text)
                    .map(|(body, _)| body.clone())
                    .collect();
                self.people.get_mut(person).unwrap().signed.extend(bodies.into_iter().map(|body| (body, *text)));
            }
            Command::ConfirmMembership { text, .. } => {
                let bodies = &self.bodies;
                let own = self.appointments.values_mut().filter(|one| one.person == *person && !one.ended);
                own.filter(|one| one.approved && bodies[&one.body].confirmation == *text)
                    .for_each(|one| one.confirmed = true);
            }
            _ => {}
        }
    }

    /// The seat in which the person would vote.
    pub fn seat_of_vote(&self, person: &Handle, decision: u64, seat: Option<&Handle>) -> Option<Handle> {
        let acting = self.acting(person, &self.decisions[&decision].body);
        match seat {
            Some(seat) => acting.into_iter().find(|one| one.seat == *seat).map(|one| one.seat),
            None => acting.into_iter().find(super::Acting::is_member).map(|one| one.seat),
        }
    }

    fn version_mut(&mut self, document: &Handle, label: &Label) -> &mut Version {
        self.versions.get_mut(&(document.clone(), label.clone())).unwrap()
    }
}
