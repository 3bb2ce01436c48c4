//! What the fast path answers in each state, beside the slow path.

use std::sync::Arc;
use std::time::Duration;

use super::fast_path::{self, FastAnswer, FastPath, drop_cached};
use super::state::Decision;
use super::{Outcome, Sessions};
use crate::error::Error;
use crate::model::capture::CaptureRule;
use crate::model::event::ViewMark;
use crate::model::ids::{ApiKey, SessionId};
use crate::model::sample_rate::SampleRate;
use crate::options::Options;
use crate::storage::Storage;

const META: &[u8] = br#"{"type":4,"timestamp":1}"#;
const FULL: &[u8] = br#"{"type":2,"timestamp":1}"#;
const EVENT: &[u8] = br#"{"type":3,"data":{"source":0},"timestamp":1}"#;
const ACTION: &[u8] = br#"{"type":3,"data":{"source":2},"timestamp":1}"#;
/// Which type it is of stands further behind.
const UNUSUAL: &[u8] = br#"{"timestamp":1,"type":3,"data":{"source":0}}"#;

struct Host {
    sessions: Sessions,
    fast_path: &'static FastPath,
}

impl Host {
    fn new(options: &str, rate: SampleRate, limit: u64) -> Self {
        drop_cached();
        let options = Arc::new(Options::from_json(options).unwrap());
        let storage = Arc::new(Storage::open(None, &ApiKey::from_text("key").unwrap(), limit));
        let rule = CaptureRule {
            enabled: true,
            sample_rate: rate,
            min_session_duration: Duration::ZERO,
            is_targeted: false,
        };
        let fast_path: &FastPath = Box::leak(Box::new(FastPath::new()));
        let (queue, stats, log) = Default::default();
        let sessions = Sessions::open(options, storage, queue, stats, log, Some(rule), Some(fast_path));
        Self { sessions, fast_path }
    }

