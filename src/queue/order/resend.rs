//! What was in a request that had no answer goes into the same request again, so that a server that took it knows it.

use super::{Item, Order, Queued};

impl<T: Item> Order<T> {
    /// Leases what was in the request that `first` was in first of all, until [`Self::ack`]. `None`: it was in none, or not all of it
    /// is here, one behind the other. However much of an envelope they share: they did.
    pub fn lease_again(&mut self, first: &Queued<T>) -> Option<Vec<Queued<T>>> {
        let start = self.index_of(first)?;
        let mut last = first.in_flight().filter(|part| part.index == 0)?;
        let mut found = vec![start];
        for (at, entry) in self.entries.iter().enumerate().skip(start + 1) {
            if last.is_last() {
                break;
            }
            if entry.queued.is_of_another_kind(first) {
                continue;
            }
            last = entry.queued.in_flight().filter(|part| part.follows(&last))?;
            found.push(at);
        }
        let is_usable = |at: &usize| {
            let entry = &self.entries[*at];
            entry.is_due(self.released) && !entry.is_evicted
        };
        if !last.is_last() || !found.iter().all(is_usable) {
            return None;
        }
        let lease = |at: usize| {
            self.entries[at].is_leased = true;
            self.entries[at].queued.clone()
        };
        Some(found.into_iter().map(lease).collect())
    }
}
