//! From sealed chunks to the body of one request, and back to what of them is delivered.

use std::io;

use crate::delivery::policy::BatchLimits;
use crate::delivery::{Body, BodyWriter};
use crate::model::event::{self, InvalidEvent, WireEvent};
use crate::queue::QueuedChunk;
use crate::views::page;

/// The next undelivered events of some sealed chunks.
pub(super) struct Batch {
    /// What is sent. `None`: all of the events are invalid.
    pub body: Option<Body>,
    /// Events that are not rrweb events, and so not in the body.
    pub invalid: u64,
    /// A full snapshot is among these.
    pub lacks_full_snapshot: bool,
    parts: Vec<Part>,
}

/// The part of a sealed chunk that belongs to a batch.
struct Part {
    sealed: QueuedChunk,
    /// Events from the chunk's beginning that are delivered once the batch is.
    delivered: u64,
    /// The chunk has no more.
    is_last: bool,
}

/// What a settled batch leaves.
#[derive(Default)]
pub(super) struct Settled {
    /// Chunks in which nothing is left to deliver.
    pub done: Vec<QueuedChunk>,
    /// Events of these that were counted, and can't be read any more.
    pub lost: u64,
}

impl Batch {
    /// Puts the first undelivered events of `chunks` into a body, as many as the limits allow. Hands those that are not
    /// rrweb events to `on_invalid`, and leaves them out.
    pub fn build(
        chunks: &[QueuedChunk],
        limits: BatchLimits,
        gzip: bool,
        mut on_invalid: impl FnMut(&[u8], &InvalidEvent),
    ) -> io::Result<Self> {
        let waiting: usize = chunks.iter().map(|sealed| sealed.bytes()).sum();
        let mut writer = BodyWriter::new(gzip, waiting.min(limits.max_bytes))?;
        let mut batch = Self { body: None, invalid: 0, lacks_full_snapshot: false, parts: Vec::new() };
        let mut scratch = page::Scratch::default();
        for sealed in chunks {
            let mut delivered = sealed.delivered();
            let is_full = sealed.with_events(|events| {
                for stored in events.skip(delivered as usize) {
                    let (mark, json) = event::split_mark(stored);
                    match WireEvent::parse(json) {
                        Ok(event) => {
                            let rewritten = match &mark {
                                Some(mark) => page::rewrite(mark, &event, &mut scratch),
                                None => [None, None],
                            };
                            let mut travelling = [event; 2];
                            let mut count = 0;
                            if let Some(mark) = &mark {
                                for it in rewritten.iter().flatten() {
                                    travelling[count] = it.as_event(&event, mark);
                                    count += 1;
                                }
                            }
                            let travelling = &travelling[..count.max(1)];
                            if !fits(&writer, travelling, limits) {
                                return Ok(true);
                            }
                            writer.push(travelling)?;
                        }
                        Err(error) => {
                            batch.invalid += 1;
                            batch.lacks_full_snapshot |= event::kind_of(json) == Some(event::FULL_SNAPSHOT);
                            on_invalid(json, &error);
                        }
                    }
                    delivered += 1;
                }
                io::Result::Ok(false)
            })??;
            batch.parts.push(Part { sealed: sealed.clone(), delivered, is_last: !is_full });
            if is_full {
                break;
            }
        }
        if writer.events() > 0 {
            batch.body = Some(writer.finish()?);
        }
        Ok(batch)
    }

    /// Notes in the chunks that the events are delivered, and removes the chunks that are done.
    pub fn mark_delivered(&self) -> Settled {
        let mut settled = Settled::default();
        // All are noted before any is removed, which takes longer: a kill in between must not send again what the server
        // has.
        for Part { sealed, delivered, .. } in self.parts.iter().rev() {
            sealed.note_delivered(*delivered);
        }
        for Part { sealed, delivered, .. } in self.parts.iter().filter(|part| part.is_last) {
            settled.lost += sealed.counts().events.saturating_sub(*delivered);
            sealed.remove();
            settled.done.push(sealed.clone());
        }
        settled
    }
}

/// Whether what travels of an event still goes into the body. The first always does.
fn fits(body: &BodyWriter, travelling: &[WireEvent], limits: BatchLimits) -> bool {
    let bytes = body.event_bytes() + travelling.iter().map(WireEvent::wire_len).sum::<usize>();
    body.events() == 0 || (body.events() < limits.max_events && bytes <= limits.max_bytes)
}
