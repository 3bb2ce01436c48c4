//! Reads sealed chunks request after request: one has but a part of a file, which is read and unpacked once all the same.

use std::io;
use std::sync::{Arc, Weak};

use super::records::Records;
use super::sealed::SealedChunk;

/// See the module.
#[derive(Default)]
pub(crate) struct SealedReader {
    /// What was read last: one file at a time, since it may have megabytes. It does not keep the chunk, and so not the directory that its
    /// file lies in.
    last: Option<(Weak<SealedChunk>, Records)>,
}

impl SealedReader {
    /// Hands the events of `sealed`, in order, to `read`.
    pub fn with_events<T>(
        &mut self,
        sealed: &Arc<SealedChunk>,
        read: impl FnOnce(&mut dyn Iterator<Item = &[u8]>) -> T,
    ) -> io::Result<T> {
        if sealed.chunk().is_some() {
            return sealed.with_events(read);
        }
        let records = match &mut self.last {
            Some((last, records)) if last.as_ptr() == Arc::as_ptr(sealed) => records,
            last => {
                *last = None;
                &mut last.insert((Arc::downgrade(sealed), sealed.read()?)).1
            }
        };
        Ok(read(&mut records.iter()))
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

    #[test]
    fn a_file_is_read_once_until_another_is_or_it_is_forgotten() {
        let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let [one, other] =
            [(&dirs[0], b"{\"n\":1}"), (&dirs[1], b"{\"n\":2}")].map(|(dir, event)| recovered(dir, event));
        let mut reader = SealedReader::default();
        let read = |reader: &mut SealedReader, sealed| {
            reader.with_events(sealed, |events| events.map(<[u8]>::to_vec).collect::<Vec<_>>())
        };
        let first = read(&mut reader, &one).unwrap();
        assert_eq!(first, [b"{\"n\":1}"]);
        dirs[0]
            .path()
            .read_dir()
            .unwrap()
            .for_each(|entry| std::fs::remove_dir_all(entry.unwrap().path()).unwrap());
        assert_eq!(read(&mut reader, &one).unwrap(), first, "though its file is gone");
        assert_eq!(read(&mut reader, &other).unwrap(), [b"{\"n\":2}"]);
        assert!(read(&mut reader, &one).is_err(), "it was forgotten for the other");
        assert_eq!(read(&mut reader, &other).unwrap(), [b"{\"n\":2}"]);
        dirs[1]
            .path()
            .read_dir()
            .unwrap()
            .for_each(|entry| std::fs::remove_dir_all(entry.unwrap().path()).unwrap());
        assert!(read(&mut SealedReader::default(), &other).is_err());
    }
}
