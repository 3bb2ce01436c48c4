//! One view that shows pixels: what each side knows of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::compare::{Compare, Missed};
use super::frame::Frame;
use super::picture::Picture;
use super::refresh::Since;
use super::schedule::Schedule;
use crate::sync::Mutex;

/// A view that shows pixels. The host's threads have `compare`, the encoder has `shown`; neither waits for the other.
#[derive(Default)]
pub(super) struct View {
    pub id: u64,
    pub compare: Mutex<Compare>,
    pub schedule: Mutex<Schedule>,
    pub shown: Mutex<Shown>,
    /// The next frame is to be a full picture.
    wants_full: AtomicBool,
    /// Of frames that were not looked at. Held for moments only.
    missed: Mutex<Option<Missed>>,
    /// Nothing of it is encoded any more.
    is_closed: AtomicBool,
}

/// What the encoder has given out of a view.
#[derive(Default)]
pub(super) struct Shown {
    pub picture: Picture,
    pub since: Since,
    /// When the last full picture was.
    pub full_at: Option<Instant>,
    /// Another one was asked for.
    pub full_is_asked: bool,
    /// Something is missing in what was given out: only a full picture mends it.
    pub is_incomplete: bool,
}

impl View {
    pub fn new(id: u64) -> Self {
        Self { id, ..Self::default() }
    }

    /// Asks for a full picture, soon.
    pub fn want_full(&self) {
        self.wants_full.store(true, Ordering::Release);
        self.schedule.lock().want();
    }

    pub fn takes_full(&self) -> bool {
        self.wants_full.swap(false, Ordering::AcqRel)
    }

    /// Notes a frame that is passed over, since another thread compares one or it is not to be kept.
    pub fn miss(&self, frame: &Frame) {
        self.missed.lock().get_or_insert_default().note(frame);
    }

    pub fn takes_missed(&self) -> Option<Missed> {
        self.missed.lock().take()
    }

    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
    }

    pub fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }
}
