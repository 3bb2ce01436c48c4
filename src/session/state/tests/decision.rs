//! Whether a session is captured, and why not.

use super::*;
use crate::model::capture::NotCaptured;
use crate::session::state::Decision;

#[test]
fn says_whether_a_session_is_captured_and_why_not() {
    let captured = |sample_rate| {
        Decision::Captured(Recording { replay_id: replay("d", 7), sample_rate, is_held: false })
    };
    let not = Decision::NotCaptured;
    let rule = |state: &mut SessionState, rule| state.rule = Some(rule);
    type Edit<'a> = &'a dyn Fn(&mut SessionState);
    let rows: &[(&str, Edit, Decision<Recording>)] = &[
        ("all is known", &|_| {}, captured(Some(SampleRate::ALL))),
        ("remote configuration awaited", &|state| state.rule = None, captured(None)),
        (
            "the host gave the device",
            &|state| _ = state.set_device(device("d")),
            captured(Some(SampleRate::ALL)),
        ),
        (
            "another session is rejected",
            &|state| _ = state.reject(replay("d", 8)),
            captured(Some(SampleRate::ALL)),
        ),
        ("opted out", &|state| state.opted_out = true, not(NotCaptured::OptedOut)),
        ("paused", &|state| state.is_paused = true, not(NotCaptured::Paused)),
        ("idle", &|state| state.is_idle = true, not(NotCaptured::Idle)),
        (
            "idle, while the remote configuration is awaited",
            &|state| (state.is_idle, state.rule) = (true, None),
            not(NotCaptured::Idle),
        ),
        ("no device", &|state| state.device = None, not(NotCaptured::NoDeviceId)),
        ("no session", &|state| state.session = None, not(NotCaptured::NoSessionId)),
        (
            "timed out, or none yet",
            &|state| (state.session, state.has_session_timeout) = (None, true),
            Decision::AwaitsEvent,
        ),
        ("rejected", &|state| _ = state.reject(replay("d", 7)), not(NotCaptured::SessionRejected)),
        (
            "not in the sample",
            &|state| rule(state, CaptureRule { sample_rate: SampleRate::NONE, ..ALL }),
            not(NotCaptured::NotInSample),
        ),
        (
            "switched off by the server",
            &|state| rule(state, CaptureRule { enabled: false, ..ALL }),
            not(NotCaptured::CaptureDisabled),
        ),
        (
            "targeted, and nothing was told",
            &|state| rule(state, CaptureRule { is_targeted: true, ..ALL }),
            not(NotCaptured::TargetingNotEvaluated),
        ),
        ("closed", &|state| state.closed = true, Decision::Closed),
    ];
    for (name, edit, expected) in rows {
        let mut state = in_session(7);
        edit(&mut state);
        assert_eq!(state.decision(), *expected, "{name}");
    }
}

/// Where several reasons hold, the host hears of the first that it can do something about.
#[test]
fn the_reasons_have_an_order() {
    let mut state = empty();
    state.rule = Some(CaptureRule { enabled: false, ..ALL });
    state.opted_out = true;
    state.is_paused = true;
    state.closed = true;
    let decision = |state: &SessionState| match state.decision() {
        Decision::NotCaptured(reason) => reason.as_str(),
        Decision::Closed => "closed",
        _ => "captured",
    };
    let mut seen = vec![decision(&state)];
    state.closed = false;
    seen.push(decision(&state));
    state.opted_out = false;
    seen.push(decision(&state));
    state.is_paused = false;
    seen.push(decision(&state));
    state.device = Some(device("d"));
    seen.push(decision(&state));
    state.session = Some(session(7));
    state.reject(replay("d", 7));
    seen.push(decision(&state));
    state.session = Some(session(8));
    state.is_idle = true;
    seen.push(decision(&state));
    state.is_idle = false;
    seen.push(decision(&state));
    let order = [
        "closed",
        "opted-out",
        "paused",
        "no-device-id",
        "no-session-id",
        "session-ended-by-server",
        "idle",
        "capture-disabled",
    ];
    assert_eq!(seen, order);
}

/// What the library itself still has is recorded, while the host finds recording ended.
#[test]
fn closing_ends_recording_for_the_host_first() {
    let mut state = in_session(7);
    let recorded = state.decision();
    state.begin_close();
    assert_eq!(state.decision(), recorded);
    assert_eq!((state.is_closed(), state.captured_replay()), (true, None));
    assert!(state.close(), "this changes what is recorded");
    assert_eq!((state.is_closed(), state.decision()), (true, Decision::Closed));
}

#[test]
fn a_replay_counts_as_captured_once_its_sample_rate_is_known() {
    let mut state = in_session(7);
    assert_eq!(state.captured_replay(), Some(replay("d", 7)));
    state.rule = None;
    assert_eq!(state.captured_replay(), None);
}

#[test]
fn a_session_that_the_sample_leaves_out_may_be_held_until_there_is_a_trigger() {
    let rate = SampleRate::clamped;
    let low = CaptureRule { sample_rate: rate(0.000_001), ..ALL };
    type Edit<'a> = &'a dyn Fn(&mut SessionState);
    let rows: &[(&str, Edit, &str)] = &[
        ("left out", &|state| state.rule = Some(low), "held"),
        ("not in either sample", &|state| state.on_error_rate = rate(0.000_001), "not-in-sample"),
        ("off", &|state| state.on_error_rate = SampleRate::NONE, "not-in-sample"),
        ("in the sample", &|state| state.rule = Some(ALL), "captured"),
        ("awaited", &|state| state.rule = None, "awaited"),
        (
            "switched off",
            &|state| state.rule = Some(CaptureRule { enabled: false, ..low }),
            "capture-disabled",
        ),
        ("opted out", &|state| state.opted_out = true, "opted-out"),
        ("rejected", &|state| _ = state.reject(replay("d", 7)), "session-ended-by-server"),
        ("targeted", &|state| state.rule = Some(CaptureRule { is_targeted: true, ..ALL }), "held"),
        ("triggered", &|state| _ = state.trigger(replay("d", 7)), "triggered"),
        ("another triggered", &|state| _ = state.trigger(replay("d", 8)), "held"),
        (
            "triggered and off",
            &|state| {
                state.trigger(replay("d", 7));
                state.rule = Some(CaptureRule { enabled: false, ..low });
            },
            "capture-disabled",
        ),
    ];
    for (name, edit, expected) in rows {
        let mut state = in_session(7);
        (state.rule, state.on_error_rate) = (Some(low), SampleRate::ALL);
        edit(&mut state);
        let found = match state.decision() {
            Decision::Captured(Recording { is_held: true, sample_rate, .. }) => {
                assert_eq!(sample_rate, Some(SampleRate::ALL), "{name}");
                "held"
            }
            Decision::Captured(Recording { sample_rate: None, .. }) => "awaited",
            Decision::Captured(_) if state.is_triggered(&replay("d", 7)) => "triggered",
            Decision::Captured(_) => "captured",
            Decision::NotCaptured(reason) => reason.as_str(),
            _ => "other",
        };
        assert_eq!(found, *expected, "{name}");
        let has_properties = ["captured", "triggered"].contains(&found);
        assert_eq!(state.captured_replay().is_some(), has_properties, "{name}");
    }
}
