//! What the viewer keeps: accepted sequences, one marker a session, and refused requests.
//!
//! Every object is written once under a name that no other process can choose, so any number of viewers may share a
//! store without talking to each other:
//!
//! ```text
//! v1/sequences/<device>/<session>/<name>   one accepted request: a line of JSON about it, then its body as decoded
//! v1/sessions/<device>/<session>/first     made by whichever viewer took the first batch of the session
//! v1/refused/<device>/<session>/<name>     one refused request
//! ```

mod facts;
mod first;
mod list;
mod name;
mod open;
mod refused;
mod sequence;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use object_store::ObjectStore;
use object_store::path::{Path, PathPart};
use parking_lot::Mutex;
use tempfile::TempDir;

pub(crate) use facts::{FULL_SNAPSHOT, META, SequenceFacts};
pub(crate) use first::FirstBatch;
pub(crate) use list::Stored;
pub(crate) use name::SequenceName;
pub use open::OpenError;
pub(crate) use refused::RefusedRequest;
pub(crate) use sequence::{Sequence, SequenceMeta};

use crate::clock::ArrivalClock;
use crate::identity::Identity;

/// Most first-batch markers kept in memory.
const MARKERS_IN_MEMORY: usize = 10_000;

/// The object store and what one process needs to write into it.
#[derive(Debug)]
pub(crate) struct Store {
    objects: Arc<dyn ObjectStore>,
    prefix: Path,
    process: u64,
    clock: ArrivalClock,
    /// Markers already seen. They are written once, so they never go stale.
    markers: Mutex<HashMap<Identity, Arc<FirstBatch>>>,
    /// How many refused requests this process has kept.
    refused_kept: AtomicU64,
    /// Deleted with the store, when it is a temporary one.
    _folder: Option<TempDir>,
}

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the store: {0}")]
    Objects(#[from] object_store::Error),
    #[error("the store holds something the viewer did not write: {0}")]
    Foreign(#[from] serde_json::Error),
    #[error("the store holds a sequence without its first line: {0}")]
    Headless(String),
    #[error("the store holds an event that {0}")]
    Event(String),
    #[error("too much is being read at once; try again")]
    Busy,
}

impl Store {
    /// A time for a request that has just arrived; it is also the beginning of its name.
    pub(crate) fn arrival(&self) -> u64 {
        self.clock.next_micros()
    }

    fn path(&self, kind: &str, rest: &str) -> Path {
        let below = ["v1", kind].into_iter().chain(rest.split('/'));
        let below = below.filter(|part| !part.is_empty()).map(|part| PathPart::from(part.to_owned()));
        self.prefix.parts().chain(below).collect()
    }
}

/// The session that an object belongs to, and the object's name; `None` for a file that is not ours.
fn place(location: &Path) -> Option<(Identity, String)> {
    let parts: Vec<_> = location.parts().collect();
    let (name, folders) = parts.split_last()?;
    Some((Identity::from_folders(folders)?, name.as_ref().to_owned()))
}
