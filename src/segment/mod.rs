//! Segment's events: which device and session they name, and what is added to them.
//!
//! - [`event`]: reading an event as far as it concerns a replay
//! - [`session_id`]: what counts as a session id in it
//! - [`getter`]: the analytics library's own session and device
//! - [`properties`]: what links an event to its replay
//! - [`enrich`]: adding the properties and the session to an event
//! - [`targeting`]: what an event tells for targeting
//! - [`edit`]: changing a JSON text, every other byte as it was
//!
//! Three integrations, told apart by who decides which session is current:
//!
//! | mode | who decides |
//! | --- | --- |
//! | `actions` | Segment's Amplitude (Actions) destination: its session id comes with the events |
//! | `classic-device` | the Amplitude library beside Segment: the host's getter gives its session id at each event |
//! | `classic-cloud` | session replay: it adds its session id to every event |
//!
//! Which session takes the place of which, and what an event is enriched with, are rules of [`crate::session`].

mod edit;
mod enrich;
mod event;
mod getter;
pub(crate) mod properties;
mod session_id;
mod targeting;

use std::borrow::Cow;
use std::time::SystemTime;

use serde_json::{Map, Value};

use crate::log::Log;
use crate::model::ids::{DeviceId, SessionId};
use crate::options::SegmentMode;
use crate::session::analytics_event::{AnalyticsEvent, SessionSource};
use crate::session::targeting::TargetingContext;
pub(crate) use event::SegmentEvent;
use getter::Getters;
pub use getter::{DeviceGetter, SessionGetter};
pub(crate) use getter::{GetterCall, GetterIds, call_getters};

/// The integration that is in use.
pub(crate) struct Segment {
    pub mode: SegmentMode,
    pub getters: Getters,
}

impl Segment {
    pub fn new(mode: SegmentMode) -> Self {
        Self { mode, getters: Getters::default() }
    }

    /// The call of the session getter that has to be made before an event is read, if any.
    pub fn session_getter_call(&self) -> Option<GetterCall<SessionGetter>> {
        self.has_getters().then(|| self.getters.session_call()).flatten()
    }

    /// The same for the device.
    pub fn device_getter_call(&self) -> Option<GetterCall<DeviceGetter>> {
        self.has_getters().then(|| self.getters.device_call()).flatten()
    }

    fn has_getters(&self) -> bool {
        self.mode == SegmentMode::ClassicDevice
    }

    /// The device and session that the event names; or, in `classic-device`, those of the getters, which were called
    /// before.
    pub fn analytics_event(&self, event: &SegmentEvent, ids: GetterIds, log: &Log) -> AnalyticsEvent {
        let (session, session_source) = match self.mode {
            SegmentMode::Actions => (event.session_of("Actions Amplitude", log), SessionSource::Analytics),
            SegmentMode::ClassicDevice => (ids.session, SessionSource::Analytics),
            // It is not followed. But an event of another session must not get this one's replay.
            SegmentMode::ClassicCloud => (event.session_of("Amplitude", log), SessionSource::SessionReplay),
        };
        let device_of_getter = ids.device.filter(|_| self.has_getters());
        let device = device_of_getter.unwrap_or_else(|| Some(DeviceId::from_text(&event.device()?)));
        AnalyticsEvent { device, session, session_source }
    }

    /// The same, where the caller knows both ids: a session of 0 or less and `None` say that there is none.
    pub fn analytics_event_with(&self, session: i64, device: Option<&str>) -> AnalyticsEvent {
        let session = session_id::from_millis(session);
        let session_source = match (self.mode, &session) {
            (SegmentMode::ClassicCloud, None) => SessionSource::SessionReplay,
            _ => SessionSource::Analytics,
        };
        AnalyticsEvent { device: device.map(DeviceId::from_text), session, session_source }
    }

    /// What the event tells for targeting.
    pub fn targeting_context(&self, event: &SegmentEvent) -> TargetingContext {
        targeting::context(event, self.mode, SystemTime::now())
    }

    /// The event as it has to be sent: with the properties of its replay, and with the current session, where session
    /// replay decides which that is.
    pub fn enrich<'a>(
        &self,
        event: &SegmentEvent<'a>,
        properties: &Map<String, Value>,
        current: Option<&SessionId>,
    ) -> Cow<'a, str> {
        let own_session = current.filter(|_| self.mode == SegmentMode::ClassicCloud);
        enrich::enrich(event, properties, own_session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session_in(event: &str) -> Option<i64> {
        let event = SegmentEvent::parse(event).unwrap();
        let segment = Segment::new(SegmentMode::Actions);
        segment.analytics_event(&event, GetterIds::default(), &Log::default()).session?.as_millis()
    }

    #[test]
    fn reads_the_session_id_of_the_actions_destination_only() {
        let with = |id: &str| format!(r#"{{"integrations":{{"Actions Amplitude":{{"session_id":{id}}}}}}}"#);
        assert_eq!(session_in(&with("1732300000000")), Some(1_732_300_000_000));
        assert_eq!(session_in(&with("\"1732300000000\"")), Some(1_732_300_000_000));
        assert_eq!(session_in(&with("\"abc\"")), None);
        assert_eq!(session_in(&with("{}")), None);
        assert_eq!(session_in(r#"{"integrations":{"Actions Amplitude":false}}"#), None);
        assert_eq!(session_in(r#"{"integrations":{"Actions Amplitude":true}}"#), None);
        assert_eq!(session_in(r#"{"integrations":{"All":false}}"#), None);
        assert_eq!(session_in(r#"{"integrations":{"Amplitude":{"session_id":1}}}"#), None);
        assert_eq!(session_in(r#"{"integrations":null}"#), None);
        assert_eq!(session_in(r#"{"integrations":[]}"#), None);
    }
}
