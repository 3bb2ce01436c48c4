//! Past a number, `true`, `false` or `null`.

use super::Cursor;

/// What these end before.
pub(super) const ENDS_WORD: [bool; 256] = {
    let mut ends = [false; 256];
    let mut at = 0;
    while at < 256 {
        ends[at] = matches!(at as u8, b',' | b'}' | b']' | b':' | b' ' | b'\t' | b'\n' | b'\r');
        at += 1;
    }
    ends
};

impl Cursor<'_> {
    /// Past the word that begins here.
    #[inline]
    pub(super) fn skip_word(&mut self) {
        // Nearly all are digits alone.
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        let ends = rest.get(length).is_none_or(|byte| ENDS_WORD[usize::from(*byte)]);
        match rest {
            [b'1'..=b'9', ..] if ends => self.at += length,
            [b'0', ..] if ends && length == 1 => self.at += 1,
            _ => self.skip_word_of_any_form(),
        }
    }

    fn skip_word_of_any_form(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| ENDS_WORD[usize::from(*byte)]).unwrap_or(rest.len());
        let word = &rest[..length];
        self.is_well_formed &= matches!(word, b"true" | b"false" | b"null") || is_number(word);
        self.at += length.max(1);
    }
}

/// Whether this is a number, in any form.
fn is_number(word: &[u8]) -> bool {
    let word = word.strip_prefix(b"-").unwrap_or(word);
    let (whole, rest) = digits(word);
    if whole.is_empty() || (whole.len() > 1 && whole[0] == b'0') {
        return false;
    }
    let rest = match rest {
        [b'.', rest @ ..] => {
            let (fraction, rest) = digits(rest);
            if fraction.is_empty() {
                return false;
            }
            rest
        }
        _ => rest,
    };
    match rest {
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            let (exponent, rest) = digits(exponent);
            !exponent.is_empty() && rest.is_empty()
        }
        _ => rest.is_empty(),
    }
}

fn digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    bytes.split_at(bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len()))
}
