//! The three kinds of measure, as far as they differ over HTTP.

use std::fmt::Display;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::super::problem::ApiProblem;
use super::super::asking::handle;
use super::super::shapes::Shapes;
use crate::pure::domain::appeal::Measure;
use crate::pure::domain::command::Command;
use crate::pure::domain::conflict::ConflictSubject;
use crate::pure::domain::event::Suspended;
use crate::pure::domain::facts::{Facts, FactsDamaged};
use crate::pure::domain::id::{BreachId, ConflictId, DecisionId, SuspensionId};
use crate::pure::domain::measures::{self, Overseeing};
use crate::pure::domain::standing::Standing;
use crate::pure::domain::suspension::SuspensionScope;
use crate::pure::wire::breach::{Breach, NewBreach};
use crate::pure::wire::conflict::{Conflict, NewConflict};
use crate::pure::wire::suspension::{NewSuspension, Scope, Suspension};

/// A kind of measure.
pub(super) trait Kind: 'static {
    /// The body of the `POST` that takes one.
    type New: DeserializeOwned + 'static;
    /// Its id.
    type Id: FromStr<Err: Display> + Display + Copy + Send + 'static;
    /// What is shown of one.
    type Shape: Serialize + Send + 'static;

    /// The name of the collection.
    const COLLECTION: &'static str;

    /// The command that takes one.
    fn command(new: Self::New) -> Result<Command, ApiProblem>;
    /// The id of the one that the entry of that index made.
    fn id(entry: u64) -> Self::Id;
    /// What an appeal or a lift names.
    fn measure(id: Self::Id) -> Measure;
    /// The index of the entry that made it.
    fn entry(shape: &Self::Shape) -> u64;
    /// The one of that id, if the asker may know of it.
    fn one(facts: &dyn Facts, standing: &Standing, id: Self::Id) -> Result<Option<Self::Shape>, FactsDamaged>;
    /// Those that the asker may know of.
    fn page(
        facts: &dyn Facts,
        standing: &Standing,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Self::Shape>, FactsDamaged>;
}

/// Conflicts of interest.
pub(super) enum Conflicts {}

impl Kind for Conflicts {
    type New = NewConflict;
    type Id = ConflictId;
    type Shape = Conflict;

    const COLLECTION: &'static str = "conflicts";

    fn command(new: NewConflict) -> Result<Command, ApiProblem> {
        let about = match (new.decision, new.document) {
            (Some(decision), None) => {
                let decision = DecisionId::parse(&decision);
                ConflictSubject::Decision(
                    decision.map_err(|error| ApiProblem::malformed(format!("decision: {error}.")))?,
                )
            }
            (None, Some(document)) => ConflictSubject::Document(handle(&document)?),
            _ => return Err(ApiProblem::malformed("Name what the conflict is about: one of decision and document.")),
        };
        Ok(Command::DeclareConflict { about, statement: new.statement })
    }

    fn id(entry: u64) -> ConflictId {
        ConflictId(entry)
    }

    fn measure(id: ConflictId) -> Measure {
        Measure::Conflict(id)
    }

    fn entry(shape: &Conflict) -> u64 {
        shape.entry
    }

    fn one(facts: &dyn Facts, standing: &Standing, id: ConflictId) -> Result<Option<Conflict>, FactsDamaged> {
        let Some(held) = measures::conflict(facts, id)? else { return Ok(None) };
        let known = Overseeing::of(facts, standing)?.knows_conflict(&held)?;
        known.then(|| Shapes::new(facts, standing)?.conflict(&held)).transpose()
    }

    fn page(
        facts: &dyn Facts,
        standing: &Standing,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Conflict>, FactsDamaged> {
        let shapes = Shapes::new(facts, standing)?;
        measures::conflicts(facts, standing, after, limit)?.items.iter().map(|held| shapes.conflict(held)).collect()
    }
}

/// Breaches.
pub(super) enum Breaches {}

impl Kind for Breaches {
    type New = NewBreach;
    type Id = BreachId;
    type Shape = Breach;

    const COLLECTION: &'static str = "breaches";

    fn command(new: NewBreach) -> Result<Command, ApiProblem> {
        Ok(Command::RecordBreach { person: handle(&new.person)?, statement: new.statement })
    }

    fn id(entry: u64) -> BreachId {
        BreachId(entry)
    }

    fn measure(id: BreachId) -> Measure {
        Measure::Breach(id)
    }

    fn entry(shape: &Breach) -> u64 {
        shape.entry
    }

    fn one(facts: &dyn Facts, standing: &Standing, id: BreachId) -> Result<Option<Breach>, FactsDamaged> {
        let overseeing = Overseeing::of(facts, standing)?;
        let held = measures::breach(facts, id)?.filter(|held| overseeing.knows_breach(held));
        held.map(|held| Shapes::new(facts, standing)?.breach(&held)).transpose()
    }

    fn page(
        facts: &dyn Facts,
        standing: &Standing,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Breach>, FactsDamaged> {
        let shapes = Shapes::new(facts, standing)?;
        measures::breaches(facts, standing, after, limit)?.items.iter().map(|held| shapes.breach(held)).collect()
    }
}

/// Suspensions.
pub(super) enum Suspensions {}

impl Kind for Suspensions {
    type New = NewSuspension;
    type Id = SuspensionId;
    type Shape = Suspension;

    const COLLECTION: &'static str = "suspensions";

    fn command(new: NewSuspension) -> Result<Command, ApiProblem> {
        let whom = match (new.person, new.organisation, new.service) {
            (Some(person), None, None) => Suspended::Person(handle(&person)?),
            (None, Some(organisation), None) => Suspended::Organisation(handle(&organisation)?),
            (None, None, Some(true)) => Suspended::Service,
            _ => {
                let detail = "Name whom the suspension concerns: one of person, organisation and \"service\": true.";
                return Err(ApiProblem::malformed(detail));
            }
        };
        let scope = match new.scope {
            Scope::Lodge => SuspensionScope::Lodge,
            Scope::ReadAmberRed => SuspensionScope::ReadAmberRed,
            Scope::ReadAll => SuspensionScope::ReadAll,
            Scope::All => SuspensionScope::All,
        };
        Ok(Command::ImposeSuspension { whom, scope, grounds: new.grounds })
    }

    fn id(entry: u64) -> SuspensionId {
        SuspensionId(entry)
    }

    fn measure(id: SuspensionId) -> Measure {
        Measure::Suspension(id)
    }

    fn entry(shape: &Suspension) -> u64 {
        shape.entry
    }

    fn one(facts: &dyn Facts, standing: &Standing, id: SuspensionId) -> Result<Option<Suspension>, FactsDamaged> {
        let overseeing = Overseeing::of(facts, standing)?;
        let held = measures::suspension(facts, id)?.filter(|held| overseeing.knows_suspension(held));
        held.map(|held| Shapes::new(facts, standing)?.suspension(&held)).transpose()
    }

    fn page(
        facts: &dyn Facts,
        standing: &Standing,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Suspension>, FactsDamaged> {
        let shapes = Shapes::new(facts, standing)?;
        measures::suspensions(facts, standing, after, limit)?.items.iter().map(|held| shapes.suspension(held)).collect()
    }
}
