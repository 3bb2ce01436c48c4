//! The sessions as they are now, and what has changed since which revision.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::facts::Facts;
use super::sessions::{Entry, Forgotten, Sessions};
use crate::arrival::ArrivalTime;
use crate::replay_id::ReplayId;
use crate::store::{BatchInfo, BatchName};

/// Most changes that are known one by one. Who is further behind asks for the list again.
const MAX_KNOWN_CHANGES: usize = 10_000;
/// Most sessions that a feed is told of at once, and that a look through the store may change one by one.
pub(super) const MAX_TOLD: usize = 500;

/// Most deletions that are remembered.
const MAX_FORGOTTEN: usize = 10_000;

/// What has become of a session.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Batch(ReplayId, BatchName, BatchInfo),
    Refused(ReplayId, String),
    /// A batch that can't be read, and why.
    Damaged(ReplayId, BatchName, String),
    /// One of those can be read again.
    Whole(ReplayId, BatchName),
    Forget(ReplayId, ArrivalTime),
}

/// The index's memory.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) sessions: Sessions,
    pub(super) revision: u64,
    /// What changed up to this revision is not known one by one.
    floor: u64,
    changes: VecDeque<(u64, Arc<ReplayId>)>,
    /// Whether all that the store holds is known.
    pub(super) complete: bool,
    /// Sessions that were deleted, and up to when: what arrived before may be told after.
    forgotten: HashMap<ReplayId, ArrivalTime>,
    /// The same, the oldest first.
    forgotten_order: VecDeque<ReplayId>,
    /// What was told while the store is being looked through, to be told to its result, too.
    meanwhile: Option<Vec<Op>>,
}

impl State {
    /// Begins at a revision above all of any earlier process, and before the store was looked through.
    pub(super) fn new(revision: u64) -> Self {
        let meanwhile = Some(Vec::new());
        Self { revision, floor: revision, meanwhile, ..Self::default() }
    }

    /// Takes something in. A session that has to be counted again is returned.
    pub(super) fn apply(&mut self, op: Op) -> Option<ReplayId> {
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile.push(op.clone());
        }
        if let Some(id) = self.told_too_late(&op) {
            return Some(id);
        }
        if let Op::Forget(id, until) = &op {
            self.remember_forgotten(id, *until);
        }
        let (changed, again) = apply_to(&mut self.sessions, op);
        if let Some(id) = changed {
            self.note(id);
        }
        again
    }

    /// The session that something was told of after it had been deleted up to a later time. The store knows what is left of it: clocks of
    /// two viewers may differ.
    fn told_too_late(&self, op: &Op) -> Option<ReplayId> {
        let (id, arrived) = match op {
            Op::Batch(id, _, info) => (id, info.arrived),
            Op::Refused(id, name) => (id, ArrivalTime::of_name(name)?),
            Op::Damaged(..) | Op::Whole(..) | Op::Forget(..) => return None,
        };
        self.forgotten.get(id).is_some_and(|until| arrived <= *until).then(|| id.clone())
    }

    fn remember_forgotten(&mut self, id: &ReplayId, until: ArrivalTime) {
        if !self.forgotten.contains_key(id) {
            self.forgotten_order.push_back(id.clone());
            if self.forgotten_order.len() > MAX_FORGOTTEN
                && let Some(oldest) = self.forgotten_order.pop_front()
            {
                self.forgotten.remove(&oldest);
            }
        }
        let known = self.forgotten.entry(id.clone()).or_insert(until);
        *known = until.max(*known);
    }

    /// A session looks different, or is no more.
    pub(super) fn note(&mut self, id: Arc<ReplayId>) {
        self.revision += 1;
        self.changes.push_back((self.revision, id));
        if self.changes.len() > MAX_KNOWN_CHANGES
            && let Some((revision, _)) = self.changes.pop_front()
        {
            self.floor = revision;
        }
    }

    /// Anything may look different.
    pub(super) fn note_all(&mut self) {
        self.revision += 1;
        self.floor = self.revision;
        self.changes.clear();
    }

    /// Which sessions changed after a revision; `None` when that is not known, or too many.
    pub(super) fn changed_since(&self, revision: u64) -> Option<Vec<Arc<ReplayId>>> {
        if revision < self.floor || revision > self.revision {
            return None;
        }
        let mut seen = HashSet::new();
        let newer = self.changes.iter().rev().take_while(|(changed, _)| *changed > revision);
        let mut ids = Vec::new();
        for (_, id) in newer {
            if seen.insert(id) {
                ids.push(Arc::clone(id));
            }
            if ids.len() > MAX_TOLD {
                return None;
            }
        }
        Some(ids)
    }

    /// Takes the facts of a session that began with this key when they began to be read. Was it deleted since, whoever told of the
    /// session that it is now reads them anew: these may be those of the one before.
    pub(super) fn set_facts(
        &mut self,
        id: &ReplayId,
        began_with: Option<u64>,
        facts: Facts,
    ) -> Option<Arc<ReplayId>> {
        if self.sessions.first_key(id) != began_with {
            return None;
        }
        self.sessions.set_facts(id, Arc::new(facts))
    }

    /// From now on what is told is kept for the result, too.
    pub(super) fn begin_look_through(&mut self) {
        self.meanwhile = Some(Vec::new());
    }

    pub(super) fn abandon_look_through(&mut self) {
        self.meanwhile = None;
    }

    /// What was found had been listed before it was deleted, perhaps. The sessions that have to be counted again.
    pub(super) fn forget_again(&mut self) -> Vec<ReplayId> {
        let forgotten = self.meanwhile.take().unwrap_or_default().into_iter();
        let forgotten = forgotten.filter(|op| matches!(op, Op::Forget(..)));
        forgotten.filter_map(|op| apply_to(&mut self.sessions, op).1).collect()
    }

    /// The sessions that begin with something else than what was known of them: they were deleted meanwhile, and came again.
    pub(super) fn begun_anew(&self, found: &Sessions) -> Vec<Arc<ReplayId>> {
        let is_other = |id: &Arc<ReplayId>| {
            self.sessions.get(id).is_some() && self.sessions.first_key(id) != found.first_key(id)
        };
        found.ids().into_iter().filter(is_other).collect()
    }

    /// Takes what the store was found to hold in place of what was known. Whether anything was different, and the sessions that have to be
    /// counted again.
    pub(super) fn end_look_through(&mut self, mut found: Sessions) -> (bool, Vec<ReplayId>) {
        let mut again = Vec::new();
        for op in self.meanwhile.take().unwrap_or_default() {
            again.extend(match self.told_too_late(&op) {
                Some(id) => Some(id),
                None => apply_to(&mut found, op).1,
            });
        }
        let mut different = Vec::new();
        for id in found.ids() {
            // Of what was deleted meanwhile, and came again, they are read anew.
            let is_same = self.sessions.first_key(&id) == found.first_key(&id);
            let facts = self.sessions.get(&id).and_then(|known| known.facts.clone()).filter(|_| is_same);
            if let Some(facts) = facts {
                found.set_facts(&id, facts);
            }
            if let Some(known) = self.sessions.get(&id) {
                found.set_damage(&id, known.totals.damage.clone());
            }
            if self.sessions.get(&id).map(counted) != found.get(&id).map(counted) {
                different.push(id);
            }
        }
        different.extend(self.sessions.ids().into_iter().filter(|id| found.get(id).is_none()));
        self.sessions = found;
        let is_different = !different.is_empty();
        match different.len() {
            0..=MAX_TOLD => different.into_iter().for_each(|id| self.note(id)),
            _ => self.note_all(),
        }
        (is_different, again)
    }
}

