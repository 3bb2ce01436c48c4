//! Pixels of views: from the frames that a host hands over to the images that a replay shows.
//!
//! On the host's thread, which never waits:
//! - [`frame`]: what the host hands over, checked; [`rect`]: rectangles; [`mask`]: what of it is masked
//! - [`grid`]: how a frame is cut into tiles; [`hash`]: what a tile is compared by; [`tile`]: a tile's copy;
//!   [`compare`]: which tiles changed;
//!   [`merge`]: the rectangles that they make
//! - [`queue`] with its [`slot`]s: the way to the encoder; [`schedule`] and [`budget`]: when the next frame is wanted, and in
//!   which [`quality`]
//!
//! On the thread `sr-encoder`:
//! - [`encoder`]: the thread; [`encode`]: from rectangles to images, by [`webp`] with fewer colours by [`palette`]
//! - [`picture`]: which images can still be seen; [`refresh`]: when a view is drawn whole again; [`update`]: what is given out
//!
//! Both know a [`view`]. This file is the room's door, [`Pixels`].

mod budget;
mod compare;
mod encode;
mod encoder;
mod frame;
mod grid;
mod hash;
mod mask;
mod merge;
#[cfg(feature = "views")]
mod palette;
mod picture;
mod quality;
mod queue;
mod rect;
mod refresh;
mod schedule;
mod slot;
mod tile;
mod update;
mod view;
#[cfg(feature = "views")]
mod webp;

#[cfg(test)]
#[cfg(feature = "views")]
mod tests;

/// Without libwebp no frame is taken, so nothing is encoded.
#[cfg(not(feature = "views"))]
mod webp {
    pub(super) fn encode(
        _: &mut [u32],
        _: u32,
        _: (u32, u32),
        _: super::quality::Quality,
    ) -> Option<Vec<u8>> {
        None
    }
}

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant};

use thiserror::Error;

use self::budget::Budget;
use self::encoder::Shared;
use self::schedule::Pace;
use self::view::View;
use crate::own_thread::OwnThread;
use crate::sync::Mutex;

pub use self::frame::{Bitmap, Content, Frame, FrameError, MAX_ENCODED_BYTES, MAX_SIDE, Mime, PixelFormat};
pub use self::mask::Region;
pub use self::rect::Rect;
pub use self::update::{Image, ImagePixels, Update};

/// So many views may show pixels at once.
const MAX_VIEWS: usize = 1_024;
/// A frame that comes this much too early is taken: hosts have timers of their own.
const TOLERANCE: Duration = Duration::from_millis(20);
/// At the end of the time to shut down, what is just encoded gets this long to end: it can't be cut off, and takes less.
const LAST_IMAGE: Duration = Duration::from_millis(250);

/// More than were ever taken: all frames.
pub const ALL_FRAMES: u64 = u64::MAX;

/// What pixels may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelSettings {
    /// The usual time between two looks at a view.
    pub interval: Duration,
    /// Bytes of events that all views' pixels may cost in the long run.
    pub bytes_per_second: u32,
    /// An image of a larger view is made smaller, to about so many pixels for the whole view.
    pub max_pixels: u32,
}

impl Default for PixelSettings {
    fn default() -> Self {
        Self { interval: Duration::from_millis(500), bytes_per_second: 30_000, max_pixels: 1_048_576 }
    }
}

/// Who gets what is encoded. It is called on the thread `sr-encoder`, without a lock of this room, one call at a time.
pub trait Sink: Send + Sync + 'static {
    /// What changed in a view, in the order of its frames.
    fn show(&self, update: Update);
    /// The frames up to this one are given out, or lost; [`ALL_FRAMES`]: none follows. They are numbered from 1 on, as they
    /// were queued. May be told twice.
    fn done(&self, _last: u64) {}
    /// Something failed; the sentence says what.
    fn fail(&self, message: &str);
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// What changed is on its way.
    Queued,
    /// It shows what the frame before showed.
    Unchanged,
    /// It came too early or the encoder is busy: what it shows is compared with the next frame.
    Dropped,
}

/// Why a frame can't be taken.
#[derive(Debug, Error)]
pub enum PixelsError {
    /// Something about the frame itself.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// Too many at once.
    #[error("{MAX_VIEWS} views show pixels already: close those that are gone")]
    Views,
    /// The system has no thread left.
    #[error(
        "no thread can be started ({0}): raise the limit of threads (ulimit -u, pids.max of a container)"
    )]
    Thread(std::io::Error),
}

