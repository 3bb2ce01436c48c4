//! Events of pages: recorded without the scene's lock, in the stretch of the recording in which the page's frame is there.

use super::Views;
use super::changes::Changes;
use super::page;
use super::page::live::Page;
use crate::error::Error;
use crate::model::event::{FULL_SNAPSHOT, META, kind_of};
use crate::session::Outcome;

impl Views {
    /// Records one event of the page in a view, whose content it becomes.
    pub fn record_page(&self, view: u64, event: &[u8]) -> Result<Outcome, Error> {
        let kind = kind_of(event);
        if kind.is_some_and(|kind| !page::is_needed(kind)) {
            return Ok(Outcome::Done);
        }
        let is_action = self.sessions.note_event(event);
        loop {
            // Looked up each time: it may have been closed since.
            let recorded = match self.pages.load().get(&view) {
                Some(page) => self.record_of(page, kind, event)?,
                None => {
                    self.show_page(view)?;
                    continue;
                }
            };
            match recorded {
                // It became idle in between.
                Some(Outcome::NotCaptured) if is_action && self.sessions.note_action() => {}
                Some(outcome) => return Ok(outcome),
                // The session, or the document, that it was recorded for is not the one of now.
                None => _ = self.tell()?,
            }
        }
    }

    fn record_of(&self, page: &Page, kind: Option<f64>, event: &[u8]) -> Result<Option<Outcome>, Error> {
        let record = |stretch, mark| self.sessions.record_in(stretch, Some(mark), event);
        match kind {
            Some(FULL_SNAPSHOT) => page.record_document(record),
            Some(META) => page.record_meta(record),
            _ => page.record(record),
        }
    }

    fn show_page(&self, view: u64) -> Result<(), Error> {
        let (mut state, _) = self.lock_masked();
        let mut changes = Changes::default();
        state.scene.show_page(view, &mut changes)?;
        self.record(&mut state, changes, None)?;
        Ok(())
    }
}
