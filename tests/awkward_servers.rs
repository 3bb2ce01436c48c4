//! Servers and networks that are not as tidy as the viewer.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::{Server, start, timestamped, wait_until, within_ms};
use serde_json::{Value, json};
use session_replay::SessionReplay;

/// A server on this address that hands each connection, and its number, to `serve`. Its URL.
fn listen(address: &str, serve: impl Fn(TcpStream, usize) -> Option<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind(address).unwrap();
    let url = format!("http://{}/track", listener.local_addr().unwrap());
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            let serve = serve.clone();
            thread::spawn(move || serve(stream, number));
        }
    });
    url
}

/// Reads the head of one request; its body's length. `None` at the end of the connection.
fn take_head(stream: &mut impl BufRead) -> Option<usize> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse().ok()?;
        }
        if line == "\r\n" {
            return Some(length);
        }
    }
}

/// Reads one request; its body's length. `None` at the end of the connection.
fn take_request(stream: &mut BufReader<TcpStream>) -> Option<usize> {
    let length = take_head(stream)?;
    stream.read_exact(&mut vec![0; length]).ok()?;
    Some(length)
}

/// A server that gives every request this response, and then closes the connection.
fn respond_with(response: &'static [u8]) -> String {
    listen("127.0.0.1:0", move |stream, _| {
        let mut stream = BufReader::new(stream);
        take_request(&mut stream)?;
        stream.get_mut().write_all(response).ok()
    })
}

fn ship(url: &str, mut more: Value) -> SessionReplay {
    more["trackServerUrl"] = url.into();
    start(&Server::start(), more)
}

fn record(replay: &SessionReplay) {
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
}

/// Records what does not become smaller by gzip.
fn record_noise(replay: &SessionReplay, events: usize, bytes: usize) {
    for _ in 0..events {
        let noise: String = (0..bytes).map(|_| fastrand::alphanumeric()).collect();
        replay.record(timestamped(&json!(noise)).as_bytes()).unwrap();
    }
}

#[test]
fn every_form_of_2xx_is_delivered() {
    for response in [
        &b"HTTP/1.0 200 OK\r\n\r\nwithout a length"[..],
        b"HTTP/1.1 200 OK\r\n\r\nneither",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nno!!",
        b"HTTP/1.1 202 \r\nContent-Length: 0\r\n\r\n",
    ] {
        let replay = ship(&respond_with(response), json!({}));
        record(&replay);
        replay.flush(within_ms(10_000)).unwrap();
        let stats = replay.stats();
        let said = String::from_utf8_lossy(response);
        assert_eq!(
            (&stats["delivered"], &stats["batches"]["retried"]),
            (&json!(1), &json!(0)),
            "{said}: {stats}"
        );
    }
}

#[test]
fn malformed_responses_are_no_response() {
    for response in [
        &b""[..],
        b"HTTP/1.1 2",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 banana\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
    ] {
        let replay = ship(&respond_with(response), json!({ "flushMaxRetries": 1, "sendTimeoutMs": 1_000 }));
        record(&replay);
        replay.flush(300).unwrap_err();
        wait_until("the failure", || replay.stats()["lastError"] != Value::Null);
        let stats = replay.stats();
        assert_eq!((&stats["delivered"], &stats["waiting"]["events"]), (&json!(0), &json!(1)), "{stats}");
    }
}

#[test]
fn a_kept_connection_that_the_server_closed_meanwhile_is_no_failure() {
    let closed = Arc::new(AtomicUsize::new(0));
    let counter = closed.clone();
    let url = listen("127.0.0.1:0", move |stream, _| {
        let mut stream = BufReader::new(stream);
        take_request(&mut stream)?;
        // It says that it keeps the connection, and does not.
        let said = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n";
        stream.get_mut().write_all(said).ok()?;
        drop(stream);
        counter.fetch_add(1, Ordering::SeqCst);
        Some(())
    });
    let replay = ship(&url, json!({}));
    for number in 1..=3 {
        record(&replay);
        replay.flush(within_ms(10_000)).unwrap();
        wait_until("the connection to be closed", || closed.load(Ordering::SeqCst) == number);
    }
    assert_eq!(replay.stats()["batches"], json!({ "sent": 3, "retried": 0 }), "{}", replay.stats());
    assert_eq!(closed.load(Ordering::SeqCst), 3);
}

