//! Which events were in a request that has no answer yet, so that it can be made once more: after the end of the process, too.

/// What of one chunk is in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InFlight {
    /// The request, which may have events of several chunks; not 0.
    pub batch: u64,
    /// The first of the chunk's events that is in it.
    pub from: u32,
    /// The first behind it that is not.
    pub to: u32,
    /// Where the chunk stands among those of the request.
    pub index: u16,
    /// How many these are.
    pub parts: u16,
    /// How the body was made.
    pub encoding: Encoding,
}

/// What beside the events determines the bytes of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Encoding {
    /// The level of gzip; 0: none.
    pub gzip_level: u8,
    /// Whether clicks that are equal are merged into one.
    pub merges_clicks: bool,
}

impl InFlight {
    /// As a header says it.
    pub fn words(&self) -> [u64; 3] {
        let events = u64::from(self.from) | u64::from(self.to) << 32;
        let encoding = u64::from(self.encoding.gzip_level) | u64::from(self.encoding.merges_clicks) << 8;
        [self.batch, events, u64::from(self.index) | u64::from(self.parts) << 16 | encoding << 32]
    }

    /// What these words say; `None` where they say nothing, or nothing that can be.
    pub fn from_words([batch, events, rest]: [u64; 3]) -> Option<Self> {
        let in_flight = Self {
            batch,
            from: events as u32,
            to: (events >> 32) as u32,
            index: rest as u16,
            parts: (rest >> 16) as u16,
            encoding: Encoding { gzip_level: (rest >> 32) as u8, merges_clicks: rest >> 40 & 1 == 1 },
        };
        // 12: the last level that there is.
        let is_possible = in_flight.to > in_flight.from
            && in_flight.index < in_flight.parts
            && in_flight.encoding.gzip_level <= 12
            && rest >> 41 == 0;
        (batch != 0 && is_possible).then_some(in_flight)
    }

    /// Whether this is the part behind `before` of the same request.
    pub fn follows(&self, before: &Self) -> bool {
        (self.batch, self.parts, self.encoding) == (before.batch, before.parts, before.encoding)
            && self.index == before.index + 1
    }

    /// Whether it is the last part.
    pub fn is_last(&self) -> bool {
        self.index + 1 == self.parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_what_was_noted_or_nothing() {
        let encoding = Encoding { gzip_level: 12, merges_clicks: true };
        let noted =
            InFlight { batch: u64::MAX, from: 7, to: u32::MAX, index: 65_533, parts: 65_535, encoding };
        assert_eq!(InFlight::from_words(noted.words()), Some(noted));
        let last = InFlight { index: 65_534, ..noted };
        assert!(last.follows(&noted) && last.is_last() && !noted.is_last() && !noted.follows(&last));
        for wrong in [
            InFlight { batch: 0, ..noted },
            InFlight { from: u32::MAX, ..noted },
            InFlight { index: 65_535, ..noted },
            InFlight { encoding: Encoding { gzip_level: 13, ..encoding }, ..noted },
        ] {
            assert_eq!(InFlight::from_words(wrong.words()), None, "{wrong:?}");
        }
        let [batch, events, rest] = noted.words();
        assert_eq!(InFlight::from_words([batch, events, rest | 1 << 41]), None, "a later version's");
        assert_eq!(InFlight::from_words([0; 3]), None);
    }
}
