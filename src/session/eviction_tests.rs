//! Who needs room while another thread is making some neither goes without nor evicts more.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use super::{Outcome, Sessions};
use crate::model::capture::CaptureRule;
use crate::model::ids::{ApiKey, SessionId};
use crate::model::sample_rate::SampleRate;
use crate::options::Options;
use crate::storage::Storage;

const ROOM_FOR_THREE: u64 = 1_600_000;

/// In memory, and nobody gives room back but who needs it. With no sample rate the session is held.
fn sessions(sample_rate: SampleRate) -> Sessions {
    let options = Options::from_json(r#"{"deviceId":"d","sessionId":1,"onErrorSampleRate":1}"#).unwrap();
    let storage = Arc::new(Storage::open(None, &ApiKey::from_text("key").unwrap(), ROOM_FOR_THREE));
    let rule = CaptureRule {
        enabled: true,
        sample_rate,
        min_session_duration: Default::default(),
        is_targeted: false,
    };
    let (queue, stats) = (Arc::default(), Arc::default());
    Sessions::open(Arc::new(options), storage, queue, stats, Arc::default(), Some(rule), None)
}

/// An event of which one chunk holds only one.
fn large() -> Vec<u8> {
    [br#"{"type":3,"timestamp":1,"data":""#.as_slice(), &vec![b'x'; 300_000], br#""}"#].concat()
}

/// Held, with as much as there is room for.
fn full_of_what_is_held() -> Sessions {
    let sessions = sessions(SampleRate::NONE);
    sessions.record(br#"{"type":4,"timestamp":1}"#).unwrap();
    sessions.record(br#"{"type":2,"timestamp":1}"#).unwrap();
    while !sessions.storage.is_full_for(0) {
        sessions.record(&large()).unwrap();
    }
    sessions
}

/// Records one event more, and has another thread give room back once this one has looked for it in vain and waits: it looks no more
/// before there may be some.
fn record_while(sessions: &Sessions, give_back: impl FnOnce()) -> Result<Outcome, crate::error::Error> {
    let looks = || sessions.storage.spares_wanted().missed;
    let before = looks();
    thread::scope(|scope| {
        let recording = scope.spawn(|| sessions.record(&large()));
        while sessions.turns_waited.load(Ordering::Relaxed) < 10 && !recording.is_finished() {
            thread::yield_now();
        }
        assert!(!recording.is_finished(), "it waits");
        assert_eq!(looks(), before + 1);
        give_back();
        recording.join().unwrap()
    })
}

#[test]
fn what_another_thread_discarded_makes_room_before_that_comes_to_remove_it() {
    let sessions = full_of_what_is_held();
    assert!(sessions.discard_held());
    assert_eq!(sessions.record(&large()).unwrap(), Outcome::NeedsFullSnapshot);
    assert_eq!(sessions.stats.refused_buffer_full.get(), 0);
}

#[test]
fn what_another_thread_is_removing_is_waited_for() {
    let sessions = full_of_what_is_held();
    assert!(sessions.discard_held());
    let making_room = sessions.storage.making_room();
    let taken = sessions.discarded.take();
    let recorded = record_while(&sessions, || {
        taken.iter().for_each(|(sealed, _)| sealed.remove());
        drop(making_room);
    });
    assert_eq!(recorded.unwrap(), Outcome::NeedsFullSnapshot);
    assert_eq!(sessions.stats.refused_buffer_full.get(), 0);
}

#[test]
fn no_second_session_is_evicted_while_another_thread_removes_the_first() {
    let sessions = sessions(SampleRate::ALL);
    for session in 1..4 {
        sessions.set_session(SessionId::from_millis(session).unwrap());
        sessions.record(&large()).unwrap();
        sessions.queue.finalize(Duration::MAX);
    }
    assert!(sessions.storage.is_full_for(0));
    let making_room = sessions.storage.making_room();
    sessions.queue.evict_session(sessions.replay_id().as_ref()).unwrap();
    let (evicted, _) = sessions.queue.take_evicted();
    let recorded = record_while(&sessions, || {
        evicted.iter().for_each(|sealed| sealed.remove());
        drop(making_room);
    });
    recorded.unwrap();
    assert_eq!((evicted.len(), sessions.totals().evicted), (1, 0));
}

#[test]
fn who_never_comes_to_an_end_with_it_is_not_waited_for_without_end() {
    let sessions = full_of_what_is_held();
    assert!(sessions.discard_held());
    let _making_room = sessions.storage.making_room();
    let _taken = sessions.discarded.take();
    assert!(sessions.record(&large()).is_err());
    assert_eq!(sessions.stats.refused_buffer_full.get(), 1);
}
