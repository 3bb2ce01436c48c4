//! `sr-worker`: minds the time so that no thread of the host has to.

use std::thread;
use std::time::{Duration, Instant};

use super::Context;
use crate::model::ids::ReplayId;
use crate::options::LogLevel;
use crate::storage::Recovered;

/// How soon to look again after a callback ran, or at the end.
const UNSETTLED: Duration = Duration::from_millis(1);
/// How long to wait for an append to a sealed chunk to end. It takes less than a microsecond; but a thread may be stopped
/// by a debugger, or wait for a disk.
const APPEND_PATIENCE: Duration = Duration::from_secs(10);
/// The same once recording has ended.
const END_PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn run(context: &Context) {
    let mut recovery = RecoveryTimer::default();
    let mut interval = FlushTimer::new(context);
    let mut persister = SessionPersister::default();
    let mut trouble = false;
    // What earlier runs left may take a while to read: the first events are not to wait for a chunk until then.
    prepare(context, &mut trouble);
    while !context.stopping() {
        recovery.tick(context);
        let unsettled = context.queue.finalize(APPEND_PATIENCE);
        context.queue.store_late_events(&context.storage);
        context.sessions.remove_evicted();
        context.storage.stamp();
        persister.tick(context);
        interval.tick(context);
        prepare(context, &mut trouble);
        if context.log.deliver() {
            // The callback may have slept as threads do here, and taken the wake-up that told of an event, or of the
            // end, for its own: look again.
            thread::park_timeout(UNSETTLED);
            continue;
        }
        let late = context.queue.next_late_check();
        match earliest(earliest(unsettled, late), earliest(interval.left(), recovery.left())) {
            Some(left) => thread::park_timeout(left),
            // Nothing is recorded: nothing to do until somebody wakes us.
            None => thread::park(),
        }
    }
    let end = Instant::now() + END_PATIENCE;
    // What does not end by then stays in its file, where the next run finds it.
    while context.queue.finalize(Duration::MAX).is_some() && Instant::now() < end {
        thread::sleep(UNSETTLED);
    }
    context.queue.store_late_events(&context.storage);
    context.sessions.persist();
    context.log.deliver();
}

fn earliest(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    one.into_iter().chain(other).min()
}

/// When to keep the session for the next run: when it is another; and, where the built-in timeout counts from its last
/// event, now and then.
#[derive(Default)]
struct SessionPersister {
    replay: Option<ReplayId>,
    at: Option<Instant>,
}

impl SessionPersister {
    fn tick(&mut self, context: &Context) {
        const SELDOM: Duration = Duration::from_secs(10);
        let replay = context.sessions.replay_id();
        let is_old = context.options.session_timeout.is_some_and(|timeout| {
            self.at.is_none_or(|at| at.elapsed() >= SELDOM.min(timeout / 4))
                && context.sessions.has_unsealed()
        });
        if replay != self.replay || is_old {
            context.sessions.persist();
            *self = Self { replay, at: Some(Instant::now()) };
        }
    }
}

/// When to look for what other runs left behind: at the start; and while others go on, now and then, since they may
/// die, or while the directory can't be read. Seldom, so that an idle process stays asleep.
struct RecoveryTimer {
    due: Option<Instant>,
    pause: Duration,
    /// That the directory can't be read was said.
    told: bool,
}

const FIRST_ADOPTION_PAUSE: Duration = Duration::from_millis(500);
const MAX_ADOPTION_PAUSE: Duration = Duration::from_secs(60);

impl Default for RecoveryTimer {
    fn default() -> Self {
        Self { due: Some(Instant::now()), pause: FIRST_ADOPTION_PAUSE, told: false }
    }
}

