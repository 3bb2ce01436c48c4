//! Reads sealed chunks request after request: each has but a part of a chunk, and goes on where the one before ended.

use std::io;
use std::sync::{Arc, Weak};

use super::layout::HEADER_BYTES;
use super::map::MapRecords;
use super::records::Records;
use super::sealed::SealedChunk;

/// See the module.
#[derive(Default)]
pub(crate) struct SealedReader {
    /// What was read last: one chunk at a time, since it may have megabytes. It does not keep the chunk, and so not the directory that its
    /// file lies in.
    last: Option<(Weak<SealedChunk>, Read)>,
}

/// What of a chunk needs not be done again.
enum Read {
    /// The last event that was read stands there in the map of a chunk.
    Mapped(Place),
    /// A file was read and unpacked.
    File(Records),
}

/// Where an event stands.
#[derive(Clone, Copy)]
struct Place {
    /// So many are before it.
    index: u64,
    offset: usize,
}

/// The events of a map from a place on.
struct FromPlace<'c> {
    records: MapRecords<'c>,
    next: u64,
    last: Place,
}

impl SealedReader {
    /// Hands the events of `sealed` behind its first `skipped`, in order, to `read`.
    pub fn with_events<T>(
        &mut self,
        sealed: &Arc<SealedChunk>,
        skipped: u64,
        read: impl FnOnce(&mut dyn Iterator<Item = &[u8]>) -> T,
    ) -> io::Result<T> {
        let is_same = |(last, _): &(Weak<SealedChunk>, _)| last.as_ptr() == Arc::as_ptr(sealed);
        let last = self.last.take().filter(is_same).map(|(_, last)| last);
        let (result, last) = match (sealed.chunk(), last) {
            (Some(chunk), last) => {
                let place = match last {
                    Some(Read::Mapped(place)) if place.index <= skipped => place,
                    _ => Place { index: 0, offset: HEADER_BYTES },
                };
                let Some(records) = chunk.records_from(place.offset) else {
                    return Ok(read(&mut chunk.records().skip(skipped as usize)));
                };
                let mut events = FromPlace { records, next: place.index, last: place };
                let result = read(&mut events.by_ref().skip((skipped - place.index) as usize));
                (result, Read::Mapped(events.last))
            }
            (None, last) => {
                let records = match last {
                    Some(Read::File(records)) => records,
                    _ => sealed.read()?,
                };
                let result = read(&mut records.iter().skip(skipped as usize));
                (result, Read::File(records))
            }
        };
        self.last = Some((Arc::downgrade(sealed), last));
        Ok(result)
    }
}

impl<'c> Iterator for FromPlace<'c> {
    type Item = &'c [u8];

    fn next(&mut self) -> Option<&'c [u8]> {
        let place = Place { index: self.next, offset: self.records.offset() };
        let event = self.records.next()?;
        (self.last, self.next) = (place, self.next + 1);
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Storage;
    use super::*;
    use crate::model::envelope::Envelope;
    use crate::model::ids::ApiKey;

    /// The file of a run, which has this event.
    fn recovered(dir: &tempfile::TempDir, event: &[u8]) -> Arc<SealedChunk> {
        let open = || Storage::open(Some(dir.path()), &ApiKey::from_text("key").unwrap(), 64_000_000);
        let (storage, envelope) = (open(), Arc::new(Envelope::any()));
        let chunk = Arc::new(storage.fresh(0).unwrap().label(1, &envelope, &envelope.to_json()));
        chunk.append(event);
        drop((SealedChunk::seal(chunk), storage));
        Arc::new(open().recover(None).unwrap().sealed.remove(0))
    }

    /// Their directory is in use, and Windows would not let it go.
    fn remove_chunks(dir: &std::path::Path) {
        for path in dir.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                remove_chunks(&path);
            } else if path.extension().is_some_and(|extension| extension == "chunk") {
                std::fs::remove_file(path).unwrap();
            }
        }
    }

    #[test]
    fn what_is_mapped_is_read_on_from_where_the_last_request_ended() {
        let storage = Storage::open(None, &ApiKey::from_text("key").unwrap(), 64_000_000);
        let envelope = Arc::new(Envelope::any());
        let events: Vec<_> = (0..9).map(|number| format!("{{\"n\":{}}}", 7_u64.pow(number))).collect();
        let [one, other] = [1, 2].map(|number| {
            let chunk = Arc::new(storage.fresh(0).unwrap().label(number, &envelope, &envelope.to_json()));
            for event in &events {
                chunk.append(event.as_bytes());
            }
            Arc::new(SealedChunk::seal(chunk))
        });
        let mut reader = SealedReader::default();
        // What is skipped and read in each, and at which event the reader may begin for the next.
        for (sealed, skipped, count, place) in [
            (&one, 0, 3, 2),
            (&one, 3, 1, 3),
            (&one, 3, 2, 4),
            (&one, 4, 5, 8),
            (&one, 9, 0, 8),
            (&one, 1, 1, 1),
            (&other, 5, 2, 6),
            (&one, 2, 1, 2),
        ] {
            let read = |events: &mut dyn Iterator<Item = &[u8]>| -> Vec<_> {
                events.take(count).map(|event| String::from_utf8(event.to_vec()).unwrap()).collect()
            };
            let found = reader.with_events(sealed, skipped, read).unwrap();
            assert_eq!(found, events[skipped as usize..][..count], "{skipped}");
            let Some((_, Read::Mapped(last))) = &reader.last else { panic!("nothing is kept") };
            assert_eq!(last.index, place, "{skipped}");
        }
    }

    #[test]
    fn a_file_is_read_once_until_another_is_or_it_is_forgotten() {
        let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let [one, other] =
            [(&dirs[0], b"{\"n\":1}"), (&dirs[1], b"{\"n\":2}")].map(|(dir, event)| recovered(dir, event));
        let mut reader = SealedReader::default();
        let read = |reader: &mut SealedReader, sealed| {
            reader.with_events(sealed, 0, |events| events.map(<[u8]>::to_vec).collect::<Vec<_>>())
        };
        let first = read(&mut reader, &one).unwrap();
        assert_eq!(first, [b"{\"n\":1}"]);
        remove_chunks(dirs[0].path());
        assert_eq!(read(&mut reader, &one).unwrap(), first, "though its file is gone");
        assert_eq!(read(&mut reader, &other).unwrap(), [b"{\"n\":2}"]);
        assert!(read(&mut reader, &one).is_err(), "it was forgotten for the other");
        assert_eq!(read(&mut reader, &other).unwrap(), [b"{\"n\":2}"]);
        remove_chunks(dirs[1].path());
        assert!(read(&mut SealedReader::default(), &other).is_err());
    }
}
