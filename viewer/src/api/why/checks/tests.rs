//! Each way to fail, as a table.

use super::super::facts::{BadRequest, Facts, Nearby};
use super::*;
use crate::arrival::ArrivalTime;
use crate::batch::{BatchStats, Unplayable};
use crate::index::Totals;
use crate::remote_config::ConfigAnswer;
use crate::store::{BatchInfo, KeptOutcome, KeptRequest};

const NOW: f64 = 1_795_465_976_788.0;

/// A session with these events, each with its type and how much earlier than its arrival it was.
fn with_events(events: &[(f64, f64)], unplayable: Option<Unplayable>) -> Facts {
    let mut stats = BatchStats::default();
    events.iter().for_each(|(event_type, ago)| stats.add(*event_type, NOW - ago));
    unplayable.into_iter().for_each(|reason| stats.add_unplayable(reason));
    let mut totals = Totals::default();
    let arrived = ArrivalTime::from_micros(1_795_465_976_788_000);
    let info = BatchInfo { arrived, wire_bytes: 1, decoded_bytes: 1, stats };
    totals.add(&info.name(0), &info);
    Facts { totals, sample_rate: Some(1.0), ..Facts::default() }
}

fn fine_facts() -> Facts {
    let mut facts = with_events(&[(4.0, 10.0), (2.0, 9.0)], None);
    facts.configuration = Some(configured(Some(answer(true, Some(1.0), false)), None));
    facts
}

fn answer(capture_enabled: bool, sample_rate: Option<f64>, has_targeting: bool) -> ConfigAnswer {
    ConfigAnswer { capture_enabled, sample_rate, has_targeting, is_for_session_replay: true }
}

