//! The events of a scene, in their order: when something is told whole, and at which time.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::changes::Changes;
use super::pointer::MOVE_INTERVAL_MS;
use super::scene::Scene;

/// So many bytes of changes, and so many times the last full snapshot, make another worth its bytes: a player that seeks
/// begins at the last one before.
const MIN_BYTES_BETWEEN: usize = 1 << 20;
const SNAPSHOTS_BETWEEN: usize = 8;

/// How far the scene is told.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// The stretch of the recording that has the whole document; 0: none.
    stretch: u64,
    /// The time of the last event.
    last: i64,
    last_move: i64,
    snapshot_bytes: usize,
    bytes_since: usize,
}

impl Timeline {
    /// The events that say what changed, or all of the scene. `told` is the time that the host says.
    pub fn next_events(
        &mut self,
        scene: &mut Scene,
        stretch: u64,
        changes: Option<Changes>,
        told: Option<i64>,
        now: SystemTime,
    ) -> Vec<String> {
        let time = self.time(told, now);
        let changes = changes.filter(|_| self.stretch == stretch);
        match changes {
            Some(changes) => {
                let data = changes.into_events();
                data.iter().map(|(kind, data)| event(*kind, time, data)).collect()
            }
            None if scene.is_empty() => Vec::new(),
            None => {
                // Until all of it is recorded, the scene is told in no stretch.
                self.interrupt();
                let [width, height] = scene.size();
                let meta = json!({"href": "app://scene", "width": width, "height": height});
                let data = json!({"node": scene.document(), "initialOffset": {"left": 0, "top": 0}});
                vec![event(4, time, &meta), event(2, time, &data)]
            }
        }
    }

    /// These events of [`Self::next_events`] are recorded in this stretch.
    pub fn reached(&mut self, stretch: u64, events: &[String]) {
        let bytes = events.iter().map(String::len).sum();
        if self.stretch == stretch {
            self.bytes_since += bytes;
        } else if bytes > 0 {
            (self.stretch, self.snapshot_bytes, self.bytes_since) = (stretch, bytes, 0);
        }
    }

    /// What was told is of no use for what is told next.
    pub fn interrupt(&mut self) {
        self.stretch = 0;
    }

    /// The time of the last event, in milliseconds since 1970.
    pub fn last_time(&self) -> u64 {
        self.last.max(0) as u64
    }

    /// Whether this stretch has the whole scene.
    pub fn is_told_in(&self, stretch: u64) -> bool {
        self.stretch == stretch
    }

    /// Whether the scene is to be told whole again, although it is told in this stretch.
    pub fn needs_full_snapshot(&self, scene: &Scene, stretch: u64) -> bool {
        let is_worth_it = self.bytes_since > MIN_BYTES_BETWEEN.max(self.snapshot_bytes * SNAPSHOTS_BETWEEN);
        // Each page would have to tell its document again, too.
        let is_needed = || scene.needs_full_snapshot() || (is_worth_it && scene.pages().next().is_none());
        self.stretch == stretch && is_needed()
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

fn millis(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

fn event(kind: u8, time: i64, data: &Value) -> String {
    format!(r#"{{"type":{kind},"timestamp":{time},"data":{data}}}"#)
}
