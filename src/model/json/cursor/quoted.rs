//! Past a text. Where it is long and has nothing in it to stop at, many bytes are looked at in one step.

use memchr::memchr2;

use super::Cursor;

impl Cursor<'_> {
    /// Past the text that begins here; whether there is an escape in it.
    #[inline]
    pub(super) fn skip_text(&mut self) -> bool {
        self.at += 1;
        match self.text.get(self.at..).and_then(short_text) {
            Some(length) => {
                self.at += length + 1;
                false
            }
            None => self.skip_long_text(),
        }
    }

    fn skip_long_text(&mut self) -> bool {
        let mut is_escaped = false;
        while let Some(rest) = self.text.get(self.at..)
            && let Some(found) = memchr2(b'"', b'\\', rest)
        {
            self.is_well_formed &= !has_control(&rest[..found]);
            self.at += found;
            if rest[found] == b'"' {
                self.at += 1;
                return is_escaped;
            }
            is_escaped = true;
            self.is_well_formed &= is_escape(&rest[found..]);
            self.at += 2;
        }
        self.is_well_formed = false;
        self.at = self.text.len();
        is_escaped
    }
}

/// Whether a control character is among these bytes: it has to be escaped.
fn has_control(bytes: &[u8]) -> bool {
    // The smallest of all, without a branch for each: compilers make vector instructions of it.
    bytes.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < b' '
}

/// Whether the escape that begins here is one. Half a pair is one, too.
fn is_escape(bytes: &[u8]) -> bool {
    match bytes {
        [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => true,
        [_, b'u', digits @ ..] => {
            digits.first_chunk::<4>().is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        }
        _ => false,
    }
}

/// How long the text is that begins here, behind its quote, where it ends within 16 bytes and has in it neither an escape nor
/// what is none of a text: most are short (keys, classes, numbers as text).
#[inline]
pub(super) fn short_text(rest: &[u8]) -> Option<usize> {
    let bytes = rest.first_chunk::<16>()?;
    let [one, other] = bytes.as_chunks::<8>().0 else { return None };
    // Both, whether or not it ends in the first: that can't be foreseen, and a wrong guess takes longer.
    let [one, other] = [one, other].map(|bytes| stops_at(u64::from_le_bytes(*bytes)));
    let bits = if one != 0 { one.trailing_zeros() } else { 64 + other.trailing_zeros() };
    let length = bits as usize / 8;
    (bytes.get(length) == Some(&b'"')).then_some(length)
}

/// The high bit of the first of eight bytes that is `"`, `\` or a control character, and of some behind it.
#[inline]
fn stops_at(bytes: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    // Of each byte that is less than this one (of at most 128), and perhaps of some behind it.
    let is_less = |bytes: u64, than: u8| bytes.wrapping_sub(ONES * u64::from(than)) & !bytes & (ONES << 7);
    // With its second bit turned over, a quote comes right behind the control characters, which stay before it.
    is_less(bytes ^ (ONES * 2), b'"' - 1) | is_less(bytes ^ (ONES * u64::from(b'\\')), 1)
}
