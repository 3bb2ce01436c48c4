//! Whole sessions that are evicted for newer ones, when the storage limit is reached.

use super::{Item, Order, Position, Queued};
use crate::model::ids::ReplayId;

impl<T: Item> Order<T> {
    /// Evicts the oldest session but `current`, whole. [`Self::take_evicted`] takes it out. Gives its id.
    pub fn evict_session(&mut self, current: Option<&ReplayId>) -> Option<ReplayId> {
        let may_go = |entry: &&super::Entry<T>| !entry.is_evicted && Some(&entry.replay_id) != current;
        let id = self.entries.iter().find(may_go)?.replay_id.clone();
        for position in self.sessions.get(&id).cloned().into_iter().flatten() {
            self.evicted.insert(position);
            if let Some(at) = self.index_at(position) {
                self.entries[at].is_evicted = true;
            }
        }
        Some(id)
    }

    /// Takes out what was evicted, except for what is leased or not finalized: that follows.
    pub fn take_evicted(&mut self) -> Vec<Queued<T>> {
        let mut taken = Vec::new();
        let evicted: Vec<Position> = self.evicted.iter().copied().collect();
        for position in evicted {
            let Some(at) = self.index_at(position) else { continue };
            if self.entries[at].is_finalized && !self.entries[at].is_leased {
                taken.extend(self.remove(at));
            }
        }
        taken
    }
}
