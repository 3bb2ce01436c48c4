//! The body of a track request with interactions: `{"version":1,"events":[{…},{…}]}`, objects and not texts (`protocol.md`,
//! "Interactions").
//!
//! Each click gets a count. Where clicks are merged, those that are equal in all but the minute travel as one, under the hour
//! in which they were made: a button that is pressed a hundred times costs one object.

use std::collections::HashMap;
use std::io;

use super::body::{Body, Gzip, HEAD, TAIL};
use crate::model::in_flight::Encoding;
use crate::model::interaction::Interaction;
use crate::model::json::cursor::Cursor;

const HOUR_MS: u64 = 3_600_000;

/// Writes a body interaction by interaction.
pub(crate) struct InteractionWriter {
    gzip_level: u8,
    merges_clicks: bool,
    objects: Vec<MergedInteraction>,
    /// Where in `objects` a merged click stands, by its text.
    merged: HashMap<String, usize>,
    events: usize,
    event_bytes: usize,
}

/// An object of the body.
enum MergedInteraction {
    /// A click, up to its count; and that.
    Click(String, u64),
    /// As it was recorded.
    Scroll(String),
}

impl InteractionWriter {
    /// An empty body.
    pub fn new(Encoding { gzip_level, merges_clicks }: Encoding) -> Self {
        Self {
            gzip_level,
            merges_clicks,
            objects: Vec::new(),
            merged: HashMap::new(),
            events: 0,
            event_bytes: 0,
        }
    }

    /// Adds one.
    pub fn push(&mut self, interaction: &Interaction) {
        self.events += 1;
        self.event_bytes += interaction.json.len();
        if !interaction.is_click {
            return self.objects.push(MergedInteraction::Scroll(interaction.json.to_owned()));
        }
        if !self.merges_clicks {
            return self.objects.push(MergedInteraction::Click(uncounted(interaction.json, None), 1));
        }
        let hour = interaction.timestamp - interaction.timestamp % HOUR_MS;
        let click = uncounted(interaction.json, Some(hour));
        match self.merged.get(&click).and_then(|at| self.objects.get_mut(*at)) {
            Some(MergedInteraction::Click(_, count)) => *count += 1,
            _ => {
                self.merged.insert(click.clone(), self.objects.len());
                self.objects.push(MergedInteraction::Click(click, 1));
            }
        }
    }

    /// How many recorded interactions it holds.
    pub fn events(&self) -> usize {
        self.events
    }

    /// Bytes of the interactions it holds, as they were recorded.
    pub fn event_bytes(&self) -> usize {
        self.event_bytes
    }

    /// Closes the body, and gzips it where that was asked for.
    pub fn finish(self, gzip: &mut Gzip) -> io::Result<Body> {
        let mut plain = gzip.plain(self.event_bytes + 64 * self.events + 64)?;
        plain.push(HEAD)?;
        for (at, object) in self.objects.iter().enumerate() {
            plain.push(if at > 0 { b"," } else { b"" })?;
            match object {
                MergedInteraction::Click(click, count) => {
                    plain.push(click.as_bytes())?;
                    plain.push(format!(",\"count\":{count}}}").as_bytes())?;
                }
                MergedInteraction::Scroll(scroll) => plain.push(scroll.as_bytes())?,
            }
        }
        plain.push(TAIL)?;
        Body::of(plain, gzip, self.gzip_level, self.events, self.event_bytes)
    }
}

