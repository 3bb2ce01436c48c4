//! The events of a scene, in their order: when something is told whole, and at which time.

use std::time::SystemTime;

use serde_json::json;

use super::beside::{event, millis};
use super::changes::Changes;
use super::pointer::MOVE_INTERVAL_MS;
use super::scene::Scene;
use crate::model::event::ViewMark;

/// So many bytes of changes, and so many times the last full snapshot, make another worth its bytes: a player that seeks
/// begins at the last one before.
const MIN_BYTES_BETWEEN: usize = 1 << 20;
const SNAPSHOTS_BETWEEN: usize = 8;

/// How far the scene is told.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// The stretch of the recording that has the whole document; 0: none.
    stretch: u64,
    /// The last stretch that had it, although that is of no use any more.
    last_stretch: u64,
    /// The time of the last event.
    last: i64,
    last_move: i64,
    snapshot_bytes: usize,
    bytes_since: usize,
}

impl Timeline {
    /// The events that say what changed in the document, at this time; all of it, where this stretch does not have it, and the
    /// mark of that.
    pub fn document_events(
        &mut self,
        scene: &mut Scene,
        stretch: u64,
        changes: Option<Changes>,
        time: i64,
    ) -> (Option<ViewMark>, Vec<String>) {
        if self.stretch == stretch {
            let data = changes.map(Changes::into_events).unwrap_or_default();
            return (None, data.iter().map(|(kind, data)| event(*kind, time, data)).collect());
        }
        if scene.is_empty() {
            return (None, Vec::new());
        }
        // Until all of it is recorded, the scene is told in no stretch.
        self.interrupt();
        let data = json!({"node": scene.document(), "initialOffset": {"left": 0, "top": 0}});
        (Some(ViewMark::of_scene(scene.size().map(|side| side as u32))), vec![event(2, time, &data)])
    }

    /// These events of [`Self::document_events`] are recorded in this stretch.
    pub fn reached(&mut self, stretch: u64, events: &[String]) {
        let bytes = events.iter().map(String::len).sum();
        if self.stretch == stretch {
            self.bytes_since += bytes;
        } else if bytes > 0 {
            (self.stretch, self.last_stretch) = (stretch, stretch);
            (self.snapshot_bytes, self.bytes_since) = (bytes, 0);
        }
    }

    /// What was told is of no use for what is told next.
    pub fn interrupt(&mut self) {
        self.stretch = 0;
    }

    /// Whether nothing is told since, or it could not be recorded.
    pub fn is_interrupted(&self) -> bool {
        self.stretch == 0
    }

    /// The time of the last event, in milliseconds since 1970.
    pub fn last_time(&self) -> u64 {
        self.last.max(0) as u64
    }

    /// Whether this stretch has the whole scene.
    pub fn is_told_in(&self, stretch: u64) -> bool {
        self.stretch == stretch
    }

    /// Whether another stretch has to begin, as the scene is told whole once more: with its documents, pages tell those of
    /// their own again then, which they would not in this one.
    pub fn needs_another_stretch(&self, scene: &Scene, stretch: u64) -> bool {
        if self.stretch != stretch {
            return self.last_stretch == stretch;
        }
        let is_worth_it = self.bytes_since > MIN_BYTES_BETWEEN.max(self.snapshot_bytes * SNAPSHOTS_BETWEEN);
        is_worth_it && scene.pages().is_empty()
    }

    /// Whether a move of the pointer at this time is told: not each is.
    pub fn takes_move(&mut self, told: Option<i64>) -> bool {
        let time = told.unwrap_or_else(|| millis(SystemTime::now()));
        let is_due = !(0..MOVE_INTERVAL_MS).contains(&(time - self.last_move));
        if is_due {
            self.last_move = time;
        }
        is_due
    }

