//! What is told, when it is evaluated, and what stays.

use serde_json::{Value, json};

use super::*;
use crate::model::ids::DeviceId;

/// A configuration that captures where this holds of the context, and else does not.
fn rules(selector: &str, op: &str, values: Value) -> Targeting {
    let selector: Vec<&str> = ["context"].into_iter().chain(selector.split('.')).collect();
    let config = json!({
        "key": "sr_targeting_config",
        "variants": { "on": { "key": "on" }, "off": { "key": "off" } },
        "segments": [
            {
                "metadata": { "segmentName": "chosen" },
                "conditions": [[{ "selector": selector, "op": op, "values": values }]],
                "variant": "on",
            },
            { "metadata": { "segmentName": "the rest" }, "variant": "off" },
        ],
    });
    Targeting::parse(&config.to_string()).unwrap()
}

/// That matches no session of these tests.
fn rules_of_none() -> Targeting {
    rules("session_id", "is", json!(["0"]))
}

fn replay(device: &str, session: &str) -> ReplayId {
    ReplayId { device: DeviceId::from_text(device).unwrap(), session: SessionId::from_text(session).unwrap() }
}

fn awaited() -> TargetingState {
    TargetingState::new(TargetingResults::default(), Map::new(), true)
}

fn with(rules: Targeting) -> TargetingState {
    let mut state = awaited();
    state.set_rules(Some(rules), None);
    state
}

fn context(json: Value) -> TargetingContext {
    TargetingContext::parse(&json.to_string()).unwrap()
}

fn event(event_type: &str) -> Value {
    json!({ "event": { "event_type": event_type, "time": 1 } })
}

fn is_matched(state: &TargetingState, replay: &ReplayId) -> bool {
    state.verdict(&replay.session) == TargetingVerdict::Matched
}

#[test]
fn what_is_told_is_evaluated_and_a_match_stays() {
    let bought = || rules("event.event_type", "is", json!(["Bought"]));
    let page = || rules("page.url", "contains", json!(["/checkout"]));
    let plan = || rules("user.user_properties.plan", "is", json!(["paid"]));
    let device = || rules("user.device_id", "is", json!(["d"]));
    let session = || rules("session_id", "is", json!(["7"]));
    type Rules = fn() -> Targeting;
    let rows: [(&str, Rules, Value, Value); 5] = [
        ("an event", bought, event("Looked"), event("Bought")),
        (
            "an address",
            page,
            json!({ "page": { "url": "https://shop.example/" } }),
            json!({ "page": { "url": "https://shop.example/checkout" } }),
        ),
        (
            "a user property",
            plan,
            json!({ "userProperties": { "plan": "free" } }),
            json!({ "userProperties": { "plan": "paid" } }),
        ),
        ("the device", device, Value::Null, Value::Null),
        ("the session", session, Value::Null, Value::Null),
    ];
    for (name, rules, other, matching) in rows {
        let mut state = with(rules());
        let d7 = replay("d", "7");
        if other.is_null() {
            state.begin(&replay("e", "8"));
            assert!(!is_matched(&state, &replay("e", "8")), "{name}");
            state.begin(&d7);
        } else {
            state.begin(&d7);
            assert_eq!(state.verdict(&d7.session), TargetingVerdict::NotEvaluated, "{name}");
            state.tell(context(other.clone()), Some(&d7));
            assert_eq!(state.verdict(&d7.session), TargetingVerdict::NotMatched, "{name}");
            let told = TargetingTold { is_matched: false, rule: Some("the rest".to_owned()) };
            assert_eq!(state.told(&d7.session), Some(told), "{name}");
            state.tell(context(matching), Some(&d7));
        }
        assert!(is_matched(&state, &d7), "{name}");
        let told = TargetingTold { is_matched: true, rule: Some("chosen".to_owned()) };
        assert_eq!(state.told(&d7.session), Some(told), "{name}");
        if !other.is_null() {
            state.tell(context(other), Some(&d7));
        }
        assert!(is_matched(&state, &d7), "{name}: it stays");
        state.set_rules(Some(rules_of_none()), Some(&d7));
        assert!(is_matched(&state, &d7), "{name}: whatever the rules are then");
        state.set_rules(None, Some(&d7));
        assert!(is_matched(&state, &d7), "{name}: and where there are none any more");
    }
}

