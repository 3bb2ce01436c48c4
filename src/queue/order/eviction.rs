//! What is to go: whole sessions that are evicted for newer ones, when the storage limit is reached; and everything, where the
//! host deletes it.

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

    /// Deletes everything that is here now. [`Self::take_evicted`] takes it out. Gives what it is.
    pub fn delete_all(&mut self) -> Vec<Queued<T>> {
        for entry in self.entries.iter_mut().filter(|entry| !entry.is_evicted) {
            entry.is_evicted = true;
            entry.is_deleted = true;
            self.evicted.insert(entry.queued.position);
        }
        self.all()
    }

    /// Whether this one was deleted.
    pub fn is_deleted(&self, queued: &Queued<T>) -> bool {
        self.index_of(queued).is_some_and(|at| self.entries[at].is_deleted)
    }

    /// Takes out what was evicted, and what was deleted, except for what is leased or not finalized: that follows.
    pub fn take_evicted(&mut self) -> (Vec<Queued<T>>, Vec<Queued<T>>) {
        let (mut taken, mut deleted) = (Vec::new(), Vec::new());
        let evicted: Vec<Position> = self.evicted.iter().copied().collect();
        for position in evicted {
            let Some(at) = self.index_at(position) else { continue };
            let entry = &self.entries[at];
            if entry.is_finalized && !entry.is_leased {
                let list = if entry.is_deleted { &mut deleted } else { &mut taken };
                list.extend(self.remove(at));
            }
        }
        (taken, deleted)
    }
}
