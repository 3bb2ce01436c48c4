//! Why there may be no replay of a session, and what to do.

use serde::Serialize;

use super::totals::Totals;
use crate::batch::Unplayable;

/// A reason why there may be no replay.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Problem {
    /// A name for programs.
    pub(crate) code: &'static str,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

/// What is wrong with a session as it is now.
pub(super) fn problems(totals: &Totals) -> Vec<Problem> {
    let stats = &totals.stats;
    let mut problems = Vec::new();
    let mut add = |code, message: String| problems.push(Problem { code, message });
    if stats.events == 0 {
        add("nothing_accepted", "No batch of this session was accepted.".to_owned());
    } else if !stats.has_full_snapshot() {
        add(
                "no_full_snapshot",
                "This session has no full snapshot (rrweb event type 2), so nothing can be drawn. Take a full snapshot \
                 when the recorder starts, and whenever sr_set_session_id or sr_record returns SR_NEEDS_FULL_SNAPSHOT."
                    .to_owned(),
            );
    }
    if stats.events == 1 {
        add("single_event", "There is only one event; the player needs two.".to_owned());
    }
    if stats.events > 0 && !stats.has_meta() {
        add(
                "no_meta",
                "There is no meta event (rrweb event type 4), so the size of the page is not known. The recorder makes \
                 one before each full snapshot."
                    .to_owned(),
            );
    }
    if stats.unplayable > 0 {
        let (events, them) = match stats.unplayable {
            1 => ("event is", "it"),
            _ => ("events are", "them"),
        };
        let reasons: Vec<_> =
            Unplayable::in_bits(stats.unplayable_reasons).map(|reason| reason.to_string()).collect();
        add(
            "unplayable_events",
            format!(
                "{} {events} not as rrweb's player needs {them}; it throws on such, and the replay stops or does not \
                     open at all: {}. This page leaves {them} out. The requests that brought {them} say where (`problems` \
                     in their `meta`).",
                stats.unplayable,
                reasons.join("; "),
            ),
        );
    }
    if stats.nested > 0 {
        let (entries, have) = match stats.nested {
            1 => ("entry", "has"),
            _ => ("entries", "have"),
        };
        add(
            "nested_adds",
            format!(
                "{} {entries} of `adds` {have} children inside the node: players drop those. Give each node an entry of its own, \
                     with an empty `childNodes`; only the document of an iframe is added whole. The requests that brought them say \
                     where (`problems` in their `meta`).",
                stats.nested,
            ),
        );
    }
    if let Some(message) = totals.damage.in_words() {
        add("damaged_requests", message);
    }
    if totals.refused > 0 {
        let (what, were) = match totals.refused {
            1 => ("request", "was"),
            _ => ("requests", "were"),
        };
        add("refused_requests", format!("{} {what} of this session {were} refused.", totals.refused));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::BatchStats;

    #[test]
    fn each_problem_of_a_session_is_named() {
        for (event_types, unplayable, nested, refused, codes) in [
            (&[][..], None, 0, 1, &["nothing_accepted", "refused_requests"][..]),
            (&[4.0, 2.0], None, 0, 0, &[]),
            (&[4.0, 2.0], None, 3, 0, &["nested_adds"]),
            (&[4.0, 2.0], Some(Unplayable::Node), 0, 0, &["unplayable_events"]),
            (&[4.0], None, 0, 0, &["no_full_snapshot", "single_event"]),
            (&[2.0, 3.0], None, 0, 2, &["no_meta", "refused_requests"]),
            (&[3.0, 3.0], None, 0, 0, &["no_full_snapshot", "no_meta"]),
        ] {
            let mut stats = BatchStats::default();
            event_types.iter().for_each(|event_type| stats.add(*event_type, 1.0));
            unplayable.into_iter().for_each(|reason| stats.add_unplayable(reason));
            stats.nested = nested;
            let totals = Totals { stats, refused, ..Totals::default() };
            let found: Vec<_> = problems(&totals).iter().map(|problem| problem.code).collect();
            assert_eq!(found, codes, "{event_types:?}");
        }
    }
}
