//! Sums over the batches of a session, made from their names alone.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::arrival::ArrivalTime;
use crate::batch::BatchStats;
use crate::store::{BatchInfo, BatchName};

/// What the batches of a session come to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Totals {
    pub(crate) batches: u64,
    pub(crate) stats: BatchStats,
    pub(crate) wire_bytes: u64,
    pub(crate) decoded_bytes: u64,
    /// Milliseconds since the epoch, by the viewer's clock; of batches, and of refused requests while there is no batch.
    pub(crate) first_arrival: u64,
    pub(crate) last_arrival: u64,
    /// Requests of the session that were refused.
    pub(crate) refused: u64,
    /// The name of the newest batch.
    pub(crate) last_batch: Option<BatchName>,
    /// Batches that somebody wanted to read and could not; names do not tell.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) damaged: BTreeSet<BatchName>,
}

impl Totals {
    pub(crate) fn add(&mut self, name: &BatchName, batch: &BatchInfo) {
        let arrival = batch.arrived.millis();
        if self.batches == 0 {
            self.stats = batch.stats.clone();
            self.first_arrival = arrival;
            self.last_arrival = arrival;
        } else {
            self.stats.merge(&batch.stats);
        }
        self.batches += 1;
        // Names come from a store that others may write to; whatever they claim, it adds up without a panic.
        self.wire_bytes = self.wire_bytes.saturating_add(batch.wire_bytes);
        self.decoded_bytes = self.decoded_bytes.saturating_add(batch.decoded_bytes);
        self.first_arrival = self.first_arrival.min(arrival);
        self.last_arrival = self.last_arrival.max(arrival);
        if self.last_batch.as_ref().is_none_or(|last| last < name) {
            self.last_batch = Some(name.clone());
        }
    }

    pub(crate) fn add_refused(&mut self, at: ArrivalTime) {
        self.refused += 1;
        if self.batches == 0 {
            let at = at.millis();
            self.first_arrival = if self.refused == 1 { at } else { self.first_arrival.min(at) };
            self.last_arrival = self.last_arrival.max(at);
        }
    }

    /// When it was, in milliseconds since the epoch: by the events' clock, or the last refused request where nothing else is known.
    pub(crate) fn span(&self) -> Range<f64> {
        match self.batches {
            0 => self.last_arrival as f64..self.last_arrival as f64,
            _ => self.stats.first_timestamp..self.stats.last_timestamp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arrival::ArrivalTime;
    use crate::batch::Unplayable;

    #[test]
    fn batches_add_up_in_any_order_and_whatever_they_claim() {
        let batch = |arrived, event_type, timestamp, unplayable| {
            let mut stats = BatchStats::default();
            stats.add(event_type, timestamp);
            if let Some(reason) = unplayable {
                stats.add_unplayable(reason);
            }
            let arrived = ArrivalTime::from_micros(arrived);
            BatchInfo { arrived, wire_bytes: 3, decoded_bytes: 5, stats }
        };
        let mut list = vec![batch(2_000, 2.0, 9.5, None), batch(7_000, 4.0, -1.0, Some(Unplayable::Width))];
        let sum = |list: &[BatchInfo]| {
            let mut totals = Totals::default();
            list.iter().for_each(|batch| totals.add(&batch.name(7), batch));
            totals
        };
        let totals = sum(&list);
        assert_eq!((totals.batches, totals.wire_bytes, totals.decoded_bytes), (2, 6, 10));
        assert_eq!((totals.first_arrival, totals.last_arrival), (2, 7));
        assert_eq!((totals.stats.first_timestamp, totals.stats.last_timestamp), (-1.0, 9.5));
        assert_eq!((totals.stats.events, totals.stats.unplayable), (2, 1));
        assert!(totals.stats.has_full_snapshot() && totals.stats.has_meta());
        list.reverse();
        assert_eq!(sum(&list), totals);
        list[0].wire_bytes = u64::MAX;
        list[0].stats.events = u64::MAX;
        let totals = sum(&list);
        assert_eq!((totals.wire_bytes, totals.stats.events), (u64::MAX, u64::MAX));
    }
}
