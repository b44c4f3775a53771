//! Refusals that several decisions share, each worded once.

use super::refusal::{Refusal, RefusalCode};
use super::rule::Rule;

/// READ-1: the credential was withdrawn.
pub fn credential_withdrawn() -> Refusal {
    Refusal {
        code: RefusalCode::CredentialRevoked,
        rule: Rule::Read1,
        detail: "The credential was revoked, or another one has taken its place.".into(),
        satisfy: "Use the certificate that is bound to you now, or have the Secretariat bind a new one.".into(),
    }
}

/// EMERGENCY-1: a suspension stops `what`.
pub fn suspended(what: &str) -> Refusal {
    Refusal {
        code: RefusalCode::Suspended,
        rule: Rule::Emergency1,
        detail: format!("A suspension stops {what}."),
        satisfy: "Appeal against the suspension (GET /v1/me says where), or wait until it is lifted.".into(),
    }
}

/// BREACH-1: a recorded breach closes RED and AMBER.
pub fn breach() -> Refusal {
    Refusal {
        code: RefusalCode::Suspended,
        rule: Rule::Breach1,
        detail: "A recorded breach of an information-sharing rule closes RED and AMBER to you.".into(),
        satisfy: "Ask the Chair about the breach that was recorded, or appeal against it (GET /v1/me says where)."
            .into(),
    }
}

/// GOV-1: the seat is in force but the agreement unsigned.
pub fn agreement_required(audience: Rule) -> Refusal {
    Refusal {
        code: RefusalCode::AgreementRequired,
        rule: audience,
        detail: "Your seat is in force, but you have not signed the Confidentiality and Disclosure Agreement over the \
                 present text of the Terms of Reference."
            .into(),
        satisfy: "Sign the agreement.".into(),
    }
}

/// CONFLICT-1: a declared conflict closes the papers.
pub fn conflict_of_interest() -> Refusal {
    Refusal {
        code: RefusalCode::ConflictOfInterest,
        rule: Rule::Conflict1,
        detail: "You declared a conflict of interest, which closes the RED and AMBER papers of the matter to you."
            .into(),
        satisfy: "Wait until the decision is recorded, or ask the Chair to lift the conflict with a reason.".into(),
    }
}

/// LODGE-7: the version was withdrawn.
pub fn withdrawn() -> Refusal {
    Refusal {
        code: RefusalCode::NotPermitted,
        rule: Rule::Lodge7,
        detail: "The version was withdrawn: its content is hidden, its metadata and digest stay.".into(),
        satisfy: "Read the version's metadata for the reason, and ask for the version in force.".into(),
    }
}

/// READ-3: no need that holds.
pub fn need_required(detail: &str) -> Refusal {
    Refusal {
        code: RefusalCode::NeedRequired,
        rule: Rule::Read3,
        detail: detail.into(),
        satisfy:
            "Record a need for this document (POST /v1/needs) and name it in the Reasonable-Need header, or state \
                  purpose and statement there."
                .into(),
    }
}

/// An act that is not for this person, on a thing that the person may see.
pub fn not_permitted(rule: Rule, detail: &str, satisfy: &str) -> Refusal {
    Refusal { code: RefusalCode::NotPermitted, rule, detail: detail.into(), satisfy: satisfy.into() }
}

/// Well-formed words that cannot hold.
pub fn invalid(rule: Rule, detail: impl Into<String>, satisfy: impl Into<String>) -> Refusal {
    Refusal { code: RefusalCode::Invalid, rule, detail: detail.into(), satisfy: satisfy.into() }
}

/// Another thing stands in the way.
pub fn conflict(rule: Rule, detail: &str, satisfy: &str) -> Refusal {
    Refusal { code: RefusalCode::Conflict, rule, detail: detail.into(), satisfy: satisfy.into() }
}
