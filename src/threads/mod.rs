//! The two threads of this library, between the storage and the server.
//!
//! - [`worker`]: `sr-worker` seals on time, keeps a chunk ready, keeps the session for the next run
//! - [`sender`]: `sr-sender` builds batches and sends them
//! - [`remote`]: asks for the remote configuration and applies it
//! - [`batch`]: from sealed chunks to a request's body
//! - [`snapshot_requests`]: when to ask for another full snapshot

mod batch;
mod remote;
mod sender;
mod snapshot_requests;
mod worker;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, Builder, JoinHandle};
use std::time::{Duration, Instant};

use crate::cancellation;
use crate::delivery::Http;
use crate::error::panic_message;
use crate::log::Log;
use crate::model::ids::ApiKey;
use crate::model::privacy::PrivacyConfig;
use crate::options::{LogLevel, Options};
use crate::queue::Queue;
use crate::session::Sessions;
use crate::stats::Stats;
use crate::storage::Storage;
use crate::sync::Mutex;

/// What both threads work with.
#[derive(Clone)]
pub(crate) struct Context {
    pub api_key: ApiKey,
    pub options: Arc<Options>,
    pub storage: Arc<Storage>,
    pub queue: Arc<Queue>,
    pub sessions: Arc<Sessions>,
    /// The options' wishes, joined with the server's once they are known.
    pub privacy: Arc<Mutex<PrivacyConfig>>,
    pub stats: Arc<Stats>,
    pub log: Arc<Log>,
    pub http: Arc<Http>,
    pub stop: Arc<AtomicBool>,
}

impl Context {
    fn stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    /// Tells what went wrong, in the statistics and in the log.
    fn fail(&self, level: LogLevel, message: String) {
        self.stats.set_last_error(&message);
        self.log.write(level, || message);
    }
}

impl Context {
    /// Brings things in order after a thread failed inside. Whether the thread is to begin again.
    fn recover_from_panic(&self, panic: &str) -> bool {
        let message = format!("session-replay failed inside ({panic}): please report this; it goes on");
        self.fail(LogLevel::Error, message);
        self.queue.release_leases();
        thread::park_timeout(AFTER_A_PANIC);
        !self.stopping()
    }
}

/// A fault of ours that comes again at once must not keep a processor busy.
const AFTER_A_PANIC: Duration = Duration::from_secs(1);

/// Runs `body`, and again after a panic where `recover`, told what it said, agrees.
fn survive(body: impl Fn(), recover: impl Fn(&str) -> bool) {
    while let Err(panic) = catch_unwind(AssertUnwindSafe(&body)) {
        if !recover(panic_message(&*panic)) {
            return;
        }
    }
}

/// The threads.
pub(crate) struct Workers {
    context: Context,
    threads: Vec<Worker>,
}

/// A thread, and a channel whose other end it holds as long as it runs.
struct Worker {
    thread: JoinHandle<()>,
    running: Receiver<()>,
}

/// How long threads have to end when nobody says otherwise.
const GRACE: Duration = Duration::from_secs(1);

impl Workers {
    /// Starts both.
    pub fn start(context: Context) -> io::Result<Self> {
        let mut workers = Self { context: context.clone(), threads: Vec::new() };
        // The sender first: the first to be started is the first to be stopped, and what it logs last, the clock
        // still hands to the callback.
        workers.spawn("sr-sender", sender::run)?;
        workers.spawn("sr-worker", worker::run)?;
        if let Some(clock) = workers.threads.last() {
            context.sessions.set_worker(clock.thread.thread().clone());
        }
        Ok(workers)
    }

    fn spawn(&mut self, name: &str, body: fn(&Context)) -> io::Result<()> {
        let (held, running) = channel();
        let context = self.context.clone();
        let thread = Builder::new().name(name.to_owned()).spawn(move || {
            // A callback might cancel the thread that it runs on.
            cancellation::hold_off_for_good();
            let _held: Sender<()> = held;
            survive(|| body(&context), |panic| context.recover_from_panic(panic));
        })?;
        self.threads.push(Worker { thread, running });
        Ok(())
    }

    /// Whether this is one of them.
    pub fn is_current_thread(&self) -> bool {
        let current = std::thread::current().id();
        self.threads.iter().any(|worker| worker.thread.thread().id() == current)
    }

    /// Ends both, at the latest by about `deadline`. A request that is under way is cut off. `false` when one of them did not
    /// end: it hangs in the operating system, looking up a name or opening a connection, and ends after that.
    pub fn stop(&mut self, deadline: Instant) -> bool {
        self.context.stop.store(true, Ordering::Release);
        self.context.http.abort();
        self.context.queue.wake();
        let mut all = true;
        for worker in self.threads.drain(..) {
            worker.thread.thread().unpark();
            let left = deadline.saturating_duration_since(Instant::now());
            match worker.running.recv_timeout(left) {
                Err(RecvTimeoutError::Timeout) => all = false,
                _ => drop(worker.thread.join()),
            }
        }
        all
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop(Instant::now() + GRACE);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_thread_goes_on_after_a_panic_until_it_is_told_to_stop() {
        let runs = Cell::new(0);
        let body = || {
            runs.set(runs.get() + 1);
            assert!(runs.get() > 2, "run {}", runs.get());
        };
        survive(body, |panic| panic.starts_with("run"));
        assert_eq!(runs.get(), 3);
        runs.set(0);
        survive(body, |_| false);
        assert_eq!(runs.get(), 1);
    }
}
