//! Lines of a page that are no events of the replay like the others: told apart by their first bytes, as the recorder of
//! `bindings/web` writes them, so that the rest are as quick as without them. What others write, with the members in another
//! order or with blanks, is searched for an interaction.

use std::borrow::Cow;

use crate::model::event::{CUSTOM, INTERACTION_TAG, plain_type};
use crate::model::interaction::MAX_INTERACTION_BYTES;

/// What a line of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageLine {
    /// An event of the replay.
    Event,
    /// The same: the Meta event that stands before a full snapshot.
    Meta,
    /// What the page's recorder says of itself. It travels in the replay, too.
    Status,
    /// A click or a scroll depth in the place of an event: it never stands in the replay.
    Interaction,
    /// An error that the page did not handle, and nothing of it but that: it never stands in the replay.
    UnhandledError,
    /// The address that the page has by now, as the browser SDK tells it. It travels in the replay, too.
    Address,
}

/// The tag of [`PageLine::Status`].
#[cfg(test)]
pub(crate) const STATUS_TAG: &str = "session-replay-recorder";

/// The tag of [`PageLine::UnhandledError`].
#[cfg(test)]
pub(crate) const UNHANDLED_ERROR_TAG: &str = "session-replay-unhandled-error";

/// How any custom event begins that rrweb has written; its tag follows.
const CUSTOM_EVENT: &[u8] = br#"{"type":5,"data":{"tag":""#;
/// How one of our own begins; the rest of its tag follows.
const OWN: &[u8] = br#"{"type":5,"data":{"tag":"session-replay-"#;
/// Of a longer line, the interaction would be too long.
const MAX_LINE_BYTES: usize = MAX_INTERACTION_BYTES + 1_024;

/// How a [`PageLine::Address`] begins.
const ADDRESS: &[u8] = br#"{"type":6,"data":{"plugin":"amplitude/url-tracking@1","#;

impl PageLine {
    /// What this line is.
    pub fn of(line: &[u8]) -> Self {
        match plain_type(line).map(|(digit, _)| digit) {
            Some(b'4') => return Self::Meta,
            Some(b'6') if line.starts_with(ADDRESS) => return Self::Address,
            // No custom event, whatever stands in it.
            Some(digit) if digit != b'5' => return Self::Event,
            _ => {}
        }
        match line.strip_prefix(OWN) {
            Some(rest) if rest.starts_with(br#"recorder","#) => Self::Status,
            Some(rest) if rest.starts_with(br#"interaction","#) => Self::Interaction,
            Some(rest) if rest.starts_with(br#"unhandled-error","#) => Self::UnhandledError,
            None if names_interaction(line) && is_interaction(line) => Self::Interaction,
            _ => Self::Event,
        }
    }

    /// Whether a line has to be looked at with [`Self::of`]. The custom events of others, of which a host may have many, and
    /// those of other plugins are as quick as the rest.
    #[inline]
    pub fn is_special(line: &[u8]) -> bool {
        match plain_type(line).map(|(digit, _)| digit) {
            Some(b'4') => true,
            Some(b'5') => {
                line.starts_with(OWN) || (!line.starts_with(CUSTOM_EVENT) && names_interaction(line))
            }
            Some(b'6') => line.starts_with(ADDRESS),
            Some(_) => false,
            None => names_interaction(line),
        }
    }
}

/// Whether the tag of an interaction stands in it, wherever. Most lines have none of it.
fn names_interaction(line: &[u8]) -> bool {
    line.len() <= MAX_LINE_BYTES && memchr::memmem::find(line, INTERACTION_TAG.as_bytes()).is_some()
}

fn is_interaction(line: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Line<'l> {
        #[serde(rename = "type")]
        type_number: f64,
        #[serde(borrow)]
        data: Data<'l>,
    }
    #[derive(serde::Deserialize)]
    struct Data<'l> {
        #[serde(borrow)]
        tag: Cow<'l, str>,
    }
    serde_json::from_slice::<Line>(line)
        .is_ok_and(|Line { type_number, data }| type_number == CUSTOM && data.tag == INTERACTION_TAG)
}

/// The interaction in a line that is one, as it is written; `None` where it has none.
pub(crate) fn interaction_in(line: &[u8]) -> Option<&str> {
    #[derive(serde::Deserialize)]
    struct Line<'l> {
        #[serde(borrow)]
        data: Data<'l>,
    }
    #[derive(serde::Deserialize)]
    struct Data<'l> {
        #[serde(borrow)]
        payload: &'l serde_json::value::RawValue,
    }
    serde_json::from_slice(line).ok().map(|Line { data }| data.payload.get())
}

