//! What can keep a replay from being seen, in the order in which it does: each with what is known, and its fix.

use serde::Serialize;

use super::facts::{BadRequest, Facts};
use super::guide::docs;
use crate::store::KeptOutcome;

/// Batches and events are not further apart than clocks go wrong and devices are offline.
const MAX_CLOCK_DIFFERENCE_MS: f64 = 3.0 * 86_400_000.0;
/// A clock so far ahead is wrong, whatever the network does.
const MAX_AHEAD_MS: f64 = 5.0 * 60_000.0;
/// Milliseconds since 1970 are larger since 1973; seconds are smaller until the year 5138.
const MIN_MILLIS: f64 = 100_000_000_000.0;

/// Whether something keeps a replay from being seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Fine,
    Problem,
    /// No server can see it, or nothing arrived that would tell.
    Unknown,
}

#[derive(Debug, Serialize)]
pub(super) struct Check {
    /// A name for programs.
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) state: State,
    /// One sentence.
    pub(super) message: String,
    /// What to do; nothing where all is fine.
    pub(super) fix: Option<&'static str>,
    /// When it was seen, in milliseconds since the epoch.
    pub(super) at: Option<u64>,
    docs: String,
}

/// What a check finds out.
struct Found(State, String, Option<&'static str>, Option<u64>);

fn fine(message: impl Into<String>) -> Found {
    Found(State::Fine, message.into(), None, None)
}

fn problem(message: impl Into<String>, fix: &'static str) -> Found {
    Found(State::Problem, message.into(), Some(fix), None)
}

fn unknown(message: impl Into<String>, fix: Option<&'static str>) -> Found {
    Found(State::Unknown, message.into(), fix, None)
}

impl Found {
    fn at(mut self, at: u64) -> Self {
        self.3 = Some(at);
        self
    }
}

type Look = fn(&Facts) -> Found;

/// In the order in which a replay can fail.
const CHECKS: [(&str, &str, Look); 15] = [
    ("ids", "The ids", ids),
    ("other_ids", "Other ids", other_ids),
    ("recorder", "The recorder", recorder),
    ("configuration_asked", "Remote configuration asked", configuration_asked),
    ("configuration_answered", "Remote configuration answered", configuration_answered),
    ("sample_rate", "Sample rate", sample_rate),
    ("armed_faults", "Armed faults", armed_faults),
    ("refused", "Refused requests", refused),
    ("skipped", "Skipped events", skipped),
    ("failed", "Faulted and failed requests", failed),
    ("accepted", "Accepted batches", accepted),
    ("snapshot", "Full snapshot", snapshot),
    ("meta", "Size of the page", meta),
    ("clocks", "Clocks", clocks),
    ("picture", "The picture", picture),
];

pub(super) fn checks(facts: &Facts) -> Vec<Check> {
    let check = |(code, title, look): (&'static str, &'static str, Look)| {
        let Found(state, message, fix, at) = look(facts);
        Check { code, title, state, message, fix, at, docs: docs(code) }
    };
    CHECKS.into_iter().map(check).collect()
}

fn ids(facts: &Facts) -> Found {
    match &facts.bad_ids {
        None => fine("The ids are such as the ingest takes."),
        Some(problem_of) => problem(
            format!("No batch with these ids is taken: {problem_of}."),
            "Give the recorder ids of at most 512 of the accepted characters (deviceId, sessionId), the same ones as to the analytics.",
        ),
    }
}

fn other_ids(facts: &Facts) -> Found {
    let nearby = &facts.nearby;
    let is_there = facts.totals.batches > 0;
    if !nearby.similar.is_empty() {
        return problem(
            format!("There is a device whose id differs by case or spaces only: {}.", list(&nearby.similar)),
            "Ids are compared byte for byte: use one spelling wherever you set the id.",
        );
    }
    if !is_there && !nearby.devices.is_empty() {
        return problem(
            format!("This session is there for another device: {}.", list(&nearby.devices)),
            "Set the same device id for the recorder and the analytics (sr_set_device_id), before the session begins.",
        );
    }
    if !is_there && !nearby.sessions.is_empty() {
        return problem(
            format!(
                "This device has other sessions, among them {}, and not this one.",
                list(&nearby.sessions)
            ),
            "Set the same session id for the recorder and the analytics (sr_set_session_id), also when a new session begins.",
        );
    }
    if is_there
        || facts.bad_ids.is_none() && facts.requests.iter().any(|request| !request.session_id.is_empty())
    {
        return fine("No other ids look like these.");
    }
    unknown(
        "Nothing was heard of these ids, nor of any that look like them.",
        Some(
            "Compare them with sessionReplayId in sr_stats(), and trackServerUrl with the address of this viewer.",
        ),
    )
}

fn recorder(facts: &Facts) -> Found {
    if facts.totals.batches > 0 {
        return fine("It records: batches of it arrived.");
    }
    unknown(
        "Opted out, paused, not in the sample, not targeted, or without ids: a recorder that does not capture sends nothing, so no server can see which.",
        Some(
            "Print sr_stats() in the program: its state says why. The page of this check explains what you paste.",
        ),
    )
}

fn configuration_asked(facts: &Facts) -> Found {
    let Some(asked) = &facts.configuration else {
        return unknown(
            "Nobody has asked this viewer for remote configuration, as far as it remembers.",
            Some(
                "Point configServerUrl at <viewer>/config; or set enableRemoteConfig to false, and the options of the program alone decide.",
            ),
        );
    };
    let from = asked.from.as_deref().unwrap_or("an unknown address");
    let agent = asked.headers.get("user-agent").map_or(String::new(), |agent| format!(" by {agent}"));
    fine(format!("It was last asked for from {from}{agent}; such a request does not say for which device."))
        .at(asked.at)
}

fn configuration_answered(facts: &Facts) -> Found {
    let Some(asked) = &facts.configuration else {
        return unknown("It was not asked for, so nothing was answered.", None);
    };
    let found = match (&asked.answer, &asked.fault) {
        (None, Some(fault)) => problem(
            format!(
                "A fault answered in place of the configuration ({fault}): without a stored answer nothing is captured."
            ),
            "Clear the faults: DELETE /api/faults.",
        ),
        (None, None) => problem(
            format!("It was refused ({}).", said(asked.status, &asked.problems)),
            "Ask with GET <viewer>/config/<api key>?config_group=browser.",
        ),
        (Some(answer), _) if !answer.is_for_session_replay => problem(
            "The answer has no object configs.sessionReplay, so nothing is captured.",
            "Set it with PUT /api/remote-config, or with the option --remote-config.",
        ),
        (Some(answer), _) if !answer.capture_enabled => problem(
            "The answer has capture off (sr_sampling_config.capture_enabled), so nothing is captured.",
            "Set capture_enabled to true with PUT /api/remote-config; while developing, enableRemoteConfig: false.",
        ),
        (Some(answer), _) if answer.has_targeting => unknown(
            "The answer has rules that choose sessions (sr_targeting_config), whatever the sample rate; the device decides by them.",
            Some(
                "Look at state and targeting.rule in sr_stats(); pass events and properties to sr_evaluate_targeting.",
            ),
        ),
        (Some(answer), _) => match answer.sample_rate {
            Some(rate) if rate <= 0.0 => problem(
                "The answer has the sample rate 0, so no session is captured.",
                "Set sample_rate to 1 with PUT /api/remote-config while developing.",
            ),
            Some(rate) if rate < 1.0 => unknown(
                format!(
                    "The answer has the sample rate {rate}: a hash of the session id decides which sessions are captured."
                ),
                Some("Set sample_rate to 1 with PUT /api/remote-config while developing."),
            ),
            Some(rate) => fine(format!("The answer has capture on, with the sample rate {rate}.")),
            None => fine(
                "The answer has capture on, with the sample rate that the program sets (sampleRate, 0 by default).",
            ),
        },
    };
    found.at(asked.at)
}

fn sample_rate(facts: &Facts) -> Found {
    match facts.sample_rate {
        Some(rate) if rate < 1.0 => unknown(
            format!(
                "The first batch says that the rate is {rate}: other sessions of this device may not be captured."
            ),
            Some("Set sampleRate to 1 while developing."),
        ),
        Some(rate) => {
            fine(format!("The first batch says that the rate is {rate}: every session is captured."))
        }
        None => unknown(
            "No batch arrived that would say it (X-Client-Sample-Rate).",
            Some("sampleRate is 0 by default: set it to 1 while developing."),
        ),
    }
}

fn armed_faults(facts: &Facts) -> Found {
    if facts.armed.is_empty() {
        return fine("No fault waits for the next request.");
    }
    problem(
        format!("Faults wait for the next request ({}).", facts.armed.join("; ")),
        "Clear them unless a test needs them: DELETE /api/faults.",
    )
}

fn of(facts: &Facts, is: impl Fn(&BadRequest) -> bool) -> Vec<&BadRequest> {
    facts.requests.iter().filter(|request| is(request)).collect()
}

fn refused(facts: &Facts) -> Found {
    let all = of(facts, |request| request.outcome == KeptOutcome::Rejected);
    let Some(last) = all.last() else {
        return fine("No request was refused.");
    };
    problem(
        format!("{} refused, last with {}.", were(all.len(), "request"), said(last.status, &last.problems)),
        "Change what sends it: everything that is wrong with it is listed below. A wrong or missing API key is a 401.",
    )
    .at(last.at)
}

fn skipped(facts: &Facts) -> Found {
    let all = of(facts, |request| request.skip.is_some());
    let Some(last) = all.last() else {
        return fine("The events of no request were skipped.");
    };
    let mut codes: Vec<&str> = all.iter().filter_map(|request| request.skip.as_deref()).collect();
    codes.sort_unstable();
    codes.dedup();
    let meanings: Vec<String> = codes.into_iter().map(|code| format!("{code} ({})", meaning(code))).collect();
    problem(
        format!("The events of {} skipped, as a fault said: {}.", were(all.len(), "request"), meanings.join(", ")),
        "Clear the faults (DELETE /api/faults), and begin another session: a recorder does not go on with a session that was skipped for good.",
    )
    .at(last.at)
}

fn meaning(code: &str) -> &'static str {
    match code {
        "429" => "the server is overloaded; the recorder pauses for 60 s",
        "4004" => "the session is out of range; it is not captured any more",
        "4005" => "capture is disabled; the session is not captured any more",
        _ => "unknown; recorders take the batch for delivered",
    }
}

