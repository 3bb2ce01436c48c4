//! One event string: is it an rrweb event in wire form?
//!
//! Values are skipped over, never built: a document of thousands of levels must not overflow the stack, and numbers
//! beyond doubles or lone surrogates are the recorder's business.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::console;
use super::data::{self, Data, Text};
use super::nested;
use super::playable;
use super::scan::Scanner;
use super::title;
use super::unplayable::Unplayable;

/// Largest event the ingest takes, in bytes of UTF-8.
pub(crate) const MAX_EVENT_BYTES: usize = 9_000_000;

/// The keys an event may have, in the order they must have.
const KEYS: [&str; 4] = ["type", "timestamp", "delay", "data"];

/// What is known about an event that was checked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CheckedEvent {
    /// rrweb's event type: 2 is a full snapshot, 4 a meta event.
    pub(crate) event_type: f64,
    /// Milliseconds since the epoch; may be fractional.
    pub(crate) timestamp: f64,
    /// Why rrweb's player would throw on it.
    pub(crate) unplayable: Option<Unplayable>,
    /// Entries of `adds` with children inside their node, which players drop.
    pub(crate) nested: u64,
    /// Whether it is an error in the console.
    pub(crate) is_error: bool,
    /// The title of the page, where it tells one.
    pub(crate) title: Option<String>,
}

/// Checks one event string as the ingest would. Finding a title takes another look at a snapshot, so it is asked for.
pub(crate) fn check(event: &str, wants_title: bool) -> Result<CheckedEvent, String> {
    if event.len() > MAX_EVENT_BYTES {
        return Err(format!("is {} bytes long; an event may have {MAX_EVENT_BYTES}", event.len()));
    }
    let mut data = Data::none();
    let (event_type, timestamp) = match quick_parts(event, &mut data) {
        Some(parts) => parts,
        None => parts(event, &mut data)?,
    };
    Ok(CheckedEvent {
        event_type,
        timestamp,
        unplayable: playable::check(event_type, &data).err(),
        nested: nested::entries(event_type, &data),
        is_error: console::is_error(event_type, &data),
        title: if wants_title { title::of_event(event_type, &data) } else { None },
    })
}

/// Type and time in one pass, and the data, of an event with which nothing is wrong, nor anything rare.
fn quick_parts<'a>(event: &'a str, data: &mut Data<'a>) -> Option<(f64, f64)> {
    let (mut event_type, mut timestamp) = (None, None);
    let mut next = 0;
    let mut scanner = Scanner::new(event);
    scanner.object(|key, scanner| {
        let place = KEYS.iter().position(|known| *known == key).filter(|place| *place >= next)?;
        next = place + 1;
        match place {
            0 => event_type = Some(as_double(scanner.value()?)?),
            1 => timestamp = Some(as_double(scanner.value()?)?),
            2 => drop(scanner.value()?),
            _ => data.scan(scanner)?,
        }
        Some(())
    })?;
    scanner.end()?;
    Some((event_type?, timestamp?))
}

/// The same of any event, or what is wrong with it.
fn parts<'a>(event: &'a str, data: &mut Data<'a>) -> Result<(f64, f64), String> {
    let Members(members) =
        serde_json::from_str(event).map_err(|error| format!("is not a JSON object in one piece: {error}"))?;
    check_keys(&members)?;
    *data = Data::none();
    if let Some((_, value)) = members.iter().find(|(name, _)| name == "data") {
        data.set(value.get());
    }
    Ok((number(&members, "type")?, number(&members, "timestamp")?))
}

/// The same event with its members in their order, values untouched; `None` for what is no event in any order.
pub(crate) fn in_wire_order(event: &str) -> Option<String> {
    let Members(members) = serde_json::from_str(event).ok()?;
    let mut ordered = Vec::with_capacity(KEYS.len());
    for key in KEYS {
        let mut values = members.iter().filter(|(name, _)| name == key);
        if let Some((_, value)) = values.next() {
            ordered.push(format!("\"{key}\":{value}"));
        }
        values.next().is_none().then_some(())?;
    }
    (ordered.len() == members.len()).then(|| format!("{{{}}}", ordered.join(",")))
}

