//! Following the analytics: which of their sessions and devices become current, and which replay an event is given.
//!
//! An event is given the replay of the device and session that it tells itself, or none. What it changes and what it is
//! given come out of one look under one lock, so that no other thread's event comes between.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use super::analytics_event::{Facts, Followed, SessionOwner};
use super::capture_state::Capture;
use super::{Sessions, State};
use crate::model::ids::{DeviceId, ReplayId, SessionId, unix_millis};

/// How far ahead of the wall clock the begin of a session may lie. More than any mistake about time zones; what lies
/// beyond was named by a clock that stood wrong, or is no time in milliseconds.
const MAX_AHEAD: Duration = Duration::from_secs(24 * 3_600);

/// How many replays, and devices of one session, are remembered.
const MAX_REMEMBERED: usize = 256;

/// Whether the clock of now may have named this session.
pub(super) fn is_plausible(session: i64, now: SystemTime) -> bool {
    u64::try_from(session).is_ok_and(|session| session <= unix_millis(now + MAX_AHEAD))
}

/// Whether a session of the analytics takes the place of another one of theirs: the later does. But one from the future
/// gives way to any that is not, and never takes the place of one that is not: whichever way the clock was set, what it
/// says now counts.
fn supersedes(told: i64, current: i64, now: SystemTime) -> bool {
    match (is_plausible(told, now), is_plausible(current, now)) {
        (true, false) => true,
        (false, true) => false,
        _ => told > current,
    }
}

/// What the analytics are known to have been in.
#[derive(Default)]
pub(super) struct History {
    /// Captured replays of this run, newest last: what late events lead to.
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
    session: Option<SessionId>,
    device: Option<&'a DeviceId>,
}

impl Sessions {
    /// Follows what an event of the analytics tells, and says what it is to be given.
    ///
    /// A session becomes current when it is later (see [`supersedes`]); an event of an earlier one comes late and changes
    /// nothing. A device counts unless the host gave one. One that gave way to another comes back with another session
    /// only: its events come late, or from a second window with a storage of its own.
    pub fn follow(&self, facts: &Facts) -> Followed {
        let now = SystemTime::now();
        {
            let state = self.state.lock();
            if facts.owner == SessionOwner::Analytics && facts.session.is_some() {
                // It is theirs from now on.
                self.idle.disable();
            }
            if state.closed
                || !(self.is_idle_too_long(&state, facts) || state.update_of(facts, now).is_some())
            {
                return self.answer(&state, facts, now);
            }
        }
        let change = |state: &mut State| {
            // Another thread may have been faster.
            let is_due = self.is_idle_too_long(state, facts);
            if is_due {
                state.begin_after_timeout();
            }
            let update = state.update_of(facts, now);
            let is_update = update.is_some();
            let (session, device) = update.map_or((None, None), |it| (it.session, it.device));
            if is_due || session.is_some() {
                self.idle.touch();
            }
            if let Some(session) = session {
                state.begin(session);
            }
            if let Some(device) = device.cloned()
                && let Some(past) = state.device.replace(device)
            {
                remember(&mut state.history.past_devices, past);
            }
            is_due || is_update
        };
        self.change_and_see(change, |state| self.answer(state, facts, now)).1
    }

    /// Whether the event begins a session of the built-in kind: there is none, or the silence before it was too long.
    fn is_idle_too_long(&self, state: &State, facts: &Facts) -> bool {
        facts.owner == SessionOwner::Ourselves
            && self.options.session_timeout.is_some()
            && (state.session.is_none() || self.idle.expired_or_touch())
    }

    fn answer(&self, state: &State, facts: &Facts, now: SystemTime) -> Followed {
        let is_ahead = facts
            .session
            .is_some_and(|told| state.numeric_session() != Some(told) && !is_plausible(told, now));
        Followed {
            session: state.session.clone(),
            replay: self.replay_of(state, facts),
            device_is_given: state.device_is_given,
            is_ahead: is_ahead && facts.owner == SessionOwner::Analytics,
        }
    }

    /// The captured replay that the event belongs to, as far as it tells, and as far as that is known.
    fn replay_of(&self, state: &State, facts: &Facts) -> Option<ReplayId> {
        if state.closed || state.opted_out {
            return None;
        }
        let current = state.session.as_ref()?;
        let device = if state.device_is_given { &state.device } else { &facts.device }.as_ref()?;
        let session = match facts.session {
            Some(told) => SessionId::from_millis(told).ok()?,
            None => current.clone(),
        };
        let id = ReplayId { device: device.clone(), session };
        let is_captured = if state.replay_id().as_ref() == Some(&id) {
            matches!(&self.active.load().capture, Capture::On(captured) if captured.envelope.sample_rate.is_some())
        } else {
            state.history.replays.contains(&id)
        };
        is_captured.then_some(id)
    }
}

impl State {
    fn update_of<'a>(&self, facts: &'a Facts, now: SystemTime) -> Option<Update<'a>> {
        let told = facts.session;
        let is_followed =
            |told: &i64| facts.owner == SessionOwner::Analytics && self.is_superseded_by(*told, now);
        let session = told.filter(is_followed).and_then(|told| SessionId::from_millis(told).ok());
        let current = self.numeric_session();
        let is_of_another_session =
            session.is_none() && current.is_some() && told.is_some() && told != current;
        let is_past = |device: &DeviceId| {
            session.is_none() && self.session.is_some() && self.history.past_devices.contains(device)
        };
        let is_new = |device: &&DeviceId| self.device.as_ref() != Some(*device) && !is_past(device);
        let may_change = !self.device_is_given && !is_of_another_session;
        let device = facts.device.as_ref().filter(|_| may_change).filter(is_new);
        (session.is_some() || device.is_some()).then_some(Update { session, device })
    }

    /// The rule by which the analytics change the session.
    fn is_superseded_by(&self, told: i64, now: SystemTime) -> bool {
        match &self.session {
            None => true,
            // A session id of the host's own kind gives way to none, one of the built-in kind to each.
            Some(_) => self.numeric_session().is_some_and(|current| match self.is_built_in {
                true => current != told,
                false => supersedes(told, current, now),
            }),
        }
    }

    fn numeric_session(&self) -> Option<i64> {
        self.session.as_ref().and_then(SessionId::as_millis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_of_two_sessions_counts_but_one_from_the_future_only_among_its_like() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_640_000_000);
        const DAY: i64 = 86_400_000;
        const NOW: i64 = 1_795_640_000_000;
        const IN_2031: i64 = 1_925_000_000_000;
        for (told, current, expected) in [
            (NOW, NOW - 1, true),
            (NOW - 1, NOW, false),
            (NOW, NOW, false),
            // Within a day, a clock that is ahead is as good as any.
            (NOW + DAY, NOW, true),
            (NOW, NOW + DAY, false),
            // The clock stood in 2031 once, and is right again.
            (NOW - 30 * DAY, IN_2031, true),
            (NOW, NOW + DAY + 1, true),
            // Its events come late.
            (IN_2031, NOW, false),
            (i64::MAX, NOW, false),
            // The clock is behind, or the analytics go by another one.
            (IN_2031 + 1, IN_2031, true),
            (IN_2031 - 1, IN_2031, false),
        ] {
            assert_eq!(supersedes(told, current, now), expected, "{told} after {current}");
        }
    }
}
