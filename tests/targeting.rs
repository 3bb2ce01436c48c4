//! The server chooses sessions by rules (`sr_targeting_config`), which are evaluated here.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use common::{SNAPSHOT, Server, options_for, timestamped, wait_until, within_ms};
use serde_json::{Value, json};
use session_replay::{Log, LogLevel, Outcome, SessionId, SessionReplay, ViewInfo};

const DEVICE: &str = "device-1";
const SESSION: &str = "1732300000000";
const ID: &str = "[Amplitude] Session Replay ID";

/// A configuration with this rule, and with a sample of none unless a rate is given.
fn config(segments: Value, sample_rate: f64) -> Value {
    json!({ "configs": { "sessionReplay": {
        "sr_sampling_config": { "capture_enabled": true, "sample_rate": sample_rate },
        "sr_targeting_config": {
            "key": "sr_targeting_config",
            "variants": { "on": { "key": "on" }, "off": { "key": "off" } },
            "segments": segments,
        },
    } } })
}

/// Those of whom this holds are captured, and nobody else.
fn chosen(path: &[&str], op: &str, values: Value) -> Value {
    let selector: Vec<&str> = ["context"].iter().chain(path).copied().collect();
    json!([
        {
            "metadata": { "segmentName": "chosen" },
            "conditions": [[{ "selector": selector, "op": op, "values": values }]],
            "variant": "on",
        },
        { "metadata": { "segmentName": "the rest" }, "variant": "off" },
    ])
}

fn buyers() -> Value {
    config(chosen(&["event", "event_type"], "is", json!(["Bought"])), 0.0)
}

fn server_with(config: &Value) -> Server {
    let server = Server::start();
    server.put("/api/remote-config", config);
    server
}

fn start_logged(server: &Server, more: Value, log: Arc<Log>) -> SessionReplay {
    let mut options = json!({ "enableRemoteConfig": true, "sampleRate": 0 });
    for (key, value) in more.as_object().unwrap() {
        options[key] = value.clone();
    }
    SessionReplay::start("test-api-key", options_for(server, options), log).unwrap()
}

/// Started, and the remote configuration is there.
fn start(server: &Server, more: Value) -> SessionReplay {
    let replay = start_logged(server, more, Arc::default());
    wait_for_config(&replay);
    replay
}

fn wait_for_config(replay: &SessionReplay) {
    wait_until("the configuration", || state(replay) != "waiting-for-remote-config");
}

fn state(replay: &SessionReplay) -> String {
    replay.stats()["state"].as_str().unwrap().to_owned()
}

fn evaluate(replay: &SessionReplay, context: Value) -> Outcome {
    replay.evaluate_targeting(&context.to_string()).unwrap()
}

fn event(event_type: &str) -> Value {
    json!({ "event": { "event_type": event_type, "time": 1_732_300_000_500_i64 } })
}

fn record(replay: &SessionReplay, marker: &str) -> Outcome {
    replay.record(timestamped(&json!(marker)).as_bytes()).unwrap()
}

