//! What is added to an event for Segment; every other byte of it stays as it is.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::edit::Edits;
use super::event::SegmentEvent;
use crate::model::ids::SessionId;
use crate::model::json::members;

/// The event with these properties, where it is a kind of event that has properties; and with this session, if one is given.
pub(super) fn enrich<'a>(
    event: &SegmentEvent<'a>,
    properties: &Map<String, Value>,
    session: Option<&SessionId>,
) -> Cow<'a, str> {
    let mut edits = Edits::of(event.text);
    if event.has_properties && !properties.is_empty() {
        add_properties(&mut edits, event, properties);
    }
    if let Some(session) = session.and_then(SessionId::as_millis) {
        add_session(&mut edits, event, session);
    }
    edits.apply()
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
    use crate::options::SegmentMode;
    use crate::segment::Segment;

    const ID: &str = "[Amplitude] Session Replay ID";

    fn enriched_in(mode: SegmentMode, event: &str) -> String {
        let event = SegmentEvent::parse(event).unwrap();
        let properties = Map::from_iter([(ID.to_owned(), "d/7".into())]);
        let session = SessionId::from_millis(7).unwrap();
        Segment::new(mode).enrich(&event, &properties, Some(&session)).into_owned()
    }

    fn enriched(event: &str) -> String {
        enriched_in(SegmentMode::Actions, event)
    }

    fn in_cloud(event: &str) -> String {
        enriched_in(SegmentMode::ClassicCloud, event)
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
