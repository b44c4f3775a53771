//! GOV-2, GOV-3 and CONFLICT-1 for random bodies, absences, conflicts, alternates, withdrawn credentials and rules,
//! against an arithmetic that is written a second time, in whole numbers and without a look at the first.

use proptest::prelude::*;

use super::super::harness::{World, credential, handle, instant};
use super::super::world::{OTHER_TEXT, profile, signed};
use super::*;
use crate::pure::domain::body::{Body, BodyRules, Fraction, Seat, SeatRole};
use crate::pure::domain::decision::LeftOutReason;
use crate::pure::domain::decision::Vote::{Abstain, Against, For};
use crate::pure::domain::organisation::OrganisationKind;

/// What becomes of a seat between the opening and the close.
#[derive(Clone, Debug)]
struct Chances {
    member: Member,
    /// Whether the member's alternate is approved.
    alternate: bool,
    signed: bool,
    /// Who tries to vote first, and so on: false is the member, true the alternate.
    tries: Vec<(bool, Vote)>,
    after: After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    None,
    Unconfirmed,
    InForce,
}

/// What happens after the votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Nothing,
    MemberConflicted,
    AlternateConflicted,
    MemberConflictLifted,
    MembersCredentialRevoked,
    AlternatesCredentialRevoked,
    MemberResigned,
    AlternateEnded,
}

#[derive(Clone, Debug)]
struct Scene {
    seats: Vec<Chances>,
    chair: Chances,
    quorum: (u32, u32),
    majority: (u32, u32),
    needs_chair: bool,
    casts_only: bool,
    exceptional: bool,
    /// Who opens and who closes: the Chair, or the Secretariat.
    opened_by_chair: bool,
    closed_by_chair: bool,
}

fn chances() -> impl Strategy<Value = Chances> {
    let member = prop_oneof![1 => Just(Member::None), 1 => Just(Member::Unconfirmed), 6 => Just(Member::InForce)];
    let vote = prop_oneof![4 => Just(For), 4 => Just(Against), 1 => Just(Abstain)];
    let after = prop_oneof![
        8 => Just(After::Nothing),
        1 => Just(After::MemberConflicted),
        1 => Just(After::AlternateConflicted),
        1 => Just(After::MemberConflictLifted),
        1 => Just(After::MembersCredentialRevoked),
        1 => Just(After::AlternatesCredentialRevoked),
        1 => Just(After::MemberResigned),
        1 => Just(After::AlternateEnded),
    ];
    let tries = prop::collection::vec((prop::bool::weighted(0.3), vote), 0..3);
    (member, any::<bool>(), prop::bool::weighted(0.9), tries, after)
        .prop_map(|(member, alternate, signed, tries, after)| Chances { member, alternate, signed, tries, after })
}

fn scene() -> impl Strategy<Value = Scene> {
    let fraction = || prop::sample::select(&[(1, 2), (1, 3), (2, 3), (3, 4), (1, 1)][..]);
    let flags = (any::<bool>(), prop::bool::weighted(0.8), prop::bool::weighted(0.2), any::<bool>(), any::<bool>());
    (prop::collection::vec(chances(), 1..7), chances(), fraction(), fraction(), flags).prop_map(
        |(seats, chair, quorum, majority, (needs_chair, casts_only, exceptional, opened_by_chair, closed_by_chair))| {
            Scene {
                seats,
                chair,
                quorum,
                majority,
                needs_chair,
                casts_only,
                exceptional,
                opened_by_chair,
                closed_by_chair,
            }
        },
    )
}

/// What a seat comes to, said without the domain's code.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    appointed: bool,
    /// The member is in force at the close.
    in_force: bool,
    conflicted: bool,
    vote: Option<Vote>,
    /// A vote was cast that does not count.
    void: bool,
}

