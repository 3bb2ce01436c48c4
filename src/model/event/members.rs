//! The members of an event, found without decoding what is in them.

use std::fmt;

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{FULL_SNAPSHOT, META};

/// The members of an event that travel, each as it is written.
#[derive(Default)]
pub(super) struct Members<'a> {
    pub event_type: Option<&'a str>,
    pub timestamp: Option<&'a str>,
    pub delay: Option<&'a str>,
    pub data: Option<&'a str>,
}

impl<'a> Members<'a> {
    /// Of the object that this text is, and nothing beside. Of equal keys the last counts.
    pub fn read(text: &'a str) -> serde_json::Result<Self> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let members = de::Deserializer::deserialize_map(&mut reader, MembersVisitor)?;
        reader.end()?;
        Ok(members)
    }
}

/// The rrweb type of an event, read no further than needed. `None` where the text is no event.
///
/// rrweb writes `type` first, so this looks at a few bytes of what a recorder gives.
pub(crate) fn kind_of(json: &[u8]) -> Option<f64> {
    if let [b'{', b'"', b't', b'y', b'p', b'e', b'"', b':', digit @ b'0'..=b'9', b',' | b'}', ..] = json {
        return Some(f64::from(digit - b'0'));
    }
    kind_in_any_form(json)
}

/// The type of an event, a digit in ASCII, and what stands behind it, where it stands where rrweb writes it.
#[inline]
pub(crate) fn plain_type(json: &[u8]) -> Option<(u8, &[u8])> {
    // Compared as one word: each call of `sr_record` comes by here.
    let (head, rest) = json.split_first_chunk()?;
    match rest {
        [digit @ b'0'..=b'9', b',', rest @ ..] if head == br#"{"type":"# => Some((*digit, rest)),
        _ => None,
    }
}

/// Whether the first bytes of an event, as rrweb writes them, say that it is neither a full snapshot nor the Meta event before one.
#[inline]
pub(crate) fn is_plainly_no_snapshot(json: &[u8]) -> bool {
    plain_type(json)
        .is_some_and(|(digit, _)| digit != b'0' + FULL_SNAPSHOT as u8 && digit != b'0' + META as u8)
}

fn kind_in_any_form(json: &[u8]) -> Option<f64> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let mut kind = None;
    // The visitor stops with an error as soon as it has seen the type: the rest is not worth reading.
    let _ = de::Deserializer::deserialize_map(&mut reader, TypeVisitor(&mut kind));
    kind
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Members::default();
        while let Some(key) = map.next_key_seed(KeySeed)? {
            let member = match key {
                MemberKey::Type => &mut members.event_type,
                MemberKey::Timestamp => &mut members.timestamp,
                MemberKey::Delay => &mut members.delay,
                MemberKey::Data => &mut members.data,
                MemberKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *member = Some(map.next_value::<&'de RawValue>()?.get());
        }
        Ok(members)
    }
}

struct TypeVisitor<'k>(&'k mut Option<f64>);

impl<'de> Visitor<'de> for TypeVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(KeySeed)? {
            if matches!(key, MemberKey::Type) {
                *self.0 = map.next_value::<f64>().ok();
                return Err(de::Error::custom("seen enough"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

enum MemberKey {
    Type,
    Timestamp,
    Delay,
    Data,
    Other,
}

/// Reads a key as bytes: a key may hold an escape that no Rust string can.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = MemberKey;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<MemberKey, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = MemberKey;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_bytes<E>(self, key: &[u8]) -> Result<MemberKey, E> {
        Ok(match key {
            b"type" => MemberKey::Type,
            b"timestamp" => MemberKey::Timestamp,
            b"delay" => MemberKey::Delay,
            b"data" => MemberKey::Data,
            _ => MemberKey::Other,
        })
    }
}