/// The pixels of all views. All methods may be called from any thread at any time, and none waits for the encoder, but
/// [`Pixels::stop`] and [`Pixels::wait_until_done`].
pub struct Pixels {
    shared: Arc<Shared>,
    views: Mutex<HashMap<u64, Arc<View>>>,
    /// From the first frame on.
    thread: Mutex<Option<OwnThread>>,
    /// [`NO_THREAD`], [`STARTING`], [`RUNNING`] or [`ENDED`].
    state: AtomicU8,
}

/// No frame was taken yet.
const NO_THREAD: u8 = 0;
/// Somebody holds the lock of `thread` to start it.
const STARTING: u8 = 1;
const RUNNING: u8 = 2;
/// No frame is taken any more, and no thread started.
const ENDED: u8 = 3;

impl Pixels {
    /// Nothing is started before the first frame.
    pub fn new(settings: PixelSettings, sink: Arc<dyn Sink>) -> Self {
        let shared = Shared {
            queue: Default::default(),
            budget: Mutex::new(Budget::new(settings.bytes_per_second, Instant::now())),
            settings,
            sink,
            encoder: Default::default(),
            is_abandoned: AtomicBool::new(false),
        };
        Self {
            shared: Arc::new(shared),
            views: Mutex::default(),
            thread: Mutex::default(),
            state: AtomicU8::new(NO_THREAD),
        }
    }

    /// Compares a frame with the one before, and queues what changed. Nothing of the host's is used after the call.
    pub fn take(&self, frame: &Frame, now: Instant) -> Result<Taken, PixelsError> {
        self.take_in(frame, 0, now)
    }

    /// The same. What is made of it is given out with this number: that of the masking which the frame was made for.
    pub fn take_in(&self, frame: &Frame, masking: u64, now: Instant) -> Result<Taken, PixelsError> {
        frame.check()?;
        let view = self.view(frame.view)?;
        if !self.start_encoder()? {
            return Ok(Taken::Dropped);
        }
        let Some(mut compare) = view.compare.try_lock() else {
            view.miss(frame);
            return Ok(Taken::Dropped);
        };
        if let Some(missed) = view.takes_missed() {
            compare.skip_missed(&missed);
        }
        let is_early = view.schedule.lock().wait(now, &self.pace(now)) > TOLERANCE;
        let place = if is_early { None } else { self.shared.queue.reserve() };
        let Some(mut place) = place else {
            compare.skip(frame);
            return Ok(Taken::Dropped);
        };
        if view.takes_full() {
            compare.forget();
        }
        place.slot().begin(frame, masking);
        let has_changed = compare.take(frame, place.slot());
        let mut schedule = view.schedule.lock();
        schedule.looked(now);
        if compare.holds_masks() {
            schedule.want();
        }
        drop(schedule);
        if !has_changed {
            return Ok(Taken::Unchanged);
        }
        // Before `compare` is free: the frames of a view keep their order.
        place.push(view.clone(), now);
        Ok(Taken::Queued)
    }

    /// In how many milliseconds the view wants a frame; 0: now.
    pub fn next_frame_ms(&self, view: u64, now: Instant) -> u32 {
        let Some(view) = self.views.lock().get(&view).cloned() else { return 0 };
        let wait = view.schedule.lock().wait(now, &self.pace(now));
        u32::try_from(wait.as_micros().div_ceil(1_000)).unwrap_or(u32::MAX)
    }

    /// A frame is not to be kept: that was a look at its view all the same. Its masks hold for the next, which is compared whole.
    pub fn refuse(&self, frame: &Frame, now: Instant) {
        // Where there is no room for one more view, its frames are refused whatever they are.
        if let Ok(view) = self.view(frame.view) {
            view.miss(frame);
            view.schedule.lock().looked(now);
        }
    }

    /// A frame is not captured. Where others of its view were, its masks hold for the next, which is compared whole.
    pub fn miss(&self, frame: &Frame) {
        if let Some(view) = self.views.lock().get(&frame.view).cloned() {
            view.miss(frame);
        }
    }

