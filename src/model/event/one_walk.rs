//! An event read in one walk over its text, which finds the members, that they are JSON, and what a player needs in them.
//!
//! It takes no event that is not one, but not each that is one: what recorders don't write (an escaped key, a key that stands
//! twice, what is nested 128 levels deep outside of a document) is read member by member, which takes twice as long.

use std::borrow::Cow;

use super::members::Members;
use super::rrweb::event_type::INCREMENTAL_SNAPSHOT;
use super::{WireEvent, number, playable};
use crate::model::json::cursor::{Cursor, JsonKind};

/// Goes past the data of an incremental snapshot, and gives its source; `None` where that is no number.
pub(crate) type DataWalk<'w, 'a> = &'w mut dyn FnMut(&mut Cursor<'a>) -> Option<f64>;

/// The event that this text is. `None`: none, or not for sure. Where `walk` went past its data, the source that it gave.
pub(super) fn read<'a>(
    text: &'a str,
    mut walk: Option<DataWalk<'_, 'a>>,
) -> Option<(WireEvent<'a>, Option<f64>)> {
    let mut cursor = Cursor::new(text);
    if cursor.kind() != JsonKind::Object {
        return None;
    }
    let mut members = Members::default();
    let mut read = DataRead::NotChecked;
    cursor.enter();
    while let Some(key) = cursor.next_member() {
        let Cow::Borrowed(key) = key else { return None };
        let member = match key {
            b"type" => &mut members.event_type,
            b"timestamp" => &mut members.timestamp,
            b"delay" => &mut members.delay,
            b"data" => {
                // Where the type stands before it, as rrweb writes it, the same walk looks at what that needs.
                if members.data.is_some() {
                    return None;
                }
                let data;
                (data, read) = read_data(&mut cursor, members.event_type, walk.take())?;
                members.data = Some(data);
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
    let source = match read {
        DataRead::Checked(source) => source,
        DataRead::NotChecked => {
            let (_, type_number) = number(members.event_type)?;
            playable::check(type_number, members.data).ok()?;
            None
        }
    };
    Some((WireEvent::of_members(members).ok()?, source))
}

/// What is known of the data that was gone past.
enum DataRead {
    /// A player can play it. Its source, where the caller's walk found that.
    Checked(Option<f64>),
    /// That depends on the type, which is not known yet.
    NotChecked,
}

/// The data that comes next, as it is written. `None`: a player may not play it in an event of this type.
fn read_data<'a>(
    cursor: &mut Cursor<'a>,
    event_type: Option<&str>,
    walk: Option<DataWalk<'_, 'a>>,
) -> Option<(&'a str, DataRead)> {
    // White space before it is no part of it.
    cursor.kind();
    let start = cursor.position();
    let read = match event_type {
        None => {
            cursor.skip();
            DataRead::NotChecked
        }
        Some(event_type) => {
            let (_, type_number) = number(Some(event_type))?;
            match walk.filter(|_| type_number == INCREMENTAL_SNAPSHOT) {
                Some(walk) => {
                    let mut again = cursor.clone();
                    let source = walk(cursor)?;
                    if playable::needs_more_than_source(source) {
                        playable::check_next(type_number, &mut again).ok()?;
                    }
                    DataRead::Checked(Some(source))
                }
                None => {
                    playable::check_next(type_number, cursor).ok()?;
                    DataRead::Checked(None)
                }
            }
        }
    };
    Some((cursor.between(start, cursor.position()), read))
}

#[cfg(test)]
#[path = "one_walk_tests.rs"]
mod tests;
