//! The rules: which session and device are current, and whether the session is captured.
//!
//! Nothing here waits, reads a clock or touches a file: [`super::Sessions`] holds the lock and passes the time in. A verb
//! tells whether it changed something. If it did, a rollover puts what [`SessionState::decision`] says then in place.
//!
//! - [`follow`]: the sessions and devices of the analytics
//! - [`recent`]: ids that are remembered, up to a bound
//! - [`targeting`]: of which replay targeting is asked, and when

mod follow;
mod recent;
mod targeting;
#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime};

use super::persisted::PersistedSession;
use super::precedence;
use super::targeting::{TargetingResults, TargetingState};
use crate::model::capture::{CaptureRule, NotCaptured};
use crate::model::ids::{DeviceId, ReplayId, SessionId, unix_millis};
use crate::model::sample_rate::SampleRate;
use crate::model::targeting::Targeting;
use crate::options::Options;
use crate::storage::ClockStamp;
use recent::Recent;

/// Whether events are recorded at the moment, and what is recorded.
#[derive(Debug, PartialEq)]
pub(super) enum Decision<T> {
    /// This is recorded.
    Captured(T),
    /// Nothing is recorded, for this reason.
    NotCaptured(NotCaptured),
    /// The built-in session timeout is on and no session has begun: the next event begins one.
    AwaitsEvent,
    /// Recording has ended for good.
    Closed,
}

impl<T> Decision<T> {
    /// The same decision, with something else that is recorded.
    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Decision<U> {
        match self {
            Self::Captured(recorded) => Decision::Captured(of(recorded)),
            Self::NotCaptured(reason) => Decision::NotCaptured(reason),
            Self::AwaitsEvent => Decision::AwaitsEvent,
            Self::Closed => Decision::Closed,
        }
    }
}

/// What is recorded.
#[derive(Debug, PartialEq)]
pub(super) struct Recording {
    pub replay_id: ReplayId,
    /// `None` while the remote configuration is awaited: what is recorded until then may be dropped.
    pub sample_rate: Option<SampleRate>,
    /// It is sent only if there is a trigger.
    pub is_held: bool,
}

/// What the host, the server and the analytics have said.
pub(super) struct SessionState {
    device: Option<DeviceId>,
    /// The host gave the device, so that no event changes it.
    is_device_given: bool,
    session: Option<SessionId>,
    /// The built-in timeout began the session.
    is_built_in: bool,
    started: SystemTime,
    has_session_timeout: bool,
    opted_out: bool,
    /// The host paused recording, whatever the user wishes.
    is_paused: bool,
    /// The user did nothing for too long.
    is_idle: bool,
    /// `None` while the remote configuration is awaited.
    rule: Option<CaptureRule>,
    targeting: TargetingState,
    /// Of the sessions that are left out, those that are held.
    on_error_rate: SampleRate,
    /// Sessions that a trigger made captured: they stay so.
    triggered: Recent<ReplayId>,
    /// The server takes nothing more of these.
    rejected: Recent<ReplayId>,
    /// Replays of this run that are captured for sure: late events of the analytics belong to them.
    captured: Recent<ReplayId>,
    /// Devices of the current session that another one took the place of.
    past_devices: Recent<DeviceId>,
    /// The replay that was counted in the statistics last.
    counted: Option<ReplayId>,
    sessions_started: u64,
    chunks: u64,
    /// For the host recording has ended.
    is_closing: bool,
    /// For all it has: nothing is recorded any more.
    closed: bool,
}

impl SessionState {
    /// The session to begin with: the options', or else the persisted one, which was idle for so long. `results`: what targeting
    /// came to in earlier runs.
    pub fn open(
        options: &Options,
        persisted: &PersistedSession,
        idle: Duration,
        rule: Option<CaptureRule>,
        results: TargetingResults,
        now: SystemTime,
    ) -> Self {
        let targeting = TargetingState::new(results, options.user_properties.clone(), rule.is_none());
        let continued = persisted.session(idle, options.session_timeout, now);
        let session = options.session_id.clone().or(continued.clone());
        let is_continued = session == continued;
        let started = persisted.started().filter(|_| is_continued);
        let device = options.device_id.clone().or(persisted.device());
        let mut triggered = Recent::default();
        if let (Some(device), Some(session), true) = (&device, &session, persisted.is_triggered())
            && is_continued
            && persisted.device().as_ref() == Some(device)
        {
            triggered.push(ReplayId { device: device.clone(), session: session.clone() });
        }
        Self {
            on_error_rate: options.on_error_sample_rate,
            triggered,
            device,
            is_device_given: options.device_id.is_some(),
            is_built_in: is_continued && options.session_id.is_none() && persisted.is_built_in(),
            session,
            started: started.unwrap_or(now),
            has_session_timeout: options.session_timeout.is_some(),
            opted_out: options.opt_out,
            is_paused: false,
            is_idle: false,
            rule,
            targeting,
            rejected: Recent::default(),
            captured: Recent::default(),
            past_devices: Recent::default(),
            counted: None,
            sessions_started: 0,
            chunks: 0,
            is_closing: false,
            closed: false,
        }
    }

