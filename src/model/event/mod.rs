//! One replay event: checked, and brought into the form in which it travels.
//!
//! What `protocol.md` asks for: a JSON object with a numeric `type` and a numeric `timestamp`; it travels as
//! the keys `type`, `timestamp`, `delay` (only when present), `data`, in that order, and no other. The values
//! are carried through byte for byte: they are never decoded, so a number beyond doubles, an escape of a lone
//! surrogate or a DOM nested thousands of levels deep arrives as it was recorded.
//!
//! - [`playable`]: what a stock player needs in `data`; [`tree`]: the document of a full snapshot

mod names;
mod playable;
mod tree;

use std::fmt;

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

pub use playable::Fault;

/// The number that rrweb gives to a full snapshot, the event without which nothing can be drawn.
pub(crate) const FULL_SNAPSHOT: f64 = 2.0;
/// The number that rrweb gives to an incremental snapshot, which says what changed.
const INCREMENTAL: f64 = 3.0;
/// The number that rrweb gives to a Meta event (address and size), which stands right before a full snapshot.
pub(crate) const META: f64 = 4.0;

/// An rrweb event in wire form, borrowed from the text it was read from.
#[derive(Debug, Clone, Copy)]
pub struct WireEvent<'a> {
    kind: &'a str,
    kind_number: f64,
    timestamp: &'a str,
    delay: Option<&'a str>,
    data: Option<&'a str>,
}

/// Why a text is not an rrweb event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEvent {
    /// Not JSON at all, or not an object; the message tells the place.
    #[error("not a JSON object: {0}")]
    Syntax(String),
    /// Not UTF-8, from this byte on.
    #[error("not UTF-8 at byte {0}")]
    NotUtf8(usize),
    /// `type` or `timestamp` is missing or no number.
    #[error("not an rrweb event: it needs a numeric \"{0}\"")]
    NoNumber(&'static str),
    /// A player would throw on it, and the whole replay could not be played.
    #[error("not one that a player can play: \"{}\" must be {}", .0.path, .0.needs)]
    Unplayable(Fault),
}

impl<'a> WireEvent<'a> {
    /// Reads one event. Where a key stands twice the last one counts, as in JavaScript.
    pub fn parse(json: &'a [u8]) -> Result<Self, InvalidEvent> {
        let text = str::from_utf8(json).map_err(|error| InvalidEvent::NotUtf8(error.valid_up_to()))?;
        let mut reader = serde_json::Deserializer::from_str(text);
        let fields = de::Deserializer::deserialize_map(&mut reader, FieldsVisitor)
            .and_then(|fields| reader.end().map(|()| fields))
            .map_err(|error| InvalidEvent::Syntax(error.to_string()))?;
        let (kind_text, kind) = number(fields.kind).ok_or(InvalidEvent::NoNumber("type"))?;
        let (timestamp, time) = number(fields.timestamp).ok_or(InvalidEvent::NoNumber("timestamp"))?;
        if !time.is_finite() {
            // `Infinity` in JavaScript: the replay would never end.
            return Err(InvalidEvent::Unplayable(Fault::new("timestamp", "a finite number")));
        }
        playable::check(kind, fields.data).map_err(InvalidEvent::Unplayable)?;
        Ok(Self { kind: kind_text, kind_number: kind, timestamp, delay: fields.delay, data: fields.data })
    }

    /// Whether it is one without which nothing can be drawn.
    pub fn is_full_snapshot(&self) -> bool {
        self.kind_number == FULL_SNAPSHOT
    }

    /// Whether later events build on it.
    pub fn is_built_on(&self) -> bool {
        self.is_full_snapshot() || self.kind_number == INCREMENTAL
    }

    /// Size of the event as it travels, in bytes of UTF-8, before it is escaped into a body.
    pub fn wire_len(&self) -> usize {
        let key = |name: &str, value: &str| name.len() + 3 + value.len();
        let mut length = 2 + key("type", self.kind) + 1 + key("timestamp", self.timestamp);
        for (name, value) in [("delay", self.delay), ("data", self.data)] {
            length += value.map_or(0, |value| 1 + key(name, value));
        }
        length
    }

