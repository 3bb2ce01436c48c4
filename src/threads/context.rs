//! What `sr-worker` and `sr-sender` work with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::snapshot_callback::SnapshotCallback;
use crate::delivery::Http;
use crate::log::Log;
use crate::model::ids::ApiKey;
use crate::model::page_config::PageConfig;
use crate::options::{LogLevel, Options};
use crate::queue::Queue;
use crate::session::Sessions;
use crate::stats::Stats;
use crate::storage::Storage;
use crate::sync::Mutex;
use crate::views::Views;

/// A panic that comes again at once must not keep a processor busy.
const PAUSE_AFTER_PANIC: Duration = Duration::from_secs(1);

/// What `sr-worker` and `sr-sender` work with.
#[derive(Clone)]
pub(crate) struct Context {
    pub api_key: ApiKey,
    pub options: Arc<Options>,
    pub storage: Arc<Storage>,
    pub queue: Arc<Queue>,
    pub sessions: Arc<Sessions>,
    pub views: Arc<Views>,
    /// What the recorder in the page is to mask: by the options, merged with the remote configuration once that is known.
    pub page_config: Arc<Mutex<PageConfig>>,
    pub stats: Arc<Stats>,
    pub log: Arc<Log>,
    pub http: Arc<Http>,
    /// Held while what earlier runs left is on its way into the queue.
    pub recovering: Arc<Mutex<()>>,
    pub snapshot_callback: Arc<SnapshotCallback>,
    pub stop: Arc<AtomicBool>,
}

impl Context {
    /// The threads are to end.
    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    /// Sleeps on the thread `sr-sender`. Ends early when the library stops, and is then false.
    pub fn sleep(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        while !self.stopping() && Instant::now() < until {
            self.queue.wait_for_work(Some(until));
        }
        !self.stopping()
    }

    /// Tells of a failure, in the log and as `lastError` of `sr_stats`.
    pub fn report_failure(&self, level: LogLevel, message: String) {
        self.stats.set_last_error(&message);
        self.log.write(level, || message);
    }

    /// Puts things in order after a panic in one of the threads. Whether the thread is to run again.
    pub fn recover_from_panic(&self, panic: &str) -> bool {
        let message = format!("session-replay failed inside ({panic}) and goes on: please report this");
        self.report_failure(LogLevel::Error, message);
        self.queue.end_leases();
        thread::park_timeout(PAUSE_AFTER_PANIC);
        !self.stopping()
    }
}
