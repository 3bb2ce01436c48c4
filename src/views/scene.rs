//! The scene: all views, and the document that shows them. It is a value: each change tells what changes in the document.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::changes::Changes;
use super::element::{Element, text_node};
use super::ids::{self, MAX_VIEW, ViewIds};
use super::layers::{Drawn, Layers};
use super::nodes::style::SHEET;
use super::nodes::{NodeInfo, NodeList, Size, colour, fingerprint, prepare};
use super::view::{Content, Page, Placement, View, ViewInfo};
use crate::error::Error;
use crate::model::privacy::MaskLevel;

/// Views that are there at one time.
const MAX_VIEWS: usize = 256;
/// How deep one lies in another.
const MAX_DEPTH: usize = 8;
/// Nodes of all views, and bytes of their texts and pictures: so a full snapshot stays below the limit of one event.
const MAX_SIZE: Size = Size { nodes: 10_000, bytes: 2_000_000 };
/// Bytes that the images of all views take in a full snapshot, beside the nodes: that, too, stays below the limit then.
pub(super) const MAX_PIXEL_BYTES: usize = 4_000_000;
/// As large the desk is at least, where nobody says.
const MIN_DESK: [f64; 2] = [320.0, 240.0];

/// See the module.
#[derive(Default)]
pub(super) struct Scene {
    views: BTreeMap<u64, View>,
    /// Views that were made: each has a number of its own.
    made: u32,
    /// Where the host placed the desk, if it did.
    desk: Option<Placement>,
    /// As large as the views have needed so far, where it did not.
    grown: [f64; 2],
    /// Something changed that only a full snapshot can say.
    is_to_be_drawn_anew: bool,
}

impl Scene {
    /// Whether there is anything in it.
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    pub fn view(&self, view: u64) -> Result<&View, Error> {
        self.views.get(&view).ok_or_else(|| unknown(view))
    }

    /// All pages.
    pub fn pages(&self) -> impl Iterator<Item = &Arc<Page>> {
        self.views.values().filter_map(View::page)
    }

    /// Whether the document has to be told whole, next.
    pub fn needs_full_snapshot(&self) -> bool {
        let needs_ids = |view: &View| matches!(&view.content, Content::Nodes(nodes) if nodes.needs_new_ids());
        self.is_to_be_drawn_anew || self.views.values().any(needs_ids)
    }

    /// Shows, moves, resizes, raises or hides a view; or the desk.
    pub fn place(&mut self, info: &ViewInfo, level: MaskLevel, changes: &mut Changes) -> Result<(), Error> {
        let placement = Placement::of(info, level)?;
        if info.view == 0 {
            self.place_desk(placement, changes);
            return Ok(());
        }
        match self.views.get(&info.view) {
            None => self.open(info.view, info.parent, placement, true, changes)?,
            Some(view) if view.parent != info.parent => {
                let (view, before) = (info.view, view.parent);
                return Err(Error::InvalidArgument(format!(
                    "view {view} lies in view {before}: close it before you place it in another"
                )));
            }
            Some(_) => self.replace(info.view, placement, true, changes),
        }
        self.fit_desk(changes);
        Ok(())
    }

    fn place_desk(&mut self, placement: Placement, changes: &mut Changes) {
        let before = self.desk.replace(placement);
        let [now, then] = [self.desk.as_ref(), before.as_ref()].map(|desk| {
            let [x, y, width, height] = desk.map_or([0.0; 4], |desk| desk.rectangle);
            (([x, y], desk.map_or(0, |desk| desk.background)), [width, height])
        });
        self.is_to_be_drawn_anew |= now.0 != then.0;
        if now.1 != then.1 {
            changes.resize(self.size());
        }
    }

