//! What one connection is doing.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};
use parking_lot::Mutex;

/// A connection, shared by the server and the requests that come over it.
#[derive(Debug)]
pub(crate) struct Connection {
    activity: Mutex<Activity>,
}

/// What a connection is doing, and since when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Activity {
    /// A request is being read or answered; otherwise the client has nothing to say, or is slow to say it.
    pub(super) in_flight: bool,
    /// Not to be evicted: its kind has a limit of its own.
    pub(super) protected: bool,
    pub(super) since: Instant,
}

impl Connection {
    pub(crate) fn new() -> Arc<Self> {
        let activity = Activity { in_flight: false, protected: false, since: Instant::now() };
        Arc::new(Self { activity: Mutex::new(activity) })
    }

    /// Sets whether the connection is kept from being evicted.
    pub(crate) fn protect(&self, protected: bool) {
        self.activity.lock().protected = protected;
    }

    /// Says that a request has begun; what is returned says that it is over, when it is dropped.
    pub(crate) fn begin_request(self: &Arc<Self>) -> InFlight {
        self.set_in_flight(true);
        InFlight(Arc::clone(self))
    }

    pub(super) fn activity(&self) -> Activity {
        *self.activity.lock()
    }

    fn set_in_flight(&self, in_flight: bool) {
        let mut activity = self.activity.lock();
        activity.in_flight = in_flight;
        activity.since = Instant::now();
    }
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<Connection>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.set_in_flight(false);
    }
}

/// A reply's body: the request is under way until it is sent.
#[derive(Debug)]
pub(crate) struct InFlightBody {
    body: Body,
    _in_flight: InFlight,
}

impl InFlightBody {
    pub(crate) fn new(body: Body, in_flight: InFlight) -> Self {
        Self { body, _in_flight: in_flight }
    }
}

impl http_body::Body for InFlightBody {
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
