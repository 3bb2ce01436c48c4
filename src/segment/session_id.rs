//! The edge at which a session id of the analytics becomes a [`SessionId`].

use crate::model::ids::SessionId;
use crate::model::json::text;

/// JavaScript's largest whole number: beyond it the id would not be the same everywhere.
const MAX_MILLIS: i64 = 9_007_199_254_740_991;

/// What can't be meant for a session id. It counts as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unusable;

/// A session id in an event: milliseconds since 1970, as a number or a text. `None` for null, 0 and -1: with these
/// Amplitude's libraries say that there is no session.
///
/// A text counts as the number that JSON would take it for, with JSON's white space around it; so "007", "0x10" and "+7"
/// are none. bindings/node has the same rule, and tests/fixtures/segment/session-ids.json proves it of both.
pub(super) fn from_json(json: &str) -> Result<Option<SessionId>, Unusable> {
    if json == "null" {
        return Ok(None);
    }
    let number = text(json).unwrap_or(json.into());
    let number = number.trim_matches([' ', '\t', '\n', '\r']);
    if !is_json_number(number) {
        return Err(Unusable);
    }
    match number.parse::<f64>() {
        Ok(-1.0 | 0.0) => Ok(None),
        Ok(id) if id.fract() == 0.0 && (1.0..=MAX_MILLIS as f64).contains(&id) => Ok(from_millis(id as i64)),
        _ => Err(Unusable),
    }
}

/// A session id from C, or from a getter: milliseconds since 1970. 0 and less say that there is none; what is not the same
/// everywhere counts as none.
pub(super) fn from_millis(millis: i64) -> Option<SessionId> {
    SessionId::from_millis(millis).ok().filter(|_| millis <= MAX_MILLIS)
}

/// Whether the text is a number by JSON's grammar.
fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    digits(whole) && (whole == "0" || !whole.starts_with('0')) && digits(fraction) && digits(exponent)
}

/// As much of a JSON text as a log can show.
pub(super) fn excerpt(json: &str) -> String {
    const MAX_CHARS: usize = 80;
    match json.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &json[..end]),
        None => json.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_shared_vectors_say() {
        let vectors = include_str!("../../tests/fixtures/segment/session-ids.json");
        let vectors: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(vectors).unwrap();
        assert!(vectors.len() > 40);
        for vector in vectors {
            let json = vector["json"].as_str().unwrap();
            let expected = match &vector["session"] {
                serde_json::Value::Null => Ok(None),
                serde_json::Value::Bool(false) => Err(Unusable),
                session => Ok(Some(SessionId::from_millis(session.as_i64().unwrap()).unwrap())),
            };
            assert_eq!(from_json(json), expected, "{json}");
        }
    }

    #[test]
    fn takes_from_c_what_is_the_same_everywhere() {
        for (millis, expected) in [
            (i64::MIN, None),
            (-1, None),
            (0, None),
            (1, Some(1)),
            (MAX_MILLIS, Some(MAX_MILLIS)),
            (MAX_MILLIS + 1, None),
        ] {
            assert_eq!(from_millis(millis).and_then(|session| session.as_millis()), expected, "{millis}");
        }
    }

    #[test]
    fn shows_what_a_log_can_show() {
        assert_eq!(excerpt("\"abc\""), "\"abc\"");
        assert_eq!(excerpt(&"é".repeat(200)), format!("{}…", "é".repeat(80)));
    }
}
