//! Deletes what waits to be sent, once what earlier runs left waits, too. On the calling thread.

use std::io;

use super::context::Context;
use super::recovery;
use crate::session::Deletion;

/// Deletes what waits to be sent, of this run and of those that have ended; tells besides whether those could be read.
pub(crate) fn delete_stored(context: &Context) -> (Deletion, io::Result<()>) {
    // While `sr-worker` recovers, what it found is neither on the disk for us nor in the queue.
    let recovering = context.recovering.lock();
    let recovered = recovery::recover_locked(context, &recovering).map(drop);
    (context.sessions.delete_waiting(), recovered)
}
