//! Which session is current, and is it captured?
//!
//! Here are the verbs: what the host, the server or the analytics say changes the state, and a rollover follows.
//!
//! - [`slow_path`]: recording an event, and [`fast_path`], which most events take
//! - [`interactions`]: recording a click, beside them
//! - [`snapshots`]: whether the host has to take a full snapshot
//! - [`rollover`]: another session, another decision; [`next_chunk`]: another chunk; [`eviction`]: making room for it,
//!   [`no_room`]: where there is none
//! - [`capture_state`]: the immutable state that every recorded event reads without waiting; [`captured_session`]: the session in it
//! - [`state`]: the rules, without locks, clocks and files; [`precedence`]: which of two sessions is the current one
//! - [`analytics_event`]: what an event of the analytics names, and what it is enriched with
//! - [`idle_timer`]: the built-in session timeout, by the clock in [`monotonic`]; [`activity`]: the idle rule, which ends recording and no session
//! - [`deletion`]: what waits, deleted; [`opt_out_memory`]: the user's choice, for later starts
//! - [`hold`]: held sessions; [`segments`]: what is kept of one, [`held_segments`]: where it lies; [`trigger`]: what lets it be sent,
//!   [`discarded`]: what goes without
//! - [`watch`]: whether `sr-worker` has to be woken
//! - [`persisted`]: the session, persisted for the next run
//! - [`targeting`]: rules of the remote configuration that choose sessions; [`targets`]: its verbs, and its file

mod activity;
pub(crate) mod analytics_event;
mod capture_state;
mod captured_session;
mod deletion;
mod discarded;
mod eviction;
#[cfg(test)]
mod eviction_tests;
pub(crate) mod fast_path;
#[cfg(all(test, loom))]
mod fast_path_loom;
#[cfg(test)]
mod fast_path_tests;
mod held_break;
mod held_segments;
mod hold;
mod idle_timer;
mod interactions;
mod monotonic;
mod next_chunk;
mod no_room;
mod opt_out_memory;
mod outcome;
mod persisted;
mod precedence;
mod rollover;
mod segments;
mod slow_path;
mod snapshots;
mod state;
pub(crate) mod targeting;
mod targets;
#[cfg(test)]
mod tests;
mod trigger;
mod watch;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use once_cell::sync::OnceCell;

use crate::filter::Filter;
use crate::log::Log;
use crate::model::capture::{CaptureRule, NotCaptured};
use crate::model::envelope::{ClientInfo, Envelope};
use crate::model::ids::{DeviceId, ReplayId, SessionId};
use crate::model::targeting::Targeting;
use crate::options::{LogLevel, Options};
use crate::queue::Queue;
use crate::stats::Stats;
use crate::storage::{ClockStamp, Counts, Storage};
use crate::sync::Mutex;
use activity::ActivityTimer;
use analytics_event::{AnalyticsEvent, Enrichment, SessionSource};
use capture_state::CaptureState;
pub(crate) use captured_session::{SnapshotState, Stretch};
pub(crate) use deletion::Deletion;
use discarded::Discarded;
use fast_path::FastPath;
use held_break::HeldBreak;
use idle_timer::IdleTimer;
use interactions::OpenInteractions;
use opt_out_memory::OptOutMemory;
pub use outcome::Outcome;
use persisted::PersistedSession;
pub(crate) use snapshots::SnapshotWant;
use state::{Decision, SessionState};
use targeting::TargetingContext;
use targets::Targets;
pub(crate) use trigger::Triggered;
use watch::Watch;

/// The events of this run.
pub(crate) struct Totals {
    pub recorded: Counts,
    /// Events that wait, sealed or not.
    pub waiting_events: u64,
    /// What is held, sealed or not.
    pub held: Counts,
    /// Events that were evicted for newer sessions.
    pub evicted: u64,
    /// Events that were deleted because the host asked for it.
    pub deleted: u64,
}

