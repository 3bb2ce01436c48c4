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

#[test]
fn no_session_is_given_up_for_chunks_that_are_only_ready() {
    let rrweb = |bytes: usize| [b"{\"type\":3,\"data\":\"".as_slice(), &vec![b'x'; bytes], b"\"}"].concat();
    let fill = |sessions: &Sessions, event: &[u8]| {
        while !sessions.storage.is_full_for(0) {
            sessions.record(event).unwrap();
        }
    };
    type Ready = fn(&Sessions);
    let ready: [(&str, Ready, usize); 2] = [
        ("for a large event", |sessions| sessions.storage.prepare_large_spare(true).unwrap(), 400_000),
        ("for ordinary events", |sessions| sessions.prepare(3).unwrap(), 700_000),
    ];
    for (name, get_ready, bytes) in ready {
        let sessions = sessions(8_000_000, true);
        sessions.record(&rrweb(1_000_000)).unwrap();
        sessions.set_session(SessionId::from_millis(2).unwrap());
        get_ready(&sessions);
        let waiting = sessions.storage.used_bytes();
        fill(&sessions, &rrweb(bytes));
        assert!(waiting > 2_000_000 && sessions.storage.is_full_for(0), "{name}: {waiting}");
        let accepted = sessions.totals().recorded.events;
        sessions.prepare(1).unwrap();
        assert_eq!(sessions.totals().evicted, 0, "{name}");
        assert_eq!(sessions.totals().recorded.events, accepted, "{name}");
    }
}

const META: &[u8] = br#"{"type":4,"timestamp":1}"#;
const FULL: &[u8] = br#"{"type":2,"timestamp":1}"#;
const EVENT: &[u8] = br#"{"type":3,"timestamp":1}"#;

/// The rule that leaves every session out.
const LEFT_OUT: CaptureRule = CaptureRule {
    enabled: true,
    sample_rate: SampleRate::NONE,
    min_session_duration: std::time::Duration::ZERO,
    is_targeted: false,
};

/// Of a session that is held. What is older than this moment is outdated, and a full snapshot is wanted at once.
fn held_sessions() -> Sessions {
    sessions_in(None, Some(LEFT_OUT))
}

