//! A text of which parts are masked, one behind the other.

use std::borrow::Cow;
use std::ops::Range;

use super::MASK;

/// What is to be put in place of which part.
pub(super) type Found<'a> = (Range<usize>, Cow<'a, str>);

pub(super) struct MaskedText<'a> {
    text: &'a str,
    shown: String,
    /// Up to where the text stands in `shown`.
    kept: usize,
    /// The nearest is the last.
    further: Vec<Found<'a>>,
    has_masked: bool,
}

impl<'a> MaskedText<'a> {
    pub const fn of(text: &'a str) -> Self {
        MaskedText { text, shown: String::new(), kept: 0, further: Vec::new(), has_masked: false }
    }

    pub const fn kept(&self) -> usize {
        self.kept
    }

    /// Found, here or further on. Of two that overlap all of both is masked.
    pub fn add(&mut self, (mut range, mut mask): Found<'a>) {
        while let Some((next, _)) = self.further.pop_if(|(next, _)| range.end > next.start) {
            range = range.start.min(next.start)..range.end.max(next.end);
            mask = MASK.into();
        }
        self.further.push((range, mask));
    }

    /// Where to go on at or behind a place: behind what was found that begins before it, if that was.
    pub fn go_on_at(&mut self, at: usize) -> Option<usize> {
        let (range, mask) = self.further.pop_if(|(range, _)| range.start <= at)?;
        self.has_masked |= self.text[range.clone()] != *mask;
        self.shown.push_str(&self.text[self.kept..range.start]);
        self.shown.push_str(&mask);
        self.kept = range.end;
        Some(range.end)
    }

    /// `None` where there was nothing to mask.
    pub fn end(mut self) -> Option<String> {
        while self.go_on_at(self.text.len()).is_some() {}
        self.shown.push_str(&self.text[self.kept..]);
        self.has_masked.then_some(self.shown)
    }
}