/// A click as it travels, without the count and the brace behind it; at this time in place of its own.
fn uncounted(json: &str, timestamp: Option<u64>) -> String {
    let mut written = String::with_capacity(json.len());
    for (name, value) in Cursor::new(json).members() {
        if *name == *b"count" {
            continue;
        }
        written.push(if written.is_empty() { '{' } else { ',' });
        written.push_str(&serde_json::Value::from(String::from_utf8_lossy(&name)).to_string());
        written.push(':');
        match timestamp {
            Some(timestamp) if *name == *b"timestamp" => written.push_str(&timestamp.to_string()),
            _ => written.push_str(value),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::super::body::GZIP_LEVEL;
    use super::*;
    use serde_json::{Value, json};

    const TEN: u64 = 1_732_269_600_000;

    fn click(x: u64, page: &str, timestamp: u64) -> String {
        format!(
            r##"{{"x":{x},"y":2,"selector":"#b","viewportHeight":600,"viewportWidth":800,"pageUrl":"{page}","timestamp":{timestamp},"type":"click"}}"##
        )
    }

    fn scroll() -> String {
        format!(
            r#"{{"maxScrollX":0,"maxScrollY":9,"maxScrollWidth":800,"maxScrollHeight":609,"viewportHeight":600,"viewportWidth":800,"pageUrl":"p","timestamp":{TEN},"type":"scroll"}}"#
        )
    }

    fn body(gzip: bool, merges_clicks: bool, all: &[String]) -> Body {
        let gzip_level = if gzip { GZIP_LEVEL } else { 0 };
        let mut writer = InteractionWriter::new(Encoding { gzip_level, merges_clicks });
        all.iter().for_each(|json| writer.push(&Interaction::parse(json).unwrap()));
        assert_eq!(writer.events(), all.len());
        writer.finish(&mut Gzip::default()).unwrap()
    }

    #[test]
    fn each_click_counts_one_and_a_scroll_travels_as_it_is() {
        let all = [click(1, "p", TEN + 5), scroll(), click(1, "p", TEN + 5)];
        let counted = all[0].replace('}', r#","count":1}"#);
        let expected = format!(r#"{{"version":1,"events":[{counted},{},{counted}]}}"#, all[1]);
        let body = body(false, false, &all);
        assert_eq!(std::str::from_utf8(&body.bytes).unwrap(), expected);
        assert_eq!((body.events, body.plain_bytes), (3, expected.len()));
        assert!(!body.is_built_on && !body.has_full_snapshot);
    }

    #[test]
    fn equal_clicks_of_one_hour_are_merged() {
        let all = [
            click(1, "p", TEN + 5),
            click(2, "p", TEN + 6),
            scroll(),
            click(1, "p", TEN + HOUR_MS - 1),
            click(1, "q", TEN),
            click(1, "p", TEN + HOUR_MS),
        ];
        let gzipped = body(true, true, &all);
        assert_eq!(gzipped.events, 6, "all of them were recorded");
        let mut plain = String::new();
        flate2::read::GzDecoder::new(&gzipped.bytes[..]).read_to_string(&mut plain).unwrap();
        let value: Value = serde_json::from_str(&plain).unwrap();
        let told = |event: &Value| {
            let [x, page, timestamp, count] =
                ["x", "pageUrl", "timestamp", "count"].map(|key| event[key].clone());
            json!([x, page, timestamp, count])
        };
        let events: Vec<_> = value["events"].as_array().unwrap().iter().map(told).collect();
        let none = Value::Null;
        assert_eq!(
            events,
            [
                json!([1, "p", TEN, 2]),
                json!([2, "p", TEN, 1]),
                json!([none, "p", TEN, none]),
                json!([1, "q", TEN, 1]),
                json!([1, "p", TEN + HOUR_MS, 1])
            ]
        );
    }

    #[test]
    fn the_count_is_ours_and_all_else_stays_as_it_is_written() {
        let given = click(1, "\\u00e9", TEN).replace(r#""x":1"#, r#""x": 1.0,"own":[ 1 ],"count":7"#);
        let body = body(false, false, &[given]);
        let plain = std::str::from_utf8(&body.bytes).unwrap();
        assert!(plain.contains(r#"{"x":1.0,"own":[ 1 ],"y":2,"#), "{plain}");
        assert!(
            plain.contains(r#""pageUrl":"\u00e9""#) && plain.ends_with(r#""type":"click","count":1}]}"#),
            "{plain}"
        );
    }
}