    fn open(
        &mut self,
        view: u64,
        parent: u64,
        placement: Placement,
        is_placed: bool,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        if self.views.len() >= MAX_VIEWS {
            return Err(Error::InvalidArgument(format!(
                "{MAX_VIEWS} views are there: close those that are gone"
            )));
        }
        if self.made >= MAX_VIEW {
            return Err(Error::InvalidArgument(format!("{MAX_VIEW} views were made, the most there can be")));
        }
        if parent != 0 {
            self.view(parent)?;
            if self.depth(parent) >= MAX_DEPTH {
                return Err(Error::InvalidArgument(format!(
                    "view {view} lies more than {MAX_DEPTH} deep in others: place it in an outer one"
                )));
            }
        }
        self.made += 1;
        let ids = ViewIds(self.made);
        changes.add(self.parent_id(parent), None, &placement.shell(ids, self.origin(parent), false));
        self.views.insert(view, View { ids, parent, is_placed, placement, content: Content::Nothing });
        Ok(())
    }

    /// The view lies there from now on.
    fn replace(&mut self, view: u64, placement: Placement, is_placed: bool, changes: &mut Changes) {
        let origin = self.views.get(&view).map_or([0.0; 2], |it| self.origin(it.parent));
        let Some(view) = self.views.get_mut(&view) else { return };
        let shell = |of: &Placement, view: &View| of.shell(view.ids, origin, view.page().is_some());
        changes.update(&shell(&view.placement, view), &shell(&placement, view));
        view.placement = placement;
        view.is_placed |= is_placed;
    }

    /// Takes a view away, with those that lie in it. Which they were.
    pub fn close(&mut self, view: u64, changes: &mut Changes) -> Result<Vec<u64>, Error> {
        let View { ids, parent, .. } = self.view(view)?;
        changes.remove(self.parent_id(*parent), ids.window());
        let mut closed = Vec::new();
        self.forget(view, &mut closed);
        Ok(closed)
    }

    fn forget(&mut self, view: u64, closed: &mut Vec<u64>) {
        self.views.remove(&view);
        closed.push(view);
        let inside: Vec<u64> = self.inside(view).map(|(view, _)| view).collect();
        inside.into_iter().for_each(|view| self.forget(view, closed));
    }

    /// Shows these nodes in a view, which is made where there is none. Whether anything changed.
    pub fn show_nodes(
        &mut self,
        view: u64,
        infos: &[NodeInfo],
        level: MaskLevel,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let fingerprint = fingerprint(infos, level);
        let shown = self.views.get(&view).and_then(|view| match &view.content {
            Content::Nodes(nodes) => Some(nodes),
            _ => None,
        });
        if shown.is_some_and(|nodes| nodes.is(fingerprint)) {
            return Ok(());
        }
        self.make_room(infos.len(), 0, shown.map_or(Size::default(), |nodes| nodes.size))?;
        let (nodes, size) = prepare(infos, level)?;
        self.make_room(size.nodes, size.bytes, shown.map_or(Size::default(), |nodes| nodes.size))?;
        self.fit_view(view, changes, |[width, height]| {
            infos.iter().fold([width, height], |[width, height], info| {
                let [x, y, w, h] = info.rectangle.map(f64::from);
                [width.max(x + w), height.max(y + h)]
            })
        })?;
        let Some(view) = self.views.get_mut(&view) else { return Ok(()) };
        if !matches!(view.content, Content::Nodes(_)) {
            empty(view, changes);
            view.content = Content::Nodes(NodeList::default());
        }
        if let Content::Nodes(list) = &mut view.content {
            list.replace(view.ids, nodes, size, fingerprint, changes);
        }
        Ok(())
    }

    /// Whether there is room for a list of this size in place of one of another.
    fn make_room(&self, nodes: usize, bytes: usize, before: Size) -> Result<(), Error> {
        let of_all = self.views.values().filter_map(|view| match &view.content {
            Content::Nodes(nodes) => Some(nodes.size),
            _ => None,
        });
        let used = of_all.fold(Size::default(), |sum, size| Size {
            nodes: sum.nodes + size.nodes,
            bytes: sum.bytes + size.bytes,
        });
        let (all_nodes, all_bytes) = (used.nodes - before.nodes + nodes, used.bytes - before.bytes + bytes);
        if all_nodes <= MAX_SIZE.nodes && all_bytes <= MAX_SIZE.bytes {
            return Ok(());
        }
        Err(Error::InvalidArgument(format!(
            "all views together would have {all_nodes} nodes with {all_bytes} bytes of text and pictures, the limits are {} and {}: leave out what is not seen",
            MAX_SIZE.nodes, MAX_SIZE.bytes
        )))
    }

