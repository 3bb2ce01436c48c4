//! What can't be seen from outside: within the five minutes between two questions to the server, or but for a race.

use std::sync::Arc;

use super::state::Decision;
use super::{Outcome, Sessions};
use crate::model::capture::CaptureRule;
use crate::model::ids::{ApiKey, SessionId};
use crate::model::sample_rate::SampleRate;
use crate::options::Options;
use crate::storage::Storage;

/// In memory, with so much room, and nobody who tidies up.
fn sessions(limit: u64, enabled: bool) -> Sessions {
    let options = Arc::new(Options::from_json(r#"{"deviceId":"d","sessionId":1}"#).unwrap());
    let storage = Arc::new(Storage::open(None, &ApiKey::from_text("key").unwrap(), limit));
    let rule = CaptureRule {
        enabled,
        sample_rate: SampleRate::ALL,
        min_session_duration: Default::default(),
        is_targeted: false,
    };
    Sessions::open(options, storage, Arc::default(), Arc::default(), Arc::default(), Some(rule), None)
}

#[test]
fn sessions_that_are_not_captured_begin_too() {
    let sessions = sessions(64_000_000, false);
    let before = sessions.sessions_started();
    for id in [2, 2, 3] {
        sessions.set_session(SessionId::from_millis(id).unwrap());
    }
    // It is what lets a capture that the server turned off be turned on again.
    assert_eq!(sessions.sessions_started() - before, 2);
}

#[test]
fn who_comes_late_finds_the_last_chunk_that_there_was_room_for() {
    let room_for_one = 600_000;
    let sessions = sessions(room_for_one, true);
    let seen = sessions.capture_state.load_full();
    let Decision::Captured(session) = &seen.decision else { panic!("it is captured") };
    sessions.record(br#"{"type":2,"timestamp":1}"#).unwrap();
    // Another thread that saw the same, and was slower.
    sessions.replace_chunk(&seen, session, 100).unwrap();
    assert!(session.has_snapshot(), "nothing is missing in the replay");
    assert_eq!(sessions.stats.refused_buffer_full.get(), 0);
}

#[test]
fn what_is_meant_for_one_stretch_is_recorded_in_no_other() {
    let sessions = sessions(64_000_000, true);
    let first = sessions.stretch().unwrap().unwrap();
    let record = |stretch| sessions.record_in(stretch, None, br#"{"type":2,"timestamp":1}"#).unwrap();
    assert_eq!(record(first), Some(Outcome::Done));
    sessions.set_session(SessionId::from_millis(2).unwrap());
    assert_eq!(record(first), None, "another session");
    let second = sessions.stretch().unwrap().unwrap();
    assert_eq!(record(second), Some(Outcome::Done));
    sessions.request_snapshot(&sessions.replay_id().unwrap());
    assert_eq!(record(second), None, "something was lost");
    let third = sessions.stretch().unwrap().unwrap();
    sessions.end_stretch(second);
    assert_eq!(record(third), Some(Outcome::Done), "that one had ended before");
    sessions.end_stretch(third);
    assert_eq!(record(third), None);
    sessions.set_session(SessionId::from_millis(2).unwrap());
    assert_eq!(sessions.totals().waiting_events, 3, "nothing is recorded where it is not meant for");
}

#[test]
fn no_session_is_given_up_for_room_that_nobody_needs() {
    let room_for_three = 1_600_000;
    let sessions = sessions(room_for_three, true);
    // Nobody cuts the chunks to what is in them meanwhile, as on a busy machine.
    for session in 2..30 {
        sessions.record(br#"{"type":2,"timestamp":1}"#).unwrap();
        sessions.set_session(SessionId::from_millis(session).unwrap());
    }
    assert_eq!((sessions.totals().waiting_events, sessions.totals().evicted), (28, 0));
}
