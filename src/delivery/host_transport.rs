//! The host's own HTTP, if it brings one: it is handed a request and answers from any thread, at once or later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Reply;
use super::http::SendError;
use crate::callback::Callback;
use crate::sync::{Condvar, Mutex};

/// A request that the host is to make.
#[derive(Debug, Clone, Copy)]
pub struct HostRequest<'a> {
    /// Names this request in the answer; never 0.
    pub id: u64,
    /// `POST` or `GET`.
    pub method: &'a str,
    /// Where to.
    pub url: &'a str,
    /// Names and values.
    pub headers: &'a [(&'static str, String)],
    /// Empty for `GET`.
    pub body: &'a [u8],
    /// An answer that comes later than this is ignored.
    pub timeout: Duration,
}

/// What the host answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostReply {
    /// The server's answer.
    Answer {
        /// Its status code.
        status: u16,
        /// Its header `X-Session-Replay-Event-Skipped`.
        skipped: Option<String>,
        /// Its body, or the beginning of it.
        body: Vec<u8>,
        /// The body did not break off.
        is_whole: bool,
    },
    /// There was none, for this reason.
    NoAnswer(String),
}

/// Makes a request, or sees to it that somebody does. Called on a thread of this library.
pub type HostHttp = Arc<dyn Fn(&HostRequest) + Send + Sync>;

/// Hands requests to the host, if it asked for that, and waits for its answers.
#[derive(Default)]
pub struct Transport {
    http: Callback<HostHttp>,
    /// Held from a request to its answer: the thread of a recorder that was shut down may still be inside the host's
    /// function when the next recorder begins.
    turn: Mutex<()>,
    exchange: Mutex<Exchange>,
    changed: Condvar,
}

/// The request that is under way. There is one at a time: the sender is one thread.
#[derive(Default)]
struct Exchange {
    /// The last that was begun.
    id: u64,
    open: bool,
    reply: Option<HostReply>,
}

impl Transport {
    /// Sets who makes the requests from now on; `None`: this library. When this returns, the one before is not
    /// called any more.
    pub fn set_http(&self, http: Option<HostHttp>) {
        self.http.set(http);
    }

    /// Answers a request. `false` when it is not under way: its time was up, or it was answered before.
    pub fn respond(&self, id: u64, reply: HostReply) -> bool {
        let mut exchange = self.exchange.lock();
        if !exchange.open || exchange.id != id || exchange.reply.is_some() {
            return false;
        }
        exchange.reply = Some(reply);
        drop(exchange);
        self.changed.notify_all();
        true
    }

    /// Makes those that wait look whether they are to stop.
    pub(super) fn wake(&self) {
        // Not between another's look and its wait.
        drop(self.exchange.lock());
        self.changed.notify_all();
    }

    /// Lets the host make a request. `None` when it did not ask for that.
    pub(super) fn exchange(
        &self,
        method: &str,
        url: &str,
        headers: &[(&'static str, String)],
        body: &[u8],
        timeout: Duration,
        aborted: &AtomicBool,
    ) -> Option<Result<Reply, SendError>> {
        let _turn = self.turn.lock();
        let deadline = Instant::now() + timeout;
        self.http.call(|http| {
            let id = {
                let mut exchange = self.exchange.lock();
                exchange.id += 1;
                exchange.open = true;
                exchange.reply = None;
                exchange.id
            };
            http(&HostRequest { id, method, url, headers, body, timeout });
        })?;
        let reply = self.wait_for_reply(deadline, aborted);
        Some(match reply {
            Some(HostReply::Answer { status, skipped, body, is_whole }) => {
                Ok(Reply { status, skipped, body, is_whole })
            }
            Some(HostReply::NoAnswer(reason)) => Err(SendError::maybe_oversized(reason)),
            None => Err(SendError::maybe_oversized("the host's transport did not answer in time".to_owned())),
        })
    }

    fn wait_for_reply(&self, deadline: Instant, aborted: &AtomicBool) -> Option<HostReply> {
        let mut exchange = self.exchange.lock();
        let mut is_over = false;
        while exchange.reply.is_none() && !aborted.load(Ordering::Acquire) && !is_over {
            (exchange, is_over) = self.changed.wait_until(exchange, Some(deadline));
        }
        exchange.open = false;
        exchange.reply.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(transport: &Transport, timeout: Duration) -> Option<Result<Reply, SendError>> {
        transport.exchange("GET", "http://x/", &[], &[], timeout, &AtomicBool::new(false))
    }

    fn answer(status: u16) -> HostReply {
        HostReply::Answer { status, skipped: None, body: Vec::new(), is_whole: true }
    }

    #[test]
    fn without_a_host_that_asked_there_is_no_exchange() {
        assert!(exchange(&Transport::default(), Duration::ZERO).is_none());
    }

    #[test]
    fn an_answer_counts_once_and_in_time() {
        let transport = Arc::new(Transport::default());
        let answers = transport.clone();
        transport.set_http(Some(Arc::new(move |request| {
            assert!(!answers.respond(request.id + 1, answer(500)), "another request");
            assert!(answers.respond(request.id, answer(200)));
            assert!(!answers.respond(request.id, answer(500)), "answered before");
        })));
        let reply = exchange(&transport, Duration::from_secs(5)).unwrap().unwrap();
        assert_eq!(reply.status, 200);
        assert!(!transport.respond(1, answer(200)), "over");

        transport.set_http(Some(Arc::new(|_| {})));
        assert!(exchange(&transport, Duration::from_millis(5)).unwrap().is_err());
        assert!(!transport.respond(2, answer(200)), "too late");
    }

    #[test]
    fn there_is_one_request_at_a_time_whoever_makes_it() {
        let transport = Arc::new(Transport::default());
        let (inside, answers) = (AtomicBool::new(false), transport.clone());
        transport.set_http(Some(Arc::new(move |request| {
            assert!(!inside.swap(true, Ordering::SeqCst), "one at a time");
            std::thread::yield_now();
            assert!(answers.respond(request.id, answer(200)));
            inside.store(false, Ordering::SeqCst);
        })));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        let reply = exchange(&transport, Duration::from_secs(60)).unwrap().unwrap();
                        assert_eq!(reply.status, 200);
                    }
                });
            }
        });
        // It holds the transport, which holds it.
        transport.set_http(None);
    }

    #[test]
    fn a_callback_may_take_itself_away() {
        let transport = Arc::new(Transport::default());
        let itself = transport.clone();
        transport.set_http(Some(Arc::new(move |request| {
            itself.set_http(None);
            itself.respond(request.id, HostReply::NoAnswer("no more".to_owned()));
        })));
        assert!(exchange(&transport, Duration::from_secs(5)).unwrap().is_err());
        assert!(exchange(&transport, Duration::from_secs(5)).is_none());
    }
}
