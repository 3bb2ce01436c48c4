//! The idle timer of the built-in session timeout.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Measures how long nothing has happened. Costs nothing where the timeout is off.
pub(super) struct IdleTimer {
    timeout: Option<Duration>,
    /// The analytics have decided about the session since then.
    is_off: AtomicBool,
    start: Instant,
    /// When something last happened, in milliseconds since `start`.
    last_ms: AtomicU64,
}

impl IdleTimer {
    pub fn new(timeout: Option<Duration>) -> Self {
        Self { timeout, is_off: AtomicBool::new(false), start: Instant::now(), last_ms: AtomicU64::new(0) }
    }

    /// Whether the session timed out. If not, something happens now: the time counts from here again.
    pub fn expired_or_touch(&self) -> bool {
        let Some(timeout) = self.timeout.filter(|_| !self.is_off.load(Ordering::Relaxed)) else {
            return false;
        };
        let now = self.start.elapsed().as_millis() as u64;
        if now.saturating_sub(self.last_ms.load(Ordering::Relaxed)) > timeout.as_millis() as u64 {
            return true;
        }
        self.last_ms.fetch_max(now, Ordering::Relaxed);
        false
    }

    /// How long nothing has happened; zero where the timeout is off.
    pub fn idle(&self) -> Duration {
        match self.timeout.filter(|_| !self.is_off.load(Ordering::Relaxed)) {
            Some(_) => self
                .start
                .elapsed()
                .saturating_sub(Duration::from_millis(self.last_ms.load(Ordering::Relaxed))),
            None => Duration::ZERO,
        }
    }

    /// From now on it never expires.
    pub fn disable(&self) {
        self.is_off.store(true, Ordering::Relaxed);
    }

    /// A session begins: the time counts from here.
    pub fn touch(&self) {
        self.last_ms.fetch_max(self.start.elapsed().as_millis() as u64, Ordering::Relaxed);
    }
}
