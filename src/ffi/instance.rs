//! The one recorder of the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::{ArcSwapOption, Guard};

use super::fork;
use super::process_wide::ProcessWide;
use super::status::sr_status;
use super::unload;
use crate::delivery::Transport;
use crate::error::Error;
use crate::filter::{self, FilterFn};
use crate::log::Log;
use crate::options::Options;
use crate::recorder::{Hooks, SessionReplay};
use crate::session::fast_path::FastPath;
use crate::signals::SignalsBlocked;

static INSTANCE: ArcSwapOption<SessionReplay> = ArcSwapOption::const_empty();
/// The recorder that is being shut down.
static ENDING: ArcSwapOption<SessionReplay> = ArcSwapOption::const_empty();
static LOG: ProcessWide<Log> = ProcessWide::new();
static TRANSPORT: ProcessWide<Transport> = ProcessWide::new();
static HOOKS: ProcessWide<Hooks> = ProcessWide::new();
/// The fast path of `sr_record`.
pub(super) static FAST_PATH: FastPath = FastPath::new();
/// Somebody is in `start`. Not a mutex: a child may be forked while it is held, and has to get out.
static STARTING: AtomicBool = AtomicBool::new(false);

/// How many recorders there were: the number of the latest. It outlives the recorder, and goes on in a forked child.
static STARTS: AtomicU64 = AtomicU64::new(0);

/// How many of them were taken away again.
static ENDS: AtomicU64 = AtomicU64::new(0);

/// The number of the latest recorder; 0 when there was none.
pub(super) fn starts() -> u64 {
    STARTS.load(Ordering::Acquire)
}

/// The recorder, or the reason why there is none.
pub(super) fn running() -> Result<Guard<Option<Arc<SessionReplay>>>, Error> {
    fork::refuse_fork()?;
    Ok(INSTANCE.load())
}

/// Why every call is refused now, where that can be told without looking for the recorder. Each recorder is counted once as it comes
/// and once when it is gone: where as many have gone as have come, there was none at a moment between both loads.
#[inline]
pub(super) fn refusal() -> Option<&'static Error> {
    static FORKED: Error = Error::Forked;
    static SHUT_DOWN: Error = Error::ShutDown;
    if fork::is_forked() {
        return Some(&FORKED);
    }
    let starts = STARTS.load(Ordering::Acquire);
    (starts == ENDS.load(Ordering::Acquire)).then_some(&SHUT_DOWN)
}

/// Takes the recorder away, so that no call finds it any more.
fn take_away() -> Option<Arc<SessionReplay>> {
    let taken = INSTANCE.swap(None);
    if taken.is_some() {
        ENDS.fetch_add(1, Ordering::Release);
    }
    taken
}

/// Runs `body` with the recorder.
pub(super) fn with<T>(body: impl FnOnce(&SessionReplay) -> Result<T, Error>) -> Result<T, Error> {
    match running()?.as_deref() {
        Some(replay) if !replay.is_ending() => body(replay),
        Some(_) => Err(Error::ShuttingDown),
        None => Err(Error::ShutDown),
    }
}

/// The same, with a recorder that is ending, too.
pub(super) fn with_ending<T>(body: impl FnOnce(&SessionReplay) -> Result<T, Error>) -> Result<T, Error> {
    running()?.as_deref().map_or(Err(Error::ShutDown), body)
}

/// What a forked child runs: nobody is left to finish a start, and the parent's chunks are not its own.
fn reset_in_child() {
    STARTING.store(false, Ordering::Relaxed);
    FAST_PATH.revoke();
}

