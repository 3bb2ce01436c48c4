//! Why the store could not do what was asked.

#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the store: {0}")]
    Objects(#[from] object_store::Error),
    #[error("the store holds something the viewer did not write: {0}")]
    Foreign(#[from] serde_json::Error),
    #[error("the store holds a batch without its first line")]
    NoFirstLine,
    #[error("storing did not end: {0}")]
    Interrupted(String),
    #[error("too much is being read at once; try again")]
    Busy,
}

impl StoreError {
    /// Whether an object was read and is none of the viewer's: it is cut off or overwritten, or of a later version. One that could not be read
    /// is none of this: it may be whole, and be read the next time.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            Self::Foreign(_) | Self::NoFirstLine => true,
            Self::Objects(_) | Self::Interrupted(_) | Self::Busy => false,
        }
    }

    /// Whether the object was deleted since it was listed.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self, Self::Objects(object_store::Error::NotFound { .. }))
    }
}
