//! Appeals to the regulator against an instruction to the operator of the PKI (EMERGENCY-1; ToR section 5).

use actix_web::{HttpResponse, web};

use super::super::super::peer::Peer;
use super::super::super::problem::ApiProblem;
use super::super::super::state::State;
use super::super::answering::{act, entered, exempt_asker, look_up, unexpected};
use super::super::asking::{IdempotencyKey, Posted, RecordName};
use super::super::shapes::Shapes;
use crate::pure::domain::appeal::Measure;
use crate::pure::domain::command::Command;
use crate::pure::domain::facts::FactsExt;
use crate::pure::domain::id::DecisionId;
use crate::pure::domain::measures::may_know_of_instruction;
use crate::pure::wire::appeal::{NewAppeal, NewAppealOutcome, Verdict};

/// `POST /decisions/{id}/appeal`.
pub(super) async fn appeal(
    peer: Peer,
    RecordName(id): RecordName<DecisionId>,
    key: IdempotencyKey,
    Posted(new): Posted<NewAppeal>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let command = Command::Appeal { against: Measure::Decision(id), statement: new.statement };
    answered(&state, peer, id, command, key).await
}

/// `POST /decisions/{id}/appeal/outcome`.
pub(super) async fn settle(
    peer: Peer,
    RecordName(id): RecordName<DecisionId>,
    key: IdempotencyKey,
    Posted(new): Posted<NewAppealOutcome>,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiProblem> {
    let (against, upheld) = (Measure::Decision(id), new.outcome == Verdict::Upheld);
    answered(&state, peer, id, Command::SettleAppeal { against, upheld, reason: new.reason }, key).await
}

async fn answered(
    state: &web::Data<State>,
    peer: Peer,
    id: DecisionId,
    command: Command,
    key: IdempotencyKey,
) -> Result<HttpResponse, ApiProblem> {
    let act = act(state, peer, command, key.0).await?;
    let standing = exempt_asker(state, peer)?;
    let appeals = look_up(state, move |facts| match facts.decision(id)? {
        Some(decision) if may_know_of_instruction(facts, &standing, &decision)? => {
            Shapes::new(facts, &standing)?.instruction_appeals(&decision).map(Some)
        }
        _ => Ok(None),
    });
    let absent = || if act.repeated { super::unseen() } else { unexpected() };
    let appeals = appeals.await.and_then(|appeals| appeals.ok_or_else(absent));
    Ok(entered(act.entry, &act.named(appeals)?))
}
