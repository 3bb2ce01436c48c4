//! A way of its own to the server for each process of a host, which writes on each request whose it is. So a test can tell which one
//! was the last of a process, the one whose answer its end may have cut off; by the time of arrival it can't, on a busy machine.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use serde::Deserialize;

/// The header that names the sender.
const SENT_BY: &str = "x-sent-by";

/// What the viewer kept with a request.
#[derive(Deserialize)]
pub struct Meta {
    headers: HashMap<String, String>,
}

impl Meta {
    /// The process that sent it.
    pub fn sender(&self) -> &str {
        &self.headers[SENT_BY]
    }
}

/// The requests whose answer the end of their sender may have cut off: the last one of each. They are given with their senders, in the
/// order of arrival.
pub fn cut_off<'a>(requests: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeSet<&'a str> {
    let last: HashMap<_, _> = requests.into_iter().collect();
    last.into_values().collect()
}

/// The way of one process.
pub struct Route {
    address: SocketAddr,
    over: Arc<AtomicBool>,
    listening: JoinHandle<()>,
}

impl Route {
    pub fn of(sender: &str, server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let over = Arc::<AtomicBool>::default();
        let (ends, sender) = (over.clone(), sender.to_owned());
        let listening = spawn(move || {
            let mut connections = Vec::new();
            for host in listener.incoming().map_while(Result::ok) {
                if ends.load(Ordering::SeqCst) {
                    break;
                }
                let (sender, over) = (sender.clone(), ends.clone());
                // That a host ends in the middle is what the tests are about.
                connections.push(spawn(move || _ = forward(FromHost { host, over }, &sender, server)));
            }
            connections.into_iter().for_each(|connection| connection.join().expect("it ends by itself"));
        });
        Self { address, over, listening }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// To be called when the process is dead: whatever of it reached the server has been answered then.
    pub fn end(self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        self.listening.join().expect("it ends by itself");
    }
}

/// What a host sends, until it closes or is dead: of a process that was killed Wine 8 does not always tell who reads.
struct FromHost {
    host: TcpStream,
    over: Arc<AtomicBool>,
}

impl Read for FromHost {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        use io::ErrorKind::{TimedOut, WouldBlock};
        loop {
            // Before it is read: what a dead host sent is all there.
            let is_over = self.over.load(Ordering::SeqCst);
            match self.host.read(bytes) {
                Err(error) if matches!(error.kind(), TimedOut | WouldBlock) && !is_over => {}
                result => return result,
            }
        }
    }
}

/// One request after the other, each with its response, until the host or the server closes.
fn forward(from_host: FromHost, sender: &str, server: SocketAddr) -> io::Result<()> {
    let (host, server) = (&from_host.host, TcpStream::connect(server)?);
    for end in [&server, host] {
        end.set_nodelay(true)?;
    }
    host.set_read_timeout(Some(Duration::from_secs(1)))?;
    let (mut to_server, mut to_host) = (server.try_clone()?, host.try_clone()?);
    let (mut from_host, mut from_server) = (BufReader::new(from_host), BufReader::new(server));
    loop {
        let (mut head, length) = head(&mut from_host)?;
        head.insert(1, format!("{SENT_BY}: {sender}\r\n"));
        pass(&head, length, &mut from_host, &mut to_server)?;
        let (head, length) = self::head(&mut from_server)?;
        pass(&head, length, &mut from_server, &mut to_host)?;
    }
}

/// The lines of a head, and how long the body is.
fn head(from: &mut impl BufRead) -> io::Result<(Vec<String>, u64)> {
    let (mut lines, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let is_last = line.trim_end().is_empty();
        if let Some(number) = line.to_lowercase().strip_prefix("content-length:") {
            length = number.trim().parse().map_err(io::Error::other)?;
        }
        lines.push(line);
        if is_last {
            return Ok((lines, length));
        }
    }
}

fn pass(head: &[String], length: u64, from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    to.write_all(head.concat().as_bytes())?;
    match io::copy(&mut from.take(length), to)? == length {
        true => to.flush(),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
