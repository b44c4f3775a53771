//! The ways into a version's audience, tried one after the other for one person (ToR section 10).
//!
//! This is the one place where the audience rules are evaluated: `audience::admission` stops at the first way that admits
//! without an obstacle, `explanation` hears of all of them. A way that fails says why.

use super::body::{Body, SeatRole};
use super::classification::{Classification, Level};
use super::direction::Direction;
use super::document::Document;
use super::facts::{Facts, FactsDamaged, FactsExt};
use super::grant::{Grant, GrantKind, GrantState, Grantee};
use super::id::Handle;
use super::rule::Rule;
use super::selection::any_visible;
use super::standing::{Membership, Standing};
use super::version::Version;

/// A way in that was tried.
#[derive(Clone, Debug)]
pub struct Way<'a> {
    /// The rule that it is of.
    pub rule: Rule,
    /// What it leads through.
    pub through: Through<'a>,
    /// What came of it.
    pub verdict: Verdict,
}

/// What a way in leads through.
#[derive(Clone, Copy, Debug)]
pub enum Through<'a> {
    /// Nothing but a credential in effect.
    Everybody,
    /// The kind of the person's organisation.
    OrganisationKind,
    /// A seat on any body.
    AnySeat,
    /// The lodgement.
    Lodgement,
    /// The Secretariat of the originating body.
    Secretariat(&'a Body),
    /// Staff of that Secretariat named for RED.
    NamedSecretariat(&'a Body),
    /// The Chair's seat of the originating body.
    ChairsSeat(&'a Body),
    /// A seat of the originating body.
    Seat(&'a Body),
    /// A seat of another body.
    SeatElsewhere(&'a Body),
    /// A grant that names a person, an organisation or a kind of them.
    Grant(&'a Grant),
    /// A grant to the members of another body.
    Disclosure(&'a Grant, &'a Body),
    /// An open direction for the document.
    Direction(&'a Direction),
    /// A version of the document that the person may know of.
    AnyVersion,
}

/// What came of a way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It admits.
    Admits,
    /// It admits, but the agreement of the body is unsigned (GOV-1).
    Unsigned,
    /// It does not lead in.
    Fails(Shortfall),
}

/// Why a way does not lead in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// It is for others.
    ForOthers,
    /// The person lodged it as a member, and is none any more (GOV-5).
    LodgedForTheBody,
    /// No seat of the body is in force.
    NoSeat,
    /// The seat in force is another one than the Chair's.
    NotTheChair,
    /// The seat in force is a non-voting representative's.
    Representative,
    /// The person is of the Secretariat, but not named for RED.
    NotNamed,
    /// The version was not tabled to the body.
    NotTabled,
    /// The Secretariat asked for the grant, and the Chair has not directed it.
    Requested,
    /// The grant was revoked.
    Revoked,
    /// The grant has expired.
    Expired,
    /// The marking under which the version came forbids it (CLASS-4).
    Strict,
}

impl Verdict {
    fn by(admits: bool, shortfall: Shortfall) -> Self {
        if admits { Self::Admits } else { Self::Fails(shortfall) }
    }

    fn by_agreement(signed: bool) -> Self {
        if signed { Self::Admits } else { Self::Unsigned }
    }

    fn by_membership(membership: Option<Membership>) -> Self {
        match membership {
            Some(membership) if membership.is_voting() => Self::by_agreement(membership.signed),
            Some(_) => Self::Fails(Shortfall::Representative),
            None => Self::Fails(Shortfall::NoSeat),
        }
    }
}

/// Who hears of the ways: says whether to go on.
pub type Hear<'h> = dyn FnMut(&Way<'_>) -> bool + 'h;

/// Tries the ways into the audience of `version`, whose originating body is `body`, in the order in which they count.
pub fn try_ways(
    facts: &dyn Facts,
    standing: &Standing,
    body: &Body,
    version: &Version,
    hear: &mut Hear<'_>,
) -> Result<(), FactsDamaged> {
    let widening = Widening { grants: &version.grants, tabled_to: &version.tabled_to, strict: version.is_strict() };
    ended(Trying { facts, standing, body, hear }.level(version.level(), Some(version), widening))
}

/// Whether a version of that level, which nothing widens and somebody else lodged, admits the person.
pub fn admits_to_level(
    facts: &dyn Facts,
    standing: &Standing,
    body: &Body,
    level: Level,
) -> Result<bool, FactsDamaged> {
    let mut admits = false;
    let mut hear = |way: &Way<'_>| {
        admits |= matches!(way.verdict, Verdict::Admits | Verdict::Unsigned);
        !admits
    };
    let nothing = Widening { grants: &[], tabled_to: &[], strict: false };
    ended(Trying { facts, standing, body, hear: &mut hear }.level(level, None, nothing))?;
    Ok(admits)
}

/// Tries the ways to know of `document` itself, whose originating body is `body` (READ-2).
pub fn try_ways_to_document(
    facts: &dyn Facts,
    standing: &Standing,
    body: &Body,
    document: &Document,
    hear: &mut Hear<'_>,
) -> Result<(), FactsDamaged> {
    ended(Trying { facts, standing, body, hear }.document(document))
}

/// RED-1: whether the person has a seat on `body` that admits to `version`, were it RED, so that not only the work of the
/// Secretariat does.
pub(super) fn has_red_seat(
    facts: &dyn Facts,
    standing: &Standing,
    body: &Body,
    version: &Version,
) -> Result<bool, FactsDamaged> {
    let membership = standing.membership(facts, body)?;
    let included = || of_kind(&version.grants, GrantKind::RedInclusion).any(|grant| state(standing, grant).is_ok());
    Ok(membership.is_some_and(|membership| membership.is_voting() || included()))
}

/// Whether the grant names the person, as that person or by the organisation.
pub fn names(standing: &Standing, grantee: &Grantee) -> bool {
    match grantee {
        Grantee::Person(person) => person == standing.handle(),
        Grantee::Organisation(organisation) => *organisation == standing.person.organisation,
        Grantee::OrganisationKind(kind) => *kind == standing.organisation.kind,
        Grantee::Body(_) => false,
    }
}

/// What widens the audience of a version beyond its level's.
#[derive(Clone, Copy)]
struct Widening<'v> {
    grants: &'v [Grant],
    tabled_to: &'v [Handle],
    /// Whether the marking forbids sharing in a category (CLASS-4).
    strict: bool,
}

struct Trying<'a, 'h> {
    facts: &'a dyn Facts,
    standing: &'a Standing,
    body: &'a Body,
    hear: &'a mut Hear<'h>,
}

/// Why the ways are tried no further.
enum Stop {
    /// Enough was heard.
    Enough,
    Damaged(FactsDamaged),
}

impl From<FactsDamaged> for Stop {
    fn from(damaged: FactsDamaged) -> Self {
        Self::Damaged(damaged)
    }
}

fn ended(tried: Result<(), Stop>) -> Result<(), FactsDamaged> {
    match tried {
        Ok(()) | Err(Stop::Enough) => Ok(()),
        Err(Stop::Damaged(damaged)) => Err(damaged),
    }
}

impl Trying<'_, '_> {
    /// The ways at a level. `lodged` is the version whose lodger comes in, if it is undetermined.
    fn level(&mut self, level: Level, lodged: Option<&Version>, widening: Widening<'_>) -> Result<(), Stop> {
        match level {
            Level::Undetermined => self.undetermined(lodged),
            Level::Determined(Classification::White) => self.tell(Rule::White1, Through::Everybody, Verdict::Admits),
            Level::Determined(Classification::Green) => self.green(),
            Level::Determined(Classification::Amber) => self.amber(widening),
            Level::Determined(Classification::Red) => self.red(widening),
        }
    }

    fn tell(&mut self, rule: Rule, through: Through<'_>, verdict: Verdict) -> Result<(), Stop> {
        if (self.hear)(&Way { rule, through, verdict }) { Ok(()) } else { Err(Stop::Enough) }
    }

    fn secretariat(&mut self, rule: Rule) -> Result<(), Stop> {
        let admits = self.standing.is_secretariat_of(self.body);
        self.tell(rule, Through::Secretariat(self.body), Verdict::by(admits, Shortfall::ForOthers))
    }

    /// READ-2: the lodger, the Secretariat, the Chair. Who must accept a version under a direction is Chair or Secretariat
    /// at that time, whoever issued the direction.
    fn undetermined(&mut self, lodged: Option<&Version>) -> Result<(), Stop> {
        let membership = self.standing.membership(self.facts, self.body)?;
        let own = lodged.filter(|version| version.lodger == *self.standing.handle());
        // A member lodges for the body, and that ends with the seat (GOV-5); against a direction one lodges for one's own
        // organisation.
        let lodged_it = own.is_some_and(|version| {
            membership.is_some()
                || version.direction.is_some() && version.lodger_organisation == self.standing.person.organisation
        });
        let shortfall = if own.is_some() { Shortfall::LodgedForTheBody } else { Shortfall::ForOthers };
        self.tell(Rule::Read2, Through::Lodgement, Verdict::by(lodged_it, shortfall))?;
        self.secretariat(Rule::Read2)?;
        let verdict = match membership {
            Some(chair) if chair.role == SeatRole::Chair => Verdict::by_agreement(chair.signed),
            Some(_) => Verdict::Fails(Shortfall::NotTheChair),
            None => Verdict::Fails(Shortfall::NoSeat),
        };
        self.tell(Rule::Read2, Through::ChairsSeat(self.body), verdict)
    }

    /// GREEN-1: members of any governance body, and people of parties and stakeholders.
    fn green(&mut self) -> Result<(), Stop> {
        let kind = self.standing.organisation.kind.is_in_green_audience();
        self.tell(Rule::Green1, Through::OrganisationKind, Verdict::by(kind, Shortfall::ForOthers))?;
        let sits = self.standing.sits_on_any_body(self.facts)?;
        self.tell(Rule::Green1, Through::AnySeat, Verdict::by(sits, Shortfall::NoSeat))
    }

    /// AMBER-1 to AMBER-4, and RED-3 for who is invited.
    fn amber(&mut self, widening: Widening<'_>) -> Result<(), Stop> {
        self.secretariat(Rule::Amber1)?;
        let own_seat = match self.standing.membership(self.facts, self.body)? {
            Some(membership) => Verdict::by_agreement(membership.signed),
            None => Verdict::Fails(Shortfall::NoSeat),
        };
        self.tell(Rule::Amber1, Through::Seat(self.body), own_seat)?;
        self.amber_of_other_bodies(widening.tabled_to)?;
        for grant in widening.grants {
            let rule = match grant.kind {
                GrantKind::NeedToKnow => Rule::Amber2,
                GrantKind::CategoryShare => Rule::Amber3,
                GrantKind::WiderCirculation => Rule::Amber4,
                GrantKind::RedInclusion | GrantKind::RedDisclosure | GrantKind::Invitation => continue,
            };
            let verdict = match state(self.standing, grant) {
                Ok(()) if rule == Rule::Amber3 && widening.strict => Verdict::Fails(Shortfall::Strict),
                Ok(()) => Verdict::Admits,
                Err(shortfall) => Verdict::Fails(shortfall),
            };
            self.tell(rule, Through::Grant(grant), verdict)?;
        }
        self.invitations(widening.grants)
    }

    /// AMBER-1 for the Panel, and for bodies to which the version was tabled: their members, while non-voting
    /// representatives belong to the originating body's audience only.
    fn amber_of_other_bodies(&mut self, tabled_to: &[Handle]) -> Result<(), Stop> {
        for handle in bodies_of(self.standing).into_iter().filter(|handle| *handle != self.body.handle) {
            let Some(body) = self.facts.body(&handle)? else { continue };
            let verdict = if body.receives_amber || tabled_to.contains(&body.handle) {
                Verdict::by_membership(self.standing.membership(self.facts, &body)?)
            } else {
                Verdict::Fails(Shortfall::NotTabled)
            };
            self.tell(Rule::Amber1, Through::SeatElsewhere(&body), verdict)?;
        }
        Ok(())
    }

    /// RED-3: a person invited for an item, to its papers only, and only once they have signed as those present have.
    fn invitations(&mut self, grants: &[Grant]) -> Result<(), Stop> {
        let signed = self.standing.has_signed(self.body);
        for grant in of_kind(grants, GrantKind::Invitation) {
            let verdict = match state(self.standing, grant) {
                Ok(()) => Verdict::by_agreement(signed),
                Err(shortfall) => Verdict::Fails(shortfall),
            };
            self.tell(Rule::Red3, Through::Grant(grant), verdict)?;
        }
        Ok(())
    }

    /// RED-1 to RED-3.
    fn red(&mut self, widening: Widening<'_>) -> Result<(), Stop> {
        let membership = self.standing.membership(self.facts, self.body)?;
        let signed = self.standing.has_signed(self.body);
        self.tell(Rule::Red1, Through::Seat(self.body), Verdict::by_membership(membership))?;
        for grant in of_kind(widening.grants, GrantKind::RedInclusion) {
            let verdict = match state(self.standing, grant) {
                Ok(()) if membership.is_none() => Verdict::Fails(Shortfall::NoSeat),
                Ok(()) => Verdict::by_agreement(signed),
                Err(shortfall) => Verdict::Fails(shortfall),
            };
            self.tell(Rule::Red1, Through::Grant(grant), verdict)?;
        }
        self.disclosures(widening.grants)?;
        self.invitations(widening.grants)?;
        // The last of all, since it alone asks for a purpose of its own: who comes in by another way needs none.
        let named = if self.standing.is_named_secretariat_of(self.body) {
            Verdict::by_agreement(signed)
        } else if self.standing.is_secretariat_of(self.body) {
            Verdict::Fails(Shortfall::NotNamed)
        } else {
            Verdict::Fails(Shortfall::ForOthers)
        };
        self.tell(Rule::Red1, Through::NamedSecretariat(self.body), named)
    }

    /// RED-2: members of a body to which the originating body approved disclosure.
    fn disclosures(&mut self, grants: &[Grant]) -> Result<(), Stop> {
        for grant in of_kind(grants, GrantKind::RedDisclosure) {
            let Grantee::Body(handle) = &grant.to else { continue };
            let Some(body) = self.facts.body(handle)? else { continue };
            let verdict = match holds(self.standing, grant) {
                Ok(()) => Verdict::by_membership(self.standing.membership(self.facts, &body)?),
                Err(shortfall) => Verdict::Fails(shortfall),
            };
            self.tell(Rule::Red2, Through::Disclosure(grant, &body), verdict)?;
        }
        Ok(())
    }

    /// READ-2 for a document: of which one may know without any of its versions.
    fn document(&mut self, document: &Document) -> Result<(), Stop> {
        self.secretariat(Rule::Read2)?;
        let sits = self.standing.membership(self.facts, self.body)?.is_some();
        self.tell(Rule::Read2, Through::Seat(self.body), Verdict::by(sits, Shortfall::NoSeat))?;
        // Who lodged as a member lodged for the body, and that ends with the seat (GOV-5); the operator of the PKI lodged
        // for itself.
        let is_lodger = document.lodgers.contains(self.standing.handle());
        let for_itself = is_lodger && {
            let profile = self.facts.profile()?.ok_or_else(|| FactsDamaged("no profile was adopted".into()))?;
            profile.direction_addressee == self.standing.person.organisation
        };
        let shortfall = if is_lodger { Shortfall::LodgedForTheBody } else { Shortfall::ForOthers };
        self.tell(Rule::Read2, Through::Lodgement, Verdict::by(for_itself, shortfall))?;
        for direction in &document.open_directions {
            let Some(direction) = self.facts.direction(*direction)? else { continue };
            let addressed = direction.addressee == self.standing.person.organisation;
            let verdict = Verdict::by(addressed, Shortfall::ForOthers);
            self.tell(Rule::Read2, Through::Direction(&direction), verdict)?;
        }
        let any = any_visible(self.facts, self.standing, document)?;
        self.tell(Rule::Read6, Through::AnyVersion, Verdict::by(any, Shortfall::ForOthers))
    }
}

fn of_kind(grants: &[Grant], kind: GrantKind) -> impl Iterator<Item = &Grant> {
    grants.iter().filter(move |grant| grant.kind == kind)
}

/// Whether the grant holds and names the person.
fn state(standing: &Standing, grant: &Grant) -> Result<(), Shortfall> {
    if names(standing, &grant.to) { holds(standing, grant) } else { Err(Shortfall::ForOthers) }
}

fn holds(standing: &Standing, grant: &Grant) -> Result<(), Shortfall> {
    match grant.state {
        _ if grant.holds(standing.now) => Ok(()),
        GrantState::Requested => Err(Shortfall::Requested),
        GrantState::Revoked => Err(Shortfall::Revoked),
        GrantState::Given => Err(Shortfall::Expired),
    }
}

/// The bodies on which the person sits or sat, for oneself or as an alternate, each once.
pub(super) fn bodies_of(standing: &Standing) -> Vec<Handle> {
    let own = standing.person.appointments.iter().map(|appointment| &appointment.body);
    let others = standing.person.alternates.iter().map(|alternate| &alternate.body);
    let mut bodies: Vec<_> = own.chain(others).cloned().collect();
    bodies.sort_unstable();
    bodies.dedup();
    bodies
}
