//! An event's `data` as text, of which only those members are looked at that somebody asks for. Values are never built: they may be as deep as they like.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::scan::Scanner;

/// Most members that are kept from the first pass. What rrweb records has fewer.
const MAX_MEMBERS: usize = 12;

/// A value, taken apart where it is an object. It is filled where it stands, and not handed from one to the next: it is larger than most events.
#[derive(Debug)]
pub(super) struct Data<'a> {
    /// Empty where there is none.
    text: &'a str,
    /// Keys and values of the object; of which there are so many. `None`: it has to be looked through again.
    members: [(&'a str, &'a str); MAX_MEMBERS],
    count: Option<usize>,
}

impl<'a> Data<'a> {
    pub(super) fn none() -> Self {
        Self { text: "", members: [("", ""); MAX_MEMBERS], count: Some(0) }
    }

    /// A value by its text, which is valid JSON.
    pub(super) fn set(&mut self, text: &'a str) {
        if self.scan(&mut Scanner::new(text)).is_none() {
            (self.text, self.count) = (text, None);
        }
    }

    /// The value that comes next.
    pub(super) fn scan(&mut self, scanner: &mut Scanner<'a>) -> Option<()> {
        let mut count = 0;
        self.text = if scanner.is_at_object() {
            scanner.text_of(|scanner| {
                scanner.object(|key, scanner| {
                    let value = scanner.value()?;
                    if let Some(member) = self.members.get_mut(count) {
                        *member = (key, value);
                    }
                    count += 1;
                    Some(())
                })
            })?
        } else {
            scanner.value()?
        };
        self.count = (count <= MAX_MEMBERS).then_some(count);
        Some(())
    }

    pub(super) fn is_object(&self) -> bool {
        is_object(self.text)
    }

    /// The values of these members; the last of a name counts, as in JavaScript.
    pub(super) fn members<const N: usize>(&self, names: [&'static str; N]) -> [Option<&'a str>; N] {
        match self.count.and_then(|count| self.members.get(..count)) {
            Some(known) => {
                names.map(|name| known.iter().rev().find(|(key, _)| *key == name).map(|(_, value)| *value))
            }
            None => members(self.text, names),
        }
    }
}

/// The values of these members of an object; the last of a name counts.
pub(super) fn members<'a, const N: usize>(object: &'a str, names: [&'static str; N]) -> [Option<&'a str>; N] {
    let mut found = [None; N];
    let scanned = Scanner::new(object).object(|key, scanner| {
        let value = scanner.value()?;
        if let Some(place) = names.iter().position(|name| *name == key) {
            found[place] = Some(value);
        }
        Some(())
    });
    match scanned {
        Some(()) => found,
        None => members_by_serde(object, names),
    }
}

/// The values in a list; `None` for what is none.
pub(super) fn items(list: &str) -> Option<Vec<&str>> {
    let mut items = Vec::new();
    let scanned = Scanner::new(list).list(|scanner| {
        items.push(scanner.value()?);
        Some(())
    });
    match scanned {
        Some(()) => Some(items),
        None => {
            Some(serde_json::from_str::<Vec<&RawValue>>(list).ok()?.into_iter().map(RawValue::get).collect())
        }
    }
}

/// A string that borrows where it can; a plain `Cow` would always copy.
#[derive(serde::Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

pub(super) fn is_object(value: &str) -> bool {
    value.starts_with('{')
}

pub(super) fn is_list(value: &str) -> bool {
    value.starts_with('[')
}

pub(super) fn is_null(value: &str) -> bool {
    value == "null"
}

pub(super) fn number(value: &str) -> Option<f64> {
    value.parse().ok()
}

/// For objects that the scanner does not take: keys may have escapes, and values any depth.
pub(super) fn members_by_serde<'a, const N: usize>(
    object: &'a str,
    names: [&'static str; N],
) -> [Option<&'a str>; N] {
    struct Wanted<const N: usize>([&'static str; N]);

    impl<'de, const N: usize> Visitor<'de> for Wanted<N> {
        type Value = [Option<&'de str>; N];

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = [None; N];
            while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
                match self.0.iter().position(|name| *name == key) {
                    Some(place) => found[place] = Some(map.next_value::<&'de RawValue>()?.get()),
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
            }
            Ok(found)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(object);
    reader.deserialize_map(Wanted(names)).unwrap_or([None; N])
}

#[cfg(test)]
impl<'a> Data<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut data = Self::none();
        data.set(text);
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_wherever_an_object_was_taken_apart() {
        let many = (0..20).map(|number| format!(r#""m{number}":{number},"#)).collect::<String>();
        let deep = "[".repeat(5_000) + &"]".repeat(5_000);
        for (object, wanted) in [
            (r#"{"source":1}"#.to_owned(), Some("1")),
            (r#" { "a" : [ 1 , {"source":7} ] , "source" : "é" } "#.to_owned(), Some("\"é\"")),
            (r#"{"source":1,"source":[2]}"#.to_owned(), Some("[2]")),
            (r#"{"s\u006furce":3}"#.to_owned(), Some("3")),
            (r#"{"source":1,"s\u006furce":3}"#.to_owned(), Some("3")),
            (format!(r#"{{{many}"source":4}}"#), Some("4")),
            (format!(r#"{{"source":5,{many}"x":0}}"#), Some("5")),
            (format!(r#"{{"x":{deep},"source":6}}"#), Some("6")),
            ("{}".to_owned(), None),
            ("7".to_owned(), None),
            (r#"["source"]"#.to_owned(), None),
        ] {
            let expected = [None, wanted];
            assert_eq!(Data::of(&object).members(["other", "source"]), expected, "{object}");
            assert_eq!(members(&object, ["other", "source"]), expected, "{object}");
            assert_eq!(members_by_serde(&object, ["other", "source"]), expected, "{object}");
        }
    }

    #[test]
    fn the_values_of_a_list_are_found() {
        assert_eq!(items(r#"[ 1,"a]" , {"b":[2]} ]"#), Some(vec!["1", r#""a]""#, r#"{"b":[2]}"#]));
        assert_eq!(items("[]"), Some(Vec::new()));
        assert_eq!(
            items(&format!("[{},2]", "[".repeat(5_000) + &"]".repeat(5_000))).map(|items| items.len()),
            Some(2)
        );
        assert_eq!(items("{}"), None);
    }
}
