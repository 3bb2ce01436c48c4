//! Recording an event that did not take the fast path ([`super::fast_path`]). No lock, no allocation and no system call
//! here either, but for the first event of a thread in a chunk, and where a chunk is full.

use std::sync::Arc;

use super::Sessions;
use super::activity::{ActivityTimer, Meets};
use super::capture_state::CaptureState;
use super::captured_session::{CapturedSession, SnapshotState, Stretch};
use super::fast_path::{self, CachedCapture, Full};
use super::held_segments::HeldSegments;
use super::idle_timer::IdleTimer;
use super::outcome::Outcome;
use super::state::Decision;
use crate::error::Error;
use crate::model::capture::NotCaptured;
use crate::model::event::{self, ViewMark, WireEvent};
use crate::storage::{Append, Chunk};

impl Sessions {
    /// Records one event.
    pub fn record(&self, event: &[u8]) -> Result<Outcome, Error> {
        let event = self.check(event)?;
        let is_action = self.note_event(event);
        loop {
            match self.store(None, None, event)? {
                // It became idle in between.
                Some(Outcome::NotCaptured) if is_action && self.end_idle() => {}
                // It is never another stretch where any will do.
                outcome => return Ok(outcome.unwrap_or(Outcome::NotCaptured)),
            }
        }
    }

    /// Records one event, but only in this stretch of the recording; `None`: another has begun, nothing is recorded. The mark is
    /// stored with it.
    pub fn record_in(
        &self,
        stretch: Stretch,
        mark: Option<ViewMark>,
        event: &[u8],
    ) -> Result<Option<Outcome>, Error> {
        let event = self.check(event)?;
        self.store(Some(stretch), mark, event)
    }

    /// The stretch in which an event would be recorded now; `None` where it would not be captured. Begins a session of the
    /// built-in kind if one is awaited.
    pub fn stretch(&self) -> Result<Option<Stretch>, Error> {
        loop {
            match &self.capture_state.load().decision {
                Decision::Captured(session) => return Ok(Some(session.stretch())),
                Decision::AwaitsEvent => self.begin_built_in_session(),
                Decision::Closed => return Err(Error::ShutDown),
                Decision::NotCaptured(_) => return Ok(None),
            }
        }
    }

    /// The stretch that is captured now, if any; begins none.
    pub fn current_stretch(&self) -> Option<Stretch> {
        match &self.capture_state.load().decision {
            Decision::Captured(session) => Some(session.stretch()),
            _ => None,
        }
    }

    /// Ends this stretch, if it is the one of now: what is recorded next builds on nothing before it.
    pub fn end_stretch(&self, stretch: Stretch) {
        // Under the lock no thread publishes the fast path meanwhile.
        let _state = self.state.lock();
        if let Decision::Captured(session) = &self.capture_state.load().decision
            && session.stretch() == stretch
        {
            session.require_snapshot();
            self.revoke_fast_path();
            self.wake_worker();
        }
    }

    /// Whether an event would be recorded now, or an action of the user: who is idle may come back at any moment.
    pub fn is_capturing(&self) -> bool {
        self.is_recording() || self.is_idle()
    }

    /// Whether an event would be recorded now.
    pub fn is_recording(&self) -> bool {
        matches!(self.capture_state.load().decision, Decision::Captured(_) | Decision::AwaitsEvent)
    }

    fn store(
        &self,
        stretch: Option<Stretch>,
        mark: Option<ViewMark>,
        event: &[u8],
    ) -> Result<Option<Outcome>, Error> {
        let length = event.len() + mark.map_or(0, |mark| mark.as_bytes().len());
        loop {
            let mut current = self.capture_state.load();
            // What happens while the user is idle keeps no session.
            let is_idle = matches!(current.decision, Decision::NotCaptured(NotCaptured::Idle));
            if !is_idle && self.idle.expired_or_touch() {
                self.begin_built_in_session();
                current = self.capture_state.load();
            }
            let Decision::Captured(session) = &current.decision else {
                match &current.decision {
                    Decision::AwaitsEvent => self.begin_built_in_session(),
                    Decision::Closed => return Err(Error::ShutDown),
                    Decision::NotCaptured(_) | Decision::Captured(_) => {
                        self.stats.not_captured.add(1);
                        self.publish_not_captured(&current);
                        return Ok(Some(Outcome::NotCaptured));
                    }
                }
                continue;
            };
            let losses = session.losses();
            if stretch.is_some_and(|stretch| stretch != session.stretch()) {
                return Ok(None);
            }
            if session
                .current_segments()
                .is_some_and(|segments| begins_segment(session, segments, mark, event))
            {
                match self.begin_segment(&current, session, mark, event)? {
                    Some(current) => {
                        return Ok(Some(self.outcome_of(&current, session, mark, event, losses)));
                    }
                    None => continue,
                }
            }
            let append = |chunk: &Arc<Chunk>| match &mark {
                Some(mark) => chunk.append_marked(mark.as_bytes(), event),
                None => chunk.append(event),
            };
            match current.chunk.as_ref().map_or(Append::Full, append) {
                Append::Stored { first } => {
                    if first {
                        self.wake_worker_soon();
                    }
                    return Ok(Some(self.outcome_of(&current, session, mark, event, losses)));
                }
                Append::Full => self.replace_chunk(&current, session, length)?,
                Append::Sealed => std::hint::spin_loop(),
            }
        }
    }

