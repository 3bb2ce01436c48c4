//! New items, until every append into them has ended or is waited for no longer. `storage/salvage.rs` has the words.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Item, Order, Queued, Since};
use crate::storage::Counts;

/// What became of an item that is finalized now.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Finalized {
    /// It may be sent.
    pub is_released: bool,
    /// Nothing was recorded into it, so it does not wait any more.
    pub is_empty: bool,
}

impl<T: Item> Order<T> {
    /// Those that are not finalized, and since how long.
    pub fn unfinalized(&self, now: Instant) -> Vec<(Queued<T>, Duration)> {
        let new = self.unfinalized.values();
        new.map(|new| (new.queued.clone(), now.saturating_duration_since(new.since))).collect()
    }

    /// This one is complete or salvaged, and so much was recorded into it. `None` where it was finalized before.
    pub fn finalize(&mut self, queued: &Queued<T>, counts: Counts) -> Option<Finalized> {
        self.unfinalized.remove(&queued.position)?;
        self.recorded += counts;
        let is_empty = counts.events == 0;
        if let Some(at) = self.index_at(queued.position) {
            self.entries[at].is_finalized = true;
            self.recount(at);
            if is_empty {
                self.remove(at);
            }
        }
        Some(Finalized { is_released: queued.position <= self.released, is_empty })
    }

    /// What was recorded by this run, up to the last seal.
    pub fn recorded(&self) -> Counts {
        let mut recorded = self.recorded;
        self.unfinalized.values().for_each(|new| recorded += new.queued.counts());
        recorded
    }

    /// This one was salvaged: events may still come late. What is to go has nothing to wait for.
    pub fn add_salvaged(&mut self, queued: &Queued<T>, now: Instant) {
        if self.index_of(queued).is_none_or(|at| self.entries[at].is_evicted) {
            return;
        }
        self.salvaged.push(Since { queued: queued.clone(), since: now });
    }

    /// Those that were salvaged and may still get late events.
    pub fn salvaged(&self) -> Vec<Queued<T>> {
        self.salvaged.iter().map(|salvaged| salvaged.queued.clone()).collect()
    }

    /// How long ago each of them was salvaged.
    pub fn since_salvaged(&self, now: Instant) -> impl Iterator<Item = Duration> {
        self.salvaged.iter().map(move |salvaged| now.saturating_duration_since(salvaged.since))
    }

    /// Whatever comes late to them is not wanted. Gives them, for the caller to drop.
    pub fn forget_all_salvaged(&mut self) -> Vec<Queued<T>> {
        std::mem::take(&mut self.salvaged).into_iter().map(|salvaged| salvaged.queued).collect()
    }

    /// To these no event comes any more.
    pub fn forget_salvaged(&mut self, complete: &[Queued<T>]) {
        let is_complete = |salvaged: &Since<T>| {
            complete.iter().any(|queued| Arc::ptr_eq(&queued.item, &salvaged.queued.item))
        };
        self.salvaged.retain(|salvaged| !is_complete(salvaged));
    }
}