fn meta(href: &str) -> String {
    format!(r#"{{"type":4,"data":{{"href":"{href}","width":9,"height":9}},"timestamp":1732300000001}}"#)
}

fn arrived(server: &Server) -> usize {
    server.events(DEVICE, SESSION).len()
}

/// The directory of the API key.
fn home(storage: &Path) -> PathBuf {
    fs::read_dir(storage).unwrap().next().unwrap().unwrap().path()
}

fn kept(storage: &Path) -> String {
    fs::read_to_string(home(storage).join("targeting.json")).unwrap_or_default()
}

#[test]
fn the_rules_decide_in_each_situation() {
    let never = || config(chosen(&["event", "event_type"], "is", json!(["Never"])), 1.0);
    let plan = || config(chosen(&["user", "user_properties", "plan"], "is", json!(["paid"])), 0.0);
    let page = || config(chosen(&["page", "url"], "contains", json!(["/checkout"])), 0.0);
    let allocated = |percent: u32| {
        let allocation = json!({ "range": [0, percent], "distributions": [{ "variant": "on", "range": [0, 42_949_673] }] });
        let bucket =
            json!({ "selector": ["context", "session_id"], "salt": "s", "allocations": [allocation] });
        config(json!([{ "bucket": bucket, "variant": "off" }, { "variant": "off" }]), 1.0)
    };
    let empty = |rate: f64| {
        json!({ "configs": { "sessionReplay": {
            "sr_sampling_config": { "capture_enabled": true, "sample_rate": rate }, "sr_targeting_config": {},
        } } })
    };
    let nothing = Value::Null;
    let rows = [
        ("rate 1, a rule that never matches", never(), event("Looked"), "not-targeted"),
        ("rate 1, and nothing is told", never(), nothing.clone(), "targeting-not-evaluated"),
        ("its event happened", buyers(), event("Bought"), "capturing"),
        ("another event happened", buyers(), event("Looked"), "not-targeted"),
        ("a user property", plan(), json!({ "userProperties": { "plan": "paid" } }), "capturing"),
        ("another user property", plan(), json!({ "userProperties": { "plan": "free" } }), "not-targeted"),
        ("0 %", allocated(0), nothing.clone(), "targeting-not-evaluated"),
        ("100 %", allocated(100), nothing.clone(), "capturing"),
        (
            "rate 0, the address",
            page(),
            json!({ "page": { "url": "https://shop.example/checkout" } }),
            "capturing",
        ),
        (
            "rate 0, another address",
            page(),
            json!({ "page": { "url": "https://shop.example/" } }),
            "not-targeted",
        ),
        ("{}, rate 1", empty(1.0), nothing.clone(), "capturing"),
        ("{}, rate 0", empty(0.0), nothing, "not-in-sample"),
    ];
    for (name, config, context, expected) in rows {
        let server = server_with(&config);
        let replay = start(&server, json!({}));
        let outcome = match &context {
            Value::Null => replay.evaluate_targeting("").unwrap(),
            _ => evaluate(&replay, context),
        };
        let is_captured = expected == "capturing";
        let told = if is_captured { Outcome::NeedsFullSnapshot } else { Outcome::NotCaptured };
        assert_eq!(outcome, told, "{name}");
        assert_eq!(state(&replay), expected, "{name}: {}", replay.stats());
        record(&replay, name);
        assert_eq!(replay.session_replay_properties().len(), usize::from(is_captured), "{name}");
        replay.flush(within_ms(20_000)).unwrap();
        assert_eq!(arrived(&server), usize::from(is_captured), "{name}");
    }
}

#[test]
fn a_session_that_is_chosen_late_begins_with_a_full_snapshot_and_stays() {
    let server = server_with(&buyers());
    let replay = start(&server, json!({}));
    assert_eq!(record(&replay, "before"), Outcome::NotCaptured);
    assert_eq!(evaluate(&replay, event("Looked")), Outcome::NotCaptured);
    assert_eq!(evaluate(&replay, event("Bought")), Outcome::NeedsFullSnapshot);
    assert_eq!(record(&replay, "an increment"), Outcome::NeedsFullSnapshot);
    assert_eq!(replay.record(SNAPSHOT.as_bytes()).unwrap(), Outcome::Done);
    assert_eq!(evaluate(&replay, event("Looked")), Outcome::Done, "it stays");
    assert_eq!(replay.stats()["targeting"], json!({ "matched": true, "rule": "chosen" }));
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(arrived(&server), 2);
    // Another session is another matter.
    assert_eq!(
        replay.set_session_id(SessionId::from_millis(1_732_300_900_000).unwrap()),
        Outcome::NotCaptured
    );
    assert_eq!(replay.stats()["targeting"], json!({ "matched": false, "rule": "the rest" }));
    assert!(replay.session_replay_properties().is_empty());
}

#[test]
fn views_are_told_whole_where_a_session_is_chosen_late() {
    let server = server_with(&buyers());
    let replay = start(&server, json!({}));
    let view = |view: u64, title| ViewInfo {
        view,
        rectangle: [0.0, 0.0, 40.0, 30.0],
        title: Some(title),
        ..ViewInfo::default()
    };
    assert_eq!(replay.place_view(&view(1, "The first")).unwrap(), Outcome::NotCaptured);
    assert_eq!(replay.place_view(&view(2, "The second")).unwrap(), Outcome::NotCaptured);
    assert_eq!(evaluate(&replay, event("Bought")), Outcome::Done, "the library takes it by itself");
    replay.flush(within_ms(20_000)).unwrap();
    let events = server.events(DEVICE, SESSION).join("\n");
    assert!(events.contains("\"type\":2"), "a full snapshot: {events}");
    assert!(events.contains("The first") && events.contains("The second"), "{events}");
}

#[test]
fn the_address_in_the_events_of_a_page_is_evaluated_before_they_are_recorded() {
    let server = server_with(&config(chosen(&["page", "url"], "contains", json!(["/checkout"])), 0.0));
    let replay = start(&server, json!({}));
    let other = meta("https://shop.example/");
    assert_eq!(replay.record(other.as_bytes()).unwrap(), Outcome::NotCaptured);
    assert_eq!(state(&replay), "not-targeted");
    // As `bindings/web` tells what `pushState` has changed.
    let pushed = |href: &str| {
        format!(
            r#"{{"type":6,"data":{{"plugin":"amplitude/url-tracking@1","payload":{{"href":"{href}","title":""}}}},"timestamp":1732300000002}}"#
        )
    };
    assert_eq!(replay.record(pushed("https://shop.example/cart").as_bytes()).unwrap(), Outcome::NotCaptured);
    let checkout = pushed("https://shop.example/checkout");
    assert_eq!(replay.record(checkout.as_bytes()).unwrap(), Outcome::NeedsFullSnapshot);
    assert_eq!(replay.record(SNAPSHOT.as_bytes()).unwrap(), Outcome::Done);
    replay.record(other.as_bytes()).unwrap();
    assert_eq!(state(&replay), "capturing", "it stays");
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(arrived(&server), 3);

    let server = server_with(&config(chosen(&["page", "url"], "contains", json!(["/checkout"])), 0.0));
    let replay = start(&server, json!({}));
    let lines = format!("{}\n{SNAPSHOT}\n", meta("https://shop.example/checkout"));
    let (count, outcome) = replay.record_lines(lines.as_bytes());
    assert_eq!((count, outcome.unwrap()), (2, Outcome::Done), "with its full snapshot behind it");
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(arrived(&server), 2);
}

#[test]
fn what_happens_while_the_configuration_is_awaited_is_not_lost() {
    for (name, context, count) in [
        ("its event happened meanwhile", Some(event("Bought")), 2),
        ("another event happened meanwhile", Some(event("Looked")), 0),
        ("nothing happened", None, 0),
    ] {
        let server = server_with(&buyers());
        server.delay_remote_config();
        let replay = start_logged(&server, json!({}), Arc::default());
        assert_eq!(replay.record(SNAPSHOT.as_bytes()).unwrap(), Outcome::Done);
        if let Some(context) = context {
            assert_eq!(evaluate(&replay, context), Outcome::Done, "{name}");
        }
        record(&replay, "meanwhile");
        assert!(replay.session_replay_properties().is_empty(), "{name}");
        wait_for_config(&replay);
        replay.flush(within_ms(20_000)).unwrap();
        assert_eq!(arrived(&server), count, "{name}");
        if count == 0 {
            // Chosen later, it begins anew: what was recorded until then is never sent.
            assert_eq!(evaluate(&replay, event("Bought")), Outcome::NeedsFullSnapshot, "{name}");
            assert_eq!(replay.record(SNAPSHOT.as_bytes()).unwrap(), Outcome::Done, "{name}");
            replay.flush(within_ms(20_000)).unwrap();
            assert_eq!(arrived(&server), 1, "{name}");
        } else {
            assert_eq!(record(&replay, "afterwards"), Outcome::Done, "{name}: its full snapshot counts");
        }
    }
}

#[test]
fn a_restart_within_the_session_goes_on_captured_also_when_the_configuration_is_late() {
    let dir = tempfile::tempdir().unwrap();
    let server = server_with(&buyers());
    let options = || json!({ "storageDir": dir.path() });
    let first = start(&server, options());
    evaluate(&first, event("Bought"));
    first.record(SNAPSHOT.as_bytes()).unwrap();
    first.shut_down(within_ms(10_000)).unwrap();

    server.post("/api/faults", &json!([{ "on": "config", "status": 503, "standing": true }]));
    let second = start_logged(&server, options(), Arc::default());
    record(&second, "meanwhile");
    wait_for_config(&second);
    assert_eq!(state(&second), "capturing");
    assert_eq!(second.stats()["targeting"], json!({ "matched": true, "rule": "chosen" }));
    second.flush(within_ms(20_000)).unwrap();
    assert_eq!(arrived(&server), 2, "also what was recorded meanwhile");
    // It is the session that matched.
    let other = SessionId::from_millis(1_732_300_900_000).unwrap();
    assert_eq!(second.set_session_id(other), Outcome::NotCaptured);
}

#[test]
fn types_of_events_count_on_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let both = chosen(&["event_types"], "set contains", json!(["Looked", "Bought"]));
    let server = server_with(&config(both, 0.0));
    let options = || json!({ "storageDir": dir.path() });
    let first = start(&server, options());
    assert_eq!(evaluate(&first, event("Looked")), Outcome::NotCaptured);
    drop(first);
    let second = start(&server, options());
    assert_eq!(state(&second), "not-targeted");
    assert_eq!(evaluate(&second, event("Bought")), Outcome::NeedsFullSnapshot);
}