    /// Makes `session` the current session.
    pub fn set_session(&mut self, session: SessionId, now: SystemTime) -> bool {
        let is_other = self.session.as_ref() != Some(&session);
        if is_other {
            self.begin(session, now);
        }
        is_other
    }

    fn begin(&mut self, session: SessionId, now: SystemTime) {
        self.sessions_started += 1;
        self.session = Some(session);
        self.started = now;
        self.is_built_in = false;
        self.is_idle = false;
        self.past_devices.clear();
    }

    /// Begins a session of the built-in kind, if the timeout is on and there is no session, or nothing happened in it for
    /// too long. It is named after its begin; later than the one before, unless that one comes from the future.
    pub fn begin_built_in_if_due(&mut self, has_expired: bool, now: SystemTime) -> bool {
        let is_due = self.has_session_timeout && (self.session.is_none() || has_expired);
        if !is_due || self.closed {
            return false;
        }
        let before = self.session.as_ref().filter(|before| precedence::is_plausible(before, now));
        let session = match before.and_then(SessionId::as_millis) {
            Some(before) if unix_millis(now) <= before as u64 => {
                SessionId::of_time(SystemTime::UNIX_EPOCH + Duration::from_millis(before as u64 + 1))
            }
            _ => SessionId::of_time(now),
        };
        self.begin(session, now);
        self.is_built_in = true;
        true
    }

    /// Makes `device` the current device. It is the host's, so from now on no event changes it.
    pub fn set_device(&mut self, device: DeviceId) -> bool {
        self.is_device_given = true;
        let is_other = self.device.as_ref() != Some(&device);
        self.device = Some(device);
        is_other
    }

    /// The user opted out, or in again. What begins again is not idle.
    pub fn set_opt_out(&mut self, opted_out: bool) -> bool {
        let is_changed = std::mem::replace(&mut self.opted_out, opted_out) != opted_out;
        self.is_idle &= !is_changed;
        is_changed
    }

    /// Whether the user has opted out.
    pub fn is_opted_out(&self) -> bool {
        self.opted_out
    }

    /// The host pauses recording, or resumes it: its own wish, beside the user's. What begins again is not idle.
    pub fn set_paused(&mut self, is_paused: bool) -> bool {
        let is_changed = std::mem::replace(&mut self.is_paused, is_paused) != is_paused;
        self.is_idle &= !is_changed;
        is_changed
    }

    /// The user did nothing for too long. Only what is recorded can become idle.
    pub fn become_idle(&mut self) -> bool {
        let is_recorded = matches!(self.decision(), Decision::Captured(_));
        self.is_idle |= is_recorded;
        is_recorded
    }

    /// The user did something. Whether this ends what [`Self::become_idle`] began.
    pub fn end_idle(&mut self) -> bool {
        std::mem::replace(&mut self.is_idle, false)
    }

    /// Options and remote configuration say this.
    pub fn set_rule(&mut self, rule: CaptureRule, targeting: Option<Targeting>) -> bool {
        let replay = self.evaluated_replay();
        let is_other = self.targeting.set_rules(targeting, replay.as_ref());
        self.rule.replace(rule) != Some(rule) || is_other
    }

    /// The server takes nothing more of this session.
    pub fn reject(&mut self, replay_id: ReplayId) -> bool {
        if self.is_rejected(&replay_id) {
            return false;
        }
        self.captured.forget(&replay_id);
        self.rejected.push(replay_id);
        true
    }

    /// There is a trigger for this session: it is captured from now on, where only the sample left it out.
    pub fn trigger(&mut self, replay_id: ReplayId) -> bool {
        let is_new = !self.is_triggered(&replay_id);
        if is_new {
            self.triggered.push(replay_id);
        }
        is_new
    }

    /// Whether a trigger made this session captured.
    pub fn is_triggered(&self, replay_id: &ReplayId) -> bool {
        self.triggered.contains(replay_id)
    }

    /// Whether a session may be held, where it is left out.
    pub fn may_be_held(&self, session: &SessionId) -> bool {
        self.on_error_rate.includes(session.as_str())
    }

    /// Recording ends for the host. What the library itself still has is recorded until [`Self::close`].
    pub fn begin_close(&mut self) {
        self.is_closing = true;
    }

    /// Recording ends for good.
    pub fn close(&mut self) -> bool {
        self.is_closing = true;
        !std::mem::replace(&mut self.closed, true)
    }

    /// Whether events are recorded, and whose they are.
    pub fn decision(&self) -> Decision<Recording> {
        self.decide(true)
    }

