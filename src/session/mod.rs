//! Which session, and is it captured? One place owns the answer.
//!
//! Here are the verbs: what a host or the server says changes the state, and a rollover follows.
//!
//! - [`hot_path`]: recording an event, and [`fast_path`], which most events take
//! - [`rollover`]: another session, another decision, another chunk; [`eviction`]: making room for it
//! - [`capture_state`]: the immutable state that every recorded event reads without waiting
//! - [`follow`]: following the analytics' sessions and devices; [`analytics_event`]: what their events name;
//!   [`precedence`]: which of two sessions is the current one
//! - [`idle_timer`]: the built-in session timeout
//! - [`persisted`]: the session, kept for the next run

pub(crate) mod analytics_event;
mod capture_state;
mod eviction;
pub(crate) mod fast_path;
#[cfg(all(test, loom))]
mod fast_path_loom;
mod follow;
mod hot_path;
mod idle_timer;
mod outcome;
mod persisted;
mod precedence;
mod rollover;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::thread::Thread;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use once_cell::sync::OnceCell;

use crate::log::Log;
use crate::model::capture::{CaptureRule, NotCaptured};
use crate::model::envelope::{Envelope, Origin};
use crate::model::ids::{DeviceId, ReplayId, SessionId};
use crate::options::{LogLevel, Options};
use crate::queue::Queue;
use crate::stats::Stats;
use crate::storage::{Counts, Storage};
use crate::sync::Mutex;
use capture_state::{Capture, CaptureState};
use fast_path::FastPath;
use follow::History;
use idle_timer::IdleTimer;
pub use outcome::Outcome;
use persisted::PersistedSession;

/// See [`Sessions::totals`].
pub(crate) struct Totals {
    pub recorded: Counts,
    /// Events that wait, sealed or not.
    pub waiting_events: u64,
    /// Events that were given up for newer sessions.
    pub evicted: u64,
}

/// The sessions of one run.
pub(crate) struct Sessions {
    options: Arc<Options>,
    origin: Origin,
    storage: Arc<Storage>,
    queue: Arc<Queue>,
    stats: Arc<Stats>,
    log: Arc<Log>,
    capture_state: ArcSwap<CaptureState>,
    idle: IdleTimer,
    state: Mutex<State>,
    worker: OnceCell<Thread>,
    /// For the one recorder of the process.
    fast_path: Option<&'static FastPath>,
}

struct State {
    device: Option<DeviceId>,
    /// The host gave it, so that no event changes it.
    device_is_given: bool,
    session: Option<SessionId>,
    /// It was begun by the built-in timeout.
    is_built_in: bool,
    started: SystemTime,
    history: History,
    opted_out: bool,
    /// `None` while the remote configuration is awaited.
    rule: Option<CaptureRule>,
    /// The sessions that the server gave up, as `<device>/<session>`, newest last.
    rejected: Vec<ReplayId>,
    chunks: u64,
    /// The session that was counted in the statistics last.
    counted: Option<ReplayId>,
    /// How many sessions were begun, captured or not.
    sessions_started: u64,
    closed: bool,
}

/// `protocol.md`: "remember the last 256".
const MAX_REJECTED: usize = 256;

/// The session, and the id of its replay where that is captured.
type Current = (Option<SessionId>, Option<ReplayId>);

