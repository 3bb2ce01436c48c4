//! When nothing is sent for a while: after batches that found no server, and where the server asks for it.

use std::time::{Duration, Instant};

use super::outcome::SendOutcome;

/// The pause that a throttling server wants: `protocol.md`, "Replies", skip code 429.
pub(crate) const THROTTLE_PAUSE: Duration = Duration::from_secs(60);
/// The longest pause after the first batch that found no server, doubled for each that follows: `protocol.md`, "Replies".
const MAX_FIRST_PAUSE: Duration = Duration::from_secs(5);
const MAX_PAUSE: Duration = Duration::from_secs(300);

/// Keeps the pauses between batches.
#[derive(Debug, Default)]
pub(crate) struct BackOff {
    /// Batches in a row that found no server.
    failures: u32,
    pause: Option<Pause>,
}

#[derive(Debug, Clone, Copy)]
struct Pause {
    until: Instant,
    /// A flush does not end it.
    by_server: bool,
}

impl BackOff {
    /// Whether a pause was begun and not yet ended by [`Self::resume`].
    pub fn is_paused(&self) -> bool {
        self.pause.is_some()
    }

    /// Ends the pause where its time is over, or where a flush may end it. Otherwise gives the time at which it ends.
    pub fn resume(&mut self, now: Instant, flush_requested: bool) -> Option<Instant> {
        let goes_on = |pause: &Pause| now < pause.until && (pause.by_server || !flush_requested);
        self.pause = self.pause.filter(goes_on);
        self.pause.map(|pause| pause.until)
    }

    /// Begins a back-off, longer than the one before. `jitter`, 0 to 1, spreads the clients out when the server is back.
    pub fn begin(&mut self, now: Instant, jitter: f64) {
        let until = now + pause_after(self.failures, jitter);
        self.pause = Some(Pause { until, by_server: false });
        self.failures = self.failures.saturating_add(1);
    }

    /// Notes the outcome of a batch. `jitter` as in [`Self::begin`].
    pub fn note(&mut self, outcome: SendOutcome, now: Instant, jitter: f64) {
        match outcome {
            SendOutcome::ServerUnreachable => self.begin(now, jitter),
            SendOutcome::DeliveredThenPause => {
                self.pause = Some(Pause { until: now + THROTTLE_PAUSE, by_server: true });
                self.failures = 0;
            }
            SendOutcome::Delivered | SendOutcome::SessionRejected | SendOutcome::Dropped(_) => {
                self.failures = 0;
            }
            SendOutcome::RetryAfter(_)
            | SendOutcome::Split { .. }
            | SendOutcome::SmallerBatch { .. }
            | SendOutcome::Interrupted => {}
        }
    }
}

/// The pause after a batch that found no server, and so many before it: a dead server costs a bounded number of attempts
/// an hour.
fn pause_after(failures: u32, jitter: f64) -> Duration {
    let max = MAX_FIRST_PAUSE.saturating_mul(1 << failures.min(10)).min(MAX_PAUSE);
    max.mul_f64(0.5 + jitter / 2.0)
}

#[cfg(test)]
mod tests {
    use super::super::drop_reason::DropReason;
    use super::*;

    #[test]
    fn a_dead_server_gets_at_most_30_batches_an_hour() {
        // docs/guide/delivery.md promises this bound; the shortest pauses make it.
        let (mut passed, mut batches) = (Duration::ZERO, 0);
        while passed < Duration::from_secs(3_600) {
            passed += pause_after(batches, 0.0);
            batches += 1;
        }
        assert!(batches <= 30, "{batches}");
    }

    #[test]
    fn pauses_double_up_to_the_maximum() {
        for (failures, jitter, seconds) in [
            (0, 0.0, 2.5),
            (0, 1.0, 5.0),
            (1, 1.0, 10.0),
            (2, 0.5, 15.0),
            (5, 1.0, 160.0),
            (6, 1.0, 300.0),
            (6, 0.0, 150.0),
            (u32::MAX, 1.0, 300.0),
        ] {
            assert_eq!(
                pause_after(failures, jitter),
                Duration::from_secs_f64(seconds),
                "{failures} {jitter}"
            );
        }
    }

    #[test]
    fn a_flush_ends_a_back_off_and_not_a_pause_of_the_server() {
        let start = Instant::now();
        for (outcome, pause, ends_with_flush) in [
            (SendOutcome::ServerUnreachable, MAX_FIRST_PAUSE, true),
            (SendOutcome::DeliveredThenPause, THROTTLE_PAUSE, false),
        ] {
            for (now, flush_requested, paused) in [
                (start, false, true),
                (start, true, !ends_with_flush),
                (start + pause / 2, false, true),
                (start + pause, false, false),
                (start + pause, true, false),
            ] {
                let mut back_off = BackOff::default();
                back_off.note(outcome, start, 1.0);
                assert!(back_off.is_paused());
                let until = back_off.resume(now, flush_requested);
                let expected = paused.then_some(start + pause);
                assert_eq!(until, expected, "{outcome:?} {:?} {flush_requested}", now - start);
                assert_eq!(back_off.is_paused(), paused);
            }
        }
    }

    #[test]
    fn only_a_settled_batch_resets_the_pauses() {
        let now = Instant::now();
        for (outcome, next_pause) in [
            (SendOutcome::Delivered, 5),
            (SendOutcome::SessionRejected, 5),
            (SendOutcome::Dropped(DropReason::RejectedByServer), 5),
            (SendOutcome::RetryAfter(Duration::ZERO), 20),
            (SendOutcome::Split { max_events: 1 }, 20),
            (SendOutcome::SmallerBatch { max_bytes: 1 }, 20),
            (SendOutcome::Interrupted, 20),
            (SendOutcome::ServerUnreachable, 40),
            (SendOutcome::DeliveredThenPause, 5),
        ] {
            let mut back_off = BackOff::default();
            back_off.note(SendOutcome::ServerUnreachable, now, 1.0);
            back_off.note(SendOutcome::ServerUnreachable, now, 1.0);
            back_off.note(outcome, now, 1.0);
            back_off.note(SendOutcome::ServerUnreachable, now, 1.0);
            let until = back_off.resume(now, false).unwrap();
            assert_eq!(until - now, Duration::from_secs(next_pause), "{outcome:?}");
        }
    }
}
