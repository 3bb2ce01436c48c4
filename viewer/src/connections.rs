//! The connections there are, and which of them has to go when there are too many.
//!
//! Whoever comes is let in: clients that open connections and hold them must not lock out those that want something.
//! So the connection goes that has stood still for the longest time.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};
use parking_lot::Mutex;
use tokio::task::AbortHandle;

/// A connection that is as young as this may have its request on the way.
const GRACE: Duration = Duration::from_secs(1);

/// What one connection is doing.
#[derive(Debug)]
pub(crate) struct Connection {
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// A request is being read or answered; otherwise the client has nothing to say, or is slow to say it.
    busy: bool,
    /// Not to be pushed out: of its kind there are few.
    reserved: bool,
    since: Instant,
}

impl Connection {
    pub(crate) fn new() -> Arc<Self> {
        let state = State { busy: false, reserved: false, since: Instant::now() };
        Arc::new(Self { state: Mutex::new(state) })
    }

    pub(crate) fn reserve(&self, reserved: bool) {
        self.state.lock().reserved = reserved;
    }

    /// Says that a request has begun; what is returned says that it is over, when it is dropped.
    pub(crate) fn begin(self: &Arc<Self>) -> Busy {
        self.set(true);
        Busy(Arc::clone(self))
    }

    fn set(&self, busy: bool) {
        let mut state = self.state.lock();
        state.busy = busy;
        state.since = Instant::now();
    }
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Connection>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// All connections, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Connections(Vec<(Arc<Connection>, AbortHandle)>);

impl Connections {
    pub(crate) fn add(&mut self, connection: Arc<Connection>, task: AbortHandle) {
        self.0.push((connection, task));
    }

    /// Forgets those that have ended, and returns how many there are.
    pub(crate) fn count(&mut self) -> usize {
        self.0.retain(|(_, task)| !task.is_finished());
        self.0.len()
    }

    /// Ends the one that has to go; `false` when none can.
    pub(crate) fn push_one_out(&mut self) -> bool {
        let now = Instant::now();
        let states: Vec<State> = self.0.iter().map(|(connection, _)| *connection.state.lock()).collect();
        let Some(index) = choose(&states, now) else {
            return false;
        };
        self.0.remove(index).1.abort();
        true
    }
}

/// The one that says nothing for the longest time, if that is a while; otherwise the one whose request takes longest.
fn choose(states: &[State], now: Instant) -> Option<usize> {
    let idle = |state: &State| !state.busy && now.saturating_duration_since(state.since) >= GRACE;
    let candidates = states.iter().enumerate().filter(|(_, state)| !state.reserved);
    candidates.min_by_key(|(_, state)| (!idle(state), state.since)).map(|(index, _)| index)
}

/// A reply's body that holds its connection busy until it is sent.
#[derive(Debug)]
pub(crate) struct BusyBody {
    body: Body,
    _busy: Busy,
}

impl BusyBody {
    pub(crate) fn new(body: Body, busy: Busy) -> Self {
        Self { body, _busy: busy }
    }
}

impl http_body::Body for BusyBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stands_still_goes_first() {
        let now = Instant::now() + Duration::from_secs(100);
        let state = |busy, reserved, age| State { busy, reserved, since: now - Duration::from_millis(age) };
        for (states, goes) in [
            (vec![], None),
            (vec![state(true, true, 90_000), state(false, true, 90_000)], None),
            // Idle for longest.
            (
                vec![state(false, false, 2_000), state(false, false, 3_000), state(true, false, 9_000)],
                Some(1),
            ),
            // One that has just come is given the time to say what it wants.
            (vec![state(true, false, 2_000), state(true, false, 3_000), state(false, false, 900)], Some(1)),
            (vec![state(true, false, 20), state(false, false, 30), state(false, true, 90_000)], Some(1)),
        ] {
            assert_eq!(choose(&states, now), goes, "{states:?}");
        }
    }
}
