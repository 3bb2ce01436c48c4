//! Whether a sealed chunk is sent, dropped or held, before a request is made.

use std::time::Duration;

use super::drop_reason::DropReason;
use crate::model::capture::{CaptureRule, TargetingVerdict};
use crate::model::envelope::{Envelope, EventKind};
use crate::model::sample_rate::SampleRate;

/// What to do with the events of an envelope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Disposition {
    /// Send them.
    Send {
        /// The rate their session was sampled at.
        sample_rate: SampleRate,
    },
    /// Drop them.
    Drop(DropReason),
    /// Keep them and decide again after this time.
    WaitFor(Duration),
}

/// What is known of the session of an envelope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SessionFacts {
    /// The server takes no more of it.
    pub is_rejected: bool,
    /// What targeting said of it by the time that the remote configuration came.
    pub targeting: TargetingVerdict,
    /// There was a trigger for it, where it is held at this rate: neither the sample nor its length leaves it out.
    pub triggered_at: Option<SampleRate>,
    /// It was held, and only the death of its process lets it be sent.
    pub was_held_at_death: bool,
    pub lifetime: Lifetime,
}

/// How long a session has lasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// So long, and it goes on.
    Current(Duration),
    /// So long, and it is over. `None`: unknown, since the clock was set back meanwhile.
    Ended(Option<Duration>),
}

impl Lifetime {
    /// Of a session that is over: from its beginning to the last time that it was sealed, in milliseconds since 1970.
    pub fn ended(started_at_ms: u64, sealed_at_ms: u64) -> Self {
        Self::Ended(sealed_at_ms.checked_sub(started_at_ms).map(Duration::from_millis))
    }
}

