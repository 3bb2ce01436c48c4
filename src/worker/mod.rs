//! The two threads of this library, between the journal and the server.
//!
//! - [`clock`]: `sr-worker` seals on time, keeps a chunk ready, keeps the session for the next run
//! - [`sender`]: `sr-sender` asks for the remote configuration, builds batches and sends them
//! - [`batch`]: from sequences to a request's body

mod batch;
mod clock;
mod sender;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};

use crate::delivery::Http;
use crate::journal::Journal;
use crate::log::Log;
use crate::options::Options;
use crate::session::Sessions;
use crate::stats::Stats;

/// What both threads work with.
#[derive(Clone)]
pub(crate) struct Workplace {
    pub api_key: Arc<str>,
    pub options: Arc<Options>,
    pub journal: Arc<Journal>,
    pub sessions: Arc<Sessions>,
    pub stats: Arc<Stats>,
    pub log: Arc<Log>,
    pub http: Arc<Http>,
    pub stop: Arc<AtomicBool>,
}

impl Workplace {
    fn stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

/// The threads; stopped and joined when dropped.
pub(crate) struct Workers {
    workplace: Workplace,
    clock: Option<JoinHandle<()>>,
    sender: Option<JoinHandle<()>>,
}

impl Workers {
    /// Starts both.
    pub fn start(workplace: Workplace) -> io::Result<Self> {
        let mut workers = Self { clock: None, sender: None, workplace: workplace.clone() };
        let place = workplace.clone();
        let clock = Builder::new().name("sr-worker".to_owned()).spawn(move || clock::run(&place))?;
        workplace.sessions.set_clock(clock.thread().clone());
        workers.clock = Some(clock);
        let sender = Builder::new().name("sr-sender".to_owned()).spawn(move || sender::run(workplace))?;
        workers.sender = Some(sender);
        Ok(workers)
    }

    /// Whether this is one of them.
    pub fn is_current_thread(&self) -> bool {
        let current = std::thread::current().id();
        let threads = self.clock.iter().chain(&self.sender);
        threads.into_iter().any(|thread| thread.thread().id() == current)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.workplace.stop.store(true, Ordering::Release);
        self.workplace.http.abort();
        self.workplace.journal.backlog().nudge();
        // The sender first: what it logs last, the clock still hands to the callback.
        if let Some(sender) = self.sender.take() {
            let _ = sender.join();
        }
        if let Some(clock) = self.clock.take() {
            clock.thread().unpark();
            let _ = clock.join();
        }
    }
}
