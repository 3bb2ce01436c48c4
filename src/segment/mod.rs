//! Segment's events: which session they tell of, and what they have to carry.
//!
//! - [`event`]: reading an event as far as it concerns a replay
//! - [`session_id`]: what counts as a session id in it
//! - [`getter`]: the analytics library's own session and device
//! - [`properties`]: what links an event to its replay
//! - [`edit`]: adding to an event, every other byte as it was
//!
//! Three integrations, told apart by who owns the session id:
//!
//! | mode | owner of the session id |
//! | --- | --- |
//! | `actions` | Segment's Amplitude (Actions) destination: it comes with the events |
//! | `classic-device` | the Amplitude library beside Segment: it is asked at each event |
//! | `classic-cloud` | session replay: every event is given it |
//!
//! Which session gives way to which, and what an event is given, are rules of [`crate::session`].

mod edit;
mod event;
mod getter;
pub(crate) mod properties;
mod session_id;

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::log::Log;
use crate::model::ids::{DeviceId, SessionId};
use crate::model::json::members;
use crate::options::{LogLevel, SegmentMode};
use crate::session::analytics_event::{Facts, SessionOwner};
use edit::Edits;
pub(crate) use event::SegmentEvent;
use getter::Getters;
pub(crate) use getter::{Answers, Question, ask};
pub use getter::{DeviceGetter, SessionGetter};

/// The integration that is in use.
pub(crate) struct Segment {
    pub mode: SegmentMode,
    pub getters: Getters,
}

impl Segment {
    pub fn new(mode: SegmentMode) -> Self {
        Self { mode, getters: Getters::default() }
    }

    /// What is to be asked of the host before an event is looked at.
    pub fn session_question(&self) -> Option<Question<SessionGetter>> {
        self.asks().then(|| self.getters.session_question()).flatten()
    }

    /// The same for the device.
    pub fn device_question(&self) -> Option<Question<DeviceGetter>> {
        self.asks().then(|| self.getters.device_question()).flatten()
    }

    fn asks(&self) -> bool {
        self.mode == SegmentMode::ClassicDevice
    }

    /// What the event tells when it is sent, or the analytics library in its place, which was asked first; and what is wrong with its device.
    pub fn facts_of(&self, event: &SegmentEvent, answers: Answers, log: &Log) -> (Facts, Option<String>) {
        let (session, owner) = match self.mode {
            SegmentMode::Actions => (session_in(event, "Actions Amplitude", log), SessionOwner::Analytics),
            SegmentMode::ClassicDevice => (answers.session, SessionOwner::Analytics),
            // Not ours to follow, but an event of another session is not to name this one's replay.
            SegmentMode::ClassicCloud => (session_in(event, "Amplitude", log), SessionOwner::Ourselves),
        };
        let device = match self.mode {
            SegmentMode::ClassicDevice => answers.device.map(|device| device.map(Cow::from)),
            SegmentMode::Actions | SegmentMode::ClassicCloud => None,
        };
        let (device, problem) = usable(device.unwrap_or_else(|| event.device()));
        (Facts { device, session, owner }, problem)
    }

    /// The same, where the caller knows what the analytics are in: 0 or less and `None` say that there is none.
    pub fn facts_given(&self, session: i64, device: Option<&str>) -> (Facts, Option<String>) {
        let session = session_id::told(session);
        let owner = match (self.mode, &session) {
            (SegmentMode::ClassicCloud, None) => SessionOwner::Ourselves,
            _ => SessionOwner::Analytics,
        };
        let (device, problem) = usable(device.map(Cow::from));
        (Facts { device, session, owner }, problem)
    }

    /// The event as it has to be sent: with the properties of the replay, where it is an event that has
    /// properties; and with the session id, where it is ours to give.
    pub fn complete<'a>(
        &self,
        event: &SegmentEvent<'a>,
        properties: &Map<String, Value>,
        session: Option<&SessionId>,
    ) -> Cow<'a, str> {
        let mut edits = Edits::of(event.text);
        if event.has_properties && !properties.is_empty() {
            add_properties(&mut edits, event, properties);
        }
        if self.mode == SegmentMode::ClassicCloud
            && let Some(session) = session.and_then(SessionId::as_millis)
        {
            add_session(&mut edits, event, session);
        }
        edits.apply()
    }
}

