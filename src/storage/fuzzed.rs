//! Stored files in memory, for `fuzz/`: made and read without a file.

use super::checksum::Check;
use super::compact::Compactor;
use super::layout::{self, CHUNK_MAGIC, HEADER_BYTES, PAGE, record_bytes};
use super::records::Records;
use crate::model::envelope::Envelope;

/// The events in a stored file, and how many places in it are damaged.
pub(crate) fn events_in_file(bytes: Vec<u8>) -> (Vec<Vec<u8>>, u64) {
    let records = Records::parse(bytes);
    (records.iter().map(<[u8]>::to_vec).collect(), records.damaged)
}

/// A chunk with these events, as a process leaves it that was killed.
pub(crate) fn chunk_file<'a>(events: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let check = Check::random();
    let mut file = layout::header(CHUNK_MAGIC, &check, 1, &Envelope::any().to_json(), None).repeat(2);
    for event in events {
        let at = file.len();
        file.extend_from_slice(&check.record_head(event, at).to_le_bytes());
        file.extend_from_slice(event);
        file.resize(at + record_bytes(event.len()), 0);
    }
    debug_assert!(file.len() >= HEADER_BYTES);
    file.resize(file.len().next_multiple_of(PAGE), 0);
    file
}

/// The same events in a compacted file, so many in a block.
pub(crate) fn compacted_file(events: &[&[u8]], in_a_block: usize) -> std::io::Result<Vec<u8>> {
    let mut compactor = Compactor::new(1, &Envelope::any().to_json());
    for block in events.chunks(in_a_block) {
        block.iter().try_for_each(|event| compactor.push(event))?;
        compactor.close_block()?;
    }
    compactor.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_read_and_damage_is_seen() {
        let events = [&b"{\"a\":1}"[..], b"{}", b"{\"long\":\"0123456789\"}"];
        for mut file in [chunk_file(events), compacted_file(&events, 2).unwrap()] {
            let (read, damaged) = events_in_file(file.clone());
            assert!(read == events && damaged == 0, "{read:?}");
            file[HEADER_BYTES + 9] ^= 1;
            let (read, damaged) = events_in_file(file);
            assert!(read.len() < events.len() && damaged == 1, "{read:?}");
        }
    }
}
