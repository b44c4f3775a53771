//! Who may know of a version, and who may read it (ToR section 10; READ-2 to READ-5, WHITE-1 to RED-3).

use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::decision::DecisionSubject;
use strongroom::pure::domain::grant::{GrantKind, Grantee};
use strongroom::pure::domain::id::{Handle, Label};
use strongroom::pure::domain::need::NeedReason;
use strongroom::pure::domain::organisation::OrganisationKind;
use strongroom::pure::domain::suspension::SuspensionScope;

use super::{Acting, Grant, Reference, Version};

/// What a version is to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// It does not exist.
    Outside,
    /// It exists, and all of this stands between the person and its content.
    Inside(Vec<Obstacle>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    Agreement,
    Conflict,
    Breach,
    Suspension,
    /// The host's people, auditors, and a withdrawn version.
    Never,
}

impl Reference {
    /// What the version is to the person now.
    pub fn audience(&self, person: &Handle, name: &(Handle, Label)) -> Audience {
        let version = &self.versions[name];
        let body = &self.documents[&name.0].body;
        // Each way in, with whether it asks for an agreement that is not signed.
        let ways: Vec<bool> = match version.level {
            None => self.undetermined_ways(person, body, version),
            Some(Classification::White) => vec![false],
            Some(Classification::Green) => self.is_in_green_audience(person).then_some(false).into_iter().collect(),
            Some(Classification::Amber) => self.amber_ways(person, body, name),
            Some(Classification::Red) => self.red_ways(person, body, name),
        };
        if ways.is_empty() {
            return Audience::Outside;
        }
        let mut obstacles = Vec::new();
        if matches!(self.kind_of(person), OrganisationKind::Host) || self.is_auditor(person) || version.withdrawn {
            obstacles.push(Obstacle::Never);
        }
        if ways.iter().all(|unsigned| *unsigned) {
            obstacles.push(Obstacle::Agreement);
        }
        if !matches!(version.level, Some(Classification::White | Classification::Green)) {
            obstacles.extend(self.personal_obstacles(person, &name.0));
        }
        Audience::Inside(obstacles)
    }

    pub fn knows_of_version(&self, person: &Handle, name: &(Handle, Label)) -> bool {
        self.versions.contains_key(name) && self.audience(person, name) != Audience::Outside
    }

    /// READ-2, for documents.
    pub fn knows_of_document(&self, person: &Handle, slug: &Handle) -> bool {
        let Some(document) = self.documents.get(slug) else { return false };
        let organisation = &self.people[person].organisation;
        let addressed = *organisation == self.addressee;
        let directed = self.directions.values().any(|one| one.document == *slug && !one.accepted);
        self.is_secretariat(person, &document.body)
            || !self.acting(person, &document.body).is_empty()
            || addressed && (directed || document.lodgers.contains(person))
            || self.versions.keys().any(|name| name.0 == *slug && self.knows_of_version(person, name))
    }

    /// RED-1: whether it is a seat, and not the work of the Secretariat alone, that opens RED.
    pub fn has_red_seat(&self, person: &Handle, name: &(Handle, Label)) -> bool {
        let acting = self.acting(person, &self.documents[&name.0].body);
        acting.iter().any(Acting::is_member)
            || !acting.is_empty() && self.is_granted(person, name, GrantKind::RedInclusion)
    }

    /// Whether the words of a need suffice for reading the version (READ-3).
    pub fn need_suffices(&self, person: &Handle, name: &(Handle, Label), reason: &NeedReason) -> bool {
        let level = self.versions[name].level;
        if !self.words_suffice(person, &name.0, level, true, reason) {
            return false;
        }
        let processing = reason.purpose == SECRETARIAT;
        let by_naming = level == Some(Classification::Red)
            && self.named_for_red(person, &self.documents[&name.0].body)
            && !self.has_red_seat(person, name);
        !by_naming || processing
    }

    /// Whether a need of these words can be recorded, for a version of that level or for the document as a whole.
    pub fn words_suffice(
        &self,
        person: &Handle,
        document: &Handle,
        level: Option<Classification>,
        of_version: bool,
        reason: &NeedReason,
    ) -> bool {
        if reason.purpose == SECRETARIAT && !self.is_secretariat(person, &self.documents[document].body) {
            return false;
        }
        let reference = reason.reference.as_deref();
        let serves = |word: &str| reference.is_some_and(|reference| reference.starts_with(word));
        match level {
            _ if !of_version => true,
            Some(Classification::White | Classification::Green) => true,
            Some(Classification::Amber) => reference.is_some(),
            Some(Classification::Red) | None => ["meeting", "decision", "direction"].into_iter().any(serves),
        }
    }

