//! Why the store could not do what was asked.

#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the store: {0}")]
    Objects(#[from] object_store::Error),
    #[error("the store holds something the viewer did not write: {0}")]
    Foreign(#[from] serde_json::Error),
    #[error("the store holds a batch without its first line: {0}")]
    NoFirstLine(String),
    #[error("the store holds an event that {0}")]
    Event(String),
    #[error("storing did not end: {0}")]
    Interrupted(String),
    #[error("too much is being read at once; try again")]
    Busy,
}
