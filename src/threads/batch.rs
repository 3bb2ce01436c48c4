//! From sealed chunks to the body of one request, and from its answer back to what is delivered.

use std::sync::Arc;

use crate::delivery::{Body, BodyWriter};
use crate::model::event::{InvalidEvent, WireEvent};
use crate::storage::SealedChunk;

/// Some of the events of some sealed chunks, in a body.
pub(super) struct Batch {
    /// What is sent; `None` where no event was good.
    pub body: Option<Body>,
    reach: Vec<Reach>,
}

/// How far into a sealed chunk a batch reaches.
struct Reach {
    sealed: Arc<SealedChunk>,
    /// Events from its beginning, delivered before or in this batch.
    events: u64,
    /// There are no more in it.
    to_the_end: bool,
}

/// What is done with once a batch was taken.
#[derive(Default)]
pub(super) struct Settled {
    /// sealed chunks of which nothing is left to deliver.
    pub done: Vec<Arc<SealedChunk>>,
    /// Events that had been counted and can't be read any more.
    pub lost: u64,
}

/// How much goes into one batch.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// Bytes of events; one event alone may be larger.
    pub bytes: usize,
    /// Number of events.
    pub events: usize,
    /// Whether to gzip.
    pub gzip: bool,
}

impl Batch {
    /// Puts the first undelivered events of `sealed chunks` into a body. Those that are not rrweb events are
    /// handed to `refuse` and left out.
    pub fn build(
        chunks: &[Arc<SealedChunk>],
        bounds: Bounds,
        mut refuse: impl FnMut(&[u8], &InvalidEvent),
    ) -> std::io::Result<Self> {
        let waiting: usize = chunks.iter().map(|sealed| sealed.bytes()).sum();
        let mut body = BodyWriter::new(bounds.gzip, waiting.min(bounds.bytes))?;
        let mut reach = Vec::new();
        for sealed in chunks {
            let mut position = sealed.delivered();
            let full = sealed.with_events(|events| {
                for json in events.skip(position as usize) {
                    match WireEvent::parse(json) {
                        Ok(event) if !bounds.admit(&body, &event) => return Ok(true),
                        Ok(event) => body.push(&event)?,
                        Err(error) => refuse(json, &error),
                    }
                    position += 1;
                }
                std::io::Result::Ok(false)
            })??;
            reach.push(Reach { sealed: sealed.clone(), events: position, to_the_end: !full });
            if full {
                break;
            }
        }
        let body = if body.events() > 0 { Some(body.finish()?) } else { None };
        Ok(Self { body, reach })
    }

    /// Notes that these events are done with.
    pub fn mark_delivered(&self) -> Settled {
        let mut settled = Settled::default();
        // Noted first, removed then: removing takes longer, and a kill in between must not send again what arrived.
        for Reach { sealed, events, .. } in self.reach.iter().rev() {
            sealed.note_delivered(*events);
        }
        for Reach { sealed, events, to_the_end } in &self.reach {
            if *to_the_end {
                settled.lost += sealed.tally().events.saturating_sub(*events);
                sealed.remove();
                settled.done.push(sealed.clone());
            }
        }
        settled
    }
}

impl Bounds {
    fn admit(&self, body: &BodyWriter, event: &WireEvent) -> bool {
        let bytes = body.event_bytes() + event.wire_len();
        body.events() == 0 || (body.events() < self.events && bytes <= self.bytes)
    }
}