/// The same by another rule, in a storage directory.
fn sessions_in(dir: Option<&std::path::Path>, rule: Option<CaptureRule>) -> Sessions {
    let mut options = Options::from_json(r#"{"deviceId":"d","sessionId":1,"onErrorSampleRate":1}"#).unwrap();
    options.on_error_window = std::time::Duration::ZERO;
    let storage = Arc::new(Storage::open(dir, &ApiKey::from_text("key").unwrap(), 64_000_000));
    let (queue, stats) = (Arc::default(), Arc::default());
    Sessions::open(Arc::new(options), storage, queue, stats, Arc::default(), rule, None)
}

#[test]
fn a_held_session_asks_for_a_full_snapshot_and_lets_go_of_what_lies_before() {
    let sessions = held_sessions();
    let record = |event: &[u8]| sessions.record(event).unwrap();
    assert_eq!(record(EVENT), Outcome::NeedsFullSnapshot);
    assert_eq!(sessions.rotate_held(u64::MAX), (None, false), "it asks for the first already");
    assert_eq!((record(META), record(FULL), record(EVENT)), (Outcome::Done, Outcome::Done, Outcome::Done));
    assert!(sessions.rotate_held(u64::MAX).1, "half the window has passed");
    assert_eq!(sessions.totals().held.events, 4, "what was before the first is not removed yet");
    assert_eq!(record(EVENT), Outcome::NeedsFullSnapshot);
    assert!(!sessions.rotate_held(u64::MAX).1, "it was asked for");
    assert_eq!(record(META), Outcome::Done);
    assert!(!sessions.rotate_held(u64::MAX).1, "the full snapshot is still to come");
    assert_eq!((record(FULL), record(EVENT)), (Outcome::Done, Outcome::Done));
    sessions.rotate_held(u64::MAX);
    sessions.remove_discarded();
    let totals = sessions.totals();
    assert_eq!((totals.held.events, totals.recorded.events, totals.waiting_events), (3, 8, 0));
    assert_eq!(sessions.stats.dropped_not_triggered.get(), 5);
    assert!(matches!(sessions.trigger(), super::Triggered::Captured(_)));
    assert_eq!(sessions.trigger(), super::Triggered::Already);
    let totals = sessions.totals();
    assert_eq!((totals.held.events, totals.recorded.events, totals.waiting_events), (0, 8, 3));
}

#[test]
fn what_is_held_goes_with_its_session_and_never_to_the_queue() {
    for end in [
        (|sessions: &Sessions| _ = sessions.set_session(SessionId::from_millis(2).unwrap())) as fn(&Sessions),
        |sessions| _ = sessions.set_opt_out(true),
        |sessions| sessions.close(),
        |sessions| {
            let rule = CaptureRule {
                enabled: true,
                sample_rate: SampleRate::ALL,
                min_session_duration: Default::default(),
                is_targeted: false,
            };
            sessions.apply_rule(rule, None);
        },
    ] {
        let sessions = held_sessions();
        [META, FULL, EVENT].iter().for_each(|event| _ = sessions.record(event).unwrap());
        sessions.seal();
        assert_eq!(sessions.queue.len(), 0);
        let chunk = sessions.capture_state.load().chunk.clone().unwrap();
        end(&sessions);
        sessions.remove_discarded();
        assert!(chunk.is_condemned(), "whatever comes late, a later run finds nothing to send");
        let totals = sessions.totals();
        assert_eq!((totals.held.events, totals.waiting_events, sessions.queue.waiting_events()), (0, 0, 0));
        assert_eq!(sessions.stats.dropped_not_triggered.get(), 3);
    }
}

#[test]
fn a_session_whose_process_died_is_captured_when_it_goes_on() {
    for (dead, expected) in [("1", 3), ("2", 0)] {
        let sessions = held_sessions();
        [META, FULL, EVENT].iter().for_each(|event| _ = sessions.record(event).unwrap());
        let session = SessionId::from_text(dead).unwrap();
        let replay_id = crate::model::ids::ReplayId { session, ..sessions.replay_id().unwrap() };
        sessions.note_triggered(vec![replay_id]);
        assert_eq!(sessions.totals().waiting_events, expected, "{dead}");
        assert_eq!(sessions.is_captured() == Some(Ok(())), expected > 0, "{dead}");
        assert!(sessions.take_new_trigger(), "it is persisted");
    }
}

#[test]
fn a_death_is_a_trigger_for_what_may_be_held_but_not_for_a_session_that_was_left_by_then() {
    for (name, leave, expected) in [
        ("stayed", (|sessions: &Sessions| sessions.seal()) as fn(&Sessions), true),
        ("another session", |sessions| _ = sessions.set_session(SessionId::from_millis(2).unwrap()), false),
        ("opted out", |sessions| _ = sessions.set_opt_out(true), false),
        (
            "there was a trigger",
            |sessions| {
                assert_eq!(sessions.trigger(), super::Triggered::Already);
                sessions.set_session(SessionId::from_millis(2).unwrap());
            },
            true,
        ),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let sessions = sessions_in(Some(dir.path()), None);
        [META, FULL, EVENT].iter().for_each(|event| _ = sessions.record(event).unwrap());
        sessions.record_interaction(br#"{"type":"click"}"#).unwrap();
        leave(&sessions);
        assert_eq!(sessions.queue.waiting_events(), if name == "stayed" { 3 } else { 4 }, "{name}");
        drop(sessions);
        let next = Storage::open(Some(dir.path()), &ApiKey::from_text("key").unwrap(), 64_000_000);
        let recovered = next.recover(Some(std::time::Duration::from_secs(60))).unwrap();
        assert_eq!(recovered.events, 4, "{name}: the configuration may capture it");
        assert!(recovered.sealed.iter().all(|sealed| sealed.is_left_by_death() == expected), "{name}");
    }
}

#[test]
fn nothing_is_released_once_recording_ends_for_the_host() {
    let sessions = held_sessions();
    [META, FULL, EVENT].iter().for_each(|event| _ = sessions.record(event).unwrap());
    sessions.begin_close();
    sessions.note_triggered(vec![sessions.replay_id().unwrap()]);
    assert_eq!(sessions.trigger(), super::Triggered::NotCaptured);
    assert_eq!(sessions.totals().waiting_events, 0);
}

#[test]
fn a_full_snapshot_that_the_filter_dropped_begins_no_segment_and_is_not_asked_for_again() {
    let sessions = held_sessions();
    let record = |event: &[u8]| sessions.record(event).unwrap();
    [META, FULL, EVENT].iter().for_each(|event| _ = record(event));
    assert!(sessions.rotate_held(u64::MAX).1, "half the window has passed");
    sessions.note_dropped_snapshot();
    assert!(!sessions.rotate_held(u64::MAX).1, "not again at once");
    // The next one that is kept begins a segment all the same.
    [META, FULL, EVENT].iter().for_each(|event| _ = record(event));
    sessions.rotate_held(u64::MAX);
    sessions.remove_discarded();
    assert_eq!(sessions.totals().held.events, 3, "what was before it is outdated");
}

#[test]
fn a_trigger_beside_a_full_snapshot_releases_it_or_has_it_asked_for_again() {
    for _ in 0..300 {
        let sessions = held_sessions();
        sessions.record(META).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| sessions.record(FULL).unwrap());
            scope.spawn(|| sessions.trigger());
        });
        let is_asked = sessions.record(EVENT).unwrap() == Outcome::NeedsFullSnapshot;
        sessions.seal();
        let events = sessions.queue.all().iter().map(|sealed| sealed.counts().events).sum::<u64>();
        assert!(is_asked || events >= 2, "{events}");
    }
}

