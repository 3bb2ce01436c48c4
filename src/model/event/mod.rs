//! One replay event: checked, and brought into the form in which it travels.
//!
//! What `protocol.md` asks for: a JSON object with a numeric `type` and a numeric `timestamp`; it travels as
//! the keys `type`, `timestamp`, `delay` (only when present), `data`, in that order, and no other. The values
//! are carried through byte for byte: they are never decoded, so a number beyond doubles, an escape of a lone
//! surrogate or a DOM nested thousands of levels deep arrives as it was recorded.
//!
//! - [`one_walk`]: the whole check at once, of an event as recorders write them
//! - [`members`]: the event's members, found without decoding their values, in any form
//! - [`playable`]: what a stock player needs in `data`
//! - [`rrweb`]: the numbers of its types and sources
//! - [`user_action`]: whether a user did what it tells
//! - [`view_mark`]: which view a stored event is of

mod members;
mod one_walk;
mod playable;
mod rrweb;
#[cfg(test)]
mod tests;
mod user_action;
mod view_mark;

use super::json;
use members::Members;
pub(crate) use members::{is_plainly_no_snapshot, kind_of, plain_type};
use one_walk::DataWalk;
pub use playable::Fault;
use rrweb::event_type::INCREMENTAL_SNAPSHOT;
pub(crate) use rrweb::event_type::{CUSTOM, FULL_SNAPSHOT, META, PLUGIN};
pub(crate) use user_action::{is_plainly_user_action, is_user_action};
pub(crate) use view_mark::{Marked, ViewMark, split_mark};

/// Bytes of an event: the ingest server takes no larger one.
pub(crate) const MAX_EVENT_BYTES: u64 = 9_000_000;

/// The tag of a custom event that tells a click or a scroll depth. It never stands in a replay.
pub(crate) const INTERACTION_TAG: &str = "session-replay-interaction";

/// The members that travel, in this order.
pub(crate) const WIRE_NAMES: [&str; 4] = ["type", "timestamp", "delay", "data"];

/// An rrweb event in wire form, borrowed from the text it was read from.
#[derive(Debug, Clone, Copy)]
pub struct WireEvent<'a> {
    event_type: &'a str,
    type_number: f64,
    timestamp: &'a str,
    time: f64,
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
    /// It was not known for one by its first bytes, and has no place in a replay.
    #[error("an interaction that was not taken for one as it was recorded: use sr_record_interaction")]
    Interaction,
}

impl<'a> WireEvent<'a> {
    /// Reads one event. Where a key stands twice the last one counts, as in JavaScript.
    pub fn parse(json: &'a [u8]) -> Result<Self, InvalidEvent> {
        Self::parse_with(json, None).map(|(event, _)| event)
    }

    /// The same; where recorders write the data of an incremental snapshot so that it is read once, `walk` does it, and finds in
    /// it whatever it looks for. If what it found counts, the source that it gave.
    pub(crate) fn parse_with(
        json: &'a [u8],
        walk: Option<DataWalk<'_, 'a>>,
    ) -> Result<(Self, Option<f64>), InvalidEvent> {
        let text = str::from_utf8(json).map_err(|error| InvalidEvent::NotUtf8(error.valid_up_to()))?;
        match one_walk::read(text, walk) {
            Some(read) => Ok(read),
            None => Self::parse_any_form(text).map(|event| (event, None)),
        }
    }

    /// The same, member by member: this decides what is an event, and says what is wrong with one.
    pub(crate) fn parse_any_form(text: &'a str) -> Result<Self, InvalidEvent> {
        let members = Members::read(text).map_err(|error| InvalidEvent::Syntax(error.to_string()))?;
        let (_, type_number) = number(members.event_type).ok_or(InvalidEvent::NoNumber("type"))?;
        playable_at(&members)?;
        playable::check(type_number, members.data).map_err(InvalidEvent::Unplayable)?;
        Self::of_members(members)
    }

    /// Of members that are well-formed, with data that a player can play.
    fn of_members(members: Members<'a>) -> Result<Self, InvalidEvent> {
        let (event_type, type_number) = number(members.event_type).ok_or(InvalidEvent::NoNumber("type"))?;
        let (timestamp, time) = playable_at(&members)?;
        let Members { delay, data, .. } = members;
        if type_number == CUSTOM && is_interaction(data.unwrap_or_default()) {
            return Err(InvalidEvent::Interaction);
        }
        Ok(Self { event_type, type_number, timestamp, time, delay, data })
    }

