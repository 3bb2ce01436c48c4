//! An event for Segment, read as far as it concerns a replay.

use std::borrow::Cow;

use crate::error::Error;
use crate::event::trim;
use crate::json::{members, text};

/// Parts of an event, as they stand in its text.
pub(crate) struct SegmentEvent<'a> {
    /// The whole text, as it was given.
    pub text: &'a str,
    /// The same without white space around it.
    pub object: &'a str,
    /// Whether it is a `track`, `page` or `screen` event.
    pub has_properties: bool,
    pub properties: Option<&'a str>,
    pub integrations: Option<&'a str>,
    anonymous_id: Option<&'a str>,
}

impl<'a> SegmentEvent<'a> {
    pub fn parse(whole: &'a str) -> Result<Self, Error> {
        let object = str::from_utf8(trim(whole.as_bytes())).unwrap_or(whole);
        let [kind, event, name, properties, integrations, anonymous_id] =
            members(object, ["type", "event", "name", "properties", "integrations", "anonymousId"]).map_err(
                |error| Error::InvalidJson(format!("the event for Segment is not a JSON object: {error}")),
            )?;
        let has_properties = match kind {
            Some(kind) => matches!(text(kind).as_deref(), Some("track" | "page" | "screen")),
            // The bodies of Segment's HTTP API need no type: the path says it. Only a track event names an "event" there,
            // and only a page or a screen has a "name".
            None => event.or(name).is_some_and(|text| text.starts_with('"')),
        };
        Ok(Self { text: whole, object, has_properties, properties, integrations, anonymous_id })
    }

    /// Segment's id of the device.
    pub fn anonymous_id(&self) -> Option<Cow<'a, str>> {
        text(self.anonymous_id?).filter(|id| !id.is_empty())
    }
}