/// As [`held_sessions`], with this rule.
fn on_error_sessions(rule: Option<CaptureRule>) -> Sessions {
    on_error_sessions_within(64_000_000, rule)
}

fn on_error_sessions_within(limit: u64, rule: Option<CaptureRule>) -> Sessions {
    let options = Options::from_json(r#"{"deviceId":"d","sessionId":1,"onErrorSampleRate":1}"#).unwrap();
    let storage = Arc::new(Storage::open(None, &ApiKey::from_text("key").unwrap(), limit));
    let (queue, stats) = (Arc::default(), Arc::default());
    Sessions::open(Arc::new(options), storage, queue, stats, Arc::default(), rule, None)
}

#[test]
fn what_is_deleted_leaves_no_segment_that_plays_and_counts_as_deleted() {
    for rule in [Some(LEFT_OUT), None] {
        let sessions = on_error_sessions(rule);
        [META, FULL, EVENT].iter().for_each(|event| _ = sessions.record(event).unwrap());
        sessions.delete_waiting();
        sessions.queue.finalize(std::time::Duration::MAX);
        sessions.remove_evicted();
        assert_eq!(sessions.totals().deleted, 3, "{rule:?}");
        assert_eq!(sessions.record(EVENT).unwrap(), Outcome::NeedsFullSnapshot);
        sessions.apply_rule(LEFT_OUT, None);
        assert!(sessions.is_held());
        assert!(matches!(sessions.trigger(), super::Triggered::Captured(_)));
        assert_eq!(sessions.totals().waiting_events, 0, "{rule:?}: nobody can begin with it");
    }
}

#[test]
fn what_is_held_is_recorded_but_not_captured() {
    for (rule, recorded, asked) in [
        (CaptureRule { sample_rate: SampleRate::ALL, ..LEFT_OUT }, Outcome::Done, Outcome::Done),
        (LEFT_OUT, Outcome::Done, Outcome::NotCaptured),
        (CaptureRule { enabled: false, ..LEFT_OUT }, Outcome::NotCaptured, Outcome::NotCaptured),
    ] {
        let sessions = on_error_sessions(Some(rule));
        [META, FULL].iter().for_each(|event| _ = sessions.record(event).unwrap());
        assert_eq!(sessions.record(EVENT).unwrap(), recorded);
        assert_eq!(sessions.evaluate_targeting(Default::default()), asked, "{rule:?}");
    }
}

#[test]
fn what_is_recorded_never_counts_less() {
    let sessions = held_sessions();
    let is_done = std::sync::atomic::AtomicBool::new(false);
    let is_done = &is_done;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..500 {
                [META, FULL, EVENT].iter().for_each(|event| _ = sessions.record(event).unwrap());
                sessions.rotate_held(u64::MAX);
                sessions.remove_discarded();
            }
            is_done.store(true, std::sync::atomic::Ordering::Release);
        });
        let mut before = 0;
        while !is_done.load(std::sync::atomic::Ordering::Acquire) {
            let recorded = sessions.totals().recorded.events;
            assert!(recorded >= before, "{before}, then {recorded}");
            before = recorded;
        }
    });
}

#[test]
fn who_shows_views_hears_of_it_where_too_much_is_held() {
    let sessions = on_error_sessions(Some(LEFT_OUT));
    [META, FULL].iter().for_each(|event| _ = sessions.record(event).unwrap());
    let seen = sessions.capture_state.load_full();
    let Decision::Captured(session) = &seen.decision else { panic!("it is recorded") };
    sessions.replace_chunk(&seen, session, 100).unwrap();
    assert!(!sessions.rotate_held(u64::MAX).1);
    assert!(sessions.rotate_held(0).1, "nothing of it is left to build on");
    assert!(!sessions.rotate_held(0).1, "once");
}

