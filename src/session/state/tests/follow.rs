//! What an event of the analytics changes, and what it is enriched with.

use super::*;
use crate::session::analytics_event::{AnalyticsEvent, SessionSource};

/// An event that names these, of analytics that decide about the session.
fn event(device_id: Option<&str>, millis: Option<i64>) -> AnalyticsEvent {
    AnalyticsEvent {
        device: device_id.map(DeviceId::from_text),
        session: millis.map(session),
        session_source: SessionSource::Analytics,
    }
}

/// The same where session replay decides.
fn event_of_cloud_mode(device_id: Option<&str>, millis: Option<i64>) -> AnalyticsEvent {
    AnalyticsEvent { session_source: SessionSource::SessionReplay, ..event(device_id, millis) }
}

#[test]
fn the_session_of_an_event_becomes_current_or_not() {
    let own = || SessionId::from_text("mine").unwrap();
    for (name, current, is_built_in, named, becomes_current) in [
        ("none yet", None, false, Some(NOW), true),
        ("none yet, and one from the future", None, false, Some(IN_2031), true),
        ("none named", Some(session(NOW)), false, None, false),
        ("the same", Some(session(NOW)), false, Some(NOW), false),
        ("later", Some(session(NOW - 1)), false, Some(NOW), true),
        ("earlier", Some(session(NOW)), false, Some(NOW - 1), false),
        ("from the future", Some(session(NOW)), false, Some(NOW + DAY + 1), false),
        ("after one from the future", Some(session(IN_2031)), false, Some(NOW), true),
        ("after a text of the host's own", Some(own()), false, Some(NOW), false),
        ("later than a built-in one", Some(session(NOW - 1)), true, Some(NOW), true),
        ("earlier than a built-in one", Some(session(NOW)), true, Some(NOW - 1), true),
        ("the same as a built-in one", Some(session(NOW)), true, Some(NOW), false),
    ] {
        let begin = |state: &mut SessionState| {
            state.session = current.clone();
            state.is_built_in = is_built_in;
        };
        let mut state = empty();
        begin(&mut state);
        assert_eq!(state.follow(&event(None, named), false, now()), becomes_current, "{name}");
        let expected = if becomes_current { named.map(session) } else { current.clone() };
        assert_eq!(state.session, expected, "{name}");
        assert_eq!(state.sessions_started(), u64::from(becomes_current), "{name}");
        assert_eq!(state.is_built_in, is_built_in && !becomes_current, "{name}");

        let mut state = empty();
        begin(&mut state);
        assert!(!state.follow(&event_of_cloud_mode(None, named), false, now()), "{name}, in cloud mode");
        assert_eq!(state.session, current, "{name}, in cloud mode");
    }
}

#[test]
fn nothing_is_followed_once_closed() {
    for close in [SessionState::begin_close, |state: &mut SessionState| _ = state.close()] {
        let mut state = in_session(7);
        state.has_session_timeout = true;
        close(&mut state);
        assert!(!state.follow(&event(Some("other"), Some(NOW)), false, now()));
        assert!(!state.follow(&event_of_cloud_mode(None, None), true, now()));
        assert_eq!(state.replay_id(), Some(replay("d", 7)));
    }
}

#[test]
fn a_built_in_session_begins_with_an_event_in_cloud_mode_only() {
    for (event, has_expired, expected) in [
        (event_of_cloud_mode(None, None), true, NOW),
        (event_of_cloud_mode(None, None), false, 7),
        // It says only whose event it is.
        (event_of_cloud_mode(None, Some(NOW - 5)), true, NOW),
        (event(None, None), true, 7),
    ] {
        let mut state = in_session(7);
        state.has_session_timeout = true;
        assert_eq!(state.follow(&event, has_expired, now()), expected != 7, "{event:?}");
        assert_eq!(state.session, Some(session(expected)), "{event:?}");
    }
}

#[test]
fn the_device_of_an_event_becomes_current_or_not() {
    type Edit = fn(&mut SessionState);
    let rows: [(&str, Edit, AnalyticsEvent, &str); 11] = [
        ("another", |_| {}, event(Some("new"), None), "new"),
        ("another, in this session", |_| {}, event(Some("new"), Some(7)), "new"),
        ("another, in cloud mode", |_| {}, event_of_cloud_mode(Some("new"), None), "new"),
        ("none", |_| {}, event(None, Some(7)), "d"),
        ("one that can't be used", |_| {}, event(Some("a/b"), None), "d"),
        ("the host gave one", |state| _ = state.set_device(device("d")), event(Some("new"), None), "d"),
        ("with a later session", |_| {}, event(Some("new"), Some(8)), "new"),
        ("with an earlier session", |_| {}, event(Some("new"), Some(6)), "d"),
        ("of another session, in cloud mode", |_| {}, event_of_cloud_mode(Some("new"), Some(8)), "d"),
        (
            "one that gave way before",
            |state| state.past_devices.push(device("new")),
            event(Some("new"), None),
            "d",
        ),
        (
            "the same with a later session",
            |state| state.past_devices.push(device("new")),
            event(Some("new"), Some(8)),
            "new",
        ),
    ];
    for (name, edit, event, expected) in rows {
        let mut state = in_session(7);
        edit(&mut state);
        state.follow(&event, false, now());
        assert_eq!(state.device, Some(device(expected)), "{name}");
    }
}