/// The sessions of one run.
pub(crate) struct Sessions {
    options: Arc<Options>,
    client_info: ClientInfo,
    storage: Arc<Storage>,
    queue: Arc<Queue>,
    stats: Arc<Stats>,
    log: Arc<Log>,
    capture_state: ArcSwap<CaptureState>,
    interactions: OpenInteractions,
    discarded: Discarded,
    /// What was held was too much, so that a full snapshot is wanted: `sr-worker` has not told the views.
    begins_anew: AtomicBool,
    held_break: Mutex<Option<HeldBreak>>,
    /// There was a trigger that is not persisted.
    has_new_trigger: AtomicBool,
    idle: Arc<IdleTimer>,
    activity: Arc<ActivityTimer>,
    opt_out_memory: OptOutMemory,
    state: Mutex<SessionState>,
    /// The remote configuration is not awaited any more.
    has_rule: AtomicBool,
    targets: Targets,
    worker: OnceCell<Thread>,
    watch: Watch,
    /// For the one recorder of the process.
    fast_path: Option<&'static FastPath>,
    /// While there is one, no event takes the fast path, which would pass it by.
    filter: Arc<Filter>,
    /// Turns that threads waited for room that others made.
    #[cfg(test)]
    turns_waited: std::sync::atomic::AtomicU64,
}

impl Sessions {
    /// Begins with the session of the options, or else with the one that was persisted.
    pub fn open(
        options: Arc<Options>,
        storage: Arc<Storage>,
        queue: Arc<Queue>,
        stats: Arc<Stats>,
        log: Arc<Log>,
        rule: Option<CaptureRule>,
        fast_path: Option<&'static FastPath>,
    ) -> Self {
        // With it, every event has to be looked at more closely.
        let fast_path = fast_path.filter(|_| !options.validate_on_record);
        let persisted = PersistedSession::read(&storage);
        let has_rule = AtomicBool::new(rule.is_some());
        let results = if options.remote_config { targets::read(&storage) } else { Default::default() };
        let mut state =
            SessionState::open(&options, &persisted, persisted.idle(), rule, results, SystemTime::now());
        let opt_out_memory = OptOutMemory::new(options.remember_opt_out);
        // The stricter of the user's choice and the option counts.
        if opt_out_memory.recall(&storage).unwrap_or_else(|error| tell_doubt(&log, &storage, &error)) {
            state.set_opt_out(true);
        }
        let sessions = Self {
            capture_state: ArcSwap::from_pointee(CaptureState::new(Decision::Closed, None)),
            interactions: OpenInteractions::default(),
            discarded: Discarded::default(),
            begins_anew: AtomicBool::new(false),
            held_break: Mutex::default(),
            has_new_trigger: AtomicBool::new(false),
            idle: Arc::new(IdleTimer::new(options.session_timeout)),
            activity: Arc::new(ActivityTimer::new(options.idle_timeout)),
            opt_out_memory,
            state: Mutex::new(state),
            has_rule,
            targets: Targets::default(),
            worker: OnceCell::new(),
            #[cfg(test)]
            turns_waited: Default::default(),
            watch: Watch::default(),
            fast_path,
            filter: Arc::default(),
            client_info: options.client_info(),
            options,
            queue,
            storage,
            stats,
            log,
        };
        sessions.change(|_| true);
        sessions
    }

    /// The same, for a host that may have a filter.
    pub fn with_filter(self, filter: Arc<Filter>) -> Self {
        Self { filter, ..self }
    }

    /// Tells which thread to wake when there is something to do.
    pub fn set_worker(&self, worker: Thread) {
        let _ = self.worker.set(worker);
    }

    /// Makes `session` the current one.
    pub fn set_session(&self, session: SessionId) -> Outcome {
        self.change(|state| state.set_session(session, SystemTime::now()))
    }

    /// Makes `device` the current one.
    pub fn set_device(&self, device: DeviceId) -> Outcome {
        self.change(|state| state.set_device(device))
    }

    /// Stops or resumes recording at the user's wish. What was recorded before is still delivered.
    pub fn set_opt_out(&self, opted_out: bool) -> Outcome {
        self.change(|state| state.set_opt_out(opted_out))
    }

    /// Pauses or resumes recording at the host's wish, which ends no opt-out. What was recorded before is still delivered.
    pub fn set_paused(&self, is_paused: bool) -> Outcome {
        self.change(|state| state.set_paused(is_paused))
    }

