//! The data of an incremental snapshot: what each source of rrweb's needs.

use super::fault::{A_NUMBER, AN_ARRAY, AN_OBJECT, Fault, needed};
use crate::model::event::rrweb::incremental_source as source;
use crate::model::json::cursor::{Cursor, JsonKind};

/// What is known of the data of an incremental snapshot. The source may stand behind what it decides about.
struct IncrementalData {
    source: Option<f64>,
    id: Option<f64>,
    interaction: Option<f64>,
    positions: Result<(), Fault>,
    adds: Result<(), Fault>,
    removes: Result<(), Fault>,
    styles: Result<(), Fault>,
    style_ids: Option<JsonKind>,
    index: Option<JsonKind>,
    /// There is something in `set` or `remove`.
    is_edited: bool,
}

/// Whether a player needs more of the data of an incremental snapshot than this source, whatever is in it. Most of what is
/// recorded is changes and input, of which it does not.
pub(in super::super) fn needs_more_than_source(source: f64) -> bool {
    matches!(
        source,
        source::MOUSE_MOVE
            | source::TOUCH_MOVE
            | source::DRAG
            | source::MOUSE_INTERACTION
            | source::STYLE_SHEET_RULE
            | source::STYLE_DECLARATION
            | source::ADOPTED_STYLE_SHEET
    )
}

/// Looks at the data of an incremental snapshot.
pub(super) fn check(data: &mut Cursor) -> Result<(), Fault> {
    let mut seen = IncrementalData {
        source: None,
        id: None,
        interaction: None,
        positions: Err(Fault::new("data.positions", "an array that is not empty")),
        adds: Ok(()),
        removes: Ok(()),
        styles: Ok(()),
        style_ids: None,
        index: None,
        is_edited: false,
    };
    data.enter();
    while let Some(name) = data.next_member() {
        seen.read_member(&name, data);
    }
    seen.check()
}

impl IncrementalData {
    /// Goes past the value of this member.
    fn read_member(&mut self, name: &[u8], value: &mut Cursor) {
        let kind = value.kind();
        match name {
            b"source" => return self.source = value.number_or_skip(),
            b"id" => return self.id = value.number_or_skip(),
            b"type" => return self.interaction = value.number_or_skip(),
            b"positions" => return self.positions = or_skip(value, mouse_positions),
            b"adds" => return self.adds = or_skip(value, |rules| style_sheet_rules("data.adds", rules)),
            b"removes" => {
                return self.removes = or_skip(value, |rules| style_sheet_rules("data.removes", rules));
            }
            b"styles" if !matches!(kind, JsonKind::Array | JsonKind::Null) => {
                self.styles = Err(Fault::new("data.styles", AN_ARRAY));
            }
            b"styleIds" => self.style_ids = Some(kind),
            b"index" => self.index = Some(kind),
            b"set" | b"remove" => self.is_edited |= !matches!(kind, JsonKind::Null | JsonKind::False),
            _ => {}
        }
        value.skip();
    }

    fn check(self) -> Result<(), Fault> {
        let source = self.source.ok_or_else(|| Fault::new("data.source", A_NUMBER))?;
        match source {
            source::MOUSE_MOVE | source::TOUCH_MOVE | source::DRAG => self.positions,
            // Those of a node that was not recorded are passed over.
            source::MOUSE_INTERACTION if self.id == Some(-1.0) => Ok(()),
            source::MOUSE_INTERACTION => {
                let is_known =
                    self.interaction.is_some_and(|kind| kind.fract() == 0.0 && (0.0..=10.0).contains(&kind));
                needed(is_known, "data.type", "a number that rrweb knows (0 to 10)")
            }
            source::STYLE_SHEET_RULE => self.adds.and(self.removes),
            source::STYLE_DECLARATION => {
                let is_told = self.index.is_some_and(|index| index != JsonKind::Null);
                needed(!self.is_edited || is_told, "data.index", AN_ARRAY)
            }
            source::ADOPTED_STYLE_SHEET => {
                needed(self.style_ids == Some(JsonKind::Array), "data.styleIds", AN_ARRAY)?;
                self.styles
            }
            _ => Ok(()),
        }
    }
}

/// Goes past the next value with `check`; where that stops at a fault, past the rest of it.
fn or_skip(data: &mut Cursor, check: impl Fn(&mut Cursor) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut value = data.clone();
    let checked = check(&mut value);
    if checked.is_ok() {
        *data = value
    } else {
        data.skip()
    }
    checked
}

/// Where a pointer was: without its time the player waits for ever.
fn mouse_positions(value: &mut Cursor) -> Result<(), Fault> {
    let mut count = 0_usize;
    if value.kind() == JsonKind::Array {
        value.enter();
        while value.next_element() {
            let mut time = None;
            if value.kind() != JsonKind::Object {
                return Err(Fault::new(format!("data.positions[{count}]"), AN_OBJECT));
            }
            value.enter();
            while let Some(key) = value.next_member() {
                if &*key == b"timeOffset" {
                    time = Some(value.kind());
                }
                value.skip();
            }
            if time != Some(JsonKind::Number) {
                return Err(Fault::new(format!("data.positions[{count}].timeOffset"), A_NUMBER));
            }
            count += 1;
        }
    }
    needed(count > 0, "data.positions", "an array that is not empty")
}

/// Rules of a style sheet that come or go, if any do.
fn style_sheet_rules(path: &'static str, value: &mut Cursor) -> Result<(), Fault> {
    match value.kind() {
        JsonKind::Null => {
            value.skip();
            return Ok(());
        }
        JsonKind::Array if value.skip_empty() => return Ok(()),
        JsonKind::Array => value.enter(),
        _ => return Err(Fault::new(path, AN_ARRAY)),
    }
    let mut at = 0_usize;
    while value.next_element() {
        if value.kind() == JsonKind::Null {
            return Err(Fault::new(format!("{path}[{at}]"), AN_OBJECT));
        }
        value.skip();
        at += 1;
    }
    Ok(())
}