/// One seat by the rules: the first try of one who may vote is the seat's vote, and what happens afterwards can undo it.
fn told(seat: &Chances, may: impl Fn() -> bool) -> Told {
    let acts = seat.member == Member::InForce;
    let cast = if acts && seat.signed && may() {
        seat.tries.iter().find(|(by_alternate, _)| !by_alternate || seat.alternate)
    } else {
        None
    };
    let resigned = seat.after == After::MemberResigned && seat.member != Member::None;
    let conflicted = seat.after == After::MemberConflicted && acts;
    let undone = |by_alternate: bool| match seat.after {
        After::Nothing | After::MemberConflictLifted => false,
        After::MemberConflicted | After::MemberResigned => true,
        After::AlternateConflicted | After::AlternatesCredentialRevoked | After::AlternateEnded => by_alternate,
        After::MembersCredentialRevoked => !by_alternate,
    };
    let counted = cast.filter(|(by_alternate, _)| !undone(*by_alternate));
    Told {
        appointed: seat.member != Member::None && !resigned,
        in_force: acts && !resigned,
        conflicted,
        vote: counted.map(|(_, vote)| *vote),
        void: cast.is_some() && counted.is_none(),
    }
}

/// The whole by the rules.
fn expected(scene: &Scene) -> (DecisionOutcome, Count) {
    let seats: Vec<_> = scene.seats.iter().map(|seat| told(seat, || true)).collect();
    // The Chair votes last, before anything happens to anybody: whether there is a tie is asked of all votes cast.
    let cast = |vote: Vote| scene.seats.iter().filter(|seat| first_cast(seat) == Some(vote)).count();
    let tie_at_the_vote = cast(For) == cast(Against) && cast(For) > 0;
    let chair = told(&scene.chair, || !scene.casts_only || tie_at_the_vote);
    let mut counting: Vec<_> = seats.clone();
    if !scene.casts_only {
        counting.push(chair);
    }
    let number = |vote: Vote| counting.iter().filter(|seat| seat.vote == Some(vote)).count() as u32;
    let (votes_for, votes_against) = (number(For), number(Against));
    let tie = votes_for == votes_against && votes_for > 0;
    let casting = chair.vote.filter(|vote| scene.casts_only && tie && *vote != Abstain);
    let presides = (opens(scene) || closes(scene)) && chair.in_force && !chair.conflicted;
    let chair_present = presides || chair.vote.is_some();
    let present = seats.iter().filter(|seat| seat.vote.is_some()).count() as u32 + u32::from(chair_present);
    let appointed = seats.iter().chain([&chair]).filter(|seat| seat.appointed).count() as u32;
    let (part, whole) = scene.quorum;
    // The smallest number that is at least that part.
    let required = (0..=appointed).find(|number| number * whole >= appointed * part).unwrap();
    let ordinarily = present >= required && (chair_present || !scene.needs_chair);
    let quorate = if scene.exceptional { present != 0 } else { ordinarily };
    let all_for = votes_for + u32::from(casting == Some(For));
    let all = votes_for + votes_against + u32::from(casting.is_some());
    let (part, whole) = scene.majority;
    let outcome = match (quorate, all_for * whole > all * part) {
        (false, _) => DecisionOutcome::Inquorate,
        (true, true) => DecisionOutcome::Carried,
        (true, false) => DecisionOutcome::Rejected,
    };
    let count = Count {
        votes_for,
        votes_against,
        abstentions: number(Abstain),
        casting,
        appointed,
        present,
        required,
        chair_present,
        chair_required: scene.needs_chair,
        exceptional: scene.exceptional,
        quorate,
        left_out: Vec::new(),
    };
    (outcome, count)
}

fn first_cast(seat: &Chances) -> Option<Vote> {
    let mut allowed = seat.tries.iter().filter(|(by_alternate, _)| !by_alternate || seat.alternate);
    (seat.member == Member::InForce && seat.signed).then(|| allowed.next().map(|(_, vote)| *vote)).flatten()
}

fn chair_acts(scene: &Scene) -> bool {
    scene.chair.member == Member::InForce
}

