//! A clock that jumped ahead: remembered across restarts until the operator accepts it, which is an entry.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Running, Settings, StartError};
use crate::pure::domain::command::{Actor, Command, System};
use crate::service::clock::Clock;
use crate::service::request;
use crate::storage::disk::{Disk, RealDisk};

/// Accepts the clock's time after a jump, for `strongroom clock accept`: enters it, and gives the index of the entry.
/// `None` if the clock had not jumped. A crash in between leaves the jump to be accepted again.
pub fn accept_clock(settings: &Settings, clock: Arc<Clock>) -> Result<Option<u64>, StartError> {
    if !is_remembered(&RealDisk::open(&settings.data)?)? {
        return Ok(None);
    }
    let command = Command::AcceptClock { clock: clock.now() };
    let running = Running::start_with(settings, clock, None, |_| Ok(false))?;
    let entered = request(Actor::System(System::Recovery), command, None)
        .and_then(|request| running.repository.registrar.submit_blocking(request));
    running.stop();
    let entry = entered?.entry();
    let disk = RealDisk::open(&settings.data)?;
    disk.remove(JUMP_FILE).and_then(|()| disk.sync_directory("")).map_err(StartError::Jump)?;
    Ok(entry)
}

/// The file whose presence says that the clock jumped ahead and was not accepted.
pub(in crate::service) const JUMP_FILE: &str = "clock-jumped";

/// Whether the clock jumped ahead and was not accepted. That it cannot be told is an error: the jump may be there.
pub(super) fn is_remembered(disk: &dyn Disk) -> Result<bool, StartError> {
    match disk.metadata(JUMP_FILE) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StartError::Jump(error)),
    }
}

/// What the registrar calls when it first sees that the clock jumped ahead.
pub(super) fn remember_jump(disk: Arc<dyn Disk>, clock: Arc<Clock>) -> Box<dyn Fn() + Send> {
    let remembered = AtomicBool::new(false);
    Box::new(move || {
        if remembered.swap(true, Ordering::Relaxed) {
            return;
        }
        tracing::error!(clock = %clock.now(), "the clock jumped ahead: everything is refused until it is accepted");
        if let Err(error) = disk.swap(JUMP_FILE, b"") {
            tracing::error!(%error, "the jump of the clock could not be remembered for the next start");
        }
    })
}