/// The address in a Meta event, or in a line that tells it; `None` where it has none.
pub(crate) fn address_in(line: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Line {
        data: Data,
    }
    #[derive(serde::Deserialize)]
    struct Data {
        href: Option<String>,
        payload: Option<Payload>,
    }
    #[derive(serde::Deserialize)]
    struct Payload {
        href: String,
    }
    let Line { data } = serde_json::from_slice(line).ok()?;
    data.href.or(data.payload.map(|payload| payload.href))
}

#[cfg(test)]
mod tests {
    use super::*;
    fn custom(tag: &str, payload: &str) -> String {
        format!(r#"{{"type":5,"data":{{"tag":"{tag}","payload":{payload}}},"timestamp":1}}"#)
    }

    fn plugin(plugin: &str, payload: &str) -> String {
        format!(r#"{{"type":6,"data":{{"plugin":"{plugin}","payload":{payload}}},"timestamp":1}}"#)
    }

    #[test]
    fn a_line_is_known_by_its_first_bytes() {
        let meta = r#"{"type":4,"data":{"href":"app://x","width":1,"height":1},"timestamp":1}"#.to_owned();
        for (line, expected) in [
            (meta, PageLine::Meta),
            (custom(STATUS_TAG, "{}"), PageLine::Status),
            (custom(INTERACTION_TAG, "{}"), PageLine::Interaction),
            (custom(UNHANDLED_ERROR_TAG, "{}"), PageLine::UnhandledError),
            (custom("session-replay-unhandled-errors", "{}"), PageLine::Event),
            (plugin("amplitude/url-tracking@1", r#"{"href":"app://x"}"#), PageLine::Address),
            (plugin("rrweb/console@1", "{}"), PageLine::Event),
            (custom("session-replay-other", "{}"), PageLine::Event),
            (custom("session-replay-interactions", "{}"), PageLine::Event),
            (custom("breadcrumb", "{}"), PageLine::Event),
            (r#"{"type":3,"data":{"source":0},"timestamp":1}"#.to_owned(), PageLine::Event),
            (
                r#"{"data":{"payload":{},"tag":"session-replay-interaction"},"timestamp":1,"type":5}"#
                    .to_owned(),
                PageLine::Interaction,
            ),
            (
                r#"{ "type": 5, "data": { "tag": "session-replay-interaction" } }"#.to_owned(),
                PageLine::Interaction,
            ),
            (
                r#"{"type":5,"timestamp":1,"data":{"tag":"session-replay-interaction"}}"#.to_owned(),
                PageLine::Interaction,
            ),
            (
                r#"{"timestamp":1,"type":3,"data":{"tag":"session-replay-interaction"}}"#.to_owned(),
                PageLine::Event,
            ),
            (
                r#"{"timestamp":1,"type":5,"data":{"tag":"a","b":"session-replay-interaction"}}"#.to_owned(),
                PageLine::Event,
            ),
            (r#"{"type":5,"#.to_owned(), PageLine::Event),
            (String::new(), PageLine::Event),
        ] {
            assert_eq!(PageLine::of(line.as_bytes()), expected, "{line}");
            let is_known = expected != PageLine::Event;
            assert!(PageLine::is_special(line.as_bytes()) || !is_known, "{line}");
        }
        for quick in [
            custom("breadcrumb", r#""session-replay-interaction""#),
            plugin("rrweb/console@1", "{}"),
            r#"{"timestamp":1,"type":3}"#.to_owned(),
        ] {
            assert!(!PageLine::is_special(quick.as_bytes()), "as quick as the rest: {quick}");
        }
    }

    #[test]
    fn the_address_of_a_page_is_read() {
        let meta = |data: &str| format!(r#"{{"type":4,"data":{data},"timestamp":1}}"#);
        let address = |data: &str| address_in(meta(data).as_bytes());
        assert_eq!(
            address(r#"{"href":"https://shop.example/a\u0062","width":1}"#).unwrap(),
            "https://shop.example/ab"
        );
        let told = plugin("amplitude/url-tracking@1", r#"{"href":"https://shop.example/","title":""}"#);
        assert_eq!(address_in(told.as_bytes()).unwrap(), "https://shop.example/");
        for none in [r#"{"width":1}"#, r#"{"href":7}"#, "null", "{", r#"{"href":"\ud800"}"#] {
            assert_eq!(address(none), None, "{none}");
        }
    }

    #[test]
    fn an_interaction_is_taken_out_of_its_line_as_it_is_written() {
        let payload = r#"{"x": 1.0, "type":"click"}"#;
        assert_eq!(interaction_in(custom(INTERACTION_TAG, payload).as_bytes()), Some(payload));
        let without = r#"{"type":5,"data":{"tag":"session-replay-interaction","other":1},"timestamp":1}"#;
        for line in [without, r#"{"type":5,"data":{"tag":"session-replay-interaction","payload":"#, ""] {
            assert_eq!(interaction_in(line.as_bytes()), None, "{line}");
        }
    }
}