fn opens(scene: &Scene) -> bool {
    scene.opened_by_chair && chair_acts(scene)
}

/// A Chair whose credential was revoked, or who resigned, closes nothing: the Secretariat does.
fn closes(scene: &Scene) -> bool {
    let gone = matches!(scene.chair.after, After::MembersCredentialRevoked | After::MemberResigned);
    scene.closed_by_chair && chair_acts(scene) && !gone
}

/// The scene in the domain's own words, as far as the close.
fn played(scene: &Scene) -> (World, u64) {
    let mut world = founded(scene);
    let people: Vec<_> = scene.seats.iter().enumerate().map(|(n, seat)| (format!("member-{n}"), seat)).collect();
    for (name, seat) in people.iter().map(|(name, seat)| (name.as_str(), *seat)).chain([("head", &scene.chair)]) {
        world = seat_taken(world, name, seat);
    }
    let opener = if opens(scene) { "head" } else { "clerk" };
    let (mut world, id) = opened(world, opener, put(scene.exceptional));
    for (name, seat) in people.iter().map(|(name, seat)| (name.as_str(), *seat)).chain([("head", &scene.chair)]) {
        for (by_alternate, one) in &seat.tries {
            let who = if *by_alternate { format!("{name}-alternate") } else { name.to_owned() };
            world.attempt(&who, &vote(id, *one));
        }
    }
    for (name, seat) in people.iter().map(|(name, seat)| (name.as_str(), *seat)).chain([("head", &scene.chair)]) {
        world = happened(world, name, seat, id);
    }
    let closer = if closes(scene) { "head" } else { "clerk" };
    (world.done(closer, close(id)), id)
}

fn founded(scene: &Scene) -> World {
    let seats = (0..scene.seats.len()).map(|n| (format!("member-{n}"), SeatRole::Voting));
    let seats = seats.chain([("head".to_owned(), SeatRole::Chair)]);
    let fraction = |(part, whole): (u32, u32)| Fraction::try_from(format!("{part}/{whole}")).unwrap();
    let rules = BodyRules {
        quorum: fraction(scene.quorum),
        majority: fraction(scene.majority),
        quorum_needs_chair: scene.needs_chair,
        chair_casts_only: scene.casts_only,
        ..BodyRules::default()
    };
    let body = Body {
        handle: handle("board"),
        name: "The board".into(),
        seats: seats.map(|(seat, role)| Seat { handle: handle(&seat), role, constituency: seat.clone() }).collect(),
        secretariat: Some(handle("office")),
        receives_amber: false,
        agreement_text: OTHER_TEXT,
        agreement: None,
        answers_to: None,
        confirmation: None,
        rules,
        reviews: Vec::new(),
    };
    let organisation = |name: &str| Event::OrganisationRegistered {
        organisation: handle(name),
        name: name.into(),
        organisation_kind: OrganisationKind::Stakeholder,
        category: None,
    };
    let world = World::empty("2026-11-24T09:30:00Z")
        .given(Event::ProfileAdopted { profile: Box::new(profile()) })
        .given(organisation("office"))
        .given(organisation("works"))
        .given(Event::BodyEstablished { body: Box::new(body) });
    super::person_of(world, "clerk", "office")
}

fn seat_taken(mut world: World, name: &str, seat: &Chances) -> World {
    let alternate = format!("{name}-alternate");
    for person in [name, &alternate] {
        world = super::person_of(world, person, "works");
        if seat.signed {
            world = world.given(signed(person, "board", OTHER_TEXT));
        }
    }
    let (person, body) = (handle(name), handle("board"));
    if seat.member != Member::None {
        world = world.given(Event::AppointmentMade {
            person: person.clone(),
            body: body.clone(),
            seat: person.clone(),
            from: instant("2026-01-01T00:00:00Z"),
            until: instant("2027-01-01T00:00:00Z"),
            appointment: None,
        });
    }
    if seat.member == Member::InForce {
        let (person, seat, body) = (person.clone(), person.clone(), body.clone());
        world =
            world.given(Event::MemberConfirmed { person, body, seat, appointment: None, signature: None, text: None });
    }
    let (member, alternate) = (person, handle(&alternate));
    world = world.given(Event::AlternateProposed {
        member: member.clone(),
        alternate: alternate.clone(),
        body: body.clone(),
    });
    if seat.alternate {
        world = world.given(Event::AlternateApproved { member, alternate, body, proposal: None });
    }
    world
}

