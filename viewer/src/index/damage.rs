//! What of a session's batches can't be read: which ones, and of the first few by name, why.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::key;
use crate::batch::shorten;
use crate::store::BatchName;

/// Most batches that are named.
const MAX_NAMED: usize = 3;

/// A session may have a hundred thousand damaged batches: a name takes twenty times what a key does.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Damage {
    /// Their keys.
    batches: BTreeSet<u64>,
    /// Some of them, and why.
    named: BTreeMap<BatchName, String>,
}

impl Damage {
    pub(crate) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    pub(super) fn contains(&self, name: &BatchName) -> bool {
        key::of_batch(name).is_some_and(|key| self.batches.contains(&key))
    }

    /// Whether that is anything new.
    pub(super) fn insert(&mut self, name: &BatchName, why: &str) -> bool {
        let Some(key) = key::of_batch(name) else { return false };
        let is_new = self.batches.insert(key);
        if is_new && self.named.len() < MAX_NAMED {
            self.named.insert(name.clone(), shorten(why));
        }
        is_new
    }

    /// Whether it was there.
    pub(super) fn remove(&mut self, name: &BatchName) -> bool {
        self.named.remove(name);
        key::of_batch(name).is_some_and(|key| self.batches.remove(&key))
    }

    /// Takes the place of what was known, but for batches that are not there any more.
    pub(super) fn only(mut self, keys: &[u64]) -> Self {
        let is_there = |key: &u64| keys.binary_search(key).is_ok();
        self.batches.retain(is_there);
        self.named.retain(|name, _| key::of_batch(name).is_some_and(|key| is_there(&key)));
        self
    }

    /// One sentence about all of it; `None` where there is nothing to say.
    pub(super) fn in_words(&self) -> Option<String> {
        let (requests, are) = match self.batches.len() {
            0 => return None,
            1 => ("request", "is"),
            _ => ("requests", "are"),
        };
        let mut named: Vec<_> = self.named.iter().map(|(name, why)| format!("{name} ({why})")).collect();
        let more = self.batches.len() - named.len();
        if more > 0 {
            named.push(if named.is_empty() {
                "which ones, …/batches says".to_owned()
            } else {
                format!("and {more} more")
            });
        }
        Some(format!(
            "{} stored {requests} of this session {are} damaged, and what can't be read there is missing from the replay and from downloads: \
             {}. Something else changed or cut off the files below v1/sequences in the store; a backup may have them.",
            self.batches.len(),
            named.join("; "),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arrival::ArrivalTime;
    use crate::batch::BatchStats;
    use crate::store::BatchInfo;

    fn name(micros: u64) -> BatchName {
        let arrived = ArrivalTime::from_micros(micros);
        BatchInfo { arrived, wire_bytes: 1, decoded_bytes: 1, stats: BatchStats::default() }.name(7)
    }

    #[test]
    fn all_are_counted_and_a_few_are_named() {
        let mut damage = Damage::default();
        assert_eq!(damage.in_words(), None);
        for micros in 1..=1_000 {
            assert!(damage.insert(&name(micros), "it is cut off"));
        }
        assert!(!damage.insert(&name(2), "it is cut off"));
        let said = damage.in_words().unwrap();
        assert!(said.starts_with("1000 stored requests") && said.contains("; and 997 more."), "{said}");
        assert!(said.contains(&format!("{} (it is cut off)", name(1))), "{said}");
        let bytes = serde_json::to_vec(&damage).unwrap().len();
        assert!(bytes < 1_000 * 10, "{bytes} bytes");
        assert!(damage.contains(&name(999)) && damage.remove(&name(999)) && !damage.contains(&name(999)));
        assert!(!damage.remove(&name(999)));
        let damage = damage.only(&[key::of_batch(&name(3)).unwrap()]);
        let said = damage.in_words().unwrap();
        assert!(said.starts_with("1 stored request of") && said.contains(name(3).as_str()), "{said}");
    }
}
