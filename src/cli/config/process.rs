//! What the server asks of the operating system.

use serde::{Deserialize, Serialize};

/// What the server asks of the operating system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Process {
    /// Whether the kernel restricts the server to what it needs.
    pub sandbox: SandboxMode,
}

/// How a sandbox is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum SandboxMode {
    /// As far as the kernel can; a line of the log says how far.
    #[default]
    BestEffort,
    /// All of it, or the server does not start.
    Require,
    /// Not at all.
    Off,
}