/// `session_id` of a destination in `integrations`. One that is switched off (`false`) tells of none.
fn session_in(event: &SegmentEvent, destination: &str, log: &Log) -> Option<i64> {
    let [options] = members(event.integrations?, [destination]).ok()?;
    let [session] = members(options?, ["session_id"]).ok()?;
    session_id::read(session?).unwrap_or_else(|_| {
        log.write(LogLevel::Warn, || {
            let shown = session_id::shown(session.unwrap_or_default());
            format!(
                "a session_id in an event for Segment is ignored: it is {shown}, not milliseconds since 1970"
            )
        });
        None
    })
}

/// The device id, if it can be one, or else what is wrong with it.
fn usable(device: Option<Cow<str>>) -> (Option<DeviceId>, Option<String>) {
    match device.map(|device| DeviceId::from_text(&device)) {
        None => (None, None),
        Some(Ok(device)) => (Some(device), None),
        Some(Err(error)) => (None, Some(error.to_string())),
    }
}

/// A property of the same name that the event has already wins, as in Amplitude's own plugin for Segment.
fn add_properties(edits: &mut Edits, event: &SegmentEvent, properties: &Map<String, Value>) {
    match event.properties {
        None => edits.add(event.object, "properties", Value::from(properties.clone())),
        Some(nothing @ "null") => edits.replace(nothing, Value::from(properties.clone())),
        Some(present) => {
            for (name, value) in properties {
                if matches!(members(present, [name]), Ok([None])) {
                    edits.add(present, name, value.clone());
                }
            }
        }
    }
}

