//! The body of a track request: `{"version":1,"events":["<event>","<event>",…]}` (`protocol.md`).

use std::io::{self, BufWriter, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::event::WireEvent;

/// A finished body.
pub(crate) struct Body {
    /// What is sent.
    pub bytes: Vec<u8>,
    /// Whether `bytes` are gzipped.
    pub gzipped: bool,
    /// How many events are in it; never 0, since a request with no events is never sent.
    pub events: usize,
    /// Bytes of these events.
    pub event_bytes: usize,
    /// Size of the body before gzip.
    pub plain_bytes: usize,
}

/// Writes a body event by event, compressing as it goes, so that only the compressed form is held.
pub(crate) struct BodyWriter {
    out: BufWriter<Sink>,
    text: String,
    escaped: Vec<u8>,
    events: usize,
    event_bytes: usize,
    plain_bytes: usize,
}

enum Sink {
    Gzip(Box<GzEncoder<Vec<u8>>>),
    Plain(Vec<u8>),
}

const HEAD: &str = "{\"version\":1,\"events\":[";
const TAIL: &str = "]}";

impl BodyWriter {
    /// An empty body.
    pub fn new(gzip: bool) -> io::Result<Self> {
        let sink = match gzip {
            true => Sink::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::default()))),
            false => Sink::Plain(Vec::new()),
        };
        let mut writer = Self {
            out: BufWriter::with_capacity(64 * 1_024, sink),
            text: String::new(),
            escaped: Vec::new(),
            events: 0,
            event_bytes: 0,
            plain_bytes: 0,
        };
        writer.put(HEAD.as_bytes())?;
        Ok(writer)
    }

    /// Adds one event.
    pub fn push(&mut self, event: &WireEvent) -> io::Result<()> {
        if self.events > 0 {
            self.put(b",")?;
        }
        self.text.clear();
        event.append_to(&mut self.text);
        self.escaped.clear();
        serde_json::to_writer(&mut self.escaped, &self.text)?;
        self.plain_bytes += self.escaped.len();
        self.out.write_all(&self.escaped)?;
        self.events += 1;
        self.event_bytes += self.text.len();
        Ok(())
    }

    /// How many events are in it.
    pub fn events(&self) -> usize {
        self.events
    }

    /// Bytes of events in it, as `maxPersistedEventsSizeBytes` counts them.
    pub fn event_bytes(&self) -> usize {
        self.event_bytes
    }

    /// Ends the body.
    pub fn finish(mut self) -> io::Result<Body> {
        self.put(TAIL.as_bytes())?;
        let sink = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        let (bytes, gzipped) = match sink {
            Sink::Gzip(encoder) => (encoder.finish()?, true),
            Sink::Plain(bytes) => (bytes, false),
        };
        Ok(Body {
            bytes,
            gzipped,
            events: self.events,
            event_bytes: self.event_bytes,
            plain_bytes: self.plain_bytes,
        })
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.plain_bytes += bytes.len();
        self.out.write_all(bytes)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Plain(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    const EVENTS: [&str; 2] =
        [r#"{"type":3,"timestamp":1,"data":"a\"\\\u0001é"}"#, r#"{"type":4,"timestamp":2}"#];

    fn body(gzip: bool) -> Body {
        let mut writer = BodyWriter::new(gzip).unwrap();
        for event in EVENTS {
            writer.push(&WireEvent::parse(event.as_bytes()).unwrap()).unwrap();
        }
        assert_eq!(writer.event_bytes(), EVENTS.iter().map(|event| event.len()).sum::<usize>());
        writer.finish().unwrap()
    }

    #[test]
    fn holds_each_event_as_a_string() {
        let body = body(false);
        let value: serde_json::Value = serde_json::from_slice(&body.bytes).unwrap();
        assert_eq!(value, serde_json::json!({"version": 1, "events": EVENTS}));
        assert!(body.bytes.starts_with(br#"{"version":1,"events":["{\"type\":3,"#));
        assert_eq!((body.events, body.plain_bytes, body.gzipped), (2, body.bytes.len(), false));
    }

    #[test]
    fn gzip_holds_the_same() {
        let (plain, gzipped) = (body(false), body(true));
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&gzipped.bytes[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain.bytes);
        assert_eq!(gzipped.plain_bytes, plain.plain_bytes);
    }
}
