//! From sealed chunks to the body of one request, and back to what of them is in flight, and delivered.

use std::fmt::Display;
use std::io;

use crate::companions::{self, Decided};
use crate::delivery::policy::BatchLimits;
use crate::delivery::{Body, BodyWriter, Gzip, InteractionWriter};
use crate::model::event::{self, WireEvent};
use crate::model::in_flight::{Encoding, InFlight};
use crate::model::interaction::{Interaction, InvalidInteraction};
use crate::model::page_config::PageConfig;
use crate::queue::QueuedChunk;
use crate::storage::SealedReader;
use crate::views::page;

/// The next undelivered events of some sealed chunks.
#[derive(Default)]
pub(super) struct Batch {
    /// What is sent. `None`: all of the events are invalid.
    pub body: Option<Body>,
    /// Events that are not rrweb events, or no interactions, and so not in the body.
    pub invalid: u64,
    /// Events that the remote configuration does not take, which was awaited as they were recorded.
    pub not_taken: u64,
    /// A full snapshot is among these.
    pub lacks_full_snapshot: bool,
    parts: Vec<Part>,
}

/// What one batch leaves for the next, while there is one: a few megabytes, and an unpacked file (16 MB at the most).
#[derive(Default)]
pub(super) struct Workspace {
    reader: SealedReader,
    gzip: Gzip,
}

/// How much goes into a batch.
#[derive(Clone, Copy)]
pub(super) enum Extent {
    /// As much as these allow.
    UpTo(BatchLimits),
    /// What was in the request that these chunks are in flight with.
    AsBefore,
    /// As much as these allow of what is left of a request that was refused.
    RestUpTo(BatchLimits),
}

