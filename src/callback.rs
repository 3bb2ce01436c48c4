//! Callbacks of the host, which can be replaced and removed while they may be running.

use std::ops::Deref;
use std::sync::Arc;
use std::thread::{self, ThreadId};

use crate::sync::{Condvar, Mutex};

/// A function of the host's. Whoever replaces it waits until the one before is no longer running, and for nothing else;
/// but a callback that replaces itself does not wait for itself.
pub(crate) struct Callback<F> {
    state: Mutex<Registration<F>>,
    returned: Condvar,
}

struct Registration<F> {
    current: Option<Arc<F>>,
    /// Counts the replacements.
    generation: u64,
    /// The calls that are running: who makes them, and of which generation they are.
    running: Vec<(ThreadId, u64)>,
}

impl<F> Default for Callback<F> {
    fn default() -> Self {
        let state = Registration { current: None, generation: 0, running: Vec::new() };
        Self { state: Mutex::new(state), returned: Condvar::default() }
    }
}

impl<F> Callback<F> {
    /// Sets what is called from now on. When this returns, the one before is not running and is not called any more.
    pub fn set(&self, next: Option<F>) {
        let (next, me) = (next.map(Arc::new), thread::current().id());
        let mut state = self.state.lock();
        let before = std::mem::replace(&mut state.current, next);
        let last = state.generation;
        state.generation += 1;
        while state.running.iter().any(|(_, generation)| *generation <= last)
            && state.running.iter().all(|(thread, _)| *thread != me)
        {
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

    /// Calls it, if there is one.
    pub fn call<T>(&self, body: impl FnOnce(&F) -> T) -> Option<T> {
        let call = Call::begin(self)?;
        call.callback.as_deref().map(body)
    }
}

/// A call that counts as running until this is dropped.
pub(crate) struct Call<F, P: Deref<Target = Callback<F>>> {
    of: P,
    this: (ThreadId, u64),
    callback: Option<Arc<F>>,
}

impl<F, P: Deref<Target = Callback<F>>> Call<F, P> {
    /// A call on this thread, if there is anything to call.
    pub fn begin(of: P) -> Option<Self> {
        let mut state = of.state.lock();
        let callback = state.current.clone()?;
        let this = (thread::current().id(), state.generation);
        state.running.push(this);
        drop(state);
        Some(Self { of, this, callback: Some(callback) })
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
        let mut state = self.of.state.lock();
        if let Some(at) = state.running.iter().position(|running| *running == self.this) {
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
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

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

    #[test]
    fn a_callback_that_panics_is_no_longer_running() {
        let callback = Callback::<fn()>::default();
        callback.set(Some(|| panic!("no")));
        let call = std::panic::AssertUnwindSafe(|| callback.call(|function| function()));
        assert!(std::panic::catch_unwind(call).is_err());
        callback.set(None);
    }
}
