//! What counts as a session id in an event.

use crate::model::json::text;

/// JavaScript's largest whole number: beyond it the id would not be the same everywhere.
const MAX: i64 = 9_007_199_254_740_991;

/// What can't be meant for a session id. It counts for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unusable;

/// A session id in an event: milliseconds since 1970, as a number or a text. `None` for what says that there is none: null,
/// 0, and -1, which Amplitude's libraries write.
///
/// A text counts as the number that JSON would take it for, with JSON's white space around it; so "007", "0x10" and "+7"
/// are none. bindings/node has the same rule, and tests/fixtures/segment/session-ids.json proves it of both.
pub(super) fn read(json: &str) -> Result<Option<i64>, Unusable> {
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
        Ok(id) if id.fract() == 0.0 && (1.0..=MAX as f64).contains(&id) => Ok(Some(id as i64)),
        _ => Err(Unusable),
    }
}

/// A session id that C gives; 0 and less say that there is none, and what is not the same everywhere counts for none.
pub(super) fn told(session: i64) -> Option<i64> {
    (1..=MAX).contains(&session).then_some(session)
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

/// As much of it as a log can show.
pub(super) fn shown(json: &str) -> String {
    const MAX: usize = 80;
    match json.char_indices().nth(MAX) {
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
                session => Ok(Some(session.as_i64().unwrap())),
            };
            assert_eq!(read(json), expected, "{json}");
        }
    }

    #[test]
    fn takes_of_c_what_is_the_same_everywhere() {
        for (session, expected) in
            [(i64::MIN, None), (-1, None), (0, None), (1, Some(1)), (MAX, Some(MAX)), (MAX + 1, None)]
        {
            assert_eq!(told(session), expected, "{session}");
        }
    }

    #[test]
    fn shows_what_a_log_can_show() {
        assert_eq!(shown("\"abc\""), "\"abc\"");
        assert_eq!(shown(&"é".repeat(200)), format!("{}…", "é".repeat(80)));
    }
}