#[test]
fn a_device_that_gave_way_comes_back_with_another_session_only() {
    let mut state = in_session(7);
    state.follow(&event(Some("new"), None), false, now());
    assert!(!state.follow(&event(Some("d"), None), false, now()), "a late event");
    state.set_session(session(8), now());
    assert!(state.follow(&event(Some("d"), None), false, now()));
    assert_eq!(state.replay_id(), Some(replay("d", 8)));
}

#[test]
fn an_event_is_enriched_with_the_replay_of_its_own_session() {
    type Edit = fn(&mut SessionState);
    let rows: [(&str, Edit, AnalyticsEvent, Option<ReplayId>); 15] = [
        ("the current one", |_| {}, event(Some("d"), Some(7)), Some(replay("d", 7))),
        ("the current one, not named", |_| {}, event(Some("d"), None), Some(replay("d", 7))),
        ("no device", |_| {}, event(None, Some(7)), None),
        ("a device that can't be used", |_| {}, event(Some("a/b"), Some(7)), None),
        (
            "the host's device",
            |state| _ = state.set_device(device("h")),
            event(None, None),
            Some(replay("h", 7)),
        ),
        ("an earlier one that was captured", |_| {}, event(Some("d"), Some(5)), Some(replay("d", 5))),
        ("an earlier one that was not", |_| {}, event(Some("d"), Some(4)), None),
        (
            "an earlier one that was rejected",
            |state| _ = state.reject(replay("d", 5)),
            event(Some("d"), Some(5)),
            None,
        ),
        (
            "the current one is rejected",
            |state| _ = state.reject(replay("d", 7)),
            event(Some("d"), Some(7)),
            None,
        ),
        ("not decided", |state| state.rule = None, event(Some("d"), Some(7)), None),
        (
            "not in the sample",
            |state| state.rule = Some(CaptureRule { sample_rate: SampleRate::NONE, ..ALL }),
            event(Some("d"), Some(7)),
            None,
        ),
        ("opted out", |state| state.opted_out = true, event(Some("d"), Some(5)), None),
        ("closing", SessionState::begin_close, event(Some("d"), Some(5)), None),
        ("closed", |state| _ = state.close(), event(Some("d"), Some(5)), None),
        ("no session", |state| state.session = None, event(Some("d"), Some(5)), None),
    ];
    for (name, edit, event, expected) in rows {
        let mut state = in_session(7);
        state.captured.push(replay("d", 5));
        edit(&mut state);
        assert_eq!(state.enrichment(&event, now()).replay, expected, "{name}");
    }
}

#[test]
fn says_what_is_wrong_with_an_event() {
    type Edit = fn(&mut SessionState);
    let rows: [(&str, Edit, AnalyticsEvent, bool, bool); 7] = [
        ("nothing", |_| {}, event(Some("d"), Some(NOW)), false, false),
        ("the device", |_| {}, event(Some("a/b"), None), true, false),
        (
            "the host's device counts",
            |state| _ = state.set_device(device("h")),
            event(Some("a/b"), None),
            false,
            false,
        ),
        ("the session", |_| {}, event(None, Some(IN_2031)), false, true),
        ("a day ahead", |_| {}, event(None, Some(NOW + DAY)), false, false),
        (
            "it is the current one all the same",
            |state| state.session = Some(session(IN_2031)),
            event(None, Some(IN_2031)),
            false,
            false,
        ),
        ("nobody follows it", |_| {}, event_of_cloud_mode(None, Some(IN_2031)), false, false),
    ];
    for (name, edit, event, has_device_problem, is_ahead) in rows {
        let mut state = in_session(7);
        edit(&mut state);
        let enrichment = state.enrichment(&event, now());
        assert_eq!(enrichment.device_problem.is_some(), has_device_problem, "{name}");
        assert_eq!(enrichment.is_session_ahead, is_ahead, "{name}");
        assert_eq!(enrichment.session, state.session, "{name}");
    }
}
