//! Following the analytics: which of their sessions and devices become current, and which replay an event belongs to.
//!
//! An event is enriched with the replay of the device and session that it names itself, or with none.

use std::time::SystemTime;

use super::SessionState;
use crate::model::ids::{DeviceId, ReplayId, SessionId};
use crate::session::analytics_event::{AnalyticsEvent, Enrichment, SessionSource};
use crate::session::precedence;

/// What an event changes.
struct Update<'a> {
    session: Option<&'a SessionId>,
    device: Option<&'a DeviceId>,
}

impl SessionState {
    /// Follows an event of the analytics. `has_expired`: nothing happened for longer than the built-in timeout allows.
    pub fn follow(&mut self, event: &AnalyticsEvent, has_expired: bool, now: SystemTime) -> bool {
        if self.is_closing {
            return false;
        }
        let has_begun = event.session_source == SessionSource::SessionReplay
            && self.begin_built_in_if_due(has_expired, now);
        let Some(update) = self.update_of(event, now) else {
            return has_begun;
        };
        if let Some(session) = update.session {
            self.begin(session.clone(), now);
        }
        if let Some(device) = update.device
            && let Some(past) = self.device.replace(device.clone())
        {
            self.past_devices.push(past);
        }
        true
    }

    /// The session and the device of an event that become current, if one of them does.
    ///
    /// A session does when it is later (see [`precedence`]); an event of an earlier one comes late and changes nothing. A
    /// device does unless the host gave one. A device that another one took the place of comes back with another session
    /// only: until then its events come late, or from a second window with a storage of its own.
    fn update_of<'a>(&self, event: &'a AnalyticsEvent, now: SystemTime) -> Option<Update<'a>> {
        let named = event.session.as_ref();
        let is_followed = event.session_source == SessionSource::Analytics;
        let session = named.filter(|named| is_followed && self.is_superseded_by(named, now));
        let current = self.session.as_ref().filter(|current| current.as_millis().is_some());
        let is_of_another_session =
            session.is_none() && current.is_some() && named.is_some() && named != current;
        let is_past = |device: &DeviceId| {
            session.is_none() && self.session.is_some() && self.past_devices.contains(device)
        };
        let is_new = |device: &&DeviceId| self.device.as_ref() != Some(*device) && !is_past(device);
        let may_change = !self.is_device_given && !is_of_another_session;
        let device = event.usable_device().filter(|_| may_change).filter(is_new);
        (session.is_some() || device.is_some()).then_some(Update { session, device })
    }

    /// Whether this session of the analytics takes the place of the current one. A built-in one gives way to each.
    fn is_superseded_by(&self, named: &SessionId, now: SystemTime) -> bool {
        match &self.session {
            None => true,
            Some(current) if self.is_built_in => current != named,
            Some(current) => precedence::supersedes(named, current, now),
        }
    }

    /// What an event that was followed is enriched with.
    pub fn enrichment(&self, event: &AnalyticsEvent, now: SystemTime) -> Enrichment {
        let is_ahead = event.session_source == SessionSource::Analytics
            && self.session != event.session
            && event.session.as_ref().is_some_and(|named| !precedence::is_plausible(named, now));
        Enrichment {
            session: self.session.clone(),
            replay: self.replay_of(event),
            device_problem: event.device_problem().filter(|_| !self.is_device_given),
            is_session_ahead: is_ahead,
        }
    }

    /// The captured replay that an event belongs to, as far as the event says, and as far as that is known.
    fn replay_of(&self, event: &AnalyticsEvent) -> Option<ReplayId> {
        if self.is_closing || self.opted_out || self.is_paused {
            return None;
        }
        let current = self.session.as_ref()?;
        let device = if self.is_device_given { self.device.as_ref() } else { event.usable_device() };
        let session = event.session.as_ref().unwrap_or(current);
        let replay_id = ReplayId { device: device?.clone(), session: session.clone() };
        let is_captured = if self.replay_id().as_ref() == Some(&replay_id) {
            self.captured_replay().is_some()
        } else {
            self.captured.contains(&replay_id)
        };
        is_captured.then_some(replay_id)
    }
}
