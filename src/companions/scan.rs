//! Where the parts end of which texts of programs are made: blanks, quoted texts, calls, colours.

/// What a text between single quotes in a call is long at most, and the head of one part of a form or a tag.
pub(super) const MAX_AHEAD_BYTES: usize = 512;

pub(super) fn end_of(bytes: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    rest.iter().position(|byte| !belongs(*byte)).map_or(bytes.len(), |at| start + at)
}

/// Behind blanks, tabs and no-break spaces.
pub(super) fn end_of_blanks(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    loop {
        at = match bytes.get(at..) {
            Some([b' ' | b'\t', ..]) => at + 1,
            Some([0xc2, 0xa0, ..]) => at + 2,
            _ => return at,
        };
    }
}

/// Behind `ESC [ 3 1 m`.
pub(super) fn behind_colour(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.starts_with(b"\x1b[").then_some(())?;
    let letter = end_of(bytes, at + 2, |byte| byte.is_ascii_digit() || byte == b';');
    bytes.get(letter)?.is_ascii_alphabetic().then_some(letter + 1)
}

/// Where so many objects, arrays or calls end. What looks like their end in a text is none.
pub(super) fn end_of_nested(bytes: &[u8], start: usize, open: usize, backslashes: usize) -> usize {
    let (mut depth, mut at) = (open, start);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at = (end_of_quoted(bytes, at, b'"', backslashes) + backslashes + 1).min(bytes.len()),
            b'\'' if begins_text(bytes, at - 1) => {
                let ahead = &bytes[at..bytes.len().min(at + MAX_AHEAD_BYTES)];
                at += memchr::memchr2(b'\'', b'\n', ahead)
                    .filter(|end| ahead[*end] == b'\'')
                    .map_or(0, |end| end + 1);
            }
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' if depth == 1 => return at,
            b'}' | b']' | b')' => depth -= 1,
            _ => {}
        }
    }
    bytes.len()
}

fn begins_text(bytes: &[u8], quote: usize) -> bool {
    quote.checked_sub(1).is_none_or(|before| !bytes[before].is_ascii_alphanumeric())
}

/// As [`end_of_quoted`], of several texts that stand directly behind each other, and of what goes on behind the last.
pub(super) fn end_of_quoted_all(bytes: &[u8], content: usize, quote: u8, backslashes: usize) -> usize {
    let mut end = end_of_quoted(bytes, content, quote, backslashes);
    loop {
        let behind = end + backslashes + 1;
        let run = bytes.get(behind..).unwrap_or_default().iter().take_while(|byte| **byte == b'\\').count();
        if run != backslashes || bytes.get(behind + run) != Some(&quote) {
            return end;
        }
        end = end_of_quoted(bytes, behind + run + 1, quote, backslashes);
    }
}

/// Where a text ends whose quote stands behind so many backslashes, since it is JSON in JSON.
pub(super) fn end_of_quoted(bytes: &[u8], content: usize, quote: u8, backslashes: usize) -> usize {
    let mut run = 0;
    for (at, byte) in bytes.iter().enumerate().skip(content) {
        match *byte {
            b'\\' => run += 1,
            // One more is an escaped quote in the text; where none stands before the first, two are an escaped backslash.
            byte if byte == quote && (run == backslashes || (backslashes == 0 && run % 2 == 0)) => {
                return at - run.min(backslashes);
            }
            _ => run = 0,
        }
    }
    bytes.len()
}
