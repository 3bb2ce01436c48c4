use super::super::super::compact::Compactor;
use super::super::super::layout::CHUNK_MAGIC;
use super::super::super::quota::Quota;
use super::super::{ReportedFiles, recover};
use super::*;
use crate::model::envelope::Envelope;
use crate::model::ids::ApiKey;

const RUNS: u64 = 12;
const EVENTS: u64 = 30;
/// Of a few of these runs.
const LIMIT: u64 = 150_000;

/// A storage directory in which runs died.
struct Place {
    _dir: tempfile::TempDir,
    parent: Arc<ApiKeyDir>,
    /// The oldest first.
    runs: Vec<String>,
}

/// Events of a kilobyte that packing can't make small.
fn noise() -> impl Iterator<Item = Vec<u8>> {
    (0..EVENTS).map(|_| (0..1_000).map(|_| fastrand::alphanumeric() as u8).collect())
}

fn packed(events: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut compactor = Compactor::new(1, &serde_json::to_vec(&Envelope::any()).unwrap());
    events.for_each(|event| compactor.push(&event).unwrap());
    compactor.finish().unwrap()
}

impl Place {
    /// Each run left one packed file.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let parent = Arc::new(ApiKeyDir::of(dir.path(), &ApiKey::from_text("key").unwrap()));
        let mut runs: Vec<String> = Vec::new();
        for _ in 0..RUNS {
            let run = RunDir::create(&parent).unwrap();
            let name = file_names::compacted_name(1, 2);
            run.dir().unwrap().replace_file(&name, &packed(noise())).unwrap();
            runs.push(run.name().to_owned());
        }
        runs.sort();
        Self { _dir: dir, parent, runs }
    }

    fn opened(&self, run: usize) -> Dir {
        self.parent.open().unwrap().open_private(&self.runs[run]).unwrap()
    }

    /// Which of the runs are still there.
    fn left(&self) -> Vec<usize> {
        let names = self.parent.open().unwrap().names().unwrap();
        (0..self.runs.len()).filter(|run| names.contains(&self.runs[*run])).collect()
    }

    fn start(&self, is_time_up: bool) -> Recovered {
        make_room(&self.parent, None, LIMIT, &|| is_time_up)
    }

    fn recover(&self, reported: &mut ReportedFiles) -> Recovered {
        recover(&self.parent, None, &Arc::<Quota>::default(), LIMIT, None, reported).unwrap()
    }
}

#[test]
fn a_start_that_has_no_time_leaves_the_rest_and_every_event_is_counted_in_the_end() {
    let place = Place::new();
    let at_start = place.start(true);
    assert_eq!((at_start.evicted, at_start.evicted_files), (2 * EVENTS, 2), "a little in any case");
    assert_eq!(place.left(), Vec::from_iter(2..RUNS as usize), "the oldest");
    let next = place.start(true);
    assert_eq!(next.evicted, 2 * EVENTS, "starts get on");
    let then = place.recover(&mut ReportedFiles::default());
    assert!(then.evicted > 0 && then.events > 0);
    assert_eq!(at_start.evicted + next.evicted + then.evicted + then.events, RUNS * EVENTS);
}

#[test]
fn a_start_that_has_time_removes_all_that_is_more() {
    let place = Place::new();
    let at_start = place.start(false);
    assert!(at_start.evicted > 5 * EVENTS);
    let then = place.recover(&mut ReportedFiles::default());
    assert_eq!((then.evicted, at_start.evicted + then.events), (0, RUNS * EVENTS));
}

#[test]
fn what_can_not_go_holds_up_nothing_else() {
    let place = Place::new();
    // No files of ours: they can neither be read nor removed.
    for run in [0, 1] {
        let dir = place.opened(run);
        dir.remove_file(&file_names::compacted_name(1, 2)).unwrap();
        dir.make_private(&file_names::chunk_name(1)).unwrap();
    }
    for left in [4, 6] {
        assert_eq!(place.start(true).evicted, 2 * EVENTS);
        assert_eq!(place.left(), [0, 1].into_iter().chain(left..RUNS as usize).collect::<Vec<_>>());
    }
}