#[test]
fn after_two_days_a_match_counts_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let server = server_with(&buyers());
    let options = || json!({ "storageDir": dir.path() });
    let first = start(&server, options());
    evaluate(&first, event("Bought"));
    first.shut_down(within_ms(10_000)).unwrap();
    for (hours, expected) in [(47, "capturing"), (49, "targeting-not-evaluated")] {
        let path = home(dir.path()).join("targeting.json");
        let mut file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let updated = &mut file["sessions"][0]["updatedAtMs"];
        *updated = (updated.as_u64().unwrap() - hours * 3_600_000).into();
        fs::write(&path, file.to_string()).unwrap();
        let next = start(&server, options());
        assert_eq!(state(&next), expected, "{hours}");
        // The session goes on: what is known of it is as young as that.
        next.shut_down(within_ms(10_000)).unwrap();
    }
}

#[test]
fn a_file_of_garbage_is_as_none() {
    let server = server_with(&buyers());
    for garbage in ["", "{", "[]", "null", r#"{"sessions":[7,{"sessionId":[]}]}"#, "\u{0}\u{1}\u{2}"] {
        let dir = tempfile::tempdir().unwrap();
        let options = || json!({ "storageDir": dir.path() });
        start(&server, options()).shut_down(within_ms(10_000)).unwrap();
        fs::write(home(dir.path()).join("targeting.json"), garbage).unwrap();
        let replay = start(&server, options());
        assert_eq!(state(&replay), "targeting-not-evaluated", "{garbage}");
        evaluate(&replay, event("Bought"));
        replay.shut_down(within_ms(10_000)).unwrap();
        assert_eq!(state(&start(&server, options())), "capturing", "{garbage}");
    }
}

