//! A request's body: from the wire to event strings.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use axum::http::StatusCode;
use flate2::read::MultiGzDecoder;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::event;
use super::refusal::Refusal;
use crate::store::SequenceFacts;

/// `{"version":1,"events":["…","…"]}`, values untouched.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a, Events> {
    #[serde(borrow)]
    version: &'a RawValue,
    events: Events,
}

/// Undoes gzip, reading no more than `limit` bytes out of it: a small body may unpack to gigabytes.
pub(super) fn decompress(wire: &[u8], limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(wire)
        .take(most)
        .read_to_end(&mut body)
        .map_err(|error| Refusal::bad(format!("the body is not valid gzip: {error}")))?;
    if body.len() > limit {
        return Err(too_large(limit));
    }
    Ok(body)
}

/// The reply to a body over the limit; its words are those that make the SDK split the batch.
pub(super) fn too_large(limit: usize) -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("Payload exceeds the maximum allowed size of {limit} bytes"),
    )
}

/// The version that a body must say.
pub(super) fn version(beacon: bool) -> &'static str {
    if beacon { "2" } else { "1" }
}

/// Checks a decoded body and every event in it.
pub(super) fn check(body: &[u8], version: &str) -> Result<Checked, Refusal> {
    let text =
        std::str::from_utf8(body).map_err(|error| Refusal::bad(format!("the body is not UTF-8: {error}")))?;
    let envelope: Envelope<'_, CheckedEvents> = serde_json::from_str(text)
        .map_err(|error| Refusal::bad(format!("the body is not as it should be: {error}")))?;
    if envelope.version.get() != version {
        return Err(Refusal::bad(format!(
            "the body's version is {}, not {version}",
            shorten(envelope.version.get())
        )));
    }
    let CheckedEvents(checked) = envelope.events;
    if checked.facts.events == 0 {
        return Err(Refusal::bad("the body has no events".to_owned()));
    }
    Ok(checked)
}

/// Most events of one batch that are named because the player would throw on them.
const MAX_UNPLAYABLE_NAMED: usize = 10;

/// What is known about the events of a batch.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) facts: SequenceFacts,
    /// The first events that rrweb's player would throw on, and why.
    pub(super) unplayable: Vec<String>,
}

/// Events that were checked one by one while they were read, so that a list of millions is never held.
struct CheckedEvents(Checked);

impl<'de> Deserialize<'de> for CheckedEvents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EventsVisitor)
    }
}

struct EventsVisitor;

impl<'de> Visitor<'de> for EventsVisitor {
    type Value = CheckedEvents;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of event strings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let Checked { mut facts, mut unplayable } = Checked::default();
        while let Some(token) = list.next_element::<&RawValue>()? {
            let found = event_string(token).and_then(|event| event::check(&event)).map_err(|problem| {
                let begin = shorten(token.get());
                A::Error::custom(format!("event {} {problem}; it begins {begin}", facts.events))
            })?;
            if let Some(fault) = found.unplayable {
                facts.add_unplayable(fault.bit());
                if unplayable.len() < MAX_UNPLAYABLE_NAMED {
                    unplayable.push(format!("event {} can't be played: {fault}", facts.events));
                }
            }
            facts.add(found.kind, found.timestamp);
        }
        Ok(CheckedEvents(Checked { facts, unplayable }))
    }
}

/// The text that a JSON string token stands for.
pub(crate) fn event_string(token: &RawValue) -> Result<Cow<'_, str>, String> {
    #[derive(serde::Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    serde_json::from_str::<Text<'_>>(token.get())
        .map(|text| text.0)
        .map_err(|error| format!("is not a string of Unicode text: {error}"))
}

/// The event tokens of a body that was checked before.
pub(crate) fn event_tokens(body: &[u8]) -> Result<Vec<&RawValue>, serde_json::Error> {
    let envelope: Envelope<'_, Vec<&RawValue>> = serde_json::from_slice(body)?;
    Ok(envelope.events)
}

fn shorten(text: &str) -> String {
    const MOST: usize = 80;
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
