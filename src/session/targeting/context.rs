//! What a host or an event of the analytics tells for targeting, read from JSON.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::model::json::lenient;

/// Bytes of what is told at once: an analytics event is much smaller.
pub(super) const MAX_CONTEXT_BYTES: usize = 256 << 10;

/// Levels of what is told at once: no event has so many.
const MAX_DEPTH: usize = 128;

/// The members of an `$identify` event of Amplitude's that give user properties, as its browser plugin reads them.
const SETTING_OPERATIONS: [&str; 6] = ["$set", "$setOnce", "$add", "$append", "$prepend", "$postInsert"];

/// Event types that Amplitude sends by itself: no rule is about them.
const SPECIAL_EVENT_TYPES: [&str; 3] = ["$identify", "$groupidentify", "revenue_amount"];

/// What is told at once. What is absent is as it was told before.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct TargetingContext {
    /// An analytics event: `event_type`, `event_properties`, `time`.
    pub event: Option<Map<String, Value>>,
    /// User properties that are new or have changed.
    pub user_properties: Map<String, Value>,
    /// User properties that are gone.
    pub unset: Unset,
    /// The address of the page that is shown.
    pub page_url: Option<String>,
}

/// Which user properties are gone.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) enum Unset {
    #[default]
    None,
    These(Vec<String>),
    All,
}

impl TargetingContext {
    /// Of the JSON that `sr_evaluate_targeting` takes. A value in it that no Rust string or number can hold counts as absent,
    /// and so does what lies deeper than rules look.
    pub fn parse(json: &str) -> Result<Self, Error> {
        if json.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        if json.len() > MAX_CONTEXT_BYTES {
            return Err(Error::InvalidArgument(format!(
                "the targeting context has {} bytes, the limit is {MAX_CONTEXT_BYTES}: leave out what no rule asks for",
                json.len()
            )));
        }
        if is_nested_deeper(json, MAX_DEPTH) {
            return Err(Error::InvalidArgument(format!(
                "the targeting context is nested deeper than {MAX_DEPTH} levels: leave out what no rule asks for"
            )));
        }
        let whole: &RawValue = serde_json::from_str(json)
            .map_err(|error| Error::InvalidJson(format!("the targeting context is not JSON: {error}")))?;
        let Value::Object(members) = lenient::value(whole.get()) else {
            return Err(Error::InvalidArgument(
                r#"the targeting context is not an object: pass {"event": …, "userProperties": …, "page": {"url": …}}"#
                    .to_owned(),
            ));
        };
        let mut context = Self::default();
        for (key, value) in members {
            context.set(&key, value)?;
        }
        Ok(context)
    }

    fn set(&mut self, key: &str, value: Value) -> Result<(), Error> {
        match (key, value) {
            ("event" | "userProperties" | "page", Value::Null) => {}
            ("event", Value::Object(event)) => {
                check_event(&event)?;
                self.set_event(event);
            }
            // What the host names itself counts more than what an event does.
            ("userProperties", Value::Object(properties)) => self.user_properties.extend(properties),
            ("page", Value::Object(mut page)) => match page.remove("url") {
                None | Some(Value::Null) => {}
                Some(Value::String(url)) => self.page_url = Some(url),
                Some(_) => return Err(not_a("page.url", "a text")),
            },
            ("event" | "userProperties" | "page", _) => return Err(not_a(key, "an object")),
            _ => {
                return Err(Error::InvalidArgument(format!(
                    "the targeting context has an unknown member {key:?}: it has \"event\", \"userProperties\" and \"page\""
                )));
            }
        }
        Ok(())
    }

    /// An event that Amplitude sends by itself is none for the rules; but `$identify` brings user properties.
    fn set_event(&mut self, event: Map<String, Value>) {
        let event_type = event.get("event_type").and_then(Value::as_str).unwrap_or_default();
        if !SPECIAL_EVENT_TYPES.contains(&event_type) {
            self.event = Some(event);
        } else if let ("$identify", Some(Value::Object(operations))) =
            (event_type, event.get("user_properties"))
        {
            self.identify(operations);
        }
    }

    fn identify(&mut self, operations: &Map<String, Value>) {
        for operation in SETTING_OPERATIONS {
            if let Some(Value::Object(properties)) = operations.get(operation) {
                for (name, value) in properties {
                    self.user_properties.entry(name.clone()).or_insert_with(|| value.clone());
                }
            }
        }
        self.unset = match (operations.get("$clearAll"), operations.get("$unset")) {
            (Some(_), _) => Unset::All,
            (None, Some(Value::Object(gone))) => Unset::These(gone.keys().cloned().collect()),
            (None, _) => Unset::None,
        };
    }

