//! Recovers what earlier runs left behind, and tells of it.

use std::io;
use std::time::Instant;

use super::context::Context;
use super::recovery_timer::{LookAgain, RecoveryTimer};
use crate::options::LogLevel;
use crate::stats::Stats;
use crate::storage::Recovered;
use crate::sync::MutexGuard;

/// Recovers what earlier runs left behind, when that is due.
pub(super) struct Recovery {
    pub timer: RecoveryTimer,
    /// That the directory can't be read was told.
    has_told: bool,
}

impl Recovery {
    pub fn new() -> Self {
        Self { timer: RecoveryTimer::new(Instant::now()), has_told: false }
    }

    pub fn recover_if_due(&mut self, context: &Context) {
        if self.timer.is_due(Instant::now()) {
            let again = self.recover(context);
            self.timer.note(again, Instant::now());
        }
    }

    /// When to do it again.
    fn recover(&mut self, context: &Context) -> LookAgain {
        let recovered = recover_locked(context, &context.recovering.lock());
        match recovered {
            Ok(true) => LookAgain::Soon,
            Ok(false) if context.storage.has_dir() => LookAgain::Later,
            Ok(false) => LookAgain::Never,
            Err(error) => {
                if !std::mem::replace(&mut self.has_told, true) {
                    let line = || format!("the events of earlier runs can't be read: {error}");
                    context.log.write(LogLevel::Warn, line);
                }
                LookAgain::Soon
            }
        }
    }
}

/// Puts what earlier runs left behind into the queue. Whether there may be more soon. `_recovering` shows that the lock is held.
pub(super) fn recover_locked(context: &Context, _recovering: &MutexGuard<'_, ()>) -> io::Result<bool> {
    let held_window = (!context.sessions.is_opted_out()).then_some(context.options.on_error_window);
    let recovered = context.storage.recover(held_window);
    let mut recovered = recovered.inspect_err(|_| context.queue.push_recovered(Vec::new()))?;
    context.sessions.note_triggered(std::mem::take(&mut recovered.triggered));
    context.queue.push_recovered(std::mem::take(&mut recovered.sealed));
    report(context, &recovered);
    Ok(recovered.look_again)
}

/// Counts what was found and what was evicted, and tells of it.
pub(super) fn report(context: &Context, recovered: &Recovered) {
    count(&context.stats, recovered);
    tell(context, recovered);
}

fn count(stats: &Stats, recovered: &Recovered) {
    let gone = recovered.expired + recovered.evicted + recovered.not_triggered;
    stats.recovered.add(recovered.events + gone);
    stats.dropped_not_triggered.add(recovered.not_triggered);
    stats.dropped_expired.add(recovered.expired);
    stats.dropped_storage_limit.add(recovered.evicted);
    stats.damaged.add(recovered.damaged);
    stats.later_version.add(recovered.later_version);
    stats.evicted_unread.add(recovered.evicted_files);
    stats.crashes.add(recovered.crashes);
    if let Some(crash) = recovered.last_crash {
        stats.set_last_crash(crash);
    }
}

fn tell(context: &Context, recovered: &Recovered) {
    let log = |level, line: String| context.log.write(level, || line);
    let fail = |message| context.report_failure(LogLevel::Warn, message);
    if let Some(crash) = recovered.last_crash {
        let code = crash.code;
        log(LogLevel::Warn, format!("an earlier run crashed (code {code}): its events are sent first"));
    }
    if recovered.forbidden > 0 {
        fail(format!(
            "files of earlier runs that can't be opened: {}; let this user read and write them",
            recovered.forbidden
        ));
    }
    if recovered.later_version > 0 {
        let files = recovered.later_version;
        log(LogLevel::Warn, format!("left {files} files alone: a later version of this library wrote them"));
    }
    if recovered.evicted > 0 {
        let events = recovered.evicted;
        fail(format!("storage limit reached: evicted {events} events of earlier runs, the oldest"));
    }
    if recovered.events > 0 {
        log(LogLevel::Info, format!("{} events of earlier runs are sent first", recovered.events));
    }
    if recovered.expired > 0 {
        fail(format!("dropped events of earlier runs, older than three days: {}", recovered.expired));
    }
    if recovered.damaged > 0 {
        fail(format!("damaged places in the files of earlier runs: {}", recovered.damaged));
    }
}