    /// For how many hours a need for that level holds at most.
    pub fn need_hours(level: Option<Classification>) -> i64 {
        match level {
            Some(Classification::White | Classification::Green) => 90 * 24,
            Some(Classification::Amber) => 30 * 24,
            Some(Classification::Red) | None => 24,
        }
    }

    fn undetermined_ways(&self, person: &Handle, body: &Handle, version: &Version) -> Vec<bool> {
        let mut ways = Vec::new();
        let sits = !self.acting(person, body).is_empty();
        let for_the_directed =
            version.direction.is_some() && version.lodger_organisation == self.people[person].organisation;
        if version.lodger == *person && (sits || for_the_directed) || self.is_secretariat(person, body) {
            ways.push(false);
        }
        if self.chairs(person, body) {
            ways.push(!self.has_signed(person, body));
        }
        ways
    }

    fn amber_ways(&self, person: &Handle, body: &Handle, name: &(Handle, Label)) -> Vec<bool> {
        let version = &self.versions[name];
        let mut ways = Vec::new();
        if self.is_secretariat(person, body) {
            ways.push(false);
        }
        if !self.acting(person, body).is_empty() {
            ways.push(!self.has_signed(person, body));
        }
        let receiving =
            self.bodies.iter().filter(|(handle, one)| one.receives_amber || version.tabled_to.contains(handle));
        for (other, _) in receiving.filter(|(other, _)| self.is_voting_member(person, other)) {
            ways.push(!self.has_signed(person, other));
        }
        let kinds = [GrantKind::NeedToKnow, GrantKind::WiderCirculation, GrantKind::CategoryShare];
        let admitting = kinds.into_iter().filter(|kind| *kind != GrantKind::CategoryShare || !version.strict);
        if admitting.into_iter().any(|kind| self.is_granted(person, name, kind)) {
            ways.push(false);
        }
        ways.extend(self.invited(person, body, name));
        ways
    }

    fn red_ways(&self, person: &Handle, body: &Handle, name: &(Handle, Label)) -> Vec<bool> {
        let mut ways = Vec::new();
        if self.has_red_seat(person, name) || self.named_for_red(person, body) {
            ways.push(!self.has_signed(person, body));
        }
        let disclosed = self.grants_on(name).filter(|grant| grant.kind == GrantKind::RedDisclosure);
        for grant in disclosed {
            if let Grantee::Body(other) = &grant.to
                && self.is_voting_member(person, other)
            {
                ways.push(!self.has_signed(person, other));
            }
        }
        ways.extend(self.invited(person, body, name));
        ways
    }

    fn named_for_red(&self, person: &Handle, body: &Handle) -> bool {
        self.is_secretariat(person, body) && self.people[person].named_for.contains(body)
    }

    fn invited(&self, person: &Handle, body: &Handle, name: &(Handle, Label)) -> Option<bool> {
        self.is_granted(person, name, GrantKind::Invitation).then(|| !self.has_signed(person, body))
    }

    /// The grants on a version that hold now.
    pub fn grants_on(&self, name: &(Handle, Label)) -> impl Iterator<Item = &Grant> {
        self.grants.values().filter(move |grant| grant.version == *name && self.holds(grant))
    }

    pub fn holds(&self, grant: &Grant) -> bool {
        grant.given && !grant.revoked && grant.until.is_none_or(|until| self.now < until)
    }

    fn is_granted(&self, person: &Handle, name: &(Handle, Label), kind: GrantKind) -> bool {
        let organisation = &self.people[person].organisation;
        self.grants_on(name).filter(|grant| grant.kind == kind).any(|grant| match &grant.to {
            Grantee::Person(to) => to == person,
            Grantee::Organisation(to) => to == organisation,
            Grantee::OrganisationKind(to) => *to == self.kind_of(person),
            Grantee::Body(_) => false,
        })
    }

    fn personal_obstacles(&self, person: &Handle, document: &Handle) -> Vec<Obstacle> {
        let mut obstacles = Vec::new();
        if self.is_in_breach(person) {
            obstacles.push(Obstacle::Breach);
        }
        if self.scopes(person).contains(&SuspensionScope::ReadAmberRed) {
            obstacles.push(Obstacle::Suspension);
        }
        let papers_of = |one: &super::Decision| match &one.subject {
            DecisionSubject::Version { document, .. } | DecisionSubject::Document { document } => {
                Some(document.clone())
            }
            _ => None,
        };
        let open = self.decisions.iter().filter(|(_, one)| one.outcome.is_none());
        let mut about = open.filter(|(_, one)| papers_of(one).as_ref() == Some(document)).map(|(id, _)| *id);
        if self.is_in_conflict(person, None, Some(document))
            || about.any(|decision| self.is_in_conflict(person, Some(decision), None))
        {
            obstacles.push(Obstacle::Conflict);
        }
        obstacles
    }
}

/// The purpose under which the Secretariat alone reads.
const SECRETARIAT: &str = "secretariat_processing";
