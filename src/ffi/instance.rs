//! The one recorder of the process, and what `fork` does to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption, Guard};
use once_cell::sync::Lazy;

use super::signals::SignalsBlocked;
use super::status::sr_status;
use crate::cancellation;
use crate::delivery::Transport;
use crate::error::Error;
use crate::log::Log;
use crate::options::Options;
use crate::recorder::SessionReplay;
use crate::session::fast_path::FastPath;
#[cfg(unix)]
use crate::storage::{fork_begins, fork_ends, leave_descriptors_behind, leave_page_behind};

static INSTANCE: ArcSwapOption<SessionReplay> = ArcSwapOption::const_empty();
/// The recorder that is being shut down.
static ENDING: ArcSwapOption<SessionReplay> = ArcSwapOption::const_empty();
static LOG: Lazy<ArcSwap<Log>> = Lazy::new(ArcSwap::default);
static TRANSPORT: Lazy<ArcSwap<Transport>> = Lazy::new(ArcSwap::default);
/// The short cut of `sr_record`.
pub(super) static FAST_PATH: FastPath = FastPath::new();
/// Somebody is in `start`. Not a mutex: a child may be forked while it is held, and has to get out.
static STARTING: AtomicBool = AtomicBool::new(false);
/// We are the child of a process that had a recorder, or was about to, and have none yet.
static FORKED: AtomicBool = AtomicBool::new(false);

/// How many recorders there were: the number of the latest. It outlives the recorder, and goes on in a forked child.
static STARTS: AtomicU64 = AtomicU64::new(0);

/// The number of the latest recorder; 0 when there was none.
pub(super) fn starts() -> u64 {
    STARTS.load(Ordering::Acquire)
}

/// Refuses a child that has no recorder of its own: a lock may be held by a thread that only the parent has.
///
/// Acquire, beside the Release by which `start` takes the mark back: who sees it taken back sees the child's own log,
/// transport and recorder, which were put in place before, and not the parent's. Relaxed would do on x86, where no load
/// passes an earlier one; on ARM the later load of the recorder could be made first.
pub(super) fn not_forked() -> Result<(), Error> {
    if is_forked() { Err(Error::Forked) } else { Ok(()) }
}

/// The recorder, or the reason why there is none.
pub(super) fn running() -> Result<Guard<Option<Arc<SessionReplay>>>, Error> {
    not_forked()?;
    Ok(INSTANCE.load())
}

/// Runs `body` with the recorder.
pub(super) fn with<T>(body: impl FnOnce(&SessionReplay) -> Result<T, Error>) -> Result<T, Error> {
    match running()?.as_deref() {
        Some(replay) if !replay.is_ending() => body(replay),
        _ => Err(Error::ShutDown),
    }
}

/// The same, with a recorder that is ending, too.
pub(super) fn with_ending<T>(body: impl FnOnce(&SessionReplay) -> Result<T, Error>) -> Result<T, Error> {
    running()?.as_deref().map_or(Err(Error::ShutDown), body)
}

/// Starts the recorder.
pub(super) fn start(api_key: &str, options: Options) -> Result<sr_status, Error> {
    // First of all: another thread may fork while this one is in here.
    watch_for_fork();
    if STARTING.swap(true, Ordering::Acquire) {
        return Err(Error::InvalidArgument("sr_init is running in another thread: call it once".to_owned()));
    }
    let _done = Started;
    if is_forked() {
        // Its threads live in the parent, and so do the files it writes.
        std::mem::forget(INSTANCE.swap(None));
        std::mem::forget(ENDING.swap(None));
        LOG.store(Arc::default());
        TRANSPORT.store(Arc::default());
    } else if INSTANCE.load().is_some() {
        return Err(Error::InvalidArgument(
            "sr_init was called before: call sr_shutdown first, or only change the session with sr_set_session_id"
                .to_owned(),
        ));
    }
    stay_silent();
    let replay = {
        let _blocked = SignalsBlocked::here();
        SessionReplay::start_with(api_key, options, log(), transport(), Some(&FAST_PATH))?
    };
    let status = replay.storage_problem().map_or(sr_status::SR_OK, |_| sr_status::SR_NOT_STORED);
    STARTS.fetch_add(1, Ordering::Release);
    INSTANCE.store(Some(Arc::new(replay)));
    FORKED.store(false, Ordering::Release);
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
    if let Some(replay) = running()?.as_deref() {
        replay.refuse_own_thread("sr_shutdown")?;
        // Before sr_init finds the place free: no thread is to go on in this one's lane when there is another.
        replay.end_recording();
    }
    let Some(replay) = INSTANCE.swap(None) else {
        if timeout_ms == 0
            && let Some(ending) = ENDING.load().as_deref()
        {
            ending.stop_waiting();
        }
        return Err(Error::ShutDown);
    };
    ENDING.store(Some(replay.clone()));
    let (result, ended) = replay.shut_down_threads(timeout_ms);
    ENDING.store(None);
    if !ended {
        stay_loaded();
    }
    result
}

