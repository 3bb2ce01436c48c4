//! The faults that were asked for, in their order, and which of them answers a request.

use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::watch;

use super::spec::{FaultSpec, Target};
use crate::replay_id::ClaimedIds;

/// Most faults kept, spent ones included.
const MAX_FAULTS: usize = 1_000;

/// A fault and how often it has answered.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Fault {
    pub(crate) id: u64,
    /// How often it has answered.
    pub(crate) hits: u64,
    /// How often it still will; `None` for one that stands until it is cleared.
    pub(crate) remaining: Option<u64>,
    #[serde(flatten)]
    pub(crate) spec: FaultSpec,
    /// How often faults had been cleared when this one began to answer.
    #[serde(skip)]
    clearings: u64,
}

/// The faults in the order they were asked for.
#[derive(Debug)]
pub(crate) struct Faults {
    list: Mutex<List>,
    /// Counts the clearings: requests that were left hanging wait for the next one.
    cleared: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct List {
    faults: Vec<Fault>,
    last_id: u64,
}

impl Default for Faults {
    fn default() -> Self {
        Self { list: Mutex::default(), cleared: watch::Sender::new(0) }
    }
}

impl Faults {
    /// Appends faults and returns them with their ids; `None` when there are too many.
    pub(crate) fn add(&self, specs: Vec<FaultSpec>) -> Option<Vec<Fault>> {
        let mut list = self.list.lock();
        if list.faults.len() + specs.len() > MAX_FAULTS {
            return None;
        }
        let first = list.faults.len();
        for spec in specs {
            list.last_id += 1;
            let fault = Fault {
                id: list.last_id,
                hits: 0,
                remaining: (!spec.standing).then_some(spec.times.unwrap_or(1)),
                spec,
                clearings: 0,
            };
            list.faults.push(fault);
        }
        Some(list.faults[first..].to_vec())
    }

    pub(crate) fn all(&self) -> Vec<Fault> {
        self.list.lock().faults.clone()
    }

    /// Removes all faults, or the one of this id, and lets go of the requests that hang.
    pub(crate) fn clear(&self, id: Option<u64>) -> usize {
        let mut list = self.list.lock();
        let before = list.faults.len();
        list.faults.retain(|fault| id.is_some_and(|id| id != fault.id));
        let removed = before - list.faults.len();
        drop(list);
        self.cleared.send_modify(|count| *count += 1);
        removed
    }

    /// The fault that is to answer this request, if any; it is used up by that.
    pub(crate) fn take(&self, target: Target, ids: &ClaimedIds) -> Option<Fault> {
        let mut list = self.list.lock();
        let fault = list
            .faults
            .iter_mut()
            .find(|fault| fault.remaining != Some(0) && fault.spec.is_for(target, ids))?;
        fault.hits += 1;
        fault.remaining = fault.remaining.map(|times| times - 1);
        fault.clearings = *self.cleared.borrow();
        Some(fault.clone())
    }

    /// Waits until faults were cleared since this one began to answer.
    pub(super) async fn until_cleared(&self, fault: &Fault) {
        // The sender lives as long as `self`, so this can't fail.
        let _ = self.cleared.subscribe().wait_for(|count| *count != fault.clearings).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(device_id: &str, session_id: &str) -> ClaimedIds {
        ClaimedIds { device_id: device_id.to_owned(), session_id: session_id.to_owned() }
    }

    fn specs(json: &str) -> Vec<FaultSpec> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn faults_answer_in_order_and_are_used_up() {
        let faults = Faults::default();
        faults.add(specs(r#"[{"status":500,"times":2},{"status":429}]"#));
        let take = || faults.take(Target::Track, &ids("d", "s")).map(|fault| fault.id);
        assert_eq!([take(), take(), take(), take()], [Some(1), Some(1), Some(2), None]);
        assert_eq!(faults.all()[0].hits, 2);
    }

    #[test]
    fn a_standing_fault_answers_its_session_until_cleared() {
        let faults = Faults::default();
        faults.add(specs(r#"[{"standing":true,"session_id":"1","skip":4004}]"#));
        assert!(faults.take(Target::Track, &ids("d", "2")).is_none());
        assert!(faults.take(Target::Config, &ids("", "1")).is_none());
        for _ in 0..5 {
            assert!(faults.take(Target::Track, &ids("d", "1")).is_some());
        }
        assert_eq!(faults.clear(None), 1);
        assert!(faults.take(Target::Track, &ids("d", "1")).is_none());
    }
}
