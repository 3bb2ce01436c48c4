//! Recovers what earlier runs left behind, and tells of it.

use std::time::Instant;

use super::context::Context;
use super::recovery_timer::RecoveryTimer;
use crate::options::LogLevel;
use crate::stats::Stats;
use crate::storage::Recovered;

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

    /// Whether to do it again later.
    fn recover(&mut self, context: &Context) -> bool {
        match context.storage.recover() {
            Ok(mut recovered) => {
                context.queue.push_recovered(std::mem::take(&mut recovered.sealed));
                count(&context.stats, &recovered);
                tell(context, &recovered);
                recovered.look_again
            }
            Err(error) => {
                context.queue.push_recovered(Vec::new());
                if !std::mem::replace(&mut self.has_told, true) {
                    let line = || format!("the events of earlier runs can't be read: {error}");
                    context.log.write(LogLevel::Warn, line);
                }
                true
            }
        }
    }
}

fn count(stats: &Stats, recovered: &Recovered) {
    stats.recovered.add(recovered.events + recovered.expired);
    stats.dropped_expired.add(recovered.expired);
    stats.damaged.add(recovered.damaged);
    stats.later_version.add(recovered.later_version);
    stats.evicted_unread.add(recovered.evicted_unread);
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
    if recovered.evicted_unread > 0 {
        let files = recovered.evicted_unread;
        fail(format!("storage limit reached: {files} files of earlier runs were removed unread"));
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