/// What to do with the events of this envelope: `protocol.md`, "Replies" (rejected sessions), "Sampling" and "Remote
/// configuration" (`min_session_duration_ms`).
pub(crate) fn disposition(
    envelope: &Envelope,
    rule: &CaptureRule,
    takes_interactions: bool,
    session: SessionFacts,
) -> Disposition {
    if session.is_rejected {
        return Disposition::Drop(DropReason::SessionRejected);
    }
    // Nobody has sent any of it yet, and whoever held it would have deleted it.
    if session.was_held_at_death && !rule.enabled {
        return Disposition::Drop(DropReason::HeldAndCaptureDisabled);
    }
    // With a rate, it was decided that the session is captured, or held; but what is taken of it may not have been.
    let is_taken = envelope.kind == EventKind::Replay || takes_interactions;
    let (allowed, rate) = match (rule.allows(&envelope.session_id, session.targeting), session.triggered_at) {
        (Err(reason), Some(rate)) if reason.is_of_choice() => (true, rate),
        (allowed, _) => (allowed.is_ok(), rule.sample_rate),
    };
    let is_captured = allowed || envelope.sample_rate.is_some();
    if envelope.is_undecided() && !(is_captured && is_taken) {
        return Disposition::Drop(DropReason::NotCaptured);
    }
    let min = if session.triggered_at.is_some() { Duration::ZERO } else { rule.min_session_duration };
    match session.lifetime {
        Lifetime::Current(age) if age < min => Disposition::WaitFor(min - age),
        Lifetime::Ended(Some(age)) if age < min => Disposition::Drop(DropReason::SessionTooShort),
        _ => Disposition::Send { sample_rate: envelope.sample_rate.unwrap_or(rate) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: Duration = Duration::from_secs(10);
    const SHORT: Duration = Duration::from_secs(4);
    const NOT_MATCHED: TargetingVerdict = TargetingVerdict::NotMatched;

    fn rule(enabled: bool) -> CaptureRule {
        CaptureRule { enabled, sample_rate: SampleRate::ALL, min_session_duration: MIN, is_targeted: false }
    }

    fn decide(
        rate: Option<SampleRate>,
        rule: CaptureRule,
        is_rejected: bool,
        lifetime: Lifetime,
    ) -> Disposition {
        let envelope = Envelope { sample_rate: rate, ..Envelope::any() };
        let session = SessionFacts {
            is_rejected,
            targeting: NOT_MATCHED,
            triggered_at: None,
            was_held_at_death: false,
            lifetime,
        };
        disposition(&envelope, &rule, false, session)
    }

    #[test]
    fn sessions_are_held_until_the_minimum_and_dropped_when_they_end_before() {
        let send = Disposition::Send { sample_rate: SampleRate::clamped(0.5) };
        for (lifetime, expected) in [
            (Lifetime::Current(Duration::ZERO), Disposition::WaitFor(MIN)),
            (Lifetime::Current(SHORT), Disposition::WaitFor(MIN - SHORT)),
            (Lifetime::Current(MIN), send),
            (Lifetime::ended(500, 4_500), Disposition::Drop(DropReason::SessionTooShort)),
            (Lifetime::ended(500, 500), Disposition::Drop(DropReason::SessionTooShort)),
            (Lifetime::ended(500, 10_500), send),
            (Lifetime::ended(500, 499), send),
        ] {
            assert_eq!(
                decide(Some(SampleRate::clamped(0.5)), rule(true), false, lifetime),
                expected,
                "{lifetime:?}"
            );
        }
    }

    #[test]
    fn the_rule_decides_only_where_recording_did_not() {
        let lifetime = Lifetime::Current(MIN);
        let not_captured = Disposition::Drop(DropReason::NotCaptured);
        let targeted = CaptureRule { is_targeted: true, ..rule(true) };
        let out_of_sample = CaptureRule { sample_rate: SampleRate::NONE, ..rule(true) };
        for (rate, rule, expected) in [
            (None, rule(true), Disposition::Send { sample_rate: SampleRate::ALL }),
            (None, rule(false), not_captured),
            (None, targeted, not_captured),
            (None, out_of_sample, not_captured),
            (
                Some(SampleRate::clamped(0.5)),
                rule(false),
                Disposition::Send { sample_rate: SampleRate::clamped(0.5) },
            ),
            (
                Some(SampleRate::clamped(0.5)),
                targeted,
                Disposition::Send { sample_rate: SampleRate::clamped(0.5) },
            ),
            (
                Some(SampleRate::clamped(0.5)),
                out_of_sample,
                Disposition::Send { sample_rate: SampleRate::clamped(0.5) },
            ),
        ] {
            assert_eq!(decide(rate, rule, false, lifetime), expected, "{rate:?} {rule:?}");
        }
    }

    #[test]
    fn what_waited_for_the_configuration_is_sent_where_targeting_matched_at_once() {
        let lifetime = Lifetime::Current(MIN);
        let (send, dropped) =
            (Disposition::Send { sample_rate: SampleRate::NONE }, Disposition::Drop(DropReason::NotCaptured));
        let envelope = Envelope { sample_rate: None, ..Envelope::any() };
        for (targeting, enabled, expected) in [
            (TargetingVerdict::Matched, true, send),
            (TargetingVerdict::Matched, false, dropped),
            (TargetingVerdict::NotMatched, true, dropped),
            (TargetingVerdict::NotEvaluated, true, dropped),
        ] {
            let rule = CaptureRule { sample_rate: SampleRate::NONE, is_targeted: true, ..rule(enabled) };
            let session = SessionFacts {
                is_rejected: false,
                targeting,
                triggered_at: None,
                was_held_at_death: false,
                lifetime,
            };
            assert_eq!(disposition(&envelope, &rule, false, session), expected, "{targeting:?} {enabled}");
        }
    }

    #[test]
    fn interactions_that_the_configuration_turned_out_not_to_take_are_dropped() {
        let lifetime = Lifetime::Current(MIN);
        let session = SessionFacts {
            is_rejected: false,
            targeting: NOT_MATCHED,
            triggered_at: None,
            was_held_at_death: false,
            lifetime,
        };
        let send = Disposition::Send { sample_rate: SampleRate::ALL };
        let not_captured = Disposition::Drop(DropReason::NotCaptured);
        let held = Some(SampleRate::ALL);
        for (rate, undecided, kind, takes_interactions, expected) in [
            (None, false, EventKind::Interaction, false, not_captured),
            (None, false, EventKind::Interaction, true, send),
            (None, false, EventKind::Replay, false, send),
            (Some(SampleRate::ALL), false, EventKind::Interaction, false, send),
            (held, true, EventKind::Interaction, false, not_captured),
            (held, true, EventKind::Interaction, true, send),
            (held, true, EventKind::Replay, false, send),
        ] {
            let envelope = Envelope { sample_rate: rate, undecided, kind, ..Envelope::any() };
            // That the sample leaves it out is why it is held.
            let enabled = if undecided {
                CaptureRule { sample_rate: SampleRate::NONE, ..rule(true) }
            } else {
                rule(true)
            };
            let decided = disposition(&envelope, &enabled, takes_interactions, session);
            assert_eq!(decided, expected, "{rate:?} {undecided} {kind:?} {takes_interactions}");
        }
    }

    #[test]
    fn what_was_held_at_a_death_is_sent_unless_capture_is_off_now() {
        let rate = SampleRate::clamped(0.5);
        let envelope = Envelope { sample_rate: Some(rate), ..Envelope::any() };
        let send = Disposition::Send { sample_rate: rate };
        let session = SessionFacts {
            is_rejected: false,
            targeting: NOT_MATCHED,
            triggered_at: None,
            was_held_at_death: true,
            lifetime: Lifetime::Current(MIN),
        };
        let off = Disposition::Drop(DropReason::HeldAndCaptureDisabled);
        for (enabled, sample_rate, is_targeted, expected) in [
            (true, SampleRate::ALL, false, send),
            (true, SampleRate::NONE, false, send),
            (true, SampleRate::NONE, true, send),
            (false, SampleRate::ALL, false, off),
            (false, SampleRate::NONE, true, off),
        ] {
            let rule = CaptureRule { sample_rate, is_targeted, ..rule(enabled) };
            assert_eq!(disposition(&envelope, &rule, true, session), expected, "{rule:?}");
        }
    }

    #[test]
    fn a_rejected_session_is_dropped_whatever_else_holds() {
        for rate in [None, Some(SampleRate::ALL)] {
            for lifetime in [Lifetime::Current(SHORT), Lifetime::Ended(Some(SHORT)), Lifetime::Ended(None)] {
                for enabled in [true, false] {
                    let decided = decide(rate, rule(enabled), true, lifetime);
                    assert_eq!(decided, Disposition::Drop(DropReason::SessionRejected), "{lifetime:?}");
                }
            }
        }
    }
}
