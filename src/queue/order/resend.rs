//! What was in a request that had no answer goes into the same request again, so that a server that took it knows it.

use super::{Item, Order, Queued};
use crate::model::in_flight::InFlight;

impl<T: Item> Order<T> {
    /// Leases what of the request that `first` was in is here, as it stood in it, until [`Self::ack`]: what is in flight, or else, since the
    /// request was refused, what is left of it. `None`: it was in none. However much of an envelope they share, and whatever lies
    /// between them: they were in one.
    pub fn lease_again(&mut self, first: &Queued<T>) -> Option<Vec<Queued<T>>> {
        let request = first.in_flight()?.request;
        let of_request = |at: usize| {
            let entry = &self.entries[at];
            let may_be_sent = entry.is_due(self.released) && !entry.is_evicted;
            let noted = entry.queued.in_flight().filter(|noted| noted.request == request && may_be_sent);
            noted.map(|noted| (noted, at))
        };
        let positions = self.sessions.get(&first.replay_id())?;
        let mut found: Vec<_> =
            positions.iter().filter_map(|position| of_request(self.index_at(*position)?)).collect();
        found.sort_by_key(|(noted, _)| noted.index);
        // Of what a copy of the directory has twice, the other is sent by itself.
        found.dedup_by_key(|(noted, _)| noted.index);
        let first = found.first()?.0;
        let belongs = |(index, (noted, _)): &(usize, &(InFlight, usize))| {
            // A gap is one whose note was damaged: it waits there, and what follows it comes after it.
            usize::from(noted.index) == usize::from(first.index) + index
                && (noted.is_sent() || !first.is_sent())
        };
        let count = found.iter().enumerate().take_while(belongs).count();
        found.truncate(count);
        let mut lease = |at: usize| {
            self.entries[at].is_leased = true;
            self.entries[at].queued.clone()
        };
        Some(found.into_iter().map(|(_, at)| lease(at)).collect())
    }
}