/// The part of a sealed chunk that belongs to a batch.
struct Part {
    sealed: QueuedChunk,
    /// Events from the chunk's beginning that were delivered before.
    from: u64,
    /// Events from the chunk's beginning that are delivered once the batch is.
    delivered: u64,
    /// The request that it was in before, or that was refused.
    noted: Option<InFlight>,
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

impl Workspace {
    /// The request was answered, or given up: its memory is for the next.
    pub fn take_back(&mut self, body: Body) {
        self.gzip.take_back(body);
    }
}

impl Batch {
    /// Puts the first undelivered events of `chunks` into a body, as many as the limits allow. Hands those that are not
    /// rrweb events to `on_invalid`, and leaves them out. What was recorded before the remote configuration was known is
    /// decided on by `config`.
    pub fn of_replay(
        chunks: &[QueuedChunk],
        extent: Extent,
        encoding: Encoding,
        config: &PageConfig,
        workspace: &mut Workspace,
        mut on_invalid: impl FnMut(&[u8], &dyn Display),
    ) -> io::Result<Self> {
        let waiting: usize = chunks.iter().map(|sealed| sealed.bytes()).sum();
        // The first event goes however large it is.
        let first = chunks.first().map_or(0, |sealed| sealed.bytes());
        let room = waiting.min(extent.limits().max_bytes.max(first));
        let mut writer = BodyWriter::new(encoding.gzip_level, room, &mut workspace.gzip)?;
        let mut batch = Self::default();
        let mut scratch = page::Scratch::default();
        let parts = take_parts(chunks, extent, &mut workspace.reader, |chunk, stored| {
            // Before it is parsed, or one that ends a request would be parsed for the next once more: it may have megabytes.
            if !extent.limits().allow(writer.events(), writer.event_bytes(), stored.len()) {
                return Ok(false);
            }
            let (mark, json) = event::split_mark(stored);
            let (mut event, mut shifted) = match page::read(mark.as_ref(), json, &mut scratch) {
                Ok(read) => read,
                Err(error) => {
                    batch.invalid += 1;
                    batch.lacks_full_snapshot |= event::kind_of(json) == Some(event::FULL_SNAPSHOT);
                    on_invalid(json, &error);
                    return Ok(true);
                }
            };
            let decided = match chunk.envelope().is_undecided() {
                false => Decided::AsItIs,
                true => companions::decide(event.type_number(), event.data().unwrap_or_default(), config),
            };
            match &decided {
                Decided::AsItIs => {}
                Decided::With(data) => (event, shifted) = (event.replace_data(data), None),
                Decided::NotTaken => {
                    batch.not_taken += 1;
                    return Ok(true);
                }
            }
            let rewritten = match &mark {
                Some(mark) => page::rewrite(mark, &event, shifted, &mut scratch),
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
            let bytes = travelling.iter().map(WireEvent::wire_len).sum();
            // What travels of it may be more.
            let fits = extent.limits().allow(writer.events(), writer.event_bytes(), bytes);
            if fits {
                writer.push(travelling)?;
            }
            Ok(fits)
        })?;
        batch.parts = parts;
        if writer.events() > 0 {
            batch.body = Some(writer.finish(&mut workspace.gzip)?);
        }
        Ok(batch)
    }

    /// The same for interactions.
    pub fn of_interactions(
        chunks: &[QueuedChunk],
        extent: Extent,
        encoding: Encoding,
        config: &PageConfig,
        workspace: &mut Workspace,
        mut on_invalid: impl FnMut(&[u8], &dyn Display),
    ) -> io::Result<Self> {
        let mut writer = InteractionWriter::new(encoding);
        let mut batch = Self::default();
        let parts = take_parts(chunks, extent, &mut workspace.reader, |chunk, stored| {
            let not_utf8 = |error: std::str::Utf8Error| InvalidInteraction::Syntax(error.to_string());
            match std::str::from_utf8(stored).map_err(not_utf8).and_then(Interaction::parse) {
                Ok(interaction) => {
                    let fits = extent.limits().allow(writer.events(), writer.event_bytes(), stored.len());
                    if fits {
                        let is_undecided = chunk.envelope().is_undecided();
                        let told = is_undecided
                            .then(|| companions::interaction_with_address(interaction.json, config))
                            .flatten();
                        let json = told.as_deref().unwrap_or(interaction.json);
                        writer.push(&Interaction { json, ..interaction });
                    }
                    Ok(fits)
                }
                Err(error) => {
                    batch.invalid += 1;
                    on_invalid(stored, &error);
                    Ok(true)
                }
            }
        })?;
        batch.parts = parts;
        if writer.events() > 0 {
            batch.body = Some(writer.finish(&mut workspace.gzip)?);
        }
        Ok(batch)
    }

    /// Notes in the chunks that the events are about to be sent in one request, so that they are sent in the same again if it has
    /// no answer; by a later run, too. Of what is sent as before that is noted.
    pub fn note_in_flight(&self, extent: Extent, encoding: Encoding) {
        let Ok(parts) = u16::try_from(self.parts.len()) else { return };
        // A part of a request whose first chunk is not here must not say, once it is answered, that this is delivered, too.
        let lacks_first =
            self.parts.first().and_then(|first| first.noted).is_some_and(|noted| noted.index > 0);
        if matches!(extent, Extent::AsBefore) && !lacks_first {
            return;
        }
        let request = fastrand::u64(1..);
        for (index, part) in (0..parts).zip(&self.parts) {
            let [Ok(from), Ok(to)] = [part.from, part.delivered].map(u32::try_from) else { return };
            let anew = InFlight { request, from, to, until: to, index, encoding };
            let of_refused = part.noted.map(|noted| match lacks_first {
                true => InFlight { request, index, to, encoding, ..noted },
                false => InFlight { to, encoding, ..noted },
            });
            part.sealed.note_in_flight(of_refused.unwrap_or(anew));
        }
    }

    /// No server has the events: they may be compacted, and go with more.
    pub fn forget_in_flight(&self) {
        self.parts.iter().for_each(|part| part.sealed.forget_in_flight());
    }

    /// The events are to be sent in smaller requests, which have no others; by a later run, too.
    pub fn note_refused(&self) {
        let parts = self.parts.iter().filter_map(|part| Some((part, part.sealed.in_flight()?)));
        parts.for_each(|(part, noted)| part.sealed.note_in_flight(noted.refused()));
    }

    /// Notes in the chunks that the events are delivered, and removes the chunks that are done.
    pub fn mark_delivered(&self) -> Settled {
        let mut settled = Settled::default();
        // All are noted before any is removed, which takes longer: a kill in between must not send again what the server
        // has. The last first: who finds a part of what was in flight delivered knows that all is.
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

impl Extent {
    /// Of what was in one request: that again if it is in flight, or else, since it was refused, as much as these allow.
    pub fn again(leased: &[QueuedChunk], limits: BatchLimits) -> Self {
        let first = leased.first().and_then(|first| first.in_flight());
        if first.is_some_and(|noted| noted.is_sent()) { Self::AsBefore } else { Self::RestUpTo(limits) }
    }

    fn limits(self) -> BatchLimits {
        match self {
            Self::UpTo(limits) | Self::RestUpTo(limits) => limits,
            Self::AsBefore => BatchLimits::NONE,
        }
    }

    /// How many of a chunk's first events are in the batch at the most, where this is noted in it.
    fn end_in(self, noted: Option<&InFlight>) -> u64 {
        let end = match self {
            Self::UpTo(_) => None,
            Self::AsBefore => noted.map(|noted| noted.to),
            Self::RestUpTo(_) => noted.map(|noted| noted.until),
        };
        end.map_or(u64::MAX, u64::from)
    }
}

/// Why no more of a chunk is taken.
#[derive(PartialEq)]
enum End {
    /// It has no more.
    Chunk,
    /// No more of it belongs to the request.
    Part,
    /// The batch has enough.
    Batch,
}

/// Hands the undelivered events of `chunks` to `take`, until that takes no more. A chunk of which nothing is taken is no part.
fn take_parts(
    chunks: &[QueuedChunk],
    extent: Extent,
    reader: &mut SealedReader,
    mut take: impl FnMut(&QueuedChunk, &[u8]) -> io::Result<bool>,
) -> io::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for sealed in chunks {
        let noted = sealed.in_flight();
        let (from, end) = (sealed.delivered(), extent.end_in(noted.as_ref()));
        let mut delivered = from;
        let ended = reader.with_events(sealed.item(), from, |events| {
            for stored in events {
                if delivered == end {
                    return Ok(End::Part);
                }
                if !take(sealed, stored)? {
                    return Ok(End::Batch);
                }
                delivered += 1;
            }
            io::Result::Ok(End::Chunk)
        })??;
        let is_last = ended == End::Chunk;
        if is_last || delivered > from {
            parts.push(Part { sealed: sealed.clone(), from, delivered, noted, is_last });
        }
        if ended == End::Batch {
            break;
        }
    }
    Ok(parts)
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