fn failed(facts: &Facts) -> Found {
    let is_bad = |request: &BadRequest| {
        let is_ours = matches!(request.outcome, KeptOutcome::Faulted | KeptOutcome::Failed);
        is_ours && request.skip.is_none() && !request.stored
    };
    let all = of(facts, is_bad);
    let Some(last) = all.last() else {
        return fine("No request failed or was answered by a fault.");
    };
    let why = match (&last.fault, last.outcome) {
        (Some(fault), _) => format!("a fault answered ({fault})"),
        (None, _) => format!("the store failed ({})", said(last.status, &last.problems)),
    };
    problem(
        format!("{} not kept; of the last, {why}.", were(all.len(), "request")),
        "Clear the faults (DELETE /api/faults), or make room for the store. The recorder sends again what got no reply, a 429 or a 5xx; another 4xx drops the batch.",
    )
    .at(last.at)
}

fn accepted(facts: &Facts) -> Found {
    let totals = &facts.totals;
    if totals.batches == 0 {
        return problem(
            "No batch was accepted.",
            "Go through what is above, from the top. The SDK waits up to 10 s before it sends; sr_flush sends at once.",
        );
    }
    let events = totals.stats.events;
    if events < 2 {
        return problem(
            "One event arrived, and a player needs two.",
            "Record what happens after the first snapshot, and end with sr_flush or sr_shutdown.",
        )
        .at(totals.last_arrival);
    }
    let batches =
        if totals.batches == 1 { "One batch".to_owned() } else { format!("{} batches", totals.batches) };
    fine(format!("{batches} with {events} events arrived.")).at(totals.last_arrival)
}