    /// The same with other data, of this type, and not before this time in milliseconds.
    pub fn with_data<'d>(
        &self,
        event_type: &'d str,
        type_number: f64,
        data: &'d str,
        not_before: &'d str,
    ) -> WireEvent<'d>
    where
        'a: 'd,
    {
        let (timestamp, time) = match json::number(not_before) {
            Some(earliest) if self.time < earliest => (not_before, earliest),
            _ => (self.timestamp, self.time),
        };
        WireEvent { event_type, type_number, timestamp, time, data: Some(data), ..*self }
    }

    /// The number of its type.
    pub(crate) fn type_number(&self) -> f64 {
        self.type_number
    }

    /// The same with other data.
    pub(crate) fn replace_data<'d>(&self, data: &'d str) -> WireEvent<'d>
    where
        'a: 'd,
    {
        WireEvent { data: Some(data), ..*self }
    }

    /// Its data, as it is written.
    pub(crate) fn data(&self) -> Option<&'a str> {
        self.data
    }

    /// Whether it is one without which nothing can be drawn.
    pub fn is_full_snapshot(&self) -> bool {
        self.type_number == FULL_SNAPSHOT
    }

    /// Whether later events build on it.
    pub fn is_built_on(&self) -> bool {
        self.is_full_snapshot() || self.type_number == INCREMENTAL_SNAPSHOT
    }

    /// Size of the event as it travels, in bytes of UTF-8, before it is escaped into a body.
    pub fn wire_len(&self) -> usize {
        let values = self.values().into_iter().zip(WIRE_NAMES);
        // A quote on each side of the name, a colon, a comma or the brace before the first.
        values.map(|(value, name)| value.map_or(0, |value| name.len() + 4 + value.len())).sum::<usize>() + 1
    }

    /// What travels: the values of [`WIRE_NAMES`], each as it is written.
    pub fn values(&self) -> [Option<&'a str>; 4] {
        [Some(self.event_type), Some(self.timestamp), self.delay, self.data]
    }

    /// The event as it travels.
    #[cfg(any(test, fuzzing))]
    pub fn to_json(self) -> String {
        let values = self.values().into_iter().zip(WIRE_NAMES);
        let members = values.filter_map(|(value, name)| Some(format!("\"{name}\":{}", value?)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

/// Whether a player can begin with what is stored here: a Meta event, before which rrweb emits no part of a document; or a full
/// snapshot. Those of a page in a scene are part of the scene.
pub(crate) fn begins_segment(stored: &[u8]) -> bool {
    match split_mark(stored) {
        (Some(Marked::Page { .. }), _) => false,
        (_, event) => matches!(kind_of(event), Some(META | FULL_SNAPSHOT)),
    }
}

/// When an event happened, in whole milliseconds since 1970; `None` where it does not tell.
pub(crate) fn timestamp_of(event: &[u8]) -> Option<u64> {
    let members = Members::read(str::from_utf8(event).ok()?).ok()?;
    number(members.timestamp).filter(|(_, time)| *time >= 0.0).map(|(_, time)| time as u64)
}

/// Whether this is the data of an interaction, however it is written.
fn is_interaction(data: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Tagged<'d> {
        #[serde(borrow)]
        tag: std::borrow::Cow<'d, str>,
    }
    // Most custom events have none of it in them, and are not read.
    memchr::memmem::find(data.as_bytes(), INTERACTION_TAG.as_bytes()).is_some()
        && serde_json::from_str::<Tagged>(data).is_ok_and(|data| data.tag == INTERACTION_TAG)
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

/// The timestamp as it is written and its value, if a player can do with it.
fn playable_at<'a>(members: &Members<'a>) -> Result<(&'a str, f64), InvalidEvent> {
    let (timestamp, time) = number(members.timestamp).ok_or(InvalidEvent::NoNumber("timestamp"))?;
    if !time.is_finite() {
        // `Infinity` in JavaScript: the replay would never end.
        return Err(InvalidEvent::Unplayable(Fault::new("timestamp", "a finite number")));
    }
    Ok((timestamp, time))
}

/// The text and its value, where it is a number.
fn number(raw: Option<&str>) -> Option<(&str, f64)> {
    let text = raw.filter(|text| text.starts_with(|c: char| c == '-' || c.is_ascii_digit()))?;
    Some((text, json::number(text)?))
}
