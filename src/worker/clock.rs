//! `sr-worker`: minds the time so that no thread of the host has to.

use std::thread;
use std::time::{Duration, Instant};

use super::Workplace;
use crate::journal::Adopted;
use crate::options::LogLevel;

/// How soon to look again after a callback ran, or at the end.
const UNSETTLED: Duration = Duration::from_millis(1);
/// How long to wait for an append to a sealed chunk to end. It takes less than a microsecond; but a thread may be stopped
/// by a debugger, or wait for a disk.
const APPEND_PATIENCE: Duration = Duration::from_secs(10);
/// The same once recording has ended.
const END_PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn run(place: &Workplace) {
    let mut adoption = Adoption::default();
    let mut interval = Interval::new(place);
    let mut kept = Kept::default();
    let mut trouble = false;
    // What earlier runs left may take a while to read: the first events are not to wait for a chunk until then.
    prepare(place, &mut trouble);
    while !place.stopping() {
        adoption.tick(place);
        let unsettled = place.journal.backlog().tidy(APPEND_PATIENCE);
        place.journal.keep_late();
        place.sessions.remove_given_up();
        place.journal.stamp();
        kept.tick(place);
        interval.tick(place);
        prepare(place, &mut trouble);
        if place.log.deliver() {
            // The callback may have slept as threads do here, and taken the wake-up that told of an event, or of the
            // end, for its own: look again.
            thread::park_timeout(UNSETTLED);
            continue;
        }
        let late = place.journal.backlog().late_left();
        match earliest(earliest(unsettled, late), earliest(interval.left(), adoption.left())) {
            Some(left) => thread::park_timeout(left),
            // Nothing is recorded: nothing to do until somebody wakes us.
            None => thread::park(),
        }
    }
    let end = Instant::now() + END_PATIENCE;
    // What does not end by then stays in its file, where the next run finds it.
    while place.journal.backlog().tidy(Duration::MAX).is_some() && Instant::now() < end {
        thread::sleep(UNSETTLED);
    }
    place.journal.keep_late();
    place.sessions.keep();
    place.log.deliver();
}

fn earliest(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    one.into_iter().chain(other).min()
}

/// When to keep the session for the next run: when it is another; and, where the built-in timeout counts from its last
/// event, now and then.
#[derive(Default)]
struct Kept {
    replay: Option<String>,
    at: Option<Instant>,
}

impl Kept {
    fn tick(&mut self, place: &Workplace) {
        const SELDOM: Duration = Duration::from_secs(10);
        let replay = place.sessions.replay_id();
        let is_old = place.options.session_timeout.is_some_and(|timeout| {
            self.at.is_none_or(|at| at.elapsed() >= SELDOM.min(timeout / 4)) && place.sessions.has_unsealed()
        });
        if replay != self.replay || is_old {
            place.sessions.keep();
            *self = Self { replay, at: Some(Instant::now()) };
        }
    }
}

/// When to look for what other runs left behind: at the start; and while others go on, now and then, since they may
/// die, or while the directory can't be read. Seldom, so that an idle process stays asleep.
struct Adoption {
    due: Option<Instant>,
    pause: Duration,
    /// That the directory can't be read was said.
    told: bool,
}

const FIRST_ADOPTION_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_ADOPTION_PAUSE: Duration = Duration::from_secs(60);

impl Default for Adoption {
    fn default() -> Self {
        Self { due: Some(Instant::now()), pause: FIRST_ADOPTION_PAUSE, told: false }
    }
}

impl Adoption {
    fn tick(&mut self, place: &Workplace) {
        if self.due.is_some_and(|due| due <= Instant::now()) {
            let again = match place.journal.adopt() {
                Ok(adopted) => {
                    count(place, &adopted);
                    adopted.again
                }
                Err(error) => {
                    if !std::mem::replace(&mut self.told, true) {
                        let line = || format!("what earlier runs left behind can't be read: {error}");
                        place.log.write(LogLevel::Warn, line);
                    }
                    true
                }
            };
            self.due = again.then(|| Instant::now() + self.pause);
            self.pause = (self.pause * 2).min(LONGEST_ADOPTION_PAUSE);
        }
    }

    fn left(&self) -> Option<Duration> {
        self.due.map(|due| due.saturating_duration_since(Instant::now()))
    }
}

fn count(place: &Workplace, adopted: &Adopted) {
    place.stats.adopted.add(adopted.events + adopted.expired);
    place.stats.dropped_expired.add(adopted.expired);
    place.stats.damaged.add(adopted.damaged);
    place.stats.later_version.add(adopted.later_version);
    place.stats.evicted_unread.add(adopted.evicted_unread);
    place.stats.crashes.add(adopted.crashes);
    if let Some(crash) = adopted.last_crash {
        place.stats.tell_crash(crash);
        let line =
            || format!("the last run crashed (code {}): its events are kept, and sent first", crash.code);
        place.log.write(LogLevel::Warn, line);
    }
    if adopted.closed > 0 {
        let message = format!(
            "{} files that earlier runs left behind may not be opened: give this user the right to read and write them",
            adopted.closed
        );
        place.fail(LogLevel::Warn, message);
    }
    if adopted.later_version > 0 {
        let line =
            || format!("{} files of a later version of this library are left for it", adopted.later_version);
        place.log.write(LogLevel::Warn, line);
    }
    if adopted.evicted_unread > 0 {
        let message = format!(
            "storage limit reached: {} files that earlier runs left behind were removed unread",
            adopted.evicted_unread
        );
        place.fail(LogLevel::Warn, message);
    }
    if adopted.events > 0 {
        place
            .log
            .write(LogLevel::Info, || format!("{} events of earlier runs are sent first", adopted.events));
    }
    if adopted.damaged + adopted.expired > 0 {
        let message = format!(
            "of what earlier runs left behind, {} events were too old and {} places damaged",
            adopted.expired, adopted.damaged
        );
        place.fail(LogLevel::Warn, message);
    }
}

/// Keeps a chunk ready, and says once what stands in the way, or that nothing does any more.
fn prepare(place: &Workplace, told: &mut bool) {
    let failed = place.sessions.prepare().err().map(|error| error.to_string());
    let problem = failed.or_else(|| place.journal.problem());
    if problem.is_some() == std::mem::replace(told, problem.is_some()) {
        return;
    }
    match problem {
        Some(problem) => place.fail(LogLevel::Error, problem),
        None => place.log.write(LogLevel::Info, || "events can be stored again".to_owned()),
    }
}

/// When to close a batch: `protocol.md`, "Limits and cadence".
struct Interval {
    length: Duration,
    due: Option<Instant>,
}

impl Interval {
    fn new(place: &Workplace) -> Self {
        Self { length: place.options.flush_interval.min, due: None }
    }

    fn tick(&mut self, place: &Workplace) {
        let unreleased = place.journal.backlog().unreleased_bytes();
        let something = unreleased > 0 || place.sessions.has_unsealed();
        let now = Instant::now();
        let due = match self.due {
            _ if !something => {
                self.due = None;
                return;
            }
            None => *self.due.insert(now + self.length),
            Some(due) => due,
        };
        if now >= due || unreleased >= place.options.max_batch_bytes {
            place.sessions.seal();
            place.journal.backlog().tidy(APPEND_PATIENCE);
            place.journal.backlog().release();
            let config = place.options.flush_interval;
            self.length = (self.length + config.min).min(config.max);
            self.due = None;
        }
    }

    fn left(&self) -> Option<Duration> {
        self.due.map(|due| due.saturating_duration_since(Instant::now()))
    }
}
