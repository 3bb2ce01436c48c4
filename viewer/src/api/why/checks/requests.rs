//! What became of the requests that left no batch behind.

use super::super::facts::{BadRequest, Facts};
use super::{Found, fine, problem, said};
use crate::store::KeptOutcome;

pub(super) fn armed_faults(facts: &Facts) -> Found {
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

pub(super) fn refused(facts: &Facts) -> Found {
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

pub(super) fn skipped(facts: &Facts) -> Found {
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

pub(super) fn failed(facts: &Facts) -> Found {
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

fn were(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what} was") } else { format!("{count} {what}s were") }
}
