//! The events of a scene as they travel: those of the pages in its views are made part of its document, with no state at all.
//!
//! - [`shift`]: where in an event's data node ids stand, and how they become the document's
//! - [`live`]: a page of this process, as those see it who record its events

pub(super) mod live;
#[cfg(test)]
mod reference;
mod shift;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::ids::{DocumentIds, ViewIds};
use crate::model::event::{FULL_SNAPSHOT, InvalidEvent, META, Marked, WireEvent};
use crate::model::json::cursor::Cursor;

pub(crate) use self::shift::Scratch;

/// An event that travels in place of a stored one.
#[derive(Debug, PartialEq)]
pub(crate) enum Rewritten<'s> {
    /// An incremental snapshot with this data.
    Incremental(Cow<'s, str>),
    /// A Meta event with this data.
    Meta(Cow<'s, str>),
    /// The event itself.
    Same,
}

impl Rewritten<'_> {
    /// As an event of the same moment, but not before this one.
    pub fn as_event<'a>(&'a self, original: &WireEvent<'a>, mark: &Marked<'a>) -> WireEvent<'a> {
        let not_before = match mark {
            Marked::Page { not_before, .. } => not_before,
            Marked::Scene { .. } => "",
        };
        match self {
            Self::Incremental(data) => original.with_data("3", INCREMENTAL_SNAPSHOT, data, not_before),
            Self::Meta(data) => original.with_data("4", META, data, not_before),
            Self::Same => *original,
        }
    }
}

const INCREMENTAL_SNAPSHOT: f64 = 3.0;
const VIEWPORT_RESIZE: f64 = 4.0;

/// Whether an event of a page has a meaning in a scene: that the page is loaded (rrweb's types 0 and 1) has none.
pub(crate) fn is_needed(event_type: f64) -> bool {
    event_type != 0.0 && event_type != 1.0
}

/// The scratch holds the data of an event, shifted already. Its source.
pub(crate) struct Shifted(f64);

/// Reads a stored event that has this mark, if any. Most of a page are shifted in the same walk.
pub(crate) fn read<'e>(
    mark: Option<&Marked>,
    json: &'e [u8],
    scratch: &mut Scratch,
) -> Result<(WireEvent<'e>, Option<Shifted>), InvalidEvent> {
    let Some(Marked::Page { view, document, .. }) = mark else {
        return Ok((WireEvent::parse(json)?, None));
    };
    let mut shift = |data: &mut Cursor| shift::data(ViewIds(*view), DocumentIds(*document), data, scratch);
    let (event, source) = WireEvent::parse_with(json, Some(&mut shift))?;
    Ok((event, source.map(Shifted)))
}

/// What travels in place of this event, which has this mark: up to two. None: the event itself. `shifted`: as [`read`] gave it for
/// this data.
pub(crate) fn rewrite<'s>(
    mark: &Marked,
    event: &WireEvent,
    shifted: Option<Shifted>,
    scratch: &'s mut Scratch,
) -> [Option<Rewritten<'s>>; 2] {
    match *mark {
        Marked::Page { view, document, .. } => {
            page_event(ViewIds(view), DocumentIds(document), event, shifted, scratch)
        }
        Marked::Scene { width, height } => {
            let data = format!(r#"{{"href":"app://scene","width":{width},"height":{height}}}"#);
            [Some(Rewritten::Meta(data.into())), Some(Rewritten::Same)]
        }
    }
}

/// What travels of an event that has this mark, in wire form. Both ways to it agree: it is shifted as it is read, or afterwards.
#[cfg(any(test, fuzzing))]
pub(crate) fn travelling(mark: &Marked, json: &[u8]) -> Result<Vec<String>, InvalidEvent> {
    let travels = |event: &WireEvent, shifted, scratch: &mut Scratch| {
        let rewritten = rewrite(mark, event, shifted, scratch);
        rewritten.iter().flatten().map(|it| it.as_event(event, mark).to_json()).collect::<Vec<_>>()
    };
    let mut scratch = Scratch::default();
    let at_once = read(Some(mark), json, &mut scratch);
    let at_once = at_once.map(|(event, shifted)| travels(&event, shifted, &mut scratch));
    let afterwards = WireEvent::parse(json).map(|event| travels(&event, None, &mut scratch));
    assert_eq!(at_once, afterwards, "{}", String::from_utf8_lossy(json));
    at_once
}

fn page_event<'s>(
    view: ViewIds,
    document: DocumentIds,
    event: &WireEvent,
    shifted: Option<Shifted>,
    scratch: &'s mut Scratch,
) -> [Option<Rewritten<'s>>; 2] {
    let data = event.data().unwrap_or("{}");
    match event.type_number() {
        FULL_SNAPSHOT => full_snapshot(view, document, data, scratch),
        META => [Some(frame_size(view, data)), None],
        INCREMENTAL_SNAPSHOT => {
            let source = match shifted {
                Some(Shifted(source)) => Some(source),
                // One walk for both: nearly none is about the size.
                None => shift::data(view, document, &mut Cursor::new(data), scratch),
            };
            match source {
                Some(VIEWPORT_RESIZE) => [Some(frame_size(view, data)), None],
                _ => [Some(Rewritten::Incremental(scratch.text.as_str().into())), None],
            }
        }
        _ => [None, None],
    }
}

