//! What the library has to say, for a log callback if the host sets one. Nothing is ever printed.
//!
//! The callback is only ever called by a thread of this library, so that no thread of the host runs it in the
//! middle of a call, perhaps holding a lock that the callback wants too.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::callback::Callback;
use crate::options::LogLevel;
use crate::redact::redact;
use crate::sync::Mutex;

/// Receives what is logged.
pub type LogSink = Arc<dyn Fn(LogLevel, &str) + Send + Sync>;

/// A place to log to.
#[derive(Default)]
pub struct Log {
    level: AtomicU8,
    /// Somebody asks for the lines.
    is_taken: AtomicBool,
    lines: Mutex<VecDeque<(LogLevel, String)>>,
    sink: Callback<LogSink>,
    /// Held while lines are called out, so that those of two threads keep their order.
    calling_out: Mutex<()>,
}

/// More lines than this are not kept; the oldest go.
const MAX_LINES: usize = 256;

impl Log {
    /// Sets who receives what is logged. When this returns, the one before is not called any more.
    pub fn set_sink(&self, sink: Option<LogSink>) {
        self.sink.set(sink);
    }

    pub(crate) fn set_level(&self, level: LogLevel) {
        self.level.store(level as u8, Ordering::Relaxed);
    }

    pub(crate) fn write(&self, level: LogLevel, line: impl FnOnce() -> String) {
        let is_let_through = level as u8 <= self.level.load(Ordering::Relaxed);
        if !is_let_through || !(self.is_taken.load(Ordering::Relaxed) || self.sink.is_set()) {
            return;
        }
        let line = redact(&line()).into_owned();
        let mut lines = self.lines.lock();
        if lines.len() == MAX_LINES {
            lines.pop_front();
        }
        lines.push_back((level, line));
    }

    /// What was logged since the last call, oldest first. From the first call on, lines are kept for the next.
    pub fn take(&self) -> Vec<(LogLevel, String)> {
        self.is_taken.store(true, Ordering::Relaxed);
        std::mem::take(&mut *self.lines.lock()).into()
    }

    /// Calls the callback with what was logged, if there is one; whether it was called. For the library's own threads.
    ///
    /// What is logged meanwhile waits for the next time: a callback that gives rise to a line with every line must not
    /// keep the thread for ever.
    pub(crate) fn deliver(&self) -> bool {
        let _in_order = self.calling_out.lock();
        if !self.sink.is_set() {
            return false;
        }
        let lines = std::mem::take(&mut *self.lines.lock());
        let any = !lines.is_empty();
        for (level, line) in lines {
            // One call at a time, so that who replaces the callback waits for one line, not for all.
            self.sink.call(|sink| sink(level, &line));
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callback_hears_what_its_level_lets_through() {
        let log = Log::default();
        log.set_level(LogLevel::Warn);
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = heard.clone();
        log.set_sink(Some(Arc::new(move |level, line: &str| ear.lock().push((level, line.to_owned())))));
        log.write(LogLevel::Info, || unreachable!("not even put together"));
        log.write(LogLevel::Warn, || "careful".to_owned());
        assert!(heard.lock().is_empty(), "the thread that logs does not call");
        log.deliver();
        assert_eq!(*heard.lock(), [(LogLevel::Warn, "careful".to_owned())]);
    }

    #[test]
    fn a_callback_that_logs_does_not_keep_the_thread() {
        let log = Arc::new(Log::default());
        log.set_level(LogLevel::Debug);
        let (heard, again) = (Arc::new(AtomicU8::new(0)), log.clone());
        let ear = heard.clone();
        log.set_sink(Some(Arc::new(move |_, _: &str| {
            assert!(ear.fetch_add(1, Ordering::Relaxed) < 10, "without end");
            again.write(LogLevel::Debug, || "because of a line".to_owned());
        })));
        log.write(LogLevel::Debug, || "a line".to_owned());
        assert!(log.deliver());
        assert_eq!(heard.load(Ordering::Relaxed), 1);
        assert!(log.deliver(), "what came meanwhile is heard the next time");
        log.set_sink(None);
        assert!(!log.deliver());
    }

    #[test]
    fn lines_are_kept_for_who_asks_for_them() {
        let log = Log::default();
        log.set_level(LogLevel::Warn);
        log.write(LogLevel::Warn, || unreachable!("nobody has asked yet"));
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
    fn a_callback_may_take_itself_away() {
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