    /// What to tell of an event that was stored. Of a page's in a view, the session has nothing to say: its view has.
    fn outcome_of(
        &self,
        current: &Arc<CaptureState>,
        session: &CapturedSession,
        mark: Option<ViewMark>,
        event: &[u8],
        losses: u64,
    ) -> Outcome {
        // First: a trigger in between discards a segment without a full snapshot, and must not find that none is wanted.
        let segments = session.current_segments().filter(|_| is_snapshot(mark, event));
        if let (Some(segments), Some(chunk)) = (segments, &current.chunk) {
            segments.lock().note_snapshot(chunk.segment());
        }
        let outcome = match mark {
            Some(mark) if mark.is_of_page() => Outcome::Done,
            _ => {
                let outcome = session.outcome_of(event, losses);
                if is_snapshot(mark, event) {
                    // Who records after this call is told of a missing one no more.
                    let _state = self.state.lock();
                    self.revoke_fast_path();
                }
                outcome
            }
        };
        if segments.is_some() {
            // From here on half a window passes until the next one is wanted: the time that sr-worker is to sleep at most.
            self.wake_worker();
        }
        if !self.is_durable(current) {
            self.stats.not_stored.add(1);
            return outcome.or_if_done(Outcome::NotStored);
        }
        if mark.is_none() {
            self.publish_fast_path(current, session);
        }
        outcome
    }

    /// Whether what this chunk holds survives the end of the process, if it is to.
    fn is_durable(&self, current: &CaptureState) -> bool {
        !self.storage.has_storage() || current.chunk.as_ref().is_none_or(|chunk| chunk.is_stored())
    }

    /// Lets this thread's next events take the fast path.
    fn publish_fast_path(&self, current: &Arc<CaptureState>, session: &CapturedSession) {
        let (Some(_), Some(chunk)) = (self.fast_path, &current.chunk) else { return };
        let snapshot = session.snapshot_state();
        let cached = current.cached(snapshot, || {
            let awaits_snapshot = snapshot != SnapshotState::There;
            let outcome = CapturedSession::plain_outcome(snapshot);
            CachedCapture::into_chunk(chunk, outcome, awaits_snapshot, self.options.max_event_bytes)
                .noted_by(self.session_timer(), self.activity_timer(Meets::Recording))
        });
        self.publish(current, cached, || session.snapshot_state() == snapshot);
    }

    /// The same where nothing is captured. What happens while the user is idle keeps no session.
    fn publish_not_captured(&self, current: &Arc<CaptureState>) {
        if self.fast_path.is_none() {
            return;
        }
        let is_idle = matches!(current.decision, Decision::NotCaptured(NotCaptured::Idle));
        let cached = current.cached(SnapshotState::There, || {
            CachedCapture::nowhere(&self.stats, self.options.max_event_bytes).noted_by(
                self.session_timer().filter(|_| !is_idle),
                self.activity_timer(if is_idle { Meets::Idle } else { Meets::Nothing }),
            )
        });
        self.publish(current, cached, || true);
    }

    /// The same where the chunk is full, and there is no room for another. Who records the full snapshot that is missing revokes it.
    pub(super) fn publish_no_room(&self, current: &Arc<CaptureState>, session: &Arc<CapturedSession>) {
        if self.fast_path.is_none() {
            return;
        }
        let cached = current.cached_no_room(|| {
            let full = Full {
                chunk: current.chunk.as_ref().map(|chunk| chunk.appender()),
                session: session.clone(),
                no_room: current.no_room.clone(),
                room: self.storage.room(),
                stats: self.stats.clone(),
            };
            CachedCapture::no_room(full, self.options.max_event_bytes)
                .noted_by(self.session_timer(), self.activity_timer(Meets::Recording))
        });
        self.publish(current, cached, || !session.has_snapshot());
    }

    /// Publishes what this thread caches from now on, if it is `current` still, and `holds`.
    fn publish(
        &self,
        current: &Arc<CaptureState>,
        cached: &Arc<CachedCapture>,
        holds: impl FnOnce() -> bool,
    ) {
        let Some(fast_path) = self.fast_path else { return };
        let is_done = || fast_path.is_published(cached) && fast_path::is_cached(cached);
        // With a filter, no thread is to wait for the lock with each event.
        if self.filter.is_set() || is_done() {
            return;
        }
        {
            // Under the lock no other capture state is put in place, and nobody asks for a snapshot or ends recording.
            let state = self.state.lock();
            if !self.is_current(current) || !holds() || state.is_closed() || self.filter.is_set() {
                return;
            }
            fast_path.publish(cached);
        }
        fast_path::cache(cached);
    }

    /// The idle rule, where there is one.
    fn activity_timer(&self, meets: Meets) -> Option<(Arc<ActivityTimer>, Meets)> {
        self.activity.is_on().then(|| (self.activity.clone(), meets))
    }

    /// The built-in session timeout, where there is one.
    fn session_timer(&self) -> Option<Arc<IdleTimer>> {
        self.options.session_timeout.map(|_| self.idle.clone())
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
}

/// Whether another segment of the recording begins with this event: with the Meta event before a full snapshot that is missing, or
/// with that itself.
fn begins_segment(
    session: &CapturedSession,
    segments: &HeldSegments,
    mark: Option<ViewMark>,
    event: &[u8],
) -> bool {
    if session.is_whole() || mark.is_some_and(|mark| mark.is_of_page()) {
        return false;
    }
    match event::kind_of(event) {
        Some(event::META) => true,
        Some(event::FULL_SNAPSHOT) => !segments.lock().awaits_snapshot(),
        _ => false,
    }
}

/// Whether this is the full snapshot that what is recorded after it builds on.
fn is_snapshot(mark: Option<ViewMark>, event: &[u8]) -> bool {
    mark.is_none_or(|mark| !mark.is_of_page()) && event::kind_of(event) == Some(event::FULL_SNAPSHOT)
}
