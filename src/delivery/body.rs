//! The body of a track request: `{"version":1,"events":["<event>","<event>",…]}` (`protocol.md`).

use std::io;
use std::sync::Arc;

use libdeflater::{CompressionLvl, Compressor};

use super::buffer::MmapBuffer;
use super::escape::escape;
use crate::model::event::{WIRE_NAMES, WireEvent};

/// A finished body.
pub(crate) struct Body {
    /// What is sent. Shared, so that a host that takes the request reads it where it is.
    pub bytes: Arc<MmapBuffer>,
    /// Whether `bytes` are gzipped.
    pub gzipped: bool,
    /// How many recorded events are in it, whatever travels of each. Never 0: a request without events is never sent.
    pub events: usize,
    /// Bytes of these events, as `maxPersistedEventsSizeBytes` counts them.
    pub event_bytes: usize,
    /// Size of the body before gzip.
    pub plain_bytes: usize,
    /// One of the events is a full snapshot.
    pub has_full_snapshot: bool,
    /// Later events build on one of these: without it they can't be played.
    pub is_built_on: bool,
}

/// Writes a body event by event, and gzips the whole at the end: libdeflate takes less than half of zlib's time for about
/// as many bytes, but can't stream. `maxPersistedEventsSizeBytes` bounds the memory.
pub(crate) struct BodyWriter {
    gzip_level: u8,
    plain: MmapBuffer,
    events: usize,
    event_bytes: usize,
    has_full_snapshot: bool,
    is_built_on: bool,
}

/// Makes one body after the other in the same memory: the system would have to clear it anew for each, and that costs more than
/// the request.
#[derive(Default)]
pub(crate) struct Gzip {
    /// The compressor of the last level.
    last: Option<(u8, Compressor)>,
    /// Where the last body was written.
    plain: Option<MmapBuffer>,
    /// Where the last body was compressed.
    compressed: Option<MmapBuffer>,
}

