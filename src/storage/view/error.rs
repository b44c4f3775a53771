//! What can be wrong with the view: its content, or the ground that it stands on.

use std::io;

use crate::pure::domain::facts::FactsDamaged;

/// The view cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The content is damaged, was sealed under another key, or the engine failed. Rebuilding heals it.
    #[error("the view of the journal is damaged ({what}); set its folder aside and rebuild it from the journal")]
    Damaged {
        /// What was found, without a name, title or key.
        what: String,
    },
    /// The operating system refuses: permissions, space, a file in place of the folder, another process's lock.
    /// Rebuilding does not heal it.
    #[error("the folder of the view cannot be used ({0}); see to its permissions, its space and who else has it open")]
    Unusable(#[from] io::Error),
}

impl ViewError {
    /// Damage, described by `what`.
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}

impl From<ViewError> for FactsDamaged {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::Damaged { what } => Self(what),
            ViewError::Unusable(error) => Self(format!("its folder cannot be used: {}", error.kind())),
        }
    }
}