fn happened(world: World, name: &str, seat: &Chances, decision: u64) -> World {
    let alternate = format!("{name}-alternate");
    let conflict = ConflictId(world.next_index());
    let declared = |person: &str| Event::ConflictDeclared {
        conflict,
        person: handle(person),
        about: about(decision),
        statement: "we build it".into(),
    };
    let revoked = |person: &str| Event::CredentialRevoked { credential: credential(person), reason: "lost".into() };
    match seat.after {
        After::Nothing => world,
        After::MemberConflicted => world.given_by(name, declared(name)),
        After::AlternateConflicted => world.given_by(&alternate, declared(&alternate)),
        After::MemberConflictLifted => world.given_by(name, declared(name)).given(Event::ConflictLifted {
            conflict,
            person: handle(name),
            reason: "no conflict".into(),
        }),
        After::MembersCredentialRevoked => world.given(revoked(name)),
        After::AlternatesCredentialRevoked => world.given(revoked(&alternate)),
        After::MemberResigned => {
            let (person, body, seat) = (handle(name), handle("board"), handle(name));
            world.given(Event::AppointmentEnded { person, body, seat, reason: "resigned".into(), appointment: None })
        }
        After::AlternateEnded => {
            let (member, alternate, body) = (handle(name), handle(&alternate), handle("board"));
            world.given(Event::AlternateEnded { member, alternate, body, proposal: None })
        }
    }
}

fn put(exceptional: bool) -> Command {
    let mut command = open_at(DecisionKind::Other, matter(), meeting(exceptional, &[]));
    if let Command::OpenDecision { body, .. } = &mut command {
        *body = handle("board");
    }
    command
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn gov_2_and_gov_3_the_count_is_that_of_a_second_arithmetic(scene in scene()) {
        let (world, id) = played(&scene);
        let closed = world.of_anyone(id);
        let closing = closed.closed.clone().unwrap();
        let (outcome, count) = expected(&scene);
        prop_assert_eq!(&Count { left_out: Vec::new(), ..closing.count.clone() }, &count);
        prop_assert_eq!(closing.outcome, outcome);

        // Whatever the second arithmetic says, these hold.
        if closing.outcome == DecisionOutcome::Carried {
            prop_assert!(count.exceptional || count.present >= count.required);
            prop_assert!(count.exceptional || count.chair_present || !count.chair_required);
        }
        let cast = closed.votes.len() as u32;
        prop_assert!(count.votes_for + count.votes_against + count.abstentions <= cast);
        let mut seats: Vec<_> = closed.votes.iter().map(|cast| cast.seat.clone()).collect();
        seats.sort();
        seats.dedup();
        prop_assert_eq!(seats.len(), closed.votes.len(), "a seat votes once");
        if count.casting.is_some() {
            prop_assert_eq!(count.votes_for, count.votes_against);
        }
        for (n, seat) in scene.seats.iter().enumerate() {
            let told = told(seat, || true);
            let name = handle(&format!("member-{n}"));
            let out = closing.count.left_out.iter().find(|out| out.seat == name);
            prop_assert_eq!(out.is_some(), told.void);
            if told.conflicted && told.void {
                prop_assert_eq!(out.map(|out| out.reason), Some(LeftOutReason::Conflict));
            }
        }
    }
}

impl World {
    /// The decision, whoever may know of it.
    fn of_anyone(&self, id: u64) -> Decision {
        self.ask("clerk", |facts, _| (*facts.decision(DecisionId(id)).unwrap().unwrap()).clone())
    }
}