#[test]
fn another_session_begins_with_what_is_still_true_of_the_user() {
    let mut state = with(rules("user.plan", "is", json!(["paid"])));
    state.tell(context(json!({ "userProperties": { "plan": "paid" } })), Some(&replay("d", "7")));
    state.begin(&replay("d", "8"));
    assert!(is_matched(&state, &replay("d", "8")), "the user is the same");
    let bought = rules("event.event_type", "is", json!(["Bought"]));
    state.set_rules(Some(bought), None);
    state.tell(context(event("Bought")), Some(&replay("d", "9")));
    assert!(is_matched(&state, &replay("d", "9")));
    state.begin(&replay("d", "10"));
    assert!(!is_matched(&state, &replay("d", "10")), "its event has not happened");
}

#[test]
fn types_of_events_are_those_of_the_session_that_had_a_time() {
    let mut state = with(rules("event_types", "set contains any", json!(["Bought"])));
    let (seven, eight) = (replay("d", "7"), replay("d", "8"));
    for time in [Value::Null, json!(0)] {
        let timeless = json!({ "event": { "event_type": "Bought", "time": time } });
        state.tell(context(timeless), Some(&seven));
        assert!(!is_matched(&state, &seven), "as in the browser SDK: {time}");
    }
    state.tell(context(event("Looked")), Some(&seven));
    assert!(!is_matched(&state, &seven));
    state.tell(context(event("Bought")), Some(&seven));
    assert!(is_matched(&state, &seven));
    state.tell(context(event("Looked")), Some(&eight));
    assert!(!is_matched(&state, &eight), "another session");
}

#[test]
fn user_properties_are_added_and_taken_away() {
    let mut state = with(rules("user.plan", "is", json!(["paid"])));
    let seven = replay("d", "7");
    let tell = |state: &mut TargetingState, told: Value| state.tell(context(told), Some(&seven));
    tell(&mut state, json!({ "userProperties": { "plan": "free", "seats": 3 } }));
    tell(&mut state, json!({ "userProperties": { "name": "Ann" } }));
    assert_eq!(
        Value::Object(Map::clone(&state.user_properties)),
        json!({ "plan": "free", "seats": 3, "name": "Ann" })
    );
    let identify =
        |operations: Value| json!({ "event": { "event_type": "$identify", "user_properties": operations } });
    tell(&mut state, identify(json!({ "$unset": { "seats": "-" }, "$set": { "age": 7 } })));
    assert_eq!(
        Value::Object(Map::clone(&state.user_properties)),
        json!({ "plan": "free", "name": "Ann", "age": 7 })
    );
    tell(&mut state, identify(json!({ "$clearAll": "-" })));
    assert!(state.user_properties.is_empty());
    tell(&mut state, identify(json!({ "$set": { "plan": "paid" } })));
    assert!(is_matched(&state, &seven));
    let many: Map<String, Value> = (0..2 * MAX_PROPERTIES).map(|at| (at.to_string(), at.into())).collect();
    for (name, value) in &many {
        tell(&mut state, json!({ "userProperties": { name: value } }));
    }
    assert!(state.user_properties.len() <= MAX_PROPERTIES);
    for name in ["a", "b", "c"] {
        tell(&mut state, json!({ "userProperties": { name: "x".repeat(MAX_CONTEXT_BYTES / 3) } }));
    }
    assert!(state.user_properties.contains_key("c") && !state.user_properties.contains_key("a"));
}

#[test]
fn what_is_told_while_the_rules_are_awaited_is_evaluated_when_they_come() {
    let bought = || rules("event.event_type", "is", json!(["Bought"]));
    let mut state = awaited();
    let (seven, eight) = (replay("d", "7"), replay("d", "8"));
    state.begin(&seven);
    state.tell(context(event("Bought")), Some(&seven));
    state.begin(&eight);
    state.tell(context(event("Looked")), Some(&eight));
    state.set_rules(Some(bought()), Some(&eight));
    assert!(is_matched(&state, &seven), "the session before, too");
    assert!(!is_matched(&state, &eight));
    assert_eq!(state.early_verdict(&seven.session), TargetingVerdict::Matched);
    state.tell(context(event("Bought")), Some(&eight));
    assert!(is_matched(&state, &eight));
    let early = state.early_verdict(&eight.session);
    assert_eq!(early, TargetingVerdict::NotMatched, "what was recorded before does not count");
}

