//! Which session, and is it captured? One place owns the answer.
//!
//! - [`capture_state`]: the immutable state that `sr_record` reads without waiting
//! - [`follow`]: following the analytics' sessions and devices; [`analytics_event`]: what their events name
//! - [`precedence`]: which of two sessions of the analytics is the current one
//! - [`fast_path`]: what most events take
//! - [`persisted`]: what is persisted for the next run
//! - [`idle_timer`]: the built-in session timeout
//!
//! A rollover revokes the fast path, puts a new capture state in place and then seals the old one's chunk. So an event
//! whose recording begins after the rollover returned can only meet the new chunk; one whose recording had returned
//! is in the old; and one that runs at the same time finds the old chunk sealed and looks again, or was in time. Each
//! is in exactly one.

pub(crate) mod analytics_event;
mod capture_state;
pub(crate) mod fast_path;
#[cfg(all(test, loom))]
mod fast_path_loom;
mod follow;
mod idle_timer;
mod persisted;
mod precedence;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::thread::Thread;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use once_cell::sync::OnceCell;

use crate::error::Error;
use crate::log::Log;
use crate::model::capture::{CaptureRule, NotCaptured};
use crate::model::envelope::{Envelope, Origin};
use crate::model::event::{self, WireEvent};
use crate::model::ids::{DeviceId, ReplayId, SessionId};
use crate::options::{LogLevel, Options};
use crate::queue::Queue;
use crate::stats::Stats;
use crate::storage::{Append, Counts, FreshChunk, SealedChunk, Storage};
use crate::sync::Mutex;
use capture_state::{Capture, CaptureState, Captured};
use fast_path::{CachedChunk, FastPath};
use follow::History;
use idle_timer::IdleTimer;
use persisted::PersistedSession;

/// What a call has to tell besides that it went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Done, and the session has no full snapshot yet: the host should take one. Whether the event survives the end of the
    /// process it does not say.
    NeedsFullSnapshot,
    /// Done, but only memory holds the event although there is a storage directory.
    NotStored,
    /// The session is not captured; nothing was persisted.
    NotCaptured,
}

impl Outcome {
    /// The other one, where this has nothing to tell.
    fn unless_done(self, other: Self) -> Self {
        if self == Self::Done { other } else { self }
    }

