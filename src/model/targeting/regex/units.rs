//! A place in a pattern.

use super::Unusable;

pub(super) struct Units<'a> {
    pattern: &'a [u16],
    pub at: usize,
    /// Then `\k` names a group, and is no character.
    pub has_group_names: bool,
}

impl<'a> Units<'a> {
    pub fn of(pattern: &'a [u16], has_group_names: bool) -> Self {
        Self { pattern, at: 0, has_group_names }
    }

    pub fn rest(&self) -> &'a [u16] {
        self.pattern.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<u16> {
        self.pattern.get(self.at).copied()
    }

    pub fn next(&mut self) -> Result<u16, Unusable> {
        let unit = self.peek().ok_or(Unusable::Invalid)?;
        self.at += 1;
        Ok(unit)
    }

    /// Goes past this unit, if it comes next.
    pub fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(u16::from(byte));
        self.at += usize::from(is_there);
        is_there
    }
}
