//! `sr-worker` and `sr-sender`, between the queue and the server. (`sr-encoder`, for frames, is in [`crate::pixels`].)
//!
//! - this file: their begin and their end; [`context`]: what both work with
//! - [`worker`]: `sr-worker`, which does what is due: [`recovery`] with its [`recovery_timer`], [`flush_timer`],
//!   [`session_persister`], [`targeting_persister`], [`spare_chunk`], [`snapshot_wants`]: calls the host about full snapshots, by [`snapshot_callback`]
//! - [`sender`]: `sr-sender`, which sends what waits; [`batch`]: from sealed chunks to the body of a request; [`report`]:
//!   what is said of it; [`route_ahead`]: when to look for the proxy; [`snapshot_requests`]: when to ask the host for another full snapshot
//! - [`deletion`]: what waits, deleted on a thread of the host's
//! - [`refresh`]: fetches the remote configuration and applies it, on `sr-sender`

mod batch;
mod context;
mod deletion;
mod flush_timer;
mod recovery;
mod recovery_timer;
mod refresh;
mod report;
mod route_ahead;
mod sender;
mod session_persister;
mod snapshot_callback;
mod snapshot_requests;
mod snapshot_wants;
mod spare_chunk;
mod targeting_persister;
mod worker;

use std::io;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use crate::own_thread::OwnThread;
pub(crate) use context::Context;
pub(crate) use deletion::delete_stored;
pub(crate) use snapshot_callback::SnapshotCallback;
pub use snapshot_callback::SnapshotSink;

/// `sr-worker` and `sr-sender`, as long as they run.
pub(crate) struct Threads {
    context: Context,
    running: Vec<OwnThread>,
}

/// How long the threads have to end when [`Threads`] is dropped.
const MAX_DROP: Duration = Duration::from_secs(1);

impl Threads {
    /// Starts both.
    pub fn start(context: Context) -> io::Result<Self> {
        // Before a thread runs: a life may be too short for `sr-worker` to get there.
        recovery::report(&context, &context.storage.take_evicted_at_start());
        let mut threads = Self { context: context.clone(), running: Vec::new() };
        // They are stopped in this order: what the sender logs last, the worker still hands to the callback.
        threads.spawn("sr-sender", sender::run)?;
        threads.spawn("sr-worker", worker::run)?;
        if let Some(worker) = threads.running.last() {
            context.sessions.set_worker(worker.thread().clone());
        }
        Ok(threads)
    }

    fn spawn(&mut self, name: &str, body: fn(&Context)) -> io::Result<()> {
        let (context, recovering) = (self.context.clone(), self.context.clone());
        let recover = move |panic: &str| recovering.recover_from_panic(panic);
        self.running.push(OwnThread::spawn(name, move || body(&context), recover)?);
        Ok(())
    }

    /// Whether the calling thread is one of them.
    pub fn is_current_thread(&self) -> bool {
        let current = thread::current().id();
        self.running.iter().any(|running| running.thread().id() == current)
    }

    /// Ends both, at the latest by about `deadline`. A request that is under way is cut off. `false` when one of them did not
    /// end: the operating system keeps it, while it resolves a name or opens a connection, and it ends after that.
    pub fn stop(&mut self, deadline: Instant) -> bool {
        self.context.stop.store(true, Ordering::Release);
        self.context.http.abort();
        self.context.queue.wake();
        // Each has to be woken, also when the one before did not end.
        self.running.drain(..).map(|thread| thread.join_until(deadline)).fold(true, |all, ended| all & ended)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.stop(Instant::now() + MAX_DROP);
    }
}
