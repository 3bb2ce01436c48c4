//! Which events were in a request that has no answer yet, so that it can be made once more: after the end of the process, too.

/// What of one chunk belongs to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InFlight {
    /// The request, which may have events of several chunks; not 0. If it was refused as too large, the smaller ones in its place
    /// have its number.
    pub request: u64,
    /// The first of the chunk's events that was not delivered when this was noted.
    pub from: u32,
    /// The first behind those that are in flight; `from`: none is.
    pub to: u32,
    /// The first behind those that belong to the request at all.
    pub until: u32,
    /// Where the chunk stands among those of the request.
    pub index: u16,
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
        let encoding = u64::from(self.encoding.gzip_level) | u64::from(self.encoding.merges_clicks) << 8;
        [
            self.request,
            u64::from(self.from) | u64::from(self.to) << 32,
            u64::from(self.until) | u64::from(self.index) << 32 | encoding << 48,
        ]
    }

    /// What these words say; `None` where they say nothing, or nothing that can be.
    pub fn from_words([request, events, rest]: [u64; 3]) -> Option<Self> {
        let in_flight = Self {
            request,
            from: events as u32,
            to: (events >> 32) as u32,
            until: rest as u32,
            index: (rest >> 32) as u16,
            encoding: Encoding { gzip_level: (rest >> 48) as u8, merges_clicks: rest >> 56 & 1 == 1 },
        };
        // 12: the last level that there is.
        let is_possible = in_flight.from <= in_flight.to
            && in_flight.to <= in_flight.until
            && in_flight.from < in_flight.until
            && in_flight.encoding.gzip_level <= 12
            && rest >> 57 == 0;
        (request != 0 && is_possible).then_some(in_flight)
    }

    /// What this says once so many of the chunk's first events are delivered: of a request that was answered nothing, unless it was a
    /// smaller one in the place of another.
    pub fn once_delivered(self, events: u64) -> Option<Self> {
        match u32::try_from(events) {
            Ok(events) if events == self.from => Some(self),
            Ok(events) if self.from < events && events < self.until => {
                Some(Self { from: events, to: events, ..self })
            }
            _ => None,
        }
    }

    /// Whether some of it may be with the server.
    pub fn is_sent(&self) -> bool {
        self.from < self.to
    }

    /// The same, once the request is refused: smaller ones have its events, and no others.
    pub fn refused(self) -> Self {
        Self { to: self.from, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTED: InFlight = InFlight {
        request: u64::MAX,
        from: 7,
        to: u32::MAX - 1,
        until: u32::MAX,
        index: u16::MAX,
        encoding: Encoding { gzip_level: 12, merges_clicks: true },
    };

    #[test]
    fn words_say_what_was_noted_or_nothing() {
        for noted in [NOTED, NOTED.refused(), InFlight { to: u32::MAX, index: 0, ..NOTED }] {
            assert_eq!(InFlight::from_words(noted.words()), Some(noted));
        }
        for wrong in [
            InFlight { request: 0, ..NOTED },
            InFlight { from: u32::MAX, to: u32::MAX, ..NOTED },
            InFlight { to: 6, ..NOTED },
            InFlight { until: 8, ..NOTED },
            InFlight { encoding: Encoding { gzip_level: 13, ..NOTED.encoding }, ..NOTED },
        ] {
            assert_eq!(InFlight::from_words(wrong.words()), None, "{wrong:?}");
        }
        let [request, events, rest] = NOTED.words();
        assert_eq!(InFlight::from_words([request, events, rest | 1 << 57]), None, "a later version's");
        assert_eq!(InFlight::from_words([0; 3]), None);
    }

    #[test]
    fn what_is_delivered_is_in_flight_no_more_and_the_rest_of_a_refused_request_stays_together() {
        let whole = InFlight { from: 5, to: 9, until: 9, ..NOTED };
        let part = InFlight { to: 7, ..whole };
        let rest = |from| Some(InFlight { from, to: from, ..whole });
        for (noted, delivered, says) in [
            (whole, 5, Some(whole)),
            (whole, 9, None),
            (whole, 4, None),
            (whole, 10, None),
            (whole, u64::from(u32::MAX) + 6, None),
            (part, 5, Some(part)),
            (part, 7, rest(7)),
            (part, 8, rest(8)),
            (part, 9, None),
            (whole.refused(), 5, rest(5)),
            (whole.refused(), 6, rest(6)),
        ] {
            let said = noted.once_delivered(delivered);
            assert_eq!(said, says, "{noted:?} {delivered}");
            assert_eq!(said.is_some_and(|said| said.is_sent()), said == Some(whole) || said == Some(part));
        }
    }
}
