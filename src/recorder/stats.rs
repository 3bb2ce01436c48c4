//! What `sr_stats` tells: the counters, and what session, queue and storage know.

use std::time::Duration;

use super::SessionReplay;
use crate::stats::{AWAITS_REMOTE_CONFIG, CAPTURING, StatsContext};

impl SessionReplay {
    /// The advice for a host that records no events; the first may take a moment.
    fn nothing_recorded(&self, events: u64) -> Option<String> {
        const PATIENCE: Duration = Duration::from_secs(10);
        (events == 0 && self.opened.elapsed() >= PATIENCE).then(|| {
            "nothing was recorded yet: give the page's messages to sr_record_lines, or events to sr_record; in a web view \
             sessionReplayRecorder.status() says what is wrong"
                .to_owned()
        })
    }

    /// Statistics of this recording: see `sr_stats`.
    pub fn stats(&self) -> serde_json::Value {
        let totals = self.context.sessions.totals();
        let (state, advice) = match self.context.sessions.is_captured() {
            None => (AWAITS_REMOTE_CONFIG, None),
            Some(Ok(())) => {
                (CAPTURING, self.page.advice().or_else(|| self.nothing_recorded(totals.recorded.events)))
            }
            Some(Err(reason)) => (reason.as_str(), Some(reason.advice().to_owned())),
        };
        self.context.stats.to_json(StatsContext {
            state,
            advice,
            targeting: self.context.sessions.targeting().map(|told| (told.is_matched, told.rule)),
            session_replay_id: self.context.sessions.replay_id().map(|id| id.to_string()),
            recorded_events: totals.recorded.events,
            recorded_bytes: totals.recorded.bytes,
            waiting_events: totals.waiting_events,
            evicted_events: totals.evicted,
            deleted_events: totals.deleted,
            held: totals.held,
            waiting_batches: self.context.queue.len() as u64,
            waiting_frames: self.frames.waiting(),
            stored_bytes: self.context.storage.used_bytes(),
            storage: if self.context.storage.is_on_disk() { "disk" } else { "memory" },
            storage_problem: self.context.storage.problem(),
        })
    }
}