    /// What would be recorded but for a break: the host paused recording, or the user is idle. `None`: this is no break, or nothing
    /// would be recorded all the same.
    pub fn recording_after_break(&self) -> Option<Recording> {
        match (self.decision(), self.decide(false)) {
            (
                Decision::NotCaptured(NotCaptured::Paused | NotCaptured::Idle),
                Decision::Captured(recording),
            ) => Some(recording),
            _ => None,
        }
    }

    /// Whether this replay would be recorded but for a break.
    pub fn is_break_of(&self, replay_id: &ReplayId) -> bool {
        self.recording_after_break().is_some_and(|recording| recording.replay_id == *replay_id)
    }

    fn decide(&self, heeds_breaks: bool) -> Decision<Recording> {
        if self.closed {
            return Decision::Closed;
        }
        if self.opted_out {
            return Decision::NotCaptured(NotCaptured::OptedOut);
        }
        if self.is_paused && heeds_breaks {
            return Decision::NotCaptured(NotCaptured::Paused);
        }
        let Some(device) = self.device.clone() else {
            return Decision::NotCaptured(NotCaptured::NoDeviceId);
        };
        let Some(session) = self.session.clone() else {
            return match self.has_session_timeout {
                true => Decision::AwaitsEvent,
                false => Decision::NotCaptured(NotCaptured::NoSessionId),
            };
        };
        let replay_id = ReplayId { device, session };
        if self.is_rejected(&replay_id) {
            return Decision::NotCaptured(NotCaptured::SessionRejected);
        }
        if self.is_idle && heeds_breaks {
            return Decision::NotCaptured(NotCaptured::Idle);
        }
        let targeting = self.targeting.verdict(&replay_id.session);
        match self.rule.map(|rule| rule.allows(&replay_id.session, targeting).map(|()| rule.sample_rate)) {
            None => Decision::Captured(Recording { replay_id, sample_rate: None, is_held: false }),
            Some(Ok(rate)) => {
                Decision::Captured(Recording { replay_id, sample_rate: Some(rate), is_held: false })
            }
            Some(Err(reason)) => self.held_or(replay_id, reason),
        }
    }

    /// A session that is left out for this reason: held all the same, captured since there was a trigger, or left out.
    fn held_or(&self, replay_id: ReplayId, reason: NotCaptured) -> Decision<Recording> {
        let is_triggered = self.is_triggered(&replay_id);
        match reason.is_of_choice() && (is_triggered || self.may_be_held(&replay_id.session)) {
            true => Decision::Captured(Recording {
                replay_id,
                sample_rate: Some(self.on_error_rate),
                is_held: !is_triggered,
            }),
            false => Decision::NotCaptured(reason),
        }
    }

    /// The replay of the current session, if it is captured for sure.
    pub fn captured_replay(&self) -> Option<ReplayId> {
        match self.decision() {
            _ if self.is_closing => None,
            Decision::Captured(Recording { replay_id, sample_rate: Some(_), is_held: false }) => {
                Some(replay_id)
            }
            _ => None,
        }
    }

    /// Notes that this is recorded from now on. Whether it is another replay than the one that was counted last.
    pub fn note_recording(&mut self, recording: &Recording) -> bool {
        if recording.is_held {
            return false;
        }
        if recording.sample_rate.is_some() {
            self.captured.push(recording.replay_id.clone());
        }
        let is_other = self.counted.as_ref() != Some(&recording.replay_id);
        self.counted = Some(recording.replay_id.clone());
        is_other
    }

    /// The number of the next chunk of this run, from 1 on.
    pub fn next_chunk_number(&mut self) -> u64 {
        self.chunks += 1;
        self.chunks
    }

    pub fn session(&self) -> Option<&SessionId> {
        self.session.as_ref()
    }

    /// `<device>/<session>`, when both are known.
    pub fn replay_id(&self) -> Option<ReplayId> {
        Some(ReplayId { device: self.device.clone()?, session: self.session.clone()? })
    }

    /// When the session began.
    pub fn started(&self) -> SystemTime {
        self.started
    }

    /// How many sessions were begun by this run, captured or not.
    pub fn sessions_started(&self) -> u64 {
        self.sessions_started
    }

    pub fn is_rejected(&self, replay_id: &ReplayId) -> bool {
        self.rejected.contains(replay_id)
    }

    /// Whether recording has ended for the host.
    pub fn is_closed(&self) -> bool {
        self.is_closing
    }

    /// What the next run needs to go on with this session, whose last event was at `last_event`.
    pub fn to_persist(&self, last_event: SystemTime, clock: Option<ClockStamp>) -> PersistedSession {
        let (session, device) = (self.session.as_ref(), self.device.as_ref());
        let is_triggered = self.replay_id().is_some_and(|replay_id| self.is_triggered(&replay_id));
        PersistedSession::of(session, device, self.started, self.is_built_in, last_event, clock)
            .with_trigger(is_triggered)
    }
}
