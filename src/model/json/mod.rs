//! NamedMembers of a JSON object as the text has them: found, never decoded, so that they can be passed on byte for byte.
//!
//! - [`cursor`]: a walk over text that is known to be JSON
//! - [`lenient`]: as a value, without what no value can hold

pub(crate) mod cursor;
pub(crate) mod lenient;

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The values of these members, each as it stands in `object`. Where a key stands twice the last one counts, as in
/// JavaScript. An error when the text is not one JSON object.
pub(crate) fn members<'a, const N: usize>(
    object: &'a str,
    names: [&str; N],
) -> serde_json::Result<[Option<&'a str>; N]> {
    let mut reader = serde_json::Deserializer::from_str(object);
    let found = de::Deserializer::deserialize_map(&mut reader, NamedMembers(names))?;
    reader.end()?;
    Ok(found)
}

/// A JSON string, decoded; `None` where the text is none, or no Rust string can hold it.
pub(crate) fn text(json: &str) -> Option<Cow<'_, str>> {
    #[derive(serde::Deserialize)]
    struct Text<'t>(#[serde(borrow)] Cow<'t, str>);
    serde_json::from_str(json).ok().map(|Text(text)| text)
}

/// The number that this text is, as Rust reads one.
pub(crate) fn number(json: &str) -> Option<f64> {
    match whole_number(json.as_bytes()) {
        Some(number) => Some(number),
        None => json.parse().ok(),
    }
}

/// The number that these bytes are, where they are digits alone and so few that a double holds it: nearly all of rrweb's.
fn whole_number(written: &[u8]) -> Option<f64> {
    const DIGITS: usize = 15;
    if written.is_empty() || written.len() > DIGITS {
        return None;
    }
    let mut number = 0_u64;
    for byte in written {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = 10 * number + u64::from(byte - b'0');
    }
    Some(number as f64)
}

/// Where a part of a text begins in it, and where it ends.
pub(crate) fn range_in(part: &str, text: &str) -> std::ops::Range<usize> {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    start..start + part.len()
}

struct NamedMembers<'n, const N: usize>([&'n str; N]);

impl<'de, const N: usize> Visitor<'de> for NamedMembers<'_, N> {
    type Value = [Option<&'de str>; N];

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = [None; N];
        while let Some(key) = map.next_key::<&'de RawValue>()? {
            match index_of_name(&self.0, key.get()) {
                Some(place) => found[place] = Some(map.next_value::<&'de RawValue>()?.get()),
                None => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(found)
    }
}

/// Which of these names the key of a member is. A key may hold an escape that no Rust string can: then it is none.
fn index_of_name(names: &[&str], key: &str) -> Option<usize> {
    if key.contains('\\') {
        let key = text(key)?;
        return names.iter().position(|name| **name == *key);
    }
    let key = &key[1..key.len() - 1];
    names.iter().position(|name| *name == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_members_as_they_are_written() {
        let text = r#" {"a": [1.0, 1E2] ,"\u0062":"\ud800","c":null,"\udfff":0, "a":-0.0 } "#;
        let [a, b, c, d] = members(text, ["a", "b", "c", "d"]).unwrap();
        assert_eq!([a, b, c, d], [Some("-0.0"), Some(r#""\ud800""#), Some("null"), None]);
        let place = range_in(a.unwrap(), text);
        assert_eq!(&text[place.clone()], "-0.0");
        assert!(text[..place.start].ends_with(r#""a":"#));
    }

    #[test]
    fn reads_a_number_as_rust_does() {
        let mut random = fastrand::Rng::with_seed(7);
        let written = [
            "",
            "0",
            "-0",
            "007",
            "1.5",
            "1e400",
            "-",
            "+1",
            "1_0",
            "٣",
            "inf",
            "NaN",
            "123456789012345678901",
        ];
        let written = written.map(str::to_owned).into_iter();
        for text in written.chain((0..20_000).map(|_| (random.u64(..) >> random.u32(..64)).to_string())) {
            let (found, expected) = (number(&text), text.parse::<f64>().ok());
            assert_eq!(found.map(f64::to_bits), expected.map(f64::to_bits), "{text}");
        }
    }

    #[test]
    fn reads_nesting_a_hundred_thousand_levels_deep() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text = format!(r#"{{"other":{deep},"a":{deep}}}"#);
        assert_eq!(members(&text, ["a"]).unwrap(), [Some(&*deep)]);
    }

    #[test]
    fn takes_nothing_but_one_object() {
        for text in [
            "",
            "null",
            "[]",
            "1",
            "\"a\"",
            "{",
            "{}{}",
            "{} x",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{\"\n\":1}",
            "{\"\\x\":1}",
            "{1:1}",
        ] {
            assert!(members(text, ["a"]).is_err(), "{text}");
        }
    }
}
