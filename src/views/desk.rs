//! The desk, on which the windows lie: how large it is, where it begins, and how it looks.

use super::changes::Changes;
use super::element::Element;
use super::ids;
use super::nodes::colour;
use super::view::Placement;

/// As large the desk is at least, where nobody says.
pub(super) const MIN_DESK: [f64; 2] = [320.0, 240.0];

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// Where the host placed it, if it did.
    placement: Option<Placement>,
    /// As large as the views have needed so far, where it did not.
    grown: [f64; 2],
}

impl Desk {
    /// It lies there from now on.
    pub fn place(&mut self, placement: Placement, changes: &mut Changes) {
        let (size, body) = (self.size(), self.body());
        self.placement = Some(placement);
        changes.update(&body, &self.body());
        self.tell_size(size, changes);
    }

    /// Where nobody placed it, it grows with what lies on it.
    pub fn fit<'a>(&mut self, shown: impl Iterator<Item = &'a Placement>, changes: &mut Changes) {
        let size = self.size();
        self.grown = shown.fold(self.grown, |[width, height], placement| {
            let [x, y, w, h] = placement.rectangle;
            [width.max(x + w), height.max(y + h)]
        });
        self.tell_size(size, changes);
    }

    fn tell_size(&self, before: [f64; 2], changes: &mut Changes) {
        if self.size() != before {
            changes.resize(self.size());
        }
    }

    /// The place in the host's pixels that is the document's upper left corner.
    pub fn origin(&self) -> [f64; 2] {
        self.placement.as_ref().map_or([0.0; 2], |Placement { rectangle: [x, y, ..], .. }| [*x, *y])
    }

    /// Width and height.
    pub fn size(&self) -> [f64; 2] {
        let [width, height] = match &self.placement {
            Some(Placement { rectangle: [_, _, width, height], .. }) => [*width, *height],
            None => self.grown,
        };
        [width.max(MIN_DESK[0]).ceil(), height.max(MIN_DESK[1]).ceil()]
    }

    /// Its element, without what lies on it.
    pub fn body(&self) -> Element {
        let background = match self.placement.as_ref().map_or(0, |desk| desk.background) {
            0 => String::new(),
            value => format!("background:{}", colour(value)),
        };
        Element::new(ids::BODY, "body").with("style", background)
    }
}