fn counted(entry: &Entry) -> (&super::totals::Totals, &[u64]) {
    (&entry.totals, &entry.keys)
}

/// The session that changed, and the one that has to be counted again.
fn apply_to(sessions: &mut Sessions, op: Op) -> (Option<Arc<ReplayId>>, Option<ReplayId>) {
    match op {
        Op::Batch(id, name, info) => (sessions.add(&id, &name, &info), None),
        Op::Refused(id, name) => (sessions.add_refused(&id, &name), None),
        Op::Damaged(id, name, why) => (sessions.add_damaged(&id, &name, &why), None),
        Op::Whole(id, name) => (sessions.remove_damaged(&id, &name), None),
        Op::Forget(id, until) => match sessions.forget(&id, until) {
            Forgotten::Unknown => (None, None),
            Forgotten::Removed => (Some(Arc::new(id)), None),
            Forgotten::Partly => (None, Some(id)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::BatchStats;

    fn id(session: &str) -> ReplayId {
        ReplayId::new("d", session).unwrap()
    }

    fn batch(session: &str, micros: u64) -> Op {
        let mut stats = BatchStats::default();
        stats.add(4.0, 1.0);
        let info =
            BatchInfo { arrived: ArrivalTime::from_micros(micros), wire_bytes: 1, decoded_bytes: 1, stats };
        Op::Batch(id(session), info.name(1), info)
    }

    fn changed(state: &State, since: u64) -> Option<Vec<String>> {
        let ids = state.changed_since(since)?;
        Some(ids.iter().map(|id| id.session.as_str().to_owned()).collect())
    }

    #[test]
    fn what_changed_is_known_since_the_beginning_of_this_process() {
        let mut state = State::new(100);
        for (session, micros) in [("a", 1), ("b", 2), ("a", 3), ("a", 3)] {
            state.apply(batch(session, micros));
        }
        assert_eq!(state.revision, 103);
        assert_eq!(changed(&state, 99), None, "before this process");
        assert_eq!(changed(&state, 104), None, "of another process");
        assert_eq!(changed(&state, 100), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(changed(&state, 102), Some(vec!["a".to_owned()]));
        assert_eq!(changed(&state, 103), Some(Vec::new()));
        state.apply(Op::Forget(id("b"), ArrivalTime::from_micros(2)));
        assert_eq!(changed(&state, 103), Some(vec!["b".to_owned()]));
        for micros in 0..=MAX_KNOWN_CHANGES as u64 {
            state.apply(batch("c", 10 + micros));
        }
        assert_eq!(changed(&state, 103), None, "too long ago");
        assert_eq!(changed(&state, state.revision - 9), Some(vec!["c".to_owned()]));
    }

    #[test]
    fn a_look_through_finds_what_was_missed_and_keeps_what_came_meanwhile() {
        let mut state = State::new(0);
        ["kept", "gone", "deleted"]
            .into_iter()
            .for_each(|session| assert_eq!(state.apply(batch(session, 1)), None));
        state.begin_look_through();
        let mut found = Sessions::default();
        for session in ["kept", "missed", "deleted"] {
            apply_to(&mut found, batch(session, 1));
        }
        state.apply(batch("meanwhile", 5));
        state.apply(Op::Forget(id("deleted"), ArrivalTime::from_micros(6)));
        let before = state.revision;
        assert!(state.end_look_through(found).0);
        let mut ids: Vec<_> = state.sessions.ids().iter().map(|id| id.session.as_str().to_owned()).collect();
        ids.sort();
        assert_eq!(ids, ["kept", "meanwhile", "missed"]);
        let mut told = changed(&state, before).unwrap();
        told.sort();
        assert_eq!(told, ["gone", "missed"]);
    }

    #[test]
    fn a_look_through_keeps_no_facts_of_a_session_that_was_deleted_and_came_again() {
        let mut state = State::new(0);
        for session in ["same", "other"] {
            state.apply(batch(session, 1_000));
            let began_with = state.sessions.first_key(&id(session));
            state.set_facts(&id(session), began_with, Facts { arrived: 1, ..Facts::default() });
        }
        state.begin_look_through();
        let mut found = Sessions::default();
        for (session, micros) in [("same", 1_000), ("other", 2_000), ("missed", 1_000)] {
            apply_to(&mut found, batch(session, micros));
        }
        assert_eq!(state.begun_anew(&found), [Arc::new(id("other"))]);
        state.end_look_through(found);
        for (session, has_facts) in [("same", true), ("other", false), ("missed", false)] {
            assert_eq!(state.sessions.get(&id(session)).unwrap().facts.is_some(), has_facts, "{session}");
        }
    }

    #[test]
    fn a_session_that_goes_on_after_it_was_deleted_is_counted_again() {
        let mut state = State::new(0);
        [1, 9].into_iter().for_each(|micros| assert_eq!(state.apply(batch("a", micros)), None));
        assert_eq!(state.apply(Op::Forget(id("a"), ArrivalTime::from_micros(5))), Some(id("a")));
    }

    #[test]
    fn facts_that_were_read_before_a_deletion_are_not_those_of_the_session_after_it() {
        let facts = |arrived| Facts { arrived, ..Facts::default() };
        let mut state = State::new(0);
        state.apply(batch("s", 1_000));
        let began_with = state.sessions.first_key(&id("s"));
        state.apply(Op::Forget(id("s"), ArrivalTime::from_micros(1_000)));
        state.apply(batch("s", 2_000));
        let now = state.sessions.first_key(&id("s"));
        assert!(state.set_facts(&id("s"), now, facts(2)).is_some());
        for late in [facts(1), Facts::default()] {
            for began_with in [began_with, None] {
                assert_eq!(state.set_facts(&id("s"), began_with, late.clone()), None);
            }
        }
        assert_eq!(state.sessions.get(&id("s")).unwrap().facts.as_deref(), Some(&facts(2)));
    }

    #[test]
    fn what_is_told_after_a_deletion_does_not_bring_the_session_back() {
        let id = id("s");
        let until = ArrivalTime::from_micros(5_000);
        let refused = |micros: u64| Op::Refused(id.clone(), format!("{micros:020}-07"));
        for (op, is_late) in [
            (batch("s", 4_000), true),
            (batch("s", 5_000), true),
            (batch("s", 5_001), false),
            (refused(5_000), true),
            (refused(5_001), false),
        ] {
            let mut state = State::new(0);
            assert_eq!(state.apply(Op::Forget(id.clone(), until)), None, "nothing was known");
            assert_eq!(state.apply(op.clone()), is_late.then(|| id.clone()), "{op:?}");
            assert_eq!(state.sessions.get(&id).is_none(), is_late, "{op:?}");
            // The same where the store is looked through meanwhile.
            state.end_look_through(Sessions::default());
            assert_eq!(state.sessions.get(&id).is_none(), is_late, "{op:?}");
        }
    }
}
