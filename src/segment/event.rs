//! An event for Segment, read as far as it concerns a replay.

use std::borrow::Cow;

use super::session_id;
use crate::error::Error;
use crate::log::Log;
use crate::model::event::trim;
use crate::model::ids::SessionId;
use crate::model::json::{members, text};
use crate::options::LogLevel;

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
    context: Option<&'a str>,
    anonymous_id: Option<&'a str>,
}

impl<'a> SegmentEvent<'a> {
    pub fn parse(whole: &'a str) -> Result<Self, Error> {
        let object = str::from_utf8(trim(whole.as_bytes())).unwrap_or(whole);
        let [kind, properties, integrations, context, anonymous_id] =
            members(object, ["type", "properties", "integrations", "context", "anonymousId"]).map_err(
                |error| Error::InvalidJson(format!("the event for Segment is not a JSON object: {error}")),
            )?;
        let has_properties = match kind {
            Some(kind) => matches!(text(kind).as_deref(), Some("track" | "page" | "screen")),
            None => is_body_with_properties(object, properties),
        };
        Ok(Self { text: whole, object, has_properties, properties, integrations, context, anonymous_id })
    }

    /// Its `context`, as it stands in its text.
    pub fn context(&self) -> Option<&'a str> {
        self.context
    }

    /// What Segment sends as Amplitude's device id, by its default mapping: `context.device.id` where there is one, else
    /// `anonymousId`.
    pub fn device(&self) -> Option<Cow<'a, str>> {
        let device = self.context.and_then(|context| members(context, ["device"]).ok()).and_then(|[it]| it);
        let id = device.and_then(|device| members(device, ["id"]).ok()).and_then(|[id]| id);
        text(id.filter(|id| *id != "null").or(self.anonymous_id)?).filter(|id| !id.is_empty())
    }

    /// `session_id` of a destination in `integrations`. One that is switched off (`false`) names none.
    pub fn session_of(&self, destination: &str, log: &Log) -> Option<SessionId> {
        let [options] = members(self.integrations?, [destination]).ok()?;
        let [session] = members(options?, ["session_id"]).ok()?;
        session_id::from_json(session?).unwrap_or_else(|_| {
            log.write(LogLevel::Warn, || {
                let shown = session_id::excerpt(session.unwrap_or_default());
                format!(
                    "a session_id in an event for Segment is ignored: it is {shown}, not milliseconds since 1970"
                )
            });
            None
        })
    }
}

/// Whether a body of Segment's HTTP API that has no type, for there the path says it, is one of `/v1/track`, `/v1/page`
/// or `/v1/screen`: only these have an "event", a "name", a "category" or "properties". Those of `/v1/identify`,
/// `/v1/group` and `/v1/alias` have members that these have not.
fn is_body_with_properties(object: &str, properties: Option<&str>) -> bool {
    let Ok([event, name, category, traits, group, previous]) =
        members(object, ["event", "name", "category", "traits", "groupId", "previousId"])
    else {
        return false;
    };
    let is_text = |json: Option<&str>| json.is_some_and(|json| json.starts_with('"'));
    let is_other = traits.or(group).or(previous).is_some();
    is_text(event) || !is_other && (is_text(name) || is_text(category) || properties.is_some())
}