    /// Whether nothing is told.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What rules look at is of the type that they expect, where it is there.
fn check_event(event: &Map<String, Value>) -> Result<(), Error> {
    let is_there = |key| event.get(key).filter(|value| !value.is_null());
    if is_there("event_type").is_some_and(|value| !value.is_string()) {
        return Err(not_a("event.event_type", "a text"));
    }
    if is_there("event_properties").is_some_and(|value| !value.is_object()) {
        return Err(not_a("event.event_properties", "an object"));
    }
    if is_there("time").is_some_and(|value| !value.is_number()) {
        return Err(not_a("event.time", "a number of milliseconds since 1970"));
    }
    Ok(())
}

/// Whether the JSON is nested deeper than this; of a text that is none it may say either.
fn is_nested_deeper(json: &str, limit: usize) -> bool {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    json.bytes().any(|byte| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_text,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > limit
    })
}

fn not_a(member: &str, expected: &str) -> Error {
    Error::InvalidArgument(format!("{member:?} of the targeting context is not {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(json: Value) -> TargetingContext {
        TargetingContext::parse(&json.to_string()).unwrap()
    }

    #[test]
    fn all_members_are_optional() {
        for nothing in
            ["", " \n", "{}", r#"{"event":null,"userProperties":null,"page":null}"#, r#"{"page":{}}"#]
        {
            assert!(TargetingContext::parse(nothing).unwrap().is_empty(), "{nothing}");
        }
        let nothing_in_it =
            json!({ "event": { "event_type": null, "event_properties": null, "time": null } });
        assert!(parsed(nothing_in_it).event.is_some());
        let brackets = json!({ "userProperties": { "text\"[": "[".repeat(1_000) } });
        assert_eq!(parsed(brackets).user_properties.len(), 1, "no level in a text");
        let context = parsed(json!({
            "event": { "event_type": "Bought", "event_properties": { "price": 3 }, "time": 5 },
            "userProperties": { "plan": "paid" },
            "page": { "url": "https://shop.example/" },
        }));
        assert_eq!(context.event.unwrap()["event_type"], "Bought");
        assert_eq!(context.user_properties["plan"], "paid");
        assert_eq!(context.page_url.as_deref(), Some("https://shop.example/"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let long = format!(r#"{{"userProperties":{{"a":"{}"}}}}"#, "x".repeat(MAX_CONTEXT_BYTES));
        let deep = format!(r#"{{"event":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        for (json, message) in [
            ("{", "is not JSON"),
            ("{\"event\":{}}x", "is not JSON"),
            ("[]", "not an object"),
            ("null", "not an object"),
            ("\"event\"", "not an object"),
            (r#"{"event":"Bought"}"#, r#""event" of the targeting context is not an object"#),
            (r#"{"userProperties":[]}"#, r#""userProperties" of the targeting context is not an object"#),
            (r#"{"page":"https://shop.example/"}"#, r#""page" of the targeting context is not an object"#),
            (r#"{"page":{"url":7}}"#, r#""page.url" of the targeting context is not a text"#),
            (r#"{"event":{"event_type":5}}"#, r#""event.event_type" of the targeting context is not a text"#),
            (r#"{"event":{"event_properties":[]}}"#, r#""event.event_properties" of the"#),
            (r#"{"event":{"event_type":"a","time":"now"}}"#, r#""event.time" of the targeting"#),
            (&deep, "deeper than 128 levels"),
            (r#"{"user_properties":{}}"#, r#"unknown member "user_properties""#),
            (&long, "the limit is"),
        ] {
            let error = TargetingContext::parse(json).unwrap_err().to_string();
            assert!(error.contains(message), "{json:.60}: {error}");
        }
    }

    #[test]
    fn what_can_not_be_held_takes_nothing_with_it() {
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        let json = format!(r#"{{"userProperties":{{"a":"\ud800","b":{deep},"c":1e999,"d":"kept"}}}}"#);
        let context = TargetingContext::parse(&json).unwrap();
        assert_eq!(context.user_properties["d"], "kept");
        assert!(!context.user_properties.contains_key("a") && !context.user_properties.contains_key("c"));
    }

    #[test]
    fn events_of_amplitude_itself_are_none_and_identify_gives_user_properties() {
        for event_type in SPECIAL_EVENT_TYPES {
            assert!(parsed(json!({ "event": { "event_type": event_type, "time": 1 } })).is_empty());
        }
        let identify =
            |operations: Value| json!({ "event_type": "$identify", "user_properties": operations });
        let context = parsed(json!({
            "event": identify(json!({
                "$set": { "plan": "paid", "seats": 3 }, "$setOnce": { "first": "a" }, "$add": { "visits": 1 },
                "$append": { "tags": "x" }, "$prepend": { "tags2": "y" }, "$postInsert": { "list": ["z"] },
                "$remove": { "other": 1 }, "$unset": { "old": "-" },
            })),
            "userProperties": { "plan": "free" },
        }));
        assert_eq!(context.event, None);
        let expected = json!({
            "plan": "free", "seats": 3, "first": "a", "visits": 1, "tags": "x", "tags2": "y", "list": ["z"],
        });
        assert_eq!(Value::Object(context.user_properties), expected);
        assert_eq!(context.unset, Unset::These(vec!["old".to_owned()]));
        assert_eq!(parsed(json!({ "event": identify(json!({ "$clearAll": "-" })) })).unset, Unset::All);
    }
}