fn snapshot(facts: &Facts) -> Found {
    const FIX: &str =
        "Take a full snapshot when the recorder starts, and whenever a call returns SR_NEEDS_FULL_SNAPSHOT.";
    let stats = &facts.totals.stats;
    if facts.totals.batches == 0 {
        return unknown("No batch arrived that would hold one.", None);
    }
    if !stats.has_full_snapshot() {
        return problem("There is no full snapshot (rrweb event type 2), so nothing can be drawn.", FIX);
    }
    if stats.unplayable > 0 {
        return problem(
            format!(
                "There is one, and {} no player can play; the notes of the session name the first.",
                events(stats.unplayable)
            ),
            "Record rrweb's events as they are: validateOnRecord makes sr_record say what is wrong with one.",
        );
    }
    fine("There is one (rrweb event type 2).")
}

fn meta(facts: &Facts) -> Found {
    if facts.totals.batches == 0 {
        return unknown("No batch arrived that would say it.", None);
    }
    if facts.totals.stats.has_meta() {
        return fine("A meta event says it (rrweb event type 4).");
    }
    problem(
        "There is no meta event (rrweb event type 4), so the size of the page is guessed.",
        "Record what rrweb emits in its order: the meta event comes before the full snapshot.",
    )
}

fn clocks(facts: &Facts) -> Found {
    let totals = &facts.totals;
    let (first, last) = (totals.stats.first_timestamp, totals.stats.last_timestamp);
    #[allow(clippy::cast_precision_loss)] // years of milliseconds are exact
    let (first_arrival, last_arrival) = (totals.first_arrival as f64, totals.last_arrival as f64);
    if totals.batches == 0 {
        return unknown("No event arrived that would have a time.", None);
    }
    if first > 0.0 && first < MIN_MILLIS {
        return problem(
            "The first event's time would be before 1973: it looks like seconds in place of milliseconds.",
            "Give timestamp in milliseconds since 1970, as Date.now() does.",
        );
    }
    if last > last_arrival + MAX_AHEAD_MS {
        return problem(
            "Events are from the future: their times are later than their arrival here.",
            "Set the device's clock; take all timestamps from one clock, in milliseconds since 1970.",
        );
    }
    if first < first_arrival - MAX_CLOCK_DIFFERENCE_MS {
        return problem(
            "The first event is older than three days by its own time: recorders drop what is so old, and the ingest may, too.",
            "Set the device's clock; take all timestamps from one clock, in milliseconds since 1970.",
        );
    }
    fine("The events' times fit the times of their arrival.")
}

