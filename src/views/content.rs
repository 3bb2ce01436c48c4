//! What is in the views of a scene: nodes that a host lists, and pixels.

use super::changes::Changes;
use super::layers::{Drawn, Layers};
use super::nodes::{NodeInfo, NodeList, Size, fingerprint, prepare};
use super::scene::Scene;
use super::view::{Content, Placement, View};
use crate::error::Error;
use crate::model::privacy::MaskLevel;

/// Nodes of all views, and bytes of their texts and pictures: so a full snapshot stays below the limit of one event.
const MAX_SIZE: Size = Size { nodes: 10_000, bytes: 2_000_000 };
/// Bytes that the images of all views take in a full snapshot, beside the nodes: that, too, stays below the limit then.
pub(super) const MAX_PIXEL_BYTES: usize = 4_000_000;

impl Scene {
    /// Shows these nodes in a view, which is made where there is none.
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
        if !matches!(self.view(view)?.content, Content::Nodes(_)) {
            self.set_content(view, Content::Nodes(NodeList::default()), changes);
        }
        let Some(view) = self.views.get_mut(&view) else { return Ok(()) };
        let before = view.content_box();
        if let View { ids, content: Content::Nodes(list), .. } = view {
            list.replace(*ids, nodes, size, fingerprint, changes);
        }
        changes.update(&before, &view.content_box());
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
        if !matches!(self.view(view)?.content, Content::Pixels(_)) {
            self.set_content(view, Content::Pixels(Layers::default()), changes);
        }
        Ok(match self.views.get_mut(&view).map(|view| &mut view.content) {
            Some(Content::Pixels(layers)) => layers.asks(),
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
        let Some(view) = self.views.get_mut(&drawn.view) else { return true };
        let before = view.content.name();
        let Content::Pixels(layers) = &mut view.content else { return true };
        let has_room = layers.draw(view.ids, drawn, room, changes);
        view.tell_content(before, changes);
        has_room
    }

    /// A frame of this view is not kept, since nobody says what of it is to be masked.
    pub fn note_masked(&mut self, view: u64, changes: &mut Changes) {
        if self.views.get(&view).is_some_and(|view| matches!(view.content, Content::Nothing)) {
            self.set_content(view, Content::Masked, changes);
        }
    }

    /// A stricter level is in force than the one that what is shown was masked by. Nodes and titles are masked by it now. Pixels
    /// go: only the host knows what of them is to be masked.
    pub fn tighten(&mut self, level: MaskLevel, changes: &mut Changes) {
        let views: Vec<u64> = self.views.keys().copied().collect();
        for number in views {
            let Some(view) = self.views.get_mut(&number) else { continue };
            let placement = view.placement.masked(level);
            match &mut view.content {
                Content::Nodes(nodes) => nodes.tighten(view.ids, level, changes),
                Content::Pixels(_) => self.set_content(number, Content::Masked, changes),
                Content::Nothing | Content::Masked | Content::Page => {}
            }
            self.replace(number, placement, false, changes);
        }
    }

    /// What was drawn is not shown. If it was the full picture that was asked for, the next frame asks for another.
    pub fn pass_over(&mut self, drawn: &Drawn) {
        if let Some(View { content: Content::Pixels(layers), .. }) = self.views.get_mut(&drawn.view) {
            layers.pass_over(drawn);
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

    /// Nothing is captured: nodes and pixels are not kept meanwhile.
    pub fn forget_content(&mut self) {
        for view in self.views.values_mut() {
            if matches!(view.content, Content::Nodes(_) | Content::Pixels(_)) {
                view.content = Content::Nothing;
            }
        }
    }
}