/// A thread of ours hangs in the operating system and will return into this library: unloading the library must
/// not take its code away. (Rivals' hosts have crashed that way.)
#[cfg(unix)]
fn stay_loaded() {
    use std::mem::MaybeUninit;

    let mut place = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: the address is one of this library's, and `place` has room for the answer. All-zero is a valid
    // Dl_info, so it may be read whatever the answer is.
    let place = unsafe {
        libc::dladdr(stay_loaded as *const libc::c_void, place.as_mut_ptr());
        place.assume_init()
    };
    if !place.dli_fname.is_null() {
        // SAFETY: dladdr gave a C string that lives as long as this library. Opening a library that is open only
        // counts its use; that use is never given back.
        unsafe { libc::dlopen(place.dli_fname, libc::RTLD_NOW | libc::RTLD_NODELETE) };
    }
}

#[cfg(not(unix))]
fn stay_loaded() {}

/// The log of the process: it is there before the recorder is.
pub(super) fn log() -> Arc<Log> {
    LOG.load_full()
}

/// The transport of the process: it is there before the recorder is.
pub(super) fn transport() -> Arc<Transport> {
    TRANSPORT.load_full()
}

fn is_forked() -> bool {
    FORKED.load(Ordering::Acquire)
}

#[cfg(unix)]
fn watch_for_fork() {
    extern "C" fn in_child() {
        // Closing is a cancellation point, and this is a frame of ours, whatever state the host's thread forks in.
        let _held_off = cancellation::hold_off();
        // Relaxed is enough here: the child has this one thread, and its later threads begin after these stores.
        STARTING.store(false, Ordering::Relaxed);
        FORKED.store(true, Ordering::Relaxed);
        FAST_PATH.revoke();
        leave_page_behind();
        leave_descriptors_behind(|descriptor, device, inode| {
            let mut stat = std::mem::MaybeUninit::<libc::stat>::uninit();
            // SAFETY: `stat` has room for the answer, and is read only where it was given. The descriptor is one of ours
            // unless the host closed it and has the number for itself: then it is open on another file. Nobody closes it
            // again: the recorder that it belongs to is the parent's and is never dropped in this process.
            #[allow(clippy::unnecessary_cast, reason = "these fields differ in type from system to system")]
            unsafe {
                if libc::fstat(descriptor, stat.as_mut_ptr()) == 0 {
                    let stat = stat.assume_init();
                    if (stat.st_dev as u64, stat.st_ino as u64) == (device, inode) {
                        libc::close(descriptor);
                    }
                }
            }
        });
    }
    extern "C" fn before() {
        fork_begins();
    }
    extern "C" fn after() {
        fork_ends();
    }
    static WATCHED: AtomicBool = AtomicBool::new(false);
    if !WATCHED.swap(true, Ordering::Relaxed) {
        // SAFETY: the handler lives as long as this library and does nothing but store to atomics, set the thread's
        // own cancellation state and close files, which is allowed between fork and exec.
        unsafe { libc::pthread_atfork(Some(before), Some(after), Some(in_child)) };
    }
}

#[cfg(not(unix))]
fn watch_for_fork() {}
