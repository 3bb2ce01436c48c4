//! Servers that hand requests over byte for byte, where the viewer would have understood them.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
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
    let mut lines = stream.by_ref().lines().map(|line| line.expect("a line"));
    let line = lines.next().expect("a request line");
    let headers: HashMap<String, String> = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned())))
        .collect();
    let length = headers["content-length"].parse().expect("a length");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("a body");
    RawRequest { line, headers, body }
}
