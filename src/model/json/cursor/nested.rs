//! Past an object or array at once.

use super::Cursor;

/// What a byte outside of texts means for how deep the next one is nested.
#[derive(Clone, Copy)]
enum Nesting {
    Same,
    Text,
    Begins,
    Ends,
}

const NESTING: [Nesting; 256] = {
    let mut nesting = [Nesting::Same; 256];
    nesting[b'"' as usize] = Nesting::Text;
    nesting[b'{' as usize] = Nesting::Begins;
    nesting[b'[' as usize] = Nesting::Begins;
    nesting[b'}' as usize] = Nesting::Ends;
    nesting[b']' as usize] = Nesting::Ends;
    nesting
};

/// Which of the objects and arrays that something is inside of are objects: a bit each, the innermost lowest, under a 1. So it
/// needs no memory, and holds 127 levels.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Open(u128);

impl Open {
    const NONE: Self = Self(1);

    /// `None` where they are too many.
    fn with(self, is_object: bool) -> Option<Self> {
        (self.0 >> 127 == 0).then_some(Self(self.0 << 1 | u128::from(is_object)))
    }

    fn is_in_object(self) -> bool {
        self.0 & 1 == 1
    }

    fn without_innermost(self) -> Self {
        Self(self.0 >> 1)
    }
}

impl Cursor<'_> {
    /// Goes past the object or array that begins here.
    pub(super) fn skip_nested(&mut self) {
        let start = self.at;
        if !self.is_well_formed || !self.skip_well_formed() {
            self.is_well_formed = false;
            self.at = start;
            self.skip_balanced();
        }
    }

    /// Past it, if it is well-formed and not too deep for [`Open`]. If not, the cursor is somewhere.
    fn skip_well_formed(&mut self) -> bool {
        let mut open = Open::NONE;
        loop {
            // Before a value.
            match self.next_byte() {
                Some(b'"') => _ = self.skip_text(),
                Some(begin @ (b'{' | b'[')) => {
                    let is_object = begin == b'{';
                    let Some(deeper) = open.with(is_object) else { return false };
                    self.at += 1;
                    let next = self.next_byte();
                    if next != Some(if is_object { b'}' } else { b']' }) {
                        open = deeper;
                        if is_object && !self.skip_key() {
                            return false;
                        }
                        continue;
                    }
                    self.at += 1;
                }
                Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => self.skip_word(),
                _ => return false,
            }
            // Behind it.
            loop {
                if open == Open::NONE {
                    return self.is_well_formed;
                }
                let next = self.next_byte();
                self.at += 1;
                match next {
                    Some(b',') if open.is_in_object() => {
                        if !self.skip_key() {
                            return false;
                        }
                        break;
                    }
                    Some(b',') => break,
                    Some(b'}') if open.is_in_object() => {}
                    Some(b']') if !open.is_in_object() => {}
                    _ => return false,
                }
                open = open.without_innermost();
            }
        }
    }

    /// Past a key and its colon.
    #[inline]
    fn skip_key(&mut self) -> bool {
        if self.next_byte() != Some(b'"') {
            return false;
        }
        self.skip_text();
        let is_key = self.next_byte() == Some(b':');
        self.at += 1;
        is_key
    }

    /// To where it ends if it is well-formed: only texts in it can hold what looks like its end.
    fn skip_balanced(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.text.get(self.at) {
            match NESTING[usize::from(*byte)] {
                Nesting::Same => self.at += 1,
                Nesting::Text => _ = self.skip_text(),
                Nesting::Begins => {
                    depth += 1;
                    self.at += 1;
                }
                Nesting::Ends => {
                    depth -= 1;
                    self.at += 1;
                    if depth == 0 {
                        return;
                    }
                }
            }
        }
    }
}
