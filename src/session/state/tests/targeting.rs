//! What targeting does to the decision, and which of what is told counts.

use serde_json::{Value, json};

use super::*;
use crate::model::capture::NotCaptured;
use crate::model::envelope::Envelope;
use crate::model::targeting::Targeting;
use crate::session::analytics_event::{AnalyticsEvent, SessionSource};
use crate::session::state::Decision;
use crate::session::targeting::TargetingContext;

const TARGETED: CaptureRule = CaptureRule { is_targeted: true, sample_rate: SampleRate::NONE, ..ALL };

/// Who bought is captured.
fn rules() -> Option<Targeting> {
    let bought = json!({ "selector": ["context", "event", "event_type"], "op": "is", "values": ["Bought"] });
    let config = json!({
        "key": "sr_targeting_config",
        "variants": { "on": { "key": "on" }, "off": { "key": "off" } },
        "segments": [{ "conditions": [[bought]], "variant": "on" }, { "variant": "off" }],
    });
    Targeting::parse(&config.to_string())
}

fn told(json: Value) -> TargetingContext {
    TargetingContext::parse(&json.to_string()).unwrap()
}

fn bought() -> TargetingContext {
    told(json!({ "event": { "event_type": "Bought", "time": 1 } }))
}

fn targeted(millis: i64) -> SessionState {
    let mut state = in_session(millis);
    state.set_rule(TARGETED, rules());
    state
}

fn reason(state: &SessionState) -> Option<&'static str> {
    match state.decision() {
        Decision::Captured(_) => None,
        Decision::NotCaptured(reason) => Some(reason.as_str()),
        _ => Some("closed"),
    }
}

#[test]
fn it_decides_in_place_of_the_sample_and_below_all_else() {
    let mut state = targeted(7);
    assert_eq!(reason(&state), Some("targeting-not-evaluated"));
    assert!(state.tell_targeting(told(json!({ "userProperties": { "plan": "paid" } }))));
    assert_eq!(reason(&state), Some("not-targeted"));
    assert!(!state.tell_targeting(told(json!({ "userProperties": { "plan": "free" } }))), "nothing changes");
    state.set_rule(CaptureRule { sample_rate: SampleRate::ALL, ..TARGETED }, rules());
    assert_eq!(reason(&state), Some("not-targeted"), "whatever the sample");
    assert!(state.tell_targeting(bought()));
    assert_eq!(reason(&state), None);
    type Edit = fn(&mut SessionState);
    let edits: [(Edit, Option<&str>); 9] = [
        (|state| _ = state.set_opt_out(true), Some("opted-out")),
        (|state| _ = state.set_opt_out(false), None),
        (
            |state| _ = state.set_rule(CaptureRule { enabled: false, ..TARGETED }, rules()),
            Some("capture-disabled"),
        ),
        (|state| _ = state.set_rule(TARGETED, None), None),
        (|state| _ = state.set_rule(CaptureRule { is_targeted: false, ..TARGETED }, None), None),
        (|state| _ = state.set_device(device("e")), None),
        (|state| _ = state.reject(replay("e", 7)), Some("session-ended-by-server")),
        (|state| _ = state.set_session(session(8), now()), Some("not-in-sample")),
        (|state| _ = state.close(), Some("closed")),
    ];
    for (edit, expected) in edits {
        edit(&mut state);
        state.begin_targeting();
        assert_eq!(reason(&state), expected);
    }
}

#[test]
fn of_who_opted_out_nothing_is_collected() {
    let mut state = targeted(7);
    state.set_opt_out(true);
    state.begin_targeting();
    assert!(!state.tell_targeting(bought()));
    state.set_opt_out(false);
    state.begin_targeting();
    assert_eq!(reason(&state), Some("targeting-not-evaluated"));
    assert!(state.told_targeting().unwrap().rule.is_some(), "evaluated anew, without that event");
}

#[test]
fn what_was_recorded_before_a_late_match_does_not_count() {
    let mut state = empty();
    state.rule = None;
    state.targeting =
        super::super::TargetingState::new(TargetingResults::default(), Default::default(), true);
    state.device = Some(device("d"));
    state.set_session(session(7), now());
    state.begin_targeting();
    assert!(!state.tell_targeting(bought()), "the rules are awaited");
    let recording = Recording { replay_id: replay("d", 7), sample_rate: None, is_held: false };
    assert_eq!(state.decision(), Decision::Captured(recording));
    state.set_session(session(8), now());
    state.begin_targeting();
    state.set_rule(TARGETED, rules());
    assert_eq!(reason(&state), Some("targeting-not-evaluated"));
    let is_allowed = |state: &SessionState, millis| {
        let envelope = Envelope { session_id: session(millis), ..Envelope::any() };
        TARGETED.allows(&session(millis), state.early_targeting(&envelope)).is_ok()
    };
    assert_eq!((is_allowed(&state, 7), is_allowed(&state, 8)), (true, false));
    state.tell_targeting(bought());
    assert_eq!(reason(&state), None);
    assert!(!is_allowed(&state, 8), "it was not captured then");
}

#[test]
fn only_events_of_the_current_replay_are_evaluated() {
    let event = |device_id: Option<&str>, millis: Option<i64>| AnalyticsEvent {
        device: device_id.map(DeviceId::from_text),
        session: millis.map(session),
        session_source: SessionSource::Analytics,
    };
    for (name, device, millis, is_given, expected) in [
        ("that names both", Some("d"), Some(7), false, true),
        ("that names none", None, None, false, true),
        ("of an earlier session", Some("d"), Some(6), false, false),
        ("of another device", Some("e"), Some(7), false, false),
        ("of any device, where the host gave one", Some("e"), Some(7), true, true),
    ] {
        let mut state = targeted(7);
        state.is_device_given = is_given;
        assert_eq!(state.follow_targeting(&event(device, millis), bought()), expected, "{name}");
        assert_eq!(reason(&state).is_none(), expected, "{name}");
    }
}

#[test]
fn once_recording_ends_nothing_is_evaluated() {
    let mut state = targeted(7);
    state.begin_close();
    assert!(!state.tell_targeting(bought()));
    assert_eq!(state.decision(), Decision::NotCaptured(NotCaptured::TargetingNotEvaluated));
}