    /// What a call that kept several events has to tell: that a snapshot is missing now; else that one of them is in memory
    /// only; else what the last one told.
    pub(crate) fn then(self, last: Self) -> Self {
        match (self, last) {
            (_, Self::NeedsFullSnapshot) => Self::NeedsFullSnapshot,
            (Self::NotStored, _) => Self::NotStored,
            (_, last) => last,
        }
    }
}

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
    active: ArcSwap<CaptureState>,
    idle: IdleTimer,
    state: Mutex<State>,
    worker: OnceCell<Thread>,
    /// Where threads find the short cut into the current chunk, for the one recorder of the process.
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
            active: ArcSwap::from_pointee(CaptureState::off(NotCaptured::NoSessionId)),
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

    /// Keeps one event. The path that a host's threads take most: no lock, no allocation, no system call,
    /// except where a chunk is full.
    pub fn record(&self, event: &[u8]) -> Result<Outcome, Error> {
        let event = self.check(event)?;
        loop {
            if self.idle.expired_or_touch() {
                self.begin_session_now();
            }
            let active = self.active.load();
            let Capture::On(captured) = &active.capture else {
                match &active.capture {
                    Capture::TimedOut => self.begin_session_now(),
                    Capture::Closed => return Err(Error::ShutDown),
                    Capture::Off(_) | Capture::On(_) => {
                        self.stats.not_captured.add(1);
                        return Ok(Outcome::NotCaptured);
                    }
                }
                continue;
            };
            match active.chunk.as_ref().map_or(Append::Full, |chunk| chunk.append(event)) {
                Append::Stored { first } => {
                    if first {
                        self.wake_worker();
                    }
                    if !self.is_safe(&active) {
                        self.stats.not_stored.add(1);
                        return Ok(captured.after(event).unless_done(Outcome::NotStored));
                    }
                    let outcome = captured.after(event);
                    self.publish_fast_path(&active, captured);
                    return Ok(outcome);
                }
                Append::Full => self.replace_chunk(&active, captured, event.len())?,
                Append::Sealed => std::hint::spin_loop(),
            }
        }
    }

    /// Whether what this chunk holds survives the end of the process, if it is to.
    fn is_safe(&self, active: &CaptureState) -> bool {
        !self.storage.has_storage() || active.chunk.as_ref().is_none_or(|chunk| chunk.is_stored())
    }

    /// Lets this thread's next events take the short cut, if there is nothing to be told about them.
    fn publish_fast_path(&self, active: &Arc<CaptureState>, captured: &Captured) {
        let (Some(fast_path), Some(chunk), true) = (self.fast_path, &active.chunk, captured.has_snapshot())
        else {
            return;
        };
        let cached =
            active.cached_chunk.get_or_init(|| CachedChunk::new(chunk, self.options.max_event_bytes));
        if fast_path.is_published(cached) && fast_path::is_cached(cached) {
            return;
        }
        {
            // Under the lock neither the snapshot nor what is known of the session changes.
            let _state = self.state.lock();
            if !self.is_current(active) || !captured.has_snapshot() {
                return;
            }
            fast_path.publish(cached);
        }
        fast_path::cache(cached);
    }

    fn revoke_fast_path(&self) {
        if let Some(fast_path) = self.fast_path {
            fast_path.revoke();
        }
    }

    /// What can be checked without reading the event; all of it with `validateOnRecord`.
    fn check<'a>(&self, event: &'a [u8]) -> Result<&'a [u8], Error> {
        let event = event::trim(event);
        if event.len() > self.options.max_event_bytes {
            self.stats.refused_too_large.add(1);
            return Err(Error::EventTooLarge { bytes: event.len(), limit: self.options.max_event_bytes });
        }
        let refused = if event.len() < 2 || event[0] != b'{' || event[event.len() - 1] != b'}' {
            Some(format!(
                "the event is not a JSON object: it must begin with '{{' and end with '}}'; is the length ({}) right?",
                event.len()
            ))
        } else if self.options.validate_on_record {
            WireEvent::parse(event).err().map(|error| format!("the event is {error}"))
        } else {
            None
        };
        match refused {
            None => Ok(event),
            Some(message) => {
                self.stats.refused_invalid.add(1);
                Err(Error::InvalidJson(message))
            }
        }
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
        let replay = match &self.active.load().capture {
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
        if let Capture::On(captured) = &self.active.load().capture
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
            match &self.active.load().capture {
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

    /// Closes the current chunk if there is something in it, so that it can be delivered. The one that is ready takes
    /// its place; where none is, the next event asks for one.
    pub fn seal(&self) {
        // Under the lock: who flushes must not go on while another thread has put its snapshot in place, but has not yet
        // handed over the chunk before.
        let active = {
            let _state = self.state.lock();
            self.active.load_full()
        };
        if let (Capture::On(captured), Some(chunk)) = (&active.capture, &active.chunk)
            && chunk.used() > 0
        {
            self.put_chunk_in_place(&active, captured, self.storage.ready_chunk());
        }
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
        match &self.active.load().capture {
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
        let unsealed: Counts =
            self.active.load().chunk.as_ref().map(|chunk| chunk.records().collect()).unwrap_or_default();
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
        self.active.load().chunk.as_ref().is_some_and(|chunk| chunk.used() > 0)
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

    /// Begins a session of the built-in kind. Called by whoever finds the old one timed out first.
    fn begin_session_now(&self) {
        self.change(|state| {
            // Another thread may have been faster.
            let due = state.session.is_none() || self.idle.expired_or_touch();
            if due {
                state.begin_after_timeout();
                self.idle.touch();
            }
            due
        });
    }

    /// Changes the state and, where `edit` says that it did, puts a new snapshot in place.
    fn change(&self, edit: impl FnOnce(&mut State) -> bool) -> Outcome {
        self.change_and_see(edit, |_| ()).0
    }

    /// As [`Self::change`]; and what is to be seen then, under the same lock.
    fn change_and_see<T>(
        &self,
        edit: impl FnOnce(&mut State) -> bool,
        see: impl FnOnce(&State) -> T,
    ) -> (Outcome, T) {
        // Only one that is ready: making one costs system calls, which the caller is not to wait for. Where none is, the
        // next event asks for one.
        let mut fresh = self.storage.ready_chunk();
        let outcome = {
            let mut state = self.state.lock();
            let outcome = if edit(&mut state) {
                let active = self.compute_capture_state(&mut state, &mut fresh);
                let outcome = active.outcome();
                self.put_in_place(&mut state, active);
                outcome
            } else {
                Outcome::Done
            };
            (outcome, see(&state))
        };
        if let Some(unused) = fresh {
            self.storage.put_spare(unused);
        }
        self.queue.release();
        self.wake_worker();
        outcome
    }

    /// The snapshot that the state asks for.
    fn compute_capture_state(&self, state: &mut State, fresh: &mut Option<FreshChunk>) -> CaptureState {
        if state.closed {
            return CaptureState::closed();
        }
        let replay_id = match state.identity(self.options.session_timeout) {
            Ok(replay_id) => replay_id,
            Err(capture) => return CaptureState::without_chunk(capture),
        };
        let rate = match state.rule.map(|rule| rule.allows(&replay_id.session).map(|()| rule.sample_rate)) {
            None => None,
            Some(Ok(rate)) => Some(rate),
            Some(Err(reason)) => return CaptureState::off(reason),
        };
        let envelope = Envelope::new(&self.origin, &replay_id, rate, state.started);
        let captured = match &self.active.load().capture {
            // The same session, decided about only now: its full snapshot counts.
            Capture::On(before) if before.envelope.is_same_recording(&envelope) => before.decided(envelope),
            _ => {
                let id = Some(envelope.replay_id());
                if state.counted != id {
                    self.stats.sessions.add(1);
                    state.counted = id;
                }
                Captured::new(envelope)
            }
        };
        if rate.is_some() {
            state.history.captured(captured.envelope.replay_id());
        }
        let captured = Arc::new(captured);
        let chunk = fresh.take().map(|fresh| state.label(fresh, &captured));
        CaptureState::on(captured, chunk)
    }

    /// Swaps the snapshot and seals what the old one recorded into.
    fn put_in_place(&self, _state: &mut State, active: CaptureState) {
        // First of all: a thread that has met the new snapshot must not find its way into the old chunk again.
        self.revoke_fast_path();
        let before = self.active.swap(Arc::new(active));
        if let Some(chunk) = &before.chunk {
            self.queue.push(SealedChunk::seal(chunk.clone()));
        }
    }

    /// Puts a chunk with room for an event of this length in the place of `seen`'s, unless somebody else did.
    fn replace_chunk(
        &self,
        seen: &Arc<CaptureState>,
        captured: &Arc<Captured>,
        event: usize,
    ) -> Result<(), Error> {
        if !self.is_current(seen) {
            return Ok(());
        }
        let error = match self.fresh_chunk(event) {
            Ok(fresh) => {
                self.put_chunk_in_place(seen, captured, Some(fresh));
                return Ok(());
            }
            Err(error) => error,
        };
        {
            let _state = self.state.lock();
            // Another thread may have got the last chunk that there was room for: it is for all.
            if !self.is_current(seen) {
                return Ok(());
            }
            // What is refused now is missing in the replay: it needs a new beginning.
            captured.require_snapshot();
            self.revoke_fast_path();
        }
        match error {
            Error::BufferFull { .. } => self.stats.refused_buffer_full.add(1),
            _ => self.stats.refused_storage.add(1),
        }
        self.wake_worker();
        Err(error)
    }

    fn is_current(&self, active: &Arc<CaptureState>) -> bool {
        Arc::ptr_eq(active, &self.active.load())
    }

    /// Puts a chunk, or none, in the place of `seen`'s, unless somebody else did.
    fn put_chunk_in_place(
        &self,
        seen: &Arc<CaptureState>,
        captured: &Arc<Captured>,
        mut fresh: Option<FreshChunk>,
    ) {
        {
            let mut state = self.state.lock();
            if self.is_current(seen) {
                let chunk = fresh.take().map(|fresh| state.label(fresh, captured));
                self.put_in_place(&mut state, CaptureState::on(captured.clone(), chunk));
            }
        }
        if let Some(unused) = fresh {
            self.storage.put_spare(unused);
        }
    }

    /// A chunk with room for an event of this length; gives up the oldest sessions where the limit asks for it,
    /// but never the current one.
    fn fresh_chunk(&self, event: usize) -> Result<FreshChunk, Error> {
        /// Longer than anybody takes to make a chunk, unless its thread died in the middle.
        const PATIENCE: u32 = 10_000;
        let (mut has_finalized, mut waited) = (false, 0);
        loop {
            match self.storage.fresh(event) {
                // What another thread is making now may be for all.
                Err(Error::BufferFull { .. }) if self.storage.is_making() && waited < PATIENCE => {
                    waited += 1;
                    std::thread::yield_now();
                    match self.storage.ready_chunk() {
                        Some(ready) if ready.holds(event) => return Ok(ready),
                        Some(ready) => self.storage.put_spare(ready),
                        None => {}
                    }
                }
                Err(Error::BufferFull { .. }) if !has_finalized => {
                    self.free_finalizable();
                    has_finalized = true;
                }
                Err(full @ Error::BufferFull { .. }) => self.evict_oldest_session().ok_or(full)?,
                result => return result,
            }
        }
    }

    /// Makes the next chunk ready, ahead of need.
    pub fn prepare(&self) -> Result<(), Error> {
        if self.storage.is_full_for(0) {
            self.free_finalizable();
        }
        if self.storage.is_full_for(0) {
            let _ = self.evict_oldest_session();
        }
        self.storage.prepare_spare()
    }

    /// Before a session is given up: a chunk that was closed a moment ago counts whole until it is cut to what is in it.
    fn free_finalizable(&self) {
        self.queue.finalize(Duration::MAX);
        self.remove_evicted();
    }

    fn evict_oldest_session(&self) -> Option<()> {
        let id = {
            // Under the lock no other session becomes the current one meanwhile.
            let state = self.state.lock();
            self.queue.evict_session(state.replay_id().as_ref())?
        };
        self.log.write(LogLevel::Warn, || {
            format!("storage limit reached: session {id} is given up for newer ones")
        });
        self.remove_evicted();
        Some(())
    }

    /// Removes what was given up, as far as nobody is using it.
    pub fn remove_evicted(&self) {
        let evicted = {
            let _state = self.state.lock();
            let evicted = self.queue.take_evicted();
            let events = evicted.iter().map(|sealed| sealed.waiting()).sum();
            self.stats.dropped_storage_limit.add(events);
            evicted
        };
        evicted.iter().for_each(|sealed| sealed.remove());
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

    fn label(&mut self, fresh: FreshChunk, captured: &Captured) -> Arc<crate::storage::Chunk> {
        self.chunks += 1;
        Arc::new(fresh.label(self.chunks, &captured.envelope, &captured.label))
    }
}