    /// The event as it travels, piece by piece.
    pub fn pieces(&self) -> impl Iterator<Item = &'a str> {
        let optional = |key: &'static str, value: Option<&'a str>| value.map(|value| [key, value]);
        let needed = ["{\"type\":", self.kind, ",\"timestamp\":", self.timestamp];
        let delay = optional(",\"delay\":", self.delay).into_iter().flatten();
        let data = optional(",\"data\":", self.data).into_iter().flatten();
        needed.into_iter().chain(delay).chain(data).chain(["}"])
    }
}

/// The rrweb type of an event, read no further than needed. `None` where the text is no event.
///
/// rrweb writes `type` first, so this looks at a few bytes of what a recorder gives.
pub(crate) fn kind_of(json: &[u8]) -> Option<f64> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let mut kind = None;
    // The visitor stops with an error as soon as it has seen the type: the rest is not worth reading.
    let _ = de::Deserializer::deserialize_map(&mut reader, KindVisitor(&mut kind));
    kind
}

/// White space as JSON has it, removed at both ends.
pub(crate) fn trim(json: &[u8]) -> &[u8] {
    let space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let Some(start) = json.iter().position(|byte| !space(byte)) else {
        return &[];
    };
    let end = json.iter().rposition(|byte| !space(byte)).map_or(start, |last| last + 1);
    &json[start..end]
}

/// The text and its value, where it is a number.
fn number(raw: Option<&str>) -> Option<(&str, f64)> {
    let text = raw.filter(|text| text.starts_with(|c: char| c == '-' || c.is_ascii_digit()))?;
    Some((text, text.parse().ok()?))
}

#[derive(Default)]
struct Fields<'a> {
    kind: Option<&'a str>,
    timestamp: Option<&'a str>,
    delay: Option<&'a str>,
    data: Option<&'a str>,
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields::default();
        while let Some(key) = map.next_key_seed(KeySeed)? {
            let field = match key {
                Key::Type => &mut fields.kind,
                Key::Timestamp => &mut fields.timestamp,
                Key::Delay => &mut fields.delay,
                Key::Data => &mut fields.data,
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *field = Some(map.next_value::<&'de RawValue>()?.get());
        }
        Ok(fields)
    }
}

struct KindVisitor<'k>(&'k mut Option<f64>);

