//! Whether a sealed chunk is sent, dropped or held, before a request is made.

use std::time::Duration;

use super::drop_reason::DropReason;
use crate::model::capture::CaptureRule;
use crate::model::envelope::Envelope;
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
    HoldFor(Duration),
}

/// What is known of the session of an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionFacts {
    /// The server takes no more of it.
    pub is_rejected: bool,
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
pub(crate) fn disposition(envelope: &Envelope, rule: &CaptureRule, session: SessionFacts) -> Disposition {
    if session.is_rejected {
        return Disposition::Drop(DropReason::SessionRejected);
    }
    // With a rate, it was decided when the events were recorded.
    if envelope.sample_rate.is_none() && rule.allows(&envelope.session_id).is_err() {
        return Disposition::Drop(DropReason::NotCaptured);
    }
    let min = rule.min_session_duration;
    match session.lifetime {
        Lifetime::Current(age) if age < min => Disposition::HoldFor(min - age),
        Lifetime::Ended(Some(age)) if age < min => Disposition::Drop(DropReason::SessionTooShort),
        _ => Disposition::Send { sample_rate: envelope.sample_rate.unwrap_or(rule.sample_rate) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: Duration = Duration::from_secs(10);
    const SHORT: Duration = Duration::from_secs(4);

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
        disposition(&envelope, &rule, SessionFacts { is_rejected, lifetime })
    }

    #[test]
    fn sessions_are_held_until_the_minimum_and_dropped_when_they_end_before() {
        let send = Disposition::Send { sample_rate: SampleRate::clamped(0.5) };
        for (lifetime, expected) in [
            (Lifetime::Current(Duration::ZERO), Disposition::HoldFor(MIN)),
            (Lifetime::Current(SHORT), Disposition::HoldFor(MIN - SHORT)),
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
