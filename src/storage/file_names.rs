//! The names of the files in a run's directory.
//!
//! ```text
//! <number>.chunk                   see layout.rs
//! <first>-<last>.packed            the chunks with these numbers, compacted: see compact.rs
//! <numbers>.run-<…>.<kind>         the same of another run, which died: its origin. See recovery/
//! <numbers>.run-<…>.died.<kind>    the same, where the death may turn out to be what has it sent
//! ```

use std::ops::RangeInclusive;

const CHUNK: &str = "chunk";
const COMPACTED: &str = "packed";
/// Stands behind the origin of a file whose run died before it was known whether the session is held.
const DIED: &str = ".died";

/// Whether a file of this name holds events.
pub(super) fn is_event_file(file: &str) -> bool {
    has_extension(file, CHUNK) || has_extension(file, COMPACTED)
}

/// A name for a new chunk.
pub(super) fn chunk_name(number: u64) -> String {
    format!("{number:010}.{CHUNK}")
}

/// A name for the chunks with these numbers, compacted.
pub(super) fn compacted_name(first: u64, last: u64) -> String {
    format!("{first:010}-{last:010}.{COMPACTED}")
}

/// The part of a file's name that tells its numbers.
fn numbers_of(file: &str) -> Option<&str> {
    file.split_once('.').map(|(numbers, _)| numbers)
}

/// The run that is named in a file's name.
pub(super) fn origin_in(file: &str) -> Option<&str> {
    let (_, rest) = file.split_once('.')?;
    rest.rsplit_once('.').map(|(origin, _)| origin.strip_suffix(DIED).unwrap_or(origin))
}

/// Whether a file's name tells of the death of its origin.
pub(super) fn tells_of_death(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(rest, _)| rest.ends_with(DIED))
}

/// The numbers of the chunks in a compacted file.
pub(super) fn compacted_numbers(file: &str) -> Option<RangeInclusive<u64>> {
    if !has_extension(file, COMPACTED) {
        return None;
    }
    let (first, last) = numbers_of(file)?.split_once('-')?;
    Some(first.parse().ok()?..=last.parse().ok()?)
}

fn has_extension(file: &str, wanted: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, extension)| extension == wanted)
}

/// The name of a file once it is in the directory of another run than that of `origin`, which wrote it; with the death of that
/// or without.
pub(super) fn with_origin(file: &str, origin: &str, tells_of_death: bool) -> Option<String> {
    let (numbers, (_, kind)) = numbers_of(file).zip(file.rsplit_once('.'))?;
    let died = if tells_of_death { DIED } else { "" };
    Some(format!("{numbers}.{origin}{died}.{kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_numbers_and_its_origin_however_often_it_moves() {
        for (name, numbers, origin, moved) in [
            (chunk_name(7), None, None, "0000000007.run-1.chunk"),
            (compacted_name(3, 12), Some(3..=12), None, "0000000003-0000000012.run-1.packed"),
            ("0000000007.run-0.chunk".to_owned(), None, Some("run-0"), "0000000007.run-1.chunk"),
        ] {
            assert_eq!(compacted_numbers(&name), numbers, "{name}");
            assert_eq!(origin_in(&name), origin, "{name}");
            assert_eq!(with_origin(&name, "run-1", false).as_deref(), Some(moved));
            let of_death = with_origin(&name, "run-1", true).unwrap();
            assert_eq!(compacted_numbers(&of_death), numbers, "{of_death}");
            assert_eq!(origin_in(&of_death), Some("run-1"));
            assert!(tells_of_death(&of_death) && !tells_of_death(moved) && is_event_file(&of_death));
            assert_eq!(compacted_numbers(moved), numbers, "{moved}");
            assert_eq!(origin_in(moved), Some("run-1"));
            assert!(is_event_file(&name) && is_event_file(moved));
        }
        assert!(!is_event_file("lock") && !is_event_file("7-8.tmp-01") && !is_event_file("chunk"));
    }
}
