//! The rules as tables.

mod consent;
mod decision;
mod follow;
mod open;
mod targeting;

use std::time::{Duration, SystemTime};

use super::recent::MAX_REMEMBERED;
use super::{Recording, SessionState};
use crate::model::capture::CaptureRule;
use crate::model::ids::{DeviceId, ReplayId, SessionId};
use crate::model::sample_rate::SampleRate;
use crate::options::Options;
use crate::session::persisted::PersistedSession;
use crate::session::targeting::TargetingResults;

/// By the clock of these tests, in milliseconds since 1970.
const NOW: i64 = 1_795_640_000_000;
const DAY: i64 = 86_400_000;
const IN_2031: i64 = 1_925_000_000_000;

const ALL: CaptureRule = CaptureRule {
    enabled: true,
    sample_rate: SampleRate::ALL,
    min_session_duration: Duration::ZERO,
    is_targeted: false,
};

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(NOW as u64)
}

fn device(id: &str) -> DeviceId {
    DeviceId::from_text(id).unwrap()
}

fn session(millis: i64) -> SessionId {
    SessionId::from_millis(millis).unwrap()
}

fn replay(device_id: &str, millis: i64) -> ReplayId {
    ReplayId { device: device(device_id), session: session(millis) }
}

/// Nothing is known but the rule: all sessions are captured.
fn empty() -> SessionState {
    let results = TargetingResults::default();
    SessionState::open(
        &Options::default(),
        &PersistedSession::default(),
        Duration::ZERO,
        Some(ALL),
        results,
        now(),
    )
}

/// As a host that gave no device of its own: device "d", and this session.
fn in_session(millis: i64) -> SessionState {
    let mut state = empty();
    state.device = Some(device("d"));
    state.set_session(session(millis), now());
    state
}

#[test]
fn a_verb_tells_whether_it_changed_something() {
    type Verb = fn(&mut SessionState) -> bool;
    let verbs: [(&str, Verb); 7] = [
        ("session", |state| state.set_session(session(8), now())),
        ("device", |state| state.set_device(device("other"))),
        ("opt out", |state| state.set_opt_out(true)),
        ("pause", |state| state.set_paused(true)),
        ("rule", |state| state.set_rule(CaptureRule { sample_rate: SampleRate::NONE, ..ALL }, None)),
        ("rejection", |state| state.reject(replay("d", 7))),
        ("close", SessionState::close),
    ];
    for (name, verb) in verbs {
        let mut state = in_session(7);
        assert_eq!((verb(&mut state), verb(&mut state)), (true, false), "{name}");
    }
}

#[test]
fn only_another_session_counts_as_a_begin() {
    let mut state = empty();
    for (id, expected) in [(7, 1), (7, 1), (8, 2), (7, 3)] {
        state.set_session(session(id), now());
        assert_eq!(state.sessions_started(), expected, "{id}");
    }
    state.set_opt_out(true);
    state.set_session(session(9), now());
    assert_eq!(state.sessions_started(), 4, "captured or not");
}

#[test]
fn a_built_in_session_begins_when_it_is_due() {
    let timeout = |state: &mut SessionState| state.has_session_timeout = true;
    type Edit = fn(&mut SessionState);
    let rows: [(&str, Edit, bool, Option<i64>); 9] = [
        ("no session yet", |state| state.session = None, false, Some(NOW)),
        ("not idle for long", |_| {}, false, None),
        ("idle for too long", |_| {}, true, Some(NOW)),
        (
            "one from a minute ahead",
            |state| state.session = Some(session(NOW + 60_000)),
            true,
            Some(NOW + 60_001),
        ),
        ("one of this millisecond", |state| state.session = Some(session(NOW)), true, Some(NOW + 1)),
        ("one from the future", |state| state.session = Some(session(IN_2031)), true, Some(NOW)),
        (
            "a text of the host's own",
            |state| state.session = SessionId::from_text("mine").ok(),
            true,
            Some(NOW),
        ),
        ("the timeout is off", |state| state.has_session_timeout = false, true, None),
        ("closed", |state| state.closed = true, true, None),
    ];
    for (name, edit, has_expired, expected) in rows {
        let mut state = in_session(7);
        timeout(&mut state);
        edit(&mut state);
        let before = state.session.clone();
        assert_eq!(state.begin_built_in_if_due(has_expired, now()), expected.is_some(), "{name}");
        assert_eq!(state.session, expected.map(session).or(before), "{name}");
        assert_eq!(state.is_built_in, expected.is_some(), "{name}");
    }
}

#[test]
fn a_replay_is_counted_when_it_is_another_than_the_last() {
    let mut state = in_session(7);
    let recording = |id| Recording { replay_id: replay("d", id), sample_rate: None, is_held: false };
    for (id, is_counted) in [(7, true), (7, false), (8, true), (7, true)] {
        assert_eq!(state.note_recording(&recording(id)), is_counted, "{id}");
    }
}

#[test]
fn the_last_256_rejected_sessions_are_remembered() {
    let mut state = in_session(1);
    for id in 1..=MAX_REMEMBERED as i64 {
        state.reject(replay("d", id));
    }
    assert!(state.is_rejected(&replay("d", 1)));
    state.reject(replay("d", IN_2031));
    assert!(!state.is_rejected(&replay("d", 1)));
    assert!(state.is_rejected(&replay("d", 2)) && state.is_rejected(&replay("d", IN_2031)));
}