    fn captured() -> Self {
        Self::new(r#"{"deviceId":"d","sessionId":1}"#, SampleRate::ALL, 64_000_000)
    }

    fn fast(&self, event: &[u8]) -> Option<Outcome> {
        self.fast_path.record(event).map(|answer| match answer {
            FastAnswer::Told(outcome) => outcome,
            FastAnswer::BufferFull => panic!("there is room"),
        })
    }

    fn slow(&self, event: &[u8]) -> Outcome {
        self.sessions.record(event).unwrap()
    }

    fn recorded(&self) -> u64 {
        self.sessions.totals().recorded.events
    }
}

#[test]
fn before_its_snapshot_a_session_asks_for_it_on_the_fast_path() {
    let host = Host::captured();
    assert_eq!(host.fast(EVENT), None, "nothing is cached yet");
    assert_eq!(host.slow(EVENT), Outcome::NeedsFullSnapshot);
    assert_eq!(host.fast(EVENT), Some(Outcome::NeedsFullSnapshot));
    for closer in [FULL, META, UNUSUAL] {
        assert_eq!(host.fast(closer), None);
    }
    assert_eq!((host.slow(META), host.slow(FULL)), (Outcome::Done, Outcome::Done));
    for event in [EVENT, FULL, UNUSUAL] {
        assert_eq!(host.fast(event), Some(Outcome::Done));
    }
    assert_eq!(host.recorded(), 7);
}

#[test]
fn what_is_told_changes_with_the_want_of_a_snapshot() {
    let host = Host::captured();
    host.slow(FULL);
    assert_eq!(host.fast(EVENT), Some(Outcome::Done));
    host.sessions.request_snapshot(&host.sessions.replay_id().unwrap());
    assert_eq!((host.fast(EVENT), host.slow(EVENT)), (None, Outcome::NeedsFullSnapshot));
    assert_eq!(host.fast(EVENT), Some(Outcome::NeedsFullSnapshot));
    host.sessions.note_dropped_snapshot();
    assert_eq!((host.fast(EVENT), host.slow(EVENT)), (None, Outcome::Done));
    assert_eq!(
        (host.fast(EVENT), host.fast(FULL)),
        (Some(Outcome::Done), None),
        "the next one is there again"
    );
    // By a view, of which the fast path knows nothing.
    let stretch = host.sessions.stretch().unwrap().unwrap();
    host.sessions.end_stretch(stretch);
    host.slow(EVENT);
    assert_eq!(host.fast(EVENT), Some(Outcome::NeedsFullSnapshot));
    let stretch = host.sessions.stretch().unwrap().unwrap();
    let mark = Some(ViewMark::of_scene([1, 1]));
    host.sessions.record_in(stretch, mark, FULL).unwrap();
    assert_eq!((host.fast(EVENT), host.slow(EVENT)), (None, Outcome::Done));
}

#[test]
fn what_is_not_captured_is_counted_on_the_fast_path_until_it_is() {
    for change in [
        (|sessions: &Sessions, is_off| _ = sessions.set_opt_out(is_off)) as fn(&Sessions, bool),
        |sessions, is_off| _ = sessions.set_paused(is_off),
    ] {
        let host = Host::captured();
        host.slow(FULL);
        change(&host.sessions, true);
        assert_eq!((host.fast(EVENT), host.slow(EVENT)), (None, Outcome::NotCaptured));
        assert_eq!(
            (host.fast(EVENT), host.fast(FULL)),
            (Some(Outcome::NotCaptured), Some(Outcome::NotCaptured))
        );
        assert_eq!(host.sessions.stats.not_captured.get(), 3);
        change(&host.sessions, false);
        assert_eq!((host.fast(EVENT), host.slow(EVENT)), (None, Outcome::NeedsFullSnapshot));
        assert_eq!(host.recorded(), 2);
        change(&host.sessions, true);
        host.slow(EVENT);
        host.sessions.close();
        assert_eq!(host.fast(EVENT), None);
        assert!(matches!(host.sessions.record(EVENT), Err(Error::ShutDown)));
    }
    let host = Host::new(r#"{"deviceId":"d","sessionId":1}"#, SampleRate::NONE, 64_000_000);
    host.slow(EVENT);
    assert_eq!(host.fast(EVENT), Some(Outcome::NotCaptured));
    let too_large = [b"{".as_slice(), &vec![b' '; 10_000_000], b"}"].concat();
    assert_eq!(host.fast(&too_large), None, "it is refused, captured or not");
}

#[test]
fn a_session_that_timed_out_ends_for_the_fast_path_too() {
    let host = Host::new(r#"{"deviceId":"d","sessionTimeoutMs":3600000}"#, SampleRate::ALL, 64_000_000);
    host.slow(FULL);
    let first = host.sessions.session();
    assert_eq!(host.fast(EVENT), Some(Outcome::Done));
    host.sessions.idle.silent_for(Duration::from_secs(50 * 60));
    assert_eq!(host.fast(EVENT), Some(Outcome::Done));
    host.sessions.idle.silent_for(Duration::from_secs(50 * 60));
    assert_eq!(host.fast(EVENT), Some(Outcome::Done), "the event before counts");
    host.sessions.idle.silent_for(Duration::from_secs(70 * 60));
    assert_eq!(host.fast(EVENT), None);
    assert_eq!(host.slow(EVENT), Outcome::NeedsFullSnapshot);
    assert_ne!(host.sessions.session(), first);
}

#[test]
fn who_is_idle_comes_back_with_an_action() {
    let options = r#"{"deviceId":"d","sessionId":1,"idleTimeoutMs":3600000}"#;
    let host = Host::new(options, SampleRate::ALL, 64_000_000);
    host.slow(FULL);
    assert_eq!((host.fast(EVENT), host.fast(ACTION)), (Some(Outcome::Done), Some(Outcome::Done)));
    assert_eq!(host.fast(UNUSUAL), None, "it may be an action");
    host.sessions.activity.silent_for(Duration::from_secs(70 * 60));
    assert_eq!((host.fast(EVENT), host.slow(EVENT)), (None, Outcome::NotCaptured));
    assert_eq!((host.fast(EVENT), host.fast(ACTION)), (Some(Outcome::NotCaptured), None));
    assert_eq!(host.slow(ACTION), Outcome::NeedsFullSnapshot);
}

#[test]
fn a_full_buffer_is_not_searched_for_each_event_and_takes_more_once_there_is_room() {
    let room_for_one = 600_000;
    let host = Host::new(r#"{"deviceId":"d","sessionId":1}"#, SampleRate::ALL, room_for_one);
    let large = [b"{\"type\":3,\"data\":\"".as_slice(), &vec![b'x'; 300_000], b"\"}"].concat();
    assert_eq!(host.slow(&large), Outcome::NeedsFullSnapshot);
    let is_refused = || matches!(host.sessions.record(&large), Err(Error::BufferFull { .. }));
    assert!(is_refused());
    let seen = host.sessions.capture_state.load_full();
    assert!(seen.no_room.holds(host.sessions.storage.room().version()));
    assert_eq!(host.fast_path.record(&large), None, "nothing is cached yet");
    assert!(is_refused());
    let refused_fast = |event: &[u8]| host.fast_path.record(event) == Some(FastAnswer::BufferFull);
    assert!(refused_fast(&large));
    assert!(matches!(fast_path::buffer_full(), Some(Error::BufferFull { limit: 600_000, .. })));
    drop_cached();
    assert!(refused_fast(&large), "what only refuses stays after a call that failed");
    assert!(!refused_fast(FULL) && !refused_fast(EVENT), "these fit");
    assert_eq!(host.sessions.stats.refused_buffer_full.get(), 4);
    // What fits into the rest is kept; and a snapshot that is there is not built on without what is refused after it.
    assert_eq!(host.slow(FULL), Outcome::Done);
    assert_eq!(host.fast_path.record(&large), None);
    assert!(is_refused());
    assert_eq!(host.slow(EVENT), Outcome::NeedsFullSnapshot);
    // Another session: the one before may be evicted.
    assert!(is_refused() && refused_fast(&large));
    host.sessions.set_session(SessionId::from_millis(2).unwrap());
    assert_eq!(host.fast_path.record(&large), None);
    assert_eq!(host.slow(&large), Outcome::NeedsFullSnapshot);
}

#[test]
fn a_full_buffer_is_refused_on_the_fast_path_after_a_flush_too() {
    let room_for_one = 600_000;
    let host = Host::new(r#"{"deviceId":"d","sessionId":1}"#, SampleRate::ALL, room_for_one);
    let large = [b"{\"type\":3,\"data\":\"".as_slice(), &vec![b'x'; 300_000], b"\"}"].concat();
    host.slow(&large);
    host.sessions.seal();
    assert!(host.sessions.capture_state.load().chunk.is_none());
    let is_refused = || matches!(host.sessions.record(EVENT), Err(Error::BufferFull { .. }));
    // The first search cuts the sealed chunk to what is in it, which makes room: the second finds that it is not enough.
    assert!(is_refused() && is_refused() && is_refused());
    for event in [EVENT, &large, FULL] {
        assert_eq!(host.fast_path.record(event), Some(FastAnswer::BufferFull));
    }
    assert_eq!(host.sessions.stats.refused_buffer_full.get(), 6);
}

#[test]
fn what_is_refused_beside_a_full_snapshot_asks_for_another() {
    let host = Host::new(r#"{"deviceId":"d","sessionId":1}"#, SampleRate::ALL, 600_000);
    let large = [b"{\"type\":3,\"data\":\"".as_slice(), &vec![b'x'; 300_000], b"\"}"].concat();
    host.slow(&large);
    let refuse = || assert!(host.sessions.record(&large).is_err());
    refuse();
    refuse();
    assert_eq!(host.fast_path.record(&large), Some(FastAnswer::BufferFull));
    let seen = host.sessions.capture_state.load_full();
    let Decision::Captured(session) = &seen.decision else { panic!("it is captured") };
    // Another thread's is there, and it has not revoked the fast path yet.
    session.outcome_of(FULL, session.losses());
    assert!(session.is_whole());
    assert_eq!(host.fast_path.record(&large), None);
    refuse();
    assert!(!session.has_snapshot());
    // It was refused while the snapshot was recorded.
    let before = session.losses();
    assert!(session.loses_before_snapshot());
    session.outcome_of(FULL, before);
    assert!(!session.has_snapshot());
}