    /// The user did something in the view: it may soon show something else.
    pub fn note_input(&self, view: u64, now: Instant) {
        if let Some(view) = self.views.lock().get(&view).cloned() {
            view.schedule.lock().input(now);
        }
    }

    /// Asks a view for a full picture with its next frame, which is wanted soon: nothing of it is shown.
    pub fn want_full(&self, view: u64) {
        if let Some(view) = self.views.lock().get(&view).cloned() {
            view.want_full();
        }
    }

    /// Waits until everything that is queued by now is given out, at the latest until `deadline`. Whether it is.
    pub fn wait_until_done(&self, deadline: Instant) -> bool {
        self.shared.queue.wait_until_done(deadline)
    }

    /// How many frames are queued and not given out yet.
    pub fn waiting(&self) -> u64 {
        self.shared.queue.waiting()
    }

    /// The number of the last frame that was queued, unless it is given out.
    pub fn under_way(&self) -> Option<u64> {
        self.shared.queue.under_way()
    }

    /// The number of the last frame that was given out; [`ALL_FRAMES`] where none follows.
    pub fn done(&self) -> u64 {
        self.shared.queue.done()
    }

    /// Takes no more frames. Those that are under way are still given out, and [`Sink::done`] tells when.
    pub fn end(&self) {
        self.shared.queue.end();
    }

    /// Forgets a view. What of it waits is not encoded.
    pub fn close(&self, view: u64) {
        let closed = self.views.lock().remove(&view);
        if let Some(view) = closed {
            view.close();
        }
    }

    /// Encodes what waits, then ends the thread, at the latest by about `deadline`. `false`: it did not end, and the
    /// operating system keeps it. Where no frame was ever taken, it costs nothing.
    pub fn stop(&self, deadline: Instant) -> bool {
        match self.state.swap(ENDED, Ordering::AcqRel) {
            NO_THREAD | ENDED => return true,
            _ => {}
        }
        self.shared.queue.end();
        let Some(thread) = self.thread.lock().take() else { return true };
        if !thread.ends_within(deadline.saturating_duration_since(Instant::now())) {
            self.shared.is_abandoned.store(true, Ordering::Release);
        }
        thread.join_until(deadline.max(Instant::now() + LAST_IMAGE))
    }

    /// Whether the calling thread is the encoder's.
    pub fn is_current_thread(&self) -> bool {
        if self.state.load(Ordering::Acquire) == NO_THREAD {
            return false;
        }
        let current = std::thread::current().id();
        self.thread.lock().as_ref().is_some_and(|thread| thread.thread().id() == current)
    }

    fn pace(&self, now: Instant) -> Pace {
        Pace {
            interval: self.shared.settings.interval,
            pause: self.shared.budget.lock().pause(now),
            is_full: self.shared.queue.is_full(),
        }
    }

    fn view(&self, id: u64) -> Result<Arc<View>, PixelsError> {
        let mut views = self.views.lock();
        if let Some(view) = views.get(&id) {
            return Ok(view.clone());
        }
        if views.len() >= MAX_VIEWS {
            return Err(PixelsError::Views);
        }
        let view = Arc::new(View::new(id));
        views.insert(id, view.clone());
        Ok(view)
    }

    /// Whether the thread is there; `false`: frames are not taken any more.
    fn start_encoder(&self) -> Result<bool, PixelsError> {
        if self.state.load(Ordering::Acquire) == RUNNING {
            return Ok(true);
        }
        // Who stops it waits for this lock, and finds the thread.
        let mut thread = self.thread.lock();
        if let Err(state) = self.move_on(NO_THREAD, STARTING) {
            return Ok(state == RUNNING);
        }
        let (running, recovering) = (self.shared.clone(), self.shared.clone());
        let recover = move |panic: &str| recovering.recover(panic);
        let started = OwnThread::spawn("sr-encoder", move || running.run(), recover);
        let after = if started.is_ok() { RUNNING } else { NO_THREAD };
        let has_ended = self.move_on(STARTING, after).is_err();
        *thread = Some(started.map_err(PixelsError::Thread)?);
        Ok(!has_ended)
    }

    fn move_on(&self, from: u8, to: u8) -> Result<u8, u8> {
        self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
    }
}

impl Drop for Pixels {
    fn drop(&mut self) {
        self.stop(Instant::now());
    }
}