#[test]
fn a_kept_connection_is_used_again() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = connections.clone();
    let url = listen("[::1]:0", move |stream, _| {
        counter.fetch_add(1, Ordering::SeqCst);
        let mut stream = BufReader::new(stream);
        while take_request(&mut stream).is_some() {
            stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").ok()?;
        }
        None
    });
    let replay = ship(&url, json!({}));
    for _ in 0..3 {
        record(&replay);
        replay.flush(within_ms(10_000)).unwrap();
    }
    assert_eq!(replay.stats()["delivered"], 3);
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[test]
fn a_response_that_trickles_ends_with_the_time_out() {
    let url = listen("127.0.0.1:0", |mut stream, number| {
        if number > 0 {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok()?;
            return take_request(&mut BufReader::new(stream)).map(drop);
        }
        for byte in b"HTTP/1.1 200 OK\r\n".iter().cycle() {
            stream.write_all(&[*byte]).ok()?;
            thread::sleep(Duration::from_millis(50));
        }
        None
    });
    let began = Instant::now();
    let replay = ship(&url, json!({ "sendTimeoutMs": 3_000 }));
    record(&replay);
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(replay.stats()["batches"], json!({ "sent": 1, "retried": 1 }), "{}", replay.stats());
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_server_that_never_reads_does_not_hold_up_a_shutdown() {
    let url = listen("127.0.0.1:0", |stream, _| {
        thread::sleep(Duration::from_secs(60));
        drop(stream);
        None
    });
    let replay = ship(&url, json!({ "sendTimeoutMs": 60_000 }));
    record_noise(&replay, 30, 1_000_000);
    let began = Instant::now();
    replay.shut_down(300).unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

/// A network that lets a little through within the time-out.
#[test]
fn batches_shrink_on_a_slow_network() {
    let (url, arrived) = {
        let arrived = Arc::new(AtomicUsize::new(0));
        let counter = arrived.clone();
        // 20 kB at 10 ms: two megabytes a second.
        let url = listen("127.0.0.1:0", move |stream, _| {
            let mut stream = BufReader::with_capacity(20_000, Slow(stream));
            let mut length = 0;
            loop {
                let mut line = String::new();
                if stream.read_line(&mut line).ok()? == 0 {
                    return None;
                }
                if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
                    length = text.trim().parse().ok()?;
                }
                if line == "\r\n" {
                    let mut body = vec![0; length];
                    stream.read_exact(&mut body).ok()?;
                    counter.fetch_add(1, Ordering::SeqCst);
                    stream.get_mut().0.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").ok()?;
                }
            }
        });
        (url, arrived)
    };
    let replay = ship(&url, json!({ "sendTimeoutMs": 2_000, "flushMaxRetries": 1 }));
    record_noise(&replay, 100, 200_000);
    let deadline = Instant::now() + Duration::from_secs(120);
    while replay.flush(1_000).is_err() {
        assert!(Instant::now() < deadline, "{}", replay.stats());
    }
    assert_eq!(replay.stats()["delivered"], 100);
    assert!(arrived.load(Ordering::SeqCst) > 4);
}

struct Slow(TcpStream);

impl Read for Slow {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        thread::sleep(Duration::from_millis(10));
        let most = into.len().min(20_000);
        self.0.read(&mut into[..most])
    }
}

