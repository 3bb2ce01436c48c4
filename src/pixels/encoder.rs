//! The thread `sr-encoder`: encodes what the host's threads queued, and gives it out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::budget::Budget;
use super::encode::Encoder;
use super::queue::{Place, Queue};
use super::update::Update;
use super::view::View;
use super::{ALL_FRAMES, PixelSettings, Sink};
use crate::sync::Mutex;

/// A panic that comes again at once must not keep a processor busy.
const PAUSE_AFTER_PANIC: Duration = Duration::from_millis(100);

/// What the host's threads and the encoder share.
pub(super) struct Shared {
    pub queue: Queue,
    pub budget: Mutex<Budget>,
    pub settings: PixelSettings,
    pub sink: Arc<dyn Sink>,
    pub encoder: Mutex<Encoder>,
    /// What waits is not encoded any more.
    pub is_abandoned: AtomicBool,
}

impl Shared {
    /// Runs on the thread, until the queue has ended and is empty.
    pub fn run(&self) {
        // Also after a panic, which took its frame with it.
        self.sink.done(self.queue.done());
        while let Some((place, view, at)) = self.queue.next() {
            if !view.is_closed() && !self.is_abandoned.load(Ordering::Acquire) {
                self.encode(place, &view, at);
            } else {
                drop(place);
            }
            self.sink.done(self.queue.done());
        }
        self.sink.done(ALL_FRAMES);
    }

    /// After a panic. The thread always goes on: the frame is lost, and a full picture asked for in its place.
    pub fn recover(&self, panic: &str) -> bool {
        self.sink.fail(&format!("session-replay failed inside ({panic}) and goes on: please report this"));
        std::thread::sleep(PAUSE_AFTER_PANIC);
        true
    }

    fn encode(&self, mut place: Place, view: &View, at: Instant) {
        let slot = place.slot();
        // Until it is given out: should the encoder fail or panic, what follows would lie on something that is not there.
        let was_incomplete = std::mem::replace(&mut view.shown.lock().is_incomplete, true);
        if was_incomplete && !slot.is_full {
            return view.want_full();
        }
        let incomplete = WantFull(view);
        let quality = self.budget.lock().quality(at);
        let max_pixels = self.settings.max_pixels;
        // Bound first: in the match the lock would be held until the sink has it.
        let encoded = self.encoder.lock().encode(view, slot, max_pixels, quality, at);
        match encoded {
            Ok(update) => {
                // The place is free only after that: what a kill can take is what the queue holds.
                self.give(update, at);
                std::mem::forget(incomplete);
                view.shown.lock().is_incomplete = false;
            }
            Err(error) => self.sink.fail(&error.to_string()),
        }
    }

    fn give(&self, update: Update, at: Instant) {
        let bytes = update.images.iter().map(|image| image.event_bytes()).sum();
        self.budget.lock().spend(bytes, at);
        self.sink.show(update);
    }
}

/// Asks for a full picture when it is dropped: also by a panic.
struct WantFull<'v>(&'v View);

impl Drop for WantFull<'_> {
    fn drop(&mut self) {
        self.0.want_full();
    }
}