    /// Options and remote configuration say this, now that the remote configuration is known.
    pub fn apply_rule(&self, rule: CaptureRule, targeting: Option<Targeting>) {
        self.has_rule.store(true, Ordering::Release);
        self.change(|state| state.set_rule(rule, targeting));
    }

    /// The server takes nothing more of this session.
    pub fn reject_session(&self, envelope: &Envelope) {
        self.change(|state| state.reject(envelope.replay_id()));
    }

    /// Follows an event of the analytics: its session or device may become current. Returns what the event is enriched
    /// with, of the same moment: no other thread's event comes between.
    ///
    /// `context`: what it tells for targeting, which is evaluated before: the event that makes a session match is of its replay.
    pub fn follow(&self, event: &AnalyticsEvent, context: Option<TargetingContext>) -> Enrichment {
        let now = SystemTime::now();
        let follow = |state: &mut SessionState| {
            let has_expired = match event.session_source {
                SessionSource::SessionReplay => !state.is_closed() && self.idle.expired_or_touch(),
                SessionSource::Analytics => {
                    if event.session.is_some() {
                        // From now on the analytics decide.
                        self.idle.disable();
                    }
                    false
                }
            };
            let is_other = state.follow(event, has_expired, now);
            context.is_some_and(|context| state.follow_targeting(event, context)) || is_other
        };
        self.change_and_see(follow, |state| state.enrichment(event, now)).1
    }

    /// Something that the rest of this replay builds on was lost: the next event that is recorded tells the host to take a
    /// full snapshot, if it is still this session then.
    pub fn request_snapshot(&self, replay_id: &ReplayId) {
        // Under the lock no thread publishes the fast path meanwhile, where nobody would be told.
        let _state = self.state.lock();
        if let Decision::Captured(session) = &self.capture_state.load().decision
            && session.envelope.replay_id() == *replay_id
        {
            session.require_snapshot();
            self.revoke_fast_path();
            self.wake_worker();
        }
    }

    /// Another filter is set: whoever records from now on meets it.
    pub fn meet_filter(&self) {
        // Under the lock no thread publishes the fast path meanwhile, for which it saw no filter.
        let _state = self.state.lock();
        self.revoke_fast_path();
    }

    /// Whether the server takes nothing more of the session of this envelope.
    pub fn is_rejected(&self, envelope: &Envelope) -> bool {
        self.state.lock().is_rejected(&envelope.replay_id())
    }

    /// How long the session that is recorded now has lasted; `None` when this envelope is of another.
    pub fn age_of_current(&self, envelope: &Envelope) -> Option<Duration> {
        let state = self.state.lock();
        if state.replay_id()? != envelope.replay_id() {
            return None;
        }
        let by_the_clock = state.started().elapsed().unwrap_or_default();
        // The clock may be set back, the time that passed in this run can't.
        match &self.capture_state.load().decision {
            Decision::Captured(session) => Some(by_the_clock.max(session.age())),
            _ => Some(by_the_clock),
        }
    }

    /// Ends recording for the host, who has no way in any more but the calls that already run. Frames that were taken are still
    /// recorded, until [`Self::close`].
    pub fn begin_close(&self) {
        self.storage.note_end();
        let mut state = self.state.lock();
        state.begin_close();
        // Under the lock no thread publishes it meanwhile.
        self.revoke_fast_path();
    }

    /// Ends recording for good. What was recorded waits to be delivered.
    pub fn close(&self) {
        self.storage.note_end();
        self.change(SessionState::close);
    }

    /// Whether recording has ended for the host.
    pub fn is_closed(&self) -> bool {
        self.state.lock().is_closed()
    }

    /// The current session.
    pub fn session(&self) -> Option<SessionId> {
        self.state.lock().session().cloned()
    }

    /// The current session, and its replay if that is captured; both of one moment.
    pub fn current(&self) -> (Option<SessionId>, Option<ReplayId>) {
        let state = self.state.lock();
        (state.session().cloned(), state.captured_replay())
    }

    /// The replay that is captured, and when its session began.
    pub fn captured_since(&self) -> Option<(ReplayId, SystemTime)> {
        let state = self.state.lock();
        Some((state.captured_replay()?, state.started()))
    }

    /// How many sessions were begun by this run, captured or not.
    pub fn sessions_started(&self) -> u64 {
        self.state.lock().sessions_started()
    }

