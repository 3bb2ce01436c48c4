//! Which groups a pattern has, counted before it is read: what `\2` and `\k` mean depends on groups that may come later.

use super::Unusable;

#[derive(Debug, Default)]
pub(super) struct Groups {
    /// How many have a number.
    pub count: usize,
    /// Names, and the numbers of their groups.
    pub names: Vec<(Vec<u16>, usize)>,
}

impl Groups {
    pub fn of(pattern: &[u16]) -> Result<Self, Unusable> {
        let mut groups = Self::default();
        let (mut at, mut is_in_class) = (0, false);
        while let Some(unit) = pattern.get(at) {
            at += 1;
            match u8::try_from(*unit).unwrap_or_default() {
                b'\\' => at += 1,
                b'[' => is_in_class = true,
                b']' => is_in_class = false,
                b'(' if !is_in_class => groups.add(pattern.get(at..).unwrap_or_default())?,
                _ => {}
            }
        }
        Ok(groups)
    }

    /// Counts a group, of which this stands behind the parenthesis.
    fn add(&mut self, rest: &[u16]) -> Result<(), Unusable> {
        let is = |at: usize, byte: u8| rest.get(at) == Some(&u16::from(byte));
        let is_named = is(0, b'?') && is(1, b'<') && !is(2, b'=') && !is(2, b'!');
        if !is(0, b'?') || is_named {
            self.count += 1;
        }
        if is_named {
            let (name, _) = name(rest.get(2..).unwrap_or_default())?;
            if self.names.iter().any(|(known, _)| *known == name) {
                return Err(Unusable::Invalid);
            }
            self.names.push((name, self.count));
        }
        Ok(())
    }
}

/// The name that these units begin with, up to `>`, and how many units it takes with that.
pub(super) fn name(units: &[u16]) -> Result<(Vec<u16>, usize), Unusable> {
    let end = units.iter().position(|unit| *unit == u16::from(b'>')).ok_or(Unusable::Invalid)?;
    let name = unescaped(units.get(..end).unwrap_or_default()).ok_or(Unusable::Invalid)?;
    for (place, character) in char::decode_utf16(name.iter().copied()).enumerate() {
        let character = character.map_err(|_| Unusable::Invalid)?;
        let is_start = character.is_alphabetic() || matches!(character, '$' | '_');
        if !is_start && (place == 0 || !character.is_numeric()) {
            return Err(Unusable::Invalid);
        }
    }
    if name.is_empty() { Err(Unusable::Invalid) } else { Ok((name, end + 1)) }
}

/// The name with the units that its escapes stand for: `\u0061` and `\u{61}`.
fn unescaped(written: &[u16]) -> Option<Vec<u16>> {
    let mut name = Vec::with_capacity(written.len());
    let mut rest = written;
    while let Some((first, behind)) = rest.split_first() {
        if *first != u16::from(b'\\') {
            name.push(*first);
            rest = behind;
            continue;
        }
        let escape = behind.strip_prefix(&[u16::from(b'u')])?;
        let (digits, behind) = match escape.strip_prefix(&[u16::from(b'{')]) {
            Some(inner) => {
                let end = inner.iter().position(|unit| *unit == u16::from(b'}'))?;
                (&inner[..end], &inner[end + 1..])
            }
            None => escape.split_at_checked(4)?,
        };
        let digits = String::from_utf16(digits)
            .ok()
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let code = u32::from_str_radix(&digits, 16).ok()?;
        match u16::try_from(code) {
            Ok(unit) => name.push(unit),
            Err(_) => name.extend(char::from_u32(code)?.encode_utf16(&mut [0; 2]).iter()),
        }
        rest = behind;
    }
    Some(name)
}
