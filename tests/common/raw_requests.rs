//! Servers that hand requests over byte for byte, where the viewer would have understood them.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

/// One HTTP request, as it came over the wire.
pub struct RawRequest {
    pub line: String,
    /// Names in lower case.
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl RawRequest {
    pub fn unpacked(&self) -> String {
        let mut text = String::new();
        flate2::read::GzDecoder::new(&self.body[..]).read_to_string(&mut text).expect("gzipped text");
        text
    }
}

/// A server that takes one request and hands it over.
pub fn receive_one_request() -> (String, Receiver<RawRequest>) {
    receive(1)
}

/// A server that does so with every request.
pub fn receive_requests() -> (String, Receiver<RawRequest>) {
    receive(usize::MAX)
}

/// A server that answers each request with what `answer` gives, a status and its words; `None`: it hangs up. It goes on as long as the test program.
pub fn serve_requests(answer: impl Fn(RawRequest) -> Option<&'static str> + Send + Sync + 'static) -> String {
    serve_requests_at("127.0.0.1:0", answer)
}

/// The same at an address.
pub fn serve_requests_at(
    address: &str,
    answer: impl Fn(RawRequest) -> Option<&'static str> + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind(address).expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, answer) = (BufReader::new(stream.expect("a connection")), answer.clone());
            std::thread::spawn(move || {
                // The client may be killed in the middle.
                while let Some(request) = try_to_read(&mut stream) {
                    let Some(status) = answer(request) else { return };
                    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                    if stream.get_mut().write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}

fn receive(count: usize) -> (String, Receiver<RawRequest>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(count) {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let _ = sender.send(read_request(&mut stream));
            let _ = stream
                .get_mut()
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    (url, receiver)
}

fn read_request(stream: &mut impl BufRead) -> RawRequest {
    try_to_read(stream).expect("a whole request")
}

/// `None`: the connection ended before.
fn try_to_read(stream: &mut impl BufRead) -> Option<RawRequest> {
    let mut lines = stream.by_ref().lines().map_while(Result::ok);
    let line = lines.next()?;
    let headers: HashMap<String, String> = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned())))
        .collect();
    let length = headers.get("content-length")?.parse().expect("a length");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(RawRequest { line, headers, body })
}
