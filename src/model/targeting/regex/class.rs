//! Sets of UTF-16 units.

use std::sync::Arc;

/// Ranges with both ends, in order, without neighbours. Cheap to clone: a repetition has it as often as it repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Class(Arc<[(u16, u16)]>);

const DIGITS: &[(u16, u16)] = &[(0x30, 0x39)];
const WORD: &[(u16, u16)] = &[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
const SPACE: &[(u16, u16)] = &[
    (9, 13),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
];
const LINE_ENDS: &[(u16, u16)] = &[(0xA, 0xA), (0xD, 0xD), (0x2028, 0x2029)];

impl Class {
    pub fn one(unit: u16) -> Self {
        Self(Arc::new([(unit, unit)]))
    }

    pub fn of(mut ranges: Vec<(u16, u16)>) -> Self {
        ranges.sort_unstable();
        let mut joined: Vec<(u16, u16)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some((_, end)) if u32::from(first) <= u32::from(*end) + 1 => *end = last.max(*end),
                _ => joined.push((first, last)),
            }
        }
        Self(joined.into())
    }

    /// `.`
    pub fn dot() -> Self {
        Self(LINE_ENDS.into()).inverted()
    }

    /// `\d`, `\D`, `\s`, `\S`, `\w` or `\W`, by its letter.
    pub fn escape(letter: u16) -> Option<Self> {
        Some(match u8::try_from(letter).ok()? {
            b'd' => Self(DIGITS.into()),
            b's' => Self(SPACE.into()),
            b'w' => Self(WORD.into()),
            b'D' => Self(DIGITS.into()).inverted(),
            b'S' => Self(SPACE.into()).inverted(),
            b'W' => Self(WORD.into()).inverted(),
            _ => return None,
        })
    }

    pub fn inverted(&self) -> Self {
        let (mut ranges, mut next) = (Vec::new(), 0_u32);
        for (first, last) in self.0.iter() {
            if u32::from(*first) > next {
                ranges.push((next as u16, first - 1));
            }
            next = u32::from(*last) + 1;
        }
        if let Ok(next) = u16::try_from(next) {
            ranges.push((next, u16::MAX));
        }
        Self(ranges.into())
    }

    pub fn ranges(&self) -> &[(u16, u16)] {
        &self.0
    }

    pub fn has(&self, unit: u16) -> bool {
        match &*self.0 {
            [(first, last)] => (*first..=*last).contains(&unit),
            ranges => {
                let place = ranges.partition_point(|(_, last)| *last < unit);
                ranges.get(place).is_some_and(|(first, _)| *first <= unit)
            }
        }
    }
}

/// Whether `\w` has it.
pub(super) fn is_word(unit: u16) -> bool {
    u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
