//! The idle timer of the built-in session timeout.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::monotonic;

/// Measures how long nothing has happened. Costs nothing where the timeout is off.
pub(super) struct IdleTimer {
    timeout_ms: Option<u64>,
    /// The analytics have decided about the session since then.
    is_off: AtomicBool,
    /// When something last happened: see [`monotonic`].
    last_ms: AtomicU64,
}

impl IdleTimer {
    pub fn new(timeout: Option<Duration>) -> Self {
        Self {
            timeout_ms: timeout.map(|timeout| timeout.as_millis() as u64),
            is_off: AtomicBool::new(false),
            last_ms: AtomicU64::new(monotonic::now_ms()),
        }
    }

    /// The timeout, unless it is off.
    #[inline]
    fn timeout_ms(&self) -> Option<u64> {
        self.timeout_ms.filter(|_| !self.is_off.load(Ordering::Relaxed))
    }

    /// Whether the session timed out. If not, something happens now: the time counts from here again.
    pub fn expired_or_touch(&self) -> bool {
        self.timeout_ms().is_some_and(|timeout_ms| !self.touch_within(timeout_ms, monotonic::now_ms()))
    }

    /// The same in a fraction of the time, for every event: something happens now, and the session has not timed out. `false`: the
    /// precise clock has to say that. As a rule a session never ends too early, and a tick too late at most: see [`monotonic`].
    #[inline]
    pub fn touch_if_fresh(&self) -> bool {
        self.timeout_ms().is_none_or(|timeout_ms| self.touch_within(timeout_ms, monotonic::coarse_ms()))
    }

    #[inline]
    fn touch_within(&self, timeout_ms: u64, now: u64) -> bool {
        let last = self.last_ms.load(Ordering::Relaxed);
        if now.saturating_sub(last) > timeout_ms {
            return false;
        }
        // Within one tick the threads that record share the line, and none writes to it.
        if now > last {
            self.last_ms.fetch_max(now, Ordering::Relaxed);
        }
        true
    }

    /// How long nothing has happened; zero where the timeout is off.
    pub fn idle(&self) -> Duration {
        match self.timeout_ms() {
            Some(_) => monotonic::between(self.last_ms.load(Ordering::Relaxed), monotonic::now_ms()),
            None => Duration::ZERO,
        }
    }

    /// As if nothing had happened for so long.
    #[cfg(test)]
    pub fn silent_for(&self, silence: Duration) {
        self.last_ms.store(monotonic::now_ms() - silence.as_millis() as u64, Ordering::Relaxed);
    }

    /// From now on it never expires.
    pub fn disable(&self) {
        self.is_off.store(true, Ordering::Relaxed);
    }

    /// A session begins: the time counts from here.
    pub fn touch(&self) {
        self.last_ms.fetch_max(monotonic::now_ms(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_after_so_long_a_silence_and_no_sooner() {
        const TIMEOUT: u64 = 1_000;
        for (last, now, is_fresh) in
            [(5_000, 5_000, true), (5_000, 6_000, true), (5_000, 6_001, false), (5_000, 4_000, true)]
        {
            let timer = IdleTimer {
                last_ms: AtomicU64::new(last),
                ..IdleTimer::new(Some(Duration::from_millis(TIMEOUT)))
            };
            assert_eq!(timer.touch_within(TIMEOUT, now), is_fresh, "{last} {now}");
            let touched = if is_fresh { last.max(now) } else { last };
            assert_eq!(timer.last_ms.into_inner(), touched, "{last} {now}");
        }
    }

    #[test]
    fn both_clocks_agree_on_a_silence() {
        let silent_for = |ms: u64| {
            let timer = IdleTimer::new(Some(Duration::from_secs(10)));
            timer.silent_for(Duration::from_millis(ms));
            timer
        };
        assert!(silent_for(5_000).touch_if_fresh() && !silent_for(5_000).expired_or_touch());
        assert!(!silent_for(20_000).touch_if_fresh() && silent_for(20_000).expired_or_touch());
        let off = silent_for(20_000);
        off.disable();
        assert!(off.touch_if_fresh() && !off.expired_or_touch());
        assert_eq!(off.idle(), Duration::ZERO);
        let touched = silent_for(20_000);
        touched.touch();
        assert!(touched.touch_if_fresh());
    }
}
