//! Escapes JSON text for a JSON string. Beside gzip this is most of the work on an event, so it branches on no byte.

use std::io;

use super::buffer::MmapBuffer;

/// Bytes of text that are escaped at a time.
const BLOCK: usize = 64;
/// What a block becomes at most, and the byte that is written behind it.
const ROOM: usize = 2 * BLOCK + 1;

/// For each byte: the one or two bytes that stand for it, and from bit 16 on how many these are.
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
    for block in json.as_bytes().chunks(BLOCK) {
        out.push_some(|room: &mut [u8; ROOM]| {
            let mut length = 0;
            let mut push = |byte: u8| {
                let escape = ESCAPES[usize::from(byte)];
                // Two bytes are written even where one stands for it: the next store overwrites the second. The
                // remainder changes nothing; it saves the bounds checks.
                let at = length % (2 * BLOCK);
                room[at] = escape as u8;
                room[at + 1] = (escape >> 8) as u8;
                length += (escape >> 16) as usize;
            };
            // In fours, also where the compiler is told to make little code.
            let (fours, rest) = block.as_chunks::<4>();
            for [a, b, c, d] in fours {
                push(*a);
                push(*b);
                push(*c);
                push(*d);
            }
            rest.iter().for_each(|byte| push(*byte));
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
        for text in [&*all, "", &"\"".repeat(BLOCK), &"é\\".repeat(BLOCK), &"x".repeat(3 * BLOCK + 1)] {
            let mut out = MmapBuffer::with_capacity(text.len()).unwrap();
            out.push(b"\"").unwrap();
            escape(text, &mut out).unwrap();
            out.push(b"\"").unwrap();
            assert_eq!(*out, *serde_json::to_vec(text).unwrap());
        }
    }
}
