//! What a call that went well has to tell.

/// What a call tells its host when it went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Done, and the session has no full snapshot yet: the host should take one. It does not say whether the event
    /// survives the end of the process.
    NeedsFullSnapshot,
    /// Done, but only memory holds the event although there is a storage directory.
    NotStored,
    /// The session is not captured; nothing was recorded.
    NotCaptured,
    /// The host's filter dropped it; nothing was recorded.
    Dropped,
}

impl Outcome {
    /// `other`, where this has nothing to tell.
    pub(super) fn or_if_done(self, other: Self) -> Self {
        if self == Self::Done { other } else { self }
    }

    /// The outcome of a call that kept several events: that a snapshot is missing now; else that one of them is in memory
    /// only; else that of the last one.
    pub(crate) fn then(self, last: Self) -> Self {
        match (self, last) {
            (_, Self::NeedsFullSnapshot) => Self::NeedsFullSnapshot,
            (Self::NotStored, _) => Self::NotStored,
            // What was dropped changes nothing of what there is to do.
            (Self::NeedsFullSnapshot, Self::Dropped) => Self::NeedsFullSnapshot,
            (_, last) => last,
        }
    }
}
