//! What can't be seen from outside within the five minutes between two questions to the server.

use std::sync::Arc;

use super::Sessions;
use crate::capture::CaptureRule;
use crate::identity::SessionId;
use crate::journal::Journal;
use crate::options::Options;

#[test]
fn sessions_that_are_not_captured_begin_too() {
    let options = Arc::new(Options::from_json(r#"{"deviceId":"d","sessionId":1}"#).unwrap());
    let journal = Arc::new(Journal::open(None, "key", options.storage_limit_bytes));
    let off = CaptureRule { enabled: false, sample_rate: 1.0, min_session_duration: Default::default() };
    let sessions = Sessions::open(options, journal, Arc::default(), Arc::default(), Some(off), None);
    let before = sessions.begun();
    for id in [2, 2, 3] {
        sessions.set_session(SessionId::from_millis(id).unwrap());
    }
    // It is what lets a capture that the server turned off be turned on again.
    assert_eq!(sessions.begun() - before, 2);
}