/// The document goes into the view's frame, and is scrolled to where it was.
fn full_snapshot<'s>(
    view: ViewIds,
    ids: DocumentIds,
    data: &str,
    scratch: &'s mut Scratch,
) -> [Option<Rewritten<'s>>; 2] {
    let frame = view.frame();
    scratch.text.clear();
    scratch.text.push_str(&format!(
        r#"{{"source":0,"texts":[],"attributes":[],"removes":[],"adds":[{{"parentId":{frame},"nextId":null,"node":"#
    ));
    let begin = scratch.text.len();
    scratch.text.push_str("{}");
    let (mut root, mut offset) = (None, "{}");
    // In one walk: it may be long.
    let mut next = Cursor::new(data);
    next.enter();
    while let Some(name) = next.next_member() {
        match &*name {
            b"node" => {
                // Of two the last counts.
                scratch.text.truncate(begin);
                root = shift::node(ids, &mut next, scratch);
            }
            b"initialOffset" => offset = next.raw(),
            _ => next.skip(),
        }
    }
    scratch.text.push_str(r#"}],"isAttachIframe":true}"#);
    let scrolled = [b"left".as_slice(), b"top"].map(|side| number_of(offset, side).unwrap_or(0.0));
    let is_scrolled = scrolled != [0.0, 0.0] && scrolled.iter().all(|side| side.is_finite());
    let scroll = root.filter(|_| is_scrolled).map(|id| {
        let ([x, y], id) = (scrolled, ids.of_node(id));
        Rewritten::Incremental(format!(r#"{{"source":3,"id":{id},"x":{x},"y":{y}}}"#).into())
    });
    [Some(Rewritten::Incremental(scratch.text.as_str().into())), scroll]
}

/// The frame is as large as the page says.
fn frame_size(view: ViewIds, data: &str) -> Rewritten<'static> {
    let side =
        |name| number_of(data, name).filter(|side| side.is_finite()).unwrap_or(0.0).clamp(0.0, 100_000.0);
    let (frame, width, height) = (view.frame(), side(b"width"), side(b"height"));
    let data = format!(
        r#"{{"source":0,"texts":[],"removes":[],"adds":[],"attributes":[{{"id":{frame},"attributes":{{"width":"{width}","height":"{height}"}}}}]}}"#
    );
    Rewritten::Incremental(data.into())
}

/// The value of this member; of equal keys the last counts.
fn member<'a>(object: &'a str, name: &[u8]) -> Option<&'a str> {
    Cursor::new(object).members().filter(|(key, _)| **key == *name).map(|(_, value)| value).last()
}

fn number_of(object: &str, name: &[u8]) -> Option<f64> {
    Cursor::new(member(object, name)?).number()
}
