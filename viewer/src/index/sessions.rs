//! All sessions in memory: what each comes to, and in which order they heard something last.
//!
//! The same batch is told of by a listing, by other processes' changes and by whoever received it, in any order; it counts once.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use super::damage::Damage;
use super::facts::Facts;
use super::key;
use super::query::Query;
use super::summary::Summary;
use super::totals::Totals;
use crate::arrival::ArrivalTime;
use crate::replay_id::ReplayId;
use crate::store::{BatchInfo, BatchName};

/// One session.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Entry {
    pub(super) totals: Totals,
    /// `None`: not read yet.
    pub(super) facts: Option<Arc<Facts>>,
    /// What was counted, sorted by arrival; see `key`.
    pub(super) keys: Vec<u64>,
}

/// What came of forgetting a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forgotten {
    /// It was not known.
    Unknown,
    Removed,
    /// Some of it is newer: it has to be counted again.
    Partly,
}

/// The sessions of a store.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    entries: HashMap<Arc<ReplayId>, Entry>,
    /// By last arrival.
    order: BTreeSet<(u64, Arc<ReplayId>)>,
}

impl Entry {
    /// Whether it was counted just now.
    fn count(&mut self, key: u64) -> bool {
        match self.keys.binary_search(&key) {
            Ok(_) => false,
            Err(place) => {
                self.keys.insert(place, key);
                true
            }
        }
    }

    pub(super) fn summary(&self, id: &ReplayId) -> Summary {
        Summary::new(id, &self.totals, self.known_facts())
    }

    pub(super) fn meets(&self, query: &Query, id: &ReplayId, now: u64) -> bool {
        query.matches(id, &self.totals, self.known_facts(), now)
    }

    fn known_facts(&self) -> &Facts {
        static NONE: LazyLock<Facts> = LazyLock::new(Facts::default);
        self.facts.as_deref().unwrap_or(&NONE)
    }

    /// Facts without a time are those of a session without a marker. One may be made later.
    fn lacks_facts(&self) -> bool {
        self.totals.batches > 0 && self.facts.as_ref().is_none_or(|facts| facts.arrived == 0)
    }
}

