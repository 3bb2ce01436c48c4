//! One event of a file, in the form that is stored: the members in their order.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::batch::{check_event, event_string, in_wire_order, shorten};

/// The event's text: as it stands there, unless its members have another order. Or what is wrong with it.
pub(super) fn to_wire_form(value: &[u8]) -> Result<Cow<'_, str>, String> {
    let text = std::str::from_utf8(value).map_err(|_| "the event is not text in UTF-8".to_owned())?;
    let problem = |problem: String| format!("the event {problem}; it begins {}", shorten(text));
    let event = if text.starts_with('"') {
        let token: &RawValue =
            serde_json::from_str(text).map_err(|error| problem(format!("is no text: {error}")))?;
        event_string(token).map_err(problem)?
    } else {
        Cow::Borrowed(text)
    };
    match check_event(&event, false) {
        Ok(_) => Ok(event),
        Err(why) => {
            let ordered = in_wire_order(&event).ok_or_else(|| problem(why))?;
            check_event(&ordered, false).map_err(problem)?;
            Ok(Cow::Owned(ordered))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_keep_their_bytes_and_get_their_order() {
        let data = r#"{"z":1e999, "half":"\ud800","deep":[[{"type":9}]]}"#;
        for (given, stored) in [
            (
                format!(r#"{{"type":3, "timestamp":1.50,"data":{data} }}"#),
                format!(r#"{{"type":3, "timestamp":1.50,"data":{data} }}"#),
            ),
            (
                format!(r#"{{ "timestamp" : 1.50 ,"data":{data}, "type":3}}"#),
                format!(r#"{{"type":3,"timestamp":1.50,"data":{data}}}"#),
            ),
            (
                r#"{"delay":7,"timestamp":1,"type":0}"#.to_owned(),
                r#"{"type":0,"timestamp":1,"delay":7}"#.to_owned(),
            ),
            (r#"{"t\u0079pe":0,"timestamp":1}"#.to_owned(), r#"{"t\u0079pe":0,"timestamp":1}"#.to_owned()),
        ] {
            assert_eq!(to_wire_form(given.as_bytes()).unwrap(), stored);
            assert_eq!(to_wire_form(serde_json::to_string(&given).unwrap().as_bytes()).unwrap(), stored);
        }
        for wrong in [
            r#"{"timestamp":1,"type":0,"timestamp":1}"#,
            r#"{"timestamp":1,"type":0,"windowId":"a"}"#,
            r#"{"timestamp":1,"type":"0"}"#,
            r#"{"timestamp":1}"#,
            r#""\ud800""#,
            "{}",
        ] {
            assert!(to_wire_form(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
