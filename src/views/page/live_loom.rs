//! A stretch of the recording that begins while an event of a page is marked, in every order that the memory model allows.
//! `make test-loom` runs it.

use std::sync::Arc;

use loom::thread;

use super::Page;
use crate::model::event::ViewMark;
use crate::sync::atomic::{AtomicU64, Ordering, RunCounter};
use crate::views::ids::ViewIds;

#[test]
fn loom_no_event_goes_into_a_stretch_under_the_time_of_another() {
    let seen = RunCounter::new();
    loom::model(move || {
        // The session's: read without order, as `CapturedSession::stretch` does.
        let current = Arc::new(AtomicU64::new(1));
        let page = Arc::new(Page::new(ViewIds(7), Arc::default()));
        page.note_frame_in(1, 1_000);
        let (their_current, theirs) = (current.clone(), page.clone());
        let recording = thread::spawn(move || {
            let (stretch, mark) = theirs.mark(0);
            let is_recorded = their_current.load(Ordering::Relaxed) == stretch;
            (is_recorded, stretch, mark)
        });
        current.store(2, Ordering::Relaxed);
        page.note_frame_in(2, 2_000);
        let (is_recorded, stretch, mark) = recording.join().unwrap();
        if is_recorded {
            assert_eq!(mark.as_bytes(), ViewMark::of_page(7, 0, stretch * 1_000).as_bytes());
        }
        seen.note(if is_recorded { stretch as usize } else { 0 });
    });
    seen.assert_all(3);
}