impl Sessions {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn get(&self, id: &ReplayId) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// All of them, the one that heard something last first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = (&ReplayId, &Entry)> {
        self.order.iter().rev().filter_map(|(_, id)| Some((&**id, self.entries.get(id)?)))
    }

    /// The same, without what is known of each.
    pub(super) fn ids_newest_first(&self) -> impl Iterator<Item = Arc<ReplayId>> {
        self.order.iter().rev().map(|(_, id)| Arc::clone(id))
    }

    pub(super) fn ids(&self) -> Vec<Arc<ReplayId>> {
        self.entries.keys().map(Arc::clone).collect()
    }

    pub(super) fn lacks_facts(&self, id: &ReplayId) -> bool {
        self.entries.get(id).is_some_and(Entry::lacks_facts)
    }

    /// Those whose facts were not read yet.
    pub(super) fn lacking_facts(&self) -> Vec<Arc<ReplayId>> {
        let lacking = self.entries.iter().filter(|(_, entry)| entry.lacks_facts());
        lacking.map(|(id, _)| Arc::clone(id)).collect()
    }

    /// Counts a batch; `None` when it was counted before.
    pub(super) fn add(&mut self, id: &ReplayId, name: &BatchName, info: &BatchInfo) -> Option<Arc<ReplayId>> {
        let key = key::of(info.arrived, name.as_str());
        self.change(id, |entry| {
            let is_new = entry.count(key);
            if is_new {
                entry.totals.add(name, info);
            }
            is_new
        })
    }

    /// Counts a refused request by its name; `None` when it was counted before, or when that is none.
    pub(super) fn add_refused(&mut self, id: &ReplayId, name: &str) -> Option<Arc<ReplayId>> {
        let at = ArrivalTime::of_name(name)?;
        self.change(id, |entry| {
            let is_new = entry.count(key::of(at, name));
            if is_new {
                entry.totals.add_refused(at);
            }
            is_new
        })
    }

    /// Notes that a batch can't be read, and why; `None` for one that is not counted, or is known to be so.
    pub(super) fn add_damaged(
        &mut self,
        id: &ReplayId,
        name: &BatchName,
        why: &str,
    ) -> Option<Arc<ReplayId>> {
        self.entries.get(id)?.keys.binary_search(&key::of_batch(name)?).ok()?;
        self.change(id, |entry| entry.totals.damage.insert(name, why))
    }

    /// Takes over what was known to be damaged of a session, as far as that is still there.
    pub(super) fn set_damage(&mut self, id: &ReplayId, damage: Damage) {
        if let Some(entry) = self.entries.get_mut(id) {
            entry.totals.damage = damage.only(&entry.keys);
        }
    }

    /// A batch can be read again; `None` for one that was not damaged.
    pub(super) fn remove_damaged(&mut self, id: &ReplayId, name: &BatchName) -> Option<Arc<ReplayId>> {
        self.entries.get(id)?;
        self.change(id, |entry| entry.totals.damage.remove(name))
    }

    pub(super) fn set_facts(&mut self, id: &ReplayId, facts: Arc<Facts>) -> Option<Arc<ReplayId>> {
        self.entries.contains_key(id).then_some(())?;
        self.change(id, |entry| {
            let differs = entry.facts.as_ref() != Some(&facts);
            entry.facts = Some(facts);
            differs
        })
    }

    /// Puts a session in as it is.
    pub(super) fn put(&mut self, id: Arc<ReplayId>, entry: Entry) {
        self.remove(&id);
        self.order.insert((entry.totals.last_arrival, Arc::clone(&id)));
        self.entries.insert(id, entry);
    }

    /// Forgets what arrived of a session up to a time.
    pub(super) fn forget(&mut self, id: &ReplayId, until: ArrivalTime) -> Forgotten {
        let Some(entry) = self.entries.get(id) else { return Forgotten::Unknown };
        if entry.keys.last().is_some_and(|last| key::is_after(*last, until)) {
            return Forgotten::Partly;
        }
        self.remove(id);
        Forgotten::Removed
    }

    pub(super) fn remove(&mut self, id: &ReplayId) -> Option<(Arc<ReplayId>, Entry)> {
        let (id, entry) = self.entries.remove_entry(id)?;
        self.order.remove(&(entry.totals.last_arrival, Arc::clone(&id)));
        Some((id, entry))
    }

    /// Changes a session, which is made if there is none, and keeps the order.
    fn change(&mut self, id: &ReplayId, change: impl FnOnce(&mut Entry) -> bool) -> Option<Arc<ReplayId>> {
        let (id, is_made) = match self.entries.get_key_value(id) {
            Some((id, _)) => (Arc::clone(id), false),
            None => (Arc::new(id.clone()), true),
        };
        let entry = self.entries.entry(Arc::clone(&id)).or_default();
        let before = entry.totals.last_arrival;
        let is_changed = change(entry);
        let after = entry.totals.last_arrival;
        if is_made || before != after {
            self.order.remove(&(before, Arc::clone(&id)));
            self.order.insert((after, Arc::clone(&id)));
        }
        is_changed.then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::BatchStats;

    fn batch(micros: u64, process: u64) -> (BatchName, BatchInfo) {
        let mut stats = BatchStats::default();
        stats.add(4.0, 1.0);
        let info =
            BatchInfo { arrived: ArrivalTime::from_micros(micros), wire_bytes: 1, decoded_bytes: 1, stats };
        (info.name(process), info)
    }

    fn id(session: &str) -> ReplayId {
        ReplayId::new("d", session).unwrap()
    }

    fn order(sessions: &Sessions) -> Vec<&str> {
        sessions.newest_first().map(|(id, _)| id.session.as_str()).collect()
    }

    #[test]
    fn a_batch_counts_once_in_whatever_order_it_is_told() {
        let mut sessions = Sessions::default();
        let told = [(5_000, 1), (3_000, 1), (5_000, 1), (5_000, 2), (3_000, 1), (1_000, 7)];
        let counted: Vec<bool> = told
            .into_iter()
            .map(|(micros, process)| {
                let (name, info) = batch(micros, process);
                sessions.add(&id("a"), &name, &info).is_some()
            })
            .collect();
        assert_eq!(counted, [true, true, false, true, false, true]);
        let totals = &sessions.get(&id("a")).unwrap().totals;
        assert_eq!((totals.batches, totals.first_arrival, totals.last_arrival), (4, 1, 5));
        assert_eq!(totals.last_batch, Some(batch(5_000, 2).0));
    }

    #[test]
    fn sessions_stand_by_their_last_arrival() {
        let mut sessions = Sessions::default();
        for (session, micros) in [("a", 1_000), ("b", 3_000), ("c", 2_000), ("a", 4_000), ("b", 500)] {
            let (name, info) = batch(micros, 1);
            sessions.add(&id(session), &name, &info);
        }
        assert_eq!(order(&sessions), ["a", "b", "c"]);
        assert!(sessions.add_refused(&id("r"), &format!("{:020}-07", 9_000)).is_some());
        assert!(sessions.add_refused(&id("r"), "readme").is_none());
        assert_eq!(order(&sessions), ["r", "a", "b", "c"]);
        let summary = sessions.get(&id("r")).unwrap().summary(&id("r"));
        assert_eq!((summary.batches, summary.refused, summary.first_timestamp), (0, 1, 9.0));
        assert_eq!(sessions.forget(&id("a"), ArrivalTime::from_micros(3_999)), Forgotten::Partly);
        assert_eq!(sessions.forget(&id("a"), ArrivalTime::from_micros(4_000)), Forgotten::Removed);
        assert_eq!(sessions.forget(&id("a"), ArrivalTime::from_micros(4_000)), Forgotten::Unknown);
        assert_eq!((order(&sessions), sessions.len()), (vec!["r", "b", "c"], 3));
    }
}
