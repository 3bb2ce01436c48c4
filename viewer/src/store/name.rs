//! A sequence's name, which tells enough about it that a list of sessions needs no reads.
//!
//! `<arrival µs>-<process>-e<events>-w<wire>-d<decoded>-f<first>-l<last>-k<kinds>`: names sort by arrival, the random
//! process part keeps several viewers from ever choosing the same one. `-u<events>.<kinds>` at the end counts what rrweb's
//! player would throw on, if there is any.

use super::SequenceFacts;

/// What a sequence's name says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SequenceName {
    /// When the request arrived, in microseconds since the epoch.
    pub(crate) arrived_us: u64,
    /// Bytes of the body as it came over the wire.
    pub(crate) wire_bytes: u64,
    /// Bytes of the body after decompression.
    pub(crate) decoded_bytes: u64,
    pub(crate) facts: SequenceFacts,
}

impl SequenceName {
    /// The name as text. `process` tells this process from others that share the store.
    pub(crate) fn format(&self, process: u64) -> String {
        let facts = &self.facts;
        let mut name = format!(
            "{:020}-{process:016x}-e{}-w{}-d{}-f{}-l{}-k{:x}",
            self.arrived_us,
            facts.events,
            self.wire_bytes,
            self.decoded_bytes,
            in_name(facts.first_timestamp),
            in_name(facts.last_timestamp),
            facts.kinds,
        );
        if facts.unplayable > 0 {
            name += &format!("-u{}.{:x}", facts.unplayable, facts.unplayable_kinds);
        }
        name
    }

    /// Reads a name; `None` for anything that `format` did not write.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let mut parts = name.split('-');
        let arrived_us = parts.next()?.parse().ok()?;
        let _process = parts.next()?;
        let mut field = |letter| parts.next()?.strip_prefix(letter);
        let (events, wire, decoded) = (field('e')?, field('w')?, field('d')?);
        let (first, last, kinds) = (field('f')?, field('l')?, field('k')?);
        let (unplayable, unplayable_kinds) = match field('u') {
            Some(counts) => {
                let (events, kinds) = counts.split_once('.')?;
                (events.parse().ok()?, u32::from_str_radix(kinds, 16).ok()?)
            }
            None => (0, 0),
        };
        Some(Self {
            arrived_us,
            wire_bytes: wire.parse().ok()?,
            decoded_bytes: decoded.parse().ok()?,
            facts: SequenceFacts {
                events: events.parse().ok()?,
                first_timestamp: from_name(first)?,
                last_timestamp: from_name(last)?,
                kinds: u32::from_str_radix(kinds, 16).ok()?,
                unplayable,
                unplayable_kinds,
            },
        })
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

    #[test]
    fn names_can_be_read_back_and_sort_by_arrival() {
        let mut facts = SequenceFacts::default();
        facts.add(4.0, 1_795_465_976_788.25);
        facts.add(2.0, -1.0);
        let name = |arrived_us| SequenceName {
            arrived_us,
            wire_bytes: 1422,
            decoded_bytes: 6769,
            facts: facts.clone(),
        };
        let text = name(1_795_465_976_788_000).format(7);
        assert_eq!(SequenceName::parse(&text), Some(name(1_795_465_976_788_000)));
        assert!(text < name(1_795_465_976_788_001).format(3));
        assert!(text.len() < 200, "{text}");
        facts.add_unplayable(1 << 14);
        facts.add_unplayable(1);
        let worse = SequenceName { arrived_us: u64::MAX, wire_bytes: u64::MAX, decoded_bytes: 0, facts };
        let text = worse.format(u64::MAX);
        assert!(text.ends_with("-u2.4001") && text.len() < 200, "{text}");
        assert_eq!(SequenceName::parse(&text), Some(worse));
    }

    #[test]
    fn foreign_files_are_not_names() {
        for foreign in ["", "readme.txt", "1-2-3", "-----", ".DS_Store"] {
            assert_eq!(SequenceName::parse(foreign), None, "{foreign}");
        }
    }
}
