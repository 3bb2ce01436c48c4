//! What makes rrweb's player throw, stop or draw wrong: one such event, and the whole replay may not open. The ingest takes it all
//! the same, so the viewer does, too, and says so in the session's problems.
//!
//! The page leaves the same events out (web/src/recording/playable.ts); both are held to tests/playable.json.

use super::data::{Data, is_list, is_null, is_object, items, members, number};
use super::unplayable::Unplayable;

/// What rrweb's player would throw on in an event of this type.
pub(super) fn check(event_type: f64, data: &Data<'_>) -> Result<(), Unplayable> {
    if ![2.0, 3.0, 4.0, 5.0, 6.0].contains(&event_type) {
        return Ok(());
    }
    ensure(data.is_object(), Unplayable::Data)?;
    match event_type {
        2.0 => snapshot(data),
        3.0 => change(data),
        4.0 => size(&data.members(["width", "height"])),
        _ => Ok(()),
    }
}

fn snapshot(data: &Data<'_>) -> Result<(), Unplayable> {
    let [node, offset] = data.members(["node", "initialOffset"]);
    let node = node.filter(|node| is_object(node)).ok_or(Unplayable::Node)?;
    let [kind, children] = members(node, ["type", "childNodes"]);
    let kind = kind.and_then(number).ok_or(Unplayable::NodeType)?;
    // A document and an element have children.
    ensure(kind != 0.0 && kind != 2.0 || children.is_some_and(is_list), Unplayable::NodeChildren)?;
    ensure(offset.is_none_or(|offset| is_null(offset) || is_object(offset)), Unplayable::InitialOffset)
}

fn change(data: &Data<'_>) -> Result<(), Unplayable> {
    let [source] = data.members(["source"]);
    let source = source.and_then(number).ok_or(Unplayable::Source)?;
    if source == 1.0 || source == 6.0 || source == 12.0 {
        let [positions] = data.members(["positions"]);
        let has_offset = |position: &str| {
            is_object(position) && members(position, ["timeOffset"])[0].and_then(number).is_some()
        };
        ensure(positions.is_some_and(|list| is_list_of(list, has_offset)), Unplayable::Positions)
    } else if source == 2.0 {
        let [kind] = data.members(["type"]);
        let known = |kind: f64| kind.fract() == 0.0 && (0.0..=10.0).contains(&kind);
        ensure(kind.and_then(number).is_some_and(known), Unplayable::Interaction)
    } else if source == 4.0 {
        size(&data.members(["width", "height"]))
    } else if source == 8.0 {
        let [adds, removes] = data.members(["adds", "removes"]);
        ensure(is_optional_list(adds), Unplayable::Adds)?;
        ensure(is_optional_list(removes), Unplayable::Removes)
    } else if source == 13.0 {
        let [set, remove, index] = data.members(["set", "remove", "index"]);
        let changes = [set, remove].into_iter().flatten().any(is_truthy);
        ensure(!changes || index.is_some_and(is_list), Unplayable::Index)
    } else if source == 15.0 {
        let [ids, styles] = data.members(["styleIds", "styles"]);
        ensure(ids.is_some_and(is_list), Unplayable::StyleIds)?;
        ensure(is_optional_list(styles), Unplayable::Styles)
    } else {
        Ok(())
    }
}

fn size([width, height]: &[Option<&str>; 2]) -> Result<(), Unplayable> {
    ensure(width.and_then(number).is_some(), Unplayable::Width)?;
    ensure(height.and_then(number).is_some(), Unplayable::Height)
}

fn ensure(right: bool, otherwise: Unplayable) -> Result<(), Unplayable> {
    if right { Ok(()) } else { Err(otherwise) }
}

fn is_truthy(value: &str) -> bool {
    !["null", "false", "\"\""].contains(&value) && number(value) != Some(0.0)
}

fn is_optional_list(value: Option<&str>) -> bool {
    value.is_none_or(|list| is_null(list) || is_list_of(list, is_object))
}

fn is_list_of(list: &str, is: impl Fn(&str) -> bool) -> bool {
    is_list(list) && items(list).is_some_and(|items| items.into_iter().all(is))
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

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
        let check = |data: &str, kind| super::check(kind, &Data::of(data));
        assert_eq!(check(&format!(r#"{{"node":{deep}}}"#), 2.0), Ok(()));
        assert_eq!(check(&format!(r#"{{"x":{deep},"source":0}}"#), 3.0), Ok(()));
        assert_eq!(check(r#"{"s\u006furce":1,"source":"1"}"#, 3.0), Err(Unplayable::Source));
        assert_eq!(check(r#"{"source":"1","s\u006furce":0}"#, 3.0), Ok(()));
    }
}
