//! The space of the read decision: its products, its histories, and samples of all of it.

use strongroom::pure::domain::body::SeatRole;
use strongroom::pure::domain::organisation::OrganisationKind;
use strongroom::pure::domain::suspension::SuspensionScope;

use crate::need::Need;
use crate::paper::{Lodger, Marking, Paper, State, What, Widening, widenings_that_reach};
use crate::reader::{BODIES, Credential, GROUP, Hold, Named, Obstacle, PANEL, PMA, Reader, Seat, Text, Whom};

const ROLES: [SeatRole; 3] = [SeatRole::Chair, SeatRole::Voting, SeatRole::NonVoting];

const KINDS: [OrganisationKind; 8] = [
    OrganisationKind::Party,
    OrganisationKind::Dcc,
    OrganisationKind::CodeAdministrator,
    OrganisationKind::Authority,
    OrganisationKind::Government,
    OrganisationKind::Stakeholder,
    OrganisationKind::Assurance,
    OrganisationKind::Host,
];

/// Kinds that stand for all: one of GREEN's audience, one that a wider circulation names, and the two that are outside.
/// That the others are like the first is shown by `histories`.
const KINDS_THAT_DIFFER: [OrganisationKind; 4] =
    [OrganisationKind::Party, OrganisationKind::Stakeholder, OrganisationKind::Assurance, OrganisationKind::Host];

const SCOPES: [SuspensionScope; 4] =
    [SuspensionScope::Lodge, SuspensionScope::ReadAmberRed, SuspensionScope::ReadAll, SuspensionScope::All];

/// Every combination of relations: the organisation, seats on the three bodies, agreements signed, named or not. Of the
/// Panel and of the working group, a seat of a member signed or not, or none.
pub fn relations() -> Vec<Reader> {
    let mut readers = Vec::new();
    for organisation in organisations() {
        for own in seats() {
            for signed in [false, true] {
                for named in [Named::No, Named::Yes] {
                    for other in elsewhere() {
                        let mut reader = Reader { named, ..organisation.clone() };
                        reader.seats.extend(own.map(|role| Seat { body: PMA, role, hold: Hold::Own }));
                        if signed {
                            reader = reader.who_signed(PMA);
                        }
                        readers.push(sitting(reader, &other));
                    }
                }
            }
        }
    }
    readers
}

/// Every level, lodger, and single way in which an audience is widened.
pub fn audiences() -> Vec<Paper> {
    let mut papers = Vec::new();
    for marking in Marking::PRINCIPAL {
        for lodger in [Lodger::SomebodyElse, Lodger::ReaderForTheBody, Lodger::ReaderUnderADirection] {
            papers.push(Paper { lodger, ..Paper::marked(marking) });
        }
        papers
            .extend(widenings_that_reach().into_iter().map(|what| Paper::marked(marking).widened(what, State::Given)));
    }
    papers
}

/// Every single way into an audience, signed and unsigned, and none, against everything that may stand in the way.
pub fn gates() -> Vec<(Vec<Reader>, Vec<Paper>)> {
    let obstacles = [
        None,
        Some(Obstacle::ConflictOnTheDocument),
        Some(Obstacle::Breach),
        Some(Obstacle::Suspension(Whom::Person, SuspensionScope::Lodge)),
        Some(Obstacle::Suspension(Whom::Person, SuspensionScope::ReadAmberRed)),
        Some(Obstacle::Suspension(Whom::Person, SuspensionScope::ReadAll)),
        Some(Obstacle::Suspension(Whom::Person, SuspensionScope::All)),
    ];
    let gated = |(readers, papers): (Vec<Reader>, Vec<Paper>)| {
        let mut all = Vec::new();
        for reader in readers {
            for obstacle in &obstacles {
                all.push(Reader { obstacles: obstacle.iter().copied().collect(), ..reader.clone() });
            }
        }
        let withdrawn = |paper: Paper| [Paper { withdrawn: true, ..paper.clone() }, paper];
        (all, papers.into_iter().flat_map(withdrawn).collect())
    };
    ways().into_iter().map(gated).collect()
}

