//! Texts of UTF-16 units, as JavaScript has them: half a surrogate pair is a unit like any other.
//!
//! They are kept as CESU-8: UTF-8, but each half of a surrogate pair by itself in three bytes. So equality, order and search
//! of bytes are equality, order and search of units, and most texts are what they were.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use memchr::memmem;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(in crate::model::targeting) struct Text(Vec<u8>);

impl Text {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bytes it takes.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// Whether it is this text, which has no character beyond U+FFFF.
    pub fn is(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }

    /// How it is ordered beside this text, which has no character beyond U+FFFF.
    pub fn cmp_str(&self, other: &str) -> Ordering {
        self.0.as_slice().cmp(other.as_bytes())
    }

    pub fn push_unit(&mut self, unit: u16) {
        match unit {
            0..0x80 => self.0.push(unit as u8),
            0x80..0x800 => self.0.extend([0xC0 | (unit >> 6) as u8, 0x80 | (unit & 0x3F) as u8]),
            _ => {
                let [first, second, third] = [unit >> 12, (unit >> 6) & 0x3F, unit & 0x3F];
                self.0.extend([0xE0 | first as u8, 0x80 | second as u8, 0x80 | third as u8]);
            }
        }
    }

    pub fn push(&mut self, character: char) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            self.push_unit(*unit);
        }
    }

    pub fn push_str(&mut self, text: &str) {
        match text.bytes().all(|byte| byte < 0xF0) {
            true => self.0.extend(text.as_bytes()),
            false => text.chars().for_each(|character| self.push(character)),
        }
    }

    pub fn push_text(&mut self, text: &Self) {
        self.0.extend(&text.0);
    }

    pub fn from_units(units: impl IntoIterator<Item = u16>) -> Self {
        let mut text = Self::new();
        units.into_iter().for_each(|unit| text.push_unit(unit));
        text
    }

    /// Its UTF-16 units.
    pub fn units(&self) -> impl Iterator<Item = u16> + '_ {
        let mut bytes = self.0.iter().map(|byte| u16::from(*byte));
        std::iter::from_fn(move || {
            let first = bytes.next()?;
            let mut next = || bytes.next().unwrap_or_default() & 0x3F;
            Some(match first {
                0..0x80 => first,
                0x80..0xE0 => (first & 0x1F) << 6 | next(),
                _ => (first & 0xF) << 12 | next() << 6 | next(),
            })
        })
    }

    /// What a loop over it sees: pairs of surrogates are one, halves are by themselves.
    pub fn code_points(&self) -> impl Iterator<Item = Self> + '_ {
        char::decode_utf16(self.units()).map(|point| match point {
            Ok(character) => Self::from_units(character.encode_utf16(&mut [0; 2]).iter().copied()),
            Err(half) => Self::from_units([half.unpaired_surrogate()]),
        })
    }

    /// In UTF-8, where half a surrogate pair takes three bytes.
    pub fn to_utf8(&self) -> Cow<'_, [u8]> {
        // Only surrogates begin with these bytes.
        if !self.0.windows(2).any(|pair| pair[0] == 0xED && pair[1] >= 0xA0) {
            return Cow::Borrowed(&self.0);
        }
        let mut bytes = Vec::with_capacity(self.0.len());
        for point in char::decode_utf16(self.units()) {
            match point {
                Ok(character) => bytes.extend(character.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(half) => bytes.extend(Self::from_units([half.unpaired_surrogate()]).0),
            }
        }
        Cow::Owned(bytes)
    }

    /// `text.includes(part)`
    pub fn contains(&self, part: &Self) -> bool {
        memmem::find(&self.0, &part.0).is_some()
    }

    /// `text.toLowerCase()`
    pub fn to_lowercase(&self) -> Cow<'_, Self> {
        if self.0.is_ascii() {
            return match self.0.iter().any(u8::is_ascii_uppercase) {
                true => Cow::Owned(Self(self.0.to_ascii_lowercase())),
                false => Cow::Borrowed(self),
            };
        }
        // Half a surrogate pair has no case, and is no letter to its neighbours.
        let (mut lower, mut run) = (Self::new(), String::new());
        for point in char::decode_utf16(self.units()) {
            match point {
                Ok(character) => run.push(character),
                Err(half) => {
                    lower.push_str(&run.to_lowercase());
                    run.clear();
                    lower.push_unit(half.unpaired_surrogate());
                }
            }
        }
        lower.push_str(&run.to_lowercase());
        Cow::Owned(lower)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let mut this = Self::new();
        this.push_str(text);
        this
    }
}

/// As Rust can hold it: half a surrogate pair becomes U+FFFD.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points =
            char::decode_utf16(self.units()).map(|point| point.unwrap_or(char::REPLACEMENT_CHARACTER));
        f.write_str(&points.collect::<String>())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(units: &[u16]) -> Text {
        Text::from_units(units.iter().copied())
    }

    #[test]
    fn keeps_every_unit() {
        let units: Vec<_> = (0..=u16::MAX).chain([0xDC00, 0xD83D, 0xDE00]).collect();
        assert_eq!(of(&units).units().collect::<Vec<_>>(), units);
        assert_eq!(Text::from("aé€😀"), of(&"aé€😀".encode_utf16().collect::<Vec<_>>()));
    }

    #[test]
    fn is_ordered_and_searched_by_units() {
        // By code points it would be the other way round.
        assert!(Text::from("😀") < Text::from("\u{FFFD}"));
        assert!(Text::from("a😀b").contains(&of(&[0xDE00])) && !Text::from("a").contains(&of(&[0xDE00])));
    }

    #[test]
    fn goes_to_utf8_with_halves_of_pairs() {
        assert_eq!(&*Text::from("a😀").to_utf8(), "a😀".as_bytes());
        assert_eq!(&*of(&[0x61, 0xD83D]).to_utf8(), [0x61, 0xED, 0xA0, 0xBD]);
        assert_eq!(of(&[0x61, 0xD83D]).to_string(), "a\u{FFFD}");
        assert_eq!(Text::from("퟿").to_utf8(), Cow::Borrowed("퟿".as_bytes()));
    }

    #[test]
    fn becomes_lower_case_as_in_javascript() {
        for (text, lower) in
            [("ABC", "abc"), ("İ", "i\u{307}"), ("ΑΣ", "ας"), ("ΑΣΑ", "ασα"), ("ẞ", "ß"), ("𐐀", "𐐨")]
        {
            assert_eq!(*Text::from(text).to_lowercase(), Text::from(lower));
        }
        assert_eq!(*of(&[0x41, 0xD800, 0xC9]).to_lowercase(), of(&[0x61, 0xD800, 0xE9]));
    }
}
