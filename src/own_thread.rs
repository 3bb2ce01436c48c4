//! A thread of this library's own: without the host's signals, never cancelled, run again after a panic, and ended by a
//! deadline.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle, Thread};
use std::time::{Duration, Instant};

use crate::cancellation;
use crate::error::panic_message;
use crate::signals::SignalsBlocked;

/// A thread, and a channel whose other end it holds until it ends.
pub(crate) struct OwnThread {
    handle: JoinHandle<()>,
    ended: Receiver<()>,
}

impl OwnThread {
    /// Starts it: `body` runs, and again after each panic for which `recover`, given its message, returns true.
    pub fn spawn(
        name: &str,
        body: impl Fn() + Send + 'static,
        recover: impl Fn(&str) -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let (held, ended) = channel();
        let _blocked = SignalsBlocked::here();
        let handle = Builder::new().name(name.to_owned()).spawn(move || {
            // A callback might cancel the thread that it runs on.
            cancellation::hold_off_for_good();
            let _held: Sender<()> = held;
            supervise(body, recover);
        })?;
        Ok(Self { handle, ended })
    }

    /// The thread itself.
    pub fn thread(&self) -> &Thread {
        self.handle.thread()
    }

    /// Whether it has ended by now, or ends in this time.
    pub fn ends_within(&self, time: Duration) -> bool {
        !matches!(self.ended.recv_timeout(time), Err(RecvTimeoutError::Timeout))
    }

    /// Wakes it, and waits until it has ended. `false`: it has not by `deadline`, and the operating system keeps it.
    pub fn join_until(self, deadline: Instant) -> bool {
        self.thread().unpark();
        let has_ended = self.ends_within(deadline.saturating_duration_since(Instant::now()));
        if has_ended {
            drop(self.handle.join());
        }
        has_ended
    }
}

/// Runs `body`, and again after each panic for which `recover`, given its message, returns true.
fn supervise(body: impl Fn(), recover: impl Fn(&str) -> bool) {
    while let Err(panic) = catch_unwind(AssertUnwindSafe(&body)) {
        if !recover(panic_message(&*panic)) {
            return;
        }
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

    #[test]
    fn who_waits_for_a_thread_waits_no_longer_than_said() {
        let (end, ends) = channel::<()>();
        let ends = crate::sync::Mutex::new(ends);
        let thread =
            OwnThread::spawn("sr-test", move || assert!(ends.lock().recv().is_err()), |_| false).unwrap();
        assert_eq!(thread.thread().name(), Some("sr-test"));
        assert!(!thread.ends_within(Duration::from_millis(1)));
        drop(end);
        assert!(thread.join_until(Instant::now() + Duration::from_secs(60)));
    }
}
