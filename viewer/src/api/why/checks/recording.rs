//! Whether what arrived can be drawn.

use super::super::facts::Facts;
use super::{Found, fine, problem, unknown};

/// Batches and events are not further apart than clocks go wrong and devices are offline.
const MAX_CLOCK_DIFFERENCE_MS: f64 = 3.0 * 86_400_000.0;
/// A clock so far ahead is wrong, whatever the network does.
const MAX_AHEAD_MS: f64 = 5.0 * 60_000.0;
/// Milliseconds since 1970 are larger since 1973; seconds are smaller until the year 5138.
const MIN_MILLIS: f64 = 100_000_000_000.0;

pub(super) fn accepted(facts: &Facts) -> Found {
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

pub(super) fn snapshot(facts: &Facts) -> Found {
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

pub(super) fn meta(facts: &Facts) -> Found {
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

pub(super) fn clocks(facts: &Facts) -> Found {
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
        return unknown(
            "The first event is more than three days older than its arrival: it was sent late, or imported, or a clock is wrong.",
            Some(
                "Compare the device's clock; recorders drop what is older than three days, so what is sent late is seldom so old.",
            ),
        );
    }
    fine("The events' times fit the times of their arrival.")
}

pub(super) fn picture(facts: &Facts) -> Found {
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

fn events(count: u64) -> String {
    if count == 1 { "1 event that".to_owned() } else { format!("{count} events that") }
}
