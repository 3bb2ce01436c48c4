//! What a session that is held has sealed. It lies here and not in the queue, so that nothing of it gets to the sender before
//! there is a trigger.

use super::segments::Segments;
use crate::storage::SealedChunk;
use crate::sync::Mutex;

/// The segments of one session. Locked under the lock of the state, or alone; never while a file is touched.
pub(super) type HeldSegments = Mutex<Segments<HeldChunk>>;

/// A sealed chunk that is held.
pub(super) struct HeldChunk {
    pub sealed: SealedChunk,
    /// It has given back the room that it does not need.
    pub is_trimmed: bool,
}

impl HeldChunk {
    pub fn new(sealed: SealedChunk) -> Self {
        Self { sealed, is_trimmed: false }
    }
}
