//! How much was recorded.

use std::ops::{AddAssign, SubAssign};

/// Events, and their bytes as the host gave them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Events.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.events += other.events;
        self.bytes += other.bytes;
    }
}

impl SubAssign for Counts {
    fn sub_assign(&mut self, other: Self) {
        self.events -= other.events;
        self.bytes -= other.bytes;
    }
}

impl<'a> FromIterator<&'a [u8]> for Counts {
    fn from_iter<I: IntoIterator<Item = &'a [u8]>>(events: I) -> Self {
        events.into_iter().fold(Self::default(), |counts, event| Self {
            events: counts.events + 1,
            bytes: counts.bytes + event.len() as u64,
        })
    }
}
