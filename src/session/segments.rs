//! The segments of a recording that is held, oldest first. Each begins with a full snapshot, so each is something that a player
//! can begin with; the oldest are let go of. Pure: it knows no clock, no file, and nothing of what is in a segment.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// See the module.
pub(super) struct Segments<T> {
    list: VecDeque<Segment<T>>,
}

struct Segment<T> {
    number: u64,
    began: Instant,
    /// It began with a Meta event or a full snapshot.
    has_begin: bool,
    /// The full snapshot is in it.
    has_snapshot: bool,
    items: Vec<T>,
}

impl<T> Segment<T> {
    /// A player can begin with it.
    fn plays(&self) -> bool {
        self.has_begin && self.has_snapshot
    }
}

impl<T> Default for Segments<T> {
    fn default() -> Self {
        Self { list: VecDeque::new() }
    }
}

impl<T> Segments<T> {
    /// The number of the segment that goes on; where none does, one of this number begins, with whatever comes first.
    pub fn current_or_begin(&mut self, number: u64, now: Instant) -> u64 {
        if self.list.is_empty() {
            let segment =
                Segment { number, began: now, has_begin: false, has_snapshot: false, items: Vec::new() };
            self.list.push_back(segment);
        }
        self.list.back().map_or(number, |last| last.number)
    }

    /// Another segment begins, with a Meta event or a full snapshot.
    pub fn begin(&mut self, number: u64, now: Instant) {
        let segment = Segment { number, began: now, has_begin: true, has_snapshot: false, items: Vec::new() };
        self.list.push_back(segment);
    }

    /// The full snapshot of the segment of this number was recorded.
    pub fn note_snapshot(&mut self, number: u64) {
        let of_number = self.list.iter_mut().rev().find(|segment| segment.number == number);
        of_number.into_iter().for_each(|segment| segment.has_snapshot = true);
    }

    /// When the first segment began that a player can begin with.
    pub fn began(&self) -> Option<Instant> {
        self.list.iter().find(|segment| segment.plays()).map(|first| first.began)
    }

    /// Whether the current segment began with its Meta event, and its full snapshot is still to come.
    pub fn awaits_snapshot(&self) -> bool {
        self.list.back().is_some_and(|last| last.has_begin && !last.has_snapshot)
    }

    /// When the current segment began, if a player can begin with it.
    pub fn current_began(&self) -> Option<Instant> {
        self.list.back().filter(|last| last.plays()).map(|last| last.began)
    }

    /// Adds something to the segment of this number; gives it back where there is none any more.
    pub fn add(&mut self, number: u64, item: T) -> Option<T> {
        match self.list.iter_mut().rev().find(|segment| segment.number == number) {
            Some(segment) => {
                segment.items.push(item);
                None
            }
            None => Some(item),
        }
    }

    /// Takes out what nobody needs any more: all before the newest segment that plays and is at least so old.
    pub fn take_outdated(&mut self, window: Duration, now: Instant) -> Vec<T> {
        let is_old =
            |segment: &Segment<T>| segment.plays() && now.saturating_duration_since(segment.began) >= window;
        match self.list.iter().rposition(is_old) {
            Some(first) => self.take_before(first),
            None => Vec::new(),
        }
    }

    /// When [`Self::take_outdated`] has something to take next.
    pub fn outdated_at(&self, window: Duration) -> Option<Instant> {
        let next = self.list.iter().skip(1).find(|segment| segment.plays());
        next.map(|segment| segment.began + window)
    }

    /// Takes out all before the second segment that plays, if there is one.
    pub fn take_oldest(&mut self) -> Option<Vec<T>> {
        let first = self.list.iter().skip(1).position(Segment::plays)?;
        Some(self.take_before(first + 1))
    }

    /// Takes out what a player can't begin with: all before the first segment that plays.
    pub fn take_unplayable(&mut self) -> Vec<T> {
        let first = self.list.iter().position(Segment::plays).unwrap_or(self.list.len());
        self.take_before(first)
    }

    /// Takes out everything.
    pub fn take_all(&mut self) -> Vec<T> {
        self.take_before(self.list.len())
    }

    /// Everything, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.list.iter().flat_map(|segment| &segment.items)
    }

    /// The same, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.list.iter_mut().flat_map(|segment| &mut segment.items)
    }

    fn take_before(&mut self, first: usize) -> Vec<T> {
        self.list.drain(..first).flat_map(|segment| segment.items).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_secs(60);

    /// Segments that began so many seconds ago, each with one item of that name; `false`: its full snapshot never came.
    fn segments(now: Instant, ages: &[(u64, bool)]) -> Segments<u64> {
        let mut segments = Segments::default();
        for (number, (age, has_snapshot)) in ages.iter().enumerate() {
            segments.begin(number as u64, now - Duration::from_secs(*age));
            assert_eq!(segments.add(number as u64, *age), None);
            if *has_snapshot {
                segments.note_snapshot(number as u64);
            }
        }
        segments
    }

    #[test]
    fn what_is_kept_begins_with_the_newest_segment_that_is_as_old_as_the_window() {
        let now = Instant::now() + Duration::from_secs(1_000);
        for (ages, outdated, next) in [
            (&[][..], &[][..], None),
            (&[(10, true)], &[], None),
            (&[(500, true)], &[], None),
            (&[(90, true), (59, true)], &[], Some(1)),
            (&[(90, true), (60, true)], &[90], None),
            (&[(120, true), (90, true), (60, true), (30, true)], &[120, 90], Some(30)),
            // That one can't be begun with.
            (&[(120, true), (60, false), (30, true)], &[], Some(30)),
            (&[(90, false), (70, true)], &[90], None),
        ] {
            let mut segments = segments(now, ages);
            assert_eq!(segments.take_outdated(WINDOW, now), outdated, "{ages:?}");
            let next = next.map(Duration::from_secs);
            assert_eq!(segments.outdated_at(WINDOW).map(|at| at - now), next, "{ages:?}");
        }
    }

    #[test]
    fn room_is_made_by_the_oldest_as_long_as_one_that_plays_is_left() {
        let now = Instant::now() + Duration::from_secs(1_000);
        for (ages, oldest) in [
            (&[][..], None),
            (&[(10, true)], None),
            (&[(90, true), (30, true)], Some(vec![90])),
            (&[(90, true), (60, false), (30, true)], Some(vec![90, 60])),
            (&[(90, true), (60, false)], None),
        ] {
            assert_eq!(segments(now, ages).take_oldest(), oldest, "{ages:?}");
        }
    }

    #[test]
    fn a_recording_that_began_without_a_full_snapshot_plays_from_the_first_on() {
        let now = Instant::now();
        let mut segments = Segments::default();
        assert_eq!(segments.current_or_begin(4, now), 4);
        segments.add(4, "before");
        segments.begin(5, now);
        assert_eq!((segments.current_or_begin(6, now), segments.awaits_snapshot()), (5, true));
        assert_eq!(segments.current_began(), None);
        segments.add(5, "first");
        segments.note_snapshot(5);
        assert_eq!((segments.awaits_snapshot(), segments.current_began()), (false, Some(now)));
        assert_eq!(segments.take_unplayable(), ["before"]);
        assert_eq!(segments.add(4, "late"), Some("late"), "its segment is gone");
        assert_eq!(segments.take_all(), ["first"]);
        segments.begin(7, now);
        segments.add(7, "meta alone");
        assert_eq!(segments.take_unplayable(), ["meta alone"]);
    }
}
