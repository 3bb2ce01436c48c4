//! Finds its way through JSON text in one pass, eight bytes at a time, and builds nothing from it.
//!
//! Every answer may be `None`: then the text is no JSON, or JSON as hardly anybody writes it (keys with escapes, more than
//! `MAX_DEPTH` levels; of a string that is to be read, halves of characters). Whoever asks then has it read by `serde_json`, which is slower and says what is wrong. What is answered is what `serde_json` finds,
//! too: `scan/tests.rs` compares.

mod strings;
#[cfg(test)]
pub(super) mod tests;

/// Levels of lists and objects inside a value. Two for each level of a document.
const MAX_DEPTH: usize = 1_024;

/// A place in a JSON text.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0 }
    }

    /// Passes over an object, and calls `member` with each key and the scanner before its value, which it has to pass over.
    pub(super) fn object(&mut self, mut member: impl FnMut(&'a str, &mut Self) -> Option<()>) -> Option<()> {
        self.expect(b'{')?;
        if self.next_is(b'}') {
            return Some(());
        }
        loop {
            let key = self.key()?;
            member(key, self)?;
            if !self.next_is(b',') {
                return self.expect(b'}');
            }
        }
    }

    /// Passes over a list, and calls `item` with the scanner before each value, which it has to pass over.
    pub(super) fn list(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.expect(b'[')?;
        if self.next_is(b']') {
            return Some(());
        }
        loop {
            item(self)?;
            if !self.next_is(b',') {
                return self.expect(b']');
            }
        }
    }

    /// Passes over any value, and returns its text.
    pub(super) fn value(&mut self) -> Option<&'a str> {
        self.text_of(Self::skip_value)
    }

    /// The text that `pass` passes over.
    pub(super) fn text_of(&mut self, pass: impl FnOnce(&mut Self) -> Option<()>) -> Option<&'a str> {
        self.skip_space();
        let begin = self.at;
        pass(self)?;
        self.text.get(begin..self.at)
    }

    /// Whether an object comes next.
    pub(super) fn is_at_object(&mut self) -> bool {
        self.skip_space();
        self.bytes.get(self.at) == Some(&b'{')
    }

    /// Nothing more comes.
    pub(super) fn end(&mut self) -> Option<()> {
        self.skip_space();
        (self.at == self.bytes.len()).then_some(())
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.next_is(byte).then_some(())
    }

    /// Passes over this byte, if it is the next one.
    fn next_is(&mut self, byte: u8) -> bool {
        self.skip_space();
        let is_next = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Passes over a key without escapes and its colon.
    fn key(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let begin = self.at;
        self.skip_plain();
        (self.bytes.get(self.at) == Some(&b'"')).then_some(())?;
        let key = self.text.get(begin..self.at)?;
        self.at += 1;
        self.expect(b':')?;
        Some(key)
    }

    fn skip_value(&mut self) -> Option<()> {
        let mut levels = Levels::default();
        loop {
            self.skip_space();
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => self.skip_string()?,
                b'{' => {
                    if !self.next_is(b'}') {
                        levels.push(true)?;
                        self.skip_key()?;
                        continue;
                    }
                }
                b'[' => {
                    if !self.next_is(b']') {
                        levels.push(false)?;
                        continue;
                    }
                }
                b'-' | b'0'..=b'9' => self.skip_number(byte)?,
                b't' => self.skip_word(b"rue")?,
                b'f' => self.skip_word(b"alse")?,
                b'n' => self.skip_word(b"ull")?,
                _ => return None,
            }
            // Behind a value: to the next one, or out of what ends with it.
            loop {
                let Some(is_object) = levels.innermost() else { return Some(()) };
                self.skip_space();
                let byte = *self.bytes.get(self.at)?;
                self.at += 1;
                match byte {
                    b',' if is_object => self.skip_key()?,
                    b',' => {}
                    b'}' if is_object => {
                        levels.pop();
                        continue;
                    }
                    b']' if !is_object => {
                        levels.pop();
                        continue;
                    }
                    _ => return None,
                }
                break;
            }
        }
    }

    /// Passes over a key and its colon.
    fn skip_key(&mut self) -> Option<()> {
        self.expect(b'"')?;
        self.skip_string()?;
        self.expect(b':')
    }

    fn skip_word(&mut self, rest: &[u8]) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(rest).then_some(())?;
        self.at += rest.len();
        Some(())
    }

    /// Behind its first byte.
    fn skip_number(&mut self, first: u8) -> Option<()> {
        let mut first = first;
        if first == b'-' {
            first = *self.bytes.get(self.at)?;
            self.at += 1;
        }
        match first {
            b'0' => {}
            b'1'..=b'9' => self.skip_digits(),
            _ => return None,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Some(())
    }

    fn some_digits(&mut self) -> Option<()> {
        let begin = self.at;
        self.skip_digits();
        (self.at > begin).then_some(())
    }

    fn skip_digits(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }
}

/// Which of the levels around a place are objects; the others are lists.
#[derive(Default)]
struct Levels {
    depth: usize,
    /// Of the innermost 64.
    objects: u64,
    /// Of those around them, each 64.
    outer: Vec<u64>,
}

impl Levels {
    fn push(&mut self, is_object: bool) -> Option<()> {
        (self.depth < MAX_DEPTH).then_some(())?;
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.objects);
        }
        self.objects = self.objects << 1 | u64::from(is_object);
        self.depth += 1;
        Some(())
    }

    fn pop(&mut self) {
        self.depth -= 1;
        self.objects >>= 1;
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.objects = self.outer.pop().unwrap_or_default();
        }
    }

    /// Whether the innermost level is an object.
    fn innermost(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.objects & 1 == 1)
    }
}
