//! What an event must hold so that a stock player can play it.
//!
//! rrweb's player reads members without asking whether they are there. Where one is missing it throws, and then the
//! replay does not open, or stops for good at that event. These rules are its own: each refuses what makes the player
//! throw, and nothing that it passes over. They are no schema: what rrweb emits for a page that its player can build
//! passes all of them. Each was tried in Chromium with the players of rrweb 2.0.1 and 2.2.2 where the tests say so, and
//! with that of 2.0.1 alone where they don't.
//!
//! - this file: events by their type; [`incremental`]: incremental snapshots by their source
//! - [`document`]: the document of a full snapshot, node by node; [`node`]: one node; [`element`]: one element
//! - [`names`]: the names that a browser takes; [`fault`]: what is said of what is missing

mod document;
mod element;
mod fault;
mod incremental;
mod names;
mod node;
#[cfg(test)]
mod tests;

use crate::model::event::rrweb::event_type;
use crate::model::json::cursor::{Cursor, JsonKind};
pub use fault::Fault;
use fault::{A_NUMBER, AN_OBJECT, needed};
pub(super) use incremental::needs_more_than_source;

/// Looks at the `data` of an event of this type, which is well-formed JSON.
pub(super) fn check(type_number: f64, data: Option<&str>) -> Result<(), Fault> {
    check_next(type_number, &mut Cursor::new(data.unwrap_or_default()))
}

/// The same of the value that comes next. Where nothing is wrong with it the cursor is past it.
pub(super) fn check_next(type_number: f64, data: &mut Cursor) -> Result<(), Fault> {
    let check: fn(&mut Cursor) -> Result<(), Fault> = match type_number {
        event_type::FULL_SNAPSHOT => full_snapshot,
        event_type::INCREMENTAL_SNAPSHOT => incremental::check,
        event_type::META => meta,
        // Custom events and those of plugins: their content is whoever reads it's affair.
        event_type::CUSTOM | event_type::PLUGIN => anything,
        // 0 and 1 tell by being there. What a later version invents is passed over.
        _ => return anything(data),
    };
    match data.kind() {
        JsonKind::Object => check(data),
        _ => Err(Fault::new("data", AN_OBJECT)),
    }
}

fn anything(data: &mut Cursor) -> Result<(), Fault> {
    data.skip();
    Ok(())
}

fn full_snapshot(data: &mut Cursor) -> Result<(), Fault> {
    let mut node = None;
    data.enter();
    while let Some(key) = data.next_member() {
        match &*key {
            b"node" => {
                node = Some(data.kind());
                match node {
                    Some(JsonKind::Object) => document::check(data, "data.node")?,
                    _ => data.skip(),
                }
            }
            b"initialOffset" => {
                // What it is given, the player hands to `scrollTo`.
                let is_wrong = !matches!(data.kind(), JsonKind::Object | JsonKind::Array | JsonKind::Null);
                if is_wrong {
                    return Err(Fault::new("data.initialOffset", AN_OBJECT));
                }
                data.skip();
            }
            _ => data.skip(),
        }
    }
    needed(node == Some(JsonKind::Object), "data.node", AN_OBJECT)
}

fn meta(data: &mut Cursor) -> Result<(), Fault> {
    let (mut width, mut height) = (None, None);
    data.enter();
    while let Some(key) = data.next_member() {
        match &*key {
            b"width" => width = Some(data.kind()),
            b"height" => height = Some(data.kind()),
            _ => {}
        }
        data.skip();
    }
    needed(width == Some(JsonKind::Number), "data.width", A_NUMBER)?;
    needed(height == Some(JsonKind::Number), "data.height", A_NUMBER)
}