impl RecoveryTimer {
    fn tick(&mut self, context: &Context) {
        if self.due.is_some_and(|due| due <= Instant::now()) {
            let again = match context.storage.recover() {
                Ok(mut recovered) => {
                    context.queue.push_recovered(std::mem::take(&mut recovered.sealed));
                    count(context, &recovered);
                    recovered.again
                }
                Err(error) => {
                    context.queue.push_recovered(Vec::new());
                    if !std::mem::replace(&mut self.told, true) {
                        let line = || format!("what earlier runs left behind can't be read: {error}");
                        context.log.write(LogLevel::Warn, line);
                    }
                    true
                }
            };
            self.due = again.then(|| Instant::now() + self.pause);
            self.pause = (self.pause * 2).min(MAX_ADOPTION_PAUSE);
        }
    }

    fn left(&self) -> Option<Duration> {
        self.due.map(|due| due.saturating_duration_since(Instant::now()))
    }
}

fn count(context: &Context, recovered: &Recovered) {
    context.stats.recovered.add(recovered.events + recovered.expired);
    context.stats.dropped_expired.add(recovered.expired);
    context.stats.damaged.add(recovered.damaged);
    context.stats.later_version.add(recovered.later_version);
    context.stats.evicted_unread.add(recovered.evicted_unread);
    context.stats.crashes.add(recovered.crashes);
    if let Some(crash) = recovered.last_crash {
        context.stats.set_last_crash(crash);
        let line =
            || format!("the last run crashed (code {}): its events are kept, and sent first", crash.code);
        context.log.write(LogLevel::Warn, line);
    }
    if recovered.closed > 0 {
        let message = format!(
            "{} files that earlier runs left behind may not be opened: give this user the right to read and write them",
            recovered.closed
        );
        context.fail(LogLevel::Warn, message);
    }
    if recovered.later_version > 0 {
        let line = || {
            format!("{} files of a later version of this library are left for it", recovered.later_version)
        };
        context.log.write(LogLevel::Warn, line);
    }
    if recovered.evicted_unread > 0 {
        let message = format!(
            "storage limit reached: {} files that earlier runs left behind were removed unread",
            recovered.evicted_unread
        );
        context.fail(LogLevel::Warn, message);
    }
    if recovered.events > 0 {
        context
            .log
            .write(LogLevel::Info, || format!("{} events of earlier runs are sent first", recovered.events));
    }
    if recovered.damaged + recovered.expired > 0 {
        let message = format!(
            "of what earlier runs left behind, {} events were too old and {} places damaged",
            recovered.expired, recovered.damaged
        );
        context.fail(LogLevel::Warn, message);
    }
}

/// Keeps a chunk ready, and says once what stands in the way, or that nothing does any more.
fn prepare(context: &Context, told: &mut bool) {
    let failed = context.sessions.prepare().err().map(|error| error.to_string());
    let problem = failed.or_else(|| context.storage.problem());
    if problem.is_some() == std::mem::replace(told, problem.is_some()) {
        return;
    }
    match problem {
        Some(problem) => context.fail(LogLevel::Error, problem),
        None => context.log.write(LogLevel::Info, || "events can be stored again".to_owned()),
    }
}

/// When to close a batch: `protocol.md`, "Limits and cadence".
struct FlushTimer {
    length: Duration,
    due: Option<Instant>,
}

impl FlushTimer {
    fn new(context: &Context) -> Self {
        Self { length: context.options.flush_interval.min, due: None }
    }

    fn tick(&mut self, context: &Context) {
        let unreleased = context.queue.unreleased_bytes();
        let something = unreleased > 0 || context.sessions.has_unsealed();
        let now = Instant::now();
        let due = match self.due {
            _ if !something => {
                self.due = None;
                return;
            }
            None => *self.due.insert(now + self.length),
            Some(due) => due,
        };
        if now >= due || unreleased >= context.options.max_batch_bytes {
            context.sessions.seal();
            context.queue.finalize(APPEND_PATIENCE);
            context.queue.release();
            let config = context.options.flush_interval;
            self.length = (self.length + config.min).min(config.max);
            self.due = None;
        }
    }

    fn left(&self) -> Option<Duration> {
        self.due.map(|due| due.saturating_duration_since(Instant::now()))
    }
}
