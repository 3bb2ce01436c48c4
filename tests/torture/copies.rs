//! Copies of a storage directory, exact ones and such as a power cut leaves.

use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::Path;

use fastrand::Rng;

use super::account::Event;
use super::arrivals::event_of;
use super::common::list_below;

const PAGE: usize = 4_096;
/// Where the records of a file begin, and how long a record's head is: docs/reference/storage-format.md.
const RECORDS: usize = 8_192;
const HEAD: usize = 8;

/// Copies a directory of which nobody changes anything now.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => _ = fs::copy(entry.path(), target).unwrap(),
        }
    }
}

/// What was cut off the files of a copy.
pub struct Cut {
    /// The events that stand before the cut of their file.
    pub left: HashSet<Event>,
    /// What was done to which file.
    pub told: Vec<String>,
}

/// Takes the tails of some files away, and of all others nothing.
pub fn cut_tails(dir: &Path, rng: &mut Rng) -> Cut {
    let mut cut = Cut { left: HashSet::new(), told: Vec::new() };
    for kind in ["chunk", "packed"] {
        for path in list_below(dir, kind) {
            let mut bytes = fs::read(&path).unwrap();
            // Mostly where something stands: behind the last record a chunk is zeros.
            let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            let within = if rng.u8(..4) == 0 { bytes.len() } else { used };
            let at = rng.usize(..=within);
            let (at, told) = match rng.u8(..4) {
                0 => {
                    bytes.truncate(at);
                    (at, "cut")
                }
                1 => {
                    let at = at / PAGE * PAGE;
                    bytes.truncate(at);
                    (at, "cut at a page")
                }
                2 => {
                    let at = at / PAGE * PAGE;
                    bytes[at..].fill(0);
                    (at, "zeros from a page on")
                }
                _ => (bytes.len(), "whole"),
            };
            fs::write(&path, &bytes).unwrap();
            cut.told.push(format!("{}: {told}, {at} of {used} bytes", path.display()));
            let before = &bytes[..at.min(bytes.len())];
            cut.left.extend(if kind == "packed" { in_blocks(before) } else { in_bytes(before) });
        }
    }
    // What tells of the run and of the session, too: the rest must arrive without it.
    for path in list_below(dir, "json").into_iter().chain(locks(dir)) {
        if rng.u8(..3) == 0 {
            let bytes = fs::read(&path).unwrap();
            let at = rng.usize(..=bytes.len());
            fs::write(&path, &bytes[..at]).unwrap();
            cut.told.push(format!("{}: cut after {at} bytes", path.display()));
        }
    }
    cut
}

fn locks(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for home in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        let runs = fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path().join("lock"));
        found.extend(runs.filter(|lock| lock.exists()));
    }
    found.sort();
    found
}

/// The events whose whole text stands in these bytes of a chunk.
fn in_bytes(bytes: &[u8]) -> HashSet<Event> {
    // By the words of the format alone, so that a check that the library misreads is seen: a text begins and ends like this.
    let (begin, end) = (&br#"{"type":5,"#[..], &br#""}}"#[..]);
    let mut found = HashSet::new();
    let mut at = RECORDS.min(bytes.len());
    while let Some(start) = find(&bytes[at..], begin).map(|offset| at + offset) {
        let Some(length) = find(&bytes[start..], end).map(|offset| offset + end.len()) else { break };
        let text = &bytes[start..start + length];
        // The head stands last: without it the thread was still copying.
        let head = &bytes[start - HEAD..start];
        let is_whole = head[..4] == (length as u32).to_le_bytes();
        if is_whole && let Ok(text) = std::str::from_utf8(text) {
            found.extend(event_of(text));
            at = start + length;
        } else {
            at = start + begin.len();
        }
    }
    found
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, wanted)
}

/// The events of the whole blocks that stand in these bytes of a compacted file.
fn in_blocks(bytes: &[u8]) -> HashSet<Event> {
    let mut found = HashSet::new();
    let mut at = RECORDS;
    while let Some(head) = bytes.get(at..at + HEAD) {
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let Some(block) = bytes.get(at + HEAD..at + HEAD + length).filter(|block| !block.is_empty()) else {
            break;
        };
        let mut events = Vec::new();
        flate2::read::DeflateDecoder::new(block).read_to_end(&mut events).unwrap();
        let mut rest = &events[..];
        while let Some((length, more)) = rest.split_first_chunk::<4>() {
            let (event, more) = more.split_at(u32::from_le_bytes(*length) as usize);
            found.extend(event_of(std::str::from_utf8(event).unwrap()));
            rest = more;
        }
        at += HEAD + length.next_multiple_of(HEAD);
    }
    found
}
