//! JSON text as a JSON string: what is most of the work on an event but for gzip, so it takes no branch for a quote.

use std::io;

use super::mmap_buffer::MmapBuffer;

/// Bytes of text at a time.
const STRETCH: usize = 64;
/// What a stretch becomes at most, and the byte that is written behind it.
const ROOM: usize = 2 * STRETCH + 1;

/// For each byte: what stands for it, one or two bytes, and from bit 16 on how many these are.
const ESCAPES: [u32; 256] = {
    let mut escapes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let short = match byte as u8 {
            b'"' | b'\\' => byte as u8,
            b'\t' => b't',
            b'\n' => b'n',
            b'\r' => b'r',
            _ => 0,
        };
        escapes[byte] = match short {
            0 => 1 << 16 | byte as u32,
            short => 2 << 16 | (short as u32) << 8 | b'\\' as u32,
        };
        byte += 1;
    }
    escapes
};

/// Appends a piece of valid JSON, escaped. Valid JSON holds no control characters but white space, so each byte becomes
/// one or two.
pub(super) fn escape(json: &str, out: &mut MmapBuffer) -> io::Result<()> {
    for stretch in json.as_bytes().chunks(STRETCH) {
        out.push_some(|room: &mut [u8; ROOM]| {
            let mut length = 0;
            for byte in stretch {
                let escape = ESCAPES[usize::from(*byte)];
                // Two bytes even where there is but one: the next store takes the other's place. The remainder, which
                // changes nothing, keeps the compiler from checking.
                let place = length % (2 * STRETCH);
                room[place] = escape as u8;
                room[place + 1] = (escape >> 8) as u8;
                length += (escape >> 16) as usize;
            }
            length
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_serde_json_does() {
        let all: String = (' '..='\u{2100}').chain(['\t', '\n', '\r', '\u{1F600}']).collect();
        for text in [&*all, "", &"\"".repeat(STRETCH), &"é\\".repeat(STRETCH), &"x".repeat(3 * STRETCH + 1)]
        {
            let mut out = MmapBuffer::with_capacity(text.len()).unwrap();
            out.push(b"\"").unwrap();
            escape(text, &mut out).unwrap();
            out.push(b"\"").unwrap();
            assert_eq!(*out, *serde_json::to_vec(text).unwrap());
        }
    }
}
