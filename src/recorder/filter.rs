//! What the host's filter leaves of what is recorded.

use std::time::SystemTime;

use super::SessionReplay;
use crate::error::Error;
use crate::filter::Filtered;
use crate::model::event::{FULL_SNAPSHOT, kind_of};
use crate::session::Outcome;
use crate::views::Beside;

impl SessionReplay {
    /// The filter of the host has been changed: whoever records from now on meets it.
    pub(crate) fn meet_filter(&self) {
        self.context.sessions.meet_filter();
    }

    /// Records what the filter leaves of an event: of the page in this view, if any.
    pub(super) fn record_filtered(
        &self,
        of: Filtered,
        event: &[u8],
        view: Option<u64>,
        record: impl FnOnce(&[u8]) -> Result<Outcome, Error>,
    ) -> Result<Outcome, Error> {
        if !self.filter.is_set() {
            return record(event);
        }
        // Nothing would be stored, so the filter is not called; nor is anything stored that it did not see, should capturing
        // begin in this moment.
        if !self.is_capturing() {
            self.context.stats.not_captured.add(1);
            return Ok(Outcome::NotCaptured);
        }
        // Of the user's action, whatever the filter leaves of it: who does something is not idle.
        match of {
            Filtered::Event => _ = self.context.sessions.note_event(event),
            Filtered::Interaction => _ = self.context.sessions.note_action(),
        }
        if let Some(event) = self.filter.apply(of, event)? {
            return record(&event);
        }
        self.context.stats.filtered.add(1);
        if of == Filtered::Event && kind_of(event) == Some(FULL_SNAPSHOT) {
            self.note_dropped_snapshot(view);
        }
        Ok(Outcome::Dropped)
    }

    /// Records what is told beside the scene.
    pub(super) fn record_beside(&self, beside: Beside) -> Result<Outcome, Error> {
        if !self.filter.is_set() {
            return self.views.record_beside(beside);
        }
        let event = beside.to_event(SystemTime::now());
        self.record_filtered(Filtered::Event, event.as_bytes(), None, |event| {
            let left = beside.with_data_of(event);
            self.views
                .record_beside(left.ok_or_else(|| Error::InvalidJson("the event has no data".to_owned()))?)
        })
    }

    fn note_dropped_snapshot(&self, view: Option<u64>) {
        if let Some(view) = view {
            self.views.note_dropped_document(view);
        }
        self.context.sessions.note_dropped_snapshot();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::log::Log;
    use crate::options::Options;

    #[test]
    fn who_does_what_the_filter_drops_is_not_idle() {
        let options = r#"{"enableRemoteConfig":false,"sampleRate":1,"deviceId":"d","sessionId":1,"idleTimeoutMs":3000,
            "interactionConfig":{"enabled":true}}"#;
        let replay =
            SessionReplay::start("key", Options::from_json(options).unwrap(), Log::default().into()).unwrap();
        replay.filter.set(Some(Arc::new(|_| false)));
        replay.meet_filter();
        let moved = br#"{"type":3,"timestamp":1,"data":{"source":1,"positions":[]}}"#;
        let click = r#"{"type":"click","x":1,"y":2,"viewportWidth":10,"viewportHeight":10,"pageUrl":"app://x","timestamp":1}"#;
        type Act<'a> = &'a dyn Fn() -> Result<Outcome, Error>;
        let acts: [(&str, Act); 2] =
            [("an event", &|| replay.record(moved)), ("a click", &|| replay.record_interaction(click))];
        for (name, act) in acts {
            while !replay.context.sessions.is_idle() {
                std::thread::sleep(Duration::from_millis(10));
            }
            assert_eq!(act().unwrap(), Outcome::Dropped, "{name}");
            assert!(!replay.context.sessions.is_idle(), "{name}");
        }
    }
}
