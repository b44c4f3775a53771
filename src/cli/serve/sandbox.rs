//! The sandbox of a server: what it may still touch once it knows what it needs (Landlock, landlock(7)).
//!
//! A fault that lets a client run code of its own in the server then gets what the server gets: the data directory, and
//! not the rest of the machine, whatever the modes of its files say. The restriction holds for the thread that enters and
//! for all that it starts from then on, so it is entered before the first thread is; nothing takes it off again.
//!
//! Not here: which paths a server needs ([`super::confinement`]).

use std::path::PathBuf;

use crate::cli::config::SandboxMode;

/// What a server may touch; nothing else, and no program at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sandbox {
    /// Files, and folders with what is beneath them, to be read. What is not there is left out.
    pub reads: Vec<PathBuf>,
    /// Folders beneath which files are read, made, changed and removed.
    pub writes: Vec<PathBuf>,
    /// TCP ports to listen on; 0 is any that the system chooses.
    pub binds: Vec<u16>,
    /// TCP ports to connect to, of any machine.
    pub connects: Vec<u16>,
}

/// The sandbox is required, and cannot be had.
#[derive(Debug, thiserror::Error)]
#[error(
    "The sandbox is required, and {0}. Use a kernel with Landlock (all of it: 6.12 or later, with landlock in the list of \
     /sys/kernel/security/lsm), or do with what there is: sandbox = \"best_effort\"."
)]
pub struct NoSandbox(String);

/// How much of it the kernel enforces.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Enforced {
    Whole,
    Partly,
    Nothing(String),
}

impl Sandbox {
    /// Enters it, with this thread and all that it will start, for good. In every mode no program that is started later
    /// can gain rights by a set-user-id bit.
    pub fn enter(&self, mode: SandboxMode) -> Result<(), NoSandbox> {
        let without_new_privileges = give_up_new_privileges();
        if mode == SandboxMode::Off {
            tracing::warn!("sandbox: off, as configured: a fault in this process reaches what its user reaches");
            return Ok(());
        }
        let enforced = without_new_privileges.map_or_else(Enforced::Nothing, |()| self.enforce());
        let trouble = match &enforced {
            Enforced::Whole => {
                tracing::info!("sandbox: entered; {self}");
                return Ok(());
            }
            Enforced::Partly => "this kernel enforces a part of it only".to_owned(),
            Enforced::Nothing(why) => why.clone(),
        };
        if mode == SandboxMode::Require {
            return Err(NoSandbox(trouble));
        }
        tracing::warn!("sandbox: {trouble}; wanted: {self}");
        Ok(())
    }

    #[cfg(target_os = "linux")]
    fn enforce(&self) -> Enforced {
        use landlock::RulesetStatus;
        match self.restrict() {
            Ok(RulesetStatus::FullyEnforced) => Enforced::Whole,
            Ok(RulesetStatus::PartiallyEnforced) => Enforced::Partly,
            Ok(RulesetStatus::NotEnforced) => Enforced::Nothing("this kernel has no Landlock".to_owned()),
            Err(error) => Enforced::Nothing(format!("Landlock does not take it: {error}")),
        }
    }

    #[cfg(target_os = "linux")]
    fn restrict(&self) -> Result<landlock::RulesetStatus, landlock::RulesetError> {
        use landlock::{
            ABI, Access, AccessFs, AccessNet, BitFlags, NetPort, Ruleset, RulesetAttr, RulesetCreatedAttr, Scope,
            path_beneath_rules,
        };
        // Of Linux 6.12. A right that is handled and given nowhere is denied everywhere: to execute, for one.
        let abi = ABI::V6;
        let read: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::ReadDir;
        let write = read
            | AccessFs::WriteFile
            | AccessFs::Truncate
            | AccessFs::MakeReg
            | AccessFs::MakeDir
            | AccessFs::RemoveFile
            | AccessFs::RemoveDir
            | AccessFs::Refer;
        let ports = |ports: &[u16], access: AccessNet| {
            ports.iter().map(|port| Ok(NetPort::new(*port, access))).collect::<Vec<Result<_, landlock::RulesetError>>>()
        };
        let status = Ruleset::default()
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::BindTcp | AccessNet::ConnectTcp)?
            .scope(Scope::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(&self.reads, read))?
            .add_rules(path_beneath_rules(&self.writes, write))?
            .add_rules(ports(&self.binds, AccessNet::BindTcp))?
            .add_rules(ports(&self.connects, AccessNet::ConnectTcp))?
            .restrict_self()?;
        Ok(status.ruleset)
    }

    #[cfg(not(target_os = "linux"))]
    fn enforce(&self) -> Enforced {
        Enforced::Nothing("this system is not Linux".to_owned())
    }
}

#[cfg(target_os = "linux")]
fn give_up_new_privileges() -> Result<(), String> {
    rustix::thread::set_no_new_privs(true).map_err(|error| format!("the system keeps new privileges: {error}"))
}

#[cfg(not(target_os = "linux"))]
fn give_up_new_privileges() -> Result<(), String> {
    Ok(())
}

impl std::fmt::Display for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let paths = |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
        let ports = |ports: &[u16]| if ports.is_empty() { "none".to_owned() } else { format!("{ports:?}") };
        write!(
            f,
            "writes beneath {}; reads {}; listens on {}; connects to {}; starts no program",
            paths(&self.writes).join(", "),
            paths(&self.reads).join(", "),
            ports(&self.binds),
            ports(&self.connects),
        )
    }
}

#[cfg(test)]
#[path = "sandbox_tests.rs"]
mod tests;
