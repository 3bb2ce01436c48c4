//! Whether anything was heard of these ids, or of others that look like them.

use super::super::facts::Facts;
use super::{Found, fine, problem, unknown};

pub(super) fn ids(facts: &Facts) -> Found {
    match &facts.bad_ids {
        None => fine("The ids are such as the ingest takes."),
        Some(problem_of) => problem(
            format!("No batch with these ids is taken: {problem_of}."),
            "Give the recorder ids of at most 512 of the accepted characters (deviceId, sessionId), the same ones as to the analytics.",
        ),
    }
}

pub(super) fn other_ids(facts: &Facts) -> Found {
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

pub(super) fn recorder(facts: &Facts) -> Found {
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

fn list(ids: &[String]) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("{id:?}")).collect();
    quoted.join(", ")
}