#[test]
fn where_the_file_can_not_be_written_the_session_is_captured_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let server = server_with(&buyers());
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::new(Log::default());
    let into = lines.clone();
    log.set_sink(Some(Arc::new(move |level: LogLevel, line: &str| {
        into.lock().unwrap().push((level, line.to_owned()));
    })));
    let replay = start_logged(&server, json!({ "storageDir": dir.path(), "logLevel": "info" }), log);
    wait_for_config(&replay);
    // A directory stands in its way: also for root, for whom no file is forbidden.
    fs::create_dir_all(home(dir.path()).join("targeting.json/x")).unwrap();
    assert_eq!(evaluate(&replay, event("Bought")), Outcome::NeedsFullSnapshot);
    let is_told = |text: &str| lines.lock().unwrap().iter().any(|(_, line)| line.contains(text));
    wait_until("the failure to be told", || is_told("what targeting came to can't be persisted"));
    wait_until("the match to be told", || {
        is_told(&format!("session {SESSION} is captured by targeting: the rule \"chosen\" decided"))
    });
    record(&replay, "an event");
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(arrived(&server), 1);
}

#[test]
fn two_processes_of_one_session_find_what_the_other_found() {
    let dir = tempfile::tempdir().unwrap();
    let server = server_with(&buyers());
    let options = || json!({ "storageDir": dir.path() });
    let (one, two) = (start(&server, options()), start(&server, options()));
    evaluate(&one, event("Bought"));
    wait_until("the match to be persisted", || kept(dir.path()).contains("\"isMatched\":true"));
    // It looks when it has something to persist itself.
    evaluate(&two, event("Looked"));
    wait_until("the other to find it", || state(&two) == "capturing");
    let more = SessionId::from_millis(1_732_300_900_000).unwrap();
    two.set_session_id(more.clone());
    assert_eq!(state(&two), "targeting-not-evaluated", "those are events of another session");
    evaluate(&two, event("Bought"));
    wait_until("both to be persisted", || kept(dir.path()).matches("\"isMatched\":true").count() == 2);
    one.set_session_id(more);
    wait_until("the first to find it", || state(&one) == "capturing");
}