    /// Pixels become the content of a view, which is made, where there is none, in this size. Whether a full picture of it has
    /// to be asked for.
    pub fn open_pixels(&mut self, view: u64, size: [f64; 2], changes: &mut Changes) -> Result<bool, Error> {
        self.fit_view(view, changes, |_| size)?;
        let Some(view) = self.views.get_mut(&view) else { return Ok(false) };
        if !matches!(view.content, Content::Pixels(_)) {
            empty(view, changes);
            view.content = Content::Pixels(Layers::default());
        }
        Ok(match &mut view.content {
            Content::Pixels(layers) => layers.asks(),
            _ => false,
        })
    }

    /// Shows what was drawn in its view, if pixels are its content. `false`: there was no room for it, and it shows nothing.
    pub fn show_pixels(&mut self, drawn: Drawn, changes: &mut Changes) -> bool {
        let bytes = |view: &View| match &view.content {
            Content::Pixels(layers) => layers.bytes(),
            _ => 0,
        };
        let others = self.views.iter().filter(|(view, _)| **view != drawn.view);
        let room = MAX_PIXEL_BYTES.saturating_sub(others.map(|(_, view)| bytes(view)).sum());
        match self.views.get_mut(&drawn.view) {
            Some(View { ids, content: Content::Pixels(layers), .. }) => {
                layers.draw(*ids, drawn, room, changes)
            }
            _ => true,
        }
    }

    /// A view that nobody placed is as large as its content needs; that depends on how large it was.
    fn fit_view(
        &mut self,
        view: u64,
        changes: &mut Changes,
        needed: impl FnOnce([f64; 2]) -> [f64; 2],
    ) -> Result<(), Error> {
        let is_placed = self.views.get(&view).is_some_and(|view| view.is_placed);
        if is_placed {
            return Ok(());
        }
        if view == 0 {
            return Err(Error::InvalidArgument(
                "view 0 is the desk: give the view a number of its own".to_owned(),
            ));
        }
        let [_, _, width, height] = self.views.get(&view).map_or([0.0; 4], |view| view.placement.rectangle);
        let placement = Placement::of_size(needed([width, height]));
        match self.views.contains_key(&view) {
            true => self.replace(view, placement, false, changes),
            false => self.open(view, 0, placement, false, changes)?,
        }
        self.fit_desk(changes);
        Ok(())
    }

    /// The page of this view, whose content it becomes.
    pub fn show_page(&mut self, view: u64, changes: &mut Changes) -> Result<(), Error> {
        let view = self.views.get_mut(&view).ok_or_else(|| unknown(view))?;
        if view.page().is_none() {
            empty(view, changes);
            changes.add(view.ids.content(), None, &view.placement.frame(view.ids));
            view.content = Content::Page(Arc::new(Page::new(view.ids)));
        }
        Ok(())
    }

    /// Nothing is captured: nodes and pixels are not kept meanwhile.
    pub fn forget_content(&mut self) {
        for view in self.views.values_mut() {
            if matches!(view.content, Content::Nodes(_) | Content::Pixels(_)) {
                view.content = Content::Nothing;
            }
        }
    }

    /// Where a place in a view is on the desk, and which node is there.
    pub fn locate(&self, view: u64, [x, y]: [f64; 2]) -> Result<([f64; 2], u64), Error> {
        let inside = self.view(view)?;
        let node = match &inside.content {
            Content::Nodes(nodes) => nodes.node_at(inside.ids, [x as f32, y as f32]),
            _ => None,
        };
        let (mut place, mut at) = ([x, y], inside);
        loop {
            let (origin, [left, top, ..]) = (self.origin(at.parent), at.placement.rectangle);
            place = [place[0] + left - origin[0], place[1] + top - origin[1]];
            match self.views.get(&at.parent) {
                Some(parent) => at = parent,
                None => return Ok((place, node.unwrap_or_else(|| inside.ids.content()))),
            }
        }
    }

    /// Width and height of the desk.
    pub fn size(&self) -> [f64; 2] {
        let [width, height] = match &self.desk {
            Some(Placement { rectangle: [_, _, width, height], .. }) => [*width, *height],
            None => self.grown,
        };
        [width.max(MIN_DESK[0]).ceil(), height.max(MIN_DESK[1]).ceil()]
    }

