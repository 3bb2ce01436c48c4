//! A stored batch's name, which tells enough about it that a list of sessions needs no reads.
//!
//! `<arrival µs>-<process>-e<events>-w<wire>-d<decoded>-f<first>-l<last>-k<kinds>`: names sort by arrival, the random
//! process part keeps several viewers from ever choosing the same one. `-u<events>.<kinds>` behind it counts what rrweb's
//! player would throw on, if there is any; `-n<entries>` the entries of `adds` with children inside, `-x<errors>` the errors in the console,
//! `-c<first>.<last>` the session's own clock where first and last are by others. A reader passes over parts that it does not know.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::arrival::ArrivalTime;
use crate::batch::{BatchStats, Clocks};

/// Longest name of a file.
const MAX_BYTES: usize = 255;

/// The name of a stored batch, or where such a name would sort.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct BatchName(String);

/// What the name of a stored batch says about it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BatchInfo {
    pub(crate) arrived: ArrivalTime,
    /// Bytes of the body as it came over the wire.
    pub(crate) wire_bytes: u64,
    /// Bytes of the body after decompression.
    pub(crate) decoded_bytes: u64,
    pub(crate) stats: BatchStats,
}

impl BatchName {
    /// Sorts below the names of all batches that arrived at this time or later, and above all others.
    pub(crate) fn first_at(arrived: ArrivalTime) -> Self {
        Self(arrived.to_string())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BatchName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl BatchInfo {
    /// The name that says this. `process` tells this process from others that share the store.
    pub(crate) fn name(&self, process: u64) -> BatchName {
        let stats = &self.stats;
        let mut name = format!(
            "{}-{process:016x}-e{}-w{}-d{}-f{}-l{}-k{:x}",
            self.arrived,
            stats.events,
            self.wire_bytes,
            self.decoded_bytes,
            in_name(stats.first_timestamp),
            in_name(stats.last_timestamp),
            stats.event_types,
        );
        if stats.unplayable > 0 {
            name += &format!("-u{}.{:x}", stats.unplayable, stats.unplayable_reasons);
        }
        if stats.nested > 0 {
            name += &format!("-n{}", stats.nested);
        }
        if stats.errors > 0 {
            name += &format!("-x{}", stats.errors);
        }
        // Where the first and the last time do not tell it.
        let arrived = self.arrived.millis() as f64;
        let by_bounds = Clocks::of_bounds(stats.first_timestamp, stats.last_timestamp, stats.events);
        if let Some(own) = stats.clocks.own(arrived)
            && by_bounds.own(arrived).as_ref() != Some(&own)
        {
            name += &format!("-c{}.{}", in_name(own.start), in_name(own.end));
        }
        BatchName(name)
    }

    /// Reads a name; `None` for anything that `name` did not make.
    pub(crate) fn parse(name: &str) -> Option<(BatchName, Self)> {
        // It goes into JSON as it is; whoever made the file may have called it anything.
        if name.len() > MAX_BYTES
            || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        {
            return None;
        }
        let mut parts = name.split('-');
        let arrived = ArrivalTime::from_micros(parts.next()?.parse().ok()?);
        let _process = parts.next()?;
        let mut field = |letter| parts.next()?.strip_prefix(letter);
        let (events, wire, decoded) = (field('e')?, field('w')?, field('d')?);
        let (first, last, event_types) = (field('f')?, field('l')?, field('k')?);
        let (mut unplayable, mut unplayable_reasons, mut nested, mut errors) = (0, 0, 0, 0);
        let mut own = None;
        for part in parts {
            if let Some(counts) = part.strip_prefix('u') {
                let (events, reasons) = counts.split_once('.')?;
                (unplayable, unplayable_reasons) =
                    (events.parse().ok()?, u32::from_str_radix(reasons, 16).ok()?);
            } else if let Some(entries) = part.strip_prefix('n') {
                nested = entries.parse().ok()?;
            } else if let Some(count) = part.strip_prefix('x') {
                errors = count.parse().ok()?;
            } else if let Some((start, end)) = part.strip_prefix('c').and_then(|span| span.split_once('.')) {
                own = Some(from_name(start)?..from_name(end)?);
            }
        }
        let (events, first, last) = (events.parse().ok()?, from_name(first)?, from_name(last)?);
        let info = Self {
            arrived,
            wire_bytes: wire.parse().ok()?,
            decoded_bytes: decoded.parse().ok()?,
            stats: BatchStats {
                events,
                first_timestamp: first,
                last_timestamp: last,
                clocks: own.map_or_else(
                    || Clocks::of_bounds(first, last, events),
                    |own| Clocks::of_one(own, events),
                ),
                event_types: u32::from_str_radix(event_types, 16).ok()?,
                unplayable,
                unplayable_reasons,
                nested,
                errors,
            },
        };
        Some((BatchName(name.to_owned()), info))
    }
}

/// A timestamp as its bits: exact, whatever the number, and without signs or dots.
fn in_name(timestamp: f64) -> String {
    format!("{:x}", timestamp.to_bits())
}

fn from_name(text: &str) -> Option<f64> {
    let timestamp = f64::from_bits(u64::from_str_radix(text, 16).ok()?);
    timestamp.is_finite().then_some(timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Unplayable;

    #[test]
    fn names_can_be_read_back_and_sort_by_arrival() {
        let mut stats = BatchStats::default();
        stats.add(4.0, 1_795_465_976_788.25);
        stats.add(2.0, 1_795_465_976_000.0);
        let info = |micros| BatchInfo {
            arrived: ArrivalTime::from_micros(micros),
            wire_bytes: 1422,
            decoded_bytes: 6769,
            stats: stats.clone(),
        };
        let early = info(1_795_465_976_788_000);
        let name = early.name(7);
        assert_eq!(BatchInfo::parse(name.as_str()), Some((name.clone(), early.clone())));
        assert!(name < info(1_795_465_976_788_001).name(3));
        assert!(BatchName::first_at(early.arrived) < name);
        assert!(name < BatchName::first_at(ArrivalTime::from_micros(1_795_465_976_788_001)));
        assert!(name.as_str().len() < 200, "{name}");
        stats.add_unplayable(Unplayable::Styles);
        stats.add_unplayable(Unplayable::Data);
        stats.nested = 12;
        stats.errors = 3;
        // Times of three clocks.
        stats.add(3.0, -1.0);
        stats.add(3.0, 1e300);
        stats.clocks = Clocks::of_one(1_795_465_976_000.0..1_795_465_976_788.25, stats.events);
        let arrived = ArrivalTime::from_micros(u64::MAX);
        let worse = BatchInfo { arrived, wire_bytes: u64::MAX, decoded_bytes: 0, stats };
        let name = worse.name(u64::MAX);
        let own = format!("-c{}.{}", in_name(1_795_465_976_000.0), in_name(1_795_465_976_788.25));
        let end = format!("-u2.4001-n12-x3{own}");
        assert!(name.as_str().ends_with(&end) && name.as_str().len() < MAX_BYTES, "{name}");
        assert_eq!(BatchInfo::parse(name.as_str()), Some((name.clone(), worse)));
    }

    #[test]
    fn foreign_files_are_not_names() {
        let name = BatchInfo {
            arrived: ArrivalTime::from_micros(1),
            wire_bytes: 1,
            decoded_bytes: 1,
            stats: BatchStats::default(),
        }
        .name(7);
        let [quoted, long] = [format!("{name}-\""), format!("{name}-{}", "q".repeat(255))];
        for foreign in ["", "readme.txt", "1-2-3", "-----", ".DS_Store", &quoted, &long] {
            assert_eq!(BatchInfo::parse(foreign), None, "{foreign}");
        }
    }
}
