//! The way from the host's threads to the encoder: two frames, and never a wait for who hands one over.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::slot::Slot;
use super::view::View;
use crate::sync::{Condvar, Mutex};

/// Frames that wait or are encoded: what a kill can take.
const MAX_FRAMES: usize = 2;
/// After so long without a frame their memory is given back.
const IDLE: Duration = Duration::from_secs(10);

/// See the module.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Emptied, for the next frames.
    free: Vec<Slot>,
    waiting: VecDeque<Taken>,
    /// Frames that a host's thread fills, that wait, or that are encoded.
    in_use: usize,
    ends: bool,
}

/// A frame on its way.
struct Taken {
    view: Arc<View>,
    /// When the host handed it over.
    at: Instant,
    slot: Slot,
}

/// A place in the queue. It is given back when this is dropped, also by a panic.
pub(super) struct Place<'q> {
    queue: &'q Queue,
    slot: Option<Slot>,
}

impl Queue {
    /// A place, if one is free.
    pub fn reserve(&self) -> Option<Place<'_>> {
        let mut state = self.state.lock();
        if state.in_use >= MAX_FRAMES || state.ends {
            return None;
        }
        state.in_use += 1;
        let slot = state.free.pop();
        drop(state);
        Some(Place { queue: self, slot: Some(slot.unwrap_or_default()) })
    }

    /// Whether no place is free.
    pub fn is_full(&self) -> bool {
        self.state.lock().in_use >= MAX_FRAMES
    }

    /// Waits until no frame is under way, at the latest until `deadline`. Whether none is.
    pub fn wait_until_idle(&self, deadline: Instant) -> bool {
        let mut state = self.state.lock();
        while state.in_use > 0 {
            let (after, is_late) = self.changed.wait_until(state, Some(deadline));
            state = after;
            if is_late {
                return state.in_use == 0;
            }
        }
        true
    }

    /// Whether no frame is under way.
    #[cfg(test)]
    pub fn is_idle(&self) -> bool {
        self.state.lock().in_use == 0
    }

    /// Holds its lock.
    #[cfg(test)]
    pub fn hold(&self) -> impl Sized + '_ {
        self.state.lock()
    }

    /// On the encoder's thread: waits for the next frame; with it, when the host handed it over. `None`: it is the end, and none waits any more.
    pub fn next(&self) -> Option<(Place<'_>, Arc<View>, Instant)> {
        let mut state = self.state.lock();
        let mut idle_at = Some(Instant::now() + IDLE);
        loop {
            if let Some(Taken { view, at, slot }) = state.waiting.pop_front() {
                return Some((Place { queue: self, slot: Some(slot) }, view, at));
            }
            if state.ends {
                return None;
            }
            let (after, is_idle) = self.changed.wait_until(state, idle_at);
            state = after;
            if is_idle && state.waiting.is_empty() {
                idle_at = None;
                state.free.iter_mut().for_each(|slot| slot.shrink());
            }
        }
    }

    /// No more frames are taken. What waits is still encoded.
    pub fn end(&self) {
        self.state.lock().ends = true;
        self.changed.notify_all();
    }
}

impl Place<'_> {
    /// What is in it.
    pub fn slot(&mut self) -> &mut Slot {
        // Taken out only by what takes the place itself.
        self.slot.get_or_insert_default()
    }

    /// Hands it to the encoder.
    pub fn push(mut self, view: Arc<View>, at: Instant) {
        if let Some(slot) = self.slot.take() {
            self.queue.state.lock().waiting.push_back(Taken { view, at, slot });
            self.queue.changed.notify_all();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            let mut state = self.queue.state.lock();
            state.in_use -= 1;
            state.free.push(slot);
            self.queue.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_frames_are_taken_and_a_third_only_when_one_is_done() {
        let queue = Queue::default();
        let view = Arc::new(View::new(1));
        for _ in 0..2 {
            queue.reserve().unwrap().push(view.clone(), Instant::now());
        }
        assert!(queue.is_full());
        assert!(queue.reserve().is_none());
        let (place, ..) = queue.next().unwrap();
        assert!(queue.reserve().is_none(), "what is encoded counts, too");
        drop(place);
        assert!(!queue.is_full());
        drop(queue.reserve().unwrap());
        assert!(!queue.is_full(), "a place that was not needed is free again");
    }

    #[test]
    fn at_the_end_what_waits_is_still_handed_out_and_nothing_more_is_taken() {
        let queue = Queue::default();
        queue.reserve().unwrap().push(Arc::new(View::new(1)), Instant::now());
        queue.end();
        assert!(queue.reserve().is_none());
        assert!(queue.next().is_some());
        assert!(queue.next().is_none());
    }

    #[test]
    fn a_place_is_used_again_with_its_memory() {
        let queue = Queue::default();
        let mut place = queue.reserve().unwrap();
        place.slot().pixels.reserve(1_000);
        drop(place);
        assert!(queue.reserve().unwrap().slot().pixels.capacity() >= 1_000);
    }
}
