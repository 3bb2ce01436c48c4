//! How a host that records nothing now learns that a full snapshot is wanted.

use std::ffi::c_void;
use std::sync::Arc;

use super::boundary::guard;
use super::fork;
use super::instance;
use super::status::sr_status;
use super::user_data::UserData;
use crate::threads::SnapshotSink;

/// Called when a full snapshot is wanted. view: the view whose page has to take it; 0: the page that is the whole replay. Runs
/// on the thread sr-worker. It has to return: an exception that leaves it ends the process; longjmp out of it and pthread_exit in
/// it are undefined.
#[allow(non_camel_case_types)]
pub type sr_snapshot_callback = Option<unsafe extern "C" fn(user_data: *mut c_void, view: u64)>;

/// Sets the callback that is called when a full snapshot is wanted; NULL removes it. For a window in which nothing moves: it
/// records nothing, so that no call returns SR_NEEDS_FULL_SNAPSHOT, and its new session would stay empty. May be called before
/// sr_init; in a forked process, only after sr_init.
///
/// It is called once for each want: another session began, recording began late or was resumed, a chunk was lost, the server
/// rejected something that the rest builds on. Not at once, but when the want has lasted for 250 ms: a host that is told by the
/// status of a call has met it by then. What is wanted already when this is called counts, too. Not again for the same want,
/// however much is lost meanwhile: sr_wants_full_snapshot tells whether it is met.
/// In a program with views the library takes the full snapshot of the scene itself; only pages (sr_view_record) are asked for
/// theirs, each by its view, once in each part of the recording.
/// The callback runs on the thread sr-worker, one call at a time, never on a thread of the host, and should return soon:
/// have the page take its full snapshot from there on, or on its own thread. It may call any sr_ function but sr_shutdown, and
/// sr_flush only with 0. sr_shutdown does not wait for it; after another sr_init it is not called before
/// it has returned. When this returns, the previous callback is not called any more, and is not running. Inside a callback of the
/// library's (as listed at sr_set_filter) this does not wait: a call of the previous one may then still be running.
/// Returns SR_OK, or SR_ERROR_FORKED. Threads: any. Blocks: while the previous callback is running; inside a callback, never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_set_snapshot_callback(
    callback: sr_snapshot_callback,
    user_data: *mut c_void,
) -> sr_status {
    guard(|| {
        fork::refuse_fork()?;
        let user_data = UserData(user_data);
        let sink = callback.map(|callback| -> SnapshotSink {
            Arc::new(move |view| {
                let user_data = &user_data;
                // SAFETY: the host gave this function and pointer for this use, and has not taken them back: who replaces
                // the callback waits for a running call. That it returns, and is not left by an exception or longjmp, is
                // the host's promise (the header); an exception gets no further than here, where "C" ends the process.
                // The thread is ours and can't be cancelled.
                unsafe { callback(user_data.0, view) };
            })
        });
        instance::hooks().snapshot_callback.set(sink);
        if let Some(replay) = instance::running()?.as_deref() {
            // It may be wanted already, and nobody would wake the thread that tells.
            replay.wake_worker();
        }
        Ok(sr_status::SR_OK)
    })
}

/// Whether a full snapshot is wanted now, for hosts that can't be called back: ask a few times a second, or in each frame.
///
/// view: whether the page in this view has to take one; 0: whether any page has to. False while nothing is captured, before
/// sr_init and after sr_shutdown. In a program with views but no page it is always false.
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_wants_full_snapshot(view: u64) -> bool {
    guard(|| instance::with(|replay| Ok(replay.wants_snapshot(view))))
}
