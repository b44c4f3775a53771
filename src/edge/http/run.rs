//! A server's life: it starts its listeners, serves, drains and ends.
//!
//! A stop goes so: new requests are refused with 503 while what is under way is finished, on connections that are open
//! and on new ones; once nothing is under way, or the time is up, the listeners close; then the repository stops.

use std::time::Duration;

use actix_web::{rt, web};
use futures_util::future;
use jiff::SignedDuration;
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::MissedTickBehavior;

use super::listeners::{self, Common, Serves};
use super::server::{ServeError, ServerHandle, Settings, Sockets, Stop};
use super::state::State;
use super::work::Work;

/// Serves until the server is stopped and everything under way has ended, or was given up.
pub(super) async fn serve(
    settings: Settings,
    sockets: Sockets,
    state: web::Data<State>,
    handle: ServerHandle,
    serves: Serves,
) -> Result<(), ServeError> {
    let mut stop = handle.stops();
    if handle.heeds_signals() {
        heed_signals(&handle).map_err(ServeError::Listener)?;
    }
    let servers = start(&settings, sockets, &state, serves).map_err(ServeError::Listener)?;
    let handles: Vec<_> = servers.iter().map(actix_web::dev::Server::handle).collect();
    let mut ended = rt::spawn(future::try_join_all(servers));
    if let Some(interval) = settings.heartbeat {
        rt::spawn(beat(state.clone(), interval));
    }
    rt::spawn(tidy(state.clone()));
    rt::spawn(sweep(state.clone()));
    tokio::select! {
        failed = &mut ended => {
            let error = failed.map_err(std::io::Error::other).and_then(|ended| ended).err();
            return Err(ServeError::Listener(error.unwrap_or_else(|| std::io::Error::other("it ended by itself"))));
        }
        _ = stop.wait_for(|stop| *stop >= Stop::Drain) => {}
    }
    tracing::info!(
        under_way = state.work.count(),
        "shutting down: what is under way is finished, nothing new is taken"
    );
    let gracefully = tokio::select! {
        finished = drained(&state.work, settings.shutdown) => finished,
        _ = stop.wait_for(|stop| *stop == Stop::AtOnce) => false,
    };
    if !gracefully {
        tracing::warn!(under_way = state.work.count(), "shutting down: what is still under way is cut off");
    }
    future::join_all(handles.iter().map(|handle| handle.stop(gracefully))).await;
    // Whether a listener ended well makes no difference any more.
    let _ = ended.await;
    Ok(())
}

/// Waits until nothing is under way, for at most `patience`, but long enough for clients to hear that the server stops.
async fn drained(work: &Work, patience: Duration) -> bool {
    let notice = NOTICE.min(patience);
    tokio::time::sleep(notice).await;
    work.finished(patience.saturating_sub(notice)).await
}

fn start(
    settings: &Settings,
    sockets: Sockets,
    state: &web::Data<State>,
    serves: Serves,
) -> std::io::Result<Vec<actix_web::dev::Server>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = settings.workers.unwrap_or(cores).clamp(1, MAX_WORKERS);
    let share = if sockets.public.is_some() { settings.max_connections / PUBLIC_SHARE } else { 0 };
    let main_share = settings.max_connections.saturating_sub(share + OPERATIONS_CONNECTIONS).max(1);
    let common = |workers: usize, max_connections: usize| Common {
        state: state.clone(),
        workers,
        max_connections: max_connections.max(1),
    };
    let (bound, tls) = sockets.mutual_tls;
    let mut servers = vec![listeners::mutual_tls(common(workers, main_share), bound, tls, serves)?];
    if let Some((bound, tls)) = sockets.public {
        servers.push(listeners::public(common(workers, share), bound, tls)?);
    }
    servers.push(listeners::operations(common(1, OPERATIONS_CONNECTIONS), sockets.operations)?);
    Ok(servers)
}

/// From now on signals act on the server. A second SIGTERM or SIGINT gives up what is under way.
fn heed_signals(handle: &ServerHandle) -> std::io::Result<()> {
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let (mut signals, handle) = (signal(kind)?, handle.clone());
        rt::spawn(async move {
            while signals.recv().await.is_some() {
                handle.stop();
            }
        });
    }
    let (mut signals, handle) = (signal(SignalKind::hangup())?, handle.clone());
    rt::spawn(async move {
        while signals.recv().await.is_some() {
            handle.hang_up();
        }
    });
    // A file that grows beyond the process's limit is a failed write, like one on a full disk: left to itself, the signal
    // that comes with it ends the process. That it is caught, and stays so, is all that is needed.
    drop(signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))?);
    Ok(())
}

/// Makes a heartbeat entry at every interval, which shows that nothing was cut off the log's end.
async fn beat(state: web::Data<State>, interval: Duration) {
    let interval = interval.max(SHORTEST_HEARTBEAT);
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + interval, interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = state.repository.beat().await {
            tracing::warn!(%error, "no heartbeat was entered; the next one is tried");
        }
    }
}

/// Forgets now and then what need not be remembered.
async fn tidy(state: web::Data<State>) {
    let mut ticks = tokio::time::interval(TIDY_INTERVAL);
    loop {
        ticks.tick().await;
        state.tidy();
    }
}

/// Removes, at the start and then now and then, what broken uploads left behind.
async fn sweep(state: web::Data<State>) {
    let mut ticks = tokio::time::interval(SWEEP_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match state.repository.sweep(ORPHAN_AGE).await {
            Ok(report) if report.blobs + report.keys + report.unfinished == 0 => {}
            Ok(report) => tracing::info!(?report, "blobs that no entry names were removed"),
            Err(error) => tracing::warn!(%error, "no blobs were swept; the next sweep tries again"),
        }
    }
}

const SWEEP_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How old a blob without an entry must be to be an orphan. An upload's blob appears when its last byte is durable, and its
/// entry follows within the time that a request waits for the registrar.
const ORPHAN_AGE: SignedDuration = SignedDuration::from_hours(1);

/// For how long clients hear that the server stops, if nothing is under way.
const NOTICE: Duration = Duration::from_millis(300);

/// The most threads that actix takes.
const MAX_WORKERS: usize = 512;

/// One part in so many of the connections is the public listener's.
const PUBLIC_SHARE: usize = 4;

/// The connections of the operations listener.
const OPERATIONS_CONNECTIONS: usize = 16;

const SHORTEST_HEARTBEAT: Duration = Duration::from_millis(100);

const TIDY_INTERVAL: Duration = Duration::from_secs(60);
