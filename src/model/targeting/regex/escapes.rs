//! What stands behind a backslash, and between the brackets of a class.

use super::Unusable;
use super::class::Class;
use super::units::Units;

/// What a class has between its brackets: a unit, which may begin a range, or a set, which may not.
enum ClassAtom {
    Unit(u16),
    Set(Class),
}

/// The unit that this letter behind a backslash stands for.
pub(super) fn character(units: &mut Units, letter: u16, is_in_class: bool) -> Result<u16, Unusable> {
    Ok(match u8::try_from(letter).unwrap_or_default() {
        b'f' => 12,
        b'n' => 10,
        b'r' => 13,
        b't' => 9,
        b'v' => 11,
        b'0'..=b'7' => octal(units, letter - 0x30),
        b'x' => hex(units, 2).unwrap_or(letter),
        b'u' => hex(units, 4).unwrap_or(letter),
        b'c' => control(units, is_in_class),
        b'k' if units.has_group_names => return Err(Unusable::Invalid),
        _ => letter,
    })
}

/// What `\c` is with the letter behind it. Without one the backslash is a character, and so is the `c`.
fn control(units: &mut Units, is_in_class: bool) -> u16 {
    match units.peek().and_then(|unit| u8::try_from(unit).ok()) {
        Some(letter)
            if letter.is_ascii_alphabetic() || is_in_class && (letter.is_ascii_digit() || letter == b'_') =>
        {
            units.at += 1;
            u16::from(letter % 32)
        }
        _ => {
            units.at -= 1;
            u16::from(b'\\')
        }
    }
}

/// An old octal escape, of which this is the first digit: three digits below 256 at most.
fn octal(units: &mut Units, first: u16) -> u16 {
    let mut value = first;
    for _ in 0..2 {
        match units.peek() {
            Some(unit @ 0x30..=0x37) if 8 * value + unit - 0x30 < 256 => {
                value = 8 * value + unit - 0x30;
                units.at += 1;
            }
            _ => break,
        }
    }
    value
}

fn hex(units: &mut Units, digits: usize) -> Option<u16> {
    let mut value = 0;
    for unit in units.rest().get(..digits)? {
        value = 16 * value + char::from_u32(u32::from(*unit))?.to_digit(16)? as u16;
    }
    units.at += digits;
    Some(value)
}

/// The class behind this opening bracket.
pub(super) fn class(units: &mut Units) -> Result<Class, Unusable> {
    let is_inverted = units.take(b'^');
    let mut ranges = Vec::new();
    while !units.take(b']') {
        let first = class_atom(units)?;
        let is_range = matches!(units.rest(), [0x2D, end, ..] if *end != u16::from(b']'));
        if !is_range {
            first.add_to(&mut ranges);
            continue;
        }
        units.at += 1;
        match (first, class_atom(units)?) {
            (ClassAtom::Unit(first), ClassAtom::Unit(last)) if first > last => return Err(Unusable::Invalid),
            (ClassAtom::Unit(first), ClassAtom::Unit(last)) => ranges.push((first, last)),
            // A set begins and ends no range: the hyphen is a character.
            (first, last) => {
                ClassAtom::Unit(u16::from(b'-')).add_to(&mut ranges);
                first.add_to(&mut ranges);
                last.add_to(&mut ranges);
            }
        }
    }
    let class = Class::of(ranges);
    Ok(if is_inverted { class.inverted() } else { class })
}

fn class_atom(units: &mut Units) -> Result<ClassAtom, Unusable> {
    let unit = units.next()?;
    if unit != u16::from(b'\\') {
        return Ok(ClassAtom::Unit(unit));
    }
    let letter = units.next()?;
    if letter == u16::from(b'b') {
        return Ok(ClassAtom::Unit(8));
    }
    Ok(match Class::escape(letter) {
        Some(class) => ClassAtom::Set(class),
        None => ClassAtom::Unit(character(units, letter, true)?),
    })
}

impl ClassAtom {
    fn add_to(self, ranges: &mut Vec<(u16, u16)>) {
        match self {
            Self::Unit(unit) => ranges.push((unit, unit)),
            Self::Set(class) => ranges.extend(class.ranges()),
        }
    }
}