fn configured(answer: Option<ConfigAnswer>, fault: Option<&str>) -> KeptRequest {
    let mut kept: KeptRequest =
        serde_json::from_str(r#"{"at":7,"outcome":"accepted","status":200}"#).unwrap();
    kept.answer = answer;
    kept.fault = fault.map(str::to_owned);
    kept
}

fn request(outcome: KeptOutcome, skip: Option<&str>) -> BadRequest {
    let kept: KeptRequest =
        serde_json::from_str(r#"{"at":9,"session_id":"1","outcome":"failed","problems":["it is wrong"]}"#)
            .unwrap();
    BadRequest { outcome, skip: skip.map(str::to_owned), ..kept.into() }
}

fn state(facts: &Facts, code: &str) -> (State, String) {
    let found = checks(facts).into_iter().find(|check| check.code == code).unwrap();
    assert_eq!(
        found.state == State::Problem,
        found.fix.is_some() && found.state != State::Unknown,
        "{found:?}"
    );
    (found.state, found.message)
}

#[test]
fn a_session_that_plays_has_no_problem() {
    let facts = fine_facts();
    let odd: Vec<&str> =
        checks(&facts).iter().filter(|check| check.state != State::Fine).map(|check| check.code).collect();
    // Only the page sees what the recording does not hold.
    assert_eq!(odd, ["picture"]);
}

#[test]
fn of_what_was_never_heard_of_only_the_missing_batch_is_a_problem() {
    let problems: Vec<&str> = checks(&Facts::default())
        .iter()
        .filter(|check| check.state == State::Problem)
        .map(|check| check.code)
        .collect();
    assert_eq!(problems, ["accepted"]);
}

#[test]
fn each_way_to_fail_is_its_own_check() {
    let change = |change: fn(&mut Facts)| {
        let mut facts = fine_facts();
        change(&mut facts);
        facts
    };
    let nothing = |change: fn(&mut Facts)| {
        let mut facts = Facts::default();
        change(&mut facts);
        facts
    };
    for (facts, code, expected, says) in [
        (
            change(|facts| facts.bad_ids = Some("device_id holds ' '".to_owned())),
            "ids",
            State::Problem,
            "device_id holds ' '",
        ),
        (
            change(|facts| facts.nearby = Nearby { similar: vec!["D".to_owned()], ..Nearby::default() }),
            "other_ids",
            State::Problem,
            "case or spaces only: \"D\"",
        ),
        (
            nothing(|facts| facts.nearby.devices.push("e".to_owned())),
            "other_ids",
            State::Problem,
            "another device: \"e\"",
        ),
        (
            nothing(|facts| facts.nearby.sessions.push("2".to_owned())),
            "other_ids",
            State::Problem,
            "other sessions, among them \"2\"",
        ),
        (
            change(|facts| facts.nearby.sessions.push("2".to_owned())),
            "other_ids",
            State::Fine,
            "No other ids",
        ),
        (nothing(|_| ()), "recorder", State::Unknown, "Opted out"),
        (
            change(|facts| facts.configuration = None),
            "configuration_asked",
            State::Unknown,
            "Nobody has asked",
        ),
        (
            change(|facts| facts.configuration = Some(configured(None, Some("status 500")))),
            "configuration_answered",
            State::Problem,
            "(status 500)",
        ),
        (
            change(|facts| facts.configuration = Some(configured(Some(answer(false, None, false)), None))),
            "configuration_answered",
            State::Problem,
            "capture off",
        ),
        (
            change(|facts| {
                facts.configuration = Some(configured(Some(answer(true, Some(0.0), false)), None))
            }),
            "configuration_answered",
            State::Problem,
            "rate 0,",
        ),
        (
            change(|facts| {
                facts.configuration = Some(configured(Some(answer(true, Some(0.5), false)), None))
            }),
            "configuration_answered",
            State::Unknown,
            "rate 0.5",
        ),
        (
            change(|facts| facts.configuration = Some(configured(Some(answer(true, Some(0.0), true)), None))),
            "configuration_answered",
            State::Unknown,
            "sr_targeting_config",
        ),
        (
            change(|facts| facts.configuration = Some(configured(Some(ConfigAnswer::of(b"{}")), None))),
            "configuration_answered",
            State::Problem,
            "no object",
        ),
        (change(|facts| facts.sample_rate = Some(0.25)), "sample_rate", State::Unknown, "0.25"),
        (
            change(|facts| facts.armed.push("fault 1 on batches: status 500".to_owned())),
            "armed_faults",
            State::Problem,
            "status 500",
        ),
        (
            change(|facts| facts.requests.push(request(KeptOutcome::Rejected, None))),
            "refused",
            State::Problem,
            "1 request was refused, last with no reply: it is wrong.",
        ),
        (
            change(|facts| facts.requests.push(request(KeptOutcome::Faulted, Some("4004")))),
            "skipped",
            State::Problem,
            "4004 (the session is out of range",
        ),
        (
            change(|facts| facts.requests.push(request(KeptOutcome::Faulted, Some("4004")))),
            "failed",
            State::Fine,
            "",
        ),
        (
            change(|facts| facts.requests.push(request(KeptOutcome::Failed, None))),
            "failed",
            State::Problem,
            "the store failed (no reply: it is wrong)",
        ),
        (with_events(&[(2.0, 1.0)], None), "accepted", State::Problem, "One event"),
        (with_events(&[(4.0, 1.0), (3.0, 1.0)], None), "snapshot", State::Problem, "no full snapshot"),
        (
            with_events(&[(2.0, 1.0), (3.0, 1.0)], Some(Unplayable::Node)),
            "snapshot",
            State::Problem,
            "1 event that no player",
        ),
        (with_events(&[(2.0, 1.0), (3.0, 1.0)], None), "meta", State::Problem, "no meta event"),
        (with_events(&[(2.0, NOW - 1_795_465_976.0)], None), "clocks", State::Problem, "seconds"),
        (with_events(&[(2.0, -600_000.0)], None), "clocks", State::Problem, "future"),
        (with_events(&[(2.0, 4.0 * 86_400_000.0)], None), "clocks", State::Unknown, "three days"),
    ] {
        let (found, message) = state(&facts, code);
        assert!(found == expected && message.contains(says), "{code}: {found:?} {message}");
    }
}
