//! What an event for Segment tells for targeting: as the event that Segment makes of it for Amplitude.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::event::SegmentEvent;
use crate::model::ids::unix_millis;
use crate::model::json::{lenient, members, text};
use crate::options::SegmentMode;
use crate::session::targeting::TargetingContext;

/// Segment takes no larger event.
const MAX_EVENT_BYTES: usize = 32 << 10;

/// What the event tells. One that is larger than Segment takes tells nothing.
pub(super) fn context(event: &SegmentEvent, mode: SegmentMode, now: SystemTime) -> TargetingContext {
    if event.object.len() > MAX_EVENT_BYTES {
        return TargetingContext::default();
    }
    TargetingContext {
        event: event_type(event, mode).map(|event_type| amplitude_event(event, event_type, now)),
        user_properties: traits(event),
        page_url: page_url(event),
        ..TargetingContext::default()
    }
}

fn amplitude_event(event: &SegmentEvent, event_type: String, now: SystemTime) -> Map<String, Value> {
    let properties = event.properties.map(lenient::value).filter(Value::is_object);
    let properties = properties.unwrap_or_else(|| json!({}));
    Map::from_iter([
        ("event_type".to_owned(), event_type.into()),
        ("event_properties".to_owned(), properties),
        // It is on its way: its own timestamp is a few milliseconds older.
        ("time".to_owned(), unix_millis(now).into()),
    ])
}

/// The type that the event has in Amplitude, by the mappings that Segment's destinations come with; `None`: it is no event
/// there.
fn event_type(event: &SegmentEvent, mode: SegmentMode) -> Option<String> {
    if !event.has_properties {
        return None;
    }
    let [kind, event, name, category] =
        members(event.object, ["type", "event", "name", "category"]).ok()?.map(|it| it.and_then(text));
    if let Some(event) = event {
        return Some(event.into_owned());
    }
    // Segment refuses one without a name; bindings/node asks with one for nothing but the replay.
    if kind.as_deref() == Some("track") {
        return None;
    }
    let name = name.as_deref().unwrap_or_default();
    if mode == SegmentMode::Actions {
        return Some(format!("Viewed {name}"));
    }
    let page = if kind.as_deref() == Some("screen") { "Screen" } else { "Page" };
    let full_name = [category.as_deref().unwrap_or_default(), name].join(" ");
    Some(match full_name.trim() {
        "" => format!("Loaded a {page}"),
        full_name => format!("Viewed {full_name} {page}"),
    })
}

/// User properties: what `identify` says of the user.
fn traits(event: &SegmentEvent) -> Map<String, Value> {
    let Ok([kind, traits]) = members(event.object, ["type", "traits"]) else { return Map::new() };
    let is_identify =
        kind.is_none_or(|kind| text(kind).as_deref() == Some("identify")) && !event.has_properties;
    let is_group = kind.is_none() && matches!(members(event.object, ["groupId"]), Ok([Some(_)]));
    match traits.filter(|_| is_identify && !is_group).map(lenient::value) {
        Some(Value::Object(traits)) => traits,
        _ => Map::new(),
    }
}

/// The address of the page that the event happened in: `context.page.url`.
fn page_url(event: &SegmentEvent) -> Option<String> {
    let [page] = members(event.context()?, ["page"]).ok()?;
    let [url] = members(page?, ["url"]).ok()?;
    Some(text(url?)?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(mode: SegmentMode, event: Value) -> TargetingContext {
        let event = event.to_string();
        context(&SegmentEvent::parse(&event).unwrap(), mode, SystemTime::now())
    }

    #[test]
    fn an_event_has_the_type_that_it_has_in_amplitude() {
        use SegmentMode::{Actions, ClassicCloud, ClassicDevice};
        for (mode, event, expected) in [
            (Actions, json!({ "type": "track", "event": "Bought" }), Some("Bought")),
            (Actions, json!({ "event": "Bought" }), Some("Bought")),
            (Actions, json!({ "type": "track" }), None),
            (ClassicCloud, json!({ "type": "track", "name": "Home" }), None),
            (Actions, json!({ "type": "page", "name": "Home", "category": "Shop" }), Some("Viewed Home")),
            (Actions, json!({ "type": "screen", "name": "Home" }), Some("Viewed Home")),
            (ClassicDevice, json!({ "type": "page", "name": "Home" }), Some("Viewed Home Page")),
            (
                ClassicCloud,
                json!({ "type": "screen", "name": "Home", "category": "Shop" }),
                Some("Viewed Shop Home Screen"),
            ),
            (ClassicCloud, json!({ "type": "page" }), Some("Loaded a Page")),
            (Actions, json!({ "type": "identify", "traits": {} }), None),
            (Actions, json!({ "type": "group", "event": "x" }), None),
            (Actions, json!({ "type": "alias" }), None),
            (Actions, json!({}), None),
        ] {
            let row = format!("{mode:?} {event}");
            let event = told(mode, event).event;
            assert_eq!(event.as_ref().map(|event| event["event_type"].as_str().unwrap()), expected, "{row}");
            assert!(event.is_none_or(|event| event["time"].as_u64().unwrap() > 1_700_000_000_000), "{row}");
        }
    }

    #[test]
    fn properties_traits_and_the_address_are_told() {
        let event = json!({
            "type": "track", "event": "Bought", "properties": { "price": 3 }, "traits": { "plan": "paid" },
            "context": { "page": { "url": "https://shop.example/cart" } },
        });
        let track = told(SegmentMode::Actions, event);
        assert_eq!(track.event.unwrap()["event_properties"], json!({ "price": 3 }));
        assert_eq!(track.page_url.as_deref(), Some("https://shop.example/cart"));
        assert_eq!(track.user_properties, Map::new(), "those of a track are none of the user");
        for (event, expected) in [
            (json!({ "type": "identify", "traits": { "plan": "paid" } }), json!({ "plan": "paid" })),
            (json!({ "userId": "u", "traits": { "plan": "paid" } }), json!({ "plan": "paid" })),
            (json!({ "type": "identify", "traits": [1] }), json!({})),
            (json!({ "type": "group", "traits": { "plan": "paid" } }), json!({})),
            (json!({ "groupId": "g", "traits": { "plan": "paid" } }), json!({})),
        ] {
            let row = event.to_string();
            assert_eq!(Value::Object(told(SegmentMode::Actions, event).user_properties), expected, "{row}");
        }
    }

    #[test]
    fn one_that_segment_would_not_take_tells_nothing() {
        let event =
            json!({ "type": "track", "event": "Bought", "properties": { "a": "x".repeat(MAX_EVENT_BYTES) } });
        assert!(told(SegmentMode::Actions, event).is_empty());
    }
}