/// `integrations.Amplitude.session_id`, unless the event has one, or is not to go to Amplitude.
fn add_session(edits: &mut Edits, event: &SegmentEvent, session: i64) {
    let options = serde_json::json!({ "session_id": session });
    let integrations = match event.integrations {
        None => return edits.add(event.object, "integrations", serde_json::json!({ "Amplitude": options })),
        Some(nothing @ "null") => {
            return edits.replace(nothing, serde_json::json!({ "Amplitude": options }));
        }
        Some(integrations) => integrations,
    };
    let Ok([amplitude, all]) = members(integrations, ["Amplitude", "All"]) else { return };
    match amplitude {
        // Given options, the destination would be switched on.
        None if all == Some("false") => {}
        None => edits.add(integrations, "Amplitude", options),
        Some(on @ "true") => edits.replace(on, options),
        Some(present) => {
            if matches!(members(present, ["session_id"]), Ok([None])) {
                edits.add(present, "session_id", session.into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "[Amplitude] Session Replay ID";

    fn complete(mode: SegmentMode, event: &str) -> String {
        let event = SegmentEvent::parse(event).unwrap();
        let properties = Map::from_iter([(ID.to_owned(), "d/7".into())]);
        let session = SessionId::from_millis(7).unwrap();
        Segment::new(mode).complete(&event, &properties, Some(&session)).into_owned()
    }

    fn enriched(event: &str) -> String {
        complete(SegmentMode::Actions, event)
    }

    fn in_cloud(event: &str) -> String {
        complete(SegmentMode::ClassicCloud, event)
    }

    fn facts(mode: SegmentMode, event: &str) -> Facts {
        let event = SegmentEvent::parse(event).unwrap();
        Segment::new(mode).facts_of(&event, Answers::default(), &Log::default()).0
    }

    fn told(event: &str) -> Option<i64> {
        facts(SegmentMode::Actions, event).session
    }

    #[test]
    fn adds_the_replay_id_and_leaves_every_other_byte() {
        assert_eq!(
            enriched(r#" { "type" : "track" , "properties":{ "b":1.0, "a":[ 1E2 ] } ,"x":"\ud800"} "#),
            r#" { "type" : "track" , "properties":{ "b":1.0, "a":[ 1E2 ] ,"[Amplitude] Session Replay ID":"d/7"} ,"x":"\ud800"} "#
        );
        assert_eq!(
            enriched(r#"{"type":"page","properties":{ }}"#),
            r#"{"type":"page","properties":{ "[Amplitude] Session Replay ID":"d/7"}}"#
        );
        let whole = r#"{"type":"screen","properties":{"[Amplitude] Session Replay ID":"d/7"}}"#;
        assert_eq!(enriched(r#"{"type":"screen"}"#), whole);
        assert_eq!(enriched(r#"{"type":"screen","properties":null}"#), whole);
        assert_eq!(
            enriched(r#"{"properties":{"a":1},"type":"track","properties":{"a":2}}"#),
            r#"{"properties":{"a":1},"type":"track","properties":{"a":2,"[Amplitude] Session Replay ID":"d/7"}}"#,
            "the last of two counts"
        );
    }

    #[test]
    fn the_bodies_of_segments_endpoints_have_no_type() {
        assert!(enriched(r#"{"event":"Bought","userId":"u"}"#).contains(ID));
        assert!(enriched(r#"{"name":"Home","userId":"u"}"#).contains(ID));
        assert!(!enriched(r#"{"traits":{"name":"Ann"},"userId":"u"}"#).contains(ID));
        assert!(!enriched(r#"{"groupId":"g","userId":"u"}"#).contains(ID));
    }

    #[test]
    fn a_property_of_the_event_wins() {
        for event in [
            r#"{"type":"track","properties":{"[Amplitude] Session Replay ID":"mine/1"}}"#,
            r#"{"type":"track","properties":{"\u005bAmplitude] Session Replay ID":null}}"#,
        ] {
            assert_eq!(enriched(event), event);
        }
    }

    #[test]
    fn other_events_pass_as_they_are() {
        for event in [
            r#"{"type":"identify","traits":{}}"#,
            r#"{"type":"group"}"#,
            r#"{"type":"alias","properties":{}}"#,
            r#"{"type":"Track"}"#,
            r#"{"type":7,"event":"x"}"#,
            r#"{"type":"\ud800"}"#,
            r#"{"type":"track","properties":[1]}"#,
            r#"{"type":"track","properties":"text"}"#,
            " {} ",
        ] {
            assert_eq!(enriched(event), event);
        }
    }

    #[test]
    fn reads_the_session_id_of_the_actions_destination_only() {
        let with = |id: &str| format!(r#"{{"integrations":{{"Actions Amplitude":{{"session_id":{id}}}}}}}"#);
        assert_eq!(told(&with("1732300000000")), Some(1_732_300_000_000));
        assert_eq!(told(&with("\"1732300000000\"")), Some(1_732_300_000_000));
        assert_eq!(told(&with("\"abc\"")), None);
        assert_eq!(told(&with("{}")), None);
        assert_eq!(told(r#"{"integrations":{"Actions Amplitude":false}}"#), None);
        assert_eq!(told(r#"{"integrations":{"Actions Amplitude":true}}"#), None);
        assert_eq!(told(r#"{"integrations":{"All":false}}"#), None);
        assert_eq!(told(r#"{"integrations":{"Amplitude":{"session_id":1}}}"#), None);
        assert_eq!(told(r#"{"integrations":null}"#), None);
        assert_eq!(told(r#"{"integrations":[]}"#), None);
    }

    #[test]
    fn every_event_is_given_the_session_in_cloud_mode() {
        assert_eq!(in_cloud("{}"), r#"{"integrations":{"Amplitude":{"session_id":7}}}"#);
        assert_eq!(
            in_cloud(r#"{"type":"identify","integrations":null}"#),
            r#"{"type":"identify","integrations":{"Amplitude":{"session_id":7}}}"#
        );
        assert_eq!(
            in_cloud(r#"{"integrations":{"All":false,"Amplitude":true}}"#),
            r#"{"integrations":{"All":false,"Amplitude":{"session_id":7}}}"#
        );
        assert_eq!(
            in_cloud(r#"{"integrations":{"Amplitude":{"a":1}}}"#),
            r#"{"integrations":{"Amplitude":{"a":1,"session_id":7}}}"#
        );
        assert_eq!(
            in_cloud(r#"{"type":"track"}"#),
            r#"{"type":"track","properties":{"[Amplitude] Session Replay ID":"d/7"},"integrations":{"Amplitude":{"session_id":7}}}"#
        );
    }

    #[test]
    fn cloud_mode_switches_no_destination_on_and_changes_no_session_id() {
        for event in [
            r#"{"integrations":{"Amplitude":false}}"#,
            r#"{"integrations":{"All":false}}"#,
            r#"{"integrations":{"Amplitude":{"session_id":1}}}"#,
            r#"{"integrations":{"Amplitude":"x"}}"#,
            r#"{"integrations":7}"#,
        ] {
            assert_eq!(in_cloud(event), event);
        }
    }
}