/// Readers and papers, by the way that leads from the one to the other.
fn ways() -> Vec<(Vec<Reader>, Vec<Paper>)> {
    let party = || Reader::of(OrganisationKind::Party);
    let pair = |reader: Reader, body| [reader.clone().who_signed(body), reader];
    let on = |body, role| pair(party().seated(body, role, Hold::Own), body);
    let at_every_level = |lodger| Marking::PRINCIPAL.map(|marking| Paper { lodger, ..Paper::marked(marking) });
    let widened = |what| -> Vec<Paper> {
        [Marking::PRINCIPAL[1], Marking::PRINCIPAL[2]]
            .map(|marking| Paper::marked(marking).widened(what, State::Given))
            .into()
    };
    let mut by_relation: Vec<Reader> = ROLES.into_iter().flat_map(|role| on(PMA, role)).collect();
    by_relation.extend(on(PANEL, SeatRole::Voting));
    by_relation.extend(KINDS_THAT_DIFFER.map(Reader::of));
    by_relation.push(Reader { auditor: true, ..Reader::of(OrganisationKind::Assurance) });
    by_relation.push(Reader::of_the_secretariat());
    by_relation.extend(pair(Reader { named: Named::Yes, ..Reader::of_the_secretariat() }, PMA));
    // Offices that close content, in a seat that opens it.
    for kind in [OrganisationKind::Host, OrganisationKind::Assurance] {
        let seated = Reader::of(kind).seated(PMA, SeatRole::Voting, Hold::Own).who_signed(PMA);
        by_relation.push(Reader { auditor: kind == OrganisationKind::Assurance, ..seated });
    }
    let by_invitation = pair(party(), PMA).into();
    let named = [What::NeedToKnow(true), What::Shared(true), What::Circulated(true)];
    vec![
        (by_relation, at_every_level(Lodger::SomebodyElse).into()),
        (
            vec![party(), party().seated(PMA, SeatRole::Voting, Hold::Own)],
            at_every_level(Lodger::ReaderUnderADirection).into(),
        ),
        (on(PMA, SeatRole::NonVoting).into(), widened(What::Included(true))),
        (
            on(GROUP, SeatRole::Voting).into(),
            [What::Tabled(GROUP), What::Disclosed(GROUP)].into_iter().flat_map(widened).collect(),
        ),
        (by_invitation, widened(What::Invited(true))),
        (
            [OrganisationKind::Party, OrganisationKind::Host].map(Reader::of).into(),
            named.into_iter().flat_map(widened).collect(),
        ),
    ]
}

/// Every state of a credential, for somebody in an audience and for somebody outside.
pub fn credentials() -> Vec<Reader> {
    let member = Reader::of(OrganisationKind::Party).seated(PMA, SeatRole::Chair, Hold::Own).who_signed(PMA);
    let readers = [member, Reader::of(OrganisationKind::Assurance)];
    let under = |reader: &Reader| Credential::ALL.map(|credential| Reader { credential, ..reader.clone() });
    readers.iter().flat_map(under).collect()
}

/// A version of each level.
pub fn one_a_level() -> Vec<Paper> {
    Marking::PRINCIPAL.map(Paper::marked).into()
}

/// Facts that differ while the predicates do not, or by an instant: how a seat is held, which text was signed, what kind the
/// organisation is of, whom a suspension is of, what was lifted, where a grant stands, whom it names, who lodged.
pub fn histories() -> Vec<(Vec<Reader>, Vec<Paper>)> {
    let party = || Reader::of(OrganisationKind::Party);
    let member = || party().seated(PMA, SeatRole::Voting, Hold::Own).who_signed(PMA);
    let mut held = Vec::new();
    for body in BODIES {
        for role in ROLES {
            for hold in Hold::ALL {
                for text in [Text::Present, Text::Earlier] {
                    for kind in [OrganisationKind::Party, OrganisationKind::Assurance] {
                        let mut reader = Reader::of(kind).seated(body, role, hold);
                        reader.signed.push((body, text));
                        held.push(reader);
                    }
                }
            }
        }
    }
    let every_level = || Marking::ALL.map(Paper::marked).into_iter();
    let lodged = Lodger::ALL.map(|lodger| Paper { lodger, ..Paper::marked(Marking::Undetermined) });
    let reaching = || widenings_that_reach().into_iter();
    let wide = |marking| reaching().map(move |what| Paper::marked(marking).widened(what, State::Given));
    let seen = every_level().chain(lodged).chain(wide(Marking::PRINCIPAL[1])).chain(wide(Marking::PRINCIPAL[2]));
    let mut kinds: Vec<_> = KINDS.map(Reader::of).into();
    kinds.extend(KINDS.map(|kind| Reader { auditor: true, ..Reader::of(kind) }));
    kinds.extend([Named::No, Named::Yes, Named::NoMore].into_iter().flat_map(|named| {
        let staff = Reader { named, ..Reader::of_the_secretariat() };
        [staff.clone().who_signed(PMA), staff.clone().who_signed(PANEL), staff]
    }));
    let kinds_reached =
        KINDS.map(What::CirculatedToKind).map(|what| Paper::marked(Marking::PRINCIPAL[2]).widened(what, State::Given));
    let granted = widenings_that_reach().into_iter().chain([
        What::NeedToKnow(false),
        What::Shared(false),
        What::Circulated(false),
        What::Included(false),
        What::Invited(false),
    ]);
    let grants = granted.flat_map(|what| {
        let at = move |marking| State::ALL.map(|state| Paper::marked(marking).widened(what, state));
        Marking::ALL.into_iter().flat_map(at)
    });
    let mut granted_to = vec![party(), party().who_signed(PMA), Reader::of(OrganisationKind::Stakeholder), member()];
    for body in BODIES {
        granted_to.push(party().seated(body, SeatRole::NonVoting, Hold::Own).who_signed(body));
        granted_to.push(party().seated(body, SeatRole::Voting, Hold::AsAlternate).who_signed(body));
    }
    let mut hindered = vec![
        Obstacle::ConflictOnAnOpenDecision,
        Obstacle::ConflictOnAClosedDecision,
        Obstacle::ConflictOnAnotherDocument,
        Obstacle::ConflictLifted,
        Obstacle::BreachLifted,
    ];
    for whom in [Whom::Person, Whom::Organisation, Whom::Service, Whom::SomebodyElse] {
        hindered.extend(SCOPES.map(|scope| Obstacle::Suspension(whom, scope)));
        hindered.extend(SCOPES.map(|scope| Obstacle::SuspensionLifted(whom, scope)));
    }
    let hindered = hindered.into_iter().map(|obstacle| Reader { obstacles: vec![obstacle], ..member() });
    vec![
        (held, seen.collect()),
        (kinds, every_level().chain(kinds_reached).collect()),
        (granted_to, grants.collect()),
        (hindered.collect(), every_level().collect()),
    ]
}