#[test]
fn who_opts_out_is_not_captured_and_nothing_is_collected() {
    let dir = tempfile::tempdir().unwrap();
    let server = server_with(&buyers());
    let replay = start(&server, json!({ "storageDir": dir.path() }));
    replay.set_opt_out(true).unwrap();
    assert_eq!(evaluate(&replay, event("Secret")), Outcome::NotCaptured);
    assert_eq!(evaluate(&replay, event("Bought")), Outcome::NotCaptured);
    assert_eq!(state(&replay), "opted-out");
    assert_eq!(replay.set_opt_out(false), Ok(Outcome::NotCaptured));
    assert_eq!(evaluate(&replay, event("Bought")), Outcome::NeedsFullSnapshot);
    replay.set_opt_out(true).unwrap();
    assert_eq!(state(&replay), "opted-out", "also where it matched");
    assert_eq!(replay.set_opt_out(false), Ok(Outcome::NeedsFullSnapshot), "and it matched for good");
    replay.shut_down(within_ms(10_000)).unwrap();
    assert!(kept(dir.path()).contains("Bought") && !kept(dir.path()).contains("Secret"));
}

#[test]
fn user_properties_come_with_the_options_and_are_not_stored() {
    let dir = tempfile::tempdir().unwrap();
    let server = server_with(&config(chosen(&["user", "plan"], "is", json!(["paid"])), 0.0));
    let options = json!({ "storageDir": dir.path(), "userProperties": { "plan": "paid" } });
    let replay = start(&server, options);
    assert_eq!(state(&replay), "capturing");
    replay.shut_down(within_ms(10_000)).unwrap();
    assert!(kept(dir.path()).contains("isMatched") && !kept(dir.path()).contains("paid"));
}

#[test]
fn the_event_for_segment_that_makes_the_session_match_carries_its_replay() {
    let server = server_with(&config(
        json!([
            {
                "metadata": { "segmentName": "buyers" },
                "conditions": [[{ "selector": ["context", "event", "event_properties", "price"], "op": "greater", "values": ["9"] }]],
                "variant": "on",
            },
            {
                "metadata": { "segmentName": "paid" },
                "conditions": [[{ "selector": ["context", "user", "user_properties", "plan"], "op": "is", "values": ["paid"] }]],
                "variant": "on",
            },
            {
                "metadata": { "segmentName": "checkout" },
                "conditions": [[{ "selector": ["context", "page", "url"], "op": "contains", "values": ["/checkout"] }]],
                "variant": "on",
            },
            { "variant": "off" },
        ]),
        0.0,
    ));
    let track = |properties: Value, context: Value| json!({ "type": "track", "event": "Bought", "anonymousId": DEVICE, "properties": properties, "context": context });
    let page = json!({ "page": { "url": "https://shop.example/checkout" } });
    for (rule, event, carries) in [
        ("buyers", track(json!({ "price": 10 }), json!({})), true),
        ("paid", json!({ "type": "identify", "anonymousId": DEVICE, "traits": { "plan": "paid" } }), false),
        ("checkout", track(json!({}), page), true),
    ] {
        let replay = start(&server, json!({ "segment": { "mode": "actions" } }));
        let process = |event: &Value| -> Value {
            serde_json::from_str(&replay.process_segment_event(&event.to_string()).unwrap()).unwrap()
        };
        let other = track(json!({ "price": 1 }), json!({}));
        assert_eq!(process(&other), other, "{rule}");
        assert_eq!(state(&replay), "not-targeted", "{rule}");
        let sent = process(&event);
        assert_eq!(state(&replay), "capturing", "{rule}");
        assert_eq!(replay.stats()["targeting"]["rule"], rule);
        let expected = format!("{DEVICE}/{SESSION}");
        assert_eq!(sent["properties"][ID].as_str(), carries.then_some(&*expected), "{rule}");
        assert_eq!(record(&replay, rule), Outcome::NeedsFullSnapshot, "{rule}");
        // What is late of another session is none of this one's.
        let process = |replay: &SessionReplay, session: i64| {
            let mut event = track(json!({ "price": 10 }), json!({}));
            event["integrations"] = json!({ "Actions Amplitude": { "session_id": session } });
            replay.process_segment_event(&event.to_string()).unwrap().into_owned()
        };
        let later = start(&server, json!({ "segment": { "mode": "actions" } }));
        assert!(!process(&later, 1_732_200_000_000).contains(ID), "{rule}");
        assert_eq!(state(&later), "targeting-not-evaluated", "{rule}");
    }
}

