//! What holds whatever the policies say: checked on every answer of the domain.

use strongroom::pure::domain::classification::Classification;
use strongroom::pure::domain::organisation::OrganisationKind;
use strongroom::pure::domain::suspension::SuspensionScope;

use crate::judge::Outcome;
use crate::need::Need;
use crate::paper::{Paper, What};
use crate::reader::{BODIES, Credential, Named, Obstacle, Reader};

/// The invariant that a read breaks, if one.
pub fn broken(reader: &Reader, paper: &Paper, need: &Need, outcome: Outcome) -> Option<&'static str> {
    if outcome != Outcome::Reads {
        return None;
    }
    let red = paper.marking.classification() == Some(Classification::Red);
    let confidential = paper.marking.is_confidential();
    let invited = paper.widenings.iter().any(|one| one.what == What::Invited(true) && one.state.holds());
    let named = reader.secretariat && reader.named == Named::Yes;
    let breach = reader.obstacles.iter().any(|obstacle| matches!(obstacle, Obstacle::Breach));
    let conflict =
        |obstacle: &Obstacle| matches!(obstacle, Obstacle::ConflictOnTheDocument | Obstacle::ConflictOnAnOpenDecision);
    let credential = matches!(reader.credential, Credential::InEffect | Credential::ReplacedUntilTheNextInstant);
    let checks = [
        (!credential, "nobody reads without a credential in effect (READ-1)"),
        (red && !BODIES.iter().any(|body| reader.has_signed(body)), "RED without a signed agreement (GOV-1)"),
        (red && !reader.sits_anywhere() && !named && !invited, "RED outside of every governance body (RED-1)"),
        (reader.kind == OrganisationKind::Host, "the operator reads (READ-5)"),
        (reader.auditor && reader.kind == OrganisationKind::Assurance, "the auditor reads content (AUDIT-1)"),
        (!need.suffices(paper.marking, reader.secretariat), "a read without a need that suffices (READ-3)"),
        (paper.withdrawn, "a withdrawn version is read (LODGE-7)"),
        (reader.is_suspended(SuspensionScope::All), "a suspension of everything is no obstacle (EMERGENCY-1)"),
        (reader.is_suspended(SuspensionScope::ReadAll), "a suspension of reading is no obstacle (EMERGENCY-1)"),
        (
            confidential && reader.is_suspended(SuspensionScope::ReadAmberRed),
            "a suspension of AMBER and RED is no obstacle (EMERGENCY-1)",
        ),
        (confidential && breach, "a breach is no obstacle (BREACH-1)"),
        (confidential && reader.obstacles.iter().any(conflict), "a conflict of interest is no obstacle (CONFLICT-1)"),
    ];
    checks.into_iter().find_map(|(broken, sentence)| broken.then_some(sentence))
}