impl Sessions {
    /// The session to begin with: the options', or else the one that was persisted.
    pub fn open(
        options: Arc<Options>,
        storage: Arc<Storage>,
        queue: Arc<Queue>,
        stats: Arc<Stats>,
        log: Arc<Log>,
        rule: Option<CaptureRule>,
        fast_path: Option<&'static FastPath>,
    ) -> Self {
        // With either of these, every event is looked at more closely.
        let fast_path =
            fast_path.filter(|_| options.session_timeout.is_none() && !options.validate_on_record);
        let persisted = PersistedSession::read(&storage);
        let now = SystemTime::now();
        let stored = persisted.session(persisted.idle(), options.session_timeout, now);
        let session = options.session_id.clone().or(stored.clone());
        let is_stored = session == stored;
        let started = persisted.started().filter(|_| is_stored);
        let sessions = Self {
            capture_state: ArcSwap::from_pointee(CaptureState::off(NotCaptured::NoSessionId)),
            idle: IdleTimer::new(options.session_timeout),
            state: Mutex::new(State {
                device: options.device_id.clone().or(persisted.device()),
                device_is_given: options.device_id.is_some(),
                session,
                is_built_in: is_stored && options.session_id.is_none() && persisted.is_built_in(),
                started: started.unwrap_or(now),
                history: History::default(),
                opted_out: options.opt_out,
                rule,
                rejected: Vec::new(),
                chunks: 0,
                counted: None,
                sessions_started: 0,
                closed: false,
            }),
            worker: OnceCell::new(),
            fast_path,
            origin: options.origin(),
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
        if self.state.lock().session.as_ref() == Some(&session) {
            return Outcome::Done;
        }
        self.change(|state| {
            let other = state.session.as_ref() != Some(&session);
            if other {
                state.begin(session);
                self.idle.touch();
            }
            other
        })
    }

    /// The current session, and the replay that it is captured in, if it is.
    pub fn current(&self) -> Current {
        // Under the lock both are of one moment.
        self.seen(&self.state.lock())
    }

    fn seen(&self, state: &State) -> Current {
        let replay = match &self.capture_state.load().capture {
            Capture::On(captured) if captured.envelope.sample_rate.is_some() => {
                Some(captured.envelope.replay_id())
            }
            _ => None,
        };
        (state.session.clone(), replay)
    }

    /// Makes `device` the current one.
    pub fn set_device(&self, device: DeviceId) -> Outcome {
        {
            let mut state = self.state.lock();
            state.device_is_given = true;
            if state.device.as_ref() == Some(&device) {
                return Outcome::Done;
            }
        }
        self.change(|state| state.device.replace(device.clone()) != Some(device))
    }

    /// Stops or resumes recording at the user's wish. What was recorded before is still delivered.
    pub fn set_opt_out(&self, opted_out: bool) -> Outcome {
        if self.state.lock().opted_out == opted_out {
            return Outcome::Done;
        }
        self.change(|state| std::mem::replace(&mut state.opted_out, opted_out) != opted_out)
    }

    /// Joins what the server answered, once it is known.
    pub fn apply_rule(&self, rule: CaptureRule) {
        self.change(|state| state.rule.replace(rule) != Some(rule));
    }

    /// The server takes nothing more of this session.
    pub fn reject_session(&self, envelope: &Envelope) {
        let id = envelope.replay_id();
        self.change(|state| {
            if state.rejected.contains(&id) {
                return false;
            }
            if state.rejected.len() == MAX_REJECTED {
                state.rejected.remove(0);
            }
            state.history.rejected(&id);
            state.rejected.push(id);
            true
        });
    }

    /// What the rest of this session builds on was lost: the next event that is recorded tells the host to take a full
    /// snapshot, if it is still this session then.
    pub fn request_snapshot(&self, replay_id: &ReplayId) {
        // Under the lock no thread opens the short cut meanwhile, where it would not be told.
        let _state = self.state.lock();
        if let Capture::On(captured) = &self.capture_state.load().capture
            && captured.envelope.replay_id() == *replay_id
        {
            captured.require_snapshot();
            self.revoke_fast_path();
        }
    }

    /// Whether the server gave the session of this envelope up.
    pub fn is_rejected(&self, envelope: &Envelope) -> bool {
        self.state.lock().rejected.contains(&envelope.replay_id())
    }

    /// How long the session that is recorded now has lasted; `None` when this envelope is of another.
    pub fn age_of_current(&self, envelope: &Envelope) -> Option<Duration> {
        let current = self.replay_id().is_some_and(|id| id == envelope.replay_id());
        current.then(|| {
            let by_the_clock = self.state.lock().started.elapsed().unwrap_or_default();
            // The clock may be set back, the time that passed in this run can't.
            match &self.capture_state.load().capture {
                Capture::On(captured) => by_the_clock.max(captured.age()),
                _ => by_the_clock,
            }
        })
    }

    /// Ends recording for good. What was recorded waits to be delivered.
    pub fn close(&self) {
        self.change(|state| !std::mem::replace(&mut state.closed, true));
    }

    /// Whether recording has ended.
    pub fn is_closed(&self) -> bool {
        self.state.lock().closed
    }

    /// The current session.
    pub fn session(&self) -> Option<SessionId> {
        self.state.lock().session.clone()
    }

    /// How many sessions were begun by this run, captured or not.
    pub fn sessions_started(&self) -> u64 {
        self.state.lock().sessions_started
    }

    /// `<device>/<session>`, when both are known.
    pub fn replay_id(&self) -> Option<ReplayId> {
        self.state.lock().replay_id()
    }

    /// Whether the current session is captured; `None` while that is not decided.
    pub fn is_captured(&self) -> Option<Result<(), NotCaptured>> {
        match &self.capture_state.load().capture {
            Capture::On(captured) => captured.envelope.sample_rate.map(|_| Ok(())),
            Capture::Off(reason) => Some(Err(*reason)),
            Capture::TimedOut => Some(Err(NotCaptured::AwaitsEvent)),
            Capture::Closed => Some(Err(NotCaptured::NoSessionId)),
        }
    }

    /// What was recorded by this run, and what became of it here.
    pub fn totals(&self) -> Totals {
        // Under the lock no chunk changes its place and nothing is given up, so that none is counted twice or not at all.
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

    /// Keeps the session for the next run, and when its last event was, from which the built-in timeout counts.
    pub fn persist(&self) {
        let (session, device, started, is_built_in) = {
            let state = self.state.lock();
            (state.session.clone(), state.device.clone(), state.started, state.is_built_in)
        };
        let now = SystemTime::now();
        let last = now.checked_sub(self.idle.idle()).unwrap_or(now);
        let persisted = PersistedSession::of(session, device, started, is_built_in, last);
        if let Err(error) = persisted.write(&self.storage) {
            self.log.write(LogLevel::Warn, || format!("the session can't be kept for the next run: {error}"));
        }
    }

    /// Wakes the thread that minds the time.
    pub fn wake_worker(&self) {
        if let Some(worker) = self.worker.get() {
            worker.unpark();
        }
    }
}

impl State {
    fn begin(&mut self, session: SessionId) {
        self.sessions_started += 1;
        self.session = Some(session);
        self.started = SystemTime::now();
        self.is_built_in = false;
        self.history.session_begins();
    }

    fn replay_id(&self) -> Option<ReplayId> {
        Some(ReplayId { device: self.device.clone()?, session: self.session.clone()? })
    }

    /// A session of the built-in kind, named after its beginning; later than the one before, unless that one comes from
    /// the future.
    fn begin_after_timeout(&mut self) {
        let now = SystemTime::now();
        let before = self.session.as_ref().filter(|before| precedence::is_plausible(before, now));
        let session = match before.and_then(SessionId::as_millis) {
            Some(before) if crate::model::ids::unix_millis(now) <= before as u64 => {
                SessionId::of_time(SystemTime::UNIX_EPOCH + Duration::from_millis(before as u64 + 1))
            }
            _ => SessionId::of_time(now),
        };
        self.begin(session);
        self.is_built_in = true;
    }

    /// Whose replay is recorded; or why there is none.
    fn identity(&self, session_timeout: Option<Duration>) -> Result<ReplayId, Capture> {
        if self.opted_out {
            return Err(Capture::Off(NotCaptured::OptedOut));
        }
        let device = self.device.clone().ok_or(Capture::Off(NotCaptured::NoDeviceId))?;
        let session = match &self.session {
            Some(session) => session.clone(),
            None if session_timeout.is_some() => return Err(Capture::TimedOut),
            None => return Err(Capture::Off(NotCaptured::NoSessionId)),
        };
        let replay_id = ReplayId { device, session };
        if self.rejected.contains(&replay_id) {
            return Err(Capture::Off(NotCaptured::SessionRejected));
        }
        Ok(replay_id)
    }
}
