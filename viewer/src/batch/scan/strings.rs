//! Strings: passed over, and what they stand for.

use super::Scanner;

/// Least room for what a string stands for.
pub(super) const MIN_ROOM: usize = 4_096;

/// In each byte the same.
const fn repeat(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// How many bytes there are before the first that ends a plain stretch of a string: a quote, a backslash or a control character; eight where there is none.
fn plain(bytes: [u8; 8]) -> usize {
    let word = u64::from_le_bytes(bytes);
    let is_zero = |word: u64| word.wrapping_sub(repeat(1)) & !word & repeat(0x80);
    let is_control = word.wrapping_sub(repeat(0x20)) & !word & repeat(0x80);
    // A borrow may mark bytes above the first one that is meant, never below it.
    let found = is_zero(word ^ repeat(b'"')) | is_zero(word ^ repeat(b'\\')) | is_control;
    found.trailing_zeros() as usize / 8
}

impl Scanner<'_> {
    /// Passes over a string, and returns what it stands for, which is written into `room`.
    pub(in crate::batch) fn string<'room>(&mut self, room: &'room mut Vec<u8>) -> Option<&'room str> {
        self.expect(b'"')?;
        let mut length = 0;
        loop {
            // More than any one step writes: seven plain bytes and a character of four.
            if room.len() < length + 12 {
                room.resize(2 * room.len() + MIN_ROOM, 0);
            }
            if let Some(eight) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
                let plain = plain(*eight);
                // All of them, which is one store; what is behind the plain ones is written over.
                *room.get_mut(length..)?.first_chunk_mut::<8>()? = *eight;
                self.at += plain;
                length += plain;
                if plain == 8 {
                    continue;
                }
            }
            match *self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => length += self.unescape(room.get_mut(length..)?)?,
                ..0x20 => return None,
                byte => {
                    *room.get_mut(length)? = byte;
                    self.at += 1;
                    length += 1;
                }
            }
        }
        self.at += 1;
        std::str::from_utf8(room.get(..length)?).ok()
    }

    /// How many bytes the escape stands for that comes next.
    fn unescape(&mut self, room: &mut [u8]) -> Option<usize> {
        let escape = *self.bytes.get(self.at + 1)?;
        self.at += 2;
        *room.first_mut()? = match escape {
            b'"' | b'\\' | b'/' => escape,
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 0x08,
            b'f' => 0x0c,
            b'u' => return self.unescape_character(room),
            _ => return None,
        };
        Some(1)
    }

    fn unescape_character(&mut self, room: &mut [u8]) -> Option<usize> {
        let mut unit = self.hex()?;
        if (0xd800..0xdc00).contains(&unit) && self.bytes.get(self.at..self.at + 2) == Some(b"\\u") {
            self.at += 2;
            let low = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            unit = 0x1_0000 + ((unit - 0xd800) << 10) + low;
        }
        let character = char::from_u32(unit)?;
        let room = room.get_mut(..character.len_utf8())?;
        Some(character.encode_utf8(room).len())
    }

    /// Four digits.
    fn hex(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..)?.first_chunk::<4>()?;
        self.at += 4;
        digits.iter().try_fold(0, |number, digit| Some(number << 4 | char::from(*digit).to_digit(16)?))
    }

    /// Passes over what stands for itself in a string.
    pub(super) fn skip_plain(&mut self) {
        while let Some(eight) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            let plain = plain(*eight);
            self.at += plain;
            if plain < 8 {
                return;
            }
        }
        while self.bytes.get(self.at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | ..0x20)) {
            self.at += 1;
        }
    }

    /// Behind the quote at its beginning.
    pub(super) fn skip_string(&mut self) -> Option<()> {
        loop {
            self.skip_plain();
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => return Some(()),
                b'\\' => {
                    let escape = *self.bytes.get(self.at)?;
                    self.at += 1;
                    match escape {
                        b'"' | b'\\' | b'/' | b'n' | b't' | b'r' | b'b' | b'f' => {}
                        b'u' => {
                            self.hex()?;
                        }
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
    }
}
