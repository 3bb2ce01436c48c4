//! Callbacks of the host, which can be replaced and removed while they may be running.

use std::cell::Cell;
use std::ops::Deref;
use std::sync::Arc;

use crate::sync::{Condvar, Mutex};

/// A function of the host's. Whoever replaces it waits until the one before is no longer running, and for nothing else. But who
/// is inside a callback, this or another, waits for none: two that replace each other would wait for ever.
pub(crate) struct Callback<F> {
    state: Mutex<Registration<F>>,
    returned: Condvar,
}

struct Registration<F> {
    current: Option<Arc<F>>,
    /// Counts the replacements.
    generation: u64,
    /// The calls that are running: of which generation they are.
    running: Vec<u64>,
}

thread_local! {
    /// How many callbacks this thread is inside.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Whether this thread is inside a callback.
fn is_inside() -> bool {
    DEPTH.with(|depth| depth.get() > 0)
}

impl<F> Default for Callback<F> {
    fn default() -> Self {
        let state = Registration { current: None, generation: 0, running: Vec::new() };
        Self { state: Mutex::new(state), returned: Condvar::default() }
    }
}

impl<F> Callback<F> {
    /// Sets what is called from now on. When this returns, the one before is not called any more, and not running either, unless
    /// this is called inside a callback.
    pub fn set(&self, next: Option<F>) {
        let next = next.map(Arc::new);
        let mut state = self.state.lock();
        let before = std::mem::replace(&mut state.current, next);
        let last = state.generation;
        state.generation += 1;
        while !is_inside() && state.running.iter().any(|generation| *generation <= last) {
            state = self.returned.wait(state);
        }
        drop(state);
        // It may hold what is not ours to drop under a lock.
        drop(before);
    }

    /// Whether there is one.
    pub fn is_set(&self) -> bool {
        self.state.lock().current.is_some()
    }

    /// What would be called now.
    pub fn current(&self) -> Option<Arc<F>> {
        self.state.lock().current.clone()
    }

    /// Calls it, if there is one.
    pub fn call<T>(&self, body: impl FnOnce(&F) -> T) -> Option<T> {
        let call = Call::begin(self)?;
        call.callback.as_deref().map(body)
    }
}

/// A call that counts as running until this is dropped, on the same thread.
pub(crate) struct Call<F, P: Deref<Target = Callback<F>>> {
    of: P,
    generation: u64,
    callback: Option<Arc<F>>,
}

impl<F, P: Deref<Target = Callback<F>>> Call<F, P> {
    /// A call on this thread, if there is anything to call.
    pub fn begin(of: P) -> Option<Self> {
        let mut state = of.state.lock();
        let callback = state.current.clone()?;
        let generation = state.generation;
        state.running.push(generation);
        drop(state);
        DEPTH.with(|depth| depth.set(depth.get() + 1));
        Some(Self { of, generation, callback: Some(callback) })
    }

    /// What is to be called, by who can't hold on to this. To be let go of before this.
    pub fn function(&self) -> Option<Arc<F>> {
        self.callback.clone()
    }
}

impl<F, P: Deref<Target = Callback<F>>> Drop for Call<F, P> {
    fn drop(&mut self) {
        // Before it counts as returned: who waits for that may take away what it holds.
        drop(self.callback.take());
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
        let mut state = self.of.state.lock();
        if let Some(at) = state.running.iter().position(|running| *running == self.generation) {
            state.running.swap_remove(at);
        }
        if state.running.is_empty() {
            // It outlives the recorder, and nothing of ours is to be left behind.
            state.running = Vec::new();
        }
        self.of.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::*;

    type Function = Box<dyn Fn() + Send + Sync>;

    #[test]
    fn who_replaces_a_callback_waits_for_the_call_that_is_running_and_no_other() {
        let callback = Arc::new(Callback::<Box<dyn Fn() + Send + Sync>>::default());
        assert!(callback.call(|function| function()).is_none());
        let (running, replaced) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (inside, seen, itself) = (running.clone(), replaced.clone(), callback.clone());
        callback.set(Some(Box::new(move || {
            inside.store(true, Ordering::Release);
            // Until the other thread is about to wait for this call, which is not the current callback any more then.
            while itself.state.lock().generation < 2 {
                thread::yield_now();
            }
            assert!(!seen.load(Ordering::Acquire));
            inside.store(false, Ordering::Release);
        })));
        thread::scope(|scope| {
            scope.spawn(|| callback.call(|function| function()));
            while !running.load(Ordering::Acquire) {
                thread::yield_now();
            }
            callback.set(Some(Box::new(|| ())));
            replaced.store(true, Ordering::Release);
            assert!(!running.load(Ordering::Acquire), "it has returned");
        });
        assert!(callback.call(|function| function()).is_some());
    }

    /// Each would wait for the other, which waits for it.
    #[test]
    fn two_callbacks_that_replace_each_other_and_themselves_return() {
        let both: [Arc<Callback<Function>>; 2] = Default::default();
        let met = Arc::new(Barrier::new(2));
        for (one, other) in [(0, 1), (1, 0)] {
            let (itself, other, met) = (both[one].clone(), both[other].clone(), met.clone());
            both[one].set(Some(Box::new(move || {
                met.wait();
                other.set(None);
                itself.set(None);
            })));
        }
        thread::scope(|scope| {
            for callback in &both {
                scope.spawn(|| callback.call(|function| function()));
            }
        });
        assert!(both.iter().all(|callback| !callback.is_set()));
        assert!(!is_inside());
    }

    #[test]
    fn a_callback_that_panics_is_no_longer_running() {
        let callback = Callback::<fn()>::default();
        callback.set(Some(|| panic!("no")));
        let call = std::panic::AssertUnwindSafe(|| callback.call(|function| function()));
        assert!(std::panic::catch_unwind(call).is_err());
        callback.set(None);
    }
}