fn picture(facts: &Facts) -> Found {
    if facts.totals.batches == 0 {
        return unknown("Nothing arrived that could be drawn.", None);
    }
    unknown(
        "Canvases, images and style sheets that a recording does not hold are counted in the notes of its session.",
        Some(
            "Record canvases (recordCanvas), images (inlineImages) and style sheets (shouldInlineStylesheet).",
        ),
    )
}

fn list(ids: &[String]) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("{id:?}")).collect();
    quoted.join(", ")
}

fn were(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what} was") } else { format!("{count} {what}s were") }
}

fn events(count: u64) -> String {
    if count == 1 { "1 event that".to_owned() } else { format!("{count} events that") }
}

fn said(status: Option<u16>, problems: &[String]) -> String {
    let status = status.map_or("no reply".to_owned(), |status| status.to_string());
    match problems.first() {
        None => status,
        Some(first) => format!("{status}: {}", first.trim_end_matches('.')),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::totals::Totals;
    use super::super::facts::Nearby;
    use super::*;
    use crate::arrival::ArrivalTime;
    use crate::batch::{BatchStats, Unplayable};
    use crate::remote_config::ConfigAnswer;
    use crate::store::{BatchInfo, KeptRequest};

    const NOW: f64 = 1_795_465_976_788.0;

    /// A session with these events, each with its type and how much earlier than its arrival it was.
    fn with_events(events: &[(f64, f64)], unplayable: Option<Unplayable>) -> Facts {
        let mut stats = BatchStats::default();
        events.iter().for_each(|(event_type, ago)| stats.add(*event_type, NOW - ago));
        unplayable.into_iter().for_each(|reason| stats.add_unplayable(reason));
        let mut totals = Totals::default();
        let arrived = ArrivalTime::from_micros(1_795_465_976_788_000);
        totals.add(&BatchInfo { arrived, wire_bytes: 1, decoded_bytes: 1, stats });
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
        let kept: KeptRequest = serde_json::from_str(
            r#"{"at":9,"session_id":"1","outcome":"failed","problems":["it is wrong"]}"#,
        )
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
        let odd: Vec<&str> = checks(&facts)
            .iter()
            .filter(|check| check.state != State::Fine)
            .map(|check| check.code)
            .collect();
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
                change(|facts| {
                    facts.configuration = Some(configured(Some(answer(false, None, false)), None))
                }),
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
                change(|facts| {
                    facts.configuration = Some(configured(Some(answer(true, Some(0.0), true)), None))
                }),
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
            (with_events(&[(2.0, 4.0 * 86_400_000.0)], None), "clocks", State::Problem, "three days"),
        ] {
            let (found, message) = state(&facts, code);
            assert!(found == expected && message.contains(says), "{code}: {found:?} {message}");
        }
    }
}
