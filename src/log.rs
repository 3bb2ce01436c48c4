//! Log lines, for the log callback if the host sets one, and for `sr_take_log`. Nothing is ever printed.
//!
//! Only the threads of this library call the callback. A thread of the host may be in the middle of a call, and hold a lock
//! that the callback wants, too.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::callback::Callback;
use crate::options::LogLevel;
use crate::redact::redact;
use crate::sync::Mutex;

/// The log callback: receives each line with its level.
pub type LogSink = Arc<dyn Fn(LogLevel, &str) + Send + Sync>;

/// Log lines on their way to the host.
#[derive(Default)]
pub struct Log {
    level: AtomicU8,
    /// [`Log::take`] was called: lines are kept for its next call.
    is_taken: AtomicBool,
    lines: Mutex<VecDeque<(LogLevel, String)>>,
    sink: Callback<LogSink>,
    /// Held while the callback is called, so that the lines keep their order.
    delivering: Mutex<()>,
}

/// No more lines than this are kept; then the oldest go.
const MAX_LINES: usize = 256;

impl Log {
    /// Sets the log callback; `None` removes it. When this returns, the one before is not called any more.
    pub fn set_sink(&self, sink: Option<LogSink>) {
        self.sink.set(sink);
    }

    /// Sets the level that lines are logged up to.
    pub(crate) fn set_level(&self, level: LogLevel) {
        self.level.store(level as u8, Ordering::Relaxed);
    }

    /// Logs a line, without passwords, where its level is on and somebody receives it. Calls nobody.
    pub(crate) fn write(&self, level: LogLevel, line: impl FnOnce() -> String) {
        let is_level_on = level as u8 <= self.level.load(Ordering::Relaxed);
        if !is_level_on || !(self.is_taken.load(Ordering::Relaxed) || self.sink.is_set()) {
            return;
        }
        let line = redact(&line()).into_owned();
        let mut lines = self.lines.lock();
        if lines.len() == MAX_LINES {
            lines.pop_front();
        }
        lines.push_back((level, line));
    }

    /// The lines since the last call, oldest first. From the first call on, lines are kept for the next.
    pub fn take(&self) -> Vec<(LogLevel, String)> {
        self.is_taken.store(true, Ordering::Relaxed);
        std::mem::take(&mut *self.lines.lock()).into()
    }

    /// Calls the callback with the lines, if there is one; whether it was called. For the library's own threads.
    ///
    /// Lines that are logged meanwhile wait for the next time: a callback that causes a line with each line must not keep
    /// the thread for ever.
    pub(crate) fn deliver(&self) -> bool {
        let _in_order = self.delivering.lock();
        if !self.sink.is_set() {
            return false;
        }
        let lines = std::mem::take(&mut *self.lines.lock());
        let any = !lines.is_empty();
        for (level, line) in lines {
            // A call a line, so that a thread that replaces the callback waits for one line, not for all.
            self.sink.call(|sink| sink(level, &line));
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callback_receives_lines_up_to_the_level() {
        let log = Log::default();
        log.set_level(LogLevel::Warn);
        let received = Arc::new(Mutex::new(Vec::new()));
        let sink = received.clone();
        log.set_sink(Some(Arc::new(move |level, line: &str| sink.lock().push((level, line.to_owned())))));
        log.write(LogLevel::Info, || panic!("not even formatted"));
        log.write(LogLevel::Warn, || "a warning".to_owned());
        assert!(received.lock().is_empty(), "the thread that logs does not call");
        log.deliver();
        assert_eq!(*received.lock(), [(LogLevel::Warn, "a warning".to_owned())]);
    }

    #[test]
    fn a_callback_that_logs_does_not_keep_the_thread_for_ever() {
        let log = Arc::new(Log::default());
        log.set_level(LogLevel::Debug);
        let (calls, again) = (Arc::new(AtomicU8::new(0)), log.clone());
        let counter = calls.clone();
        log.set_sink(Some(Arc::new(move |_, _: &str| {
            assert!(counter.fetch_add(1, Ordering::Relaxed) < 10, "without end");
            again.write(LogLevel::Debug, || "because of a line".to_owned());
        })));
        log.write(LogLevel::Debug, || "a line".to_owned());
        assert!(log.deliver());
        assert_eq!(calls.load(Ordering::Relaxed), 1);
        assert!(log.deliver(), "the line of the callback comes the next time");
        log.set_sink(None);
        assert!(!log.deliver());
    }

    #[test]
    fn lines_are_kept_for_take_once_it_was_called() {
        let log = Log::default();
        log.set_level(LogLevel::Warn);
        log.write(LogLevel::Warn, || panic!("nobody has called take yet"));
        assert!(log.take().is_empty());
        for number in 0..MAX_LINES + 5 {
            log.write(LogLevel::Warn, || number.to_string());
        }
        log.deliver();
        let lines = log.take();
        assert_eq!(lines.len(), MAX_LINES, "bounded");
        assert_eq!(lines[0], (LogLevel::Warn, "5".to_owned()), "the oldest went");
        assert!(log.take().is_empty());
    }

    #[test]
    fn a_callback_may_remove_itself() {
        let log = Arc::new(Log::default());
        log.set_level(LogLevel::Debug);
        let calls = Arc::new(AtomicU8::new(0));
        let (inner, counter) = (log.clone(), calls.clone());
        log.set_sink(Some(Arc::new(move |_, _: &str| {
            counter.fetch_add(1, Ordering::Relaxed);
            inner.set_sink(None);
        })));
        log.write(LogLevel::Warn, || "one".to_owned());
        log.write(LogLevel::Warn, || "two".to_owned());
        log.deliver();
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    }
}
