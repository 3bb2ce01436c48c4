//! What counts as a session id in an event.

use crate::json::text;

/// Milliseconds since 1970, as a number or a text. `None` for what says that there is no session: null, 0, and
/// -1, which Amplitude's libraries write; an error, with what to show, for what can't be meant.
///
/// The bound is JavaScript's largest whole number: beyond it the id would not be the same everywhere.
pub(super) fn read(json: &str) -> Result<Option<i64>, String> {
    const MOST: f64 = 9_007_199_254_740_991.0;
    if json == "null" {
        return Ok(None);
    }
    let number = text(json).unwrap_or(json.into());
    match number.trim().parse::<f64>() {
        Ok(-1.0 | 0.0) => Ok(None),
        Ok(id) if id.fract() == 0.0 && (1.0..=MOST).contains(&id) => Ok(Some(id as i64)),
        _ => Err(shown(json)),
    }
}

fn shown(json: &str) -> String {
    const MOST: usize = 80;
    match json.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &json[..end]),
        None => json.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_numbers_and_texts_of_numbers() {
        for json in [
            "1732300000000",
            "1732300000000.0",
            "1.7323e12",
            r#""\u00317323e8""#,
            "\"1732300000000\"",
            "\" 1.7323E12 \"",
        ] {
            assert_eq!(read(json), Ok(Some(1_732_300_000_000)), "{json}");
        }
        assert_eq!(read("9007199254740991"), Ok(Some(9_007_199_254_740_991)));
    }

    #[test]
    fn knows_what_says_that_there_is_none() {
        for json in ["null", "0", "-0.0", "-1", "\"0\"", "\"-1\""] {
            assert_eq!(read(json), Ok(None), "{json}");
        }
    }

    #[test]
    fn shows_what_can_not_be_meant() {
        for json in [
            "\"abc\"",
            "\"\"",
            "\"null\"",
            "true",
            "[1]",
            "{}",
            "1.5",
            "-2",
            "1e99",
            "\"Infinity\"",
            "\"NaN\"",
            "9007199254740993",
            "\"1_0\"",
        ] {
            assert_eq!(read(json), Err(json.to_owned()), "{json}");
        }
        assert_eq!(read(&"é".repeat(200)), Err(format!("{}…", "é".repeat(80))));
    }
}
