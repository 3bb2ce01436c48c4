//! The host's own HTTP, if it set one: the host is handed each request, and responds from any thread, at once or later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::response::Response;
use super::send_error::SendError;
use crate::callback::Callback;
use crate::sync::{Condvar, Mutex};

/// A request that the host is to make.
#[derive(Debug, Clone, Copy)]
pub struct HostRequest<'a> {
    /// Names this request in [`Transport::respond`]; never 0.
    pub id: u64,
    /// `POST` or `GET`.
    pub method: &'a str,
    /// Where to send it.
    pub url: &'a str,
    /// Header names and values.
    pub headers: &'a [(&'static str, String)],
    /// Empty for `GET`.
    pub body: &'a [u8],
    /// A response that comes later than this is ignored.
    pub timeout: Duration,
}

/// What became of a request that the host made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostResponse {
    /// The server responded.
    Received {
        /// The status code.
        status: u16,
        /// The header `X-Session-Replay-Event-Skipped`.
        skipped: Option<String>,
        /// The body, or the beginning of it.
        body: Vec<u8>,
        /// The body did not break off.
        is_whole: bool,
    },
    /// No response came, for this reason.
    Failed(String),
}

/// Makes a request, or has it made. Called on a thread of this library.
pub type HostHttp = Arc<dyn Fn(&HostRequest) + Send + Sync>;

/// Hands requests to the host, if it set a function for them, and waits for the responses.
#[derive(Default)]
pub struct Transport {
    http: Callback<HostHttp>,
    /// Held from a request to its response: the thread of a recorder that was shut down may still be inside the host's
    /// function when the next recorder begins.
    in_turn: Mutex<()>,
    exchange: Mutex<Exchange>,
    changed: Condvar,
}

/// The request that is under way; there is one at a time.
#[derive(Default)]
struct Exchange {
    /// Of the latest request.
    id: u64,
    open: bool,
    response: Option<HostResponse>,
}

impl Transport {
    /// Sets the function that makes the requests from now on; `None`: this library makes them. When this returns, the
    /// function before is not called any more.
    pub fn set_http(&self, http: Option<HostHttp>) {
        self.http.set(http);
    }

    /// Hands over the response to a request. `false` when that is not under way: its time was up, or it had a response
    /// before.
    pub fn respond(&self, id: u64, response: HostResponse) -> bool {
        let mut exchange = self.exchange.lock();
        if !exchange.open || exchange.id != id || exchange.response.is_some() {
            return false;
        }
        exchange.response = Some(response);
        drop(exchange);
        self.changed.notify_all();
        true
    }

    /// Has a thread that waits for a response look whether it was aborted.
    pub(super) fn wake(&self) {
        // Not between that thread's look and its wait.
        drop(self.exchange.lock());
        self.changed.notify_all();
    }

    /// Has the host make a request and waits for the response. `None` when no function is set.
    pub(super) fn exchange(
        &self,
        method: &str,
        url: &str,
        headers: &[(&'static str, String)],
        body: &[u8],
        timeout: Duration,
        aborted: &AtomicBool,
    ) -> Option<Result<Response, SendError>> {
        let _in_turn = self.in_turn.lock();
        let deadline = Instant::now() + timeout;
        self.http.call(|http| {
            let id = {
                let mut exchange = self.exchange.lock();
                exchange.id += 1;
                exchange.open = true;
                exchange.response = None;
                exchange.id
            };
            http(&HostRequest { id, method, url, headers, body, timeout });
        })?;
        Some(match self.wait_for_response(deadline, aborted) {
            Some(HostResponse::Received { status, skipped, body, is_whole }) => {
                Ok(Response { status, skipped, body, is_whole })
            }
            Some(HostResponse::Failed(reason)) => Err(SendError::maybe_oversized(reason)),
            None => {
                Err(SendError::maybe_oversized("the host's transport did not respond in time".to_owned()))
            }
        })
    }

    fn wait_for_response(&self, deadline: Instant, aborted: &AtomicBool) -> Option<HostResponse> {
        let mut exchange = self.exchange.lock();
        let mut is_over = false;
        while exchange.response.is_none() && !aborted.load(Ordering::Acquire) && !is_over {
            (exchange, is_over) = self.changed.wait_until(exchange, Some(deadline));
        }
        exchange.open = false;
        exchange.response.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(transport: &Transport, timeout: Duration) -> Option<Result<Response, SendError>> {
        transport.exchange("GET", "http://x/", &[], &[], timeout, &AtomicBool::new(false))
    }

    fn received(status: u16) -> HostResponse {
        HostResponse::Received { status, skipped: None, body: Vec::new(), is_whole: true }
    }

    #[test]
    fn without_a_function_nothing_is_handed_over() {
        assert!(exchange(&Transport::default(), Duration::ZERO).is_none());
    }

    #[test]
    fn a_response_counts_once_and_in_time() {
        let transport = Arc::new(Transport::default());
        let responder = transport.clone();
        transport.set_http(Some(Arc::new(move |request| {
            assert!(!responder.respond(request.id + 1, received(500)), "another request");
            assert!(responder.respond(request.id, received(200)));
            assert!(!responder.respond(request.id, received(500)), "it had a response before");
        })));
        let response = exchange(&transport, Duration::from_secs(5)).unwrap().unwrap();
        assert_eq!(response.status, 200);
        assert!(!transport.respond(1, received(200)), "over");

        transport.set_http(Some(Arc::new(|_| {})));
        assert!(exchange(&transport, Duration::from_millis(5)).unwrap().is_err());
        assert!(!transport.respond(2, received(200)), "too late");
    }

    #[test]
    fn requests_of_several_threads_go_one_at_a_time() {
        let transport = Arc::new(Transport::default());
        let (inside, responder) = (AtomicBool::new(false), transport.clone());
        transport.set_http(Some(Arc::new(move |request| {
            assert!(!inside.swap(true, Ordering::SeqCst), "one at a time");
            std::thread::yield_now();
            assert!(responder.respond(request.id, received(200)));
            inside.store(false, Ordering::SeqCst);
        })));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        let response = exchange(&transport, Duration::from_secs(60)).unwrap().unwrap();
                        assert_eq!(response.status, 200);
                    }
                });
            }
        });
        // It holds the transport, which holds it.
        transport.set_http(None);
    }

    #[test]
    fn the_function_may_remove_itself() {
        let transport = Arc::new(Transport::default());
        let itself = transport.clone();
        transport.set_http(Some(Arc::new(move |request| {
            itself.set_http(None);
            itself.respond(request.id, HostResponse::Failed("no more".to_owned()));
        })));
        assert!(exchange(&transport, Duration::from_secs(5)).unwrap().is_err());
        assert!(exchange(&transport, Duration::from_secs(5)).is_none());
    }
}