    /// The time of the next events: not before those that were told, and not in the future.
    pub fn time(&mut self, told: Option<i64>, now: SystemTime) -> i64 {
        let now = millis(now);
        let time = told.map_or(now, |told| told.min(now));
        // A clock that was set back must not hold the time for long.
        let last = if self.last - now > 60_000 { 0 } else { self.last };
        self.last = time.max(last);
        self.last
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::model::event::WireEvent;
    use crate::model::privacy::MaskLevel;
    use crate::views::nodes::{NodeInfo, NodeKind};

    const NOW: i64 = 1_732_300_000_000;

    fn at(millis: i64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(millis as u64)
    }

    fn show(scene: &mut Scene, text: &str) -> Changes {
        let mut changes = Changes::default();
        let rectangle = [0.0, 0.0, 9.0, 9.0];
        let node = NodeInfo { id: 1, kind: NodeKind::Text as u32, text, rectangle, ..NodeInfo::default() };
        scene.show_nodes(1, &[node], MaskLevel::Light, &mut changes).unwrap();
        changes
    }

    /// The types of the events that are told, which are recorded in this stretch.
    fn tell(timeline: &mut Timeline, scene: &mut Scene, stretch: u64, changes: Changes) -> Vec<String> {
        let (mark, events) = timeline.document_events(scene, stretch, Some(changes), NOW);
        assert_eq!(
            mark.map(|mark| mark.is_of_page()),
            events.first().filter(|it| it.starts_with(r#"{"type":2"#)).map(|_| false)
        );
        timeline.reached(stretch, &events);
        for event in &events {
            WireEvent::parse(event.as_bytes()).unwrap_or_else(|error| panic!("{event}: {error}"));
        }
        events.iter().map(|event| event[8..9].to_owned()).collect()
    }

    #[test]
    fn each_stretch_begins_with_the_whole_and_goes_on_with_what_changes() {
        let (mut timeline, mut scene) = (Timeline::default(), Scene::default());
        assert!(tell(&mut timeline, &mut scene, 1, Changes::default()).is_empty(), "nothing is there");
        assert!(!timeline.is_told_in(1));
        let changes = show(&mut scene, "one");
        assert_eq!(tell(&mut timeline, &mut scene, 1, changes), ["2"]);
        assert!(tell(&mut timeline, &mut scene, 1, Changes::default()).is_empty());
        let changes = show(&mut scene, "two");
        assert_eq!(tell(&mut timeline, &mut scene, 1, changes), ["3"]);
        let changes = show(&mut scene, "three");
        assert_eq!(tell(&mut timeline, &mut scene, 2, changes), ["2"]);
        timeline.interrupt();
        assert_eq!(tell(&mut timeline, &mut scene, 2, Changes::default()), ["2"]);
        // What was told and not recorded is told again.
        timeline.document_events(&mut scene, 3, None, NOW);
        assert!(!timeline.is_told_in(3));
    }

    #[test]
    fn another_stretch_begins_where_the_whole_is_told_once_more() {
        let (mut timeline, mut scene) = (Timeline::default(), Scene::default());
        show(&mut scene, "one");
        assert!(!timeline.needs_another_stretch(&scene, 1), "the first");
        tell(&mut timeline, &mut scene, 1, Changes::default());
        assert!(!timeline.needs_another_stretch(&scene, 1), "it is there");
        timeline.reached(1, &["x".repeat(MIN_BYTES_BETWEEN + 1)]);
        assert!(timeline.needs_another_stretch(&scene, 1), "after many changes");
        assert!(!timeline.needs_another_stretch(&scene, 2), "there it is told whole anyway");
        scene.show_page(1, &mut Changes::default()).unwrap();
        assert!(!timeline.needs_another_stretch(&scene, 1), "a page would have to take its own");
        timeline.interrupt();
        assert!(
            timeline.needs_another_stretch(&scene, 1),
            "whatever the pages have in this one would be gone"
        );
        assert!(!timeline.needs_another_stretch(&scene, 2));
    }

    #[test]
    fn times_never_go_back_nor_into_the_future() {
        let mut timeline = Timeline::default();
        for (told, now, expected) in [
            (None, NOW, NOW),
            (Some(NOW - 5), NOW, NOW),
            (Some(NOW + 50), NOW + 10, NOW + 10),
            (Some(NOW + 12), NOW + 20, NOW + 12),
            (None, NOW - 1_000, NOW + 12),
            (None, NOW - 600_000, NOW - 600_000),
        ] {
            assert_eq!(timeline.time(told, at(now)), expected, "{told:?} {now}");
        }
    }

    #[test]
    fn moves_are_told_twenty_times_a_second() {
        let mut timeline = Timeline::default();
        let told = |time: &i64| timeline.takes_move(Some(*time));
        let moves: Vec<i64> = (0..200).step_by(10).map(|after| NOW + after).collect();
        assert_eq!(moves.into_iter().filter(told).collect::<Vec<_>>(), [NOW, NOW + 50, NOW + 100, NOW + 150]);
        assert!(timeline.takes_move(Some(NOW - 10_000)), "a clock that was set back");
    }
}