#[test]
fn a_rule_that_fails_captures_as_in_the_browser_sdk() {
    // Known by running `@amplitude/targeting` 0.3.11 with each: it throws, or gives no variant.
    let odd = |targeting: Value| {
        json!({ "configs": { "sessionReplay": { "sr_sampling_config": { "capture_enabled": true, "sample_rate": 0 },
            "sr_targeting_config": targeting } } })
    };
    for targeting in [
        json!({ "key": "sr_targeting_config", "variants": { "on": {} } }),
        json!({ "key": "sr_targeting_config", "variants": {}, "segments": [] }),
        json!({ "key": "other", "variants": { "off": { "key": "off" } }, "segments": [{ "variant": "off" }] }),
        json!([1]),
        json!("x"),
        json!({ "a": 1 }),
    ] {
        let server = server_with(&odd(targeting.clone()));
        let replay = start(&server, json!({}));
        assert_eq!(state(&replay), "capturing", "{targeting}");
        assert_eq!(replay.stats()["targeting"]["matched"], true, "{targeting}");
    }
}

#[test]
fn what_is_no_context_is_refused_and_changes_nothing() {
    let server = server_with(&buyers());
    let replay = start(&server, json!({}));
    let deep = format!(r#"{{"event":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    for bad in ["{", "[]", "7", r#"{"event":"Bought"}"#, r#"{"events":{}}"#, &deep] {
        assert!(replay.evaluate_targeting(bad).is_err(), "{bad:.40}");
    }
    assert_eq!(state(&replay), "targeting-not-evaluated");
    let deep = |levels| {
        let (begin, end) = ("[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"event":{{"event_type":"Bought","event_properties":{{"a":{begin}{end}}}}}}}"#)
    };
    assert!(replay.evaluate_targeting(&deep(100_000)).is_err(), "no event has so many levels");
    // What lies deeper than rules look takes nothing with it.
    assert_eq!(replay.evaluate_targeting(&deep(100)).unwrap(), Outcome::NeedsFullSnapshot);
}

#[test]
fn a_built_in_session_begins_with_an_event_of_the_analytics() {
    let server = server_with(&buyers());
    let replay = start(&server, json!({ "sessionId": null, "sessionTimeoutMs": 60_000 }));
    assert_eq!(state(&replay), "waiting-for-event");
    evaluate(&replay, json!({ "userProperties": { "plan": "paid" } }));
    assert_eq!(state(&replay), "waiting-for-event", "that is none");
    assert_eq!(evaluate(&replay, event("Bought")), Outcome::NeedsFullSnapshot);
    wait_until("the configuration", || state(&replay) == "capturing");
    assert_eq!(replay.stats()["targeting"], json!({ "matched": true, "rule": "chosen" }));
}

#[test]
fn what_is_deleted_takes_along_what_targeting_found_but_not_that_the_session_matched() {
    let dir = tempfile::tempdir().unwrap();
    let server = server_with(&buyers());
    let replay = start(&server, json!({ "storageDir": dir.path() }));
    evaluate(&replay, event("Looked"));
    evaluate(&replay, event("Bought"));
    wait_until("it is persisted", || kept(dir.path()).contains("Bought"));
    replay.delete_stored().unwrap();
    let left = kept(dir.path());
    assert!(!left.contains("Looked") && !left.contains("Bought") && left.contains("isMatched"), "{left}");
    assert_eq!(state(&replay), "capturing");
    replay.set_session_id(SessionId::from_millis(1_732_400_000_000).unwrap());
    replay.delete_stored().unwrap();
    assert!(!kept(dir.path()).contains("isMatched\":true"), "it was of another session");
}
