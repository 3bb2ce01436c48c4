//! Which session is current, and is it captured?
//!
//! Here are the verbs: what the host, the server or the analytics say changes the state, and a rollover follows.
//!
//! - [`slow_path`]: recording an event, and [`fast_path`], which most events take
//! - [`rollover`]: another session, another decision, another chunk; [`eviction`]: making room for it
//! - [`capture_state`]: the immutable state that every recorded event reads without waiting
//! - [`state`]: the rules, without locks, clocks and files; [`precedence`]: which of two sessions is the current one
//! - [`analytics_event`]: what an event of the analytics names, and what it is enriched with
//! - [`idle_timer`]: the built-in session timeout
//! - [`persisted`]: the session, persisted for the next run

pub(crate) mod analytics_event;
mod capture_state;
mod eviction;
pub(crate) mod fast_path;
#[cfg(all(test, loom))]
mod fast_path_loom;
mod idle_timer;
mod outcome;
mod persisted;
mod precedence;
mod rollover;
mod slow_path;
mod state;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use once_cell::sync::OnceCell;

use crate::log::Log;
use crate::model::capture::{CaptureRule, NotCaptured};
use crate::model::envelope::{ClientInfo, Envelope};
use crate::model::ids::{DeviceId, ReplayId, SessionId};
use crate::options::{LogLevel, Options};
use crate::queue::Queue;
use crate::stats::Stats;
use crate::storage::{ClockStamp, Counts, Storage};
use crate::sync::Mutex;
use analytics_event::{AnalyticsEvent, Enrichment, SessionSource};
use capture_state::CaptureState;
pub(crate) use capture_state::Stretch;
use fast_path::FastPath;
use idle_timer::IdleTimer;
pub use outcome::Outcome;
use persisted::PersistedSession;
use state::{Decision, SessionState};

/// The events of this run.
pub(crate) struct Totals {
    pub recorded: Counts,
    /// Events that wait, sealed or not.
    pub waiting_events: u64,
    /// Events that were evicted for newer sessions.
    pub evicted: u64,
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
    idle: IdleTimer,
    state: Mutex<SessionState>,
    /// The remote configuration is not awaited any more.
    has_rule: AtomicBool,
    worker: OnceCell<Thread>,
    /// For the one recorder of the process.
    fast_path: Option<&'static FastPath>,
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
        // With either of these, every event has to be looked at more closely.
        let fast_path =
            fast_path.filter(|_| options.session_timeout.is_none() && !options.validate_on_record);
        let persisted = PersistedSession::read(&storage);
        let has_rule = AtomicBool::new(rule.is_some());
        let state = SessionState::open(&options, &persisted, persisted.idle(), rule, SystemTime::now());
        let sessions = Self {
            capture_state: ArcSwap::from_pointee(CaptureState::new(Decision::Closed, None)),
            idle: IdleTimer::new(options.session_timeout),
            state: Mutex::new(state),
            has_rule,
            worker: OnceCell::new(),
            fast_path,
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

    /// Options and remote configuration say this, now that the remote configuration is known.
    pub fn apply_rule(&self, rule: CaptureRule) {
        self.has_rule.store(true, Ordering::Release);
        self.change(|state| state.set_rule(rule));
    }

    /// The server takes nothing more of this session.
    pub fn reject_session(&self, envelope: &Envelope) {
        self.change(|state| state.reject(envelope.replay_id()));
    }

    /// Follows an event of the analytics: its session or device may become current. Returns what the event is enriched
    /// with, of the same moment: no other thread's event comes between.
    pub fn follow(&self, event: &AnalyticsEvent) -> Enrichment {
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
            state.follow(event, has_expired, now)
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
        }
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
        let mut state = self.state.lock();
        state.begin_close();
        // Under the lock no thread publishes it meanwhile.
        self.revoke_fast_path();
    }

    /// Ends recording for good. What was recorded waits to be delivered.
    pub fn close(&self) {
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
            Decision::Captured(session) => session.envelope.sample_rate.map(|_| Ok(())),
            Decision::NotCaptured(reason) => Some(Err(*reason)),
            Decision::AwaitsEvent => Some(Err(NotCaptured::AwaitsEvent)),
            Decision::Closed => Some(Err(NotCaptured::NoSessionId)),
        }
    }

    /// Whether the server is heard about what is recorded next. The first event of a session may begin it while the remote
    /// configuration is still awaited.
    pub fn is_server_heard(&self) -> bool {
        match self.is_captured() {
            Some(Err(NotCaptured::AwaitsEvent)) => self.has_rule.load(Ordering::Acquire),
            is_captured => is_captured.is_some(),
        }
    }

    /// What was recorded by this run, and what became of it here.
    pub fn totals(&self) -> Totals {
        // Under the lock no chunk changes its place and nothing is evicted, so that none is counted twice or not at all.
        let _state = self.state.lock();
        let unsealed: Counts = self
            .capture_state
            .load()
            .chunk
            .as_ref()
            .map(|chunk| chunk.records().collect())
            .unwrap_or_default();
        let mut recorded = self.queue.recorded();
        recorded += unsealed;
        Totals {
            recorded,
            waiting_events: self.queue.waiting_events() + unsealed.events,
            evicted: self.stats.dropped_storage_limit.get(),
        }
    }

    /// Whether the current chunk holds events.
    pub fn has_unsealed(&self) -> bool {
        self.capture_state.load().chunk.as_ref().is_some_and(|chunk| chunk.used() > 0)
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

    /// Wakes the worker thread.
    pub fn wake_worker(&self) {
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }
}
