//! Neighbours of one kind that are worth compacting, and what takes their place.

use std::sync::Arc;

use super::{Item, Order, Queued};

impl<T: Item> Order<T> {
    /// The first neighbours of one envelope that can be compacted together, of `min` to `max` bytes.
    pub fn compactable(&mut self, min: usize, max: usize) -> Option<Vec<Queued<T>>> {
        let start = self.entries.partition_point(|entry| entry.queued.position < self.compact_from);
        let mut group: Vec<Queued<T>> = Vec::new();
        let (mut bytes, mut not_yet) = (0, None);
        for entry in self.entries.range(start..) {
            let queued = &entry.queued;
            if group.last().is_some_and(|last| last.is_of_another_kind(queued)) {
                continue;
            }
            let is_ready = entry.is_finalized && !entry.is_leased;
            if !is_ready && not_yet.is_none() {
                not_yet = group.first().map(|first| first.position).or(Some(queued.position));
            }
            let fits = is_ready && !entry.is_evicted && queued.can_be_compacted();
            let joins = group.last().is_none_or(|last| last.shares_envelope(queued));
            if !fits || !joins || bytes + queued.bytes() > max {
                if bytes >= min {
                    break;
                }
                group.clear();
                bytes = 0;
            }
            if fits {
                bytes += queued.bytes();
                group.push(queued.clone());
            }
        }
        // What was passed over is never compacted, but for what is not ready yet; those at the end wait for more.
        let open = not_yet.or(group.first().map(|first| first.position));
        self.compact_from = open.unwrap_or(self.last + 1);
        (bytes >= min).then_some(group)
    }

    /// Puts `compacted` in the place of `group`. `false` where they are not all there any more, or in use.
    pub fn replace(&mut self, group: &[Queued<T>], compacted: &Arc<T>) -> bool {
        let is_usable = |queued: &Queued<T>| {
            self.index_of(queued)
                .is_some_and(|at| !self.entries[at].is_leased && !self.entries[at].is_evicted)
        };
        if !group.iter().all(is_usable) {
            return false;
        }
        let Some(start) = group.first().and_then(|first| self.index_of(first)) else {
            return false;
        };
        for queued in &group[1..] {
            if let Some(at) = self.index_of(queued) {
                self.remove(at);
            }
        }
        self.entries[start].queued.item = compacted.clone();
        self.recount(start);
        true
    }
}
