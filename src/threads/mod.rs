//! The two threads of this library, between the queue and the server.
//!
//! - this file: their supervision; [`context`]: what both work with
//! - [`worker`]: `sr-worker`, which does what is due: [`recovery`] with its [`recovery_timer`], [`flush_timer`],
//!   [`session_persister`], [`spare_chunk`]
//! - [`sender`]: `sr-sender`, which sends what waits; [`batch`]: from sealed chunks to the body of a request; [`report`]:
//!   what is said of it; [`snapshot_requests`]: when to ask the host for another full snapshot
//! - [`refresh`]: fetches the remote configuration and applies it, on `sr-sender`

mod batch;
mod context;
mod flush_timer;
mod recovery;
mod recovery_timer;
mod refresh;
mod report;
mod sender;
mod session_persister;
mod snapshot_requests;
mod spare_chunk;
mod worker;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, Builder, JoinHandle};
use std::time::{Duration, Instant};

use crate::cancellation;
use crate::error::panic_message;
pub(crate) use context::Context;

/// Runs `body`, and again after each panic for which `recover`, given its message, returns true.
fn supervise(body: impl Fn(), recover: impl Fn(&str) -> bool) {
    while let Err(panic) = catch_unwind(AssertUnwindSafe(&body)) {
        if !recover(panic_message(&*panic)) {
            return;
        }
    }
}

/// The two threads, as long as they run.
pub(crate) struct Threads {
    context: Context,
    running: Vec<RunningThread>,
}

/// A thread, and a channel whose other end it holds until it ends.
struct RunningThread {
    handle: JoinHandle<()>,
    ended: Receiver<()>,
}

/// How long the threads have to end when [`Threads`] is dropped.
const MAX_DROP: Duration = Duration::from_secs(1);

impl Threads {
    /// Starts both.
    pub fn start(context: Context) -> io::Result<Self> {
        let mut threads = Self { context: context.clone(), running: Vec::new() };
        // They are stopped in this order: what the sender logs last, the worker still hands to the callback.
        threads.spawn("sr-sender", sender::run)?;
        threads.spawn("sr-worker", worker::run)?;
        if let Some(worker) = threads.running.last() {
            context.sessions.set_worker(worker.handle.thread().clone());
        }
        Ok(threads)
    }

    fn spawn(&mut self, name: &str, body: fn(&Context)) -> io::Result<()> {
        let (held, ended) = channel();
        let context = self.context.clone();
        let handle = Builder::new().name(name.to_owned()).spawn(move || {
            // A callback might cancel the thread that it runs on.
            cancellation::hold_off_for_good();
            let _held: Sender<()> = held;
            supervise(|| body(&context), |panic| context.recover_from_panic(panic));
        })?;
        self.running.push(RunningThread { handle, ended });
        Ok(())
    }

    /// Whether the calling thread is one of them.
    pub fn is_current_thread(&self) -> bool {
        let current = thread::current().id();
        self.running.iter().any(|running| running.handle.thread().id() == current)
    }

    /// Ends both, at the latest by about `deadline`. A request that is under way is cut off. `false` when one of them did not
    /// end: the operating system keeps it, while it resolves a name or opens a connection, and it ends after that.
    pub fn stop(&mut self, deadline: Instant) -> bool {
        self.context.stop.store(true, Ordering::Release);
        self.context.http.abort();
        self.context.queue.wake();
        let mut all_ended = true;
        for RunningThread { handle, ended } in self.running.drain(..) {
            handle.thread().unpark();
            let left = deadline.saturating_duration_since(Instant::now());
            match ended.recv_timeout(left) {
                Err(RecvTimeoutError::Timeout) => all_ended = false,
                _ => drop(handle.join()),
            }
        }
        all_ended
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.stop(Instant::now() + MAX_DROP);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_thread_runs_again_after_each_panic_until_recover_refuses() {
        let runs = Cell::new(0);
        let body = || {
            runs.set(runs.get() + 1);
            assert!(runs.get() > 2, "run {}", runs.get());
        };
        supervise(body, |panic| panic.starts_with("run"));
        assert_eq!(runs.get(), 3);
        runs.set(0);
        supervise(body, |_| false);
        assert_eq!(runs.get(), 1);
    }
}