impl<'de> Visitor<'de> for KindVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(KeySeed)? {
            if matches!(key, Key::Type) {
                *self.0 = map.next_value::<f64>().ok();
                return Err(de::Error::custom("seen enough"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

enum Key {
    Type,
    Timestamp,
    Delay,
    Data,
    Other,
}

/// Reads a key as bytes: a key may hold an escape that no Rust string can.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_bytes<E>(self, key: &[u8]) -> Result<Key, E> {
        Ok(match key {
            b"type" => Key::Type,
            b"timestamp" => Key::Timestamp,
            b"delay" => Key::Delay,
            b"data" => Key::Data,
            _ => Key::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(json: &str) -> Result<String, InvalidEvent> {
        let event = WireEvent::parse(json.as_bytes())?;
        let out: String = event.pieces().collect();
        assert_eq!(event.wire_len(), out.len());
        Ok(out)
    }

    #[test]
    fn puts_the_keys_in_order_and_drops_the_others() {
        assert_eq!(
            wire(r#" {"data":{"b":1,"a":[ 2 ]} ,"extra":[{}],"timestamp":5,"delay":1,"type":5 } "#).unwrap(),
            r#"{"type":5,"timestamp":5,"delay":1,"data":{"b":1,"a":[ 2 ]}}"#
        );
        assert_eq!(wire(r#"{"type":0,"timestamp":1}"#).unwrap(), r#"{"type":0,"timestamp":1}"#);
    }

    #[test]
    fn carries_values_byte_for_byte() {
        for data in [
            r#""\ud800 lone \udfff""#,
            r#""\u0041\/\b""#,
            "[1e999,-0.0,123456789012345678901234567890.10,1E+2]",
            r#"{"a":1,"a":2,"\ud800":null}"#,
            "\"é\u{1F600}\u{2028}\"",
            "null",
        ] {
            let expected =
                format!(r#"{{"type":3,"timestamp":1732300000000.25,"data":{{"source":99,"a":{data}}}}}"#);
            assert_eq!(wire(&expected).unwrap(), expected);
            let expected = format!(r#"{{"type":9,"timestamp":1732300000000.25,"data":{data}}}"#);
            assert_eq!(wire(&expected).unwrap(), expected);
        }
    }

    #[test]
    fn takes_a_dom_nested_a_hundred_thousand_levels_deep() {
        let deep = format!(r#"{}{}"#, r#"{"type":2,"childNodes":["#.repeat(100_000), "]}".repeat(100_000));
        let event = format!(r#"{{"type":2,"timestamp":1,"data":{{"node":{deep}}}}}"#);
        assert_eq!(wire(&event).unwrap(), event);
        let nested = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        assert!(wire(&format!(r#"{{"other":{nested},"type":0,"timestamp":1}}"#)).is_ok());
    }

    #[test]
    fn reads_escaped_and_unreadable_keys() {
        assert_eq!(
            wire(r#"{"\u0074ype":1,"\ud800":1,"timestamp":2}"#).unwrap(),
            r#"{"type":1,"timestamp":2}"#
        );
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        assert_eq!(wire(r#"{"type":3,"timestamp":2,"type":1}"#).unwrap(), r#"{"type":1,"timestamp":2}"#);
    }

    #[test]
    fn refuses_what_is_not_an_event() {
        for json in [
            "",
            "1",
            "null",
            "[]",
            "\"x\"",
            "{",
            "{}",
            "{]}",
            "{\"type\":9,\"timestamp\":2,}",
            "{\"type\":9,\"timestamp\":2}{}",
            "{\"type\":9,\"timestamp\":2}x",
            "{\"type\":\"9\",\"timestamp\":2}",
            "{\"type\":9}",
            "{\"type\":9,\"timestamp\":null}",
            "{\"type\":09,\"timestamp\":2}",
            "{\"type\":9,\"timestamp\":2,\"data\":\"\u{1}\"}",
            "{\"type\":9,\"timestamp\":2,\"data\":\"\\x\"}",
            "{\"type\":9,\"timestamp\":2,\"data\":+1}",
            "{\"type\":9,\"timestamp\":2,\"data\":NaN}",
            "{\"type\":9,\"timestamp\":2,\"data\":'x'}",
        ] {
            assert!(wire(json).is_err(), "{json}");
        }
        assert!(wire("{\"type\":9,\"timestamp\":2,\"data\":1}").is_ok());
        let not_utf8 = b"{\"type\":9,\"timestamp\":2,\"data\":\"\xff\"}";
        assert!(WireEvent::parse(not_utf8).is_err());
        let not_utf8_elsewhere = b"{\"type\":9,\"timestamp\":2,\"other\":\"\xff\"}";
        assert!(WireEvent::parse(not_utf8_elsewhere).is_err());
    }

    #[test]
    fn refuses_what_no_player_can_play_and_names_the_place() {
        for (json, said) in [
            (r#"{"type":3,"timestamp":1}"#, "\"data\" must be an object"),
            (r#"{"data":{"source":"1"},"type":3,"timestamp":1}"#, "\"data.source\" must be a number"),
            (r#"{"type":0,"timestamp":1e400}"#, "\"timestamp\" must be a finite number"),
            (r#"{"type":0,"timestamp":-1e400}"#, "\"timestamp\" must be a finite number"),
        ] {
            let error = wire(json).unwrap_err().to_string();
            assert_eq!(error, format!("not one that a player can play: {said}"), "{json}");
        }
        assert!(wire(r#"{"type":1e400,"timestamp":1}"#).is_ok(), "an unknown type is passed over");
    }

    #[test]
    fn takes_every_event_of_the_recordings() {
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/recordings");
        let mut events = 0;
        for file in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "jsonl") {
                for line in std::fs::read_to_string(&file).unwrap().lines() {
                    WireEvent::parse(line.as_bytes())
                        .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
                    events += 1;
                }
            }
        }
        assert!(events > 700, "{events}");
    }

    #[test]
    fn knows_the_type_wherever_it_stands() {
        assert_eq!(kind_of(br#"{"type":2,"data":"#), Some(FULL_SNAPSHOT));
        assert_eq!(kind_of(br#"{"data":{"type":3},"type":2}"#), Some(FULL_SNAPSHOT));
        assert_eq!(kind_of(br#"{"data":{"type":2}}"#), None);
        assert_eq!(kind_of(br#"{"type":"2"}"#), None);
        assert_eq!(kind_of(b"nonsense"), None);
    }

    #[test]
    fn trims_the_white_space_of_json_only() {
        assert_eq!(trim(b" \t\r\n{} \n"), b"{}");
        assert_eq!(trim(b" \n"), b"");
        assert_eq!(trim(b"\x0b{}"), b"\x0b{}");
    }
}
