//! Escapes JSON text for a JSON string. Beside gzip this is most of the work on an event, so it branches on no byte.
//!
//! - [`table`]: on any processor
//! - [`x86`]: the same, several bytes at a time

mod table;
#[cfg(target_arch = "x86_64")]
mod x86;

use std::io;

use super::buffer::MmapBuffer;

/// What may be written behind the escaped text.
const SPARE: usize = 2 * table::BLOCK + 1;

/// Appends a piece of valid JSON, escaped. Valid JSON holds no control characters but white space, so each byte becomes
/// one or two.
pub(super) fn escape(json: &str, out: &mut MmapBuffer) -> io::Result<()> {
    let text = json.as_bytes();
    out.push_some(2 * text.len() + SPARE, |room| {
        #[cfg(target_arch = "x86_64")]
        if let Some(shuffles) = x86::Shuffles::here() {
            return shuffles.escape(text, room);
        }
        table::escape(text, room)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<String> {
        let all: String = (' '..='\u{2100}').chain(['\t', '\n', '\r', '\u{1F600}']).collect();
        let mut texts = vec![all, String::new(), "\"".repeat(64), "é\\".repeat(64), "x".repeat(193)];
        // Each set of eight bytes to escape, at each place.
        texts.push(
            (0..256_u32)
                .map(|set| (0..8).map(|bit| if set >> bit & 1 == 1 { '"' } else { 'x' }).collect::<String>())
                .collect(),
        );
        let mut random = fastrand::Rng::with_seed(3);
        for length in 0..200 {
            texts.push(
                (0..length).map(|_| *random.choice(&['a', 'é', '"', '\\', '7', '\n']).unwrap()).collect(),
            );
        }
        texts
    }

    #[test]
    fn escapes_as_serde_json_does() {
        for text in texts() {
            let mut out = MmapBuffer::with_capacity(text.len()).unwrap();
            out.push(b"\"").unwrap();
            escape(&text, &mut out).unwrap();
            out.push(b"\"").unwrap();
            assert_eq!(*out, *serde_json::to_vec(&text).unwrap());
        }
    }

    /// Whatever processor this runs on, the way for any is tried.
    #[test]
    fn escapes_by_the_table_as_serde_json_does() {
        for text in texts() {
            let mut room = vec![b'#'; 2 * text.len() + SPARE];
            let length = table::escape(text.as_bytes(), &mut room);
            assert_eq!(
                format!("\"{}\"", str::from_utf8(&room[..length]).unwrap()),
                serde_json::to_string(&text).unwrap()
            );
        }
    }
}
