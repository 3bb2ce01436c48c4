//! The built-in session timeout: how long nothing has happened.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The time since something last happened. Costs nothing where the timeout is off.
pub(super) struct IdleTimer {
    timeout: Option<Duration>,
    /// Somebody else owns the session since.
    is_off: AtomicBool,
    start: Instant,
    /// Milliseconds from `start` to what happened last.
    last: AtomicU64,
}

impl IdleTimer {
    pub fn new(timeout: Option<Duration>) -> Self {
        Self { timeout, is_off: AtomicBool::new(false), start: Instant::now(), last: AtomicU64::new(0) }
    }

    /// Whether a session ends because nothing happened for so long; if not, something happens now.
    pub fn expired_or_touch(&self) -> bool {
        let Some(timeout) = self.timeout.filter(|_| !self.is_off.load(Ordering::Relaxed)) else {
            return false;
        };
        let now = self.start.elapsed().as_millis() as u64;
        if now.saturating_sub(self.last.load(Ordering::Relaxed)) > timeout.as_millis() as u64 {
            return true;
        }
        self.last.fetch_max(now, Ordering::Relaxed);
        false
    }

    /// How long nothing has happened; zero where the timeout is off.
    pub fn idle(&self) -> Duration {
        match self.timeout.filter(|_| !self.is_off.load(Ordering::Relaxed)) {
            Some(_) => {
                self.start.elapsed().saturating_sub(Duration::from_millis(self.last.load(Ordering::Relaxed)))
            }
            None => Duration::ZERO,
        }
    }

    /// From now on no silence is too long.
    pub fn disable(&self) {
        self.is_off.store(true, Ordering::Relaxed);
    }

    /// A session begins.
    pub fn touch(&self) {
        self.last.fetch_max(self.start.elapsed().as_millis() as u64, Ordering::Relaxed);
    }
}
