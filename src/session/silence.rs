//! How long ago a session's last event was: what the built-in session timeout asks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Begins with the session, captured or not.
pub(super) struct Silence {
    began: Instant,
    /// Milliseconds from `began` to the last event. Kept only with the built-in session timeout.
    last_event: AtomicU64,
}

impl Default for Silence {
    fn default() -> Self {
        Self { began: Instant::now(), last_event: AtomicU64::new(0) }
    }
}

impl Clone for Silence {
    fn clone(&self) -> Self {
        Self { began: self.began, last_event: AtomicU64::new(self.last_event.load(Ordering::Relaxed)) }
    }
}

impl Silence {
    /// How long this run has had the session.
    pub fn since_beginning(&self) -> Duration {
        self.began.elapsed()
    }

    /// Whether the timeout has passed since the last event; if not, this is the last event.
    pub fn timed_out(&self, timeout: Option<Duration>) -> bool {
        let Some(timeout) = timeout else {
            return false;
        };
        let now = self.began.elapsed().as_millis() as u64;
        let last = self.last_event.load(Ordering::Relaxed);
        if now.saturating_sub(last) > timeout.as_millis() as u64 {
            return true;
        }
        self.last_event.fetch_max(now, Ordering::Relaxed);
        false
    }
}