pub(super) const HEAD: &[u8] = b"{\"version\":1,\"events\":[";
pub(super) const TAIL: &[u8] = b"]}";
/// What stands before the values of an event's [`WIRE_NAMES`], escaped.
const ESCAPED_NAMES: [&[u8]; WIRE_NAMES.len()] =
    [br#"\"type\":"#, br#",\"timestamp\":"#, br#",\"delay\":"#, br#",\"data\":"#];
/// A larger buffer is not kept for the next body. It has room for a full snapshot of 2 MB.
const MAX_KEPT_BYTES: usize = 5 << 20;
/// Room for what surrounds the events.
const OVERHEAD: usize = 64 * 1024;
/// Takes a quarter less time than the default, 6, for at most 1.05 times the bytes of zlib's default: docs/guide/performance.md.
pub(crate) const GZIP_LEVEL: u8 = 5;

impl BodyWriter {
    /// An empty body, with room for about `event_bytes` of events. Level 0: it is not gzipped.
    pub fn new(gzip_level: u8, event_bytes: usize, gzip: &mut Gzip) -> io::Result<Self> {
        let mut plain = gzip.plain(event_bytes.saturating_mul(2).saturating_add(OVERHEAD))?;
        plain.push(HEAD)?;
        Ok(Self {
            gzip_level,
            plain,
            events: 0,
            event_bytes: 0,
            has_full_snapshot: false,
            is_built_on: false,
        })
    }

    /// Adds what travels of one recorded event: itself, or the events in its place. It counts as one, and is never parted.
    pub fn push(&mut self, travelling: &[WireEvent]) -> io::Result<()> {
        for (at, event) in travelling.iter().enumerate() {
            self.plain.push(if self.events > 0 || at > 0 { b",\"{" } else { b"\"{" })?;
            for (value, name) in event.values().into_iter().zip(ESCAPED_NAMES) {
                if let Some(value) = value {
                    self.plain.push(name)?;
                    escape(value, &mut self.plain)?;
                }
            }
            self.plain.push(b"}\"")?;
            self.event_bytes += event.wire_len();
            self.has_full_snapshot |= event.is_full_snapshot();
            self.is_built_on |= event.is_built_on();
        }
        self.events += 1;
        Ok(())
    }

    /// How many recorded events it holds.
    pub fn events(&self) -> usize {
        self.events
    }

    /// Bytes of the events it holds.
    pub fn event_bytes(&self) -> usize {
        self.event_bytes
    }

    /// Closes the body, and gzips it where that was asked for.
    pub fn finish(mut self, gzip: &mut Gzip) -> io::Result<Body> {
        self.plain.push(TAIL)?;
        let (has_full_snapshot, is_built_on) = (self.has_full_snapshot, self.is_built_on);
        let body = Body::of(self.plain, gzip, self.gzip_level, self.events, self.event_bytes)?;
        Ok(Body { has_full_snapshot, is_built_on, ..body })
    }
}

impl Body {
    /// Of what is written in full; none of its events stands for more than itself.
    pub(super) fn of(
        plain: MmapBuffer,
        gzip: &mut Gzip,
        gzip_level: u8,
        events: usize,
        event_bytes: usize,
    ) -> io::Result<Self> {
        let plain_bytes = plain.len();
        let bytes = Arc::new(if gzip_level > 0 { gzip.gzip(plain, gzip_level)? } else { plain });
        Ok(Self {
            bytes,
            gzipped: gzip_level > 0,
            events,
            event_bytes,
            plain_bytes,
            has_full_snapshot: false,
            is_built_on: false,
        })
    }
}

impl Gzip {
    /// An empty buffer for a plain body, with room for so many bytes.
    pub(super) fn plain(&mut self, bytes: usize) -> io::Result<MmapBuffer> {
        reuse(&mut self.plain, bytes)
    }

    /// The same bytes for the same body, whatever it had before.
    fn gzip(&mut self, plain: MmapBuffer, level: u8) -> io::Result<MmapBuffer> {
        let compressor = match &mut self.last {
            Some((of, compressor)) if *of == level => compressor,
            last => {
                let new = CompressionLvl::new(level.into()).map_err(|_| io::ErrorKind::InvalidInput)?;
                &mut last.insert((level, Compressor::new(new))).1
            }
        };
        let mut bytes = reuse(&mut self.compressed, compressor.gzip_compress_bound(plain.len()))?;
        bytes.fill(|room| compressor.gzip_compress(&plain, room)).map_err(io::Error::other)?;
        self.plain = keep(plain);
        Ok(bytes)
    }

    /// Takes the memory of a body that was sent; unless somebody, a host that carries requests, still reads it.
    pub fn take_back(&mut self, body: Body) {
        let bytes = Arc::into_inner(body.bytes).and_then(keep);
        *(if body.gzipped { &mut self.compressed } else { &mut self.plain }) = bytes;
    }
}

fn reuse(kept: &mut Option<MmapBuffer>, bytes: usize) -> io::Result<MmapBuffer> {
    match kept.take() {
        Some(mut buffer) if buffer.capacity() >= bytes => {
            buffer.clear();
            Ok(buffer)
        }
        _ => MmapBuffer::with_capacity(bytes),
    }
}

fn keep(buffer: MmapBuffer) -> Option<MmapBuffer> {
    Some(buffer).filter(|buffer| buffer.capacity() <= MAX_KEPT_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    const EVENTS: [&str; 2] = [
        r#"{"type":5,"timestamp":1,"data":{"tag":"a\"\\\u0001é"}}"#,
        r#"{"type":1,"timestamp":2,"delay":3}"#,
    ];

    fn body(gzip_level: u8) -> Body {
        body_by(&mut Gzip::default(), gzip_level)
    }

    fn body_by(gzip: &mut Gzip, gzip_level: u8) -> Body {
        let mut writer = BodyWriter::new(gzip_level, 0, gzip).unwrap();
        for event in EVENTS {
            writer.push(&[WireEvent::parse(event.as_bytes()).unwrap()]).unwrap();
        }
        assert_eq!(writer.event_bytes(), EVENTS.iter().map(|event| event.len()).sum::<usize>());
        writer.finish(gzip).unwrap()
    }

    #[test]
    fn holds_each_event_as_a_json_string() {
        let body = body(0);
        let value: serde_json::Value = serde_json::from_slice(&body.bytes).unwrap();
        assert_eq!(value, serde_json::json!({"version": 1, "events": EVENTS}));
        assert!(body.bytes.starts_with(br#"{"version":1,"events":["{\"type\":5,"#));
        assert_eq!((body.events, body.plain_bytes, body.gzipped), (2, body.bytes.len(), false));
    }

    #[test]
    fn what_travels_of_one_event_counts_as_one() {
        let [one, other] = EVENTS.map(|event| WireEvent::parse(event.as_bytes()).unwrap());
        let mut writer = BodyWriter::new(0, 0, &mut Gzip::default()).unwrap();
        writer.push(&[one, other]).unwrap();
        writer.push(&[other]).unwrap();
        let body = writer.finish(&mut Gzip::default()).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&body.bytes).unwrap();
        assert_eq!(value["events"], serde_json::json!([EVENTS[0], EVENTS[1], EVENTS[1]]));
        assert_eq!((body.events, body.event_bytes), (2, EVENTS[0].len() + 2 * EVENTS[1].len()));
    }

    #[test]
    fn what_was_gzipped_before_changes_no_byte() {
        let mut gzip = Gzip::default();
        for level in [GZIP_LEVEL, 1, 12, 0] {
            let mut other = gzip.plain(0).unwrap();
            (0..100_000_u32).for_each(|number| other.push(&(number % 997).to_le_bytes()).unwrap());
            let other = Body::of(other, &mut gzip, level, 1, 1).unwrap();
            gzip.take_back(other);
            assert_eq!(**body_by(&mut gzip, level).bytes, **body(level).bytes);
        }
    }

    #[test]
    fn the_memory_of_a_body_is_reused_once_nobody_reads_it() {
        for level in [GZIP_LEVEL, 0] {
            let mut gzip = Gzip::default();
            let place = |body: &Body| body.bytes.as_ptr();
            let first = body_by(&mut gzip, level);
            let (was, reader) = (place(&first), first.bytes.clone());
            gzip.take_back(first);
            let second = body_by(&mut gzip, level);
            assert_ne!(place(&second), was, "it is still read");
            assert_eq!(**reader, **second.bytes);
            let was = place(&second);
            gzip.take_back(second);
            assert_eq!(place(&body_by(&mut gzip, level)), was);
        }
    }

    #[test]
    fn the_memory_of_a_large_body_goes_back_to_the_system() {
        for level in [GZIP_LEVEL, 0] {
            let mut gzip = Gzip::default();
            let large = gzip.plain(MAX_KEPT_BYTES + 1).unwrap();
            let body = Body::of(large, &mut gzip, level, 1, 1).unwrap();
            gzip.take_back(body);
            assert!(gzip.plain.is_none());
        }
    }

    #[test]
    fn gzipped_body_unpacks_to_the_plain_body() {
        let (plain, gzipped) = (body(0), body(GZIP_LEVEL));
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&gzipped.bytes[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, **plain.bytes);
        assert_eq!(gzipped.plain_bytes, plain.plain_bytes);
    }
}
