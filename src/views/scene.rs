//! The scene: all views, where they lie, and which of them are pages. It is a value: each change tells what changes in the
//! document. [`super::content`] has what is in the views, [`super::document`] the whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ARE_BUILT;
use super::changes::Changes;
use super::desk::Desk;
use super::ids::{self, Numbers, ViewIds};
use super::page::live::Page;
use super::view::{Content, Placement, View, ViewInfo};
use crate::error::Error;
use crate::model::privacy::MaskLevel;

/// Views that are there at one time.
const MAX_VIEWS: usize = 256;
/// How deep one lies in another.
const MAX_DEPTH: usize = 8;

/// The pages, by the host's names for their views.
pub(super) type Pages = BTreeMap<u64, Arc<Page>>;

/// See the module.
#[derive(Default)]
pub(super) struct Scene {
    pub(super) views: BTreeMap<u64, View>,
    /// Those of the views whose content is a page. Shared with those who record events of pages: copied before it changes.
    pages: Arc<Pages>,
    numbers: Arc<Numbers>,
    pub(super) desk: Desk,
}

impl Scene {
    /// Whether there is anything in it. The compiler knows where there never is, and leaves out what tells the scene.
    pub fn is_empty(&self) -> bool {
        !ARE_BUILT || self.views.is_empty()
    }

    pub fn view(&self, view: u64) -> Result<&View, Error> {
        self.views.get(&view).ok_or_else(|| unknown(view))
    }

    /// All pages.
    pub fn pages(&self) -> &Arc<Pages> {
        &self.pages
    }

    /// Width and height of the desk.
    pub fn size(&self) -> [f64; 2] {
        self.desk.size()
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

    /// What lies on the desk stays where it is for the host, so it moves in the document when the desk begins elsewhere.
    fn place_desk(&mut self, placement: Placement, changes: &mut Changes) {
        let before = self.desk.origin();
        self.desk.place(placement, changes);
        let origin = self.desk.origin();
        for (_, view) in self.inside(0) {
            changes.update(&view.shell(before), &view.shell(origin));
        }
    }

    pub(super) fn open(
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
        if parent != 0 {
            self.view(parent)?;
            if self.depth(parent) >= MAX_DEPTH {
                return Err(Error::InvalidArgument(format!(
                    "view {view} lies more than {MAX_DEPTH} deep in others: place it in an outer one"
                )));
            }
        }
        let ids = ViewIds(self.numbers.next().ok_or_else(|| {
            Error::InvalidArgument(
                "no more views can be told apart in this process: call sr_shutdown and sr_init".to_owned(),
            )
        })?);
        let view_in_it =
            View { number: view, ids, parent, is_placed, placement, content: Content::Nothing, given_ids: 0 };
        changes.add(self.parent_id(parent), None, &view_in_it.shell(self.origin(parent)));
        self.views.insert(view, view_in_it);
        Ok(())
    }

    /// The view lies there from now on.
    pub(super) fn replace(
        &mut self,
        view: u64,
        placement: Placement,
        is_placed: bool,
        changes: &mut Changes,
    ) {
        let origin = self.views.get(&view).map_or([0.0; 2], |it| self.origin(it.parent));
        let Some(view) = self.views.get_mut(&view) else { return };
        let before = view.shell(origin);
        view.placement = placement;
        view.is_placed |= is_placed;
        changes.update(&before, &view.shell(origin));
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
        self.forget_page(view);
        closed.push(view);
        let inside: Vec<u64> = self.inside(view).map(|(view, _)| view).collect();
        inside.into_iter().for_each(|view| self.forget(view, closed));
    }

    fn forget_page(&mut self, view: u64) {
        if self.pages.contains_key(&view) {
            Arc::make_mut(&mut self.pages).remove(&view);
        }
    }

    /// A page becomes the content of a view, if it is not yet.
    pub fn show_page(&mut self, view: u64, changes: &mut Changes) -> Result<(), Error> {
        let ids = self.view(view)?.ids;
        if self.pages.contains_key(&view) {
            return Ok(());
        }
        self.set_content(view, Content::Page, changes);
        Arc::make_mut(&mut self.pages).insert(view, Arc::new(Page::new(ids, self.numbers.clone())));
        let frame = self.view(view)?.placement.frame(ids);
        changes.add(ids.content(), None, &frame);
        Ok(())
    }

    /// Takes what is in a view out of the document. What is in it instead is told by the caller.
    pub(super) fn set_content(&mut self, view: u64, content: Content, changes: &mut Changes) {
        self.forget_page(view);
        let Some(view) = self.views.get_mut(&view) else { return };
        view.elements().iter().for_each(|element| changes.remove(view.ids.content(), element.id));
        let content_box = view.content_box();
        let before = view.replace_content(content).name();
        changes.update(&content_box, &view.content_box());
        view.tell_content(before, changes);
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

    /// The views that lie in this one.
    pub(super) fn inside(&self, parent: u64) -> impl Iterator<Item = (u64, &View)> {
        self.views.iter().filter(move |(_, view)| view.parent == parent).map(|(id, view)| (*id, view))
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
    pub(super) fn origin(&self, parent: u64) -> [f64; 2] {
        if parent == 0 { self.desk.origin() } else { [0.0; 2] }
    }

    pub(super) fn fit_desk(&mut self, changes: &mut Changes) {
        let on_the_desk = self.views.values().filter(|view| view.parent == 0);
        let shown = on_the_desk.map(|view| &view.placement).filter(|placement| !placement.is_hidden());
        self.desk.fit(shown, changes);
    }
}

fn unknown(view: u64) -> Error {
    Error::InvalidArgument(format!("view {view} is not there: place it with sr_view_place first"))
}

#[cfg(test)]
#[path = "scene_tests.rs"]
mod tests;
