//! The host's own HTTP, if it set one: the host is handed each request, or takes it, and responds from any thread, at once or
//! later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::offer::{Offer, RequestBody, TakenRequest};
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
    /// It waits to be taken.
    offer: Option<Offer>,
    /// When it was taken, and its body, until it is over.
    taken: Option<(Instant, Option<RequestBody>)>,
}

impl Transport {
    /// Sets the function that makes the requests from now on; `None`: this library makes them. When this returns, the
    /// function before is not called any more.
    pub fn set_http(&self, http: Option<HostHttp>) {
        self.http.set(http);
    }

    /// Whether there is such a function.
    pub(crate) fn has_http(&self) -> bool {
        self.http.is_set()
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

    /// Takes the request that waits for it. Its time begins now.
    pub fn take_request(&self) -> Option<TakenRequest> {
        let mut exchange = self.exchange.lock();
        let (request, body) = exchange.offer.take()?.take(exchange.id);
        exchange.open = true;
        exchange.taken = Some((Instant::now(), body));
        drop(exchange);
        self.changed.notify_all();
        Some(request)
    }

    /// The body of a request that was taken, empty for one that has none; `None` when that is not under way any more.
    pub fn request_body(&self, id: u64) -> Option<Option<RequestBody>> {
        let exchange = self.exchange.lock();
        let is_open = exchange.open && exchange.id == id && exchange.response.is_none();
        let (_, body) = exchange.taken.as_ref().filter(|_| is_open)?;
        Some(body.clone())
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
        Some(self.wait_for_response(deadline, aborted))
    }

    /// Offers the host a request, for which it has so long to take it, and waits for the response.
    pub(super) fn offer(
        &self,
        offer: Offer,
        patience: Duration,
        aborted: &AtomicBool,
    ) -> Result<Response, SendError> {
        let _in_turn = self.in_turn.lock();
        let timeout = offer.timeout;
        let id = {
            let mut exchange = self.exchange.lock();
            *exchange = Exchange { id: exchange.id + 1, offer: Some(offer), ..Exchange::default() };
            exchange.id
        };
        match self.wait_until_taken(Instant::now() + patience, aborted) {
            Some(taken) => self.wait_for_response(taken + timeout, aborted),
            None => Err(SendError::unreachable(format!(
                "the host did not take request {id} (sr_take_request) within {} ms",
                patience.as_millis()
            ))),
        }
    }

    /// When the request was taken. `None`: it was not, and can't be any more.
    fn wait_until_taken(&self, deadline: Instant, aborted: &AtomicBool) -> Option<Instant> {
        let mut exchange = self.exchange.lock();
        let mut is_over = false;
        while exchange.offer.is_some() && !aborted.load(Ordering::Acquire) && !is_over {
            (exchange, is_over) = self.changed.wait_until(exchange, Some(deadline));
        }
        exchange.offer = None;
        exchange.taken.as_ref().map(|(taken, _)| *taken)
    }

    fn wait_for_response(&self, deadline: Instant, aborted: &AtomicBool) -> Result<Response, SendError> {
        let mut exchange = self.exchange.lock();
        let mut is_over = false;
        while exchange.response.is_none() && !aborted.load(Ordering::Acquire) && !is_over {
            (exchange, is_over) = self.changed.wait_until(exchange, Some(deadline));
        }
        exchange.open = false;
        exchange.taken = None;
        match exchange.response.take() {
            Some(HostResponse::Received { status, skipped, body, is_whole }) => {
                Ok(Response { status, skipped, body, is_whole })
            }
            Some(HostResponse::Failed(reason)) => Err(SendError::maybe_oversized(reason)),
            None => {
                Err(SendError::maybe_oversized("the host's transport did not respond in time".to_owned()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::buffer::MmapBuffer;
    use crate::delivery::offer::RequestKind;

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

    fn offer(transport: &Transport, timeout: Duration, patience: Duration) -> Result<Response, SendError> {
        let mut body = MmapBuffer::with_capacity(3).unwrap();
        body.push(b"abc").unwrap();
        let offer = Offer {
            kind: RequestKind::Events,
            method: "POST",
            url: "http://x/".to_owned(),
            headers: Vec::new(),
            body: Some(RequestBody::new(&Arc::new(body))),
            timeout,
        };
        transport.offer(offer, patience, &AtomicBool::new(false))
    }

    /// What the host takes, once there is something.
    fn take(transport: &Transport) -> TakenRequest {
        loop {
            match transport.take_request() {
                Some(request) => return request,
                None => std::thread::yield_now(),
            }
        }
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_request_is_taken_once_and_its_body_read_until_it_has_a_response() {
        let transport = Transport::default();
        assert!(transport.take_request().is_none());
        std::thread::scope(|scope| {
            let sent = scope.spawn(|| offer(&transport, LONG, LONG));
            let request = take(&transport);
            assert_eq!((request.id, request.body_length, request.kind), (1, 3, RequestKind::Events));
            assert!(transport.take_request().is_none(), "it was taken");
            assert!(transport.request_body(2).is_none(), "another request");
            assert_eq!(*transport.request_body(1).unwrap().unwrap(), *b"abc");
            assert!(transport.respond(1, received(204)));
            assert!(transport.request_body(1).is_none() && !transport.respond(1, received(500)));
            assert_eq!(sent.join().unwrap().unwrap().status, 204);
        });
    }

    #[test]
    fn a_request_that_nobody_takes_says_nothing_of_the_server() {
        let transport = Transport::default();
        let error = offer(&transport, LONG, Duration::from_millis(5)).unwrap_err();
        assert!(!error.maybe_oversized && error.to_string().contains("sr_take_request"), "{error}");
        assert!(transport.take_request().is_none(), "it is not offered any more");
        assert!(!transport.respond(1, received(200)));
    }

    #[test]
    fn the_time_of_a_request_begins_when_it_is_taken() {
        let (transport, time) = (Transport::default(), Duration::from_secs(4));
        std::thread::scope(|scope| {
            let sent = scope.spawn(|| offer(&transport, time, LONG));
            // Longer than there is time for the response.
            std::thread::sleep(time + Duration::from_millis(100));
            let id = take(&transport).id;
            std::thread::sleep(Duration::from_millis(50));
            assert!(transport.respond(id, received(200)), "not too late");
            assert_eq!(sent.join().unwrap().unwrap().status, 200);
        });
        std::thread::scope(|scope| {
            let sent = scope.spawn(|| offer(&transport, Duration::from_millis(5), LONG));
            let id = take(&transport).id;
            let error = sent.join().unwrap().unwrap_err();
            assert!(error.maybe_oversized && error.to_string().contains("in time"), "{error}");
            assert!(!transport.respond(id, received(200)), "too late");
        });
    }

    #[test]
    fn an_abort_ends_both_waits() {
        for is_taken in [false, true] {
            let (transport, aborted) = (Transport::default(), AtomicBool::new(false));
            std::thread::scope(|scope| {
                let sent = scope.spawn(|| {
                    let offer = Offer {
                        kind: RequestKind::Config,
                        method: "GET",
                        url: String::new(),
                        headers: Vec::new(),
                        body: None,
                        timeout: LONG,
                    };
                    transport.offer(offer, LONG, &aborted)
                });
                if is_taken {
                    let id = take(&transport).id;
                    assert!(transport.request_body(id).unwrap().is_none(), "it has none");
                }
                aborted.store(true, Ordering::Release);
                while !sent.is_finished() {
                    transport.wake();
                    std::thread::yield_now();
                }
                assert!(sent.join().unwrap().is_err());
            });
        }
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
