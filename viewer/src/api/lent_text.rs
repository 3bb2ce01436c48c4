//! A text on its way to a reader, and the memory that was lent to it.

use tokio::sync::OwnedSemaphorePermit;

/// The memory is given back when the text has been sent.
pub(super) struct LentText {
    text: String,
    _memory: OwnedSemaphorePermit,
}

impl LentText {
    pub(super) fn new(text: String, memory: OwnedSemaphorePermit) -> Self {
        Self { text, _memory: memory }
    }
}

impl AsRef<[u8]> for LentText {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}