fn check_keys(members: &[(Cow<'_, str>, &RawValue)]) -> Result<(), String> {
    let mut next = 0;
    for (key, _) in members {
        let Some(index) = KEYS.iter().position(|known| known == key) else {
            return Err(format!("has the key {key:?}; only type, timestamp, delay and data are sent"));
        };
        if index < next {
            return Err(format!(
                "has the key {key:?} twice or too late; the order is type, timestamp, delay, data"
            ));
        }
        next = index + 1;
    }
    let has = |wanted: &str| members.iter().any(|(key, _)| key == wanted);
    match ["type", "timestamp"].iter().find(|key| !has(key)) {
        Some(key) => Err(format!("has no {key:?}")),
        None => Ok(()),
    }
}

fn number(members: &[(Cow<'_, str>, &RawValue)], key: &str) -> Result<f64, String> {
    members
        .iter()
        .find(|(name, _)| name == key)
        .and_then(|(_, value)| as_double(value.get()))
        .ok_or_else(|| format!("has a {key:?} that is not a number"))
}

/// JSON has numbers that no double holds; they are numbers all the same.
fn as_double(value: &str) -> Option<f64> {
    data::number(value).map(|value| value.clamp(f64::MIN, f64::MAX))
}

/// An object's members in their order, values untouched.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        /// An event has four keys; a hostile one must not make us collect millions.
        const MAX_MEMBERS: usize = 8;
        let mut members = Vec::new();
        while let Some((Text(key), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
            if members.len() < MAX_MEMBERS {
                members.push((key, value));
            }
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::data::members_by_serde;
    use crate::batch::envelope::tests::EVENTS;
    use crate::batch::scan::tests::spoil;

    /// Each half reads with the other's means: one pass of the scanner, and serde_json.
    #[test]
    fn one_pass_finds_what_serde_json_finds_in_spoiled_events() {
        let names = ["source", "node", "positions", "adds", "plugin", "payload", "texts", "href"];
        let mut random = fastrand::Rng::with_seed(7);
        let mut taken = 0;
        for event in EVENTS {
            for _ in 0..3_000 {
                let Ok(spoiled) = String::from_utf8(spoil(event, &mut random)) else { continue };
                let mut data = Data::none();
                let Some(found) = quick_parts(&spoiled, &mut data) else { continue };
                let Members(members) = serde_json::from_str(&spoiled).expect(&spoiled);
                check_keys(&members).expect(&spoiled);
                let number = |key| number(&members, key).expect(&spoiled);
                assert_eq!(found, (number("type"), number("timestamp")), "{spoiled}");
                let of_data =
                    members.iter().find(|(name, _)| name == "data").map_or("", |(_, value)| value.get());
                assert_eq!(data.members(names), members_by_serde(of_data, names), "{spoiled}");
                assert_eq!(data.is_object(), of_data.starts_with('{'), "{spoiled}");
                taken += 1;
            }
        }
        assert!(taken > 1_000, "{taken}");
    }

    #[test]
    fn takes_rrweb_events() {
        let plain = r#"{"type":3,"timestamp":1795465977101.5,"data":{"source":0}}"#;
        let checked = CheckedEvent {
            event_type: 3.0,
            timestamp: 1_795_465_977_101.5,
            unplayable: None,
            nested: 0,
            is_error: false,
            title: None,
        };
        assert_eq!(check(plain, false), Ok(checked));
        assert!(check(r#"{"type":3,"timestamp":1,"delay":2,"data":{}}"#, false).is_ok());
        assert!(check(r#"{"type":3,"timestamp":1,"data":["\ud800",1e999999]}"#, false).is_ok());
        assert!(check(r#"{"type":0,"timestamp":1e999}"#, false).is_ok());
    }

    #[test]
    fn takes_documents_of_any_depth() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let event = format!(r#"{{"type":2,"timestamp":1,"data":{deep}}}"#);
        assert!(check(&event, false).is_ok());
    }

    #[test]
    fn refuses_everything_else() {
        for (event, says) in [
            ("", "not a JSON object"),
            ("[]", "not a JSON object"),
            (r#"{"type":3,"timestamp":1,"data":{}} "x""#, "not a JSON object"),
            (r#"{"type":3,"timestamp":1,"data":{"#, "not a JSON object"),
            (r#"{"timestamp":1,"type":3,"data":{}}"#, "order"),
            (r#"{"type":3,"timestamp":1,"data":{},"delay":1}"#, "order"),
            (r#"{"type":3,"type":3,"timestamp":1,"data":{}}"#, "twice"),
            (r#"{"type":3,"timestamp":1,"data":{},"id":1}"#, "\"id\""),
            (r#"{"type":"3","timestamp":1,"data":{}}"#, "not a number"),
            (r#"{"type":3,"timestamp":null,"data":{}}"#, "not a number"),
            (r#"{"timestamp":1,"data":{}}"#, "no \"type\""),
        ] {
            let error = check(event, false).expect_err(event);
            assert!(error.contains(says), "{event}: {error}");
        }
    }
}
