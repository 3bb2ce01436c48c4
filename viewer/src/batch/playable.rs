//! What makes rrweb's player throw, stop or draw wrong: one such event, and the whole replay may not open. The ingest takes it all
//! the same, so the viewer does, too, and says so in the session's problems.
//!
//! The page leaves the same events out (web/src/recording/playable.ts); both are held to tests/playable.json.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::unplayable::Unplayable;

/// What rrweb's player would throw on in an event of this type.
pub(super) fn check(event_type: f64, data: Option<&RawValue>) -> Result<(), Unplayable> {
    if ![2.0, 3.0, 4.0, 5.0, 6.0].contains(&event_type) {
        return Ok(());
    }
    let data = data.filter(|data| is_object(data)).ok_or(Unplayable::Data)?;
    match event_type {
        2.0 => snapshot(data),
        3.0 => change(data),
        4.0 => size(&members(data, ["width", "height"])),
        _ => Ok(()),
    }
}

fn snapshot(data: &RawValue) -> Result<(), Unplayable> {
    let [node, offset] = members(data, ["node", "initialOffset"]);
    let node = node.filter(|node| is_object(node)).ok_or(Unplayable::Node)?;
    let [kind, children] = members(node, ["type", "childNodes"]);
    let kind = kind.and_then(number).ok_or(Unplayable::NodeType)?;
    // A document and an element have children.
    ensure(kind != 0.0 && kind != 2.0 || children.is_some_and(is_list), Unplayable::NodeChildren)?;
    ensure(offset.is_none_or(|offset| is_null(offset) || is_object(offset)), Unplayable::InitialOffset)
}

fn change(data: &RawValue) -> Result<(), Unplayable> {
    let [source] = members(data, ["source"]);
    let source = source.and_then(number).ok_or(Unplayable::Source)?;
    if source == 1.0 || source == 6.0 || source == 12.0 {
        let [positions] = members(data, ["positions"]);
        let has_offset = |position: &RawValue| {
            is_object(position) && members(position, ["timeOffset"])[0].and_then(number).is_some()
        };
        ensure(positions.is_some_and(|list| is_list_of(list, has_offset)), Unplayable::Positions)
    } else if source == 2.0 {
        let [kind] = members(data, ["type"]);
        let known = |kind: f64| kind.fract() == 0.0 && (0.0..=10.0).contains(&kind);
        ensure(kind.and_then(number).is_some_and(known), Unplayable::Interaction)
    } else if source == 4.0 {
        size(&members(data, ["width", "height"]))
    } else if source == 8.0 {
        let [adds, removes] = members(data, ["adds", "removes"]);
        ensure(is_optional_list(adds), Unplayable::Adds)?;
        ensure(is_optional_list(removes), Unplayable::Removes)
    } else if source == 13.0 {
        let [set, remove, index] = members(data, ["set", "remove", "index"]);
        let changes = [set, remove].into_iter().flatten().any(is_truthy);
        ensure(!changes || index.is_some_and(is_list), Unplayable::Index)
    } else if source == 15.0 {
        let [ids, styles] = members(data, ["styleIds", "styles"]);
        ensure(ids.is_some_and(is_list), Unplayable::StyleIds)?;
        ensure(is_optional_list(styles), Unplayable::Styles)
    } else {
        Ok(())
    }
}

fn size([width, height]: &[Option<&RawValue>; 2]) -> Result<(), Unplayable> {
    ensure(width.and_then(number).is_some(), Unplayable::Width)?;
    ensure(height.and_then(number).is_some(), Unplayable::Height)
}

fn ensure(right: bool, otherwise: Unplayable) -> Result<(), Unplayable> {
    if right { Ok(()) } else { Err(otherwise) }
}

pub(super) fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

fn is_list(value: &RawValue) -> bool {
    value.get().starts_with('[')
}

fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

fn is_truthy(value: &RawValue) -> bool {
    !["null", "false", "\"\""].contains(&value.get()) && number(value) != Some(0.0)
}

fn is_optional_list(value: Option<&RawValue>) -> bool {
    value.is_none_or(|list| is_null(list) || is_list_of(list, is_object))
}

fn is_list_of(list: &RawValue, is: impl Fn(&RawValue) -> bool) -> bool {
    is_list(list)
        && serde_json::from_str::<Vec<&RawValue>>(list.get()).is_ok_and(|items| items.into_iter().all(is))
}

pub(super) fn number(value: &RawValue) -> Option<f64> {
    value.get().parse().ok()
}

/// The values of these members of an object; the last of a name counts, as in JavaScript. Values are not read, so that they
/// may be as deep as they like.
pub(super) fn members<'a, const N: usize>(
    object: &'a RawValue,
    names: [&'static str; N],
) -> [Option<&'a RawValue>; N] {
    struct Wanted<const N: usize>([&'static str; N]);

    impl<'de, const N: usize> Visitor<'de> for Wanted<N> {
        type Value = [Option<&'de RawValue>; N];

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = [None; N];
            while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
                match self.0.iter().position(|name| *name == key) {
                    Some(place) => found[place] = Some(map.next_value::<&'de RawValue>()?),
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
            }
            Ok(found)
        }
    }

    #[derive(serde::Deserialize)]
    struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

    let mut reader = serde_json::Deserializer::from_str(object.get());
    reader.deserialize_map(Wanted(names)).unwrap_or([None; N])
}

#[cfg(test)]
mod tests {
    use super::super::event;
    use super::*;

    #[derive(serde::Deserialize)]
    struct Table<'a> {
        #[serde(borrow)]
        plays: Vec<&'a RawValue>,
        throws: Vec<(&'a str, &'a RawValue)>,
    }

    #[test]
    fn what_the_player_throws_on_is_named_and_nothing_else() {
        let table: Table<'_> = serde_json::from_str(include_str!("../../tests/playable.json")).unwrap();
        let check = |event: &RawValue| event::check(event.get(), false).unwrap().unplayable;
        for event in table.plays {
            assert_eq!(check(event), None, "{event}");
        }
        for (member, event) in table.throws {
            assert_eq!(check(event).map(Unplayable::member), Some(member), "{event}");
        }
    }

    #[test]
    fn documents_of_any_depth_and_odd_keys_are_read() {
        let deep = r#"{"type":2,"childNodes":["#.repeat(20_000) + &"]}".repeat(20_000);
        let check = |data: &str, kind| {
            let data: &RawValue = serde_json::from_str(data).unwrap();
            super::check(kind, Some(data))
        };
        assert_eq!(check(&format!(r#"{{"node":{deep}}}"#), 2.0), Ok(()));
        assert_eq!(check(&format!(r#"{{"x":{deep},"source":0}}"#), 3.0), Ok(()));
        assert_eq!(check(r#"{"s\u006furce":1,"source":"1"}"#, 3.0), Err(Unplayable::Source));
        assert_eq!(check(r#"{"source":"1","s\u006furce":0}"#, 3.0), Ok(()));
    }
}