fn organisations() -> Vec<Reader> {
    let mut all: Vec<_> = KINDS_THAT_DIFFER.map(Reader::of).into();
    all.push(Reader::of_the_secretariat());
    all
}

fn seats() -> impl Iterator<Item = Option<SeatRole>> {
    [None].into_iter().chain(ROLES.map(Some))
}

/// On the Panel and on the working group: no seat, a member's unsigned, a member's signed.
fn elsewhere() -> Vec<Vec<(&'static str, bool)>> {
    let one = |body| [vec![], vec![(body, false)], vec![(body, true)]];
    one(PANEL).iter().flat_map(|panel| one(GROUP).map(|group| [panel.clone(), group].concat())).collect()
}

fn sitting(mut reader: Reader, on: &[(&'static str, bool)]) -> Reader {
    for (body, signed) in on {
        reader = reader.seated(body, SeatRole::Voting, Hold::Own);
        if *signed {
            reader = reader.who_signed(body);
        }
    }
    reader
}

/// Chance that is the same on every run: an xorshift generator.
pub struct Chance(u64);

impl Chance {
    pub fn from(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// People with any seats, agreements, offices and obstacles.
    pub fn readers(&mut self, number: usize) -> Vec<Reader> {
        (0..number).map(|_| self.reader()).collect()
    }

    fn reader(&mut self) -> Reader {
        let kind = self.one(&KINDS);
        let mut reader = if self.once_in(4) { Reader::of_the_secretariat() } else { Reader::of(kind) };
        for body in BODIES {
            if self.once_in(2) {
                let hold = if self.once_in(2) { Hold::Own } else { self.one(&Hold::ALL) };
                reader = reader.seated(body, self.one(&ROLES), hold);
            }
            if !self.once_in(3) {
                reader.signed.push((body, if self.once_in(4) { Text::Earlier } else { Text::Present }));
            }
        }
        reader.named = self.one(&[Named::No, Named::Yes, Named::NoMore]);
        reader.auditor = self.once_in(6);
        for _ in 0..3 {
            if self.once_in(4) {
                let obstacle = self.obstacle();
                reader.obstacles.push(obstacle);
            }
        }
        reader
    }

    fn obstacle(&mut self) -> Obstacle {
        let whom = self.one(&[Whom::Person, Whom::Organisation, Whom::Service, Whom::SomebodyElse]);
        let scope = self.one(&SCOPES);
        self.one(&[
            Obstacle::ConflictOnTheDocument,
            Obstacle::ConflictOnAnOpenDecision,
            Obstacle::ConflictOnAClosedDecision,
            Obstacle::ConflictOnAnotherDocument,
            Obstacle::ConflictLifted,
            Obstacle::Breach,
            Obstacle::BreachLifted,
            Obstacle::Suspension(whom, scope),
            Obstacle::SuspensionLifted(whom, scope),
        ])
    }

    /// Versions of any level and lodger, widened up to four times.
    pub fn papers(&mut self, number: usize) -> Vec<Paper> {
        (0..number).map(|_| self.paper()).collect()
    }

    fn paper(&mut self) -> Paper {
        let reaching = widenings_that_reach();
        let lodger = self.one(&Lodger::ALL);
        let mut paper = Paper { lodger, withdrawn: self.once_in(8), ..Paper::marked(self.one(&Marking::ALL)) };
        for _ in 0..4 {
            if self.once_in(2) {
                let state = if self.once_in(2) { State::Given } else { self.one(&State::ALL) };
                paper.widenings.push(Widening { what: self.one(&reaching), state });
            }
        }
        paper
    }

    /// Needs, one in two of which suffices at every level.
    pub fn needs(&mut self, number: usize) -> Vec<Need> {
        let all = Need::all();
        let any = |chance: &mut Self| all[chance.below(all.len())].clone();
        (0..number)
            .map(|_| if self.once_in(2) { Need::stated(crate::need::Words::Meeting) } else { any(self) })
            .collect()
    }
}
