//! A batch as JSON: `{"version":1,"events":["…","…"]}`.

#[cfg(test)]
pub(super) mod tests;

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::data::Text;
use super::event::{self, CheckedEvent};
use super::scan::Scanner;
use super::stats::BatchStats;

/// Most events of one batch that are named because the player would throw on them, or leave something out.
const MAX_NAMED: usize = 10;

/// The version that a body says it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// What an SDK sends.
    Batch = 1,
    /// What a page sends while it is left.
    Beacon = 2,
}

/// What is known about the events of a batch.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct CheckedBatch {
    pub(crate) stats: BatchStats,
    /// The first events that rrweb's player would throw on, or leave something out of, and why.
    pub(crate) problems: Vec<String>,
    /// The title of the first page that has one.
    pub(crate) title: Option<String>,
}

/// A body's members, values untouched.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a, Events> {
    #[serde(borrow)]
    version: &'a RawValue,
    events: Events,
}

/// Checks a decoded body and every event in it. `wants_title`: that of the first page that has one, which takes another look at snapshots.
pub(crate) fn check(body: &[u8], version: Version, wants_title: bool) -> Result<CheckedBatch, String> {
    let version = version as u8;
    let quick = std::str::from_utf8(body).ok().and_then(|body| quick_check(body, version, wants_title));
    // What is wrong, or rare, is left to those who have the event as it stands in the body, and say so.
    let checked = match quick {
        Some(checked) => checked,
        None if wants_title => events_of(body, version).map(|ByToken::<true>(checked)| checked)?,
        None => events_of(body, version).map(|ByToken::<false>(checked)| checked)?,
    };
    if checked.stats.events == 0 {
        return Err("the body has no events".to_owned());
    }
    Ok(checked)
}

/// Checks each event where its string is unescaped, so that no byte is looked at once more to find where it ends, and a list of millions is never held.
fn quick_check(body: &str, version: u8, wants_title: bool) -> Option<CheckedBatch> {
    let (mut given, mut checked) = (None, None);
    let mut room = Vec::new();
    let mut scanner = Scanner::new(body);
    scanner.object(|key, scanner| match key {
        "version" if given.is_none() => {
            given = Some(scanner.value()?);
            Some(())
        }
        "events" if checked.is_none() => {
            let mut batch = CheckedBatch::default();
            scanner.list(|scanner| {
                let event = scanner.string(&mut room)?;
                batch.add(event::check(event, wants_title && batch.title.is_none()).ok()?);
                Some(())
            })?;
            checked = Some(batch);
            Some(())
        }
        _ => None,
    })?;
    scanner.end()?;
    checked.filter(|_| given == Some(&*version.to_string()))
}

/// The events of a decoded body that has to be of this version.
pub(super) fn events_of<'a, Events: Deserialize<'a>>(body: &'a [u8], version: u8) -> Result<Events, String> {
    let text = std::str::from_utf8(body).map_err(|error| format!("the body is not UTF-8: {error}"))?;
    let envelope: Envelope<'_, Events> =
        serde_json::from_str(text).map_err(|error| format!("the body is not as it should be: {error}"))?;
    match envelope.version.get() {
        given if given == version.to_string() => Ok(envelope.events),
        given => Err(format!("the body's version is {}, not {version}", shorten(given))),
    }
}

/// The same, token by token, to say which event is wrong and how it begins. `TITLE`: with the title of the first page that has one.
struct ByToken<const TITLE: bool>(CheckedBatch);

impl<'de, const TITLE: bool> Deserialize<'de> for ByToken<TITLE> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(TokensVisitor)
    }
}

struct TokensVisitor<const TITLE: bool>;

impl<'de, const TITLE: bool> Visitor<'de> for TokensVisitor<TITLE> {
    type Value = ByToken<TITLE>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of event strings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut checked = CheckedBatch::default();
        while let Some(token) = list.next_element::<&RawValue>()? {
            let wants_title = TITLE && checked.title.is_none();
            let event = event_string(token).and_then(|event| event::check(&event, wants_title)).map_err(
                |problem| {
                    let begin = shorten(token.get());
                    A::Error::custom(format!("event {} {problem}; it begins {begin}", checked.stats.events))
                },
            )?;
            checked.add(event);
        }
        Ok(ByToken(checked))
    }
}

impl CheckedBatch {
    fn add(&mut self, event: CheckedEvent) {
        let Self { stats, problems, title } = self;
        if let Some(reason) = event.unplayable {
            stats.add_unplayable(reason);
            if problems.len() < MAX_NAMED {
                problems.push(format!("event {} can't be played: {reason}", stats.events));
            }
        }
        if event.nested > 0 {
            stats.nested += event.nested;
            if problems.len() < MAX_NAMED {
                problems.push(format!(
                    "event {} has {} in data.adds with children inside the node, which players drop: give each node an entry of its own",
                    stats.events,
                    if event.nested == 1 { "one entry".to_owned() } else { format!("{} entries", event.nested) },
                ));
            }
        }
        stats.errors += u64::from(event.is_error);
        if title.is_none() {
            *title = event.title;
        }
        stats.add(event.event_type, event.timestamp);
    }
}

/// The text that a JSON string token stands for.
pub(crate) fn event_string(token: &RawValue) -> Result<Cow<'_, str>, String> {
    serde_json::from_str::<Text<'_>>(token.get())
        .map(|text| text.0)
        .map_err(|error| format!("is not a string of Unicode text: {error}"))
}

/// The event tokens of a body that was checked before.
pub(crate) fn event_tokens(body: &[u8]) -> Result<Vec<&RawValue>, serde_json::Error> {
    let envelope: Envelope<'_, Vec<&RawValue>> = serde_json::from_slice(body)?;
    Ok(envelope.events)
}

pub(crate) fn shorten(text: &str) -> String {
    const MAX_CHARS: usize = 80;
    let mut short: String = text.chars().take(MAX_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
