//! When a view wants its next frame: decisions without a clock of their own.

use std::time::{Duration, Instant};

/// After input a look is due this soon: what the input changes is to be painted by then.
const AFTER_INPUT: Duration = Duration::from_millis(60);
/// Two looks are at least so far apart, whatever happens. With [`AFTER_INPUT`] it keeps a look within 100 ms after input.
const MIN_INTERVAL: Duration = Duration::from_millis(100);
/// How soon to ask again while the queue is full.
const WHILE_FULL: Duration = Duration::from_millis(50);

/// What a view has seen lately.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Schedule {
    /// When a frame was compared last.
    last: Option<Instant>,
    /// The first input since.
    input: Option<Instant>,
    /// A frame is wanted without regard to what changed: for a full picture, or because masks were held longer than named.
    is_wanted: bool,
}

/// What all views share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The usual time between two looks.
    pub interval: Duration,
    /// Nothing is taken for so long: more was spent than the budget allows.
    pub pause: Duration,
    /// No place in the queue is free.
    pub is_full: bool,
}

impl Schedule {
    /// A frame was compared.
    pub fn looked(&mut self, now: Instant) {
        *self = Self { last: Some(now), ..Self::default() };
    }

    /// The user did something in the view.
    pub fn input(&mut self, now: Instant) {
        self.input.get_or_insert(now);
    }

    /// The view wants a frame as soon as after input.
    pub fn want(&mut self) {
        self.is_wanted = true;
    }

    /// The time until the view wants a frame; zero: now.
    pub fn wait(&self, now: Instant, pace: &Pace) -> Duration {
        let back_pressure = if pace.is_full { WHILE_FULL } else { Duration::ZERO };
        self.due_in(now, pace.interval).max(pace.pause).max(back_pressure)
    }

    fn due_in(&self, now: Instant, interval: Duration) -> Duration {
        let Some(last) = self.last else { return Duration::ZERO };
        let left = |since: Instant, time: Duration| (since + time).saturating_duration_since(now);
        let usual = left(last, interval);
        let soonest = left(last, MIN_INTERVAL.min(interval));
        match self.input {
            _ if self.is_wanted => soonest,
            Some(input) => usual.min(left(input, AFTER_INPUT).max(soonest)),
            None => usual,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A time of milliseconds.
    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_frame_is_wanted_in_the_usual_interval_and_soon_after_input() {
        let start = Instant::now();
        for (looked, input, wanted, now, expected) in [
            (None, None, false, 0, 0),
            (None, Some(0), false, 0, 0),
            (Some(0), None, false, 0, 500),
            (Some(0), None, false, 499, 1),
            (Some(0), None, false, 500, 0),
            (Some(0), None, false, 9_000, 0),
            // Within 100 ms after input, but not sooner than two looks may be apart.
            (Some(0), Some(10), false, 10, 90),
            (Some(0), Some(200), false, 200, 60),
            (Some(0), Some(200), false, 250, 10),
            (Some(0), Some(200), false, 300, 0),
            // What is due anyway is not put off by input.
            (Some(0), Some(480), false, 480, 20),
            (Some(0), None, true, 20, 80),
            (Some(0), None, true, 120, 0),
        ] {
            let mut schedule = Schedule::default();
            looked.iter().for_each(|at| schedule.looked(start + ms(*at)));
            input.iter().for_each(|at| schedule.input(start + ms(*at)));
            if wanted {
                schedule.want();
            }
            let pace = Pace { interval: ms(500), pause: Duration::ZERO, is_full: false };
            let wait = schedule.wait(start + ms(now), &pace);
            assert_eq!(wait, ms(expected), "{looked:?} {input:?} {wanted} {now}");
        }
    }

    #[test]
    fn every_look_after_input_is_at_most_100_ms_late() {
        let start = Instant::now();
        for (looked, input) in (0..300).flat_map(|looked| (looked..looked + 700).map(move |it| (looked, it)))
        {
            let mut schedule = Schedule::default();
            schedule.looked(start + ms(looked));
            schedule.input(start + ms(input));
            let pace = Pace { interval: ms(500), pause: Duration::ZERO, is_full: false };
            assert!(schedule.wait(start + ms(input), &pace) <= ms(100), "{looked} {input}");
        }
    }

    #[test]
    fn a_full_queue_and_a_spent_budget_come_before_all_wishes() {
        let start = Instant::now();
        for (pause, is_full, now, expected) in [
            (0, false, 0, 40),
            (0, true, 0, 50),
            (0, true, 60, 50),
            (2_000, false, 0, 2_000),
            (2_000, true, 700, 2_000),
            (20, true, 700, 50),
        ] {
            let mut schedule = Schedule::default();
            schedule.looked(start);
            let pace = Pace { interval: ms(40), pause: ms(pause), is_full };
            assert_eq!(schedule.wait(start + ms(now), &pace), ms(expected), "{pause} {is_full} {now}");
        }
    }

    #[test]
    fn a_look_ends_the_wishes_before_it() {
        let start = Instant::now();
        let mut schedule = Schedule::default();
        schedule.looked(start);
        schedule.input(start + ms(10));
        schedule.want();
        schedule.looked(start + ms(100));
        let pace = Pace { interval: ms(500), pause: Duration::ZERO, is_full: false };
        assert_eq!(schedule.wait(start + ms(100), &pace), ms(500));
    }
}
