//! Any bytes as a stored file, as what stands behind a good header, and as a patch of a real file.
#![no_main]

use std::collections::HashSet;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use session_replay::fuzzing::{read_stored, stored_files};

/// Where the records of a file begin.
const RECORDS: usize = 8_192;

/// What is in the real files. Small, so that a run takes microseconds.
static EVENTS: LazyLock<HashSet<Vec<u8>>> = LazyLock::new(|| {
    let event = |number: usize| format!(r#"{{"type":3,"timestamp":{number},"data":"{}"}}"#, "x".repeat(number * 3));
    (0..12).map(|number| event(number).into_bytes()).collect()
});

/// A chunk and a compacted file. Neither is ever a file.
static FILES: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let events: Vec<&[u8]> = EVENTS.iter().map(Vec::as_slice).collect();
    let files = stored_files(&events).expect("they are made");
    assert!(files.iter().all(|file| read_stored(file.clone()).0.len() == EVENTS.len()));
    files
});

/// Patched bytes that the fuzzer can't make a check of. It sees both sides of a comparison, so it finds eight bytes that fit, which no
/// damage does.
const MAX_DAMAGE: usize = 4;

/// What comes out went in: a record is never made up of others' bytes.
fn read(file: Vec<u8>) {
    let (events, _) = read_stored(file);
    assert!(events.iter().all(|event| EVENTS.contains(event)));
}

fuzz_target!(|data: &[u8]| {
    let [which, high, low, patch @ ..] = data else { return };
    let real = &FILES[usize::from(*which) % FILES.len()];
    match which / 64 {
        // Mostly no file of ours, and if it is one, there is nothing to compare with.
        0 => _ = read_stored(data.to_vec()),
        // Records that somebody made up, behind a header that is good.
        1 => _ = read_stored([&real[..RECORDS], patch].concat()),
        // The same bytes as a patch of a real file: where, then what.
        2 => {
            let mut file = real.clone();
            let at = usize::from(u16::from_be_bytes([*high, *low])) % file.len();
            let end = file.len().min(at + patch.len());
            file[at..end].copy_from_slice(&patch[..end - at]);
            if patch.len() <= MAX_DAMAGE { read(file) } else { _ = read_stored(file) }
        }
        // Some of its bits flipped, by place.
        _ => {
            let mut file = real.clone();
            for place in patch.chunks_exact(2) {
                let at = usize::from(u16::from_be_bytes([place[0], place[1]])) % (file.len() * 8);
                file[at / 8] ^= 1 << (at % 8);
            }
            read(file);
        }
    }
});
