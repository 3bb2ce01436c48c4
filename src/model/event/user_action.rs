//! Whether an event tells of an action of the user.

use super::members::{kind_of, plain_type};
use super::rrweb::event_type::INCREMENTAL_SNAPSHOT;
use super::rrweb::incremental_source::{
    DRAG, INPUT, MEDIA_INTERACTION, MOUSE_INTERACTION, MOUSE_MOVE, SCROLL, SELECTION, TOUCH_MOVE,
};
use crate::model::json;

/// The sources that tell of the pointer, of touch, of scrolling, of input, of media, of dragging and of a selection. A page may
/// cause some of these by itself, as when it scrolls: nothing in the event says so.
const ACTIONS: [f64; 8] =
    [MOUSE_MOVE, MOUSE_INTERACTION, SCROLL, INPUT, TOUCH_MOVE, MEDIA_INTERACTION, DRAG, SELECTION];

/// Whether an event tells of an action of the user. What is no event tells of none.
pub(crate) fn is_user_action(event: &[u8]) -> bool {
    // The large ones are known by their first bytes, and not read.
    if kind_of(event) != Some(INCREMENTAL_SNAPSHOT) {
        return false;
    }
    let Ok(text) = str::from_utf8(event) else { return false };
    let Ok([Some(data)]) = json::members(text, ["data"]) else { return false };
    let Ok([Some(source)]) = json::members(data, ["source"]) else { return false };
    json::number(source).is_some_and(|source| ACTIONS.contains(&source))
}

/// The same by its first bytes, as rrweb writes them; `None` where they do not say it.
#[inline]
pub(crate) fn is_plainly_user_action(event: &[u8]) -> Option<bool> {
    let (digit, rest) = plain_type(event)?;
    if digit != b'0' + INCREMENTAL_SNAPSHOT as u8 {
        return Some(false);
    }
    let (head, rest) = rest.split_first_chunk()?;
    if head != br#""data":{"source":"# {
        return None;
    }
    let source = match rest {
        [one @ b'0'..=b'9', b',' | b'}', ..] => one - b'0',
        [ten @ b'1'..=b'9', one @ b'0'..=b'9', b',' | b'}', ..] => (ten - b'0') * 10 + one - b'0',
        _ => return None,
    };
    const IN_BITS: u128 = {
        let (mut bits, mut at) = (0, 0);
        while at < ACTIONS.len() {
            bits |= 1 << ACTIONS[at] as u8;
            at += 1;
        }
        bits
    };
    Some(IN_BITS >> source & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_say_the_same_or_nothing() {
        for source in 0..=99 {
            let event = format!(r#"{{"type":3,"data":{{"source":{source},"id":7}},"timestamp":1}}"#);
            let known = is_plainly_user_action(event.as_bytes());
            assert_eq!(known, Some(is_user_action(event.as_bytes())), "{event}");
        }
        for (event, expected) in [
            (r#"{"type":2,"data":{"source":2},"timestamp":1}"#, Some(false)),
            (r#"{"type":3,"data":{"id":7,"source":2}}"#, None),
            (r#"{"type":3,"data":{"source":2.5}}"#, None),
            (r#"{"type":3,"data":{"source":111}}"#, None),
            (r#"{"type":3,"timestamp":1,"data":{"source":2}}"#, None),
            (r#"{"type":33,"data":{"source":2}}"#, None),
            ("{\"type\":3,\"data\":{\"source\":", None),
            ("{", None),
        ] {
            assert_eq!(is_plainly_user_action(event.as_bytes()), expected, "{event}");
        }
    }

    #[test]
    fn what_a_page_does_by_itself_is_no_action() {
        for source in 0..=16 {
            let expected = [1, 2, 3, 5, 6, 7, 12, 14].contains(&source);
            for event in [
                format!(r#"{{"type":3,"data":{{"source":{source},"id":7}},"timestamp":1}}"#),
                format!(
                    r#" {{ "timestamp" : 1, "data" : {{ "id" : 7, "source" : {source} }}, "type" : 3 }}"#
                ),
            ] {
                assert_eq!(is_user_action(event.as_bytes()), expected, "{event}");
            }
        }
        for none in [
            r#"{"type":2,"data":{"source":2},"timestamp":1}"#,
            r#"{"type":5,"data":{"tag":"click","payload":{"source":2}},"timestamp":1}"#,
            r#"{"type":3,"timestamp":1}"#,
            r#"{"type":3,"data":{"x":{"source":2}},"timestamp":1}"#,
            r#"{"type":3,"data":7,"timestamp":1}"#,
            r#"{"type":3,"data":{"source":"2"},"timestamp":1}"#,
            "{\"type\":3,",
            "",
        ] {
            assert!(!is_user_action(none.as_bytes()), "{none}");
        }
        assert!(!is_user_action(b"{\"type\":3,\"data\":{\"source\":2},\"\xff\":1}"));
    }
}