#[test]
fn nothing_of_what_is_held_goes_for_room_that_nobody_needs() {
    let room_for_three = 1_600_000;
    let sessions = on_error_sessions_within(room_for_three, Some(LEFT_OUT));
    // Nobody cuts the chunks to what is in them meanwhile, as on a busy machine.
    for _ in 0..10 {
        [META, FULL].iter().for_each(|event| _ = sessions.record(event).unwrap());
        sessions.end_stretch(sessions.current_stretch().unwrap());
    }
    sessions.remove_discarded();
    let totals = sessions.totals();
    assert_eq!((totals.held.events, sessions.stats.dropped_not_triggered.get()), (20, 0));
}

/// How a break begins and ends.
type Break = (&'static str, fn(&Sessions), fn(&Sessions));

const BREAKS: [Break; 2] = [
    ("paused", |sessions| _ = sessions.set_paused(true), |sessions| _ = sessions.set_paused(false)),
    (
        "idle",
        |sessions| _ = sessions.change(super::state::SessionState::become_idle),
        |sessions| _ = sessions.end_idle(),
    ),
];

#[test]
fn what_is_held_waits_over_a_break_and_a_trigger_in_it_sends_it() {
    for (name, begin, end) in BREAKS {
        let held_in_break = || {
            let sessions = on_error_sessions(Some(LEFT_OUT));
            [META, FULL, EVENT].iter().for_each(|event| _ = sessions.record(event).unwrap());
            begin(&sessions);
            let totals = sessions.totals();
            assert_eq!((totals.held.events, totals.waiting_events), (3, 0), "{name}");
            assert_eq!(sessions.record(EVENT).unwrap(), Outcome::NotCaptured, "{name}");
            sessions
        };
        // It goes on, with a full snapshot.
        let sessions = held_in_break();
        end(&sessions);
        assert_eq!(sessions.record(META).unwrap(), Outcome::Done);
        assert_eq!(sessions.record(FULL).unwrap(), Outcome::Done);
        assert_eq!(sessions.totals().held.events, 5, "{name}");
        assert!(matches!(sessions.trigger(), super::Triggered::Captured(_)));
        assert_eq!(sessions.totals().waiting_events, 5, "{name}");
        // There is a trigger in between.
        let sessions = held_in_break();
        assert!(matches!(sessions.trigger(), super::Triggered::InBreak(_, Some(_))), "{name}");
        let totals = sessions.totals();
        assert_eq!((totals.held.events, totals.waiting_events), (0, 3), "{name}");
        assert!(sessions.take_new_trigger(), "it is persisted");
        end(&sessions);
        assert_eq!(sessions.is_captured(), Some(Ok(())), "{name}");
        assert_eq!(sessions.record(EVENT).unwrap(), Outcome::NeedsFullSnapshot, "{name}");
        // Another process of the same session died.
        let sessions = held_in_break();
        sessions.note_triggered(vec![sessions.replay_id().unwrap()]);
        assert_eq!(sessions.totals().waiting_events, 3, "{name}");
    }
}

#[test]
fn what_is_held_over_a_break_goes_with_what_ends_its_session_and_after_the_window() {
    type End = fn(&Sessions);
    let ends: [(&str, End); 7] = [
        ("the window passed", |sessions| _ = sessions.end_break_if_due(std::time::Duration::ZERO)),
        ("another session", |sessions| _ = sessions.set_session(SessionId::from_millis(2).unwrap())),
        ("opted out", |sessions| _ = sessions.set_opt_out(true)),
        ("the end", |sessions| sessions.close()),
        ("deleted", |sessions| _ = sessions.delete_waiting()),
        ("turned off", |sessions| sessions.apply_rule(CaptureRule { enabled: false, ..LEFT_OUT }, None)),
        ("in the sample", |sessions| {
            sessions.apply_rule(CaptureRule { sample_rate: SampleRate::ALL, ..LEFT_OUT }, None);
        }),
    ];
    for (name, begin, end_break) in BREAKS {
        for (why, end) in ends {
            let sessions = on_error_sessions(Some(LEFT_OUT));
            [META, FULL, EVENT].iter().for_each(|event| _ = sessions.record(event).unwrap());
            begin(&sessions);
            let (left, _) = sessions.rotate_held(u64::MAX);
            assert!(left.is_some_and(|left| left <= sessions.options.on_error_window), "{name}");
            end(&sessions);
            sessions.remove_discarded();
            let totals = sessions.totals();
            assert_eq!((totals.held.events, totals.waiting_events), (0, 0), "{name}, {why}");
            assert_eq!(sessions.stats.dropped_not_triggered.get() + totals.deleted, 3, "{name}, {why}");
            end_break(&sessions);
            sessions.trigger();
            assert_eq!(sessions.totals().waiting_events, 0, "{name}, {why}");
        }
    }
}