#[test]
fn what_a_later_version_wrote_neither_counts_nor_goes() {
    let place = Place::new();
    let mut of_later = packed(noise());
    for copy in of_later.chunks_mut(4_096).take(2) {
        copy[..8].copy_from_slice(b"SRPACKD9");
    }
    // The newest: counted, they would take all the room.
    let runs = 3..RUNS as usize;
    for run in runs.clone() {
        place.opened(run).replace_file(&file_names::compacted_name(1, 2), &of_later).unwrap();
    }
    let at_start = place.start(false);
    assert_eq!((at_start.evicted, place.left().len()), (0, RUNS as usize));
    let then = place.recover(&mut ReportedFiles::default());
    assert_eq!((then.evicted, then.events, then.later_version), (0, 3 * EVENTS, runs.len() as u64));
}

/// It was delivered, but could not be removed at once; and its process was killed before it noted so much in the chunk.
#[test]
fn a_chunk_in_a_packed_file_is_neither_counted_nor_sent_once_that_was_delivered() {
    for limit in [0, u64::MAX] {
        let place = Place::new();
        for run in 0..RUNS as usize {
            let dir = place.opened(run);
            let name = file_names::compacted_name(1, 2);
            stored_file::note_delivered(&dir, &name, EVENTS).unwrap();
            write_chunk(&dir, 2);
            write_chunk(&dir, 7);
        }
        let recovered =
            recover(&place.parent, None, &Arc::default(), limit, None, &mut ReportedFiles::default())
                .unwrap();
        assert_eq!(
            recovered.evicted + recovered.events,
            RUNS,
            "those of the chunks that are in no packed file"
        );
    }
}

/// A power cut took its tail, and its process had not noted in the chunks that they are in it.
#[test]
fn a_packed_file_that_lost_its_tail_takes_the_place_of_no_chunk() {
    for limit in [0, u64::MAX] {
        let place = Place::new();
        for run in 0..RUNS as usize {
            let mut compactor = Compactor::new(1, &serde_json::to_vec(&Envelope::any()).unwrap());
            for _ in 0..2 {
                noise().for_each(|event| compactor.push(&event).unwrap());
                compactor.close_block().unwrap();
            }
            let mut bytes = compactor.finish().unwrap();
            bytes.truncate(bytes.len() * 3 / 4);
            let dir = place.opened(run);
            dir.replace_file(&file_names::compacted_name(1, 2), &bytes).unwrap();
            write_chunk(&dir, 2);
        }
        let recovered =
            recover(&place.parent, None, &Arc::default(), limit, None, &mut ReportedFiles::default())
                .unwrap();
        assert_eq!(
            recovered.evicted + recovered.events,
            RUNS * (EVENTS + 1),
            "its first block, and the chunk"
        );
    }
}

fn write_chunk(dir: &Dir, number: u64) {
    let name = file_names::chunk_name(number);
    let file = dir.new_file(&name).unwrap();
    fs::allocate(&file, 16_384).unwrap();
    let mut map = super::super::super::map::Map::over(&file, 16_384).unwrap();
    map.write_header(CHUNK_MAGIC, number, &serde_json::to_vec(&Envelope::any()).unwrap());
    map.append(b"{}");
}

#[test]
fn damage_is_counted_once_although_the_file_can_not_be_removed_yet() {
    let place = Place::new();
    let run = RunDir::create(&place.parent).unwrap();
    let mut reported = ReportedFiles::default();
    let mut recovered = Recovered::default();
    for _ in 0..3 {
        recovered.note_damage(2, &run, "0000000001.chunk", &mut reported);
    }
    recovered.note_damage(0, &run, "0000000002.chunk", &mut reported);
    recovered.note_damage(1, &run, "0000000002.chunk", &mut reported);
    assert_eq!(recovered.damaged, 3);
}

#[test]
fn the_newest_stay_within_the_limit() {
    for (sizes, limit, kept) in [
        (&[][..], 10, 1),
        (&[4, 4], 10, 2),
        (&[4, 4, 2], 10, 3),
        (&[4, 4, 3, 1], 10, 2),
        (&[11, 1], 10, 1),
        (&[u64::MAX, u64::MAX], u64::MAX - 1, 1),
        (&[0, 0, 10, 0, 1], 10, 4),
    ] {
        assert_eq!(within(sizes.iter().copied(), limit), kept, "{sizes:?}");
    }
}