/// Starts the recorder.
pub(super) fn start(api_key: &str, options: Options) -> Result<sr_status, Error> {
    // First of all: another thread may fork while this one is in here.
    fork::watch(&(reset_in_child as fn()));
    if STARTING.swap(true, Ordering::Acquire) {
        return Err(Error::InvalidArgument("sr_init is running in another thread: call it once".to_owned()));
    }
    let _done = Started;
    if fork::is_forked() {
        // Its threads live in the parent, and so do the files it writes.
        std::mem::forget(take_away());
        std::mem::forget(ENDING.swap(None));
        LOG.replace_in_child(Arc::default());
        TRANSPORT.replace_in_child(Arc::default());
        HOOKS.replace_in_child(Arc::new(HOOKS.load().in_child()));
    } else if let Some(replay) = INSTANCE.load().as_deref() {
        let message = match replay.is_ending() {
            true => "session replay is shutting down: call sr_shutdown first",
            false => {
                "sr_init was called before: call sr_shutdown first, or only change the session with sr_set_session_id"
            }
        };
        return Err(Error::InvalidArgument(message.to_owned()));
    }
    stay_silent();
    let replay = {
        let _blocked = SignalsBlocked::here();
        SessionReplay::start_with(
            api_key,
            options,
            log(),
            transport(),
            Hooks::clone(&hooks()),
            Some(&FAST_PATH),
        )?
    };
    let status = replay.storage_problem().map_or(sr_status::SR_OK, |_| sr_status::SR_NOT_STORED);
    STARTS.fetch_add(1, Ordering::Release);
    unload::hold();
    INSTANCE.store(Some(Arc::new(replay)));
    fork::has_own_recorder();
    Ok(status)
}

/// A panic is caught, counted and told the host through its own calls; standard error is not ours to write to. The
/// hook is that of the copy of Rust's standard library inside this shared library, never a Rust host's.
fn stay_silent() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| {})));
}

struct Started;

impl Drop for Started {
    fn drop(&mut self) {
        STARTING.store(false, Ordering::Release);
    }
}

/// Takes the recorder away, so that no call finds it any more, and ends it. No time at all makes a call that is
/// waiting in here wait no longer.
pub(super) fn shut_down(timeout_ms: u32) -> Result<(), Error> {
    filter::refuse_inside("sr_shutdown")?;
    let mut spent = Duration::ZERO;
    if let Some(replay) = running()?.as_deref() {
        replay.refuse_own_thread("sr_shutdown")?;
        let begin = Instant::now();
        if !replay.end_frames(begin + Duration::from_millis(timeout_ms.into())) {
            // At once: another thread may have shut down meanwhile, and then this one has nothing more to do.
            unload::stay_loaded();
        }
        spent = begin.elapsed();
        // Before sr_init finds the place free: no thread is to go on recording here by the fast path when there is another.
        replay.end_recording();
    }
    let Some(replay) = take_away() else {
        if let Some(ending) = ENDING.load().as_deref() {
            // A callback must not end the wait of the host's: what is left would not be sent.
            ending.refuse_own_thread("sr_shutdown")?;
            if timeout_ms == 0 {
                ending.stop_waiting();
            }
        }
        return Err(Error::ShutDown);
    };
    ENDING.store(Some(replay.clone()));
    let (result, ended) = replay.shut_down_threads(timeout_ms, spent);
    ENDING.store(None);
    if !ended {
        unload::stay_loaded();
    }
    drop(replay);
    unload::let_go();
    result
}

/// The log of the process: it is there before the recorder is.
pub(super) fn log() -> Arc<Log> {
    LOG.load_full()
}

/// The transport of the process: it is there before the recorder is.
pub(super) fn transport() -> Arc<Transport> {
    TRANSPORT.load_full()
}

/// Sets the filter of a forked child that has no recorder yet. A lock of the parent's may be held by a thread that only the
/// parent has, so that this one is a new one.
pub(super) fn set_filter_in_child(filter: Option<FilterFn>) {
    let hooks = Hooks::default();
    hooks.filter.set(filter);
    HOOKS.replace_in_child(Arc::new(hooks));
}

/// The host's own functions: they are there before the recorder is.
pub(super) fn hooks() -> Arc<Hooks> {
    HOOKS.load_full()
}
