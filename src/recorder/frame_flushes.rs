//! Flushes that wait for frames: which are recorded, and up to where in the queue that was. No locks and no clocks.
//!
//! A frame that was taken is recorded later, by the encoder: only then it is known which position of the queue is the last
//! of a flush.

use std::collections::VecDeque;

/// Flushes that nobody asks after must not grow without end: beyond these, one is done no sooner than the next.
const MAX_BOUND: usize = 1_024;

/// See the module. Frames are numbered as they were taken, from 1 on.
#[derive(Debug, Default)]
pub(super) struct FrameFlushes {
    /// The last frames of flushes that are not recorded yet.
    awaited: Vec<u64>,
    /// The last frame of a flush, and the queue's last position once it was recorded.
    bound: VecDeque<(u64, i64)>,
    /// What was recorded up to this frame is drained.
    drained: u64,
}

/// How far a flush is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Its frames are not all recorded.
    Recording,
    /// They wait in the queue.
    Waiting,
    /// Everything of it is drained.
    Drained,
}

impl FrameFlushes {
    /// A flush has begun whose last frame is this one.
    pub fn begin(&mut self, frame: u64) {
        if !self.awaited.contains(&frame) {
            self.awaited.push(frame);
        }
    }

    /// The frames up to `done` are recorded. The last one that a flush waited for, if one did: tell [`Self::bind`] the queue's
    /// last position.
    pub fn take_recorded(&mut self, done: u64) -> Option<u64> {
        self.awaited.extract_if(.., |frame| *frame <= done).max()
    }

    /// Everything of flushes up to this frame lies in the queue up to this position.
    pub fn bind(&mut self, frame: u64, position: i64) {
        if self.bound.len() >= MAX_BOUND {
            self.bound.pop_back();
        }
        let at = self.bound.partition_point(|(other, _)| *other < frame);
        self.bound.insert(at, (frame, position));
    }

    /// How far the flush is whose last frame is this one.
    pub fn progress(&mut self, frame: u64, is_drained: impl Fn(i64) -> bool) -> Progress {
        while let Some((last, position)) = self.bound.front()
            && is_drained(*position)
        {
            self.drained = self.drained.max(*last);
            self.bound.pop_front();
        }
        let bound = self.bound.iter().find(|(last, _)| *last >= frame);
        match bound {
            _ if frame <= self.drained => Progress::Drained,
            Some((_, position)) if is_drained(*position) => Progress::Drained,
            Some(_) => Progress::Waiting,
            None => Progress::Recording,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Progress::{Drained, Recording, Waiting};

    enum Step {
        Begin(u64),
        /// Frames up to this one are recorded, which is told the queue at this position; the last that was awaited.
        Record(u64, i64, Option<u64>),
        /// The queue is drained up to here, and the flush of this frame has come so far.
        Ask(i64, u64, Progress),
    }
    use Step::{Ask, Begin, Record};

    #[test]
    fn a_flush_is_done_when_its_frames_are_recorded_and_drained() {
        let rows: [(&str, &[Step]); 8] = [
            (
                "one",
                &[
                    Begin(1),
                    Ask(9, 1, Recording),
                    Record(1, 9, Some(1)),
                    Ask(8, 1, Waiting),
                    Ask(9, 1, Drained),
                ],
            ),
            ("nobody waits", &[Record(1, 4, None), Begin(2), Record(1, 4, None), Ask(9, 2, Recording)]),
            (
                "two of one frame",
                &[Begin(1), Begin(1), Record(1, 3, Some(1)), Record(1, 4, None), Ask(3, 1, Drained)],
            ),
            (
                "each as soon as its own is",
                &[
                    Begin(1),
                    Begin(2),
                    Record(1, 3, Some(1)),
                    Ask(3, 1, Drained),
                    Ask(3, 2, Recording),
                    Record(2, 5, Some(2)),
                    Ask(3, 1, Drained),
                    Ask(3, 2, Waiting),
                    Ask(5, 2, Drained),
                ],
            ),
            (
                "both at once",
                &[
                    Begin(1),
                    Begin(2),
                    Record(2, 5, Some(2)),
                    Ask(4, 1, Waiting),
                    Ask(5, 1, Drained),
                    Ask(5, 2, Drained),
                ],
            ),
            (
                "asked late",
                &[
                    Begin(1),
                    Record(1, 3, Some(1)),
                    Begin(2),
                    Record(2, 5, Some(2)),
                    Ask(9, 2, Drained),
                    Ask(9, 1, Drained),
                ],
            ),
            (
                "the later one first",
                &[Begin(1), Begin(2), Record(2, 5, Some(2)), Ask(5, 2, Drained), Ask(5, 3, Recording)],
            ),
            (
                "the end",
                &[
                    Begin(2),
                    Begin(u64::MAX),
                    Record(u64::MAX, 5, Some(u64::MAX)),
                    Ask(4, 2, Waiting),
                    Ask(5, u64::MAX, Drained),
                    Ask(5, 2, Drained),
                ],
            ),
        ];
        for (what, steps) in rows {
            let mut flushes = FrameFlushes::default();
            for (number, step) in steps.iter().enumerate() {
                match *step {
                    Begin(frame) => flushes.begin(frame),
                    Record(done, position, expected) => {
                        let last = flushes.take_recorded(done);
                        assert_eq!(last, expected, "{what}, step {number}");
                        last.into_iter().for_each(|last| flushes.bind(last, position));
                    }
                    Ask(drained, frame, expected) => {
                        let found = flushes.progress(frame, |position| position <= drained);
                        assert_eq!(found, expected, "{what}, step {number}");
                    }
                }
            }
        }
    }

    #[test]
    fn of_flushes_that_nobody_asks_after_there_are_so_many() {
        let (mut flushes, last) = (FrameFlushes::default(), 3 * MAX_BOUND as u64);
        for frame in 1..=last {
            flushes.bind(frame, frame as i64);
        }
        assert_eq!(flushes.bound.len(), MAX_BOUND);
        assert_eq!(flushes.progress(1, |position| position <= 1), Drained);
        let between = last - 1;
        assert_eq!(
            flushes.progress(between, |position| position <= between as i64),
            Waiting,
            "with the last"
        );
        assert_eq!(flushes.progress(between, |_| true), Drained);
    }

    #[test]
    fn two_threads_may_bind_in_any_order() {
        let mut flushes = FrameFlushes::default();
        flushes.bind(2, 5);
        flushes.bind(1, 6);
        for (drained, one, two) in [(4, Waiting, Waiting), (5, Waiting, Drained), (6, Drained, Drained)] {
            assert_eq!(flushes.progress(1, |position| position <= drained), one, "{drained}");
            assert_eq!(flushes.progress(2, |position| position <= drained), two, "{drained}");
        }
    }
}
