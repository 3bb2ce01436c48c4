//! The body of a track request: `{"version":1,"events":["<event>","<event>",…]}` (`protocol.md`).

use std::io;

use libdeflater::{CompressionLvl, Compressor};

use super::escape::escape;
use super::mmap_buffer::MmapBuffer;
use crate::model::event::WireEvent;

/// A finished body.
pub(crate) struct Body {
    /// What is sent.
    pub bytes: MmapBuffer,
    /// Whether `bytes` are gzipped.
    pub gzipped: bool,
    /// How many events are in it; never 0, since a request with no events is never sent.
    pub events: usize,
    /// Bytes of these events.
    pub event_bytes: usize,
    /// Size of the body before gzip.
    pub plain_bytes: usize,
    /// There is a full snapshot in it.
    pub has_full_snapshot: bool,
    /// What follows builds on something in it.
    pub is_built_on: bool,
}

/// Writes a body event by event, and gzips it whole at the end: libdeflate takes less than half of zlib's time for about
/// as many bytes, but no stream. What it holds is bounded by `maxPersistedEventsSizeBytes`.
pub(crate) struct BodyWriter {
    gzip: bool,
    plain: MmapBuffer,
    events: usize,
    event_bytes: usize,
    has_full_snapshot: bool,
    is_built_on: bool,
}

const HEAD: &[u8] = b"{\"version\":1,\"events\":[";
const TAIL: &[u8] = b"]}";
/// Room for what is around the events.
const LITTLE: usize = 64 * 1024;
/// A quarter less time than the default, 6, for at most 1.05 times the bytes of zlib's default: docs/guide/performance.md.
const LEVEL: i32 = 5;

impl BodyWriter {
    /// An empty body, with room for about so many bytes of events.
    pub fn new(gzip: bool, event_bytes: usize) -> io::Result<Self> {
        let mut plain = MmapBuffer::with_capacity(event_bytes.saturating_mul(2).saturating_add(LITTLE))?;
        plain.push(HEAD)?;
        Ok(Self { gzip, plain, events: 0, event_bytes: 0, has_full_snapshot: false, is_built_on: false })
    }

    /// Adds one event.
    pub fn push(&mut self, event: &WireEvent) -> io::Result<()> {
        self.plain.push(if self.events > 0 { b",\"" } else { b"\"" })?;
        event.pieces().try_for_each(|piece| escape(piece, &mut self.plain))?;
        self.plain.push(b"\"")?;
        self.events += 1;
        self.event_bytes += event.wire_len();
        self.has_full_snapshot |= event.is_full_snapshot();
        self.is_built_on |= event.is_built_on();
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
        self.plain.push(TAIL)?;
        let plain_bytes = self.plain.len();
        let bytes = if self.gzip { gzip(&self.plain)? } else { self.plain };
        Ok(Body {
            bytes,
            gzipped: self.gzip,
            events: self.events,
            event_bytes: self.event_bytes,
            plain_bytes,
            has_full_snapshot: self.has_full_snapshot,
            is_built_on: self.is_built_on,
        })
    }
}

fn gzip(plain: &[u8]) -> io::Result<MmapBuffer> {
    let level = CompressionLvl::new(LEVEL).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut compressor = Compressor::new(level);
    let mut bytes = MmapBuffer::with_capacity(compressor.gzip_compress_bound(plain.len()))?;
    bytes.fill(|room| compressor.gzip_compress(plain, room)).map_err(io::Error::other)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    const EVENTS: [&str; 2] =
        [r#"{"type":5,"timestamp":1,"data":{"tag":"a\"\\\u0001é"}}"#, r#"{"type":1,"timestamp":2}"#];

    fn body(gzip: bool) -> Body {
        let mut writer = BodyWriter::new(gzip, 0).unwrap();
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
        assert!(body.bytes.starts_with(br#"{"version":1,"events":["{\"type\":5,"#));
        assert_eq!((body.events, body.plain_bytes, body.gzipped), (2, body.bytes.len(), false));
    }

    #[test]
    fn gzip_holds_the_same() {
        let (plain, gzipped) = (body(false), body(true));
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&gzipped.bytes[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, *plain.bytes);
        assert_eq!(gzipped.plain_bytes, plain.plain_bytes);
    }
}