#[test]
fn what_waits_is_bounded_and_the_session_of_now_is_evaluated_at_any_rate() {
    let mut state = awaited();
    let seven = replay("d", "7");
    state.begin(&seven);
    for at in 0..3 * MAX_WAITING {
        state.tell(context(event(&at.to_string())), Some(&seven));
    }
    assert_eq!(state.waiting.len(), MAX_WAITING);
    state.set_rules(Some(rules("session_id", "is", json!(["7"]))), Some(&seven));
    assert!(is_matched(&state, &seven) && state.waiting.is_empty());
    assert_eq!(state.early_verdict(&seven.session), TargetingVerdict::Matched);
}

#[test]
fn without_rules_nothing_is_collected() {
    let mut state = awaited();
    let seven = replay("d", "7");
    assert!(state.listens());
    state.set_rules(None, Some(&seven));
    assert!(!state.listens());
    state.tell(context(event("Bought")), Some(&seven));
    assert_eq!((state.told(&seven.session), state.unpersisted()), (None, Unpersisted::Nothing));
    assert_eq!(state.results, TargetingResults::default());
}

#[test]
fn what_another_process_found_counts() {
    let mut ours = with(rules("event_types", "set contains", json!(["A", "B"])));
    let mut theirs = with(rules("event_types", "set contains", json!(["A"])));
    let (seven, eight) = (replay("d", "7"), replay("d", "8"));
    theirs.tell(context(event("A")), Some(&seven));
    theirs.tell(context(event("Looked")), Some(&eight));
    assert!(is_matched(&theirs, &seven) && !is_matched(&ours, &seven));
    let file = theirs.results().to_bytes();
    ours.merge(TargetingResults::parse(&file));
    assert!(is_matched(&ours, &seven));
    ours.tell(context(event("A")), Some(&eight));
    ours.tell(context(event("B")), Some(&eight));
    assert!(is_matched(&ours, &eight), "their events are of the same session");
}

#[test]
fn sessions_of_other_processes_do_not_push_out_the_one_of_now() {
    let mut ours = with(rules("event.event_type", "is", json!(["Bought"])));
    let seven = replay("d", "7");
    ours.tell(context(event("Bought")), Some(&seven));
    std::thread::sleep(std::time::Duration::from_millis(2));
    let mut theirs = with(rules("event.event_type", "is", json!(["Bought"])));
    for session in 100..200 {
        theirs.tell(context(event("Bought")), Some(&replay("d", &session.to_string())));
    }
    ours.merge(theirs.results().clone());
    assert!(is_matched(&ours, &seven) && is_matched(&ours, &replay("d", "199")));
}

#[test]
fn a_match_is_logged_once() {
    let mut state = with(rules("event.event_type", "is", json!(["Bought"])));
    let seven = replay("d", "7");
    for event_type in ["Looked", "Looked", "Bought", "Bought"] {
        state.tell(context(event(event_type)), Some(&seven));
    }
    assert_eq!(
        state.take_said(),
        [
            r#"session 7 is not captured by targeting: the rule "the rest" decided"#,
            r#"session 7 is captured by targeting: the rule "chosen" decided"#,
        ]
    );
}

#[test]
fn what_waited_for_the_rules_is_no_more_work_than_one_evaluation() {
    let costly = || rules("user.user_properties.text", "regex match", json!(["(a|b|c|d)*e$"]));
    let text = "abcd".repeat(5_000);
    for (waiting, is_enough) in [(1, true), (MAX_WAITING, false)] {
        let mut state = awaited();
        let replay = replay("d", "7");
        for n in 1..=waiting {
            let end = if n == waiting { "e" } else { "f" };
            let told = json!({ "userProperties": { "text": format!("{n}{text}{end}") } });
            state.tell(context(told), Some(&replay));
        }
        state.set_rules(Some(costly()), None);
        assert_eq!(is_matched(&state, &replay), is_enough, "{waiting}");
    }
}
