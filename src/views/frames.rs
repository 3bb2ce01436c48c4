//! Frames of views: from the host to the encoder, and from there into the scene.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::layers::Drawn;
use super::{ARE_BUILT, Opening, Views};
use crate::error::Error;
use crate::log::Log;
use crate::options::LogLevel;
use crate::pixels::{Frame, PixelSettings, Pixels, PixelsError, Sink, Update};
use crate::session::Outcome;

/// So soon to ask again where no frame is wanted: nothing is captured.
pub(crate) const NOT_NOW_MS: u32 = 1_000;

/// The frames of one recorder. All methods may be called from any thread at any time.
pub(crate) struct Frames {
    views: Arc<Views>,
    pixels: Pixels,
}

impl Frames {
    /// `on_done` is told the number of the last frame that is recorded, or lost, each time: see [`Sink::done`].
    pub fn new(
        views: Arc<Views>,
        settings: PixelSettings,
        log: Arc<Log>,
        on_done: impl Fn(u64) + Send + Sync + 'static,
    ) -> Self {
        let screen = Screen { views: views.clone(), log, on_done: Box::new(on_done) };
        let pixels = Pixels::new(settings, Arc::new(screen));
        Self { views, pixels }
    }

    /// Shows a frame in its view, which is made where there is none. It is encoded later, on a thread of its own.
    pub fn show(&self, frame: &Frame) -> Result<Outcome, Error> {
        frame.check().map_err(|error| Error::InvalidArgument(error.to_string()))?;
        let size = [f64::from(frame.width) / frame.scale, f64::from(frame.height) / frame.scale];
        let (asks, masking) = match self.views.open_pixels(frame.view, size, frame.are_masks_known) {
            Ok(Opening::Open { asks, masking }) => (asks, masking),
            Ok(Opening::MasksUnknown) => {
                // The next one is read back no sooner for that.
                self.pixels.refuse(frame, Instant::now());
                return Ok(Outcome::NotCaptured);
            }
            Ok(Opening::NotCaptured) => {
                self.pixels.miss(frame);
                return Ok(Outcome::NotCaptured);
            }
            Err(error) => {
                self.pixels.miss(frame);
                return Err(error);
            }
        };
        if asks {
            self.pixels.want_full(frame.view);
        }
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
        let timestamp_ms = if frame.timestamp_ms > 0 { frame.timestamp_ms } else { now() };
        let taken = self.pixels.take_in(&Frame { timestamp_ms, ..*frame }, masking, Instant::now());
        if !self.views.has(frame.view) {
            // Another thread closed it meanwhile.
            self.pixels.close(frame.view);
        }
        taken.map(|_| Outcome::Done).map_err(|error| match error {
            PixelsError::Thread(_) => Error::Resources(error.to_string()),
            _ => Error::InvalidArgument(error.to_string()),
        })
    }

    /// In how many milliseconds the view wants a frame; 0: now.
    pub fn next_ms(&self, view: u64) -> u32 {
        match self.views.is_recording() {
            true => self.pixels.next_frame_ms(view, Instant::now()),
            false => NOT_NOW_MS,
        }
    }

    /// The user did something in the view.
    pub fn note_input(&self, view: u64) {
        self.pixels.note_input(view, Instant::now());
    }

    /// Forgets the frames of these views.
    pub fn close(&self, views: &[u64]) {
        views.iter().for_each(|view| self.pixels.close(*view));
    }

    /// Waits until what was taken by now is recorded, at the latest until `deadline`. Whether it is.
    pub fn wait_until_recorded(&self, deadline: Instant) -> bool {
        self.pixels.wait_until_done(deadline)
    }

    /// How many frames were taken and are not recorded yet.
    pub fn waiting(&self) -> u64 {
        self.pixels.waiting()
    }

    /// The last frame that was taken, unless it is recorded.
    pub fn under_way(&self) -> Option<u64> {
        self.pixels.under_way()
    }

    /// The last frame that is recorded; [`crate::pixels::ALL_FRAMES`] where none follows.
    pub fn recorded(&self) -> u64 {
        self.pixels.done()
    }

    /// Takes no more frames. Those that were taken are still recorded.
    pub fn end(&self) {
        self.pixels.end();
    }

    /// Takes no more frames, records what was taken, and ends the thread. `false`: see [`Pixels::stop`].
    pub fn stop(&self, deadline: Instant) -> bool {
        self.pixels.stop(deadline)
    }

    /// Whether the calling thread is the encoder's.
    pub fn is_current_thread(&self) -> bool {
        self.pixels.is_current_thread()
    }
}

/// Where images go. It does not own the frames: those own it.
struct Screen {
    views: Arc<Views>,
    log: Arc<Log>,
    on_done: Box<dyn Fn(u64) + Send + Sync>,
}

impl Sink for Screen {
    fn show(&self, update: Update) {
        if !ARE_BUILT {
            return;
        }
        // Written before the scene is locked: that takes longest.
        let drawn = Drawn::from(&update);
        if let Err(error) = self.views.show_pixels(drawn, update.timestamp_ms) {
            self.fail(&format!("a frame is not recorded: {error}"));
        }
    }

    fn done(&self, last: u64) {
        (self.on_done)(last);
    }

    fn fail(&self, message: &str) {
        self.log.write(LogLevel::Warn, || message.to_owned());
        // It calls the log callback; this thread never does.
        self.views.sessions.wake_worker();
    }
}