    /// The whole document, as a full snapshot has it. Nodes get new ids.
    pub fn document(&mut self) -> Value {
        self.is_to_be_drawn_anew = false;
        for view in self.views.values_mut() {
            if let Content::Nodes(nodes) = &mut view.content {
                nodes.renumber();
            }
        }
        let background = self.desk.as_ref().map_or(0, |desk| desk.background);
        let background =
            if background == 0 { String::new() } else { format!("background:{}", colour(background)) };
        let mut body = Element::new(ids::BODY, "body").with("style", background);
        for (view, inside) in self.in_order(0) {
            body = body.with_child(self.element(view, inside));
        }
        let head = Element::new(ids::HEAD, "head").to_node();
        let mut html = Element::new(ids::HTML, "html").to_node();
        let mut style = Element::new(ids::STYLE, "style").to_node();
        let mut sheet = text_node(ids::STYLE_TEXT, SHEET);
        sheet["isStyle"] = true.into();
        style["childNodes"] = json!([sheet]);
        let mut head = head;
        head["childNodes"] = json!([style]);
        html["childNodes"] = json!([head, body.to_tree()]);
        let doctype =
            json!({"type": 1, "name": "html", "publicId": "", "systemId": "", "id": ids::DOCUMENT_TYPE});
        json!({"type": 0, "childNodes": [doctype, html], "id": ids::DOCUMENT})
    }

    /// A view with all that lies in it.
    fn element(&self, view: u64, inside: &View) -> Element {
        let mut window = inside.placement.shell(inside.ids, self.origin(inside.parent), false);
        for child in &mut window.children {
            if let super::element::Child::Element(content) = child
                && content.id == inside.ids.content()
            {
                content.children.extend(inside.elements().into_iter().map(super::element::Child::Element));
            }
        }
        for (view, inside) in self.in_order(view) {
            window = window.with_child(self.element(view, inside));
        }
        window
    }

    /// The views that lie in this one.
    fn inside(&self, parent: u64) -> impl Iterator<Item = (u64, &View)> {
        self.views.iter().filter(move |(_, view)| view.parent == parent).map(|(id, view)| (*id, view))
    }

    /// The same, in the order in which they were made.
    fn in_order(&self, parent: u64) -> Vec<(u64, &View)> {
        let mut views: Vec<_> = self.inside(parent).collect();
        views.sort_by_key(|(_, view)| view.ids.0);
        views
    }

    fn depth(&self, view: u64) -> usize {
        let mut depth = 0;
        let mut at = view;
        while let Some(view) = self.views.get(&at) {
            depth += 1;
            at = view.parent;
        }
        depth
    }

    /// The element that a view lies in.
    fn parent_id(&self, parent: u64) -> u64 {
        self.views.get(&parent).map_or(ids::BODY, |parent| parent.ids.window())
    }

    /// Where what a view lies in begins.
    fn origin(&self, parent: u64) -> [f64; 2] {
        match (&self.desk, parent) {
            (Some(Placement { rectangle: [x, y, ..], .. }), 0) => [*x, *y],
            _ => [0.0; 2],
        }
    }

    /// Where nobody placed the desk, it grows with what lies on it.
    fn fit_desk(&mut self, changes: &mut Changes) {
        let before = self.size();
        let shown = self.inside(0).filter(|(_, view)| !view.placement.is_hidden());
        self.grown = shown.fold(self.grown, |[width, height], (_, view)| {
            let [x, y, w, h] = view.placement.rectangle;
            [width.max(x + w), height.max(y + h)]
        });
        if self.size() != before {
            changes.resize(self.size());
        }
    }
}

/// Takes what is in a view out of the document.
fn empty(view: &View, changes: &mut Changes) {
    view.elements().iter().for_each(|element| changes.remove(view.ids.content(), element.id));
}

fn unknown(view: u64) -> Error {
    Error::InvalidArgument(format!("view {view} is not there: place it with sr_view_place first"))
}

#[cfg(test)]
#[path = "scene_tests.rs"]
mod tests;
