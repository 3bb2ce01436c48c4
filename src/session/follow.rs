//! Following the analytics: which of their sessions and devices become current, and which replay an event is given.
//!
//! An event is given the replay of the device and session that it tells itself, or none. What it changes and what it is
//! given come out of one look under one lock, so that no other thread's event comes between.

use std::collections::VecDeque;
use std::time::SystemTime;

use super::analytics_event::{AnalyticsEvent, Enrichment, SessionSource};
use super::capture_state::Capture;
use super::{Sessions, State, precedence};
use crate::model::ids::{DeviceId, ReplayId, SessionId};

/// How many replays, and devices of one session, are remembered.
const MAX_REMEMBERED: usize = 256;

/// What the analytics are known to have been in.
#[derive(Default)]
pub(super) struct History {
    /// CapturedSession replays of this run, newest last: what late events lead to.
    replays: VecDeque<ReplayId>,
    /// Devices that gave way to another within the current session, newest last.
    past_devices: VecDeque<DeviceId>,
}

impl History {
    /// A session is captured, for sure.
    pub fn captured(&mut self, replay: ReplayId) {
        if self.replays.back() != Some(&replay) {
            self.replays.retain(|known| *known != replay);
            remember(&mut self.replays, replay);
        }
    }

    /// The server takes nothing of it.
    pub fn rejected(&mut self, replay: &ReplayId) {
        self.replays.retain(|known| known != replay);
    }

    /// Another session begins: each device may be its device.
    pub fn session_begins(&mut self) {
        self.past_devices.clear();
    }
}

fn remember<T>(known: &mut VecDeque<T>, one: T) {
    if known.len() == MAX_REMEMBERED {
        known.pop_front();
    }
    known.push_back(one);
}

/// What an event changes.
struct Update<'a> {
    session: Option<&'a SessionId>,
    device: Option<&'a DeviceId>,
}

impl Sessions {
    /// Follows what an event of the analytics tells, and says what it is to be given.
    ///
    /// A session becomes current when it is later (see [`supersedes`]); an event of an earlier one comes late and changes
    /// nothing. A device counts unless the host gave one. One that gave way to another comes back with another session
    /// only: its events come late, or from a second window with a storage of its own.
    pub fn follow(&self, event: &AnalyticsEvent) -> Enrichment {
        let now = SystemTime::now();
        {
            let state = self.state.lock();
            if event.session_source == SessionSource::Analytics && event.session.is_some() {
                // It is theirs from now on.
                self.idle.disable();
            }
            if state.closed
                || !(self.is_idle_too_long(&state, event) || state.update_of(event, now).is_some())
            {
                return self.answer(&state, event, now);
            }
        }
        let change = |state: &mut State| {
            // Another thread may have been faster.
            let is_due = self.is_idle_too_long(state, event);
            if is_due {
                state.begin_after_timeout();
            }
            let update = state.update_of(event, now);
            let is_update = update.is_some();
            let (session, device) = update.map_or((None, None), |it| (it.session, it.device));
            if is_due || session.is_some() {
                self.idle.touch();
            }
            if let Some(session) = session {
                state.begin(session.clone());
            }
            if let Some(device) = device.cloned()
                && let Some(past) = state.device.replace(device)
            {
                remember(&mut state.history.past_devices, past);
            }
            is_due || is_update
        };
        self.change_and_see(change, |state| self.answer(state, event, now)).1
    }

    /// Whether the event begins a session of the built-in kind: there is none, or the silence before it was too long.
    fn is_idle_too_long(&self, state: &State, event: &AnalyticsEvent) -> bool {
        event.session_source == SessionSource::SessionReplay
            && self.options.session_timeout.is_some()
            && (state.session.is_none() || self.idle.expired_or_touch())
    }

    fn answer(&self, state: &State, event: &AnalyticsEvent, now: SystemTime) -> Enrichment {
        let named = event.session.as_ref();
        let is_ahead = named
            .is_some_and(|named| state.session != event.session && !precedence::is_plausible(named, now));
        Enrichment {
            session: state.session.clone(),
            replay: self.replay_of(state, event),
            device_problem: event.device_problem().filter(|_| !state.device_is_given),
            is_session_ahead: is_ahead && event.session_source == SessionSource::Analytics,
        }
    }

    /// The captured replay that the event belongs to, as far as it tells, and as far as that is known.
    fn replay_of(&self, state: &State, event: &AnalyticsEvent) -> Option<ReplayId> {
        if state.closed || state.opted_out {
            return None;
        }
        let current = state.session.as_ref()?;
        let device = if state.device_is_given { state.device.as_ref() } else { event.usable_device() };
        let session = event.session.as_ref().unwrap_or(current);
        let id = ReplayId { device: device?.clone(), session: session.clone() };
        let is_captured = if state.replay_id().as_ref() == Some(&id) {
            matches!(&self.capture_state.load().capture, Capture::On(captured) if captured.envelope.sample_rate.is_some())
        } else {
            state.history.replays.contains(&id)
        };
        is_captured.then_some(id)
    }
}

impl State {
    fn update_of<'a>(&self, event: &'a AnalyticsEvent, now: SystemTime) -> Option<Update<'a>> {
        let named = event.session.as_ref();
        let is_followed = event.session_source == SessionSource::Analytics;
        let session = named.filter(|named| is_followed && self.is_superseded_by(named, now));
        let current = self.session.as_ref().filter(|current| current.as_millis().is_some());
        let is_of_another_session =
            session.is_none() && current.is_some() && named.is_some() && named != current;
        let is_past = |device: &DeviceId| {
            session.is_none() && self.session.is_some() && self.history.past_devices.contains(device)
        };
        let is_new = |device: &&DeviceId| self.device.as_ref() != Some(*device) && !is_past(device);
        let may_change = !self.device_is_given && !is_of_another_session;
        let device = event.usable_device().filter(|_| may_change).filter(is_new);
        (session.is_some() || device.is_some()).then_some(Update { session, device })
    }

    /// The rule by which the analytics change the session.
    fn is_superseded_by(&self, named: &SessionId, now: SystemTime) -> bool {
        match &self.session {
            None => true,
            Some(current) if self.is_built_in => current != named,
            Some(current) => precedence::supersedes(named, current, now),
        }
    }
}
