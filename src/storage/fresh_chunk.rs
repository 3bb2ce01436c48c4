//! A chunk without an envelope, ready for the session that needs one.

use std::io;
use std::sync::Arc;

use super::chunk::{Chunk, ChunkFile, Hold};
use super::file_names;
use super::fs;
use super::layout::{HEADER_BYTES, HELD_MAGIC, chunk_magic, record_bytes, segment_label};
use super::map::Map;
use super::memory::system_page;
use super::quota::QuotaReservation;
use super::run_dir::RunDir;
use crate::model::envelope::Envelope;

/// Size of a chunk's map. Small, so that little memory is kept warm; chunks of one session that wait are
/// sent together.
const CHUNK_BYTES: usize = 512 * 1_024;
/// Size of the map of a chunk of interactions: some hundred clicks.
const INTERACTIONS_BYTES: usize = 64 * 1_024;

/// See the module.
pub(crate) struct FreshChunk {
    map: Map,
    file: Option<ChunkFile>,
    reservation: QuotaReservation,
}

impl FreshChunk {
    /// Size of the map that an event of this length asks for: whole pages, since what is not needed is given back in
    /// pages.
    pub fn capacity_for(event: usize) -> usize {
        CHUNK_BYTES.max((HEADER_BYTES + record_bytes(event)).next_multiple_of(system_page()))
    }

    /// Whether an event of this length asks for no more than any other.
    pub fn is_ordinary(event: usize) -> bool {
        Self::capacity_for(event) == CHUNK_BYTES
    }

    /// Size of the map of a chunk of interactions, in whole pages, too.
    pub fn capacity_for_interactions() -> usize {
        INTERACTIONS_BYTES.next_multiple_of(system_page())
    }

    /// A chunk that ends with the process.
    pub(super) fn in_memory(capacity: usize, reservation: QuotaReservation) -> io::Result<Self> {
        Ok(Self { map: Map::anonymous(capacity)?, file: None, reservation })
    }

    /// A chunk in a new file of the run. The reservation comes back with an error.
    pub(super) fn in_file(
        capacity: usize,
        run: &Arc<RunDir>,
        number: u64,
        reservation: QuotaReservation,
    ) -> Result<Self, (io::Error, QuotaReservation)> {
        let name = file_names::chunk_name(number);
        let opened = match run.dir().and_then(|dir| dir.new_file(&name)) {
            Ok(opened) => opened,
            Err(error) => return Err((error, reservation)),
        };
        let mapped = fs::allocate(&opened, capacity).and_then(|()| Map::over(&opened, capacity));
        drop(opened);
        let file = ChunkFile { name, run: run.clone() };
        match mapped {
            Ok(map) => Ok(Self { map, file: Some(file), reservation }),
            Err(error) => {
                // Later, where a scanner has it open already; what it takes is little, or was not to be had.
                file.remove(reservation.nothing());
                Err((error, reservation))
            }
        }
    }

    /// Whether an event of this length fits.
    pub fn holds(&self, event: usize) -> bool {
        record_bytes(event) <= self.map.room()
    }

    /// Gives the chunk its envelope and its number: from now on it takes events.
    pub fn label(mut self, number: u64, envelope: &Arc<Envelope>, label: &[u8]) -> Chunk {
        self.map.write_header(chunk_magic(envelope.kind), number, label);
        Chunk::new(number, self.map, self.file, self.reservation, envelope, Hold::default())
    }

    /// The same, for a recording that is made of segments: of the one whose first chunk has this number. What is held is so
    /// from its first byte on.
    pub fn label_in_segment(
        mut self,
        number: u64,
        envelope: &Arc<Envelope>,
        label: &[u8],
        segment: u64,
        is_held: bool,
    ) -> Chunk {
        let magic = if is_held { HELD_MAGIC } else { chunk_magic(envelope.kind) };
        self.map.write_header(magic, number, &segment_label(label, segment));
        let hold = Hold { segment, is_held: is_held.into() };
        Chunk::new(number, self.map, self.file, self.reservation, envelope, hold)
    }

    /// Gives it back to the system.
    pub fn remove(self) {
        let Self { map, file, reservation } = self;
        // First of all: what is mapped is not removed everywhere.
        drop(map);
        if let Some(file) = file {
            file.remove(reservation);
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::super::api_key_dir::ApiKeyDir;
    use super::super::map::Append;
    use super::*;
    use crate::model::ids::ApiKey;

    #[test]
    fn a_thread_that_rests_keeps_no_file_from_being_gone() {
        let storage_dir = tempfile::tempdir().unwrap();
        let run = Arc::new(
            RunDir::create(&Arc::new(ApiKeyDir::of(storage_dir.path(), &ApiKey::from_text("key").unwrap())))
                .unwrap(),
        );
        let envelope = Arc::new(Envelope::any());
        let reservation = QuotaReservation::of_existing(&Arc::default(), 0);
        let fresh = FreshChunk::in_file(FreshChunk::capacity_for(0), &run, 1, reservation).ok().unwrap();
        let chunk = fresh.label(1, &envelope, b"{}");
        let is_mapped = || {
            let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
            maps.lines()
                .any(|line| line.contains(storage_dir.path().to_str().unwrap()) && line.ends_with(".chunk"))
        };
        let appender = chunk.appender();
        assert_eq!(appender.append(b"{}"), Append::Stored { first: true });
        assert!(is_mapped());
        chunk.seal();
        chunk.remove();
        drop(chunk);
        assert!(!is_mapped());
        assert_eq!(appender.append(b"{}"), Append::Sealed);
    }
}
