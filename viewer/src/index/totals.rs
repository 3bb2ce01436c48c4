//! Sums over the batches of a session, made from their names alone.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::damage::Damage;
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
    /// What somebody wanted to read and could not; names do not tell.
    #[serde(skip_serializing_if = "Damage::is_empty")]
    pub(crate) damage: Damage,
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

    /// When it was, in milliseconds since the epoch: by the events' clock without what went astray, or the last refused request where nothing else
    /// is known.
    pub(crate) fn span(&self) -> Range<f64> {
        let last_arrival = self.last_arrival as f64;
        match self.batches {
            0 => last_arrival..last_arrival,
            _ => self.stats.clocks.own(last_arrival).unwrap_or(last_arrival..last_arrival),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arrival::ArrivalTime;
    use crate::batch::Unplayable;

    #[test]
    fn a_stray_clock_does_not_count_for_when_a_session_was() {
        const NOW: f64 = 1_795_465_976_788.0;
        let mut totals = Totals::default();
        // One stray within a batch, one batch of strays alone.
        for times in [&[NOW, 7.0, NOW + 500.0][..], &[NOW + 900.0], &[NOW * 1e3]] {
            let mut stats = BatchStats::default();
            times.iter().for_each(|time| stats.add(3.0, *time));
            let arrived = ArrivalTime::from_millis(NOW as u64 + 1_000);
            let name = BatchInfo { arrived, wire_bytes: 1, decoded_bytes: 1, stats }.name(7);
            let (name, info) = BatchInfo::parse(name.as_str()).unwrap();
            totals.add(&name, &info);
        }
        assert_eq!(totals.span(), NOW..NOW + 900.0);
        assert_eq!((totals.stats.first_timestamp, totals.stats.last_timestamp), (7.0, NOW * 1e3));
    }

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
