//! An event read in one walk over its text, which finds the members, that they are JSON, and what a player needs in them.
//!
//! It takes no event that is not one, but not each that is one: what recorders don't write (an escaped key, a key that stands
//! twice, what is nested 128 levels deep outside of a document) is read member by member, which takes twice as long.

use std::borrow::Cow;

use super::members::Members;
use super::{WireEvent, number, playable};
use crate::model::json::cursor::{Cursor, JsonKind};

/// The event that this text is. `None`: none, or not for sure.
pub(super) fn read(text: &str) -> Option<WireEvent<'_>> {
    let mut cursor = Cursor::new(text);
    if cursor.kind() != JsonKind::Object {
        return None;
    }
    let mut members = Members::default();
    let mut is_checked = false;
    cursor.enter();
    while let Some(key) = cursor.next_member() {
        let Cow::Borrowed(key) = key else { return None };
        let member = match key {
            b"type" => &mut members.event_type,
            b"timestamp" => &mut members.timestamp,
            b"delay" => &mut members.delay,
            b"data" => {
                // Where the type stands before it, as rrweb writes it, the same walk looks at what that needs.
                let (value, checked) = walk_over_data(&mut cursor, members.event_type)?;
                is_checked = checked;
                if members.data.replace(value).is_some() {
                    return None;
                }
                continue;
            }
            _ => {
                cursor.skip();
                continue;
            }
        };
        if member.replace(cursor.raw()).is_some() {
            return None;
        }
    }
    if !cursor.ends_well_formed() {
        return None;
    }
    if !is_checked {
        let (_, type_number) = number(members.event_type)?;
        playable::check(type_number, members.data).ok()?;
    }
    WireEvent::of_members(members).ok()
}

/// The data that comes next, and whether a player can play it in an event of this type, if that is known.
fn walk_over_data<'a>(cursor: &mut Cursor<'a>, event_type: Option<&str>) -> Option<(&'a str, bool)> {
    // White space before it is no part of it.
    cursor.kind();
    let start = cursor.position();
    match event_type {
        Some(event_type) => playable::check_next(number(Some(event_type))?.1, cursor).ok()?,
        None => cursor.skip(),
    }
    Some((cursor.between(start, cursor.position()), event_type.is_some()))
}

#[cfg(test)]
#[path = "one_walk_tests.rs"]
mod tests;