/// A refusal by a proxy that does not read what it will not pass on: where the connection breaks before the response is
/// read, nothing but the size of what was sent tells why.
#[test]
fn a_413_before_the_body_was_read_halves_the_batch() {
    let url = listen("127.0.0.1:0", |stream, _| {
        let mut stream = BufReader::new(stream);
        let length = take_head(&mut stream)?;
        if length > 1_000_000 {
            let body = "payload size exceeded";
            let response = format!("HTTP/1.1 413 Too Large\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            stream.get_mut().write_all(response.as_bytes()).ok()?;
            // Closed with bytes unread: the connection is reset.
            return None;
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).ok()?;
        stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok()
    });
    let replay = ship(&url, json!({ "flushMaxRetries": 1 }));
    record_noise(&replay, 50, 200_000);
    let deadline = Instant::now() + Duration::from_secs(60);
    while replay.flush(1_000).is_err() {
        assert!(Instant::now() < deadline, "{}", replay.stats());
    }
    assert_eq!(replay.stats()["delivered"], 50, "{}", replay.stats());
    println!("{}", replay.stats());
}

/// What comes after the head of a response, and breaks it off.
#[derive(Debug, Clone, Copy)]
enum Break {
    /// Part of the promised bytes, and the end of the connection.
    Cut,
    /// Part of them, and no more.
    Stall,
    /// None of them, and the end.
    None,
    /// A piece of a chunked body, and the end.
    Chunk,
    /// A packed body's beginning.
    Gzip,
}

/// Answers the first request with this head and a body that breaks off, and takes what follows.
fn breaks_off(head: &'static str, how: Break) -> String {
    listen("127.0.0.1:0", move |stream, number| {
        let mut stream = BufReader::new(stream);
        take_request(&mut stream)?;
        if number > 0 {
            let fine = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            return stream.get_mut().write_all(fine).ok();
        }
        let rest = match how {
            Break::Cut | Break::Stall => "Content-Length: 60\r\n\r\n{\"error\":\"Payl",
            Break::None => "Content-Length: 60\r\n\r\n",
            Break::Chunk => "Transfer-Encoding: chunked\r\n\r\n10\r\n{\"err",
            Break::Gzip => "Content-Encoding: gzip\r\nContent-Length: 60\r\n\r\n\u{1f}b",
        };
        stream.get_mut().write_all(format!("HTTP/1.1 {head}\r\n{rest}").as_bytes()).ok()?;
        if matches!(how, Break::Stall) {
            thread::sleep(Duration::from_secs(20));
        }
        None
    })
}

#[test]
fn nothing_is_dropped_for_a_response_that_breaks_off() {
    thread::scope(|scope| {
        for head in [
            "413 Payload Too Large",
            "400 Bad Request",
            "401 Unauthorized",
            "404 Not Found",
            "429 Too Many Requests",
            "200 OK\r\nX-Session-Replay-Event-Skipped: 4004",
            "200 OK\r\nX-Session-Replay-Event-Skipped: 4005",
        ] {
            for how in [Break::Cut, Break::Stall, Break::None, Break::Chunk, Break::Gzip] {
                scope.spawn(move || {
                    let replay = ship(&breaks_off(head, how), json!({ "sendTimeoutMs": 700 }));
                    (0..4).for_each(|_| record(&replay));
                    replay.flush(within_ms(20_000)).unwrap();
                    let stats = replay.stats();
                    assert_eq!(stats["delivered"], 4, "{head} {how:?}: {stats}");
                    let dropped = stats["dropped"].as_object().unwrap().values().map(|n| n.as_u64().unwrap());
                    assert_eq!(dropped.sum::<u64>(), 0, "{head} {how:?}: {stats}");
                });
            }
        }
    });
}

#[test]
fn a_single_event_is_not_dropped_for_a_413_that_breaks_off() {
    let replay = ship(&breaks_off("413 Payload Too Large", Break::Cut), json!({}));
    record(&replay);
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(replay.stats()["delivered"], 1, "{}", replay.stats());
}

#[test]
fn a_response_that_a_shutdown_cuts_off_drops_nothing() {
    for head in ["413 Payload Too Large", "400 Bad Request"] {
        let dir = tempfile::tempdir().unwrap();
        let url = breaks_off(head, Break::Stall);
        let replay = ship(&url, json!({ "storageDir": dir.path(), "sendTimeoutMs": 60_000 }));
        record(&replay);
        assert!(replay.shut_down(400).is_err());
        let stats = replay.stats();
        assert_eq!(stats["dropped"]["rejectedByServer"], 0, "{head}: {stats}");
        assert_eq!(stats["dropped"]["tooLargeForServer"], 0, "{head}: {stats}");
        drop(replay);
        let next = ship(&url, json!({ "storageDir": dir.path() }));
        next.flush(within_ms(20_000)).unwrap();
        assert_eq!(next.stats()["delivered"], 1, "{head}: {}", next.stats());
    }
}

#[test]
fn every_413_means_too_large_whatever_its_body_says() {
    for body in
        ["", "<html><h1>413 Request Entity Too Large</h1><hr>nginx", "Request blocked by the WAF", "{}"]
    {
        // Nothing larger than one small event passes.
        let url = listen("127.0.0.1:0", move |stream, _| {
            let mut stream = BufReader::new(stream);
            while let Some(length) = take_request(&mut stream) {
                let (status, body) = if length > 400 { (413, body) } else { (200, "{}") };
                let response = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                stream.get_mut().write_all(response.as_bytes()).ok()?;
            }
            None
        });
        let replay = ship(&url, json!({ "enableTransportCompression": false }));
        for event in 0..9 {
            match event {
                4 => record_noise(&replay, 1, 1_000),
                _ => record(&replay),
            }
        }
        replay.flush(within_ms(20_000)).unwrap();
        let stats = replay.stats();
        assert_eq!(stats["delivered"], 8, "{body}: {stats}");
        assert_eq!(stats["dropped"]["tooLargeForServer"], 1, "{body}: {stats}");
        assert_eq!(stats["dropped"]["rejectedByServer"], 0, "{body}: {stats}");
    }
}
