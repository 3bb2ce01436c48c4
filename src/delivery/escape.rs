//! JSON text as a JSON string: what is most of the work on an event but for gzip, so it takes no branch for a quote.

use std::io;

use super::pages::Pages;

/// Bytes of text at a time.
const STRETCH: usize = 64;
/// Set in [`ESCAPES`] for a byte that needs a backslash.
const ESCAPED: u16 = 0x100;

/// For each byte: what stands for it, and whether a backslash goes before that.
const ESCAPES: [u16; 256] = {
    let mut escapes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        escapes[byte] = match byte as u8 {
            b'"' | b'\\' => ESCAPED | byte as u16,
            b'\t' => ESCAPED | b't' as u16,
            b'\n' => ESCAPED | b'n' as u16,
            b'\r' => ESCAPED | b'r' as u16,
            _ => byte as u16,
        };
        byte += 1;
    }
    escapes
};

/// Appends a piece of valid JSON, escaped. Valid JSON holds no control characters but white space, so each byte becomes
/// one or two.
pub(super) fn escape(json: &str, out: &mut Pages) -> io::Result<()> {
    for stretch in json.as_bytes().chunks(STRETCH) {
        let mut escaped = [0; 2 * STRETCH];
        let mut length = 0;
        for byte in stretch {
            let escape = ESCAPES[usize::from(*byte)];
            // Written where there may be no need of it: then the next store takes its place. The remainder keeps the
            // compiler from checking.
            escaped[length % (2 * STRETCH)] = b'\\';
            length += usize::from(escape >> 8);
            escaped[length % (2 * STRETCH)] = escape as u8;
            length += 1;
        }
        out.push(&escaped[..length])?;
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
            let mut out = Pages::with_capacity(text.len()).unwrap();
            out.push(b"\"").unwrap();
            escape(text, &mut out).unwrap();
            out.push(b"\"").unwrap();
            assert_eq!(*out, *serde_json::to_vec(text).unwrap());
        }
    }
}
