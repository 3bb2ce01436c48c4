//! The page of a run's lock file, mapped as long as the run goes on.
//!
//! It says what a later process has to know of the run: whose it is, how its clocks stood, whether it crashed. And on
//! Linux the map keeps the lock of the file it was made over, whatever becomes of the descriptor (but for file systems
//! that lie over others, as in containers: then [`super::process`] tells).
//!
//! - [`layout`]: what it says, and where
//! - [`crash_mark`]: the mark that a crash handler leaves in it

mod crash_mark;
mod layout;

use std::fs::File;
use std::io;
use std::sync::atomic::Ordering;

use memmap2::{MmapOptions, MmapRaw};

#[cfg(unix)]
pub(crate) use crash_mark::leave_page_behind;
pub(crate) use crash_mark::mark_crash;
pub(crate) use layout::Crash;
pub(super) use layout::{CRASHED_AT, PAGE_BYTES, PageContent, head};

use super::clock::ClockStamp;
use layout::{AHEAD_AT, CLOSED_AT, ENDED_AT, word};

/// See the module.
pub(super) struct RunPage(Option<MmapRaw>);

impl RunPage {
    /// Maps the page of this file, which is that long and allocated.
    pub fn over(file: &File) -> io::Result<Self> {
        let raw = MmapOptions::new().len(PAGE_BYTES).map_raw(file)?;
        // A child made by `fork` would keep the lock after its parent died.
        #[cfg(target_os = "linux")]
        raw.advise(memmap2::Advice::DontFork)?;
        Ok(Self(Some(raw)))
    }

    /// Notes how the clocks stand now.
    pub fn stamp(&self, clock: ClockStamp) {
        if let Some(raw) = &self.0 {
            // SAFETY: see `word`; `raw` is borrowed from `self` meanwhile.
            unsafe { word(raw.as_mut_ptr(), AHEAD_AT) }.store(clock.ahead as u64, Ordering::Relaxed);
        }
    }

    /// Notes that this process goes on without the run.
    pub fn close(&self) {
        if let Some(raw) = &self.0 {
            // SAFETY: as in `stamp`.
            unsafe { word(raw.as_mut_ptr(), CLOSED_AT) }.store(1, Ordering::Release);
        }
    }

    /// Notes that the host has ended the recording.
    pub fn note_end(&self) {
        if let Some(raw) = &self.0 {
            // SAFETY: as in `stamp`.
            unsafe { word(raw.as_mut_ptr(), ENDED_AT) }.store(1, Ordering::Release);
        }
    }

    /// Makes this the page that [`mark_crash`] writes to.
    pub fn take_crash_marks(&self) {
        if let Some(raw) = &self.0 {
            crash_mark::give_to_marks(raw.as_mut_ptr());
        }
    }
}

impl Drop for RunPage {
    fn drop(&mut self) {
        let Some(raw) = self.0.take() else { return };
        if !crash_mark::take_from_marks(raw.as_mut_ptr()) {
            // A thread stands in the middle of its mark: the page stays.
            std::mem::forget(raw);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fs::FileId;
    use super::super::process::Process;
    use super::*;
    use crate::model::ids::unix_millis;
    use std::io::{Read, Seek, Write};
    use std::time::SystemTime;

    fn content(file: &File) -> Option<PageContent> {
        let mut bytes = vec![0; PAGE_BYTES];
        let mut file = file;
        file.rewind().unwrap();
        file.read_exact(&mut bytes).unwrap();
        PageContent::parse(&bytes)
    }

    #[test]
    fn tells_whose_it_is_how_the_clocks_stand_and_that_it_crashed() {
        let file = tempfile::tempfile().unwrap();
        let process = Process { number: 1, began: 2, namespace: 3, boot: 4 };
        let id = FileId { device: 5, number: 6 };
        file.set_len(PAGE_BYTES as u64).unwrap();
        assert_eq!(content(&file), None, "an earlier version's says nothing");
        let clock = ClockStamp { boot: 4, ahead: -7 };
        (&file).rewind().unwrap();
        (&file).write_all(&head(process, id, Some(clock))).unwrap();
        let expected =
            PageContent { process, file: id, clock, crash: None, is_closed: false, is_ended: false };
        assert_eq!(content(&file), Some(expected));

        let page = RunPage::over(&file).unwrap();
        page.stamp(ClockStamp { boot: 4, ahead: 8 });
        page.take_crash_marks();
        assert!(mark_crash(-11));
        let found = content(&file).unwrap();
        assert_eq!(found.clock.ahead, 8);
        let crash = found.crash.unwrap();
        assert_eq!(crash.code, -11);
        assert!(!found.is_closed && !found.is_ended);
        page.note_end();
        assert!(content(&file).unwrap().is_ended);
        page.close();
        assert!(content(&file).unwrap().is_closed);
        assert!(crash.at_ms.abs_diff(unix_millis(SystemTime::now())) < 60_000);

        for at in 0..64 {
            let mut bytes = head(process, id, Some(clock));
            bytes.resize(PAGE_BYTES, 0);
            bytes[at] ^= 1;
            assert_eq!(PageContent::parse(&bytes), None, "byte {at}");
        }
    }
}
