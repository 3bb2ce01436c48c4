//! Which pages have to take a full snapshot. That of the scene is the library's own to take.

use super::Views;
use crate::session::SnapshotWant;
use crate::sync::atomic::Ordering;

/// In place of a view's id: the one page that is the whole replay, of a host that shows no views.
pub(crate) const WHOLE_REPLAY: u64 = 0;

impl Views {
    /// Who has to take a full snapshot for this want: the views whose page has to, or [`WHOLE_REPLAY`]. No lock is taken.
    pub fn wanted_snapshots(&self, want: &SnapshotWant) -> Vec<u64> {
        if !self.has_scene.load(Ordering::Relaxed) {
            return if want.is_missing { vec![WHOLE_REPLAY] } else { Vec::new() };
        }
        let pages = self.pages.load();
        let stretch = want.stretch.number();
        pages.iter().filter(|(_, page)| !page.has_snapshot_in(stretch)).map(|(view, _)| *view).collect()
    }

    /// The host's filter dropped the full snapshot of the page in this view: what follows is of no document.
    pub fn note_dropped_document(&self, view: u64) {
        if let Some(page) = self.pages.load().get(&view) {
            page.note_dropped_document();
        }
    }
}
