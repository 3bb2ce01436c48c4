//! A batch of interactions as JSON: `{"version":1,"events":[{…},{…}]}`, objects and not strings.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::envelope::{self, CheckedBatch};

/// Largest interaction that makes sense, in bytes of UTF-8.
const MAX_INTERACTION_BYTES: usize = 64_000;
/// The largest whole number up to which a double holds each.
const MAX_WHOLE: f64 = 9_007_199_254_740_991.0;

/// What has to be in one. JSON's numbers are finite, so that is all there is to check of most.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[allow(dead_code, reason = "that they can be read is what is checked")]
enum Interaction {
    #[serde(rename_all = "camelCase")]
    Click {
        x: f64,
        y: f64,
        #[serde(default)]
        selector: Option<String>,
        viewport_width: f64,
        viewport_height: f64,
        page_url: String,
        timestamp: f64,
        count: f64,
    },
    #[serde(rename_all = "camelCase")]
    Scroll {
        max_scroll_x: f64,
        max_scroll_y: f64,
        max_scroll_width: f64,
        max_scroll_height: f64,
        viewport_width: f64,
        viewport_height: f64,
        page_url: String,
        timestamp: f64,
    },
}

/// Checks a decoded body and every interaction in it.
pub(crate) fn check(body: &[u8]) -> Result<CheckedBatch, String> {
    let CheckedInteractions(checked) = envelope::events_of(body, 1)?;
    match checked.stats.events {
        0 => Err("the body has no events".to_owned()),
        _ => Ok(checked),
    }
}

/// Interactions that were checked one by one while they were read: see the events of a replay.
struct CheckedInteractions(CheckedBatch);

impl<'de> Deserialize<'de> for CheckedInteractions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(InteractionsVisitor)
    }
}

struct InteractionsVisitor;

impl<'de> Visitor<'de> for InteractionsVisitor {
    type Value = CheckedInteractions;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of interactions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut checked = CheckedBatch::default();
        while let Some(event) = list.next_element::<&RawValue>()? {
            let timestamp = check_one(event).map_err(|problem| {
                let begin = envelope::shorten(event.get());
                A::Error::custom(format!("event {} {problem}; it begins {begin}", checked.stats.events))
            })?;
            // rrweb has no type for it.
            checked.stats.add(f64::NAN, timestamp);
        }
        Ok(CheckedInteractions(checked))
    }
}

/// Its time.
fn check_one(event: &RawValue) -> Result<f64, String> {
    let json = event.get();
    if json.len() > MAX_INTERACTION_BYTES {
        return Err(format!("is {} bytes long; an interaction may have {MAX_INTERACTION_BYTES}", json.len()));
    }
    if !json.starts_with('{') {
        return Err("is not an object: interactions are not sent as strings".to_owned());
    }
    let interaction: Interaction =
        serde_json::from_str(json).map_err(|error| format!("is neither a click nor a scroll: {error}"))?;
    let timestamp = match interaction {
        Interaction::Click { count, .. } if count.fract() != 0.0 || !(1.0..=MAX_WHOLE).contains(&count) => {
            return Err("has a \"count\" that is not a whole number from 1 on".to_owned());
        }
        Interaction::Click { timestamp, .. } | Interaction::Scroll { timestamp, .. } => timestamp,
    };
    match (0.0..=MAX_WHOLE).contains(&timestamp) {
        true => Ok(timestamp),
        false => Err("has a \"timestamp\" that is not milliseconds since 1970".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLICK: &str = r##"{"x":1,"y":2.5,"selector":"#a","viewportHeight":600,"viewportWidth":800,"pageUrl":"http://a/","timestamp":7,"type":"click","count":3}"##;
    const SCROLL: &str = r#"{"maxScrollX":0,"maxScrollY":9,"maxScrollWidth":800,"maxScrollHeight":609,"viewportHeight":600,"viewportWidth":800,"pageUrl":"http://a/","timestamp":9,"type":"scroll"}"#;

    fn check_events(events: &str) -> Result<CheckedBatch, String> {
        check(format!(r#"{{"version":1,"events":[{events}]}}"#).as_bytes())
    }

    #[test]
    fn takes_clicks_and_scrolls() {
        let stats = check_events(&format!("{CLICK},{SCROLL}")).unwrap().stats;
        assert_eq!((stats.events, stats.first_timestamp, stats.last_timestamp), (2, 7.0, 9.0));
        assert!(check_events(&CLICK.replace(r##""selector":"#a","##, "")).is_ok());
    }

    #[test]
    fn says_what_is_wrong_with_any_other() {
        for (events, says) in [
            (String::new(), "no events"),
            (serde_json::Value::from(CLICK).to_string(), "not an object"),
            (CLICK.replace("click", "hover"), "neither a click nor a scroll"),
            (CLICK.replace(r#","count":3"#, ""), "count"),
            (CLICK.replace(r#""count":3"#, r#""count":0"#), "from 1 on"),
            (CLICK.replace(r#""count":3"#, r#""count":1.5"#), "from 1 on"),
            (CLICK.replace(r#""x":1"#, r#""x":"1""#), "invalid type"),
            (CLICK.replace("pageUrl", "page"), "pageUrl"),
            (SCROLL.replace("maxScrollHeight", "height"), "maxScrollHeight"),
            (SCROLL.replace(r#""timestamp":9"#, r#""timestamp":-9"#), "since 1970"),
            (format!("{CLICK},{}", "[]"), "event 1 is not an object"),
            (CLICK.replace("http://a/", &"a".repeat(MAX_INTERACTION_BYTES)), "bytes long"),
        ] {
            let error = check_events(&events).expect_err(&events);
            assert!(error.contains(says), "{error}");
        }
        let beacon = format!(r#"{{"version":2,"events":[{CLICK}]}}"#);
        assert!(check(beacon.as_bytes()).unwrap_err().contains("version is 2"));
    }
}
