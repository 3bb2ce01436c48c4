//! The session that a run begins with.

use super::*;

const TIMEOUT: Duration = Duration::from_secs(60);

#[test]
fn the_options_session_counts_and_else_the_persisted_one() {
    let started = now() - Duration::from_secs(30);
    let persisted = |id: Option<&str>| {
        let id = id.map(|id| SessionId::from_text(id).unwrap());
        PersistedSession::of(id.as_ref(), Some(&device("kept")), started, true, now(), None)
    };
    let (short, long) = (Duration::ZERO, TIMEOUT * 2);
    // The options' session, the persisted one, how long that was idle; the session, whether it goes on, whether it is built in.
    for (given, kept, idle, expected, goes_on, is_built_in) in [
        (None, None, short, None, true, true),
        (None, Some("7"), short, Some("7"), true, true),
        (None, Some("7"), long, None, true, true),
        (Some("8"), Some("7"), short, Some("8"), false, false),
        (Some("8"), None, short, Some("8"), false, false),
        // The host goes on with its own session after a restart.
        (Some("7"), Some("7"), short, Some("7"), true, false),
        // Named by a clock that stood wrong.
        (None, Some("1925000000000"), short, None, true, true),
        (None, Some("mine"), short, Some("mine"), true, true),
    ] {
        let options = Options {
            session_id: given.map(|id| SessionId::from_text(id).unwrap()),
            session_timeout: Some(TIMEOUT),
            ..Options::default()
        };
        let none = TargetingResults::default();
        let state = SessionState::open(&options, &persisted(kept), idle, Some(ALL), none, now());
        let row = format!("{given:?} {kept:?} {idle:?}");
        assert_eq!(state.session().map(SessionId::as_str), expected, "{row}");
        assert_eq!(state.started() == started, goes_on, "{row}");
        assert_eq!(state.is_built_in, is_built_in, "{row}");
        assert_eq!(state.sessions_started(), 0, "{row}");
    }
}

#[test]
fn a_session_that_a_trigger_made_captured_stays_so_when_it_goes_on() {
    for (kept_device, given, is_triggered, expected) in [
        ("d", Some("7"), true, true),
        ("d", None, true, true),
        ("d", Some("7"), false, false),
        ("d", Some("8"), true, false),
        ("other", Some("7"), true, false),
    ] {
        let id = SessionId::from_text("7").unwrap();
        let persisted =
            PersistedSession::of(Some(&id), Some(&device(kept_device)), now(), false, now(), None)
                .with_trigger(is_triggered);
        let options = Options {
            device_id: Some(device("d")),
            session_id: given.map(|id| SessionId::from_text(id).unwrap()),
            ..Options::default()
        };
        let state =
            SessionState::open(&options, &persisted, Duration::ZERO, Some(ALL), Default::default(), now());
        let replay_id = state.replay_id().unwrap();
        assert_eq!(state.is_triggered(&replay_id), expected, "{kept_device} {given:?} {is_triggered}");
    }
}

#[test]
fn a_device_of_the_options_is_the_hosts() {
    let persisted = PersistedSession::of(None, Some(&device("kept")), now(), false, now(), None);
    for (given, expected) in [(None, "kept"), (Some("mine"), "mine")] {
        let options = Options { device_id: given.map(device), ..Options::default() };
        let state = SessionState::open(
            &options,
            &persisted,
            Duration::ZERO,
            None,
            TargetingResults::default(),
            now(),
        );
        assert_eq!(state.device, Some(device(expected)));
        assert_eq!(state.is_device_given, given.is_some());
    }
}
