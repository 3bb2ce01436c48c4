//! What follows when the encoder has recorded frames: flushes that wait for them go on, and so does a shutdown.

use std::sync::Arc;

use super::frame_flushes::{FrameFlushes, Progress};
use crate::pixels::ALL_FRAMES;
use crate::queue::Queue;
use crate::session::Sessions;
use crate::sync::Mutex;

/// See the module.
pub(super) struct AfterFrames {
    sessions: Arc<Sessions>,
    queue: Arc<Queue>,
    /// Never held while anything is sealed.
    flushes: Mutex<FrameFlushes>,
}

impl AfterFrames {
    pub fn new(sessions: Arc<Sessions>, queue: Arc<Queue>) -> Self {
        Self { sessions, queue, flushes: Mutex::default() }
    }

    /// Lets everything be sent that is recorded now, without waiting. Returns the queue's last position of it.
    pub fn deliver(&self) -> i64 {
        self.sessions.seal();
        self.sessions.seal_interactions();
        self.sessions.wake_worker();
        self.queue.request_flush()
    }

    /// A flush waits for this frame. Call [`Self::recorded`] afterwards: the encoder may have been faster.
    pub fn await_frame(&self, frame: u64) {
        self.flushes.lock().begin(frame);
    }

    /// The frames up to `done` are recorded; [`ALL_FRAMES`]: so is every frame, and none is taken any more. On the thread
    /// `sr-encoder`, or whoever found that it is so.
    pub fn recorded(&self, done: u64) {
        if done == ALL_FRAMES && self.sessions.is_closed() {
            // For the host it is since the shutdown began, and now it is for all.
            self.sessions.close();
        }
        let last = self.flushes.lock().take_recorded(done);
        if let Some(last) = last {
            let position = self.deliver();
            self.flushes.lock().bind(last, position);
        }
    }

    /// How far the flush is whose last frame is this one.
    pub fn progress(&self, frame: u64) -> Progress {
        self.flushes.lock().progress(frame, |position| self.queue.is_drained(position))
    }
}