    /// `<device>/<session>`, when both are known.
    pub fn replay_id(&self) -> Option<ReplayId> {
        self.state.lock().replay_id()
    }

    /// Whether the current session is captured; `None` while that is not decided.
    pub fn is_captured(&self) -> Option<Result<(), NotCaptured>> {
        match &self.capture_state.load().decision {
            Decision::Captured(session) if session.is_held => Some(Err(NotCaptured::Held)),
            Decision::Captured(session) => session.envelope.sample_rate.map(|_| Ok(())),
            Decision::NotCaptured(reason) => Some(Err(*reason)),
            Decision::AwaitsEvent => Some(Err(NotCaptured::AwaitsEvent)),
            Decision::Closed => Some(Err(NotCaptured::NoSessionId)),
        }
    }

    /// Whether the server is heard about what is recorded next. The first event of a session, or of a user who was idle, may
    /// begin it while the remote configuration is still awaited.
    pub fn is_server_heard(&self) -> bool {
        match self.is_captured() {
            Some(Err(NotCaptured::AwaitsEvent | NotCaptured::Idle)) => self.has_rule.load(Ordering::Acquire),
            is_captured => is_captured.is_some(),
        }
    }

    /// What was recorded by this run, and what became of it here.
    pub fn totals(&self) -> Totals {
        // Under the lock no chunk changes its place and nothing is evicted, so that none is counted twice or not at all.
        let _state = self.state.lock();
        let mut unsealed: Counts = self
            .capture_state
            .load()
            .chunk
            .as_ref()
            .map(|chunk| chunk.records().collect())
            .unwrap_or_default();
        let mut recorded = self.queue.recorded();
        unsealed += self.interactions.counts();
        recorded += unsealed;
        let (mut held, removed) = self.held_counts();
        recorded += held;
        recorded += removed;
        if self.is_held() {
            held += std::mem::take(&mut unsealed);
        }
        Totals {
            recorded,
            waiting_events: self.queue.waiting_events() + unsealed.events,
            held,
            evicted: self.stats.dropped_storage_limit.get(),
            deleted: self.stats.dropped_deleted.get(),
        }
    }

    /// Whether the current chunk holds events.
    pub fn has_unsealed(&self) -> bool {
        self.capture_state.load().chunk.as_ref().is_some_and(|chunk| chunk.used() > 0)
    }

    /// Sees to it that the current chunk's file is as young as the events in it.
    pub fn keep_young(&self) {
        if let Some(chunk) = self.capture_state.load().chunk.as_ref().filter(|chunk| chunk.used() > 0) {
            chunk.keep_young();
        }
    }

    /// Persists the session for the next run, and when its last event was: the built-in timeout counts from there.
    pub fn persist(&self) {
        let clock = ClockStamp::now();
        let persisted = {
            // Under the lock no other session begins: the last event is one of this session.
            let state = self.state.lock();
            let now = SystemTime::now();
            let last_event = now.checked_sub(self.idle.idle()).unwrap_or(now);
            state.to_persist(last_event, clock)
        };
        if let Err(error) = persisted.write(&self.storage) {
            self.log.write(LogLevel::Warn, || {
                format!("the session can't be persisted for the next run: {error}")
            });
        }
    }

    /// The worker thread comes by itself from now on, or not. `true`: see [`Watch::set`].
    pub fn set_watched(&self, is_watched: bool) -> bool {
        self.watch.set(is_watched)
    }

    /// Wakes the worker thread, unless it comes by itself in a moment: something is due that can wait so long.
    pub(super) fn wake_worker_soon(&self) {
        if self.watch.needs_wake() {
            self.wake_worker();
        }
    }

    /// Wakes the worker thread.
    pub fn wake_worker(&self) {
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }
}

/// Where nobody can tell whether the user opted out, nothing is recorded.
fn tell_doubt(log: &Log, storage: &Storage, error: &io::Error) -> bool {
    log.write(LogLevel::Error, || {
        format!(
            "the user's choice can't be read ({error}) in {}, so this run is opted out: let this user read its directory, or call sr_set_opt_out(false) where the user agrees",
            opt_out_memory::mark_place(storage)
        )
    });
    true
}
